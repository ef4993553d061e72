"""Taking orders: rightly charged, one after the other or all at once, whoever holds an account."""

import asyncio

import psycopg
import pytest

from producer.errors import InvalidInputError
from producer.service import accounts, desk, settle
from producer.service.errors import (
    ConflictError,
    InsufficientCreditsError,
    TooManyTasksError,
    UnavailableError,
)
from producer.service.till import Till

SONG = desk.Order(task_type="create_music", request={"sound": "folk"})


@pytest.fixture
def till(database):
    return Till(database)


async def open_account(database, name="olive", **options):
    async with database.transaction() as tx:
        options = {"credits": 1000, "concurrency": 100} | options
        return (await accounts.open_account(tx, name, b"salt", **options)).account_id


async def read(database, text, *values):
    async with database.pool.connection() as connection:
        cursor = await connection.execute(text, values)
        return [tuple(row.values()) for row in await cursor.fetchall()]


async def test_a_crowd_shares_commits(database, till):
    """All orders of a commit carry its time."""
    olive, basil = await open_account(database), await open_account(database, "basil")
    ids = await asyncio.gather(*(till.submit(account, SONG) for account in (olive, basil) for _ in range(20)))
    assert len(set(ids)) == 40
    ((moments, tasks),) = await read(
        database, "SELECT count(DISTINCT created_at) AS moments, count(*) FROM tasks"
    )
    assert (moments <= 4, tasks) == (True, 40)
    assert await read(database, "SELECT credits, running FROM accounts") == [(800, 20)] * 2
    jobs = await read(
        database, "SELECT queue_name, task_name, args->>'task_id', queueing_lock FROM procrastinate_jobs"
    )
    assert sorted(jobs) == sorted(("songs", "carry_out", str(task), str(task)) for task in ids)


async def test_a_crowd_is_served_in_the_order_it_came(database, till):
    account = await open_account(database)
    orders = [desk.Order(task_type="create_music", request={"place": place}) for place in range(30)]
    await asyncio.gather(*(till.submit(account, order) for order in orders))
    rows = await read(database, "SELECT (request->>'place')::int FROM tasks ORDER BY number")
    assert rows == [(place,) for place in range(30)]
    queued = await read(
        database,
        "SELECT tasks.number FROM procrastinate_jobs JOIN tasks ON tasks.id::text = args->>'task_id'"
        " ORDER BY procrastinate_jobs.id",
    )
    assert queued == sorted(queued)


async def test_a_crowd_is_charged_one_by_one(database, till):
    """Of orders that share a commit each sees what those before it left."""
    account = await open_account(database, credits=25, extra_credits=7)
    words = desk.Order(task_type="make_lyrics", request={"prompt": "rain"})
    orders = [SONG, SONG, SONG, words, SONG, words, words]
    told = await asyncio.gather(*(till.submit(account, order) for order in orders), return_exceptions=True)
    refused = [place for place, receipt in enumerate(told) if isinstance(receipt, Exception)]
    assert refused == [4, 6]
    assert all(isinstance(told[place], InsufficientCreditsError) for place in refused)
    assert [told[place].remaining_credits for place in refused] == [1, 0]
    charges = await read(
        database, "SELECT credits, extra_credits FROM entries WHERE kind = 'charge' ORDER BY id"
    )
    assert charges == [(-3, -7), (-10, 0), (-10, 0), (-1, 0), (-1, 0)]
    assert await read(database, "SELECT credits, extra_credits FROM accounts") == [(0, 0)]


async def test_a_crowd_never_takes_more_than_the_slots(database, till):
    account = await open_account(database, concurrency=3)
    told = await asyncio.gather(*(till.submit(account, SONG) for _ in range(9)), return_exceptions=True)
    assert [isinstance(receipt, TooManyTasksError) for receipt in told] == [False] * 3 + [True] * 6
    assert await read(database, "SELECT running, credits FROM accounts") == [(3, 970)]


