"""The database: a pool, transactions, and queries by name from the SQL files."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString, cast

import procrastinate
from psycopg import AsyncConnection, AsyncCursor, OperationalError, sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from producer.service.catalogue import PRIORITIES, Queue
from producer.service.errors import UnavailableError
from producer.service.ports import Row

_QUERY = re.compile(r"^-- name: (\w+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def queries() -> dict[str, sql.SQL]:
    """All queries of ``sql/*.sql`` by name."""
    found: dict[str, sql.SQL] = {}
    for file in sorted(files("producer.adapters").joinpath("sql").iterdir(), key=lambda item: item.name):
        for name, text in _QUERY.findall(file.read_text("utf-8")):
            if name in found:
                raise ValueError(f"two queries are called {name}")
            found[name] = sql.SQL(cast(LiteralString, text))
    return found


class PostgresTransaction:
    """A transaction on one connection."""

    def __init__(self, connection: AsyncConnection[Row], queue: procrastinate.App) -> None:
        self._connection = connection
        self._queue = queue

    async def one(self, query: str, **values: Any) -> Row | None:
        """First row of a query, or None."""
        cursor = await self._execute(query, values)
        return await cursor.fetchone()

    async def all(self, query: str, **values: Any) -> list[Row]:
        """All rows of a query."""
        cursor = await self._execute(query, values)
        return await cursor.fetchall()

    async def run(self, query: str, **values: Any) -> int:
        """Run a statement; how many rows it touched."""
        cursor = await self._execute(query, values)
        return cursor.rowcount

    async def enqueue(
        self, queue: Queue, job: str, *, after_seconds: float = 0.0, once: str | None = None, **values: str
    ) -> None:
        """Put a job into a queue as part of this transaction."""
        deferrer = self._queue.configure_task(
            job,
            queue=queue.value,
            priority=PRIORITIES[queue],
            queueing_lock=once,
            schedule_in={"seconds": after_seconds} if after_seconds else None,
            connection=self._connection,
        )
        await deferrer.defer_async(**values)

    async def _execute(self, query: str, values: dict[str, Any]) -> AsyncCursor[Row]:
        return await self._connection.execute(queries()[query], values)


class PostgresDatabase:
    """A pool of connections; open it before use.

    Parameters
    ----------
    url
        ``postgresql://…``.
    size
        Most connections at the same time.
    """

    def __init__(self, url: str, *, size: int = 10) -> None:
        self.url = url
        self.queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, kwargs={}))
        self.pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            timeout=10.0,
            kwargs={"row_factory": dict_row},
        )

    async def open(self) -> None:
        """Connect."""
        await self.pool.open(wait=True, timeout=15.0)

    async def close(self) -> None:
        """Disconnect."""
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        """Commits at the end of the block, rolls back when it raises."""
        try:
            async with self.pool.connection() as connection:
                yield PostgresTransaction(connection, self.queue)
        except (OperationalError, PoolTimeout) as error:
            raise UnavailableError from error

    async def listen(
        self,
        channels: tuple[str, ...],
        hear: Callable[[str, str], None],
        ready: Callable[[bool], Awaitable[None]],
    ) -> None:
        """Call `hear` with (channel, payload) of every NOTIFY until the connection ends.

        `ready` is awaited with True when listening has begun and with False when it is over.
        """
        connection = await AsyncConnection.connect(self.url, autocommit=True)
        async with connection:
            for channel in channels:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            await ready(True)
            try:
                async for notice in connection.notifies():
                    hear(notice.channel, notice.payload)
            finally:
                await ready(False)
