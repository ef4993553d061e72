"""Does the music obey the prompt, and does it sound produced? `make bench-music`.

Sixty prompts (prompts.toml) × three seeds, instrumental, 30 s unless they ask otherwise, through judges
that know nothing of the score: librosa's beat tracker and chroma with Krumhansl & Kessler's profiles
(1982), pyloudnorm, an oversampled peak. Prints a table and keeps every row in build/bench_music.json.
"""

import argparse
import itertools
import json
import os
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

HERE = Path(__file__).parent
MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
MINOR = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]
TONICS = {"C": 0, "C#": 1, "Db": 1, "D": 2, "Eb": 3, "D#": 3, "E": 4, "F": 5, "F#": 6, "Gb": 6}
TONICS |= {"G": 7, "G#": 8, "Ab": 8, "A": 9, "Bb": 10, "A#": 10, "B": 11}
USUAL_SECONDS = 30.0


def judge(task: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """Make one song and measure it."""
    import librosa
    import numpy as np
    import pyloudnorm
    from scipy.signal import resample_poly

    from producer.engines.base import Commission
    from producer.engines.house import HouseEngine

    wish, seed = task
    commission = Commission(
        sound=wish["text"],
        seed=seed,
        instrumental=True,
        length_seconds=None if "seconds" in wish else USUAL_SECONDS,
    )
    started = time.process_time()
    recording = HouseEngine().record(commission, lambda *_: None)
    cpu_seconds = time.process_time() - started
    song, samples = recording.song, recording.audio.samples
    mono = samples.mean(axis=0)
    y = librosa.resample(mono, orig_sr=44_100, target_sr=22_050)
    onsets = librosa.onset.onset_strength(y=y, sr=22_050, hop_length=256)
    row: dict[str, Any] = {
        "text": wish["text"], "seed": seed, "style": song.style, "cpu_seconds": cpu_seconds,
        "written_bpm": song.tempo.bpm, "written_key": song.key.name, "written_meter": song.meter.name,
        "seconds": recording.audio.seconds,
        "seconds_error": abs(recording.audio.seconds - wish.get("seconds", USUAL_SECONDS)),
        "lufs": pyloudnorm.Meter(44_100).integrated_loudness(samples.T.astype(np.float64)),
        "true_peak_db": 20 * np.log10(np.abs(resample_poly(samples.astype(np.float64), 4, 1, axis=1)).max()),
        "tail_db": 20 * np.log10(np.sqrt((samples[:, -2205:] ** 2).mean()) + 1e-9),
        "mono_loss_db": 10 * np.log10((samples**2).mean() / max((mono**2).mean(), 1e-12)),
        "dc": float(abs(samples.mean())),
    }  # fmt: skip
    if "bpm" in wish:
        beats = librosa.beat.beat_track(
            onset_envelope=onsets, sr=22_050, hop_length=256, start_bpm=wish["bpm"], units="time"
        )[1]
        # The tracker stands on a grid of 12 ms: the slope through all beats is finer than any one step.
        heard = 60.0 / float(np.polyfit(np.arange(len(beats)), beats, 1)[0]) if len(beats) > 4 else 0.0
        ratios = (0.5, 2 / 3, 1.0, 1.5, 2.0) if song.meter.name in {"6/8", "7/8", "5/4"} else (0.5, 1.0, 2.0)
        row["heard_bpm"] = heard
        row["tempo_ok"] = min(abs(heard * r / wish["bpm"] - 1) for r in ratios) <= 0.02
        row["tempo_written_ok"] = song.tempo.bpm == wish["bpm"]
    chroma = librosa.feature.chroma_cqt(y=y, sr=22_050, fmin=librosa.note_to_hz("C3"), n_octaves=4).mean(
        axis=1
    )
    scores = {
        (tonic, mode): float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
        for mode, profile in (("major", MAJOR), ("minor", MINOR))
        for tonic in range(12)
    }
    row["chroma"] = [float(c) for c in chroma / chroma.max()]
    if "key" in wish:
        name, mode = wish["key"].split()
        tonic = TONICS[name]
        relative = ((tonic + 9) % 12, "minor") if mode == "major" else ((tonic + 3) % 12, "major")
        heard_key = max(scores, key=lambda key: scores[key])
        row["key_ok"] = heard_key == (tonic, mode)
        row["key_or_relative_ok"] = heard_key in {(tonic, mode), relative}
        row["key_written_ok"] = (song.key.tonic, song.key.mode.is_minor) == (tonic, mode == "minor")
    if "meter" in wish:
        row["meter_written_ok"] = song.meter.name == wish["meter"]
    played = {part.instrument for part in song.parts}
    families = {part.role.value for part in song.parts}
    if wish.keys() & {"has", "lacks", "only"}:
        row["band_ok"] = (
            set(wish.get("has", [])) <= played
            and not set(wish.get("lacks", [])) & families
            and played <= set(wish.get("only", played))
        )
        row["played"] = sorted(played)
    return row


def share(rows: list[dict[str, Any]], name: str) -> str:
    values = [bool(row[name]) for row in rows if name in row]
    return f"{sum(values)}/{len(values)} ({100 * sum(values) / max(len(values), 1):.1f} %)"


def spread(rows: list[dict[str, Any]], name: str) -> str:
    values = sorted(float(row[name]) for row in rows)
    if not values:
        return "nothing to compare"
    pick = [values[round(q * (len(values) - 1))] for q in (0.0, 0.05, 0.5, 0.95, 1.0)]
    return " / ".join(f"{value:.2f}" for value in pick)


def report(rows: list[dict[str, Any]]) -> None:
    import numpy as np

    print(f"\n{len(rows)} songs, {len({row['style'] for row in rows})} styles")
    for name, label in (
        ("tempo_written_ok", "tempo as asked, in the score"), ("tempo_ok", "tempo within 2 %, heard"),
        ("key_written_ok", "key as asked, in the score"), ("key_ok", "key, heard"),
        ("key_or_relative_ok", "key or its relative, heard"), ("meter_written_ok", "metre as asked"),
        ("band_ok", "instruments as asked"),
    ):  # fmt: skip
        print(f"{label:<34} {share(rows, name)}")
    print("\n                                   min / 5 % / median / 95 % / max")
    for name in ("seconds_error", "lufs", "true_peak_db", "tail_db", "mono_loss_db", "cpu_seconds"):
        print(f"{name:<34} {spread(rows, name)}")
    by_text: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_text.setdefault(row["text"], []).append(row)
    apart = [
        float(np.linalg.norm(np.subtract(a["chroma"], b["chroma"])))
        for group in by_text.values()
        for a, b in itertools.pairwise(group)
    ]
    print(f"{'chroma distance between seeds':<34} {spread([{'d': d} for d in apart], 'd')}")
    for name in ("tempo_ok", "key_or_relative_ok", "band_ok", "meter_written_ok", "tempo_written_ok"):
        for row in rows:
            if row.get(name) is False:
                heard = f"{row['style']}, {row.get('heard_bpm', 0):.1f} bpm heard"
                print(f"missed {name}: {row['text']!r} seed {row['seed']} ({heard})")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    wishes = tomllib.loads((HERE / "prompts.toml").read_text("utf-8"))["prompt"]
    tasks = [(wish, str(seed)) for wish in wishes for seed in range(1, arguments.seeds + 1)]
    with ProcessPoolExecutor(arguments.processes, mp_context=get_context("spawn")) as pool:
        rows = list(pool.map(judge, tasks, chunksize=4))
    target = HERE.parent / "build" / "bench_music.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=1, default=float))
    report(rows)


if __name__ == "__main__":
    main()
