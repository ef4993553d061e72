"""Telling customers: one delivery an event, signed anew at every attempt, tried until it arrives."""

import hashlib
import hmac
import json
from collections.abc import Callable
from time import monotonic, time
from uuid import UUID, uuid4

from producer.service.answers import poll_body
from producer.service.catalogue import OFFERS, Queue, Status
from producer.service.errors import NotFoundError
from producer.service.ports import Courier, Database, Job, Queries, Row, Transaction

JOB = "deliver"
PLATFORM = "producer"
TEST_EVENT = "webhook.test"
RETRY_SECONDS = (10, 60, 300, 1800, 7200, 21600)
GONE = 410  # the receiver asks for no more
KEPT_ANSWER_BYTES = 1024
#: Deliveries of one account at the same time; more wait, so that a hanging receiver holds up its owner only.
ACCOUNT_SLOTS = 4
WAIT_SECONDS = 2.0


def sign(body: bytes, secret: str, *, delivery_id: UUID, event: str, now: int) -> dict[str, str]:
    """Headers of one attempt at `now` (unix seconds).

    ``X-Webhook-Signature`` covers the time, so that a receiver can refuse old ones;
    ``X-Signature`` is the older form over the body alone.
    """
    stamped = f"{now}.".encode() + body
    return {
        "Content-Type": "application/json",
        "User-Agent": "Producer-Webhooks/1",
        "X-Webhook-Id": str(delivery_id),
        "X-Webhook-Event": event,
        "X-Webhook-Timestamp": str(now),
        "X-Webhook-Signature": f"sha256={_hmac_hex(secret, stamped)}",
        "X-Signature": _hmac_hex(secret, body),
        "Idempotency-Key": str(delivery_id),
    }


async def announce(tx: Transaction, task: Row, url_of: Callable[[str], str]) -> None:
    """Queue the delivery of a task that has just ended, if its owner wants to be told."""
    if task["webhook_url"] is None:
        return
    ending = "completed" if task["status"] == Status.SUCCESS else "failed"
    event = f"{OFFERS[task['task_type']].event}.{ending}"
    body = poll_body(task, url_of) | {"platform": PLATFORM, "event": event}
    await _queue_delivery(
        tx,
        account_id=task["account_id"],
        task_id=task["id"],
        event=event,
        url=task["webhook_url"],
        secret=task["webhook_secret"],
        body=body,
    )


async def send_test(tx: Transaction, account_id: UUID, url: str, secret: str | None) -> UUID:
    """Queue a harmless event, so that an owner can try a receiver; the delivery's id."""
    body = {"code": 200, "message": "test", "data": [], "platform": PLATFORM, "event": TEST_EVENT}
    return await _queue_delivery(
        tx, account_id=account_id, task_id=None, event=TEST_EVENT, url=url, secret=secret, body=body
    )


async def list_deliveries(db: Queries, account_id: UUID, task_id: UUID | None) -> list[Row]:
    """Deliveries of an account, newest first, each with its attempts."""
    return await db.all("list_deliveries", account_id=account_id, task_id=task_id)


async def redeliver(tx: Transaction, account_id: UUID, delivery_id: UUID) -> None:
    """Send a delivery again, under the same id, with all its retries.

    Raises
    ------
    NotFoundError
        No such delivery in this account.
    """
    if await tx.one("reopen_delivery", account_id=account_id, delivery_id=delivery_id) is None:
        raise NotFoundError("delivery not found")
    await tx.enqueue(_job(delivery_id))


async def deliver(db: Database, courier: Courier, delivery_id: UUID) -> None:
    """Make one attempt at a delivery; note it, and queue the next one when it failed."""
    row = await db.one("find_delivery", delivery_id=delivery_id)
    if row is None or row["status"] != "PENDING":
        return
    body = row["body"].encode()
    headers = sign(body, row["secret"], delivery_id=delivery_id, event=row["event"], now=int(time()))
    began = monotonic()
    status, answer = await courier.post(row["url"], body, headers)
    spent_ms = round((monotonic() - began) * 1000)
    async with db.transaction() as tx:
        await _note_attempt(tx, row, status, answer, spent_ms)


async def postpone(db: Database, delivery_id: UUID) -> None:
    """Put a delivery off for a moment, because its account has enough under way."""
    async with db.transaction() as tx:
        await tx.enqueue(_job(delivery_id, WAIT_SECONDS))


async def _note_attempt(tx: Transaction, row: Row, status: int | None, answer: str, spent_ms: int) -> None:
    delivery_id = row["id"]
    kept = answer.encode()[:KEPT_ANSWER_BYTES].decode("utf-8", "ignore").replace("\x00", "")
    await tx.run("add_attempt", delivery_id=delivery_id, status=status, ms=spent_ms, answer=kept)
    arrived = status is not None and 200 <= status < 300
    last = row["attempts"] >= len(RETRY_SECONDS) or status == GONE
    outcome = "DELIVERED" if arrived else "GIVEN_UP" if last else "PENDING"
    moved = await tx.one(
        "move_delivery", delivery_id=delivery_id, status=outcome, attempts=row["attempts"] + 1
    )
    if moved is not None and outcome == "PENDING":
        await tx.enqueue(_job(delivery_id, RETRY_SECONDS[row["attempts"]]))


async def _queue_delivery(
    tx: Transaction,
    *,
    account_id: UUID,
    task_id: UUID | None,
    event: str,
    url: str,
    secret: str | None,
    body: dict[str, object],
) -> UUID:
    delivery_id = uuid4()
    await tx.run(
        "add_delivery",
        id=delivery_id,
        account_id=account_id,
        task_id=task_id,
        event=event,
        url=url,
        secret=secret,
        body=json.dumps(body, ensure_ascii=False),
    )
    await tx.enqueue(_job(delivery_id))
    return delivery_id


def _job(delivery_id: UUID, after_seconds: float = 0.0) -> Job:
    subject = {"delivery_id": str(delivery_id)}
    return Job(queue=Queue.COURIER, name=JOB, subject=subject, after_seconds=after_seconds)


def _hmac_hex(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
