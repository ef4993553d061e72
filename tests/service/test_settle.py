"""The end of a task: once, whole, and only by the attempt that counts."""

import asyncio

import pytest

from producer.adapters.vault import ObjectVault
from producer.service import accounts, clips, desk, settle
from producer.service.catalogue import MAX_ATTEMPTS, MAX_STARTS, FileKind, Queue, file_key
from producer.service.jobs import Failure
from producer.service.settle import NewClip, Outcome
from producer.service.till import Till
from producer.service.worker import Worker

ORDER = desk.Order(
    task_type="create_music",
    request={"sound": "folk"},
    webhook_url="https://example.com/hook",
    webhook_secret="s",
)
DONE = Outcome(
    fields={"title": "Song", "audio_url": "producer/x.m4a"},
    clip=NewClip(title="Song", duration_seconds=3.0),
    files=("producer/x.m4a",),
)


@pytest.fixture
async def account(database):
    async with database.transaction() as tx:
        return await accounts.open_account(tx, "olive", b"salt", credits=100, extra_credits=4)


async def read(database, text, *values):
    async with database.pool.connection() as connection:
        cursor = await connection.execute(text, values)
        return [tuple(row.values()) for row in await cursor.fetchall()]


async def books(database):
    return (await read(database, "SELECT credits, extra_credits, running FROM accounts"))[0]


def url_of(key):
    return f"http://music.example/{key}"


async def test_a_failure_gives_each_kind_of_credit_back_to_where_it_came_from(database, account):
    task_id = await Till(database).submit(account.account_id, ORDER)
    assert await books(database) == (94, 0, 1)
    assert await settle.fail(database, task_id, "no luck")
    assert await books(database) == (100, 4, 0)


async def test_a_task_ends_once_whoever_races(database, account):
    task_id = await Till(database).submit(account.account_id, ORDER)
    task = await desk.start(database, task_id)
    results = await asyncio.gather(
        settle.succeed(database, task_id, task["attempt"], DONE, url_of),
        settle.fail(database, task_id, "late"),
        settle.fail(database, task_id, "later"),
        settle.succeed(database, task_id, task["attempt"], DONE, url_of),
    )
    assert sum(results) == 1
    assert (await books(database))[2] == 0
    assert await read(database, "SELECT count(*) FROM deliveries") == [(1,)]
    ((status, refunds),) = await read(
        database, "SELECT status, (SELECT count(*) FROM entries WHERE kind = 'refund') FROM tasks"
    )
    assert refunds == (status == "FAILED")


async def test_an_attempt_that_was_given_up_neither_reports_nor_ends_the_task(database, account):
    task_id = await Till(database).submit(account.account_id, ORDER)
    slow = await desk.start(database, task_id)
    fast = await desk.start(database, task_id)  # the slow one was thought dead
    assert fast["attempt"] == slow["attempt"] + 1
    assert not await desk.report(database, task_id, slow["attempt"], 50, "singing")
    assert not await settle.succeed(database, task_id, slow["attempt"], DONE, url_of)
    assert not await settle.fail(database, task_id, "slow", attempt=slow["attempt"])
    assert await desk.report(database, task_id, fast["attempt"], 60, "mixing")
    assert await settle.succeed(database, task_id, fast["attempt"], DONE, url_of)
    assert await desk.start(database, task_id) is None


async def test_progress_never_goes_back(database, account):
    task_id = await Till(database).submit(account.account_id, ORDER)
    task = await desk.start(database, task_id)
    for percent in (30, 20, 40):
        await desk.report(database, task_id, task["attempt"], percent, "singing")
    assert await read(database, "SELECT progress FROM tasks") == [(40,)]


async def test_charge_task_and_job_are_one(database, account):
    """An order that is refused leaves nothing behind, not even a job."""
    poor = desk.Order(task_type="create_music", request={})
    for _ in range(5):
        await Till(database).submit(account.account_id, poor)
    with pytest.raises(Exception, match="Too many"):
        await Till(database).submit(account.account_id, poor)
    for table in ("tasks", "procrastinate_jobs"):
        assert await read(database, f"SELECT count(*) FROM {table}") == [(5,)]
    assert await read(database, "SELECT count(*) FROM entries WHERE kind = 'charge'") == [(5,)]


