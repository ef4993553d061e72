"""Every vault keeps the same promises: a folder, and a bucket."""

import contextlib
import threading

import httpx
import obstore
import pytest
from moto.server import ThreadedMotoServer

from producer.adapters.vault import ObjectVault
from producer.errors import MediaError, SettingsError

KEY = "producer/3f2b8c1e-6f0a-4a44-9f0e-0a1b2c3d4e5f.m4a"


@pytest.fixture(scope="module")
def s3():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def vault(request, tmp_path, monkeypatch):
    if request.param == "folder":
        return ObjectVault((tmp_path / "vault").as_uri(), "http://music.example")
    endpoint = request.getfixturevalue("s3")
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
    }.items():
        monkeypatch.setenv(name, value)
    httpx.put(f"{endpoint}/songs", trust_env=False)
    return ObjectVault("s3://songs/prefix", None)


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.m4a"
    path.write_bytes(b"sound" * 3_000_000)  # more than one part of an upload
    return path


def test_what_is_put_can_be_got_asked_for_and_deleted(vault, song, tmp_path):
    assert not vault.has(KEY)
    vault.put(KEY, song, "audio/mp4")
    assert vault.has(KEY)
    vault.get(KEY, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == song.read_bytes()
    vault.delete([KEY, "producer/never-there"])
    assert not vault.has(KEY)
    with pytest.raises(MediaError):
        vault.get(KEY, tmp_path / "back")


def test_putting_again_replaces(vault, song, tmp_path):
    vault.put(KEY, song, "audio/mp4")
    song.write_bytes(b"shorter")
    vault.put(KEY, song, "audio/mp4")
    vault.get(KEY, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"shorter"


@pytest.mark.parametrize("key", ["../outside", "producer/../../outside", "/etc/passwd", "producer/./x"])
def test_keys_never_traverse(vault, song, tmp_path, key):
    with contextlib.suppress(ValueError, obstore.exceptions.BaseError):
        vault.put(key, song, "audio/mp4")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path.parent / "outside").exists()


def test_readers_never_see_half_a_file(tmp_path, song):
    vault = ObjectVault((tmp_path / "vault").as_uri(), "http://music.example")
    seen, stop = set(), threading.Event()

    def look():
        path = vault.folder / KEY
        while not stop.is_set():
            if path.exists():
                seen.add(path.stat().st_size)

    looker = threading.Thread(target=look)
    looker.start()
    for _ in range(5):
        vault.put(KEY, song, "audio/mp4")
    stop.set()
    looker.join()
    assert seen <= {song.stat().st_size}


def test_a_folders_files_are_read_from_the_public_base(tmp_path):
    vault = ObjectVault((tmp_path / "vault").as_uri(), "http://music.example")
    assert vault.url(KEY) == f"http://music.example/{KEY}"


def test_a_buckets_files_are_read_from_signed_urls_with_range(vault, song):
    if vault.folder is not None:
        return
    vault.put(KEY, song, "audio/mp4")
    url = vault.url(KEY)
    assert "X-Amz-Signature" in url
    answer = httpx.get(url, headers={"Range": "bytes=0-4"}, trust_env=False)
    assert (answer.status_code, answer.content) == (206, b"sound")
    assert answer.headers["content-type"] == "audio/mp4"


def test_a_public_bucket_has_a_base_of_its_own(s3, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    vault = ObjectVault("s3://songs", "https://cdn.example")
    assert vault.url(KEY) == f"https://cdn.example/{KEY}"


@pytest.mark.parametrize("url", ["ftp://x/y", "songs", "s3://"])
def test_other_storage_is_refused_with_a_remedy(url):
    with pytest.raises(SettingsError, match="PRODUCER_STORAGE_URL"):
        ObjectVault(url, None)
