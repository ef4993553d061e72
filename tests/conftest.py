"""What all tests share: a real PostgreSQL started once, a running service, no way out to the net."""

import asyncio
import contextlib
import secrets
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

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

from ports import find_port

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


@contextlib.contextmanager
def fresh_database(postgres_url: str) -> Iterator[str]:
    """URL of a database of one's own: a copy of the migrated one."""
    name = f"test_{secrets.token_hex(6)}"
    maintenance = postgres_url.replace("/postgres?", "/template1?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE postgres")
    yield postgres_url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(postgres_url: str) -> Iterator[str]:
    """URL of a fresh database."""
    with fresh_database(postgres_url) as url:
        yield url


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

    account_id: UUID
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

    def open_account(self, **options: int) -> Caller:
        """Make an account, with 1,000 credits unless told otherwise."""
        name = f"olive-{secrets.token_hex(6)}"
        return asyncio.run(_open_account(self.house, name, {"credits": 1000} | options))

    def revoke(self, name_or_key_id: str) -> None:
        """Make keys invalid."""
        asyncio.run(_revoke(self.house, name_or_key_id))

    def query(self, text: str, *values: object) -> list[tuple]:
        """Look straight into the database."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(text, values).fetchall()

    def client(self, caller: Caller | None = None) -> httpx.Client:
        """An HTTP client that speaks for an account."""
        headers = caller.headers if caller else {}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30.0, trust_env=False)


async def _open_account(house: bootstrap.House, name: str, options: dict[str, int]) -> Caller:
    async with bootstrap.open_database(house) as database, database.transaction() as tx:
        opened = await accounts.open_account(tx, name, house.pepper, **options)
    return Caller(opened.account_id, opened.key, opened.webhook_secret)


async def _revoke(house: bootstrap.House, name_or_key_id: str) -> None:
    async with bootstrap.open_database(house) as database, database.transaction() as tx:
        await accounts.revoke(tx, name_or_key_id)


@contextlib.contextmanager
def open_test_house(database_url: str, folder: Path, **settings: object) -> Iterator[bootstrap.House]:
    """A house with a vault on disk; loopback counts as an allowed network."""
    chosen = Settings(
        data_dir=folder,
        database_url=database_url,
        key_pepper=PEPPER,
        engine="fast_engine:FastEngine",
        niceness=0,  # tests have no patience
        lyrics_built_in_model=False,  # the lyricist's own tests have it
        **{"allowed_networks": ("127.0.0.0/8",), "port": find_port()} | settings,
    )
    with bootstrap.open_house(chosen) as opened:
        yield opened


@pytest.fixture
def free_port() -> int:
    """A port nobody listens on."""
    return find_port()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[bootstrap.House]:
    """A house of one's own."""
    with open_test_house(database_url, tmp_path / "data") as opened:
        yield opened


@pytest.fixture(scope="session")
def run_service():
    """Runs a service of one's own; see :func:`running`."""
    return running


@pytest.fixture(scope="session")
def api(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API without workers, shared by all tests: tasks stay PENDING."""
    with (
        fresh_database(postgres_url) as url,
        open_test_house(url, tmp_path_factory.mktemp("api")) as house,
        running(house, with_worker=False) as opened,
    ):
        yield opened


@pytest.fixture(scope="session")
def service(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The API and a worker whose engine makes short songs at once, shared by all tests."""
    with (
        fresh_database(postgres_url) as url,
        open_test_house(url, tmp_path_factory.mktemp("service")) as house,
        running(house, with_worker=True) as opened,
    ):
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
                tasks.append(asyncio.create_task(bootstrap.work(house, stop=stopping)))
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
