"""Kill the service's processes again and again under a mixed load, then look whether its promises held.

The service runs as an operator runs it, with songs by the tests' fast engine, so that it is the desk that is
tried. When and what is killed comes from seeded dice, counted in orders taken.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import httpx
import psutil
import psycopg
import pytest
from ports import find_port
from receiver import Received, receiving
from sounds import length_of, wav_file

from producer.service.catalogue import OFFERS

KILLS = ["API"] * 6 + ["worker"] * 8 + ["child"] * 6
ORDERS_BETWEEN = (1, 5)
ROUTES = ("create", "create", "lyrics-create", "upload", "download", "download", "video-clip")
CUSTOMERS = 3
CREDITS = 1_000_000
SETTLE_SECONDS = 150
LOOK_SECONDS = 0.05
SUPPORT = str(Path(__file__).parent / "support")
PRODUCER = str(Path(sys.executable).parent / "producer")
SOUND_KINDS = {".m4a", ".wav", ".mp3", ".mp4"}


class Serve:
    """The service as an operator runs it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.folder = folder
        self.process: subprocess.Popen[bytes]
        self._command = [PRODUCER, "serve", "--port", str(port)]
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (SUPPORT, os.environ.get("PYTHONPATH")))),
            "PRODUCER_ENGINE": "fast_engine:FastEngine",
            "PRODUCER_DATA_DIR": str(folder),
            "PRODUCER_WORKERS": "2",
            "PRODUCER_LYRICS_BUILT_IN_MODEL": "false",
            "PRODUCER_NICENESS": "0",
            "PRODUCER_ALLOWED_NETWORKS": "127.0.0.0/8",
        }

    def start(self) -> None:
        """Start it and wait until it takes requests."""
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)
        wait_until(self._is_ready, 60)

    def tail(self) -> str:
        """The end of its log."""
        return (self.folder / "serve.log").read_text()[-3000:]

    def stop(self) -> None:
        """End it in good order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def kill(self, kind: str, dice: random.Random) -> None:
        """SIGKILL the API with all around it, a worker, or a worker's child."""
        if kind == "API":
            self.process.kill()
            self.process.wait()
            self.start()
            return
        wait_until(lambda: self._processes(kind), 60)
        victims = self._processes(kind)
        if victims:
            dice.choice(victims).kill()

    def open_account(self, name: str) -> str:
        """Make an account; its key."""
        command = [PRODUCER, "account", "create", name, "--credits", str(CREDITS), "--concurrency", "12"]
        made = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=True)
        return made.stdout.split()[-1]

    def query(self, text: str) -> list[tuple]:
        """Look straight into the database."""
        url = f"postgresql://producer@/postgres?host={self.folder / 'postgres' / 'socket'}"
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(text).fetchall()

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.tail()
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def _processes(self, kind: str) -> list[psutil.Process]:
        try:
            workers = [p for p in psutil.Process(self.process.pid).children() if "worker" in p.cmdline()]
            if kind == "worker":
                return workers
            return [child for worker in workers for child in worker.children()]
        except psutil.NoSuchProcess:  # one has just ended by itself
            return []


