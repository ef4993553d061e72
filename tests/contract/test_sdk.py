"""The unmodified public SDK works when it is pointed at ``/compat/musicapi/v1``."""

from types import SimpleNamespace

import pytest
from calls import ORDER, wait_for
from musicapi import (
    MusicAPI,
    MusicAPIError,
    PollOptions,
    ProducerCreateParams,
    ProducerDownloadParams,
    ProducerUploadParams,
)
from receiver import receiving
from sounds import wav_file

OFTEN = PollOptions(poll_interval_ms=50, timeout_ms=60_000)


@pytest.fixture
def sdk(service):
    caller = service.open_account(extra_credits=5)
    with MusicAPI(caller.key, base_url=f"{service.base_url}/compat/musicapi/v1", max_retries=1) as opened:
        yield opened


def test_create_wait_download_upload_credits(sdk):
    params = ProducerCreateParams(sound=ORDER["sound"], lyrics=ORDER["lyrics"], seed=7, bpm="96", length=4)
    result = sdk.producer.generate_and_wait(params, OFTEN)
    assert (result.code, result.message) == (200, "success")
    (song,) = result.data
    assert song.audio_url.endswith(".m4a")
    assert (song.seed, song.state, song.duration) == ("7", "succeeded", 4.0)
    download = sdk.producer.download_and_wait(ProducerDownloadParams(clip_id=song.clip_id), OFTEN)
    assert download.data[0].audio_url.endswith(".mp3")  # the dialect's default format
    with receiving() as web:
        web.files["/a.wav"] = wav_file()
        task = sdk.producer.upload(ProducerUploadParams(audio_url=f"{web.url}/a.wav"))
        assert task.message == "success"
        while (polled := sdk.producer.get_task(task.task_id)).code == 202:
            assert polled.message == "not_ready"
    assert polled.data[0].audio_url
    balance = sdk.credits.get()
    assert (balance.credits, balance.extra_credits) == (991, 0)


def test_running_is_202_for_the_sdk(sdk, tmp_path):
    task = sdk.producer.create(ProducerCreateParams(sound=f"slow until {tmp_path / 'hurry'}"))
    assert sdk.producer.get_task(task.task_id).code == 202
    (tmp_path / "hurry").touch()
    while sdk.producer.get_task(task.task_id).code == 202:
        pass


def test_a_failed_task_raises(sdk):
    with pytest.raises(MusicAPIError) as caught:
        sdk.producer.generate_and_wait(ProducerCreateParams(sound="fail"), OFTEN)
    assert caught.value.code == "failed"


def test_errors_are_read_as_the_sdk_reads_them(service, sdk):
    with pytest.raises(MusicAPIError) as caught:
        sdk.producer.create(ProducerCreateParams(sound="x", mv="FUZZ-9"))
    assert (caught.value.status, caught.value.code) == (400, "validation_error")
    assert "'mv'" in str(caught.value)
    assert caught.value.request_id
    with pytest.raises(MusicAPIError) as caught:
        sdk.producer.create(ProducerCreateParams(task_type="extend_music", sound="x"))
    assert (caught.value.status, caught.value.code) == (410, "endpoint_retired")
    with pytest.raises(MusicAPIError) as caught:
        sdk.producer.get_task("5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2")
    assert (caught.value.status, caught.value.code) == (404, "not_found")
    with MusicAPI("nonsense", base_url=f"{service.base_url}/compat/musicapi/v1") as stranger:
        with pytest.raises(MusicAPIError) as caught:
            stranger.credits.get()
        assert caught.value.is_auth_error


def test_a_429_is_posted_again_after_the_time_it_names_and_costs_nothing(service, tmp_path, monkeypatch):
    caller = service.open_account(concurrency=1)
    waits = []
    with MusicAPI(caller.key, base_url=f"{service.base_url}/compat/musicapi/v1") as sdk:
        first = sdk.producer.create(ProducerCreateParams(sound=f"slow until {tmp_path / 'hurry'}"))

        def wait(seconds):
            waits.append(seconds)
            (tmp_path / "hurry").touch()
            with service.client(caller) as client:
                wait_for(client, first.task_id)

        monkeypatch.setattr("musicapi._http.time", SimpleNamespace(sleep=wait))
        second = sdk.producer.create(ProducerCreateParams(sound="x"))
        assert second.message == "success"
        assert len(waits) == 1
        assert waits[0] >= 1
        assert sdk.credits.get().credits == 980


def test_the_published_routes_speak_their_own_dialect(service):
    with service.client(service.open_account()) as client:
        assert client.post("/api/v1/producer/create", json={"sound": "x"}).status_code == 400
        assert client.post("/compat/musicapi/v1/producer/create", json={"sound": "x"}).status_code == 200
