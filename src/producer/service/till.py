"""The till takes orders: charge, task and job of each are one commit, and orders of the same moment share it.

A commit costs a wait for the disk, and orders of one account wait for its row besides. So those that come
while a commit is under way are rung up together in the next one: a crowd waits as long as one customer.
An account whose row somebody else holds at the moment gets a lane of its own and holds nobody up.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from producer.errors import InvalidInputError
from producer.service import ledger
from producer.service.desk import Once, Order, job_of
from producer.service.errors import ConflictError, ServiceError, TooManyTasksError
from producer.service.ports import Database, Row, Transaction

MOST = 64  # orders of one commit

#: The task that an order got, why it was refused, or None: its account is busy, ask again.
Receipt = UUID | InvalidInputError | ServiceError | None


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order at the till."""

    account_id: UUID
    order: Order
    once: Once | None = None
    task_id: UUID = field(default_factory=uuid4)


class Till:
    """Where orders queue for a moment.

    Parameters
    ----------
    db
        The database.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._crowd = _Lane(self._ring_up)
        self._busy: dict[UUID, _Lane] = {}

    async def submit(self, account_id: UUID, order: Order, *, once: Once | None = None) -> UUID:
        """Take an order: charge it, note it, queue it, all in one transaction; its task's id.

        Parameters
        ----------
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
        purchase = Purchase(account_id, order, once)
        receipt = None
        if account_id not in self._busy:
            receipt = await self._crowd.wait(purchase)
        if receipt is None:
            receipt = await self._lane_of(account_id).wait(purchase)
        if isinstance(receipt, Exception):
            raise receipt
        assert receipt is not None, "who waits for the account gets an answer"
        return receipt

    def _lane_of(self, account_id: UUID) -> "_Lane":
        if account_id not in self._busy:
            self._busy[account_id] = _Lane(self._ring_up_waiting, lambda: self._busy.pop(account_id))
        return self._busy[account_id]

    async def _ring_up(self, purchases: Sequence[Purchase]) -> list[Receipt]:
        return await ring_up(self._db, purchases, patient=False)

    async def _ring_up_waiting(self, purchases: Sequence[Purchase]) -> list[Receipt]:
        return await ring_up(self._db, purchases, patient=True)


class _Lane:
    """One commit after the other; whoever comes meanwhile shares the next."""

    def __init__(
        self,
        ring_up: Callable[[Sequence[Purchase]], Awaitable[list[Receipt]]],
        when_empty: Callable[[], Any] = lambda: None,
    ) -> None:
        self._ring_up = ring_up
        self._when_empty = when_empty
        self._waiting: list[tuple[Purchase, asyncio.Future[Receipt]]] = []
        self._working: asyncio.Task[None] | None = None

    async def wait(self, purchase: Purchase) -> Receipt:
        """Stand in line; raises what went wrong for the whole commit."""
        receipt: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((purchase, receipt))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await receipt

    async def _work(self) -> None:
        while self._waiting:
            served, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            done = self._ring_up([purchase for purchase, _ in served])
            (receipts,) = await asyncio.gather(done, return_exceptions=True)
            for place, (_, future) in enumerate(served):
                if future.cancelled():
                    continue
                if isinstance(receipts, BaseException):
                    future.set_exception(receipts)
                else:
                    future.set_result(receipts[place])
        self._working = None
        self._when_empty()


async def ring_up(db: Database, purchases: Sequence[Purchase], *, patient: bool) -> list[Receipt]:
    """Take orders in one transaction; a receipt for each.

    Parameters
    ----------
    db
        The database.
    purchases
        The orders, first come first served.
    patient
        Wait for accounts that somebody else holds; otherwise their orders get None.
    """
    async with db.transaction() as tx:
        clips = await _find_clips(tx, purchases)
        books = await _open_books(tx, {purchase.account_id for purchase in purchases}, patient=patient)
        claims = await _find_claims(tx, purchases)
        receipts: list[Receipt] = []
        taken: list[dict[str, Any]] = []
        for purchase in purchases:
            book = books.get(purchase.account_id)
            receipt = None if book is None else _decide(purchase, book, clips, claims, taken)
            receipts.append(receipt)
        if taken:
            await tx.run("place_orders", orders=json.dumps(taken))
            sold = {row["id"] for row in taken}
            await tx.enqueue(*(job_of(p.task_id, p.order.offer) for p in purchases if str(p.task_id) in sold))
    return receipts


