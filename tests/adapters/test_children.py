"""Child processes: kept, bounded in time, and gone with their parent."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from errands import answer, crash, dawdle, pid, raise_error

from producer.adapters.children import Child
from producer.errors import EngineError

PARENT = """
import asyncio, sys
sys.path[:0] = {path!r}
from errands import pid, dawdle
from producer.adapters.children import Child

async def main():
    child = Child()
    print(await child.run(pid, 30.0), flush=True)
    await child.run(dawdle, 60.0, 60.0)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
def child():
    opened = Child()
    yield opened
    opened.close()


def exists(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


async def test_a_child_is_kept_between_jobs_and_is_another_process(child):
    first, second = await child.run(pid, 30.0), await child.run(pid, 30.0)
    assert first == second != os.getpid()
    assert await child.run(answer, 30.0, 6, by=7) == 42


async def test_an_error_in_the_job_comes_back(child):
    with pytest.raises(ValueError, match="off key"):
        await child.run(raise_error, 30.0)


async def test_a_crash_is_told_and_the_next_job_gets_a_new_child(child):
    before = await child.run(pid, 30.0)
    with pytest.raises(EngineError, match="ended unexpectedly"):
        await child.run(crash, 30.0)
    assert await child.run(pid, 30.0) != before


async def test_a_child_that_was_killed_while_idle_is_replaced(child):
    for _ in range(2):
        idle = await child.run(pid, 30.0)
        os.kill(idle, signal.SIGKILL)
        while exists(idle):
            pass
        assert await child.run(pid, 30.0) != idle


async def test_a_child_that_can_not_even_start_is_told(child, monkeypatch):
    idle = await child.run(pid, 30.0)
    monkeypatch.setattr("producer.adapters.children._begin", os._exit)  # unlike ours it takes no parent
    os.kill(idle, signal.SIGKILL)
    with pytest.raises(EngineError, match="ended unexpectedly"):
        await child.run(pid, 30.0)
    monkeypatch.undo()
    assert await child.run(answer, 30.0, 6, by=7) == 42


async def test_a_child_has_a_session_of_its_own_and_steps_back_as_far_as_told():
    child = Child(niceness=7)
    try:
        process_id = await child.run(pid, 30.0)
        assert os.getsid(process_id) == process_id
        assert os.getpriority(os.PRIO_PROCESS, process_id) == min(19, os.nice(0) + 7)
        autogroup = Path(f"/proc/{process_id}/autogroup")
        if autogroup.exists() and autogroup.read_text().strip():
            assert autogroup.read_text().split()[-1] == "7"
    finally:
        child.close()


async def test_a_job_over_its_time_is_stopped(child):
    before = await child.run(pid, 30.0)
    with pytest.raises(EngineError, match="longer than"):
        await child.run(dawdle, 0.2, 60.0)
    assert await child.run(pid, 30.0) != before


async def test_cancelling_stops_the_child(child):
    before = await child.run(pid, 30.0)
    task = asyncio.create_task(child.run(dawdle, 60.0, 60.0))
    await asyncio.wait([task], timeout=0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await child.run(pid, 30.0) != before


def test_a_child_ends_with_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(path=sys.path))
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    child_id = int(parent.stdout.readline())
    assert exists(child_id)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while exists(child_id):
        assert time.monotonic() < deadline, "an orphan stays"
