"""Routes beyond the published page: an owner's tasks, clips and webhooks."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from producer.api import openapi, shapes, wire
from producer.api.body import read_body
from producer.api.errors import PayloadTooLargeError
from producer.api.front import BASE, Front
from producer.errors import InvalidInputError
from producer.service import clips, desk, webhooks
from producer.service.answers import timestamp
from producer.service.catalogue import OFFERS, Status
from producer.service.errors import EndedError, NotFoundError
from producer.service.ports import Row

BEAT_SECONDS = 15.0  # silence after which an event stream shows that it is alive
PAGE, MAX_PAGE = 50, 200
MAX_NUMBER = 2**63 - 1
DONE = {"message": "success"}


class _Routes:
    """Endpoints over one front."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def list_tasks(self, request: Request) -> Response:
        """Tasks of the account, newest first."""
        account_id = await self._front.account_of(request)
        limit, before = _page(request)
        rows = await desk.list_tasks(
            self._front.db,
            account_id,
            status=_choice(request, "status", tuple(Status)),
            task_type=_choice(request, "task_type", tuple(OFFERS)),
            before=before,
            limit=limit,
        )
        return JSONResponse({"data": [_task(row) for row in rows], "next_cursor": _cursor(rows, limit)})

    async def cancel(self, request: Request) -> Response:
        """Stop a task; it FAILS as cancelled and is refunded."""
        account_id = await self._front.account_of(request)
        task_id = _id(request, "task_id", "task not found")
        await desk.cancel(self._front.db, account_id, task_id)
        return JSONResponse({**DONE, "task_id": str(task_id)})

    async def events(self, request: Request) -> Response:
        """Status, stage and progress of a task as server-sent events, until it has ended."""
        account_id = await self._front.account_of(request)
        task_id = str(_id(request, "task_id", "task not found"))
        await self._front.counter.poll(account_id, task_id)  # a 404 before the stream begins
        stream = self._stream(account_id, task_id)
        return StreamingResponse(
            stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _stream(self, account_id: UUID, task_id: str) -> AsyncIterator[str]:
        told = ""
        with self._front.counter.watch(task_id) as changed:
            while True:
                changed.clear()
                answer = await self._front.counter.poll(account_id, task_id)
                body = json.loads(answer.body)
                event = {
                    name: body[name] for name in ("task_id", "status", "stage", "progress") if name in body
                }
                text = json.dumps(event)
                yield f"event: task\ndata: {text}\n\n" if text != told else ": still here\n\n"
                told = text
                if answer.is_final:
                    return
                try:
                    await asyncio.wait_for(changed.wait(), BEAT_SECONDS)
                except TimeoutError:
                    continue

    async def list_clips(self, request: Request) -> Response:
        """Clips of the account, newest first."""
        account_id = await self._front.account_of(request)
        limit, before = _page(request)
        rows = await clips.list_clips(self._front.db, account_id, before=before, limit=limit)
        found = [self._clip(row) for row in rows]
        return JSONResponse({"data": found, "next_cursor": _cursor(rows, limit)})

    async def delete_clip(self, request: Request) -> Response:
        """Forget a clip and remove its files."""
        account_id = await self._front.account_of(request)
        clip_id = _id(request, "clip_id", "clip not found")
        files = await clips.delete_clip(self._front.db, account_id, clip_id)
        await to_thread.run_sync(self._front.vault.delete, files)
        return JSONResponse({**DONE, "clip_id": str(clip_id)})

    async def list_deliveries(self, request: Request) -> Response:
        """Webhook deliveries of the account with every attempt, newest first."""
        account_id = await self._front.account_of(request)
        text = request.query_params.get("task_id")
        task_id = None if text is None else _read_id(text, "task_id")
        rows = await webhooks.list_deliveries(self._front.db, account_id, task_id)
        return JSONResponse({"data": [_delivery(row) for row in rows]})

    async def redeliver(self, request: Request) -> Response:
        """Send a delivery again under the same id."""
        account_id = await self._front.account_of(request)
        delivery_id = _id(request, "delivery_id", "delivery not found")
        async with self._front.db.transaction() as tx:
            await webhooks.redeliver(tx, account_id, delivery_id)
        return JSONResponse({**DONE, "delivery_id": str(delivery_id)})

    async def test_webhook(self, request: Request) -> Response:
        """Send a harmless event to a URL."""
        account_id = await self._front.account_of(request)
        body = wire.read_object(await read_body(request))
        values = wire.check(shapes.TEST_WEBHOOK, body, self._front.admits)
        async with self._front.db.transaction() as tx:
            delivery_id = await webhooks.send_test(
                tx, account_id, values["webhook_url"], values["webhook_secret"] or None
            )
        return JSONResponse({**DONE, "delivery_id": str(delivery_id)})

    def _clip(self, row: Row) -> dict[str, Any]:
        return {
            "clip_id": str(row["id"]),
            "task_id": str(row["task_id"]),
            "title": row["title"],
            "duration": row["duration"],
            "files": [self._front.vault.url(key) for key in row["files"] if key.startswith("producer/")],
            "created_at": timestamp(row["created_at"]),
        }


def build_extras(front: Front) -> APIRouter:
    """All routes of this module."""
    routes = _Routes(front)
    router = APIRouter(prefix=BASE, tags=["beyond the page"])
    missing, invalid = NotFoundError, InvalidInputError
    for method, path, endpoint, parameters, kinds in (
        ("GET", "/producer/tasks", routes.list_tasks, openapi.TASK_QUERY, (invalid,)),
        ("POST", "/producer/task/{task_id}/cancel", routes.cancel, openapi.TASK_PATH, (missing, EndedError)),
        ("GET", "/producer/task/{task_id}/events", routes.events, openapi.TASK_PATH, (missing,)),
        ("GET", "/producer/clips", routes.list_clips, openapi.PAGE_QUERY, (invalid,)),
        ("DELETE", "/producer/clip/{clip_id}", routes.delete_clip, openapi.CLIP_PATH, (missing,)),
        ("GET", "/webhooks/deliveries", routes.list_deliveries, openapi.DELIVERIES_QUERY, (invalid,)),
        (
            "POST",
            "/webhooks/deliveries/{delivery_id}/redeliver",
            routes.redeliver,
            openapi.DELIVERY_PATH,
            (missing,),
        ),
        ("POST", "/webhooks/test", routes.test_webhook, (), (invalid, PayloadTooLargeError)),
    ):
        extra: dict[str, Any] = {"parameters": list(parameters)}
        if endpoint == routes.test_webhook:
            extra["requestBody"] = openapi.body_of(shapes.TEST_WEBHOOK)
        name = endpoint.__name__
        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            operation_id=name,
            summary=(endpoint.__doc__ or "").strip(),
            responses=openapi.answers(openapi.EXTRA_ANSWERS[name], *kinds),
            openapi_extra=extra,
        )
    return router


