"""The database: a pool, transactions, and queries by name from the SQL files."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString, cast

import procrastinate
import procrastinate.jobs
from psycopg import AsyncConnection, AsyncCursor, OperationalError, sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from producer.service.catalogue import PRIORITIES
from producer.service.errors import UnavailableError
from producer.service.ports import Job, Row

LOCK_SECONDS = 10  # a row that is held longer is one of a process in trouble

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


async def _configure(connection: AsyncConnection[Row]) -> None:
    """Have a statement outside of a transaction be one of its own: one round trip instead of three."""
    await connection.set_autocommit(True)
    await connection.execute(sql.SQL("SET lock_timeout = {}").format(LOCK_SECONDS * 1000))


def _waiting_job(job: Job) -> procrastinate.jobs.Job:
    """A job as the queue keeps it."""
    later = datetime.now(UTC) + timedelta(seconds=job.after_seconds) if job.after_seconds else None
    return procrastinate.jobs.Job(
        queue=job.queue.value,
        priority=PRIORITIES[job.queue],
        lock=None,
        queueing_lock=job.once,
        task_name=job.name,
        task_kwargs=dict(job.subject),
        scheduled_at=later,
    )


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

    async def enqueue(self, *jobs: Job) -> None:
        """Put jobs into their queues as part of this transaction."""
        await self._queue.job_manager.batch_defer_jobs_async(
            [_waiting_job(job) for job in jobs], connection=self._connection
        )

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
    ready
        Connections that are open from the start, so that a crowd does not wait for them.
    """

    def __init__(self, url: str, *, size: int = 10, ready: int = 1) -> None:
        self.url = url
        self.queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, kwargs={}))
        self.pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            url,
            min_size=ready,
            max_size=size,
            open=False,
            timeout=10.0,
            kwargs={"row_factory": dict_row},
            configure=_configure,
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
        async with self._connection() as connection, connection.transaction():
            yield PostgresTransaction(connection, self.queue)

    async def one(self, query: str, **values: Any) -> Row | None:
        """First row of a query, or None."""
        async with self._connection() as connection:
            return await PostgresTransaction(connection, self.queue).one(query, **values)

    async def all(self, query: str, **values: Any) -> list[Row]:
        """All rows of a query."""
        async with self._connection() as connection:
            return await PostgresTransaction(connection, self.queue).all(query, **values)

    async def run(self, query: str, **values: Any) -> int:
        """Run a statement; how many rows it touched."""
        async with self._connection() as connection:
            return await PostgresTransaction(connection, self.queue).run(query, **values)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection[Row]]:
        try:
            async with self.pool.connection() as connection:
                yield connection
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
