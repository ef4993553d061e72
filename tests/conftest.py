"""What all tests share: a real PostgreSQL, started once; a house that opens in a moment; no way out to the net."""

import asyncio
import contextlib
import secrets
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
import pytest_socket

from producer import bootstrap
from producer.adapters.database import PostgresDatabase
from producer.adapters.migrate import migrate
from producer.adapters.postgres import EmbeddedPostgres
from producer.adapters.server import build_server
from producer.service import accounts
from producer.settings import Settings

# Child processes find the engine by its module's name.
sys.path.insert(0, str(Path(__file__).parent / "support"))
from fast_engine import fast_engine  # noqa: E402

LOOPBACK = ["127.0.0.1", "::1", "localhost"]
PEPPER = "salt is for songs"


def pytest_runtest_setup() -> None:
    """Close all sockets but unix ones and those to this machine."""
    pytest_socket.socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a running, migrated PostgreSQL that lives as long as the tests."""
    with (
        tempfile.TemporaryDirectory(prefix="producer-tests-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres") as server,
    ):
        migrate(server.url)
        yield server.url


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """URL of a fresh database: a copy of the migrated one."""
    name = f"test_{secrets.token_hex(6)}"
    maintenance = postgres_url.replace("/postgres?", "/template1?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
        yield postgres_url.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[PostgresDatabase]:
    """An open, empty database."""
    opened = PostgresDatabase(database_url, size=8)
    await opened.open()
    yield opened
    await opened.close()


@dataclass(frozen=True, slots=True)
class Caller:
    """An account and how to call with it."""

    account_id: object
    key: str
    webhook_secret: str

    @property
    def headers(self) -> dict[str, str]:
        """The header that every request needs."""
        return {"Authorization": f"Bearer {self.key}"}


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: API on a real port, a worker, a house."""

    base_url: str
    house: bootstrap.House
    database_url: str

    def open_account(self, name: str = "olive", **options: int) -> Caller:
        """Make an account, with 1,000 credits unless told otherwise."""
        return asyncio.run(_open_account(self.house, name, {"credits": 1000} | options))

    def client(self, caller: Caller | None = None) -> httpx.Client:
        """An HTTP client that speaks for an account."""
        headers = caller.headers if caller else {}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30.0, trust_env=False)


async def _open_account(house: bootstrap.House, name: str, options: dict[str, int]) -> Caller:
    async with bootstrap.open_database(house) as database, database.transaction() as tx:
        opened = await accounts.open_account(tx, name, house.pepper, **options)
    return Caller(opened.account_id, opened.key, opened.webhook_secret)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[bootstrap.House]:
    """A house on a fresh database, with a vault on disk; loopback counts as an allowed network."""
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        key_pepper=PEPPER,
        allowed_networks=("127.0.0.0/8",),
        port=free_port(),
    )
    with bootstrap.open_house(settings) as opened:
        yield opened


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def api(house: bootstrap.House) -> Iterator[Service]:
    """The API alone: tasks stay PENDING."""
    with running(house, with_worker=False) as service:
        yield service


@pytest.fixture
def service(house: bootstrap.House) -> Iterator[Service]:
    """API and a worker whose engine makes short songs fast."""
    with running(house, with_worker=True) as opened:
        yield opened


@contextlib.contextmanager
def running(house: bootstrap.House, *, with_worker: bool) -> Iterator[Service]:
    """Run the API, and a worker if wanted, in a thread with an event loop of its own."""
    started, failed = threading.Event(), []
    stop: list[object] = []

    async def main() -> None:
        stopping = asyncio.Event()
        async with bootstrap.open_database(house) as database:
            server = build_server(bootstrap.api_app(house, database), "127.0.0.1", house.settings.port)
            server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
            server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
            tasks = [asyncio.create_task(server.serve())]
            if with_worker:
                tasks.append(asyncio.create_task(bootstrap.work(house, engine=fast_engine, stop=stopping)))
            while not server.started:
                await asyncio.sleep(0.005)
            loop = asyncio.get_running_loop()

            def leave() -> None:
                stopping.set()
                server.should_exit = True

            stop.append(lambda: loop.call_soon_threadsafe(leave))
            started.set()
            await asyncio.gather(*tasks)

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            started.set()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(30)
    try:
        if not failed:
            yield Service(house.settings.base_url, house, house.database_url)
    finally:
        for leave in stop:
            leave()  # type: ignore[operator]
        thread.join(30)
    if failed:
        raise failed[0]
