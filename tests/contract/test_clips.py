"""What the five task types answer, and the files they leave."""

import io
import json
import re

import av
import httpx
import pytest
from calls import BASE, ORDER, credits, make_clip, submit, wait_for
from receiver import receiving
from sounds import length_of, quiet_wav, wav_file

CREATED = [
    "clip_id",
    "title",
    "sound",
    "lyrics",
    "audio_url",
    "wav_url",
    "image_url",
    "video_url",
    "duration",
    "mv",
    "seed",
    "state",
    "created_at",
]
CODECS = {".mp3": "libmp3lame", ".m4a": "aac", ".wav": "pcm_s16le", ".ogg": "libopus", ".flac": "flac"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(scope="module")
def caller(service):
    return service.open_account(concurrency=50)


@pytest.fixture(scope="module")
def client(service, caller):
    with service.client(caller) as opened:
        yield opened


@pytest.fixture(scope="module")
def clip(client):
    return make_clip(client)


def fetch(url, **headers):
    return httpx.get(url, headers=headers, trust_env=False)


def test_a_song_has_the_published_fields_first_and_in_order(clip):
    assert list(clip)[: len(CREATED)] == CREATED
    assert (clip["title"], clip["sound"], clip["lyrics"]) == (ORDER["title"], ORDER["sound"], ORDER["lyrics"])
    assert (clip["mv"], clip["seed"], clip["state"], clip["video_url"]) == (
        "FUZZ-2.0",
        "12345",
        "succeeded",
        None,
    )
    assert TIME.fullmatch(clip["created_at"])
    assert isinstance(clip["seed"], str)
    assert clip["lyrics_timing_markers"]
    assert (clip["bpm"], clip["key"]) == (120.0, "A minor")


def test_the_poll_of_a_song_has_code_status_message_data_first(client):
    body = wait_for(client, submit(client, **ORDER))
    assert list(body)[:4] == ["code", "status", "message", "data"]
    assert (body["code"], body["message"], body["progress"]) == (200, "success", 100)


def test_file_urls_are_named_after_the_clip(service, clip):
    base = f"{service.base_url}/producer/{clip['clip_id']}"
    assert clip["audio_url"] == f"{base}.m4a"
    assert clip["wav_url"] == f"{base}-wav.wav"
    assert clip["image_url"] == f"{base}-img.jpg"


def test_duration_is_that_of_the_real_file_with_three_decimals(clip):
    assert clip["duration"] == round(clip["duration"], 3)
    assert length_of(fetch(clip["wav_url"]).content) == pytest.approx(clip["duration"], abs=0.001)
    assert length_of(fetch(clip["audio_url"]).content) == pytest.approx(clip["duration"], abs=0.05)


def test_files_answer_get_head_and_range_and_need_no_key(clip):
    whole = fetch(clip["audio_url"])
    assert whole.headers["content-type"] == "audio/mp4"
    assert fetch(clip["wav_url"]).headers["content-type"] == "audio/wav"
    assert fetch(clip["image_url"]).headers["content-type"] == "image/jpeg"
    assert clip["clip_id"] in whole.headers["content-disposition"]
    head = httpx.head(clip["audio_url"], trust_env=False)
    assert head.status_code == 200
    assert int(head.headers["content-length"]) == len(whole.content)
    part = fetch(clip["audio_url"], Range="bytes=100-199")
    assert part.status_code == 206
    assert part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    tail = fetch(clip["audio_url"], Range="bytes=-50")
    assert tail.content == whole.content[-50:]
    assert fetch(clip["audio_url"], Range=f"bytes={len(whole.content)}-").status_code == 416
    assert fetch(clip["audio_url"], **{"If-None-Match": whole.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2fpepper",
        "..%2fprivate%2f{id}-song.json",
        "{id}-song.json",
        "%2e%2e",
        "{id}.m4a%00",
        "{id}.exe",
        "00000000-0000-4000-8000-000000000000.m4a",
        "{ID}.m4a",
    ],
)
def test_keys_never_traverse_and_private_files_are_not_served(service, clip, name):
    name = name.replace("{id}", clip["clip_id"]).replace("{ID}", clip["clip_id"].upper())
    assert fetch(f"{service.base_url}/producer/{name}").status_code == 404


def test_without_lyrics_the_writer_supplies_them(client):
    clip = make_clip(client, lyrics=None)
    assert clip["lyrics"].startswith("[Verse]")


def test_an_instrumental_has_no_words_of_its_own(client):
    clip = make_clip(client, lyrics=None, make_instrumental=True)
    assert clip["lyrics"] is None
    assert clip["lyrics_timing_markers"] is None


def test_models_are_echoed_as_spelled_and_a_drawn_seed_is_told(client):
    clip = make_clip(client, mv="fuzz-2.0 pro", seed=None)
    assert clip["mv"] == "fuzz-2.0 pro"
    assert clip["seed"].isdigit()


def test_lyrics_have_exactly_the_published_fields_first(client):
    body = wait_for(client, submit(client, "lyrics-create", prompt="a lighthouse keeper", seed="3"))
    (made,) = body["data"]
    assert list(made)[:5] == ["lyrics_id", "lyrics", "title", "sound", "created_at"]
    assert re.fullmatch(r"lyr_[0-9a-f]{12}", made["lyrics_id"])
    assert "[" in made["lyrics"]
    assert made["title"]


def test_a_download_as_mp3(client, clip):
    body = wait_for(client, submit(client, "download", clip_id=clip["clip_id"], format="mp3"))
    (made,) = body["data"]
    assert list(made)[:5] == ["clip_id", "format", "audio_url", "state", "created_at"]
    assert (made["clip_id"], made["format"]) == (clip["clip_id"], "mp3")
    assert made["audio_url"].endswith(f"{clip['clip_id']}.mp3")
    data = fetch(made["audio_url"]).content
    assert length_of(data) == pytest.approx(clip["duration"], abs=0.06)
    with av.open(io.BytesIO(data)) as container:
        assert container.metadata["title"] == clip["title"]
        assert container.metadata["artist"]
        assert [stream.type for stream in container.streams] == ["audio", "video"]  # the cover


def test_a_second_download_reuses_the_file_but_is_a_task(service, client, clip):
    first = wait_for(client, submit(client, "download", clip_id=clip["clip_id"], format="mp3"))["data"][0]
    before, balance = (
        httpx.head(first["audio_url"], trust_env=False).headers["etag"],
        credits(client)["credits"],
    )
    second = wait_for(client, submit(client, "download", clip_id=clip["clip_id"], format="mp3"))["data"][0]
    assert httpx.head(second["audio_url"], trust_env=False).headers["etag"] == before
    assert credits(client)["credits"] == balance - 2


def test_a_download_as_wav_is_the_wav(client, clip):
    (made,) = wait_for(client, submit(client, "download", clip_id=clip["clip_id"], format="wav"))["data"]
    assert made["audio_url"] == clip["wav_url"]


@pytest.mark.parametrize(
    ("preset", "aspect"), [(None, None), ("simple", "1:1"), ("modern", "9:16"), ("player", "16:9")]
)
def test_a_video_of_a_song(client, preset, aspect):
    song = submit(client, **ORDER)
    clip = wait_for(client, song)["data"][0]
    (made,) = wait_for(
        client, submit(client, "video-clip", clip_id=clip["clip_id"], preset=preset, aspect=aspect)
    )["data"]
    assert list(made)[:8] == [
        *("clip_id", "title", "audio_url", "video_url", "image_url", "duration", "state", "created_at")
    ]
    assert made["video_url"].endswith(f"{clip['clip_id']}-video.mp4")
    answer = fetch(made["video_url"])
    assert answer.headers["content-type"] == "video/mp4"
    with av.open(io.BytesIO(answer.content)) as container:
        assert float(container.duration / av.time_base) == pytest.approx(clip["duration"], abs=0.1)
        assert [stream.type for stream in container.streams] == ["video", "audio"]
    later = wait_for(client, song)["data"][0]
    assert later["video_url"] == made["video_url"]
    assert list(later) == list(clip)


def test_an_upload_becomes_a_clip_with_a_cover(client):
    with receiving() as web:
        web.files["/music/Back%20to_you.mp3"] = wav_file(2.0)  # content counts, not the name
        url = f"{web.url}/music/Back%20to_you.mp3"
        body = wait_for(client, submit(client, "upload", audio_url=url))
        (made,) = body["data"]
        assert list(made)[:5] == ["clip_id", "audio_url", "duration", "state", "created_at"]
        assert made["duration"] == pytest.approx(2.0, abs=0.001)
        assert made["title"] == "Back to you"
        assert length_of(fetch(made["audio_url"]).content) == pytest.approx(2.0, abs=0.05)
        assert fetch(made["image_url"]).headers["content-type"] == "image/jpeg"
        again = wait_for(client, submit(client, "download", clip_id=made["clip_id"], format="mp3"))
        assert again["status"] == "SUCCESS"


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".wav", ".ogg", ".flac"])
def test_an_upload_may_be_mp3_m4a_or_wav_and_ogg_and_flac_are_welcome(client, tmp_path, suffix):
    (tmp_path / "source.wav").write_bytes(wav_file(2.0))
    with av.open(str(tmp_path / "source.wav")) as source, av.open(str(tmp_path / f"a{suffix}"), "w") as out:
        stream = out.add_stream(CODECS[suffix], rate=48000)
        for frame in source.decode(audio=0):
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with receiving() as web:
        web.files["/a"] = (tmp_path / f"a{suffix}").read_bytes()
        (made,) = wait_for(client, submit(client, "upload", audio_url=f"{web.url}/a"))["data"]
    assert made["duration"] == pytest.approx(2.0, abs=0.06)
    assert fetch(made["audio_url"]).headers["content-type"] == "audio/mp4"
    assert length_of(fetch(made["audio_url"]).content) == pytest.approx(made["duration"], abs=0.06)


