"""Prices, and that a request that is not taken costs nothing and leaves nothing behind."""

from urllib.parse import urlsplit

import pytest
from calls import BASE, ORDER, credits, make_clip, submit, wait_for
from psycopg import OperationalError
from psycopg_pool import AsyncConnectionPool
from receiver import receiving
from sounds import wav_file

from producer.adapters.database import PostgresTransaction

PRICES = {"create": 10, "lyrics-create": 1, "video-clip": 5, "upload": 2, "download": 2}
TYPES = {
    "create": "create_music",
    "lyrics-create": "make_lyrics",
    "video-clip": "video_clip",
    "upload": "upload",
    "download": "download",
}
NOWHERE = "5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2"

#: Requests that are refused for their shape, by route.
REFUSED = [
    ("create", {}, 400),
    ("create", ORDER | {"title": "x" * 81}, 400),
    ("create", ORDER | {"mv": "FUZZ-9"}, 400),
    ("create", ORDER | {"webhook_url": "http://example.com/"}, 400),
    ("create", ORDER | {"task_type": "extend_music"}, 410),
    ("create", ORDER | {"junk": "x" * (1 << 20)}, 413),
    ("lyrics-create", {"prompt": ""}, 400),
    ("lyrics-create", {"prompt": "rain", "webhook_url": "http://example.com/"}, 400),
    ("video-clip", {"clip_id": NOWHERE}, 400),
    ("video-clip", {"clip_id": NOWHERE, "preset": "fancy"}, 400),
    ("upload", {"audio_url": "nowhere"}, 400),
    ("upload", {"audio_url": "https://example.com/a.mp3", "webhook_url": "https://10.0.0.1/"}, 400),
    ("download", {"clip_id": NOWHERE, "format": "mp3"}, 400),
    ("download", {"clip_id": NOWHERE, "format": "flac"}, 400),
]


def fields_of(route, clip_id):
    return {
        "create": ORDER,
        "lyrics-create": {"prompt": "the sea"},
        "video-clip": {"clip_id": clip_id},
        "upload": {"audio_url": "https://example.com/a.mp3"},
        "download": {"clip_id": clip_id, "format": "wav"},
    }[route]


LEFT = """
    SELECT (SELECT count(*) FROM tasks WHERE account_id = accounts.id),
           (SELECT count(*) FROM entries WHERE account_id = accounts.id AND kind <> 'grant'),
           (SELECT count(*) FROM idempotency_keys WHERE account_id = accounts.id),
           (SELECT count(*) FROM procrastinate_jobs JOIN tasks ON tasks.id::text = args->>'task_id'
            WHERE account_id = accounts.id)
    FROM accounts WHERE id = %s
"""


def traces(api, caller):
    """How many tasks, entries, idempotency keys and jobs an account has left in the database."""
    (counts,) = api.query(LEFT, caller.account_id)
    return counts


@pytest.fixture(scope="module")
def owner(service):
    return service.open_account(concurrency=50)


@pytest.fixture(scope="module")
def client(service, owner):
    with service.client(owner) as opened:
        yield opened


@pytest.fixture(scope="module")
def clip_id(client):
    return make_clip(client)["clip_id"]


@pytest.mark.parametrize("route", PRICES)
def test_every_route_has_its_price_its_task_type_and_exactly_two_keys_in_its_answer(client, clip_id, route):
    before = credits(client)["credits"]
    answer = client.post(f"{BASE}/producer/{route}", json=fields_of(route, clip_id))
    assert answer.status_code == 200
    assert set(answer.json()) == {"message", "task_id"}
    listed = client.get(f"{BASE}/producer/tasks", params={"limit": 1}).json()["data"][0]
    assert (listed["task_id"], listed["task_type"]) == (answer.json()["task_id"], TYPES[route])
    client.post(f"{BASE}/producer/task/{listed['task_id']}/cancel")
    spent = before - credits(client)["credits"]
    ended = wait_for(client, listed["task_id"])["status"]
    assert spent == (PRICES[route] if ended == "SUCCESS" else 0)


