"""Workers' scratch space."""

import subprocess
import sys

from producer.adapters.scratch import scratch_folder

STAY = """
import sys, pathlib
from producer.adapters.scratch import scratch_folder
with scratch_folder(pathlib.Path(sys.argv[1])) as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


def test_a_killed_workers_folder_goes_when_the_next_worker_comes_and_a_living_ones_stays(tmp_path):
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", STAY, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    with workers[0] as living, workers[1] as killed:
        folders = [worker.stdout.readline().strip() for worker in workers]
        (tmp_path / "left by an older version").mkdir()
        killed.kill()
        killed.wait()
        with scratch_folder(tmp_path) as mine:
            there = {str(path) for path in tmp_path.iterdir() if path.is_dir()}
            assert there == {folders[0], str(mine)}
        living.stdin.close()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
