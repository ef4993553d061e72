"""The counter of the desk: every route and what stands around them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from producer.api import errors
from producer.api.counter import Counter, Listening
from producer.api.edge import Edge
from producer.api.files import FilesRoute, FileVault
from producer.api.front import BASE, COMPAT, PUBLISHED, SDK, Front
from producer.api.orders import Admits
from producer.api.poll import PollRoute
from producer.api.routes import build_api
from producer.service.ports import Database, Vault
from producer.service.till import Till


class ApiDatabase(Database, Listening, Protocol):
    """A database that also tells what changes."""


class ApiVault(Vault, FileVault, Protocol):
    """A vault that also says where its files lie."""


def build_app(db: ApiDatabase, vault: ApiVault, pepper: bytes, admits: Admits) -> ASGIApp:
    """The whole service as one ASGI application.

    Parameters
    ----------
    db
        An open database.
    vault
        Where the files are.
    pepper
        Secret of the keys' digests.
    admits
        Whether we would go to a URL of a customer.
    """
    counter = Counter(db, vault, pepper)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(counter.listen(db))
        yield
        listening.cancel()
        await asyncio.wait([listening])

    async def readyz(request: Request) -> Response:
        await db.one("ping")
        return JSONResponse({"status": "ready"})

    routes: list[BaseRoute] = [
        Route(
            f"{dialect.base}/producer/task/{{task_id}}",
            PollRoute(counter, dialect.running_status),
            methods=["GET"],
        )
        for dialect in (PUBLISHED, SDK)
    ]
    routes += [
        Route("/producer/{name}", FilesRoute(vault).answer, methods=["GET"]),
        Route("/healthz", healthz, methods=["GET"]),
        Route("/readyz", readyz, methods=["GET"]),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=errors.HANDLERS)
    # Not a mount, which would answer wrong methods of the routes above with 404.
    app.router.default = build_api(Front(db=db, vault=vault, counter=counter, till=Till(db), admits=admits))
    return Edge(app)


async def healthz(request: Request) -> Response:
    """Whether the process is alive."""
    return JSONResponse({"status": "ok"})


__all__ = ["BASE", "COMPAT", "ApiDatabase", "ApiVault", "build_app"]