@pytest.mark.parametrize("route", PRICES)
def test_the_price_is_charged_at_submit(service, owner, client, clip_id, route):
    task_id = submit(client, route, **fields_of(route, clip_id))
    charged = service.query(
        "SELECT -credits - extra_credits FROM entries WHERE task_id = %s AND kind = 'charge'", task_id
    )
    assert charged == [(PRICES[route],)]


def test_polls_and_credits_are_free(service, client, clip_id):
    task_id = submit(client, "download", clip_id=clip_id, format="wav")
    entries = "SELECT count(*) FROM entries"
    wait_for(client, task_id)
    before = service.query(entries)
    for path in (f"producer/task/{task_id}", "get-credits", "producer/tasks", "producer/clips"):
        assert client.get(f"{BASE}/{path}").status_code == 200
    assert service.query(entries) == before


@pytest.mark.parametrize(("route", "fields", "status"), REFUSED)
def test_nothing_is_charged_or_created_on_a_4xx(api, route, fields, status):
    caller = api.open_account()
    with api.client(caller) as client:
        answer = client.post(
            f"{BASE}/producer/{route}", json=fields, headers={"Idempotency-Key": f"{route} {status}"}
        )
        assert answer.status_code == status
        assert credits(client) == {"credits": 1000, "extra_credits": 0}
    assert traces(api, caller) == (0, 0, 0, 0)


def test_nothing_is_charged_or_created_on_a_402_or_429(api):
    poor, busy = api.open_account(credits=9), api.open_account(concurrency=1)
    for caller, status, left in ((poor, 402, (0, 0, 0, 0)), (busy, 429, (1, 1, 0, 1))):
        with api.client(caller) as client:
            if status == 429:
                submit(client, **ORDER)
            before = credits(client)
            header = {"Idempotency-Key": "again"}
            answer = client.post(f"{BASE}/producer/create", json=ORDER, headers=header)
            assert answer.status_code == status
            assert credits(client) == before
        assert traces(api, caller) == left


def is_of(api, database):
    """Whether a database is the API's; trouble in another's would end the workers of other tests."""
    return urlsplit(api.database_url).path.strip("/") in database


@pytest.mark.parametrize(("trouble", "status"), [(RuntimeError("bug"), 500), (OperationalError("gone"), 502)])
def test_nothing_is_charged_or_created_on_a_5xx(api, monkeypatch, trouble, status):
    """Even when it breaks after everything but the job was written."""
    enqueue = PostgresTransaction.enqueue

    async def broken(self, *jobs):
        if is_of(api, self._connection.info.dbname):
            raise trouble
        await enqueue(self, *jobs)

    caller = api.open_account()
    with api.client(caller) as client:
        with monkeypatch.context() as patch:
            patch.setattr(PostgresTransaction, "enqueue", broken)
            answer = client.post(f"{BASE}/producer/create", json=ORDER, headers={"Idempotency-Key": "k"})
        assert answer.status_code == status
        assert int(answer.headers["retry-after"]) > 0
        assert credits(client) == {"credits": 1000, "extra_credits": 0}
        assert traces(api, caller) == (0, 0, 0, 0)
        again = client.post(f"{BASE}/producer/create", json=ORDER, headers={"Idempotency-Key": "k"})
        assert again.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "get-credits"), ("GET", f"producer/task/{NOWHERE}"), ("POST", "producer/create")],
)
def test_a_database_that_is_away_is_a_502_that_asks_to_retry(api, monkeypatch, method, path):
    connection = AsyncConnectionPool.connection

    def away(self, *arguments):
        if is_of(api, self.conninfo):
            raise OperationalError("connection to 10.1.2.3 refused")
        return connection(self, *arguments)

    caller = api.open_account()
    with api.client(caller) as client:
        client.get(f"{BASE}/get-credits")  # the key is known from here on
        monkeypatch.setattr(AsyncConnectionPool, "connection", away)
        answer = client.request(method, f"{BASE}/{path}", json=ORDER if method == "POST" else None)
        assert answer.status_code == 502
        text = "Generation provider is temporarily unavailable. Please retry."
        assert answer.json() == {"type": "upstream_error", "error": text}
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["x-request-id"]


