"""The API described for OpenAPI, from the same tables that check requests."""

from collections.abc import Sequence
from typing import Any

from producer.api.errors import FACES, INTERNAL, INTERNAL_TEXT, METHOD, Face, PayloadTooLargeError
from producer.api.shapes import Field
from producer.errors import InvalidInputError
from producer.service import errors as service
from producer.service.catalogue import MODELS, MORE_MODELS, OFFERS, Status

JsonSchema = dict[str, Any]

NOT_BLANK = r"\S"
TASK_ID = "5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2"
CLIP_ID = "3f2b8c1e-6f0a-4a44-9f0e-0a1b2c3d4e5f"
FILES = f"https://music.example.com/producer/{CLIP_ID}"
UUID_TEXT: JsonSchema = {"type": "string", "format": "uuid"}
TEXT: JsonSchema = {"type": "string"}
OPTIONAL_TEXT: JsonSchema = {"type": ["string", "null"]}
TIME: JsonSchema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"}

REQUEST_ID: JsonSchema = {
    "X-Request-Id": {"description": "Yours, when you sent a sane one.", "schema": {"type": "string"}}
}

SUBMITTED: JsonSchema = {
    "type": "object",
    "required": ["message", "task_id"],
    "additionalProperties": False,
    "properties": {"message": {"const": "success"}, "task_id": UUID_TEXT},
}
SUBMITTED_EXAMPLE = {"message": "success", "task_id": TASK_ID}
CREDITS: JsonSchema = {
    "type": "object",
    "required": ["credits", "extra_credits"],
    "additionalProperties": False,
    "properties": {
        "credits": {"type": "integer", "description": "Of the plan."},
        "extra_credits": {"type": "integer", "description": "Spent first; they never expire."},
    },
}
CREDITS_EXAMPLE = {"credits": 50, "extra_credits": 0}


#: What can be done with the task of an order.
TASK_LINKS: JsonSchema = {
    name: {"operationId": name, "parameters": {"task_id": "$response.body#/task_id"}}
    for name in ("poll", "cancel")
}


def body_of(fields: Sequence[Field], one_of: Sequence[str] = ()) -> JsonSchema:
    """OpenAPI request body of a route's fields; of the texts `one_of`, one must have something in it."""
    schema: JsonSchema = {
        "type": "object",
        "required": [field.name for field in fields if field.required],
        "properties": {field.name: _field_schema(field) for field in fields},
    }
    if one_of:
        schema["anyOf"] = [
            {"required": [name], "properties": {name: {"type": "string", "pattern": NOT_BLANK}}}
            for name in one_of
        ]
    example = {field.name: field.example for field in fields if field.example is not None}
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}


def answer(about: str, schema: JsonSchema, example: Any) -> JsonSchema:
    """A successful answer."""
    content = {"application/json": {"schema": schema, "example": example}}
    return {"description": about, "content": content, "headers": REQUEST_ID}


def answers(success: JsonSchema, *kinds: type[Exception]) -> dict[int | str, JsonSchema]:
    """All answers of a route: the successful one and :func:`failures`."""
    return {200: success, **failures(*kinds)}


def failures(*kinds: type[Exception]) -> dict[int | str, JsonSchema]:
    """Error answers of a route, beside those of every route."""
    wanted = {service.UnauthorizedError, *kinds}
    described = {
        face.status: _failure(face, _EXAMPLES[kind])
        for kind, face in FACES.items()
        if kind in wanted or kind is service.UnavailableError
    }
    described[INTERNAL.status] = _failure(INTERNAL, INTERNAL_TEXT)
    described[METHOD.status] = _failure(METHOD, "Method Not Allowed")
    return {status: described[status] for status in sorted(described)}


ORDER_FAILURES = (
    InvalidInputError,
    service.InsufficientCreditsError,
    service.ConflictError,
    service.RetiredError,
    service.TooManyTasksError,
    PayloadTooLargeError,
)


def _path_id(name: str, about: str) -> tuple[JsonSchema, ...]:
    return ({"name": name, "in": "path", "required": True, "description": about, "schema": TEXT},)


def _query(name: str, about: str, schema: JsonSchema) -> JsonSchema:
    return {"name": name, "in": "query", "required": False, "description": about, "schema": schema}


TASK_PATH = _path_id("task_id", "A task of this account.")
CLIP_PATH = _path_id("clip_id", "A clip of this account.")
DELIVERY_PATH = _path_id("delivery_id", "A delivery of this account.")
PAGE_QUERY = (
    _query("limit", "How many, 50 unless told.", {"type": "integer", "minimum": 1, "maximum": 200}),
    _query(
        "cursor", "`next_cursor` of the page before.", {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"}
    ),
)
TASK_QUERY = (
    _query("status", "Only tasks that stand so.", {"enum": list(Status)}),
    _query("task_type", "Only tasks of this type.", {"enum": list(OFFERS)}),
    *PAGE_QUERY,
)
DELIVERIES_QUERY = (_query("task_id", "Only deliveries of this task.", UUID_TEXT),)


def _list_answer(about: str, example: JsonSchema, *, paged: bool = True) -> JsonSchema:
    """A list of objects that look like `example`."""
    item = {"type": "object", "required": list(example)}
    schema: JsonSchema = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": item}},
    }
    shown: JsonSchema = {"data": [example]}
    if paged:
        schema["properties"]["next_cursor"] = OPTIONAL_TEXT
        shown["next_cursor"] = None
    return answer(about, schema, shown)


