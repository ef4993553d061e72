"""Webhooks: what is sent, how it is signed, and that it arrives."""

import asyncio
import hashlib
import hmac
import json
import re
import time
from uuid import UUID

import pytest
from calls import BASE, ORDER, make_clip, poll, submit, wait_for
from receiver import receiving
from sounds import wav_file

from producer import bootstrap
from producer.service import desk
from producer.service.catalogue import OFFERS
from producer.service.till import Till

EVENTS = {
    "create_music": "song",
    "make_lyrics": "lyrics",
    "video_clip": "song",
    "upload": "song",
    "download": "song",
}
LYRICS = {"prompt": "a lighthouse in the fog", "seed": "7"}


@pytest.fixture
def receiver():
    with receiving() as opened:
        yield opened


@pytest.fixture
def caller(service):
    return service.open_account(concurrency=50)


@pytest.fixture
def client(service, caller):
    with service.client(caller) as opened:
        yield opened


def deliveries(client, task_id=None):
    params = {} if task_id is None else {"task_id": task_id}
    return client.get(f"{BASE}/webhooks/deliveries", params=params).json()["data"]


def wait_for_delivery(client, task_id, status, attempts=1):
    for _ in range(1500):
        found = deliveries(client, task_id)
        if found and found[0]["status"] == status and len(found[0]["attempts"]) >= attempts:
            return found[0]
        time.sleep(0.02)
    raise AssertionError(found)


async def order_nonsense(service, caller, task_type, clip_id, webhook_url):
    """Order something that no job can make anything of."""
    clip = UUID(clip_id) if not OFFERS[task_type].makes_clip else None
    order = desk.Order(task_type=task_type, clip_id=clip, webhook_url=webhook_url)
    async with bootstrap.open_database(service.house) as database:
        await Till(database).submit(caller.account_id, order)


def hurry(service, delivery_id):
    """Have the next attempt made now instead of in minutes or hours."""
    service.query(
        "UPDATE procrastinate_jobs SET scheduled_at = now()"
        " WHERE status = 'todo' AND args->>'delivery_id' = %s RETURNING 1",
        str(delivery_id),
    )
    note = '{"type": "job_inserted", "job_id": 1}'
    service.query("SELECT pg_notify('procrastinate_queue_v1#courier', %s)", note)


def test_a_webhook_is_the_poll_body_plus_four_fields(client, receiver):
    task_id = submit(
        client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a", webhook_secret="s3cret"
    )
    (got,) = receiver.wait("/a")
    body = json.loads(got.body)
    assert (got.method, body["event"], body["platform"]) == ("POST", "lyrics.completed", "producer")
    assert body["task_id"] == task_id
    assert body["task_type"] == "make_lyrics"
    told = poll(client, task_id)
    assert {name: body[name] for name in told} == told