class Customer(threading.Thread):
    """Orders all five kinds of tasks and plays the files, whatever answers come."""

    def __init__(self, serve: Serve, key: str, web_url: str, dice: random.Random, took: threading.Semaphore):
        super().__init__()
        self._client = httpx.Client(
            base_url=f"{serve.url}/api/v1/producer",
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
            timeout=10,
        )
        self._web_url, self._dice, self._took = web_url, dice, took
        self.stop = threading.Event()
        self.taken: list[str] = []
        self.damaged: list[str] = []

    def bring_a_clip(self) -> None:
        """Upload one, for downloads and videos to work on."""
        assert self._submit("upload", {"audio_url": f"{self._web_url}/a.wav"})
        wait_until(self._clips, 60)

    def run(self) -> None:
        """Go on until told to stop, through all kinds again and again."""
        cards: list[str] = []
        with closing(self._client):
            while not self.stop.wait(self._dice.uniform(0.0, 0.6)):
                cards = cards or self._dice.sample(ROUTES, len(ROUTES))
                try:
                    if self._order(cards[-1]):
                        cards.pop()
                        self._took.release()
                except httpx.HTTPError:  # it was killed under our hands
                    continue

    def _clips(self) -> list[dict]:
        return self._client.get("/clips").json().get("data", [])

    def _order(self, route: str) -> bool:
        clips = self._clips()
        if not clips:  # an answer of a service in trouble
            return False
        clip = self._dice.choice(clips)
        self._play(self._dice.choice(clip["files"]))
        song = self._dice.choice(
            [
                {"lyrics": "[Verse]\nAll along the river"},
                {"sound": self._dice.choice(["crash", "fail", "jazz"])},
            ]
        )
        fields = {
            "create": {"task_type": "create_music"} | song,
            "lyrics-create": {"prompt": "a river"},
            "upload": {"audio_url": f"{self._web_url}/{self._dice.choice(['a.wav', 'missing'])}"},
            "download": {"clip_id": clip["clip_id"], "format": "mp3"},
            "video-clip": {
                "clip_id": clip["clip_id"], "preset": self._dice.choice(["simple", "modern", "player"])
            },
        }  # fmt: skip
        return self._submit(route, fields[route])

    def _submit(self, route: str, fields: dict) -> bool:
        answer = self._client.post(f"/{route}", json=fields | {"webhook_url": f"{self._web_url}/hook"})
        if answer.status_code == 200:
            self.taken.append(answer.json()["task_id"])
        return answer.status_code == 200

    def _play(self, url: str) -> None:
        answer = self._client.get(url)
        if answer.status_code != 200:
            self.damaged.append(f"{url} answered {answer.status_code}")
        elif Path(url).suffix in SOUND_KINDS and not plays(answer.content):
            self.damaged.append(f"{url} can't be played")


def plays(data: bytes) -> bool:
    """Whether a sound file is whole."""
    try:
        return length_of(data) > 1.5
    except av.error.FFmpegError:
        return False


def wait_until(is_so, seconds: float, tell=str) -> None:
    """Look again and again; a failure when it takes too long."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"still waiting after {seconds} s: {tell()}"
        time.sleep(LOOK_SECONDS)


def kill_all_along(serve: Serve, customers: list[Customer], dice: random.Random, took: threading.Semaphore):
    """Customers order; after every few orders something is killed."""
    for customer in customers:
        customer.start()
    try:
        for kind in dice.sample(KILLS, len(KILLS)):
            for _ in range(dice.randint(*ORDERS_BETWEEN)):
                assert took.acquire(timeout=60), "nobody can order any more"
            serve.kill(kind, dice)
    finally:
        for customer in customers:
            customer.stop.set()
        for customer in customers:
            customer.join()


@dataclass(frozen=True, slots=True)
class Story:
    """What is known when the last task has ended and the service was stopped."""

    folder: Path
    taken: list[str]  #: ids of the tasks that customers were told of
    damaged: list[str]  #: files that customers could not play
    hooks: list[Received]
    tasks: list[tuple]  #: id, account, type, status, clip
    entries: list[tuple]  #: account, kind, credits, task
    accounts: list[tuple]  #: id, name, credits, running


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Twenty kills, and what comes of everything that was ordered meanwhile."""
    folder = tmp_path_factory.mktemp("kills")
    dice, took = random.Random(20), threading.Semaphore(0)
    serve = Serve(folder, find_port())
    with receiving() as web:
        web.files["/a.wav"] = wav_file(3.0)
        web.statuses["/missing"] = [404]
        serve.start()
        try:
            keys = [serve.open_account(f"customer-{number}") for number in range(CUSTOMERS)]
            customers = [
                Customer(serve, key, web.url, random.Random(number), took) for number, key in enumerate(keys)
            ]
            for customer in customers:
                customer.bring_a_clip()
            kill_all_along(serve, customers, dice, took)
            for still_open in (
                "SELECT id::text, status FROM tasks WHERE status IN ('PENDING', 'RUNNING')",
                "SELECT id::text, attempts FROM deliveries WHERE status = 'PENDING'",
            ):
                wait_until(lambda query=still_open: not serve.query(query), SETTLE_SECONDS, serve.tail)
            return Story(
                folder,
                [task_id for customer in customers for task_id in customer.taken],
                [text for customer in customers for text in customer.damaged],
                [request for request in web.requests if request.path == "/hook"],
                serve.query("SELECT id::text, account_id, task_type, status, clip_id::text FROM tasks"),
                serve.query("SELECT account_id, kind, credits, task_id::text FROM entries"),
                serve.query("SELECT id, name, credits, running FROM accounts"),
            )
        finally:
            serve.stop()


