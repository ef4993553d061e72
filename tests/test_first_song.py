"""What a newcomer does first, on the real thing: `producer serve`, the printed curl line, `producer song`."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from producer.engines.base import STAGES
from producer.media.audio_file import decode, probe

PRODUCER = str(Path(sys.executable).parent / "producer")


@dataclass
class Serving:
    """A `producer serve` and what it printed."""

    process: subprocess.Popen[str]
    base_url: str
    key: str
    curl: str

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


def serve(data_folder: Path) -> Serving:
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        port = str(probing.getsockname()[1])
    environment = {**os.environ, "PRODUCER_DATA_DIR": str(data_folder), "PRODUCER_PORT": port}
    process = subprocess.Popen(
        [PRODUCER, "serve"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if line.startswith("curl "):
            break
    base_url = re.search(r"http://[\w.:]+", printed)
    key = re.search(r"pk_\S+", printed)
    assert base_url and key, printed
    return Serving(process, base_url[0], key[0], printed.splitlines()[-1])


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def serving(data_folder: Path) -> Iterator[Serving]:
    started = serve(data_folder)
    yield started
    started.stop()


def test_the_printed_curl_line_makes_a_song(serving: Serving) -> None:
    words = shlex.split(serving.curl)
    order = json.loads(words[words.index("-d") + 1])
    headers = {"Authorization": f"Bearer {serving.key}"}
    with httpx.Client(headers=headers, timeout=300, trust_env=False) as client:
        submitted = client.post(words[words.index("-s") + 1], json=order).json()
        assert submitted == {"message": "success", "task_id": submitted["task_id"]}
        task = f"{serving.base_url}/api/v1/producer/task/{submitted['task_id']}"
        stages = []
        with client.stream("GET", f"{task}/events") as events:
            for line in events.iter_lines():
                if line.startswith("data:"):
                    stages.append(json.loads(line[5:]).get("stage"))
        body = client.get(task).json()
        assert body["status"] == "SUCCESS", body
        seen = [stage for stage in dict.fromkeys(stages) if stage]
        assert "singing" in seen  # the long one; the others may pass between two looks
        assert seen == sorted(seen, key=STAGES.index)
        clip = body["data"][0]
        assert (clip["title"], clip["seed"], clip["lyrics"]) == ("Back to You", "12345", order["lyrics"])
        assert client.get(f"{serving.base_url}/api/v1/get-credits").json() == {
            "credits": 990,
            "extra_credits": 0,
        }
        for name in ("audio_url", "wav_url", "image_url"):
            file = httpx.get(clip[name], trust_env=False)
            assert file.status_code == 200
            assert len(file.content) == int(file.headers["content-length"]) > 50_000


def test_a_second_start_keeps_the_key_and_no_process_is_left(serving: Serving, data_folder: Path) -> None:
    children = psutil.Process(serving.process.pid).children(recursive=True)
    serving.stop()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]
    assert gone
    again = serve(data_folder)
    assert again.key == serving.key
    again.stop()


def test_the_command_line_makes_a_song_without_a_server(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("[Verse]\nSunday morning, slow and golden\nNo one needs me anywhere\n", "utf-8")
    target = tmp_path / "song.wav"
    done = subprocess.run(
        [PRODUCER, "song", "--prompt", "lo-fi hip hop, 80 bpm, female vocal", "--lyrics", str(words)]
        + ["--seed", "7", "--out", str(target), "--length", "20"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    summary = done.stdout.strip().splitlines()[-1]
    assert "80 bpm" in summary
    assert probe(target).seconds == pytest.approx(20.0, abs=0.05)
    assert decode(target).samples.std() > 0.02


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["song", "--out", "x.ogg", "--prompt", "pop"], r"\.wav"),
        (["song", "--prompt", "pop", "--lyrics", "no-such-file.txt", "--out", "x.wav"], "no-such-file.txt"),
        (["account", "grant", "nobody-by-this-name", "--credits", "5"], "nobody-by-this-name"),
    ],
)
def test_errors_are_one_line_with_the_remedy(arguments: list[str], remedy: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PRODUCER_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [PRODUCER, *arguments], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert re.search(remedy, done.stderr)
