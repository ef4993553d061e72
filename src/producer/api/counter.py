"""What the counter remembers between requests: keys it has checked, answers it has given.

A finished task never changes and a running one changes when the database says so (NOTIFY), so a poll
costs no query most of the time. Whenever listening stops, everything is forgotten and every poll
reads the database until listening is back.
"""

import asyncio
import json
import logging
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from producer.errors import ProducerError
from producer.service import accounts, desk
from producer.service.answers import poll_body
from producer.service.catalogue import OFFERS, Queue, Status
from producer.service.ports import Database, Vault

KEPT_ANSWERS = 4096
KEPT_ANSWER_BYTES = 64 * 1024  # longer ones are read again
KEPT_KEYS = 4096
ANSWER_SECONDS = 600.0  # URLs in it may be signed for a time
QUEUE_SECONDS = 1.0  # how old a queue position may be
RELISTEN_SECONDS = 1.0
TASKS, KEYS = "producer_tasks", "producer_keys"

log = logging.getLogger("producer.api")


class Listening(Protocol):
    """A database that tells what changes."""

    async def listen(
        self,
        channels: tuple[str, ...],
        hear: Callable[[str, str], None],
        ready: Callable[[bool], Awaitable[None]],
    ) -> None:
        """Call `hear` for every notice until the connection ends."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A poll answer."""

    account_id: UUID
    body: bytes
    is_final: bool
    until: float  #: monotonic time at which it is no longer told
    waiting: tuple[Queue, int] | None = None  #: queue and number of a PENDING task


class Counter:
    """Reads tasks and keys, and remembers them while that is safe."""

    def __init__(self, db: Database, vault: Vault, pepper: bytes) -> None:
        self._db = db
        self._vault = vault
        self._pepper = pepper
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._keys: OrderedDict[bytes, UUID] = OrderedDict()
        self._reading: dict[str, object] = {}  # reads under way, by task
        self._revocations = 0
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._listening = False
        self._queues: dict[Queue, list[int]] = {}
        self._queues_until = 0.0

    async def listen(self, db: Listening) -> None:
        """Keep hearing of changes; runs until cancelled."""
        while True:
            try:
                await db.listen((TASKS, KEYS), self.hear, self._set_listening)
            except (OSError, ProducerError) as error:
                log.warning("not hearing of changes: %s", error)
            await asyncio.sleep(RELISTEN_SECONDS)

    def hear(self, channel: str, payload: str) -> None:
        """Forget what has changed."""
        if channel == TASKS:
            self._answers.pop(payload, None)
            self._reading.pop(payload, None)
            for event in self._watchers.get(payload, ()):
                event.set()
        else:
            self._revocations += 1
            self._keys.clear()

    async def _set_listening(self, listening: bool) -> None:
        self._listening = listening
        self._answers.clear()
        self._reading.clear()
        self._revocations += 1
        self._keys.clear()

    @contextmanager
    def watch(self, task_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the task may have changed."""
        event = asyncio.Event()
        self._watchers.setdefault(task_id, set()).add(event)
        try:
            yield event
        finally:
            self._watchers[task_id].discard(event)
            if not self._watchers[task_id]:
                del self._watchers[task_id]

    async def account_of(self, authorization: bytes, key: str) -> UUID:
        """Account of a key; `authorization` is the header it came in."""
        known = self._keys.get(authorization)
        if known is not None:
            return known
        revocations = self._revocations
        account_id = await accounts.authenticate(self._db, key, self._pepper)
        if self._listening and revocations == self._revocations:
            self._keys[authorization] = account_id
            if len(self._keys) > KEPT_KEYS:
                self._keys.popitem(last=False)
        return account_id

    async def poll(self, account_id: UUID, task_id: str) -> Answer:
        """Answer to a poll; raises NotFoundError."""
        answer = self._answers.get(task_id)
        if answer is None or answer.account_id != account_id or answer.until < time.monotonic():
            answer = await self._read(account_id, task_id)
        if answer.waiting is not None:
            return await self._with_position(answer)
        return answer

    async def _read(self, account_id: UUID, task_id: str) -> Answer:
        mark = self._reading[task_id] = object()
        try:
            row = await desk.look_up(self._db, account_id, _uuid(task_id))
        finally:
            # A notice about this very task, come since the read began, has taken the mark away.
            unchanged = self._reading.get(task_id) is mark
            if unchanged:
                del self._reading[task_id]
        status = Status(row["status"])
        answer = Answer(
            account_id,
            _dump(poll_body(row, self._vault.url)),
            status.is_final,
            time.monotonic() + ANSWER_SECONDS,
            (OFFERS[row["task_type"]].queue, row["number"]) if status is Status.PENDING else None,
        )
        if unchanged and self._listening and len(answer.body) <= KEPT_ANSWER_BYTES:
            self._answers[task_id] = answer
            if len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return answer

    async def _with_position(self, answer: Answer) -> Answer:
        assert answer.waiting is not None, "only waiting tasks have a position"
        if time.monotonic() > self._queues_until:
            self._queues_until = time.monotonic() + QUEUE_SECONDS
            self._queues = await self._read_queues()
        queue, number = answer.waiting
        position = bisect_left(self._queues.get(queue, []), number) + 1
        body = answer.body[:-1] + b',"queue_position":%d}' % position
        return Answer(answer.account_id, body, answer.is_final, answer.until)

    async def _read_queues(self) -> dict[Queue, list[int]]:
        rows = await self._db.all("waiting_numbers")
        queues: dict[Queue, list[int]] = {}
        for row in rows:
            queues.setdefault(OFFERS[row["task_type"]].queue, []).extend(row["numbers"])
        return {queue: sorted(numbers) for queue, numbers in queues.items()}


def _uuid(text: str) -> UUID:
    """The id in its one spelling; anything else is no task of ours."""
    try:
        found = UUID(text)
    except ValueError:
        found = UUID(int=0)
    return found if str(found) == text else UUID(int=0)


def _dump(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
