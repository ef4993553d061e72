"""The outermost layer: a request id on every answer, no traceback in any, a log line for what matters."""

import logging
import os
import re
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGGED_PATH_BYTES = 200
KEY = re.compile(rb"pk_[0-9a-f]{12}_[A-Za-z0-9_-]*")  # somebody may put one where it does not belong
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")

log = logging.getLogger("producer.api")


class Edge:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        status, complete = 0, False
        began = time.perf_counter()

        async def send_marked(message: Message) -> None:
            nonlocal status, complete
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            else:
                complete = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except Exception:
            log.exception("%s %s failed, request %s", scope["method"], _path(scope), request_id.decode())
            if not complete:  # a half answer can only be broken off
                raise
        if scope["method"] != "GET" or status >= 400:
            spent_ms = (time.perf_counter() - began) * 1000
            log.info(
                "%s %s %d %.1f ms, request %s",
                scope["method"],
                _path(scope),
                status,
                spent_ms,
                request_id.decode(),
            )


def _path(scope: Scope) -> str:
    """The path as it was sent, so that no line break gets into the log; without any key."""
    sent: bytes = scope["raw_path"]
    return KEY.sub(b"pk_***", sent)[:LOGGED_PATH_BYTES].decode("ascii", "backslashreplace")


def _request_id(scope: Scope) -> bytes:
    """The caller's, when it is a sane one, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return bytes(value)
    return os.urandom(16).hex().encode()
