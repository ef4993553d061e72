"""Kill the service's processes at random moments under a mixed load, then look whether its promises held.

Run with ``python bench/crash_service.py [--kills 20] [--seed 1]``. Songs come from the tests' fast engine, so
that it is the desk that is tried. Exits with 1 and says what is wrong when a promise was broken.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import av
import httpx
import psutil
import psycopg

SUPPORT = Path(__file__).parent.parent / "tests" / "support"
sys.path.insert(0, str(SUPPORT))
from receiver import receiving  # noqa: E402
from sounds import wav_file  # noqa: E402

CREDITS = 1_000_000
PORT = 8280
SETTLE_SECONDS = 240
PRESETS = ("simple", "modern", "player")
SONG = {"task_type": "create_music", "sound": "folk"}


class Serve:
    """The service as an operator runs it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "producer"), "serve", "--port", str(PORT)]
        environment = {
            **os.environ,
            "PYTHONPATH": str(SUPPORT),
            "PRODUCER_ENGINE": "fast_engine:FastEngine",
            "PRODUCER_DATA_DIR": str(self._folder),
            "PRODUCER_WORKERS": "2",
            "PRODUCER_ALLOWED_NETWORKS": "127.0.0.0/8",
        }
        with (self._folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{PORT}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                assert self.process.poll() is None, (self._folder / "serve.log").read_text()[-2000:]
                time.sleep(0.1)

    def kill_one(self, dice: random.Random) -> str:
        """SIGKILL the API or a worker or a worker's child."""
        api = psutil.Process(self.process.pid)
        workers = [child for child in api.children() if "worker" in child.cmdline()]
        grandchildren = [child for worker in workers for child in worker.children()]
        kind = dice.choice(["API", "worker", "worker", "child"])
        if kind == "worker" and workers:
            dice.choice(workers).kill()
        elif kind == "child" and grandchildren:
            dice.choice(grandchildren).kill()
        else:
            kind = "API"
            api.kill()
            self.process.wait()
            self.start()
        return kind


class Customer(threading.Thread):
    """Orders all five kinds of tasks, whatever answers come."""

    def __init__(self, key: str, web_url: str, dice: random.Random) -> None:
        super().__init__()
        self._client = httpx.Client(
            base_url=f"http://127.0.0.1:{PORT}/api/v1/producer",
            headers={"Authorization": f"Bearer {key}"},
            trust_env=False,
            timeout=10,
        )
        self._web_url, self._dice = web_url, dice
        self.stop = threading.Event()
        self.taken: list[str] = []

    def run(self) -> None:
        while not self.stop.wait(self._dice.uniform(0.0, 0.6)):
            try:
                self._order()
            except httpx.HTTPError:
                continue

    def _order(self) -> None:
        clips = self._client.get("/clips").json().get("data", [])
        choices = [
            (
                "create",
                {"task_type": "create_music", "sound": "folk", "lyrics": "[Verse]\nAll along the river"},
            ),
            ("create", {"task_type": "create_music", "sound": self._dice.choice(["crash", "fail", "jazz"])}),
            ("lyrics-create", {"prompt": "a river"}),
            ("upload", {"audio_url": f"{self._web_url}/{self._dice.choice(['a.wav', 'missing'])}"}),
        ]
        if clips:
            clip_id = self._dice.choice(clips)["clip_id"]
            choices += [("download", {"clip_id": clip_id, "format": "mp3"})] * 2
            choices += [("video-clip", {"clip_id": clip_id, "preset": self._dice.choice(PRESETS)})]
        route, fields = self._dice.choice(choices)
        answer = self._client.post(f"/{route}", json=fields | {"webhook_url": f"{self._web_url}/hook"})
        if answer.status_code == 200:
            self.taken.append(answer.json()["task_id"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    dice = random.Random(wanted.seed)
    with tempfile.TemporaryDirectory() as name, receiving() as web:
        folder = Path(name)
        web.files["/a.wav"] = wav_file(3.0)
        web.statuses["/missing"] = [404]
        service = Serve(folder)
        service.start()
        url = f"postgresql://producer@/postgres?host={folder / 'postgres' / 'socket'}"
        customers = [Customer(open_account(folder, n), web.url, random.Random(n)) for n in range(3)]
        for customer in customers:
            customer.start()
        kills = defaultdict(int)
        for _ in range(wanted.kills):
            time.sleep(dice.uniform(0.5, 4.0))
            kills[service.kill_one(dice)] += 1
        for customer in customers:
            customer.stop.set()
            customer.join()
        began = time.monotonic()
        broken = wait_for_quiet(url)
        print(f"kills: {dict(kills)}; quiet {time.monotonic() - began:.0f} s after the last order")
        broken += check_books(url, [task for customer in customers for task in customer.taken])
        broken += check_webhooks(url, web.requests)
        broken += check_files(folder / "vault")
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(60)
        broken += check_processes(folder)
        for text in broken:
            print(f"BROKEN: {text}")
        print("all promises held" if not broken else f"{len(broken)} promises broken")
        sys.exit(bool(broken))


def open_account(folder: Path, number: int) -> str:
    command = [str(Path(sys.executable).parent / "producer"), "account", "create", f"customer-{number}"]
    command += ["--credits", str(CREDITS), "--concurrency", "12"]
    environment = {**os.environ, "PRODUCER_DATA_DIR": str(folder)}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()[-1]


def ask(url: str, text: str) -> list[tuple]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(text).fetchall()


def wait_for_quiet(url: str) -> list[str]:
    """Until every task has ended and every webhook has arrived."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        open_tasks = ask(url, "SELECT id, status, attempt FROM tasks WHERE status IN ('PENDING', 'RUNNING')")
        waiting = ask(url, "SELECT id FROM deliveries WHERE status = 'PENDING'")
        if not open_tasks and not waiting:
            return []
        time.sleep(0.5)
    return [f"still open after {SETTLE_SECONDS} s: {open_tasks[:5]}, deliveries {waiting[:5]}"]


def check_books(url: str, taken: list[str]) -> list[str]:
    broken = []
    counted = ask(url, "SELECT task_type, status, count(*) FROM tasks GROUP BY 1, 2 ORDER BY 1, 2")
    print("tasks:", ", ".join(f"{kind} {status} {number}" for kind, status, number in counted))
    known = {str(task) for (task,) in ask(url, "SELECT id FROM tasks")}
    broken += [f"task {task} was answered and is gone" for task in taken if task not in known]
    wrong = ask(
        url,
        """
        SELECT accounts.name FROM accounts JOIN entries ON entries.account_id = accounts.id
        GROUP BY accounts.id HAVING sum(entries.credits) <> accounts.credits OR accounts.running <> 0
        """,
    )
    broken += [f"books of {name} are off" for (name,) in wrong]
    unfair = ask(
        url,
        """
        SELECT tasks.id, status, count(*) FILTER (WHERE kind = 'charge'),
               count(*) FILTER (WHERE kind = 'refund')
        FROM tasks LEFT JOIN entries ON entries.task_id = tasks.id GROUP BY tasks.id
        HAVING count(*) FILTER (WHERE kind = 'charge') <> 1
            OR count(*) FILTER (WHERE kind = 'refund') <> (status = 'FAILED')::int
        """,
    )
    return broken + [f"charges and refunds of {row} are off" for row in unfair]


def check_webhooks(url: str, requests: list) -> list[str]:
    ids = defaultdict(set)
    for request in requests:
        if request.path == "/hook":
            ids[json.loads(request.body)["task_id"]].add(request.headers["x-webhook-id"])
    tasks = [str(task) for (task,) in ask(url, "SELECT id FROM tasks")]
    print(f"webhooks: {sum(r.path == '/hook' for r in requests)} received for {len(tasks)} tasks")
    return [f"webhook of {task} came under {len(ids[task])} ids" for task in tasks if len(ids[task]) != 1]


def check_files(vault: Path) -> list[str]:
    broken = []
    files = sorted((vault / "producer").iterdir())
    for path in files:
        if path.suffix in {".m4a", ".wav", ".mp3", ".mp4"}:
            try:
                with av.open(str(path)) as container:
                    assert sum(1 for _ in container.decode(audio=0))
            except (av.error.FFmpegError, AssertionError) as error:
                broken.append(f"{path.name} is damaged: {error}")
    print(f"files: {len(files)} looked at")
    return broken


def check_processes(folder: Path) -> list[str]:
    """Nothing of ours runs on: not the database, no worker, no child."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        left = [p for p in psutil.process_iter(["cmdline", "environ"]) if belongs(p, folder)]
        if not left:
            return []
        time.sleep(0.2)
    return [f"process {p.pid} is left: {p.info['cmdline']}" for p in left]


def belongs(process: psutil.Process, folder: Path) -> bool:
    told = (process.info["environ"] or {}).get("PRODUCER_DATA_DIR")
    named = any(str(folder) in part for part in process.info["cmdline"] or ())
    return process.pid != os.getpid() and (told == str(folder) or named)


if __name__ == "__main__":
    main()
