"""The published routes, described for OpenAPI. Shapes are checked in :mod:`producer.api.wire`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from producer.api import orders, wire
from producer.api.auth import account_of
from producer.api.body import read_body
from producer.api.counter import Counter
from producer.api.errors import HANDLERS
from producer.errors import InvalidInputError
from producer.service import accounts, desk
from producer.service.ports import Database, Vault

BASE = "/api/v1"
COMPAT = "/compat/musicapi/v1"
MAX_ONCE_KEY_CHARS = 255

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of speaking the API."""

    base: str
    running_status: int  #: HTTP status of polls while a task runs
    defaults: Mapping[str, Any] = field(default_factory=dict)  #: of fields that it leaves out


PUBLISHED = Dialect(BASE, 200)
#: How the public ``musicapi-sdk`` speaks.
SDK = Dialect(COMPAT, 202, {"task_type": orders.CREATE, "format": "mp3"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the routes work with."""

    db: Database
    vault: Vault
    counter: Counter
    admits: orders.Admits

    async def account_of(self, request: Request) -> UUID:
        """Who is asking; raises UnauthorizedError."""
        return await account_of(request.scope, self.counter)


def build_api(counter: Desk) -> FastAPI:
    """All routes but the poll and the files."""
    api = FastAPI(title="Producer API", version="1.0", redirect_slashes=False, exception_handlers=HANDLERS)
    for dialect in (PUBLISHED, SDK):
        for route in orders.ROUTES:
            api.add_api_route(
                f"{dialect.base}/producer/{route.path}",
                _submit_endpoint(counter, route, dialect),
                methods=["POST"],
                include_in_schema=dialect is PUBLISHED,
                summary=route.summary,
            )
        api.add_api_route(
            f"{dialect.base}/get-credits",
            _credits_endpoint(counter),
            methods=["GET"],
            include_in_schema=dialect is PUBLISHED,
            summary="What the account can spend",
        )
    return api


def _submit_endpoint(counter: Desk, route: orders.Route, dialect: Dialect) -> Endpoint:
    async def submit(request: Request) -> Response:
        account_id = await counter.account_of(request)
        once_key = _once_key(request)
        body = wire.read_object(await read_body(request))
        body = orders.with_defaults(route.fields, body, dialect.defaults)
        order = orders.read_order(route, body, counter.admits)
        task_id = await desk.submit(counter.db, account_id, order, once_key=once_key)
        return JSONResponse({"message": "success", "task_id": str(task_id)})

    submit.__name__ = route.path.replace("-", "_")
    return submit


def _credits_endpoint(counter: Desk) -> Endpoint:
    async def get_credits(request: Request) -> Response:
        account_id = await counter.account_of(request)
        async with counter.db.transaction() as tx:
            balance = await accounts.balance(tx, account_id)
        return JSONResponse({"credits": balance.credits, "extra_credits": balance.extra_credits})

    return get_credits


def _once_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= MAX_ONCE_KEY_CHARS:
        raise InvalidInputError(
            f"The 'Idempotency-Key' header should have 1 to {MAX_ONCE_KEY_CHARS} characters.",
            field="Idempotency-Key",
        )
    return key
