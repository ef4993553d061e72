"""One request all the way through: HTTP, ledger, queue, child process, files, poll."""

import io
import zipfile

import httpx
import pytest
from calls import ORDER, credits, make_clip, poll, submit, wait_for


def test_a_song_from_order_to_files(service):
    with service.client(service.open_account()) as client:
        clip = make_clip(client)
        assert clip["title"] == "Back to You"
        for field in ("audio_url", "wav_url", "image_url", "lrc_url", "midi_url"):
            assert httpx.get(clip[field], trust_env=False).status_code == 200, field
        assert credits(client) == {"credits": 990, "extra_credits": 0}


def test_stems_come_when_they_are_asked_for(service):
    with service.client(service.open_account()) as client:
        plain, asked = make_clip(client), make_clip(client, extras=["stems", "lrc"])
        assert (plain["stems"], plain["stems_url"]) == ({}, None)
        assert list(asked["stems"]) == ["piano"]
        single = httpx.get(asked["stems"]["piano"], trust_env=False)
        assert single.headers["content-type"] == "audio/wav"
        archive = httpx.get(asked["stems_url"], trust_env=False)
        assert archive.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
            assert packed.namelist() == ["piano.wav"]
            assert packed.read("piano.wav") == single.content
        assert "Back to You" in httpx.get(asked["chords_url"], trust_env=False).text


@pytest.mark.parametrize("extras", ["stems", [1], ["drums"], {"stems": True}])
def test_extras_that_are_not_on_the_list_are_a_400(service, extras):
    with service.client(service.open_account()) as client:
        answer = client.post("/api/v1/producer/create", json=ORDER | {"extras": extras})
        assert answer.status_code == 400
        assert "'extras'" in answer.json()["error"]
        assert credits(client)["credits"] == 1000


def test_a_crash_costs_one_task_and_is_refunded(service):
    with service.client(service.open_account()) as client:
        crashed = submit(client, task_type="create_music", sound="crash")
        fine = submit(client, **ORDER)
        assert wait_for(client, crashed)["status"] == "FAILED"
        assert wait_for(client, fine)["status"] == "SUCCESS"
        assert credits(client) == {"credits": 990, "extra_credits": 0}


@pytest.mark.parametrize(("sound", "told"), [("fail", "The choir has a cold."), ("bug", "An internal error")])
def test_an_engine_that_raises_is_refunded(service, sound, told):
    with service.client(service.open_account()) as client:
        body = wait_for(client, submit(client, task_type="create_music", sound=sound))
        assert body["status"] == "FAILED"
        assert body["error"].startswith(told)
        assert "secret" not in str(body)
        assert credits(client)["credits"] == 1000


def test_progress_and_stage_are_seen_while_it_runs(service, tmp_path):
    with service.client(service.open_account()) as client:
        until = tmp_path / "hurry"
        task_id = submit(client, task_type="create_music", sound=f"slow until {until}")
        body = wait_for(client, task_id, "RUNNING")
        while body["stage"] != "singing":
            body = poll(client, task_id)
        assert 0 < body["progress"] < 100
        assert body["message"] == "task is still processing"
        until.touch()
        assert wait_for(client, task_id)["progress"] == 100


def test_cancelling_a_running_task_refunds_it_and_stops_its_child(service, tmp_path):
    with service.client(service.open_account()) as client:
        task_id = submit(client, task_type="create_music", sound=f"slow until {tmp_path / 'never'}")
        wait_for(client, task_id, "RUNNING")
        assert client.post(f"/api/v1/producer/task/{task_id}/cancel").status_code == 200
        body = poll(client, task_id)
        assert (body["status"], body["error"]) == ("FAILED", "cancelled")
        assert credits(client)["credits"] == 1000
        assert client.post(f"/api/v1/producer/task/{task_id}/cancel").status_code == 409
        make_clip(client)  # the worker is free again
