"""One request all the way through: HTTP, ledger, queue, child process, files, poll."""

import time

import httpx
import pytest

ORDER = {
    "task_type": "create_music",
    "sound": "gentle indie folk",
    "lyrics": "[Verse 1]\nLate night drives across the city",
    "title": "Back to You",
    "seed": "12345",
}


def wait_for(client: httpx.Client, task_id: str, *, status: str | None = None) -> dict:
    """Poll until a task has ended, or has `status`."""
    for _ in range(1200):
        body = client.get(f"/api/v1/producer/task/{task_id}").json()
        if body["status"] in ({"SUCCESS", "FAILED"} | ({status} if status else set())):
            return body
        time.sleep(0.05)
    raise AssertionError(f"still {body}")


def submit(client: httpx.Client, route: str = "create", **fields: object) -> str:
    answer = client.post(f"/api/v1/producer/{route}", json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()["task_id"]


def test_a_song_from_order_to_files(service):
    caller = service.open_account()
    with service.client(caller) as client:
        body = wait_for(client, submit(client, **ORDER))
        assert body["status"] == "SUCCESS", body
        (clip,) = body["data"]
        assert clip["title"] == "Back to You"
        for field in ("audio_url", "wav_url", "image_url", "lrc_url", "midi_url"):
            answer = httpx.get(clip[field], trust_env=False)
            assert answer.status_code == 200, field
        assert client.get("/api/v1/get-credits").json() == {"credits": 990, "extra_credits": 0}


def test_a_crash_costs_one_task_and_is_refunded(service):
    caller = service.open_account()
    with service.client(caller) as client:
        crashed = submit(client, task_type="create_music", sound="crash")
        fine = submit(client, **ORDER)
        assert wait_for(client, crashed)["status"] == "FAILED"
        assert wait_for(client, fine)["status"] == "SUCCESS"
        assert client.get("/api/v1/get-credits").json() == {"credits": 990, "extra_credits": 0}


@pytest.mark.parametrize("sound", ["fail", "bug"])
def test_an_engine_that_raises_is_refunded(service, sound):
    caller = service.open_account()
    with service.client(caller) as client:
        body = wait_for(client, submit(client, task_type="create_music", sound=sound))
        assert body["status"] == "FAILED"
        assert "secret" not in str(body)
        assert client.get("/api/v1/get-credits").json()["credits"] == 1000
