"""Seconds and memory of whole songs, stage by stage: `make bench`.

Each song is made in a process of its own, models loaded first, so that its peak memory is its own.
CPU seconds are steadier than wall seconds on a shared machine; both are printed.
"""

import json
import os
import resource
import subprocess
import sys
import time

WORDS = """[Verse 1]
Late night drives across the city
Every red light knows my name
Counting windows, warm and pretty
None of them is quite the same
[Chorus]
I am coming back to you
Through the thunder and the rain
Every road I ever knew
Leads me to your door again
[Verse 2]
Morning paints the empty station
Silver birds above the town
I have found my destination
Nothing now can turn me round
"""
SONGS = {
    "sung": {
        "sound": "gentle indie folk with acoustic guitar, warm female vocal",
        "lyrics": WORDS,
        "length_seconds": 57.0,
    },
    "instrumental": {
        "sound": "upbeat house, 124 bpm, instrumental",
        "instrumental": True,
        "length_seconds": 60.0,
    },
}


def measure(name: str) -> dict[str, object]:
    """Make one song in this process; the second of two, so that nothing is loaded or compiled in it."""
    from producer.engines.base import Commission
    from producer.engines.house import HouseEngine
    from producer.media.audio_file import encode_m4a, encode_wav
    from producer.media.cover import CoverPlan, draw_cover

    engine, fields = HouseEngine(), SONGS[name]
    started = time.perf_counter()
    engine.record(Commission(**{**fields, "length_seconds": 20.0, "lyrics": None}, seed="1"), lambda *_: None)
    load_seconds = time.perf_counter() - started
    marks: list[tuple[str, float]] = []

    def mark(stage: str, share: float) -> None:
        if not marks or marks[-1][0] != stage:
            marks.append((stage, time.perf_counter()))

    cpu, wall = time.process_time(), time.perf_counter()
    recording = engine.record(Commission(**fields, seed="12345", title="Back to You"), mark)
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        encode_wav(recording.audio, Path(folder) / "song.wav")
        encode_m4a(recording.audio, Path(folder) / "song.m4a")
        draw_cover(CoverPlan(title=recording.title, seed="12345", style=recording.song.style))
    end = time.perf_counter()
    stops = [*(t for _, t in marks[1:]), end]
    return {
        "song_seconds": recording.audio.seconds,
        "warm_up_seconds": load_seconds,
        "wall_seconds": end - wall,
        "cpu_seconds": time.process_time() - cpu,
        "stages": {stage: stop - start for (stage, start), stop in zip(marks, stops, strict=True)},
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name in SONGS:
        done = subprocess.run([sys.executable, __file__, name], stdout=subprocess.PIPE, text=True, check=True)
        row = json.loads(done.stdout.splitlines()[-1])
        print(
            f"\n{name}: {row['song_seconds']:.1f} s of music in {row['wall_seconds']:.1f} s "
            f"({row['cpu_seconds']:.1f} CPU s), peak {row['peak_mib']:.0f} MiB, "
            f"loading and a first song {row['warm_up_seconds']:.1f} s"
        )
        for stage, seconds in row["stages"].items():
            print(f"  {stage:<10} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
