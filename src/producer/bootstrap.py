"""The only file that knows every room and joins them."""

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from starlette.types import ASGIApp

from producer.adapters import queue as job_queue
from producer.adapters.children import Child
from producer.adapters.database import PostgresDatabase
from producer.adapters.deathbed import die_with_parent
from producer.adapters.migrate import migrate
from producer.adapters.network import Gate, HttpCourier, HttpFetcher, Network
from producer.adapters.postgres import EmbeddedPostgres
from producer.adapters.scratch import scratch_folder
from producer.adapters.server import build_server
from producer.adapters.vault import ObjectVault
from producer.api.app import build_app
from producer.engines.base import Engine, WriteLyrics
from producer.errors import SettingsError
from producer.service import accounts, desk, webhooks
from producer.service.catalogue import Queue
from producer.service.jobs import Tools
from producer.service.worker import Worker
from producer.settings import Settings

DEMO = "demo"
DEMO_CREDITS = 1000
PEPPER_BYTES = 32
#: Child processes of one worker, and so its jobs at the same time, by queue.
CHILDREN: dict[Queue, int] = {Queue.SONGS: 1, Queue.QUICK: 2, Queue.UPLOADS: 2}
WORKER_CONNECTIONS = 24
API_CONNECTIONS, READY_CONNECTIONS = 16, 8  # what is always open is enough for a crowd of polls and orders
DELIVERIES = 64  # webhooks that one worker sends at the same time


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """An OpenAI-compatible endpoint that writes lyrics."""

    url: str
    name: str
    api_key: SecretStr | None
    timeout_seconds: float


def build_writer(model: LanguageModel | None, *, with_built_in: bool = True) -> WriteLyrics:
    """The house's writer of lyrics, or the operator's language model with the house's as safety net."""
    # Here, so that the process of the API needs no arrays: only the workers' children write.
    from producer.adapters.language_model import ChatEndpoint
    from producer.lyricist import write_lyrics, write_with_model
    from producer.lyricist.remote import RemoteWriter

    embedded = write_with_model if with_built_in else write_lyrics
    if model is None:
        return embedded
    key = model.api_key.get_secret_value() if model.api_key else None
    endpoint = ChatEndpoint(model.url, api_key=key, timeout_seconds=model.timeout_seconds)
    return RemoteWriter(endpoint.post, model=model.name, embedded=embedded).write_lyrics


def build_engine(name: str, write_words: WriteLyrics) -> Engine:
    """Build the engine of that name, ``module:class``.

    Raises
    ------
    SettingsError
        There is none.
    """
    module, _, attribute = name.partition(":")
    try:
        engine: Engine = getattr(import_module(module), attribute)(write_words)
    except (ModuleNotFoundError, AttributeError) as error:
        raise SettingsError(f"PRODUCER_ENGINE can't be used: {error}.") from error
    return engine


@dataclass(frozen=True, slots=True)
class Workshop:
    """Builds the jobs' tools in a child process."""

    engine: str
    storage_url: str
    public_base: str | None
    allowed_networks: tuple[Network, ...] = ()
    language_model: LanguageModel | None = None
    built_in_model: bool = True

    def open(self) -> Tools:
        """Build them; the engine at its first use, and then it stays."""
        built: list[Engine] = []
        writer = build_writer(self.language_model, with_built_in=self.built_in_model)

        def engine() -> Engine:
            if not built:
                built.append(build_engine(self.engine, writer))
            return built[0]

        return Tools(
            engine=engine,
            write_lyrics=writer,
            vault=ObjectVault(self.storage_url, self.public_base),
            fetcher=HttpFetcher(self.allowed_networks),
        )


@dataclass(frozen=True, slots=True)
class House:
    """Settings with the blanks filled in: where everything is."""

    settings: Settings
    database_url: str
    storage_url: str
    files_base: str | None
    pepper: bytes

    def vault(self) -> ObjectVault:
        """The vault."""
        return ObjectVault(self.storage_url, self.files_base)


@contextmanager
def open_house(settings: Settings, *, own_database: bool = False) -> Iterator[House]:
    """Make the data folder and the database ready; an embedded database ends with the block.

    Raises
    ------
    SettingsError
        A setting can't be used, or the database does not start.
    """
    folder = settings.data_dir.absolute()
    with ExitStack() as stack:
        url = settings.database_url
        if url is None:
            url = stack.enter_context(EmbeddedPostgres(folder / "postgres", own=own_database)).url
        migrate(url)
        storage_url = settings.storage_url or (folder / "vault").as_uri()
        local = storage_url.startswith("file:")
        yield House(
            settings=settings,
            database_url=url,
            storage_url=storage_url,
            files_base=settings.base_url if local else settings.files_url,
            pepper=_pepper(settings),
        )