def test_validation_retired_credits_concurrency_are_checked_in_that_order(api):
    """An account that has neither credits nor a free slot hears of the first thing that is wrong."""
    caller = api.open_account(credits=10, concurrency=1)
    with api.client(caller) as client:
        submit(client, **ORDER)

        def status(**fields):
            return client.post(f"{BASE}/producer/create", json=ORDER | fields).status_code

        assert status(task_type="cover_music", title="x" * 81) == 400
        assert status(task_type="cover_music") == 410
        assert status() == 402
        missing = client.post(f"{BASE}/producer/download", json={"clip_id": NOWHERE, "format": "mp3"})
        assert missing.status_code == 400
        api.query("UPDATE accounts SET credits = 10 WHERE id = %s RETURNING 1", caller.account_id)
        assert status() == 429


def test_a_slot_is_free_again_when_a_task_has_ended(api):
    with api.client(api.open_account(concurrency=1)) as client:
        for _ in range(3):
            task_id = submit(client, **ORDER)
            assert client.post(f"{BASE}/producer/create", json=ORDER).status_code == 429
            client.post(f"{BASE}/producer/task/{task_id}/cancel")


@pytest.mark.parametrize("route", PRICES)
def test_an_idempotency_key_works_on_every_route(service, client, clip_id, route):
    header = {"Idempotency-Key": f"once for {route}"}
    fields = fields_of(route, clip_id)

    def post(where, **more):
        return client.post(f"{BASE}/producer/{where}", json=fields | more, headers=header)

    first, second = post(route), post(route)
    assert (first.status_code, first.json()) == (200, second.json())
    reordered = client.post(f"{BASE}/producer/{route}", json=dict(reversed(fields.items())), headers=header)
    assert reordered.json() == first.json()
    conflict = post(route, webhook_secret="another")
    assert (conflict.status_code, conflict.json()["type"]) == (409, "idempotency_conflict")
    charged = service.query(
        "SELECT count(*) FROM entries WHERE task_id = %s AND kind = 'charge'", first.json()["task_id"]
    )
    assert charged == [(1,)]


def test_the_same_key_on_another_route_is_a_409(api):
    with api.client(api.open_account()) as client:
        header = {"Idempotency-Key": "one for all"}
        assert client.post(f"{BASE}/producer/create", json=ORDER, headers=header).status_code == 200
        other = client.post(f"{BASE}/producer/lyrics-create", json={"prompt": "x"}, headers=header)
        assert (other.status_code, other.json()["type"]) == (409, "idempotency_conflict")


def test_a_failed_upload_is_refunded_once_to_where_it_came_from(service):
    caller = service.open_account(credits=10, extra_credits=1)
    with service.client(caller) as client, receiving() as web:
        web.statuses["/missing"] = [404]
        web.files["/a.wav"] = wav_file(2.0)
        assert (
            wait_for(client, submit(client, "upload", audio_url=f"{web.url}/missing"))["status"] == "FAILED"
        )
        assert credits(client) == {"credits": 10, "extra_credits": 1}
        assert wait_for(client, submit(client, "upload", audio_url=f"{web.url}/a.wav"))["status"] == "SUCCESS"
        assert credits(client) == {"credits": 9, "extra_credits": 0}
    sums = service.query(
        "SELECT sum(credits)::int, sum(extra_credits)::int FROM entries WHERE account_id = %s",
        caller.account_id,
    )
    assert sums == [(9, 0)]
