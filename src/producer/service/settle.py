"""The end of a task: its status, its clip, its refund and its webhook change together or not at all."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from producer.service import ledger, webhooks
from producer.service.answers import answer_fields
from producer.service.errors import NotFoundError
from producer.service.ports import Database, Row, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClip:
    """A clip that a job made."""

    title: str
    duration_seconds: float
    style: dict[str, Any] = field(default_factory=dict)  #: what covers and videos need to know


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a job delivers."""

    fields: dict[str, Any]  #: of the answer; ``…_url`` fields hold vault keys
    clip: NewClip | None = None
    files: tuple[str, ...] = ()  #: vault keys it stored for the clip


async def succeed(
    db: Database, task_id: UUID, attempt: int, outcome: Outcome, url_of: Callable[[str], str]
) -> bool:
    """End a task with SUCCESS; False when this attempt no longer counts (then nothing changes).

    Raises
    ------
    NotFoundError
        The clip it worked on was deleted meanwhile (then nothing changes).
    """
    async with db.transaction() as tx:
        task = await tx.one("find_running_task", task_id=task_id, attempt=attempt)
        if task is None:
            return False
        result = json.dumps(answer_fields(task, outcome.fields), ensure_ascii=False)
        ended = await tx.one("finish_task", task_id=task_id, result=result, error=None)
        assert ended is not None, "the row is locked and has not ended"
        await tx.run("free_slot", account_id=ended["account_id"])
        await _keep_clip(tx, ended, outcome)
        await webhooks.announce(tx, ended, url_of)
        return True


async def fail(db: Database, task_id: UUID, reason: str, *, attempt: int | None = None) -> bool:
    """End a task with FAILED and refund it; False when it had ended or `attempt` no longer counts."""
    async with db.transaction() as tx:
        return await fail_within(tx, task_id, reason, attempt=attempt)


async def fail_within(tx: Transaction, task_id: UUID, reason: str, *, attempt: int | None = None) -> bool:
    """As :func:`fail`, inside a transaction that is open."""
    task = await tx.one("find_open_task", task_id=task_id, attempt=attempt)
    if task is None:
        return False
    ended = await tx.one("finish_task", task_id=task_id, result=None, error=reason)
    assert ended is not None, "the row is locked and has not ended"
    await ledger.refund(tx, ended["account_id"], task_id)
    await tx.run("free_slot", account_id=ended["account_id"])
    await webhooks.announce(tx, ended, _no_url)
    return True


async def _keep_clip(tx: Transaction, task: Row, outcome: Outcome) -> None:
    """Store a new clip, or what was added to an old one."""
    if outcome.clip is not None:
        await tx.run(
            "add_clip",
            id=task["clip_id"],
            account_id=task["account_id"],
            task_id=task["id"],
            title=outcome.clip.title,
            duration=outcome.clip.duration_seconds,
            style=json.dumps(outcome.clip.style),
            files=list(outcome.files),
        )
    elif outcome.files:
        if not await tx.run("add_clip_files", clip_id=task["clip_id"], files=list(outcome.files)):
            raise NotFoundError("clip not found")
        if video := outcome.fields.get("video_url"):
            await _show_video(tx, task["clip_id"], video)


async def _show_video(tx: Transaction, clip_id: UUID, video_key: str) -> None:
    """Have the song's own answer tell of its video from now on."""
    song = await tx.one("find_song_of_clip", clip_id=clip_id)
    if song is not None:
        result = json.dumps(song["result"] | {"video_url": video_key}, ensure_ascii=False)
        await tx.run("replace_result", task_id=song["id"], result=result)


def _no_url(key: str) -> str:
    raise AssertionError(f"a failed task has no file, but {key}")