async def test_a_task_that_lost_its_job_gets_another(database, account):
    task_id = await Till(database).submit(account.account_id, ORDER)
    async with database.pool.connection() as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")
        await connection.execute("UPDATE tasks SET created_at = now() - interval '5 minutes'")
    assert await desk.recover_lost(database) == 1
    assert await desk.recover_lost(database) == 0
    assert await read(database, "SELECT args->>'task_id' FROM procrastinate_jobs") == [(str(task_id),)]


async def test_a_task_handed_back_waits_again(database, account):
    task_id = await Till(database).submit(account.account_id, ORDER)
    async with database.pool.connection() as connection:
        await connection.execute("DELETE FROM procrastinate_jobs")  # as if it were being worked on
    task = await desk.start(database, task_id)
    await desk.hand_back(database, task_id, task["attempt"])
    assert await read(database, "SELECT status FROM tasks") == [("PENDING",)]
    assert await read(database, "SELECT count(*) FROM procrastinate_jobs") == [(1,)]


async def finish_song(database, account):
    """A song of the account; its clip's id."""
    task = await desk.start(database, await Till(database).submit(account.account_id, ORDER))
    await settle.succeed(database, task["id"], task["attempt"], DONE, url_of)
    return task["clip_id"]


class FakeChild:
    """Does the job in this process; what it does is told beforehand."""

    def __init__(self, do):
        self._do = do

    async def run(self, function, limit_seconds, workshop, work):
        return await self._do(work)


def worker_of(database, tmp_path, do):
    children = {queue: [FakeChild(do)] for queue in Queue}
    vault = ObjectVault(tmp_path.as_uri(), "http://music.example")
    return Worker(
        database=database,
        vault=vault,
        courier=None,
        workshop=None,
        children=children,
        folder=tmp_path / "work",
    )


def store(worker, work, kind, tmp_path):
    """Put a file of the work's clip into the vault; its key."""
    key = file_key(work.clip_id, kind)
    (tmp_path / "x").write_bytes(b"x")
    worker._vault.put(key, tmp_path / "x", "audio/mp4")
    return key


@pytest.mark.parametrize("deaths", [0, MAX_ATTEMPTS])
async def test_a_task_that_is_started_again_and_again_fails_in_the_end(database, account, tmp_path, deaths):
    task_id = await Till(database).submit(account.account_id, ORDER)
    for _ in range(MAX_STARTS if not deaths else 1):
        await desk.start(database, task_id)
    await worker_of(database, tmp_path, None).carry_out(task_id, deaths)
    assert await read(database, "SELECT status FROM tasks") == [("FAILED",)]
    assert await books(database) == (100, 4, 0)


async def test_files_of_a_song_that_fails_after_all_are_removed(database, account, tmp_path):
    async def fail_late(work):
        store(worker, work, FileKind.AUDIO, tmp_path)
        return Failure("The disk is full.")

    worker = worker_of(database, tmp_path, fail_late)
    await worker.carry_out(await Till(database).submit(account.account_id, ORDER), 0)
    assert await read(database, "SELECT status, error FROM tasks") == [("FAILED", "The disk is full.")]
    assert not list((tmp_path / "producer").iterdir())


async def test_a_clip_that_is_deleted_meanwhile_leaves_no_file_behind(database, account, tmp_path):
    clip_id = await finish_song(database, account)

    async def download(work):
        key = store(worker, work, FileKind.MP3, tmp_path)
        await clips.delete_clip(database, account.account_id, clip_id)
        return Outcome(fields={"format": "mp3", "audio_url": key}, files=(key,))

    worker = worker_of(database, tmp_path, download)
    order = desk.Order(task_type="download", request={"format": "mp3"}, clip_id=clip_id)
    task_id = await Till(database).submit(account.account_id, order)
    await worker.carry_out(task_id, 0)
    assert await read(database, "SELECT status, error FROM tasks WHERE id = %s", task_id) == [
        ("FAILED", "The clip was deleted.")
    ]
    assert not list((tmp_path / "producer").iterdir())


async def test_a_download_that_fails_keeps_the_clips_other_files(database, account, tmp_path):
    clip_id = await finish_song(database, account)

    async def fail(work):
        store(worker, work, FileKind.MP3, tmp_path)  # of an earlier download
        return Failure("no luck")

    worker = worker_of(database, tmp_path, fail)
    order = desk.Order(task_type="download", request={"format": "mp3"}, clip_id=clip_id)
    await worker.carry_out(await Till(database).submit(account.account_id, order), 0)
    assert [path.name for path in (tmp_path / "producer").iterdir()] == [f"{clip_id}.mp3"]


def test_three_workers_may_die_over_a_task():
    assert MAX_ATTEMPTS == 3
