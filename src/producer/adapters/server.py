"""The HTTP server: uvicorn with bounds on headers, in size and in time."""

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_BYTES = 32 * 1024
HEADER_SECONDS = 15.0
KEEP_ALIVE_SECONDS = 30
GRACE_SECONDS = 5
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


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

    def _give_up(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()


class _Server(uvicorn.Server):
    """Ends by returning, so that workers and database end in order; uvicorn's own would die of the signal."""

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
