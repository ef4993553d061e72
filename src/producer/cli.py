"""The command line: ``producer serve | worker | song | account | assets``."""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from producer.errors import InvalidInputError, ProducerError

app = typer.Typer(
    help="Makes songs: a prompt or words in, a finished sung song out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
account_app = typer.Typer(help="Accounts of the service.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(account_app, name="account")

CURL = """curl -s {base}/api/v1/producer/create -H 'Authorization: Bearer {key}' \
-H 'Content-Type: application/json' \
-d '{{"task_type":"create_music","sound":"gentle indie folk with acoustic guitar, warm female vocal",\
"lyrics":"[Verse 1]\\nLate night drives across the city\\nEvery red light knows my name\\n[Chorus]\\n\
I am coming back to you\\nThrough the thunder and the rain","title":"Back to You","seed":"12345"}}'"""


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the database, the API and the workers."""
    from producer import bootstrap
    from producer.settings import load_settings

    _log_to_stderr()
    settings = load_settings(host=host, port=port)
    with bootstrap.open_house(settings, own_database=True) as house:
        bootstrap.run(bootstrap.serve(house, _announce))


@app.command()
def worker(parent: Annotated[int | None, typer.Option(hidden=True)] = None) -> None:
    """Carry out tasks; run as many as you like, on any machine that reaches the database."""
    from producer import bootstrap
    from producer.settings import load_settings

    if parent is not None:
        bootstrap.attach_to_parent(parent)
    _log_to_stderr()
    with bootstrap.open_house(load_settings()) as house:
        bootstrap.run(bootstrap.work(house))


@app.command()
def song(
    out: Annotated[Path, typer.Option(help="File to write: .wav, .m4a or .mp3.")],
    prompt: Annotated[str, typer.Option(help="Style, mood, instruments.")] = "",
    lyrics: Annotated[Path | None, typer.Option(help="Text file with the words.")] = None,
    seed: Annotated[str | None, typer.Option(help="Digits; the same seed gives the same song.")] = None,
    length: Annotated[float | None, typer.Option(help="Length in seconds, 1-240.")] = None,
    bpm: Annotated[float | None, typer.Option(help="Tempo, 30-300.")] = None,
    title: Annotated[str | None, typer.Option(help="Invented when absent.")] = None,
    model: Annotated[str, typer.Option(help="Name of a model.")] = "FUZZ-2.0",
    instrumental: Annotated[bool, typer.Option(help="Nobody sings.")] = False,
) -> None:
    """Make one song, without server or database."""
    from producer.api.orders import ROUTES, draw_seed, read_order
    from producer.service.jobs.song import read_commission

    began = time.monotonic()
    body = {
        "task_type": "create_music",
        "sound": prompt or None,
        "lyrics": _read_words(lyrics) if lyrics else None,
        "seed": seed or draw_seed(),
        "length": length,
        "bpm": bpm,
        "title": title,
        "mv": model,
        "make_instrumental": instrumental,
    }
    order = read_order(ROUTES[0], body, lambda url, plain: False)
    if out.suffix not in {".wav", ".m4a", ".mp3"}:
        raise InvalidInputError("--out should end in .wav, .m4a or .mp3.", field="out")
    recording = _record(read_commission(order.request))
    _save(recording, out)
    key = recording.song.key.name if recording.song else "?"
    tempo = f"{recording.brief['bpm']:g}" if "bpm" in recording.brief else "?"
    print(
        f"{out}: {recording.title} · {key} · {tempo} bpm · {recording.audio.seconds:.1f} s · "
        f"seed {recording.seed} · made in {time.monotonic() - began:.1f} s"
    )


@app.command()
def assets() -> None:
    """Fetch sounds, voices and models, and prepare them."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from producer import assets as shelf

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns) as progress:
        bars: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=None)
            progress.update(bars[what], completed=done, total=total or None)

        shelf.fetch(show)
    _warm()


@account_app.command("create")
def account_create(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    credits: Annotated[int, typer.Option(help="Credits to start with.")] = 0,
    extra_credits: Annotated[int, typer.Option(help="Credits that never expire; spent first.")] = 0,
    concurrency: Annotated[int, typer.Option(help="Most tasks at the same time.")] = 5,
) -> None:
    """Create an account; the last word printed is its key, told only this once."""
    from producer.service import accounts

    async def create(tx: Any, pepper: bytes) -> None:
        opened = await accounts.open_account(
            tx, name, pepper, credits=credits, extra_credits=extra_credits, concurrency=concurrency
        )
        print(f"webhook secret: {opened.webhook_secret}")
        print(f"key: {opened.key}")

    _with_accounts(create)