def test_both_signatures_and_the_headers(client, receiver):
    submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a", webhook_secret="s3cret")
    (got,) = receiver.wait("/a")
    headers = got.headers
    assert headers["content-type"] == "application/json"
    assert str(UUID(headers["x-webhook-id"])) == headers["x-webhook-id"] == headers["idempotency-key"]
    assert headers["x-webhook-event"] == "lyrics.completed"
    stamp = headers["x-webhook-timestamp"]
    assert abs(int(stamp) - time.time()) < 60
    signed = hmac.new(b"s3cret", stamp.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert headers["x-webhook-signature"] == f"sha256={signed}"
    assert headers["x-signature"] == hmac.new(b"s3cret", got.body, hashlib.sha256).hexdigest()


def test_without_a_secret_the_accounts_own_signs(client, receiver, caller):
    submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    (got,) = receiver.wait("/a")
    expected = hmac.new(caller.webhook_secret.encode(), got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-signature"] == expected


def test_a_failure_is_told_too(client, receiver):
    task_id = submit(client, task_type="create_music", sound="fail", webhook_url=f"{receiver.url}/a")
    (got,) = receiver.wait("/a")
    body = json.loads(got.body)
    assert (body["event"], body["status"], body["type"]) == ("song.failed", "FAILED", "failed")
    assert body["task_id"] == task_id


def test_a_cancelled_task_is_told_as_failed(client, receiver, tmp_path):
    order = {"task_type": "create_music", "sound": f"slow until {tmp_path / 'never'}"}
    task_id = submit(client, **order, webhook_url=f"{receiver.url}/a")
    client.post(f"{BASE}/producer/task/{task_id}/cancel")
    (got,) = receiver.wait("/a")
    assert json.loads(got.body)["error"] == "cancelled"


@pytest.mark.parametrize("task_type", EVENTS)
def test_every_task_type_has_its_events(service, caller, client, receiver, task_type):
    clip_id = make_clip(client)["clip_id"]
    receiver.files["/a.wav"] = wav_file(2.0)
    route, fields = {
        "create_music": ("create", ORDER),
        "make_lyrics": ("lyrics-create", LYRICS),
        "video_clip": ("video-clip", {"clip_id": clip_id}),
        "upload": ("upload", {"audio_url": f"{receiver.url}/a.wav"}),
        "download": ("download", {"clip_id": clip_id, "format": "wav"}),
    }[task_type]
    task_id = submit(client, route, **fields, webhook_url=f"{receiver.url}/done")
    (got,) = receiver.wait("/done")
    body = json.loads(got.body)
    assert (body["task_id"], body["task_type"]) == (task_id, task_type)
    assert (body["event"], body["status"]) == (f"{EVENTS[task_type]}.completed", "SUCCESS")
    assert got.headers["x-webhook-event"] == body["event"]
    assert body["data"] == poll(client, task_id)["data"]
    asyncio.run(order_nonsense(service, caller, task_type, clip_id, f"{receiver.url}/failed"))
    (got,) = receiver.wait("/failed")
    body = json.loads(got.body)
    assert (body["event"], body["status"]) == (f"{EVENTS[task_type]}.failed", "FAILED")
    assert got.headers["x-webhook-event"] == body["event"]
    assert (body["code"], body["type"], body["data"]) == (200, "failed", [])
    assert body["message"] == "Task failed. Credits have been refunded."


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_done(client, receiver, status):
    receiver.statuses["/a"] = [status]
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    (attempt,) = wait_for_delivery(client, task_id, "DELIVERED")["attempts"]
    assert attempt["status"] == status


@pytest.mark.parametrize("status", [304, 400, 401, 404, 409, 429, 500, 503])
def test_anything_else_is_tried_again(client, receiver, status):
    receiver.statuses["/a"] = [status]
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    (attempt,) = wait_for_delivery(client, task_id, "PENDING")["attempts"]
    assert attempt["status"] == status


def test_an_attempt_is_logged_with_its_time(client, receiver):
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    delivery = wait_for_delivery(client, task_id, "DELIVERED")
    (attempt,) = delivery["attempts"]
    assert set(attempt) == {"at", "status", "ms", "answer"}
    for moment in (attempt["at"], delivery["created_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", moment)
    assert delivery["created_at"] < attempt["at"]
    assert attempt["answer"] == "thanks"


def test_every_attempt_is_signed_anew(service, client, receiver, monkeypatch):
    """Receivers refuse times that are off by more than 300 s; the second attempt comes an hour later."""
    receiver.statuses["/a"] = [500, 200]
    submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a", webhook_secret="s3cret")
    (first,) = receiver.wait("/a")
    (delivery,) = [found for found in deliveries(client) if found["webhook_url"] == f"{receiver.url}/a"]
    while not deliveries(client)[0]["attempts"]:
        pass
    now = time.time()
    monkeypatch.setattr("producer.service.webhooks.time", lambda: now + 3600)
    hurry(service, delivery["delivery_id"])
    _, second = receiver.wait("/a", 2)
    stamps = [int(got.headers["x-webhook-timestamp"]) for got in (first, second)]
    assert stamps[1] - stamps[0] >= 3600
    for got, stamp in zip((first, second), stamps, strict=True):
        signed = hmac.new(b"s3cret", f"{stamp}.".encode() + got.body, hashlib.sha256).hexdigest()
        assert got.headers["x-webhook-signature"] == f"sha256={signed}"
        assert got.headers["x-signature"] == hmac.new(b"s3cret", got.body, hashlib.sha256).hexdigest()


def test_deliveries_survive_a_restart(house, run_service, receiver):
    """A worker that starts later sends what was announced while none was there."""
    with run_service(house, with_worker=False) as first, first.client(first.open_account()) as client:
        task_id = submit(client, **ORDER, webhook_url=f"{receiver.url}/a")
        client.post(f"{BASE}/producer/task/{task_id}/cancel")
        assert not receiver.requests
    with run_service(house, with_worker=True):
        (got,) = receiver.wait("/a")
    assert json.loads(got.body)["task_id"] == task_id


def test_an_attempt_that_fails_is_repeated_with_the_same_id_and_a_fresh_time(service, client, receiver):
    receiver.statuses["/a"] = [500, 200]
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    waiting = wait_for_delivery(client, task_id, "PENDING")
    assert waiting["attempts"][0]["status"] == 500
    (due,) = service.query(
        "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
        " WHERE status = 'todo' AND args->>'delivery_id' = %s",
        waiting["delivery_id"],
    )[0]
    assert 5 < due <= 10
    hurry(service, waiting["delivery_id"])
    first, second = receiver.wait("/a", 2)
    assert first.headers["x-webhook-id"] == second.headers["x-webhook-id"]
    assert first.body == second.body
    done = wait_for_delivery(client, task_id, "DELIVERED", 2)
    assert [attempt["status"] for attempt in done["attempts"]] == [500, 200]


def test_after_seven_attempts_it_is_given_up(service, client, receiver):
    receiver.statuses["/a"] = [503]
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    waits = []
    for count in range(1, 7):
        waiting = wait_for_delivery(client, task_id, "PENDING", count)
        rows = service.query(
            "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
            " WHERE status = 'todo' AND args->>'delivery_id' = %s",
            waiting["delivery_id"],
        )
        waits.append(float(rows[0][0]))
        hurry(service, waiting["delivery_id"])
    assert wait_for_delivery(client, task_id, "GIVEN_UP", 7)["attempts"][6]["status"] == 503
    for wait, planned in zip(waits, (10, 60, 300, 1800, 7200, 21600), strict=True):
        assert planned - 10 < wait <= planned


def test_a_410_stops_it(client, receiver):
    receiver.statuses["/a"] = [410]
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    assert len(wait_for_delivery(client, task_id, "GIVEN_UP")["attempts"]) == 1


def test_redirects_are_not_followed(client, receiver):
    receiver.redirects["/a"] = f"{receiver.url}/b"
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    delivery = wait_for_delivery(client, task_id, "PENDING")
    assert delivery["attempts"][0]["status"] == 302
    assert not [request for request in receiver.requests if request.path == "/b"]


def test_the_log_keeps_the_first_kib_of_the_answer(client, receiver):
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/huge")
    (attempt,) = wait_for_delivery(client, task_id, "DELIVERED")["attempts"]
    assert attempt["answer"] == "x" * 1024
    assert attempt["ms"] >= 0


def test_a_dead_receiver_is_logged(client):
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url="http://127.0.0.1:9/a")
    (attempt,) = wait_for_delivery(client, task_id, "PENDING")["attempts"]
    assert attempt["status"] is None
    assert "ConnectError" in attempt["answer"]


def test_an_owner_can_have_it_sent_again(client, receiver):
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    delivery = wait_for_delivery(client, task_id, "DELIVERED")
    assert client.post(f"{BASE}/webhooks/deliveries/{delivery['delivery_id']}/redeliver").status_code == 200
    first, second = receiver.wait("/a", 2)
    assert first.headers["x-webhook-id"] == second.headers["x-webhook-id"]


def test_nobody_else_sees_or_sends_it(service, client, receiver):
    task_id = submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/a")
    delivery = wait_for_delivery(client, task_id, "DELIVERED")
    with service.client(service.open_account()) as stranger:
        assert deliveries(stranger) == []
        assert deliveries(stranger, task_id) == []
        answer = stranger.post(f"{BASE}/webhooks/deliveries/{delivery['delivery_id']}/redeliver")
        assert answer.status_code == 404


def test_a_test_event_can_be_sent(client, receiver):
    answer = client.post(f"{BASE}/webhooks/test", json={"webhook_url": f"{receiver.url}/try"})
    assert answer.status_code == 200
    (got,) = receiver.wait("/try")
    assert json.loads(got.body)["event"] == "webhook.test"
    assert got.headers["x-webhook-id"] == answer.json()["delivery_id"]


def test_hanging_and_dripping_receivers_delay_nobody_else(service, client, receiver):
    for path in ("/hang", "/drip"):
        for number in range(8):
            submit(client, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}{path}{number}")
    receiver.wait("/hang0")
    with service.client(service.open_account()) as neighbour:
        task_id = submit(neighbour, "lyrics-create", **LYRICS, webhook_url=f"{receiver.url}/fast")
        assert wait_for(neighbour, task_id)["status"] == "SUCCESS"
        receiver.wait("/fast")
        assert not receiver.released.is_set()
    receiver.released.set()


def test_the_urls_of_a_webhook_and_of_the_poll_are_the_same(client, receiver):
    task_id = submit(client, **ORDER, webhook_url=f"{receiver.url}/song")
    (got,) = receiver.wait("/song")
    assert json.loads(got.body)["data"] == wait_for(client, task_id)["data"]
