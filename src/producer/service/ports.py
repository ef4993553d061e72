"""What the desk needs from the outside world; :mod:`producer.adapters` makes it real."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from producer.service.catalogue import Queue

Row = dict[str, Any]


class Transaction(Protocol):
    """An open transaction. Queries are called by their name in the SQL files."""

    async def one(self, query: str, **values: Any) -> Row | None:
        """First row of a query, or None."""
        ...

    async def all(self, query: str, **values: Any) -> list[Row]:
        """All rows of a query."""
        ...

    async def run(self, query: str, **values: Any) -> int:
        """Run a statement; how many rows it touched."""
        ...

    async def enqueue(
        self, queue: Queue, job: str, *, after_seconds: float = 0.0, once: str | None = None, **values: str
    ) -> None:
        """Put a job into a queue as part of this transaction; `once` names a job that may wait only once."""
        ...


class Database(Protocol):
    """Gives out transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Commits at the end of the block, rolls back when it raises."""
        ...


class Vault(Protocol):
    """Stored files by key. Files appear whole or not at all."""

    def put(self, key: str, path: Path, media_type: str) -> None:
        """Store a file under a key, over an older one."""
        ...

    def get(self, key: str, path: Path) -> None:
        """Copy a stored file to `path`.

        Raises
        ------
        MediaError
            There is no such file.
        """
        ...

    def has(self, key: str) -> bool:
        """Whether there is such a file."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Remove files; those that are not there are no error."""
        ...

    def url(self, key: str) -> str:
        """URL under which anybody can read the file now."""
        ...


class Fetcher(Protocol):
    """Gets files from the public internet, and from nowhere else."""

    def fetch(self, url: str, path: Path) -> None:
        """Download a URL into a file.

        Raises
        ------
        MediaError
            It can't be reached, is too big, too slow, or lies where we don't go.
        """
        ...


class Courier(Protocol):
    """Posts to URLs of customers."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int | None, str]:
        """Send once, following no redirect; status (None: nobody answered) and answer."""
        ...
