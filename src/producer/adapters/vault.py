"""Stored files: a folder of this machine or an S3 bucket, through obstore."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import obstore
from obstore.exceptions import GenericError
from obstore.store import LocalStore, S3Store, from_url

from producer.errors import MediaError, SettingsError

SIGNED_FOR = timedelta(hours=24)
COPY_BYTES = 1 << 20


class ObjectVault:
    """Files by key, on disk or in a bucket.

    Parameters
    ----------
    storage_url
        ``file:///folder`` or ``s3://bucket/prefix`` (credentials from the usual ``AWS_…`` variables).
    public_base
        Base of the URLs under which files are read. None: the bucket signs URLs for a day.
    """

    def __init__(self, storage_url: str, public_base: str | None) -> None:
        self.folder: Path | None = None
        self.store: LocalStore | S3Store
        scheme = urlsplit(storage_url).scheme
        if scheme == "file":
            self.folder = Path(urlsplit(storage_url).path)
            self.folder.mkdir(parents=True, exist_ok=True)
            self.store = LocalStore(self.folder, mkdir=True)
        elif scheme == "s3":
            self.store = _bucket(storage_url)
        else:
            raise SettingsError(
                f"PRODUCER_STORAGE_URL can't be used: {scheme or 'no'} scheme. Use file:///… or s3://bucket."
            )
        self._public_base = public_base

    def put(self, key: str, path: Path, media_type: str) -> None:
        """Store a file under a key, over an older one; it appears whole or not at all."""
        attributes = None if self.folder else {"Content-Type": media_type}
        obstore.put(self.store, key, path, attributes=attributes)

    def get(self, key: str, path: Path) -> None:
        """Copy a stored file to `path`; raises MediaError when there is none."""
        try:
            answer = obstore.get(self.store, key)
        except (FileNotFoundError, GenericError) as error:
            raise MediaError("The clip's file is not there any more.") from error
        with path.open("wb") as out:
            for chunk in answer.stream(min_chunk_size=COPY_BYTES):
                out.write(chunk)

    def has(self, key: str) -> bool:
        """Whether there is such a file."""
        try:
            obstore.head(self.store, key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, keys: Sequence[str]) -> None:
        """Remove files; those that are not there are no error."""
        for key in keys:
            try:
                obstore.delete(self.store, key)
            except FileNotFoundError:
                continue

    def url(self, key: str) -> str:
        """URL under which anybody can read the file now."""
        if self._public_base is not None:
            return f"{self._public_base}/{quote(key)}"
        assert isinstance(self.store, S3Store), "a folder has a public base"
        return obstore.sign(self.store, "GET", key, SIGNED_FOR)


def _bucket(url: str) -> S3Store:
    try:
        store = from_url(url)
    except (ValueError, GenericError) as error:
        raise SettingsError(f"PRODUCER_STORAGE_URL can't be used: {error}.") from None
    assert isinstance(store, S3Store), "the scheme says so"
    return store