@account_app.command("list")
def account_list() -> None:
    """Show all accounts."""
    from producer.service import accounts

    async def show(tx: Any, pepper: bytes) -> None:
        for row in await accounts.list_accounts(tx):
            keys = " ".join(row["key_ids"]) or "none"
            print(
                f"{row['name']}  credits {row['credits']}  extra {row['extra_credits']}  "
                f"running {row['running']}/{row['concurrency']}  keys {keys}"
            )

    _with_accounts(show)


@account_app.command("grant")
def account_grant(
    name: Annotated[str, typer.Argument(help="Name of the account.")],
    credits: Annotated[int, typer.Option(help="Credits to add.")] = 0,
    extra_credits: Annotated[int, typer.Option(help="Credits that never expire, to add.")] = 0,
) -> None:
    """Give an account credits."""
    from producer.service import accounts

    async def give(tx: Any, pepper: bytes) -> None:
        balance = await accounts.grant(tx, name, credits=credits, extra_credits=extra_credits)
        print(f"{name}: credits {balance.credits}, extra {balance.extra_credits}")

    _with_accounts(give)


@account_app.command("revoke")
def account_revoke(
    name: Annotated[str, typer.Argument(help="Name of an account, or id of one key (from `account list`).")],
) -> None:
    """Make an account's keys, or one key, invalid at once."""
    from producer.service import accounts

    async def revoke(tx: Any, pepper: bytes) -> None:
        print(f"revoked {await accounts.revoke(tx, name)}")

    _with_accounts(revoke)


def main() -> None:
    """Entry point: errors are one line with the remedy."""
    try:
        app()
    except ProducerError as error:
        print(f"producer: {error}", file=sys.stderr)
        sys.exit(1)


def _with_accounts(action: Callable[[Any, bytes], Awaitable[None]]) -> None:
    """Run an action in a transaction on the house's database."""
    from producer import bootstrap
    from producer.settings import load_settings

    async def act(house: bootstrap.House) -> None:
        async with bootstrap.open_database(house) as database, database.transaction() as tx:
            await action(tx, house.pepper)

    with bootstrap.open_house(load_settings()) as house:
        asyncio.run(act(house))


def _announce(base_url: str, key: str) -> None:
    print(f"Producer listens on {base_url}  (API description: {base_url}/docs)")
    print(f"Key of the demo account: {key}")
    print("Try:")
    print(CURL.format(base=base_url, key=key), flush=True)


def _record(commission: Any) -> Any:
    """Make a recording with a progress bar on the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from producer.bootstrap import build_engine, build_writer, language_model
    from producer.settings import load_settings

    settings = load_settings()
    engine = build_engine(settings.engine, build_writer(language_model(settings)))
    columns = (TextColumn("{task.description:<9}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("writing", total=1.0)
        return engine.record(
            commission, lambda stage, share: progress.update(bar, description=stage, completed=share)
        )


def _save(recording: Any, out: Path) -> None:
    from producer.media import audio_file

    tags = audio_file.Tags(title=recording.title, artist="Producer", lyrics=recording.lyrics or "")
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".wav":
        audio_file.encode_wav(recording.audio, out)
    elif out.suffix == ".m4a":
        audio_file.encode_m4a(recording.audio, out, tags=tags)
    else:
        audio_file.encode_mp3(recording.audio, out, tags=tags)


def _read_words(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidInputError(f"--lyrics {path} can't be read: {reason}.", field="lyrics") from None


@contextmanager
def _said(what: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"{what} …", end=" ", flush=True)
    yield
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def _warm() -> None:
    """Compile kernels and prepare models once."""
    from producer.lyricist import model
    from producer.media import video
    from producer.studio import singer
    from producer.studio.warm import warm_band

    with _said("Preparing the band"):
        warm_band()
    with _said("Preparing the singers"):
        singer.warm()
    with _said("Preparing the writer"):
        model.prepare()
    with _said("Preparing the pictures"):
        video.warm()


def _log_to_stderr() -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    for chatty in ("procrastinate", "httpx", "httpcore", "uvicorn.access", "yoyo"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


if __name__ == "__main__":
    main()