@pytest.mark.parametrize(
    "trouble", ["too long", "not audio", "missing", "unreachable", "empty", "hidden redirect"]
)
def test_an_upload_that_can_not_be_had_fails_and_is_refunded(client, trouble):
    balance = credits(client)["credits"]
    with receiving() as web:
        web.files["/too long"] = quiet_wav(20 * 60 + 1) if trouble == "too long" else b""
        web.files |= {"/not audio": b"<html>hello</html>" * 100, "/empty": b""}
        web.statuses["/missing"] = [404]
        web.redirects["/hidden redirect"] = "http://169.254.169.254/latest/meta-data"
        url = (
            "http://127.0.0.1:9/x" if trouble == "unreachable" else f"{web.url}/{trouble}".replace(" ", "%20")
        )
        web.files |= {path.replace(" ", "%20"): body for path, body in web.files.items()}
        web.redirects |= {path.replace(" ", "%20"): to for path, to in web.redirects.items()}
        body = wait_for(client, submit(client, "upload", audio_url=url))
    assert body["status"] == "FAILED", body
    assert body["error"]
    assert credits(client)["credits"] == balance


def test_another_accounts_clip_does_not_exist(service, clip):
    with service.client(service.open_account()) as stranger:
        for route, fields in (("download", {"format": "mp3"}), ("video-clip", {})):
            answer = stranger.post(f"{BASE}/producer/{route}", json={"clip_id": clip["clip_id"], **fields})
            assert answer.status_code == 400
            assert "'clip_id'" in answer.json()["error"]
        assert stranger.delete(f"{BASE}/producer/clip/{clip['clip_id']}").status_code == 404
        assert stranger.get(f"{BASE}/producer/clips").json() == {"data": [], "next_cursor": None}


