"""What a poll says while a task runs, when it failed and when it is done."""

import re
from uuid import UUID

import httpx
import pytest
from calls import BASE, ORDER, make_clip, poll, submit, wait_for
from receiver import receiving
from sounds import wav_file

NOWHERE = "5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2"
EXTRA_ROOT = {"task_id", "task_type", "progress", "stage", "queue_position"}
FILE_KINDS = {
    "audio_url": (".m4a", "audio/mp4"),
    "wav_url": ("-wav.wav", "audio/wav"),
    "image_url": ("-img.jpg", "image/jpeg"),
    "lrc_url": (".lrc", "text/plain; charset=utf-8"),
    "srt_url": (".srt", "application/x-subrip; charset=utf-8"),
    "midi_url": (".mid", "audio/midi"),
    "chords_url": ("-chords.txt", "text/plain; charset=utf-8"),
    "stems_url": ("-stems.zip", "application/zip"),
}


@pytest.fixture(scope="module")
def client(service):
    with service.client(service.open_account(concurrency=50)) as opened:
        yield opened


@pytest.fixture(scope="module")
def clip(client):
    return make_clip(client, extras=["stems"])


def fetch(url, method="GET", **headers):
    return httpx.request(method, url, headers=headers, trust_env=False)


def test_a_pending_task_says_so(api):
    with api.client(api.open_account()) as client:
        answer = client.get(f"{BASE}/producer/task/{submit(client, **ORDER)}")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    told = {name: body.pop(name) for name in ("code", "status", "message", "data")}
    assert told == {"code": 200, "status": "PENDING", "message": "task is still processing", "data": []}
    assert set(body) <= EXTRA_ROOT


def test_a_running_task_says_so(client, tmp_path):
    until = tmp_path / "hurry"
    task_id = submit(client, task_type="create_music", sound=f"slow until {until}")
    body = wait_for(client, task_id, "RUNNING")
    told = {name: body.pop(name) for name in ("code", "status", "message", "data")}
    assert told == {"code": 200, "status": "RUNNING", "message": "task is still processing", "data": []}
    assert set(body) <= EXTRA_ROOT
    assert 0 <= body["progress"] <= 100
    until.touch()
    assert wait_for(client, task_id)["status"] == "SUCCESS"


def test_a_failed_task_says_so_with_http_200_and_a_plain_reason(client):
    task_id = submit(client, task_type="create_music", sound="fail")
    wait_for(client, task_id)
    answer = client.get(f"{BASE}/producer/task/{task_id}")
    assert answer.status_code == 200
    assert answer.json() == {
        "code": 200,
        "status": "FAILED",
        "type": "failed",
        "message": "Task failed. Credits have been refunded.",
        "data": [],
        "error": "The choir has a cold.",
        "task_id": task_id,
        "task_type": "create_music",
        "progress": answer.json()["progress"],
    }


def test_a_finished_task_has_one_item_of_data(client):
    body = wait_for(client, submit(client, **ORDER))
    assert (body["code"], body["status"], body["message"], len(body["data"])) == (
        200,
        "SUCCESS",
        "success",
        1,
    )


@pytest.mark.parametrize("task_id", [NOWHERE, "nonsense", "%00", "a" * 300, "..%2f..", NOWHERE.upper()])
def test_an_unknown_task_is_a_404_with_the_published_body(client, task_id):
    answer = client.get(f"{BASE}/producer/task/{task_id}")
    assert answer.status_code == 404
    if "%2f" not in task_id:  # that one is another route
        text = "task not found"
        assert answer.json() == {"code": 404, "type": "not_found", "error": text, "message": text}


def test_sound_and_lyrics_are_echoed_and_null_when_not_given_and_nothing_was_written(client):
    assert make_clip(client)["sound"] == ORDER["sound"]
    words_only = make_clip(client, sound=None)
    assert (words_only["sound"], words_only["lyrics"]) == (None, ORDER["lyrics"])
    assert make_clip(client, lyrics=None, make_instrumental=True)["lyrics"] is None


def test_an_instrumental_with_lyrics_is_sung_by_nobody(client):
    clip = make_clip(client, make_instrumental=True)
    assert (clip["lyrics"], clip["lyrics_timing_markers"], clip["lrc_url"]) == (ORDER["lyrics"], None, None)


def test_make_instrumental_is_false_by_default(client):
    assert make_clip(client)["lyrics_timing_markers"]
    assert make_clip(client, make_instrumental=False)["lyrics_timing_markers"]


def test_the_model_is_fuzz_2_by_default(client):
    assert make_clip(client)["mv"] == make_clip(client, mv=None)["mv"] == "FUZZ-2.0"


