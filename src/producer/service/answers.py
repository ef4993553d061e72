"""What a poll and a webhook say about a task."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from producer.service.catalogue import OFFERS, Status
from producer.service.ports import Row

FAILED_MESSAGE = "Task failed. Credits have been refunded."
WAITING_MESSAGE = "task is still processing"


def poll_body(row: Row, url_of: Callable[[str], str], *, queue_position: int | None = None) -> dict[str, Any]:
    """Body of a poll.

    Parameters
    ----------
    row
        ``id, task_type, status, progress, stage, result, error`` of a task.
    url_of
        Turns a vault key into a public URL.
    queue_position
        How many tasks are served before this one, plus one; only while PENDING.
    """
    status = Status(row["status"])
    task = {"task_id": str(row["id"]), "task_type": row["task_type"], "progress": row["progress"]}
    if status is Status.SUCCESS:
        data = [with_urls(row["result"], url_of)]
        return {"code": 200, "status": status, "message": "success", "data": data, **task}
    if status is Status.FAILED:
        told = {"type": "failed", "message": FAILED_MESSAGE, "data": [], "error": row["error"]}
        return {"code": 200, "status": status, **told, **task}
    task["stage"] = row["stage"]
    if queue_position is not None:
        task["queue_position"] = queue_position
    return {"code": 200, "status": status, "message": WAITING_MESSAGE, "data": [], **task}


def with_urls(fields: dict[str, Any], url_of: Callable[[str], str]) -> dict[str, Any]:
    """Replace vault keys by URLs, which may be signed for a time and are never stored.

    Keys stand in ``…_url`` fields, and by part in ``stems``.
    """
    return {name: _with_url(name, value, url_of) for name, value in fields.items()}


def _with_url(name: str, value: Any, url_of: Callable[[str], str]) -> Any:
    if name == "stems" and isinstance(value, dict):
        return {part: url_of(key) for part, key in value.items()}
    return url_of(value) if name.endswith("_url") and isinstance(value, str) else value


def answer_fields(task: Row, made: dict[str, Any]) -> dict[str, Any]:
    """Fields of ``data[0]``: the published ones of the task type in their order, then the extra ones.

    `made` is what the job delivered; ids, state and time are the task's own.
    """
    clip_id: UUID = task["clip_id"]
    own = {
        "clip_id": str(clip_id),
        "lyrics_id": f"lyr_{clip_id.hex[:12]}",
        "state": "succeeded",
        "created_at": timestamp(task["created_at"]),
    }
    known = {**own, **made}
    published = OFFERS[task["task_type"]].answer
    extra = {name: value for name, value in made.items() if name not in published}
    return {name: known.get(name) for name in published} | extra


def timestamp(moment: datetime) -> str:
    """UTC, ISO-8601 with microseconds and Z.

    >>> timestamp(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00.000000Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