@asynccontextmanager
async def open_database(
    house: House, *, size: int = WORKER_CONNECTIONS, ready: int = 1
) -> AsyncIterator[PostgresDatabase]:
    """The house's database with an open pool."""
    database = PostgresDatabase(house.database_url, size=size, ready=ready)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def api_app(house: House, database: PostgresDatabase) -> ASGIApp:
    """The API over an open database."""
    gate = Gate(house.settings.allowed_networks)
    return build_app(
        database, house.vault(), house.pepper, lambda url, plain: gate.admits(url, plain_http=plain)
    )


async def serve(house: House, announce: Callable[[str, str], None]) -> None:
    """Serve the API and keep worker processes running until SIGINT or SIGTERM.

    `announce` is called with (base URL, demo key) when requests are taken.
    """
    async with open_database(house, size=API_CONNECTIONS, ready=READY_CONNECTIONS) as database:
        key = await ensure_demo_account(house, database)
        server = build_server(api_app(house, database), house.settings.host, house.settings.port)
        stopped = asyncio.create_task(server.serve())
        while not server.started and not stopped.done():
            await asyncio.sleep(0.01)
        if stopped.done():
            await stopped
            return
        keepers = [asyncio.create_task(_keep_worker(house)) for _ in range(house.settings.workers)]
        announce(house.settings.base_url, key)
        await stopped
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep_worker(house: House) -> None:
    """Run a worker process; when it ends by itself, start another."""
    environment = {**os.environ, "PRODUCER_DATABASE_URL": house.database_url, **_told(house)}
    command = [sys.executable, "-m", "producer.cli", "worker", "--parent", str(os.getpid())]
    while True:
        process = await asyncio.create_subprocess_exec(*command, env=environment, start_new_session=True)
        try:
            await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        await asyncio.sleep(1.0)


def _told(house: House) -> dict[str, str]:
    """What a worker must know of this process's settings."""
    return {
        "PRODUCER_DATA_DIR": str(house.settings.data_dir.absolute()),
        "PRODUCER_PUBLIC_URL": house.settings.base_url,
    }


def language_model(settings: Settings) -> LanguageModel | None:
    """The operator's language model, if there is one."""
    if settings.lyrics_llm_url is None:
        return None
    return LanguageModel(
        settings.lyrics_llm_url,
        settings.lyrics_llm_model,
        settings.lyrics_llm_api_key,
        settings.lyrics_llm_timeout_seconds,
    )


async def work(house: House, *, stop: asyncio.Event | None = None) -> None:
    """Carry out jobs until SIGINT or SIGTERM, or until `stop` is set."""
    stop = stop or _stop_on_signal()
    settings = house.settings
    workshop = Workshop(
        settings.engine,
        house.storage_url,
        house.files_base,
        settings.allowed_networks,
        language_model(settings),
        settings.lyrics_built_in_model,
    )
    with scratch_folder(settings.data_dir.absolute() / "work") as folder:
        courier = HttpCourier(settings.allowed_networks)
        children = {
            queue: [Child(settings.niceness if queue is Queue.SONGS else 0) for _ in range(number)]
            for queue, number in CHILDREN.items()
        }
        try:
            async with open_database(house) as database:
                worker = Worker(
                    database=database,
                    vault=house.vault(),
                    courier=courier,
                    workshop=workshop,
                    children=children,
                    folder=folder,
                )
                handlers = {desk.JOB: worker.carry_out, webhooks.JOB: worker.deliver}
                concurrency = CHILDREN | {Queue.COURIER: DELIVERIES}
                await job_queue.work(database, handlers, concurrency, housekeeping=worker.tidy_up, stop=stop)
        finally:
            await courier.close()
            for child in (child for row in children.values() for child in row):
                child.close()


def attach_to_parent(parent: int) -> None:
    """End this process when its parent does."""
    die_with_parent(signal.SIGKILL, parent=parent)


def run(main: Any) -> None:
    """Run a coroutine on the faster event loop."""
    import uvloop

    uvloop.run(main)


async def ensure_demo_account(house: House, database: PostgresDatabase) -> str:
    """Key of the demo account, made at the first start and kept in the data folder."""
    path = house.settings.data_dir.absolute() / "demo.key"
    async with database.transaction() as tx:
        if path.exists():
            key = path.read_text("utf-8").strip()
            if await tx.one("find_account", name=DEMO) is not None:
                return key
        if (account := await tx.one("find_account", name=DEMO)) is not None:
            key = await accounts.add_key(tx, account["id"], house.pepper)
        else:
            opened = await accounts.open_account(tx, DEMO, house.pepper, credits=DEMO_CREDITS)
            key = opened.key
    _write_secret(path, key)
    return key


def _stop_on_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _pepper(settings: Settings) -> bytes:
    """The secret of the keys' digests: from the settings, or made once and kept in the data folder."""
    if settings.key_pepper is not None:
        return settings.key_pepper.encode()
    path = settings.data_dir.absolute() / "pepper"
    if not path.exists():
        _write_secret(path, secrets.token_hex(PEPPER_BYTES))
    return path.read_text("utf-8").strip().encode()


def _write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it appears whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{text}\n")
    fresh.replace(path)