@dataclass(slots=True)
class _Book:
    """An account while its row is ours."""

    balance: ledger.Balance
    running: int
    concurrency: int


def _decide(
    purchase: Purchase,
    book: _Book,
    clips: Mapping[UUID, UUID],
    claims: dict[tuple[UUID, str], tuple[bytes, UUID]],
    taken: list[dict[str, Any]],
) -> Receipt:
    """Take or refuse one order. What is taken moves the books and joins `taken`."""
    once, order = purchase.once, purchase.order
    claim = claims.get((purchase.account_id, once.key)) if once else None
    if once and claim:
        return claim[1] if claim[0] == once.digest else ConflictError()
    if not order.offer.makes_clip and clips.get(order.clip_id or UUID(int=0)) != purchase.account_id:
        return InvalidInputError(
            "The 'clip_id' field is invalid. It should be the clip_id of one of your own clips.",
            field="clip_id",
        )
    try:
        charge = ledger.split_charge(book.balance, order.offer.credits)
    except ServiceError as poor:
        return poor
    if book.running >= book.concurrency:
        return TooManyTasksError()
    book.balance = ledger.Balance(book.balance.credits - charge[0], book.balance.extra_credits - charge[1])
    book.running += 1
    if once:
        claims[purchase.account_id, once.key] = (once.digest, purchase.task_id)
    taken.append(_row(purchase, *charge))
    return purchase.task_id


def _row(purchase: Purchase, credits: int, extra_credits: int) -> dict[str, Any]:
    """What is written of an order that is taken."""
    order, once = purchase.order, purchase.once
    return {
        "id": str(purchase.task_id),
        "account_id": str(purchase.account_id),
        "task_type": order.task_type,
        "request": order.request,
        "clip_id": str(uuid4() if order.offer.makes_clip else order.clip_id),
        "webhook_url": order.webhook_url,
        "webhook_secret": order.webhook_secret,
        "credits": credits,
        "extra_credits": extra_credits,
        "once_key": once and once.key,
        "once_digest": once and once.digest.hex(),
    }


async def _open_books(tx: Transaction, account_ids: set[UUID], *, patient: bool) -> dict[UUID, _Book]:
    """Lock accounts and read them; those that are locked elsewhere are left out, unless we are patient."""
    query = "lock_accounts" if patient else "lock_free_accounts"
    rows = await tx.all(query, account_ids=sorted(account_ids))
    return {
        row["id"]: _Book(
            ledger.Balance(row["credits"], row["extra_credits"]), row["running"], row["concurrency"]
        )
        for row in rows
    }


async def _find_clips(tx: Transaction, purchases: Sequence[Purchase]) -> dict[UUID, UUID]:
    """Accounts of the clips that are ordered upon."""
    wanted = [purchase.order.clip_id for purchase in purchases if purchase.order.clip_id is not None]
    rows: list[Row] = await tx.all("find_owners", clip_ids=wanted) if wanted else []
    return {row["id"]: row["account_id"] for row in rows}


async def _find_claims(
    tx: Transaction, purchases: Sequence[Purchase]
) -> dict[tuple[UUID, str], tuple[bytes, UUID]]:
    """Idempotency keys of the last 24 h. Read when the accounts are ours, so that none can appear later."""
    wanted = [(purchase.account_id, purchase.once.key) for purchase in purchases if purchase.once]
    if not wanted:
        return {}
    account_ids, keys = zip(*wanted, strict=True)
    rows = await tx.all("find_claims", account_ids=list(account_ids), keys=list(keys))
    return {(row["account_id"], row["key"]): (bytes(row["digest"]), row["task_id"]) for row in rows}
