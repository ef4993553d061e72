"""Jobs of workers that died."""

import asyncio

import procrastinate
import pytest

from producer.adapters import queue
from producer.service.catalogue import Queue
from producer.service.ports import Job


@pytest.fixture
async def app(database):
    opened = procrastinate.App(connector=procrastinate.PsycopgConnector())
    async with opened.open_async(database.pool):
        yield opened


async def read(database, text, *values):
    async with database.pool.connection() as connection:
        cursor = await connection.execute(text, values)
        return [tuple(row.values()) for row in await cursor.fetchall()] if cursor.description else []


async def leave_behind(database, number, silence_seconds):
    """Jobs of a worker whose heart has been silent for so long."""
    async with database.transaction() as tx:
        await tx.enqueue(
            *(Job(queue=Queue.SONGS, name="carry_out", subject={"task_id": str(i)}) for i in range(number))
        )
    await read(
        database,
        "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => %s)) RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id FROM worker",
        silence_seconds,
    )


async def test_jobs_of_a_dead_worker_wait_again_once_however_many_workers_notice(database, app):
    await leave_behind(database, 20, queue.STALLED_SECONDS + 1)
    await asyncio.gather(*(queue.rescue(app) for _ in range(4)))
    found = await read(database, "SELECT status, attempts, count(*) FROM procrastinate_jobs GROUP BY 1, 2")
    assert found == [("todo", 1, 20)]


async def test_jobs_of_a_living_worker_are_left_alone(database, app):
    await leave_behind(database, 3, queue.STALLED_SECONDS - 5)
    await queue.rescue(app)
    assert await read(database, "SELECT DISTINCT status FROM procrastinate_jobs") == [("doing",)]


async def test_a_job_comes_with_its_queue_priority_lock_and_time(database):
    async with database.transaction() as tx:
        await tx.enqueue(
            Job(queue=Queue.QUICK, name="a", subject={"task_id": "x"}, once="x"),
            Job(queue=Queue.COURIER, name="b", subject={"delivery_id": "y"}, after_seconds=60.0),
        )
    rows = await read(
        database,
        "SELECT queue_name, task_name, priority, queueing_lock, args,"
        " round(extract(epoch FROM scheduled_at - now())) FROM procrastinate_jobs ORDER BY id",
    )
    assert rows == [
        ("quick", "a", 10, "x", {"task_id": "x"}, None),
        ("courier", "b", 20, None, {"delivery_id": "y"}, 60),
    ]
