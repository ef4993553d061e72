"""Routes beyond the published page."""

import json

import httpx
import pytest
from calls import BASE, ORDER, credits, poll, submit, wait_for


@pytest.fixture
def client(api):
    with api.client(api.open_account(concurrency=100)) as opened:
        yield opened


def test_tasks_are_listed_newest_first_with_cursor_and_filters(client):
    songs = [submit(client, **ORDER) for _ in range(3)]
    words = submit(client, "lyrics-create", prompt="rain")
    client.post(f"{BASE}/producer/task/{songs[0]}/cancel")
    page = client.get(f"{BASE}/producer/tasks", params={"limit": 2}).json()
    assert [task["task_id"] for task in page["data"]] == [words, songs[2]]
    rest = client.get(f"{BASE}/producer/tasks", params={"cursor": page["next_cursor"]}).json()
    assert [task["task_id"] for task in rest["data"]] == [songs[1], songs[0]]
    assert rest["next_cursor"] is None
    failed = client.get(f"{BASE}/producer/tasks", params={"status": "FAILED"}).json()["data"]
    assert [(task["task_id"], task["error"]) for task in failed] == [(songs[0], "cancelled")]
    lyrics = client.get(f"{BASE}/producer/tasks", params={"task_type": "make_lyrics"}).json()["data"]
    assert [task["task_id"] for task in lyrics] == [words]


@pytest.mark.parametrize(
    "params",
    [
        {"limit": "0"},
        {"limit": "201"},
        {"limit": "x"},
        {"cursor": "-1"},
        {"cursor": "9" * 30},
        {"status": "DONE"},
        {"task_type": "x"},
    ],
)
def test_bad_parameters_are_a_400(client, params):
    answer = client.get(f"{BASE}/producer/tasks", params=params)
    assert answer.status_code == 400
    assert f"'{next(iter(params))}'" in answer.json()["error"]


def test_cancelling_a_pending_task_refunds_it(client):
    task_id = submit(client, **ORDER)
    assert credits(client)["credits"] == 990
    assert client.post(f"{BASE}/producer/task/{task_id}/cancel").json() == {
        "message": "success",
        "task_id": task_id,
    }
    body = poll(client, task_id)
    assert list(body)[:5] == ["code", "status", "type", "message", "data"]
    assert body["message"] == "Task failed. Credits have been refunded."
    assert (body["type"], body["error"], body["data"]) == ("failed", "cancelled", [])
    assert credits(client)["credits"] == 1000
    answer = client.post(f"{BASE}/producer/task/{task_id}/cancel")
    assert (answer.status_code, answer.json()["type"]) == (409, "task_ended")
    assert credits(client)["credits"] == 1000


def test_a_pending_task_knows_its_place(client):
    first, second = submit(client, **ORDER), submit(client, **ORDER)
    body = poll(client, second)
    assert (body["code"], body["status"], body["message"], body["data"]) == (
        200,
        "PENDING",
        "task is still processing",
        [],
    )
    assert body["queue_position"] > 1
    assert poll(client, first)["queue_position"] == body["queue_position"] - 1


def test_nobody_else_sees_cancels_or_follows_a_task(api, client):
    task_id = submit(client, **ORDER)
    gone = {"code": 404, "type": "not_found", "error": "task not found", "message": "task not found"}
    with api.client(api.open_account()) as stranger:
        for answer in (
            stranger.get(f"{BASE}/producer/task/{task_id}"),
            stranger.post(f"{BASE}/producer/task/{task_id}/cancel"),
            stranger.get(f"{BASE}/producer/task/{task_id}/events"),
            stranger.get(f"{BASE}/producer/task/nonsense"),
            stranger.get(f"{BASE}/producer/task/{task_id.upper()}"),
        ):
            assert (answer.status_code, answer.json()) == (404, gone)
        assert stranger.get(f"{BASE}/producer/tasks").json()["data"] == []
    assert poll(client, task_id)["status"] == "PENDING"


def test_a_poll_that_was_answered_before_is_still_the_owners_alone(api, client):
    task_id = submit(client, **ORDER)
    poll(client, task_id)
    with api.client(api.open_account()) as stranger:
        assert stranger.get(f"{BASE}/producer/task/{task_id}").status_code == 404


def test_events_tell_status_stage_and_progress_until_the_end(service, tmp_path):
    with service.client(service.open_account()) as client:
        until = tmp_path / "hurry"
        task_id = submit(client, task_type="create_music", sound=f"slow until {until}")
        told = []
        with client.stream("GET", f"{BASE}/producer/task/{task_id}/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    told.append(json.loads(line[6:]))
                    if told[-1].get("stage") == "singing":
                        until.touch()
        assert {event["task_id"] for event in told} == {task_id}
        assert told[-1]["status"] == "SUCCESS"
        assert told[-1]["progress"] == 100
        assert [event["progress"] for event in told] == sorted(event["progress"] for event in told)
        assert any(event.get("stage") == "singing" for event in told)


def test_revoked_keys_stop_at_once(api):
    caller = api.open_account()
    with api.client(caller) as client:
        assert client.get(f"{BASE}/get-credits").status_code == 200
        key_id = caller.key.split("_")[1]
        api.revoke(key_id)
        answers = [client.get(f"{BASE}/get-credits").status_code for _ in range(3)]
        assert answers[-1] == 401


def test_health_and_readiness(api):
    with api.client() as anybody:
        assert anybody.get("/healthz").json() == {"status": "ok"}
        assert anybody.get("/readyz").json() == {"status": "ready"}


def test_the_page_and_the_document_describe_every_route(api):
    with api.client() as anybody:
        document = anybody.get("/openapi.json").json()
        page = anybody.get("/docs").text
    for path in ("create", "lyrics-create", "video-clip", "upload", "download", "task/{task_id}"):
        assert f"{BASE}/producer/{path}" in document["paths"]
        assert f"{BASE}/producer/{path}" in page
    assert "http://" not in page.replace("http://127.0.0.1", "").replace("public http(s)", "")
    fields = document["paths"][f"{BASE}/producer/create"]["post"]["requestBody"]["content"][
        "application/json"
    ]
    assert set(ORDER) <= set(fields["schema"]["properties"])
    assert "/compat" not in json.dumps(document["paths"])


def test_a_listening_api_forgets_nothing_it_should_not(service):
    """Many polls of a running task see every state in order."""
    with service.client(service.open_account()) as client:
        task_id = submit(client, **ORDER)
        seen = []
        while not seen or seen[-1] not in ("SUCCESS", "FAILED"):
            seen.append(poll(client, task_id)["status"])
        order = ["PENDING", "RUNNING", "SUCCESS"]
        assert [order.index(status) for status in seen] == sorted(order.index(status) for status in seen)
        assert wait_for(client, task_id)["status"] == "SUCCESS"
        assert httpx.get(poll(client, task_id)["data"][0]["audio_url"], trust_env=False).status_code == 200
