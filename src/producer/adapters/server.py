"""The HTTP server: uvicorn with bounds on headers, in size and in time."""

import asyncio
import contextlib
import gc
import json
import secrets
import signal
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_BYTES = 32 * 1024
HEADER_SECONDS = 15.0
KEEP_ALIVE_SECONDS = 30
GRACE_SECONDS = 5


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose request line and headers are too long or dawdle."""

    _waiting_bytes = 0
    _deadline: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Parse, and count what has come of headers that are not complete yet."""
        if self._deadline is None and self._waiting_bytes == 0:
            self._deadline = self.loop.call_later(HEADER_SECONDS, self._give_up)
        self._waiting_bytes += len(data)
        super().data_received(data)
        if self._waiting_bytes > MAX_HEADER_BYTES:
            self._give_up()

    def on_headers_complete(self) -> None:
        """Stop counting: what follows is the body, which the application bounds."""
        self._stop_clock()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Start anew for the next request of the connection."""
        super().on_message_complete()
        self._waiting_bytes = 0

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def _stop_clock(self) -> None:
        self._waiting_bytes = -(1 << 62)  # nothing is counted before the next request begins
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, in the form of the API's errors."""
        self._refuse("400 Bad Request", "The request should be valid HTTP/1.1.")

    def _give_up(self) -> None:
        self._refuse(
            "431 Request Header Fields Too Large",
            f"The headers should have {MAX_HEADER_BYTES} bytes at most and arrive in {HEADER_SECONDS:.0f} s.",
        )

    def _refuse(self, status: str, text: str) -> None:
        """Answer a request that never becomes one for the application, and hang up."""
        if self.transport is None or self.transport.is_closing():
            return
        body = json.dumps({"type": "validation_error", "error": text})
        self.transport.write(
            f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
            f"x-request-id: {secrets.token_hex(16)}\r\nconnection: close\r\n\r\n{body}".encode()
        )
        self.transport.close()


class _Server(uvicorn.Server):
    """Ends by returning, so that workers and database end in order; uvicorn's own would die of the signal."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen; what was loaded until now stays for good, so collecting garbage need not look at it again.

        A full collection over the modules of the application takes 60 ms and more, in which nobody is
        answered (see :func:`gc.freeze`).
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Have SIGINT and SIGTERM stop the server while it runs."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


def build_server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """A server that is ready to run."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=BoundedProtocol,
        ws="none",
        loop="uvloop",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return _Server(config)