def _task(row: Row) -> dict[str, Any]:
    return {
        "task_id": str(row["id"]),
        "task_type": row["task_type"],
        "status": row["status"],
        "progress": row["progress"],
        "stage": row["stage"],
        "error": row["error"],
        "created_at": timestamp(row["created_at"]),
        "finished_at": row["finished_at"] and timestamp(row["finished_at"]),
    }


def _delivery(row: Row) -> dict[str, Any]:
    return {
        "delivery_id": str(row["id"]),
        "task_id": row["task_id"] and str(row["task_id"]),
        "event": row["event"],
        "webhook_url": row["url"],
        "status": row["status"],
        "created_at": timestamp(row["created_at"]),
        "attempts": row["attempts"],
    }


def _page(request: Request) -> tuple[int, int | None]:
    """Page size and cursor of a list."""
    limit = _number(request, "limit", PAGE, MAX_PAGE)
    before = request.query_params.get("cursor")
    return limit, None if before is None else _number(request, "cursor", 0, MAX_NUMBER)


def _number(request: Request, name: str, default: int, highest: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= highest):
        raise InvalidInputError(f"The '{name}' parameter should be a number from 1 to {highest}.", field=name)
    return int(text)


def _cursor(rows: list[Row], limit: int) -> str | None:
    return str(rows[-1]["number"]) if len(rows) == limit else None


def _choice(request: Request, name: str, allowed: tuple[str, ...]) -> str | None:
    text = request.query_params.get(name)
    if text is not None and text not in allowed:
        raise InvalidInputError(
            f"The '{name}' parameter is invalid. Allowed values: {', '.join(allowed)}.", field=name
        )
    return text


def _id(request: Request, name: str, missing: str) -> UUID:
    """An id of the path; what is no id names nothing."""
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise NotFoundError(missing) from None


def _read_id(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError(f"The '{name}' parameter should be an id.", field=name) from None
