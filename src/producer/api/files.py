"""``GET /producer/<file>``: clips' files, for anybody who knows the name. Names can't be guessed."""

import hashlib
import re
from email.utils import formatdate
from pathlib import Path
from typing import Protocol

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from producer.service.catalogue import MEDIA_TYPES, SHELF, STEM_MARK, STEM_MEDIA_TYPE, FileKind, file_key
from producer.service.errors import NotFoundError

_PUBLIC = [kind for kind in FileKind if file_key("", kind).startswith(f"{SHELF}/")]
NAME = re.compile(
    r"([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
    rf"({'|'.join(re.escape(kind.value) for kind in _PUBLIC)}|{STEM_MARK}[a-z0-9_]{{1,80}}\.wav)"
)
CACHE_SECONDS = 300


class FileVault(Protocol):
    """A vault as this route sees it."""

    @property
    def folder(self) -> Path | None:
        """Where the files lie, when that is this machine."""
        ...

    def url(self, key: str) -> str:
        """Where else a file can be read."""
        ...


class FilesRoute:
    """Serves files from a folder; files elsewhere are redirected to."""

    def __init__(self, vault: FileVault) -> None:
        self._vault = vault

    async def answer(self, request: Request) -> Response:
        """Answer GET and HEAD, with ranges and ETag."""
        name = NAME.fullmatch(request.path_params["name"])
        if name is None:
            raise NotFoundError("file not found")
        key = f"{SHELF}/{name[0]}"
        is_stem = name[2].startswith(STEM_MARK)
        media_type = STEM_MEDIA_TYPE if is_stem else MEDIA_TYPES[FileKind(name[2])]
        if self._vault.folder is None:
            return RedirectResponse(self._vault.url(key), 307, {"Cache-Control": "no-store"})
        return await to_thread.run_sync(_answer, request, self._vault.folder / key, media_type)


def _answer(request: Request, path: Path, media_type: str) -> Response:
    try:
        status = path.stat()
    except FileNotFoundError:
        raise NotFoundError("file not found") from None
    mark = hashlib.md5(f"{status.st_mtime_ns}-{status.st_size}".encode(), usedforsecurity=False).hexdigest()
    headers = {
        "ETag": f'"{mark}"',
        "Last-Modified": formatdate(status.st_mtime, usegmt=True),
        "Cache-Control": f"public, max-age={CACHE_SECONDS}",
        "Content-Disposition": f'inline; filename="{path.name}"',
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }
    known = request.headers.get("if-none-match", "")
    if known == "*" or headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media_type, headers=headers, stat_result=status)
