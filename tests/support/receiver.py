"""A web server on this machine that plays a customer's: receives webhooks, offers files."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """What came in, and how to answer."""

    url: str
    requests: list[Received] = field(default_factory=list)
    statuses: dict[str, list[int]] = field(default_factory=dict)  #: of a path, one after the other
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    released: threading.Event = field(
        default_factory=threading.Event
    )  #: ends the dawdling of /hang and /drip
    heard: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, path: str, count: int = 1) -> list[Received]:
        """Requests to a path, when there are as many as wanted."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self.heard:
            while len(found := [r for r in self.requests if r.path == path]) < count:
                assert self.heard.wait(deadline - time.monotonic()), f"{len(found)} of {count} came to {path}"
        return found


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            lowered = {name.lower(): value for name, value in self.headers.items()}
            with receiver.heard:
                receiver.requests.append(Received(self.command, self.path, lowered, body))
                receiver.heard.notify_all()
            self.reply()

        do_GET = do_POST

        def reply(self) -> None:
            if self.path.startswith("/hang"):
                receiver.released.wait(PATIENCE_SECONDS)
            if self.path.startswith("/drip"):
                self.drip()
                return
            if self.path in receiver.redirects:
                self.answer(302, b"", {"Location": receiver.redirects[self.path]})
                return
            if self.path in receiver.files:
                self.answer(200, receiver.files[self.path])
                return
            queued = receiver.statuses.get(self.path)
            status = (queued.pop(0) if len(queued) > 1 else queued[0]) if queued else 200
            self.answer(status, b"x" * 5_000_000 if self.path.startswith("/huge") else b"thanks")

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def drip(self) -> None:
            """Headers that come a letter at a time."""
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"z" * 10_000:
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    if receiver.released.wait(0.2):
                        break
            except (BrokenPipeError, ConnectionResetError):
                pass
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # receivers' customers hang up all the time

    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