def test_every_task_that_was_taken_has_ended_and_all_five_types_were_tried(story):
    ended = {task_id: status for task_id, _, _, status, _ in story.tasks}
    assert set(story.taken) <= set(ended)
    assert set(ended.values()) == {"SUCCESS", "FAILED"}
    succeeded = Counter(task_type for _, _, task_type, status, _ in story.tasks if status == "SUCCESS")
    assert set(succeeded) == set(OFFERS), succeeded


def test_the_ledger_is_charges_minus_refunds_for_each_account(story):
    for account_id, name, credits, running in story.accounts:
        mine = [entry for entry in story.entries if entry[0] == account_id]
        assert credits == sum(entry[2] for entry in mine), name
        assert running == 0, name
        paid = [
            OFFERS[kind].credits
            for _, owner, kind, ok, _ in story.tasks
            if (owner, ok) == (account_id, "SUCCESS")
        ]
        granted = sum(entry[2] for entry in mine if entry[1] == "grant")
        assert credits == granted - sum(paid), name


def test_every_task_is_charged_once_and_refunded_once_when_it_failed(story):
    entries = Counter((task_id, kind) for _, kind, _, task_id in story.entries if task_id)
    expected = Counter((task_id, "charge") for task_id, *_ in story.tasks)
    expected += Counter((task_id, "refund") for task_id, _, _, status, _ in story.tasks if status == "FAILED")
    assert entries == expected


def test_every_task_is_told_at_least_once_and_under_one_id(story):
    ids, told = defaultdict(set), defaultdict(set)
    for request in story.hooks:
        body = json.loads(request.body)
        ids[body["task_id"]].add(request.headers["x-webhook-id"])
        told[body["task_id"]].add(body["status"])
    assert {task_id: len(found) for task_id, found in ids.items()} == {task[0]: 1 for task in story.tasks}
    assert dict(told) == {task_id: {status} for task_id, _, _, status, _ in story.tasks}


def test_no_file_is_half_written(story):
    assert story.damaged == []
    stored = list((story.folder / "vault" / "producer").iterdir())
    assert not [path.name for path in stored if path.suffix in SOUND_KINDS and not plays(path.read_bytes())]
    names = {path.name for path in stored}
    kinds = {"create_music": ".m4a", "upload": ".m4a", "video_clip": "-video.mp4"}
    made = [
        (kinds[kind], clip)
        for _, _, kind, status, clip in story.tasks
        if status == "SUCCESS" and kind in kinds
    ]
    assert not [clip for ending, clip in made if f"{clip}{ending}" not in names]


def test_no_process_is_left_over(story):
    """Not the database, no worker, no child; nor their scratch folders."""

    def belongs(process: psutil.Process) -> bool:
        told = (process.info["environ"] or {}).get("PRODUCER_DATA_DIR")
        return str(story.folder) == told or any(
            str(story.folder) in part for part in process.info["cmdline"] or ()
        )

    def is_quiet() -> bool:
        return not [p for p in psutil.process_iter(["cmdline", "environ"]) if belongs(p)]

    wait_until(is_quiet, 10)
