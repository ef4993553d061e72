"""From a request body to an order: one row a route."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from producer.api import shapes, wire
from producer.errors import InvalidInputError
from producer.service.desk import Order
from producer.service.errors import RetiredError

#: Whether we would go to a URL; the second argument tells whether plain http will do.
Admits = Callable[[str, bool], bool]

CREATE = "create_music"
NOWHERE = UUID(int=0)
_WEBHOOK = ("webhook_url", "webhook_secret")


@dataclass(frozen=True, slots=True)
class Route:
    """A route that takes orders."""

    path: str
    task_type: str
    fields: tuple[shapes.Field, ...]
    summary: str
    one_of: tuple[str, ...] = ()  #: texts of which one must have something in it


ROUTES = (
    Route(
        "create",
        CREATE,
        shapes.CREATE,
        "Make a song from a prompt, from words, or from both",
        one_of=("sound", "lyrics"),
    ),
    Route("lyrics-create", "make_lyrics", shapes.LYRICS, "Write lyrics about something"),
    Route("video-clip", "video_clip", shapes.VIDEO, "Make a video of a clip"),
    Route("upload", "upload", shapes.UPLOAD, "Bring in a sound file from a URL"),
    Route("download", "download", shapes.DOWNLOAD, "Get a clip as mp3 or wav"),
)


def read_order(route: Route, body: Mapping[str, Any], admits: Admits) -> Order:
    """Check a parsed body and make it an order.

    Raises
    ------
    InvalidInputError
        A field is off.
    RetiredError
        Its task type is one of the past.
    """
    values = wire.check(route.fields, body, admits)
    webhook = {name: values.pop(name) or None for name in _WEBHOOK}
    if route.task_type == CREATE:
        values = _read_commission(values)
    if route.task_type == "make_lyrics":
        values["seed"] = values["seed"] or draw_seed()
    clip_id = _read_clip_id(values.pop("clip_id")) if "clip_id" in values else None
    return Order(task_type=route.task_type, request=values, clip_id=clip_id, **webhook)


def draw_seed() -> str:
    """A seed for a request that has none."""
    return str(secrets.randbelow(10**10))


def _read_commission(values: dict[str, Any]) -> dict[str, Any]:
    task_type = values.pop("task_type")
    if task_type != CREATE:
        raise RetiredError(f"task_type '{task_type}' has been retired. Use {CREATE} with a new prompt.")
    if not any((values[name] or "").strip() for name in ("sound", "lyrics")):
        raise InvalidInputError(
            "One of the fields 'sound' and 'lyrics' is required and should not be blank.", field="sound"
        )
    values["title"] = (values["title"] or "").strip() or None
    values["seed"] = values["seed"] or draw_seed()
    return values


def _read_clip_id(text: str) -> UUID:
    """A clip's id; what is no id at all is nobody's clip."""
    try:
        return UUID(text)
    except ValueError:
        return NOWHERE


def with_defaults(
    fields: Sequence[shapes.Field], body: Mapping[str, Any], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """Add what a dialect leaves out."""
    names = {field.name for field in fields}
    missing = {name: value for name, value in defaults.items() if name in names and body.get(name) is None}
    return {**body, **missing}
