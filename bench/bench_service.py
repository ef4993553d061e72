"""Speed of the desk: what a poll costs, how long a submit takes, and whether a long queue slows either.

Run with ``python bench/bench_service.py [polls] [submits] [songs] [queue]``; ``songs`` are submits while two
songs are being made. CPU is that of the API's process alone, so that the load generator and its neighbours
don't count.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import psutil
import psycopg

from producer.adapters.database import PostgresDatabase
from producer.service import accounts

CONNECTIONS = 32
POLLS = 6000
ROUNDS = 5
SUBMITS = 1500
WAITING = 10_000
PARTS = ["polls", "submits", "songs", "queue"]
PRODUCER = str(Path(sys.executable).parent / "producer")
BARE = """
import asyncio
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from producer.adapters.server import build_server
import uvloop

BODY = b"x" * {size}

async def answer(request):
    return Response(BODY, media_type="application/json")

uvloop.run(build_server(Starlette(routes=[Route("/task/{{task_id}}", answer)]), "127.0.0.1", {port}).serve())
"""


class Load:
    """Requests over kept connections, as fast as they are answered."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def run(self, requests: list[bytes], count: int, connections: int = CONNECTIONS) -> list[float]:
        """Send `count` requests, one of `requests` a connection; seconds that each took."""
        seconds: list[float] = []
        share = count // connections
        chosen = islice(cycle(requests), connections)
        await asyncio.gather(*(self._client(request, share, seconds) for request in chosen))
        return seconds

    async def _client(self, request: bytes, count: int, seconds: list[float]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        for _ in range(count):
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: (\d+)", head)[1])
            await reader.readexactly(length)
            seconds.append(time.perf_counter() - began)
            assert head.startswith(b"HTTP/1.1 200"), head
        writer.close()


def get(path: str, key: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n".encode()


def post(path: str, key: str, body: dict) -> bytes:
    data = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


@contextmanager
def running(command: list[str], port: int, **environment: str):
    """A server process that answers, and its psutil handle."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **environment}, **quiet)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.05)
        else:
            break
    try:
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def cpu_micros(server: psutil.Process, port: int, request: bytes) -> float:
    """CPU microseconds of the server process a request."""
    before = server.cpu_times()
    asyncio.run(Load(port).run([request], POLLS))
    after = server.cpu_times()
    return (after.user + after.system - before.user - before.system) / POLLS * 1e6


def fill(url: str, account: str, count: int, status: str) -> str:
    """Put tasks into the database; the id of the last."""
    data = {
        "clip_id": "5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2",
        "title": "x",
        "lyrics": "la " * 150,
        "duration": 57.3,
    }
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            """
            WITH made AS (
                INSERT INTO tasks (id, account_id, task_type, request, clip_id, status, result, progress)
                SELECT gen_random_uuid(), accounts.id, 'create_music', '{}', gen_random_uuid(), %(status)s,
                       %(result)s, 7
                FROM accounts, generate_series(1, %(count)s) WHERE accounts.name = %(account)s
                RETURNING id
            ), queued AS (
                INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock)
                SELECT 'songs', 'carry_out', jsonb_build_object('task_id', id::text), id::text FROM made
                WHERE %(status)s = 'PENDING'
            )
            SELECT id FROM made
            """,
            {"status": status, "result": json.dumps(data), "count": count, "account": account},
        ).fetchall()
        connection.execute("ANALYZE")
    return str(rows[-1][0])


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)] * 1000


def bench_polls(port: int, key: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tasks = {status: fill(url, "demo", 1, status) for status in ("SUCCESS", "RUNNING", "PENDING")}
        requests = {status: get(f"/api/v1/producer/task/{task}", key) for status, task in tasks.items()}
        script = Path(folder) / "bare.py"
        script.write_text(BARE.format(size=600, port=port + 1))
        with running([sys.executable, str(script)], port + 1) as bare:
            yield_server = serving_process(port)
            found: dict[str, list[float]] = {name: [] for name in ("bare", *tasks)}
            for _ in range(ROUNDS):  # in turns, so that a busy machine is unfair to all alike
                found["bare"].append(cpu_micros(bare, port + 1, get("/task/x", key)))
                for status, request in requests.items():
                    found[status].append(cpu_micros(yield_server, port, request))
        plain = statistics.median(found["bare"])
        print(f"bare Starlette route: {plain:.0f} µs CPU")
        for status in tasks:
            ratio = statistics.median(a / b for a, b in zip(found[status], found["bare"], strict=True))
            print(
                f"poll of a {status} task: {statistics.median(found[status]):.0f} µs CPU, {ratio:.2f} × bare"
            )


def serving_process(port: int) -> psutil.Process:
    for connection in psutil.net_connections("tcp"):
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            return psutil.Process(connection.pid)
    raise SystemExit(f"nobody listens on {port}")


def bench_submits(port: int, keys: list[str], what: str) -> None:
    """Submits of one account, and of as many accounts as there are connections."""
    order = {"task_type": "create_music", "sound": "gentle folk", "seed": "7"}
    server = serving_process(port)
    for customers in (1, CONNECTIONS):
        requests = [post("/api/v1/producer/create", key, order) for key in keys[:customers]]
        first = asyncio.run(Load(port).run(requests, CONNECTIONS))  # keys and plans are not known yet
        began, served, used = time.perf_counter(), sum(server.cpu_times()[:2]), time.process_time()
        seconds = asyncio.run(Load(port).run(requests, SUBMITS))
        spent = time.perf_counter() - began
        served, used = sum(server.cpu_times()[:2]) - served, time.process_time() - used
        print(
            f"submit at {CONNECTIONS} connections of {customers} accounts, {what}: "
            f"median {percentile(seconds, 0.5):.1f} ms, p99 {percentile(seconds, 0.99):.1f} ms, "
            f"most {max(seconds) * 1000:.1f} ms, {len(seconds) / spent:.0f} a second "
            f"(the very first {CONNECTIONS}: most {max(first) * 1000:.0f} ms); "
            f"API {served / len(seconds) * 1e6:.0f} µs CPU, load generator {used / len(seconds) * 1e6:.0f} µs"
        )


def one_at_a_time(port: int, request: bytes, count: int = 400) -> float:
    return percentile(asyncio.run(Load(port).run([request], count, connections=1)), 0.5)


def bench_queue(port: int, key: str, url: str) -> None:
    order = post("/api/v1/producer/create", key, {"task_type": "create_music", "sound": "folk", "seed": "7"})
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("UPDATE tasks SET status = 'FAILED', error = 'bench' WHERE status = 'PENDING'")
        connection.execute("VACUUM ANALYZE")
    poll = get(f"/api/v1/producer/task/{fill(url, 'demo', 1, 'PENDING')}", key)
    figures = {}
    for name, count in (("empty", 0), (f"{WAITING:,} waiting", WAITING)):
        if count:
            poll = get(f"/api/v1/producer/task/{fill(url, 'demo', count, 'PENDING')}", key)
        figures[name] = (one_at_a_time(port, order), one_at_a_time(port, poll, 4000))
        print(
            f"queue {name}: submit {figures[name][0]:.2f} ms, "
            f"poll of a waiting task {figures[name][1]:.3f} ms"
        )
    (submit_a, poll_a), (submit_b, poll_b) = figures.values()
    print(f"ratio: submit {submit_b / submit_a:.2f}, poll {poll_b / poll_a:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all when absent"
    )
    parser.add_argument("--port", type=int, default=8180)
    wanted = parser.parse_args()
    if unknown := set(wanted.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for workers, parts in (("0", ("polls", "submits", "queue")), ("2", ("songs",))):
        if chosen := [part for part in parts if part in (wanted.parts or PARTS)]:
            bench(wanted.port, chosen, workers)


def bench(port: int, parts: list[str], workers: str) -> None:
    """Some parts, with a service of their own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PRODUCER_DATA_DIR": folder, "PRODUCER_WORKERS": workers}
        with running([PRODUCER, "serve", "--port", str(port)], port, **environment) as server:
            keys = [(Path(folder) / "demo.key").read_text().strip()]
            socket_folder = Path(folder) / "postgres" / "socket"
            url = f"postgresql://producer@/postgres?host={socket_folder}"
            keys += asyncio.run(open_accounts(Path(folder), url, CONNECTIONS - 1))
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE accounts SET credits = 10000000, concurrency = 1000000")
            if "polls" in parts:
                bench_polls(port, keys[0], url)
            if "submits" in parts:
                bench_submits(port, keys, "nothing else to do")
            if "songs" in parts:
                two_songs(port, keys[0], url)
                bench_submits(port, keys, "two songs being made")
            if "queue" in parts:
                bench_queue(port, keys[0], url)
            print(f"API process: {server.memory_info().rss / 1e6:.0f} MB")


async def open_accounts(folder: Path, url: str, count: int) -> list[str]:
    """Make accounts; their keys."""
    database = PostgresDatabase(url)
    await database.open()
    pepper = (folder / "pepper").read_text().strip().encode()
    async with database.transaction() as tx:
        made = [await accounts.open_account(tx, f"customer-{number}", pepper) for number in range(count)]
    await database.close()
    return [account.key for account in made]


def two_songs(port: int, key: str, url: str) -> None:
    """Order two long songs and wait until both are being made."""
    order = {"task_type": "create_music", "sound": "cinematic orchestral", "length": 200}
    for seed in "12":
        request = post("/api/v1/producer/create", key, order | {"seed": seed})
        asyncio.run(Load(port).run([request], 1, connections=1))
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(600):
            stages = connection.execute(
                "SELECT status, stage, error FROM tasks WHERE request ? 'length' AND attempt > 0"
            ).fetchall()
            if [status for status, _, _ in stages] == ["RUNNING"] * 2 and all(
                stage for _, stage, _ in stages
            ):
                return
            time.sleep(0.1)
    raise SystemExit(f"the workers did not begin: {stages}")


if __name__ == "__main__":
    main()