def _done_answer(about: str, name: str) -> JsonSchema:
    schema = {
        "type": "object",
        "required": ["message", name],
        "properties": {"message": {"const": "success"}, name: UUID_TEXT},
    }
    return answer(about, schema, {"message": "success", name: TASK_ID})


_EVENT: JsonSchema = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {"event": {"const": "task"}, "data": TEXT},
}

#: Successful answers of the routes beyond the page, by endpoint.
EXTRA_ANSWERS: dict[str, JsonSchema] = {
    "list_tasks": _list_answer(
        "Tasks, newest first",
        {
            "task_id": TASK_ID,
            "task_type": "create_music",
            "status": "RUNNING",
            "progress": 42,
            "stage": "singing",
            "error": None,
            "created_at": "2026-03-01T12:00:00.000000Z",
            "finished_at": None,
        },
    ),
    "cancel": _done_answer("Cancelled and refunded", "task_id"),
    "events": {
        "description": "Events named `task`; data: `task_id`, `status`, `stage`, `progress` as JSON",
        "content": {"text/event-stream": {"schema": _EVENT}},
        "headers": REQUEST_ID,
    },
    "list_clips": _list_answer(
        "Clips, newest first",
        {
            "clip_id": CLIP_ID,
            "task_id": TASK_ID,
            "title": "Back to You",
            "duration": 57.312,
            "files": [f"{FILES}.m4a"],
            "created_at": "2026-03-01T12:00:00.000000Z",
        },
    ),
    "delete_clip": _done_answer("Gone, and its files too", "clip_id"),
    "list_deliveries": _list_answer(
        "Deliveries, newest first",
        {
            "delivery_id": CLIP_ID,
            "task_id": TASK_ID,
            "event": "song.completed",
            "webhook_url": "https://example.com/hooks/producer",
            "status": "DELIVERED",
            "created_at": "2026-03-01T12:00:00.000000Z",
            "attempts": [{"at": "2026-03-01T12:00:01.500000Z", "status": 200, "ms": 12, "answer": "ok"}],
        },
        paged=False,
    ),
    "redeliver": _done_answer("Queued again", "delivery_id"),
    "test_webhook": _done_answer("Queued", "delivery_id"),
}


def _field_schema(field: Field) -> JsonSchema:
    kinds: dict[str, JsonSchema] = {
        "boolean": {"type": ["boolean", "null"]},
        "number": {"type": ["number", "null"], "minimum": field.low, "maximum": field.high},
        "choices": {"type": ["array", "null"], "items": {"enum": [*field.choices]}},
        "model": {"type": ["string", "null"], "enum": [*MODELS, *MORE_MODELS, None]},
        "digits": {
            "anyOf": [
                {"type": "string", "pattern": f"^[0-9]{{1,{field.max_chars}}}$"},
                {"type": "integer", "minimum": 0, "maximum": 10 ** (field.max_chars or 0) - 1},
                {"type": "null"},
            ]
        },
    }
    schema = {**kinds.get(field.kind, _text_schema(field)), "description": field.about}
    if field.default not in (None, ()):
        schema["default"] = field.default
    return schema


def _text_schema(field: Field) -> JsonSchema:
    schema: JsonSchema = {"type": "string"} if field.required else {"type": ["string", "null"]}
    if field.choices:
        return schema | {"enum": [*field.choices] if field.required else [*field.choices, None]}
    if field.max_chars is not None:
        schema["maxLength"] = field.max_chars
    if field.required:
        schema["pattern"] = NOT_BLANK
    return schema


_EXAMPLES: dict[type[Exception], str] = {
    InvalidInputError: "The 'title' character length should be less than 80.",
    service.UnauthorizedError: "Invalid API key",
    service.InsufficientCreditsError: str(service.InsufficientCreditsError(3)),
    service.NotFoundError: "task not found",
    service.ConflictError: str(service.ConflictError()),
    service.EndedError: str(service.EndedError()),
    service.RetiredError: "task_type 'cover_music' has been retired. Use create_music with a new prompt.",
    PayloadTooLargeError: str(PayloadTooLargeError()),
    service.TooManyTasksError: str(service.TooManyTasksError()),
    service.UnavailableError: str(service.UnavailableError()),
}


def _failure(face: Face, text: str) -> JsonSchema:
    properties: JsonSchema = {"type": {"const": face.type}, "error": TEXT}
    example: JsonSchema = {"type": face.type, "error": text}
    if face.type == "insufficient_credits":
        properties["remaining_credits"] = {"type": "integer"}
        example["remaining_credits"] = 3
    if face.type == "not_found":
        properties |= {"code": {"const": 404}, "message": TEXT}
        example = {"code": 404, **example, "message": text}
    schema = {"type": "object", "required": ["type", "error"], "properties": properties}
    described: JsonSchema = answer(face.type.replace("_", " "), schema, example)
    if face.retry_after_seconds is not None:
        retry = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        described["headers"] = {**REQUEST_ID, "Retry-After": retry}
    return described