async def test_an_account_that_somebody_holds_waits_alone(database, till):
    held, free = await open_account(database), await open_account(database, "basil")
    async with database.transaction() as elsewhere:
        await elsewhere.all("lock_accounts", account_ids=[held])
        waiting = [asyncio.create_task(till.submit(held, SONG)) for _ in range(30)]
        for _ in range(3):
            await asyncio.wait_for(till.submit(free, SONG), 10)
        assert not any(task.done() for task in waiting)
    assert len(set(await asyncio.gather(*waiting))) == 30
    await till.submit(held, SONG)
    assert await read(database, "SELECT name, running FROM accounts ORDER BY name") == [
        ("basil", 3),
        ("olive", 31),
    ]


async def test_an_account_that_is_held_for_long_is_told_to_come_again(database, till):
    held = await open_account(database)
    async with database.transaction() as elsewhere:
        await elsewhere.all("lock_accounts", account_ids=[held])
        await read(database, "SELECT set_config('lock_timeout', '50ms', false)")
        with pytest.raises(UnavailableError):
            while True:  # until it meets the connection that is so impatient
                await till.submit(held, SONG)
    assert await till.submit(held, SONG)


async def test_a_commit_that_fails_is_told_to_all_who_share_it_and_charges_nobody(database, till):
    held = await open_account(database)
    async with database.transaction() as elsewhere:
        await elsewhere.all("lock_accounts", account_ids=[held])
        waiting = [asyncio.create_task(till.submit(held, SONG)) for _ in range(5)]
        blocked = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while not (pids := await read(database, blocked)):
            await asyncio.sleep(0)
        await read(database, "SELECT pg_terminate_backend(%s)", pids[0][0])
        told = await asyncio.gather(*waiting, return_exceptions=True)
    assert any(isinstance(receipt, UnavailableError) for receipt in told)
    taken = [receipt for receipt in told if not isinstance(receipt, Exception)]
    assert await read(database, "SELECT credits FROM accounts") == [(1000 - 10 * len(taken),)]
    await till.submit(held, SONG)


async def test_the_key_of_a_refused_order_stays_free(database, till):
    account = await open_account(database, credits=9)
    once = desk.Once("k", b"digest")
    with pytest.raises(InsufficientCreditsError):
        await till.submit(account, SONG, once=once)
    async with database.transaction() as tx:
        await accounts.grant(tx, "olive", credits=1, extra_credits=0)
    assert await till.submit(account, SONG, once=once) == await till.submit(account, SONG, once=once)


async def test_one_key_in_a_crowd_makes_one_task(database, till):
    account = await open_account(database)
    same, other = desk.Once("k", b"same"), desk.Once("k", b"other")
    told = await asyncio.gather(
        *(till.submit(account, SONG, once=once) for once in (same, same, other, same)), return_exceptions=True
    )
    assert isinstance(told.pop(2), ConflictError)
    assert len(set(told)) == 1
    assert await read(database, "SELECT count(*) FROM tasks") == [(1,)]


async def test_a_key_is_forgotten_after_24_hours(database, till):
    account = await open_account(database)
    first = await till.submit(account, SONG, once=desk.Once("k", b"a"))
    for age, is_same in (("23 hours 59 minutes", True), ("24 hours 1 second", False)):
        await read(database, "UPDATE idempotency_keys SET created_at = now() - %s::interval RETURNING 1", age)
        task_id = await till.submit(account, SONG, once=desk.Once("k", b"a"))
        assert (task_id == first) == is_same
    with pytest.raises(ConflictError):
        await till.submit(account, SONG, once=desk.Once("k", b"b"))


async def test_clips_of_others_and_clips_that_are_not_there_are_refused_before_the_balance(database, till):
    owner, stranger = await open_account(database), await open_account(database, "basil", credits=0)
    made = await till.submit(owner, SONG)
    task = await desk.start(database, made)
    done = settle.Outcome(fields={}, clip=settle.NewClip(title="Song", duration_seconds=3.0))
    await settle.succeed(database, made, task["attempt"], done, str)
    order = desk.Order(task_type="download", request={"format": "mp3"}, clip_id=task["clip_id"])
    with pytest.raises(InvalidInputError, match="clip_id"):
        await till.submit(stranger, order)
    assert await till.submit(owner, order)


async def test_the_database_itself_refuses_to_overdraw(database):
    account = await open_account(database, credits=9)
    row = {"id": str(account), "account_id": str(account), "credits": 10, "extra_credits": 0}
    with pytest.raises(psycopg.errors.IntegrityError):
        await database.run("place_orders", orders=psycopg.types.json.Jsonb([row]))
