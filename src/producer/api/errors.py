"""Every error of the house as an HTTP answer, in one table."""

import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from producer.errors import InvalidInputError, ProducerError
from producer.service import errors as service


class PayloadTooLargeError(ProducerError):
    """The request body should be at most 1 MiB."""


class MissingKeyError(service.UnauthorizedError):
    """Authorization header is missing"""


class KeyFormatError(service.UnauthorizedError):
    """Invalid authorization format"""


@dataclass(frozen=True, slots=True)
class Face:
    """How an error looks to a client."""

    status: int
    type: str
    retry_after_seconds: int | None = None


#: The nearest class in an error's family decides.
FACES: dict[type[ProducerError], Face] = {
    InvalidInputError: Face(400, "validation_error"),
    service.UnauthorizedError: Face(401, "unauthorized"),
    service.InsufficientCreditsError: Face(402, "insufficient_credits"),
    service.NotFoundError: Face(404, "not_found"),
    service.ConflictError: Face(409, "idempotency_conflict"),
    service.EndedError: Face(409, "task_ended"),
    service.RetiredError: Face(410, "endpoint_retired"),
    PayloadTooLargeError: Face(413, "payload_too_large"),
    service.TooManyTasksError: Face(429, "rate_limited", 5),
    service.UnavailableError: Face(502, "upstream_error", 5),
}
INTERNAL = Face(500, "internal_error", 10)
INTERNAL_TEXT = "Internal Server Error"
METHOD = Face(405, "method_not_allowed")
NOT_FOUND = FACES[service.NotFoundError]


def render(
    face: Face, text: str, *, remaining: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """An error answer."""
    body: dict[str, object] = {"type": face.type, "error": text}
    if face.status == NOT_FOUND.status:
        body = {"code": face.status, **body, "message": text}
    if remaining is not None:
        body["remaining_credits"] = remaining
    answer = Response(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"),
        face.status,
        media_type="application/json",
        headers=dict(headers or {}),
    )
    if face.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(face.retry_after_seconds)
    return answer


def render_error(error: ProducerError) -> Response:
    """The answer to an error of the house."""
    for kind in type(error).__mro__:
        if kind in FACES:
            remaining = getattr(error, "remaining_credits", None)
            return render(FACES[kind], str(error), remaining=remaining)
    return render(INTERNAL, INTERNAL_TEXT)


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProducerError), "the table says so"
    return render_error(error)


async def _on_http_error(request: Request, error: Exception) -> Response:
    """Unknown routes and methods."""
    assert isinstance(error, HTTPException), "the table says so"
    if error.status_code == METHOD.status:
        return render(METHOD, "Method Not Allowed", headers=error.headers)
    return render(NOT_FOUND, "Not Found")


async def _on_surprise(request: Request, error: Exception) -> Response:
    """What nobody thought of; nothing inside is told."""
    return render(INTERNAL, INTERNAL_TEXT)


#: For the exception handlers of an application.
HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    ProducerError: _on_error,
    HTTPException: _on_http_error,
    Exception: _on_surprise,
}