def test_clips_are_listed_and_deleted_with_their_files(client):
    clip = make_clip(client)
    listed = client.get(f"{BASE}/producer/clips", params={"limit": 1}).json()
    assert listed["data"][0]["clip_id"] == clip["clip_id"]
    assert clip["audio_url"] in listed["data"][0]["files"]
    assert not [url for url in listed["data"][0]["files"] if "song.json" in url]
    older = client.get(f"{BASE}/producer/clips", params={"limit": 1, "cursor": listed["next_cursor"]}).json()
    assert older["data"][0]["clip_id"] != clip["clip_id"]
    assert client.delete(f"{BASE}/producer/clip/{clip['clip_id']}").status_code == 200
    assert fetch(clip["audio_url"]).status_code == 404
    assert client.delete(f"{BASE}/producer/clip/{clip['clip_id']}").status_code == 404


def test_every_task_type_tells_its_time_in_utc_with_microseconds_and_z(service, client, clip):
    with receiving() as web:
        web.files["/a.wav"] = wav_file(2.0)
        orders = {
            "create": ORDER,
            "lyrics-create": {"prompt": "the sea"},
            "video-clip": {"clip_id": clip["clip_id"]},
            "upload": {"audio_url": f"{web.url}/a.wav"},
            "download": {"clip_id": clip["clip_id"], "format": "wav"},
        }
        tasks = [submit(client, route, **fields) for route, fields in orders.items()]
        made = [wait_for(client, task)["data"][0] for task in tasks]
    listed = client.get(f"{BASE}/producer/tasks", params={"limit": 5}).json()["data"]
    for item in (*made, *listed):
        assert TIME.fullmatch(item["created_at"])
    assert [item.get("state", "succeeded") for item in made] == ["succeeded"] * 5


def test_the_score_is_kept_privately(service, clip):
    path = service.house.settings.data_dir / "vault" / "private" / f"{clip['clip_id']}-song.json"
    assert json.loads(path.read_text())["song"]["title"] == ORDER["title"]
