"""The desk takes commissions and says how they stand."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from producer.errors import InvalidInputError
from producer.service import ledger, settle
from producer.service.catalogue import OFFERS, Offer
from producer.service.errors import ConflictError, EndedError, NotFoundError, TooManyTasksError
from producer.service.ports import Database, Row, Transaction

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


async def submit(db: Database, account_id: UUID, order: Order, *, once: Once | None = None) -> UUID:
    """Take an order: charge it, note it, queue it, all in one transaction.

    Parameters
    ----------
    db
        The database.
    account_id
        Who pays.
    order
        What to make.
    once
        The same key and request within 24 h give the same task.

    Raises
    ------
    InvalidInputError
        The clip is not one of this account.
    InsufficientCreditsError
        The account can't pay.
    TooManyTasksError
        Its slots are taken.
    ConflictError
        The key was used for another request.
    """
    task_id = uuid4()
    async with db.transaction() as tx:
        if once is not None:
            earlier = await _claim_key(tx, account_id, once, task_id)
            if earlier is not None:
                return earlier
        clip_id = await _clip_of(tx, account_id, order)
        await tx.enqueue(order.offer.queue, JOB, once=str(task_id), task_id=str(task_id))
        # The account's row is locked last, for others of the account wait for it.
        account = await tx.one("lock_account", account_id=account_id)
        assert account is not None, "an authenticated account exists"
        balance = ledger.Balance(account["credits"], account["extra_credits"])
        credits, extra_credits = ledger.split_charge(balance, order.offer.credits)
        if account["running"] >= account["concurrency"]:
            raise TooManyTasksError
        await tx.run(
            "place_order",
            id=task_id,
            account_id=account_id,
            credits=credits,
            extra_credits=extra_credits,
            task_type=order.task_type,
            request=json.dumps(order.request),
            clip_id=clip_id,
            webhook_url=order.webhook_url,
            webhook_secret=order.webhook_secret,
        )
    return task_id


async def look_up(tx: Transaction, account_id: UUID, task_id: UUID) -> Row:
    """Read a task of this account.

    Raises
    ------
    NotFoundError
        There is none; another account's looks the same.
    """
    row = await tx.one("find_task", account_id=account_id, task_id=task_id)
    if row is None:
        raise NotFoundError("task not found")
    return row


async def list_tasks(
    tx: Transaction,
    account_id: UUID,
    *,
    status: str | None = None,
    task_type: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """Tasks of this account, newest first; `before` is the number of the last one seen."""
    return await tx.all(
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


async def start(db: Database, task_id: UUID) -> Row | None:
    """Mark a task RUNNING for a new attempt; None when it has ended or is gone."""
    async with db.transaction() as tx:
        return await tx.one("start_task", task_id=task_id)


async def report(db: Database, task_id: UUID, attempt: int, progress: int, stage: str | None) -> bool:
    """Note how far an attempt is (0–100); False when it is no longer the one that counts."""
    async with db.transaction() as tx:
        attempt_values = {"task_id": task_id, "attempt": attempt}
        await tx.run("move_progress", **attempt_values, progress=progress, stage=stage)
        return await tx.one("is_current_attempt", **attempt_values) is not None


async def hand_back(db: Database, task_id: UUID, attempt: int) -> None:
    """Put a started task back into the queue, because its worker is leaving."""
    async with db.transaction() as tx:
        row = await tx.one("hand_back_task", task_id=task_id, attempt=attempt)
        if row is not None:
            queue = OFFERS[row["task_type"]].queue
            await tx.enqueue(queue, JOB, once=str(task_id), task_id=str(task_id))


async def recover_lost(db: Database) -> int:
    """Queue again what should have a job and has none; how many."""
    async with db.transaction() as tx:
        rows = await tx.all("find_lost_tasks")
        for row in rows:
            queue = OFFERS[row["task_type"]].queue
            await tx.enqueue(queue, JOB, once=str(row["id"]), task_id=str(row["id"]))
        return len(rows)


async def _clip_of(tx: Transaction, account_id: UUID, order: Order) -> UUID:
    if order.offer.makes_clip:
        return uuid4()
    clip = await tx.one("find_clip", account_id=account_id, clip_id=order.clip_id)
    if clip is None:
        raise InvalidInputError(
            "The 'clip_id' field is invalid. It should be the clip_id of one of your own clips.",
            field="clip_id",
        )
    clip_id: UUID = clip["id"]
    return clip_id


async def _claim_key(tx: Transaction, account_id: UUID, once: Once, task_id: UUID) -> UUID | None:
    """Reserve an idempotency key for `task_id`, or find the task it already stands for."""
    claim = {"account_id": account_id, "key": once.key}
    await tx.run("forget_old_key", **claim)
    if await tx.run("claim_key", **claim, digest=once.digest, task_id=task_id):
        return None
    row = await tx.one("find_claim", **claim)
    assert row is not None, "a claim that stands in the way can be read"
    if bytes(row["digest"]) != once.digest:
        raise ConflictError
    earlier: UUID = row["task_id"]
    return earlier
