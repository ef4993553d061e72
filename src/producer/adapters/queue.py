"""The queue's other end: a worker that carries out jobs. Procrastinate keeps them in PostgreSQL."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from uuid import UUID

import procrastinate
import procrastinate.exceptions
from procrastinate.job_context import JobContext

from producer.adapters.database import PostgresDatabase
from producer.service.catalogue import Queue

HEARTBEAT_SECONDS = 3.0
STALLED_SECONDS = 15.0  # silence after which a worker counts as dead
SWEEP_SECONDS = 5.0
POLLING_SECONDS = 5.0  # only a fallback, new jobs are announced
LEAVE_SECONDS = 10.0  # what a leaving worker gives its jobs before they are handed back

#: Carries out a job; called with its subject's id and how many workers have died over it.
Handler = Callable[[UUID, int], Awaitable[None]]


async def work(
    database: PostgresDatabase,
    handlers: Mapping[str, Handler],
    concurrency: Mapping[Queue, int],
    *,
    housekeeping: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
) -> None:
    """Carry out jobs until `stop` is set, then leave in good order.

    Parameters
    ----------
    database
        Where the jobs are.
    handlers
        What to call, by the job's name.
    concurrency
        How many jobs of each queue at the same time.
    housekeeping
        Called every few seconds.
    stop
        Ends the work.
    """
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    for name, handler in handlers.items():
        _register(app, name, handler)
    async with app.open_async(database.pool):
        loops = [
            asyncio.create_task(_loop(app, queue, number)) for queue, number in concurrency.items() if number
        ]
        loops.append(asyncio.create_task(_sweep(app, housekeeping)))
        watch = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([watch, *loops], return_when=asyncio.FIRST_COMPLETED)
        for task in (watch, *loops):
            task.cancel()
        await asyncio.gather(watch, *loops, return_exceptions=True)
        for task in done - {watch}:
            await task  # tells why a loop ended


def _register(app: procrastinate.App, name: str, handler: Handler) -> None:
    async def run(context: JobContext, /, **subject: str) -> None:
        (subject_id,) = subject.values()
        await handler(UUID(subject_id), context.job.attempts)

    app.task(name=name, pass_context=True)(run)


async def _loop(app: procrastinate.App, queue: Queue, number: int) -> None:
    await app.run_worker_async(
        queues=[queue.value],
        name=queue.value,
        concurrency=number,
        fetch_job_polling_interval=POLLING_SECONDS,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        shutdown_graceful_timeout=LEAVE_SECONDS,
        delete_jobs="always",
        install_signal_handlers=False,
    )


async def _sweep(app: procrastinate.App, housekeeping: Callable[[], Awaitable[None]]) -> None:
    """Keep the house in order."""
    while True:
        await rescue(app)
        await housekeeping()
        await asyncio.sleep(SWEEP_SECONDS)


async def rescue(app: procrastinate.App) -> None:
    """Give the jobs of dead workers to the living."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        with contextlib.suppress(procrastinate.exceptions.ConnectorException):  # somebody else was faster
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