@pytest.mark.parametrize("title", [None, "", "  "])
def test_a_title_is_invented_when_absent(client, title):
    assert make_clip(client, title=title)["title"].strip()


@pytest.mark.parametrize(("seed", "told"), [(7, "7"), ("007", "007"), (0, "0"), ("12345", "12345")])
def test_a_seed_is_echoed_as_a_string(client, seed, told):
    assert make_clip(client, seed=seed)["seed"] == told


def test_seeds_are_drawn_anew(client):
    assert make_clip(client, seed=None)["seed"] != make_clip(client, seed=None)["seed"]


@pytest.mark.parametrize(("length", "bpm"), [(5.5, 97), ("6", "120.5")])
def test_length_and_bpm_are_honoured(client, length, bpm):
    clip = make_clip(client, length=length, bpm=bpm)
    assert (clip["duration"], clip["bpm"]) == (float(length), float(bpm))


def test_words_and_lines_have_start_and_end_seconds(clip):
    lines = clip["lyrics_timing_markers"]["lines"]
    words = [word for line in lines for word in line["words"]]
    assert [word["text"] for word in words] == ORDER["lyrics"].split("\n")[1].split()
    for markers in (lines, words):
        times = [(marker["start"], marker["end"]) for marker in markers]
        assert times == sorted(times)
        assert all(0 <= start < end <= clip["duration"] for start, end in times)


def test_ids_are_random_so_that_files_can_not_be_guessed(clip):
    assert UUID(clip["clip_id"]).version == 4


@pytest.mark.parametrize("field", FILE_KINDS)
def test_every_file_has_its_url_and_type_and_answers_get_head_and_range_without_a_key(service, clip, field):
    ending, media_type = FILE_KINDS[field]
    assert clip[field] == f"{service.base_url}/producer/{clip['clip_id']}{ending}"
    whole, head = fetch(clip[field]), fetch(clip[field], "HEAD")
    assert (whole.status_code, head.status_code, head.content) == (200, 200, b"")
    assert whole.headers["content-type"] == head.headers["content-type"] == media_type
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(head.headers["content-length"]) == len(whole.content) > 0
    assert whole.headers["x-request-id"]
    part = fetch(clip[field], Range="bytes=1-3")
    assert (part.status_code, part.content) == (206, whole.content[1:4])
    etag = whole.headers["etag"]
    assert head.headers["etag"] == part.headers["etag"] == etag
    assert fetch(clip[field], **{"If-None-Match": etag}).status_code == 304
    assert fetch(clip[field], **{"If-None-Match": "*"}).status_code == 304
    assert fetch(clip[field], **{"If-None-Match": '"other"'}).status_code == 200
    old = fetch(clip[field], Range="bytes=1-3", **{"If-Range": '"other"'})
    assert (old.status_code, len(old.content)) == (200, len(whole.content))
    assert re.search(rf'filename="{clip["clip_id"]}', whole.headers["content-disposition"])


def test_a_video_can_be_made_of_an_upload(client):
    with receiving() as web:
        web.files["/a.wav"] = wav_file(2.0)
        (clip,) = wait_for(client, submit(client, "upload", audio_url=f"{web.url}/a.wav"))["data"]
    (made,) = wait_for(client, submit(client, "video-clip", clip_id=clip["clip_id"]))["data"]
    assert (made["clip_id"], made["image_url"]) == (clip["clip_id"], clip["image_url"])
    assert fetch(made["video_url"]).headers["content-type"] == "video/mp4"


def test_the_mp3_of_a_clip_is_named_after_it(service, client, clip):
    order = submit(client, "download", clip_id=clip["clip_id"], format="mp3")
    (made,) = wait_for(client, order)["data"]
    assert made["audio_url"] == f"{service.base_url}/producer/{clip['clip_id']}.mp3"
    assert fetch(made["audio_url"], "HEAD").headers["content-type"] == "audio/mpeg"


def test_a_clip_that_was_deleted_can_not_be_ordered_upon(client):
    gone = make_clip(client)
    client.delete(f"{BASE}/producer/clip/{gone['clip_id']}")
    answer = client.post(f"{BASE}/producer/download", json={"clip_id": gone["clip_id"], "format": "mp3"})
    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")


def test_polls_are_never_throttled(client, clip):
    task_id = submit(client, **ORDER)
    answers = [client.get(f"{BASE}/producer/task/{task_id}").status_code for _ in range(500)]
    assert set(answers) == {200}
    assert poll(client, task_id)["task_id"] == task_id
