"""The published routes, described for OpenAPI. Shapes are checked in :mod:`producer.api.wire`."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from producer.api import openapi, orders, wire
from producer.api.body import read_body
from producer.api.errors import HANDLERS
from producer.api.extras import build_extras
from producer.api.front import BASE, PUBLISHED, SDK, Dialect, Front
from producer.api.pages import build_pages
from producer.api.poll_openapi import poll_operation
from producer.errors import InvalidInputError
from producer.service import accounts, desk
from producer.service.catalogue import OFFERS

MAX_ONCE_KEY_CHARS = 255
ABOUT = """Makes songs: a prompt or words in, a finished sung song out.

Send `Authorization: Bearer <key>` with every request. Every order answers with a `task_id`; poll it, or
give a `webhook_url`. Credits are charged at once and come back when a task fails. Errors have the body
`{"type", "error"}`; every answer carries `X-Request-Id`, and those worth repeating `Retry-After`.
An `Idempotency-Key` header (at most 255 characters) makes repeating a POST safe for 24 hours."""

_ONCE_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body within 24 hours give the same task and one charge.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_ONCE_KEY_CHARS},
}
_KEY = {"type": "http", "scheme": "bearer", "description": "A key of your account."}

Endpoint = Callable[[Request], Awaitable[Response]]


def build_api(front: Front) -> FastAPI:
    """All routes but the poll and the files."""
    api = FastAPI(
        title="Producer API",
        version="1.0",
        description=ABOUT,
        openapi_url=None,
        docs_url=None,  # the usual pages load scripts from elsewhere; ours needs no network
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
    )
    for dialect in (PUBLISHED, SDK):
        for route in orders.ROUTES:
            _add_order_route(api, front, route, dialect)
        api.add_api_route(
            f"{dialect.base}/get-credits",
            _credits_endpoint(front),
            methods=["GET"],
            include_in_schema=dialect is PUBLISHED,
            operation_id="get_credits",
            tags=["published"],
            summary="What the account can spend",
            responses=openapi.answers(
                openapi.answer("The balance", openapi.CREDITS, openapi.CREDITS_EXAMPLE)
            ),
        )
    api.include_router(build_extras(front))
    api.include_router(build_pages(lambda: describe(api)))
    return api


def describe(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the poll added and the key demanded."""
    document = api.openapi()
    document["paths"].setdefault(f"{BASE}/producer/task/{{task_id}}", {})["get"] = poll_operation()
    document.setdefault("components", {})["securitySchemes"] = {"key": _KEY}
    document["security"] = [{"key": []}]
    return document


def _add_order_route(api: FastAPI, front: Front, route: orders.Route, dialect: Dialect) -> None:
    taken = openapi.answer("Taken", openapi.SUBMITTED, openapi.SUBMITTED_EXAMPLE)
    taken["links"] = openapi.TASK_LINKS
    price = OFFERS[route.task_type].credits
    api.add_api_route(
        f"{dialect.base}/producer/{route.path}",
        _submit_endpoint(front, route, dialect),
        methods=["POST"],
        include_in_schema=dialect is PUBLISHED,
        operation_id=route.path.replace("-", "_"),
        tags=["published"],
        summary=f"{route.summary} ({price} credit{'s' if price > 1 else ''})",
        responses=openapi.answers(taken, *openapi.ORDER_FAILURES),
        openapi_extra={
            "requestBody": openapi.body_of(route.fields, route.one_of),
            "parameters": [_ONCE_KEY],
        },
    )


def _submit_endpoint(front: Front, route: orders.Route, dialect: Dialect) -> Endpoint:
    async def submit(request: Request) -> Response:
        account_id = await front.account_of(request)
        once_key = _once_key(request)
        body = wire.read_object(await read_body(request))
        once = once_key and desk.Once(once_key, _digest(route.path, body))
        body = orders.with_defaults(route.fields, body, dialect.defaults)
        order = orders.read_order(route, body, front.admits)
        task_id = await front.till.submit(account_id, order, once=once or None)
        return JSONResponse({"message": "success", "task_id": str(task_id)})

    return submit


def _credits_endpoint(front: Front) -> Endpoint:
    async def get_credits(request: Request) -> Response:
        account_id = await front.account_of(request)
        balance = await accounts.balance(front.db, account_id)
        return JSONResponse({"credits": balance.credits, "extra_credits": balance.extra_credits})

    return get_credits


def _digest(path: str, body: dict[str, Any]) -> bytes:
    """What makes two requests the same: route and fields, in any order."""
    return hashlib.sha256(json.dumps([path, body], sort_keys=True).encode()).digest()


def _once_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_ONCE_KEY_CHARS:
        raise InvalidInputError(
            f"The 'Idempotency-Key' header should have 1 to {MAX_ONCE_KEY_CHARS} characters.",
            field="Idempotency-Key",
        )
    return key
