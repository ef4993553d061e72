"""Carries out tasks: start, child process, settle. And deliveries, a few of each account at a time."""

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from producer.errors import EngineError
from producer.service import desk, jobs, settle, webhooks
from producer.service.catalogue import MAX_ATTEMPTS, MAX_STARTS, OFFERS, FileKind, Queue, file_key
from producer.service.errors import NotFoundError
from producer.service.ports import Courier, Database, Row, Vault
from producer.service.settle import Outcome

CLIP_GONE = "The clip was deleted."
REPORT_SECONDS = 0.4  # how often progress is read from the child

log = logging.getLogger(__name__)


class ChildProcess(Protocol):
    """A process that does one job after the other."""

    async def run(self, function: Callable[..., Any], limit_seconds: float, *args: Any) -> Any:
        """Call a function there; cancelling stops it. Raises EngineError when it dies or takes too long."""
        ...


class Worker:
    """One worker's hands.

    Parameters
    ----------
    database, vault, courier
        The outside.
    workshop
        Builds the tools in the child processes.
    children
        Child processes of each queue; as many jobs of it run at the same time.
    folder
        Scratch space.
    """

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        courier: Courier,
        workshop: jobs.Workshop,
        children: Mapping[Queue, Sequence[ChildProcess]],
        folder: Path,
    ) -> None:
        self._db = database
        self._vault = vault
        self._courier = courier
        self._workshop = workshop
        self._idle = {queue: list(processes) for queue, processes in children.items()}
        self._folder = folder
        self._delivering: Counter[UUID] = Counter()

    async def carry_out(self, task_id: UUID, deaths: int) -> None:
        """Carry out a task; `deaths` workers have died over it before."""
        task = await desk.start(self._db, task_id)
        if task is None:
            return
        if deaths >= MAX_ATTEMPTS or task["attempt"] > MAX_STARTS:
            reason = f"It was started {task['attempt'] - 1} times, and each time its worker died."
            await self._settle(task, jobs.Failure(reason))
            return
        folder = self._folder / f"{task_id}-{task['attempt']}"
        folder.mkdir(parents=True, exist_ok=True)
        try:
            await self._settle(task, await self._make(task, folder))
        except asyncio.CancelledError:
            await asyncio.shield(desk.hand_back(self._db, task_id, task["attempt"]))
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def deliver(self, delivery_id: UUID, deaths: int) -> None:
        """Make an attempt at a delivery, unless its account has enough under way."""
        row = await self._db.one("find_delivery", delivery_id=delivery_id)
        if row is None:
            return
        account_id = row["account_id"]
        if self._delivering[account_id] >= webhooks.ACCOUNT_SLOTS:
            await webhooks.postpone(self._db, delivery_id)
            return
        self._delivering[account_id] += 1
        try:
            await webhooks.deliver(self._db, self._courier, delivery_id)
        finally:
            self._delivering[account_id] -= 1
            if not self._delivering[account_id]:
                del self._delivering[account_id]

    async def tidy_up(self) -> None:
        """Housekeeping, every few seconds."""
        if lost := await desk.recover_lost(self._db):
            log.warning("queued %d tasks again that had lost their job", lost)
        await self._db.run("forget_old_keys")

    async def _make(self, task: Row, folder: Path) -> Outcome | jobs.Failure | None:
        """Do the job in a child; None when the task was cancelled meanwhile."""
        offer = OFFERS[task["task_type"]]
        clip = {} if offer.makes_clip else await self._clip(task)
        if clip is None:
            return jobs.Failure(CLIP_GONE)
        work = jobs.Work(
            task_type=task["task_type"],
            clip_id=str(task["clip_id"]),
            request=task["request"],
            folder=folder,
            clip=clip,
        )
        child = self._idle[offer.queue].pop()
        try:
            run = child.run(jobs.perform, offer.limit_seconds, self._workshop, work)
            return await self._watch(task, folder, run)
        except EngineError as error:
            return jobs.Failure(str(error))
        finally:
            self._idle[offer.queue].append(child)

    async def _watch(
        self, task: Row, folder: Path, run: Coroutine[Any, Any, Outcome | jobs.Failure]
    ) -> Outcome | jobs.Failure | None:
        """Pass the child's progress on while it runs; stop it when the task no longer wants it."""
        running = asyncio.ensure_future(run)
        try:
            while not (await asyncio.wait([running], timeout=REPORT_SECONDS))[0]:
                stage, share = jobs.read_progress(folder) or (None, 0.0)
                percent = min(99, int(share * 100))
                if not await desk.report(self._db, task["id"], task["attempt"], percent, stage):
                    return None
            return running.result()
        finally:
            running.cancel()
            await asyncio.wait([running])

    async def _settle(self, task: Row, made: Outcome | jobs.Failure | None) -> None:
        if isinstance(made, Outcome):
            try:
                await settle.succeed(self._db, task["id"], task["attempt"], made, self._vault.url)
            except NotFoundError:
                await settle.fail(self._db, task["id"], CLIP_GONE, attempt=task["attempt"])
        elif made is not None:
            log.warning("task %s failed: %s", task["id"], made.reason)
            await settle.fail(self._db, task["id"], made.reason, attempt=task["attempt"])
        leftovers = _files_of_nobody(task, made)
        if leftovers and await self._db.one("find_failed", task_id=task["id"]) is not None:
            await asyncio.to_thread(self._vault.delete, leftovers)

    async def _clip(self, task: Row) -> dict[str, Any] | None:
        clip = await self._db.one("read_clip", clip_id=task["clip_id"])
        return clip and {name: clip[name] for name in ("title", "duration", "style", "files")}


def _files_of_nobody(task: Row, made: Outcome | jobs.Failure | None) -> list[str]:
    """Vault keys that belong to no clip if the task failed: of one that was not made, or is deleted."""
    if OFFERS[task["task_type"]].makes_clip:
        return [file_key(task["clip_id"], kind) for kind in FileKind]
    return list(made.files) if isinstance(made, Outcome) else []
