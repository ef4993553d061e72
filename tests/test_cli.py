"""The commands, as an operator types them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

NOBODY_THERE = "postgresql://127.0.0.1:9/x"
PRODUCER = str(Path(sys.executable).parent / "producer")


@pytest.fixture
def run(tmp_path):
    def run(*arguments, **environment):
        told = {**os.environ, "PRODUCER_DATA_DIR": str(tmp_path / "var"), **environment}
        return subprocess.run([PRODUCER, *arguments], env=told, capture_output=True, text=True, check=False)

    return run


def test_the_last_word_of_account_create_is_the_key(run):
    done = run("account", "create", "olive", "--credits", "50", "--extra-credits", "4", "--concurrency", "2")
    assert done.returncode == 0, done.stderr
    key = done.stdout.split()[-1]
    assert re.fullmatch(r"pk_[0-9a-f]{12}_[\w-]{43}", key)
    assert "credits 50  extra 4  running 0/2" in run("account", "list").stdout
    assert "credits 53" in run("account", "grant", "olive", "--credits", "3").stdout
    assert run("account", "revoke", "olive").stdout == "revoked 1\n"
    assert "keys none" in run("account", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (("account", "revoke", "nobody"), {}, "producer account list"),
        (("account", "create", "a/b"), {}, "NAME should be"),
        (("account", "create", "olive", "--credits", "-1"), {}, "credits should be"),
        (("account", "list"), {"PRODUCER_WORKERS": "many"}, "PRODUCER_WORKERS"),
        (("account", "list"), {"PRODUCER_DATABASE_URL": "mysql://x"}, "PRODUCER_DATABASE_URL"),
        (
            ("account", "list"),
            {"PRODUCER_DATABASE_URL": "postgresql://127.0.0.1:9/x"},
            "PRODUCER_DATABASE_URL",
        ),
        (("worker",), {"PRODUCER_STORAGE_URL": "ftp://x"}, "PRODUCER_STORAGE_URL"),
        (("worker",), {"PRODUCER_ALLOWED_NETWORKS": "10.0.0.0/99"}, "PRODUCER_ALLOWED_NETWORKS"),
        (("song", "--prompt", "x", "--out", "x.ogg"), {}, "--out should end in"),
        (("song", "--out", "x.wav"), {}, "'sound' and 'lyrics'"),
        (("song", "--prompt", "x", "--seed", "abc", "--out", "x.wav"), {}, "'seed'"),
        (("song", "--prompt", "x", "--lyrics", "/nowhere", "--out", "x.wav"), {}, "No such file"),
        (("song", "--prompt", "x", "--out", "x.wav"), {"PRODUCER_ENGINE": "no:such"}, "PRODUCER_ENGINE"),
    ],
)
def test_errors_are_one_line_with_the_remedy(run, arguments, environment, told):
    done = run(*arguments, **environment)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr


@pytest.mark.parametrize("suffix", [".wav", ".m4a", ".mp3"])
def test_a_song_from_the_library_alone(run, tmp_path, suffix):
    out = tmp_path / f"song{suffix}"
    support = str(Path(__file__).parent / "support")
    engine = {"PRODUCER_ENGINE": "fast_engine:FastEngine", "PYTHONPATH": support}
    done = run("song", "--prompt", "folk", "--seed", "7", "--title", "Mine", "--out", str(out), **engine)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        rf"{out}: Mine · A minor · 120 bpm · 3.0 s · seed 7 · made in [\d.]+ s\n", done.stdout
    )
    assert out.stat().st_size > 10_000
    assert not (tmp_path / "var").exists()


def test_serve_prints_address_key_and_a_curl_line_that_works(tmp_path, free_port):
    told = {**os.environ, "PRODUCER_DATA_DIR": str(tmp_path / "var"), "PRODUCER_WORKERS": "0"}
    keys = set()
    for _ in range(2):  # the demo account is made once
        command = [PRODUCER, "serve", "--port", str(free_port)]
        with subprocess.Popen(
            command, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as served:
            address, key, _, curl = (served.stdout.readline() for _ in range(4))
            assert f"http://127.0.0.1:{free_port}" in address
            keys.add(key.split()[-1])
            body = re.search(r"-d '(.*)'", curl)[1]
            answer = httpx.post(
                re.search(r"http\S+", curl)[0],
                content=body,
                headers={"Authorization": f"Bearer {key.split()[-1]}"},
                trust_env=False,
            )
            assert answer.status_code == 200, answer.text
            served.send_signal(signal.SIGINT)
            assert served.wait(30) == 0, served.stderr.read()
    assert len(keys) == 1
    assert (tmp_path / "var" / "demo.key").stat().st_mode & 0o077 == 0


def test_the_api_process_is_light(tmp_path):
    """Arrays, kernels and models stay in the workers' children."""
    heavy = ("numpy", "numba", "onnxruntime", "av")
    code = f"import producer.bootstrap, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
