"""The desk knows what an order is and how a task stands. Orders are taken at the till."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from producer.service import settle
from producer.service.catalogue import OFFERS, Offer
from producer.service.errors import EndedError, NotFoundError
from producer.service.ports import Database, Job, Queries, Row

JOB = "carry_out"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request whose shape is right."""

    task_type: str
    request: Mapping[str, Any] = field(default_factory=dict)  #: what the job reads; JSON values
    clip_id: UUID | None = None  #: the clip it is about, for task types that work on one
    webhook_url: str | None = None
    webhook_secret: str | None = None

    @property
    def offer(self) -> Offer:
        """Its row in the catalogue."""
        return OFFERS[self.task_type]


@dataclass(frozen=True, slots=True)
class Once:
    """The caller's Idempotency-Key, and a digest of the request it came with."""

    key: str
    digest: bytes


def job_of(task_id: UUID, offer: Offer) -> Job:
    """The job that carries a task out."""
    return Job(queue=offer.queue, name=JOB, subject={"task_id": str(task_id)}, once=str(task_id))


async def look_up(db: Queries, account_id: UUID, task_id: UUID) -> Row:
    """Read a task of this account.

    Raises
    ------
    NotFoundError
        There is none; another account's looks the same.
    """
    row = await db.one("find_task", account_id=account_id, task_id=task_id)
    if row is None:
        raise NotFoundError("task not found")
    return row


async def list_tasks(
    db: Queries,
    account_id: UUID,
    *,
    status: str | None = None,
    task_type: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """Tasks of this account, newest first; `before` is the number of the last one seen."""
    return await db.all(
        "list_tasks", account_id=account_id, status=status, task_type=task_type, before=before, limit=limit
    )


async def cancel(db: Database, account_id: UUID, task_id: UUID) -> None:
    """Stop a task that has not ended: it FAILS as cancelled and is refunded. Its worker notices soon.

    Raises
    ------
    NotFoundError
        No such task in this account.
    EndedError
        It has ended already.
    """
    async with db.transaction() as tx:
        await look_up(tx, account_id, task_id)
        if not await settle.fail_within(tx, task_id, CANCELLED):
            raise EndedError


async def start(db: Queries, task_id: UUID) -> Row | None:
    """Mark a task RUNNING for a new attempt; None when it has ended or is gone."""
    return await db.one("start_task", task_id=task_id)


async def report(db: Queries, task_id: UUID, attempt: int, progress: int, stage: str | None) -> bool:
    """Note how far an attempt is (0–100); False when it is no longer the one that counts."""
    values = {"task_id": task_id, "attempt": attempt, "progress": progress, "stage": stage}
    return await db.one("report_progress", **values) is not None


async def hand_back(db: Database, task_id: UUID, attempt: int) -> None:
    """Put a started task back into the queue, because its worker is leaving."""
    async with db.transaction() as tx:
        row = await tx.one("hand_back_task", task_id=task_id, attempt=attempt)
        if row is not None:
            await tx.enqueue(job_of(task_id, OFFERS[row["task_type"]]))


async def recover_lost(db: Database) -> int:
    """Queue again what should have a job and has none; how many."""
    async with db.transaction() as tx:
        rows = await tx.all("find_lost_tasks")
        if rows:
            await tx.enqueue(*(job_of(row["id"], OFFERS[row["task_type"]]) for row in rows))
        return len(rows)
