"""What the desk needs from the outside world; :mod:`producer.adapters` makes it real."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from producer.service.catalogue import Queue

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something for a worker to do."""

    queue: Queue
    name: str
    subject: Mapping[str, str]  #: what it is about: the name of an id, and the id
    once: str | None = None  #: of several jobs with the same word here, only one may wait
    after_seconds: float = 0.0


class Queries(Protocol):
    """Queries are called by their name in the SQL files."""

    async def one(self, query: str, **values: Any) -> Row | None:
        """First row of a query, or None."""
        ...

    async def all(self, query: str, **values: Any) -> list[Row]:
        """All rows of a query."""
        ...

    async def run(self, query: str, **values: Any) -> int:
        """Run a statement; how many rows it touched."""
        ...


class Transaction(Queries, Protocol):
    """An open transaction."""

    async def enqueue(self, *jobs: Job) -> None:
        """Put jobs into their queues as part of this transaction."""
        ...


class Database(Queries, Protocol):
    """Gives out transactions; a query called on the database itself is one of its own."""

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
