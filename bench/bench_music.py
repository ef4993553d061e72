"""Does the music obey the prompt, and does it sound produced? `make bench-music`.

Sixty prompts (prompts.toml) × three seeds, instrumental, 30 s unless they ask otherwise, through judges
that know nothing of the score: librosa's beat tracker, chroma under three sets of key profiles, pyloudnorm,
an oversampled peak, Welch spectra against the style's target, and a classifier that must tell the styles
apart by ear (see music_measures.py). Prints tables and keeps every row in build/bench_music.json.

``--every N`` takes each Nth prompt only, ``--first`` and ``--count`` make the songs in pieces, ``--report``
prints the tables of the kept rows without making a song.
"""

import argparse
import json
import os
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import music_report

HERE = Path(__file__).parent
KEPT = HERE.parent / "build" / "bench_music.json"
TONICS = {"C": 0, "C#": 1, "Db": 1, "D": 2, "Eb": 3, "D#": 3, "E": 4, "F": 5, "F#": 6, "Gb": 6}
TONICS |= {"G": 7, "G#": 8, "Ab": 8, "A": 9, "Bb": 10, "A#": 10, "B": 11}
USUAL_SECONDS = 30.0
HOP = 256


def judge(task: tuple[dict[str, Any], str]) -> dict[str, Any]:
    """Make one song and measure it."""
    import librosa
    import music_measures as measures

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
    mono = librosa.resample(samples.mean(axis=0), orig_sr=44_100, target_sr=measures.JUDGE_HZ)
    onsets = librosa.onset.onset_strength(y=mono, sr=measures.JUDGE_HZ, hop_length=HOP)
    row = {
        "text": wish["text"], "seed": seed, "style": song.style, "preset": song.mix.preset,
        "cpu_seconds": cpu_seconds, "written_bpm": song.tempo.bpm, "written_key": song.key.name,
        "seconds": recording.audio.seconds,
        "seconds_error": abs(recording.audio.seconds - wish.get("seconds", USUAL_SECONDS)),
    }  # fmt: skip
    row |= judge_sound(song, samples) | judge_score(wish, song)
    row |= {"percussion_db": measures.percussion_db(mono), "drums_refused": "drums" in wish.get("lacks", ())}
    if "bpm" in wish:
        row |= judge_tempo(wish["bpm"], onsets, song)
    chroma = measures.chroma_of(mono)
    if "key" in wish:
        row |= judge_key(wish["key"], chroma, song)
    return row | {"features": measures.style_features(mono, onsets, chroma)}


def judge_sound(song: Any, samples: Any) -> dict[str, Any]:
    """Level, peak, ending, image, spectrum."""
    import music_measures as measures
    import numpy as np
    import pyloudnorm
    from scipy.signal import resample_poly

    mono = samples.mean(axis=0)
    miss = measures.spectrum_miss_db(samples, measures.wanted_db(song))
    judged = np.abs(miss[measures.JUDGED])
    return {
        "lufs": pyloudnorm.Meter(44_100).integrated_loudness(samples.T.astype(np.float64)),
        "true_peak_db": 20 * np.log10(np.abs(resample_poly(samples.astype(np.float64), 4, 1, axis=1)).max()),
        "tail_db": 20 * np.log10(np.sqrt((samples[:, -2205:] ** 2).mean()) + 1e-9),
        "mono_loss_db": 10 * np.log10((samples**2).mean() / max((mono**2).mean(), 1e-12)),
        "dc": float(np.abs(samples.mean(axis=1)).max()),
        "crest_db": measures.crest_db(samples),
        "range_lu": measures.loudness_range_lu(samples),
        "spectrum_miss_db": [float(v) for v in miss],
        "spectrum_rms_db": float(np.sqrt((judged**2).mean())),
        "spectrum_worst_db": float(judged.max()),
        "thirds_within_3_db": float((judged <= 3.0).mean()),
        "widths_db": measures.widths_db(samples),
    }


def judge_score(wish: dict[str, Any], song: Any) -> dict[str, Any]:
    """What the score itself must obey."""
    row: dict[str, Any] = {}
    if "meter" in wish:
        row["meter_written_ok"] = song.meter.name == wish["meter"]
    played = {part.instrument for part in song.parts}
    roles = {part.role.value for part in song.parts}
    if wish.keys() & {"has", "lacks", "only"}:
        row["band_ok"] = (
            set(wish.get("has", [])) <= played
            and not set(wish.get("lacks", [])) & roles
            and played <= set(wish.get("only", played))
        )
        row["played"] = sorted(played)
    return row


def judge_tempo(bpm: float, onsets: Any, song: Any) -> dict[str, Any]:
    """Tempo as librosa's tracker (Ellis 2007) hears it, half and double allowed."""
    import librosa
    import numpy as np

    beats = librosa.beat.beat_track(
        onset_envelope=onsets, sr=22_050, hop_length=HOP, start_bpm=bpm, units="time"
    )[1]
    # The tracker stands on a grid of 12 ms: the slope through all beats is finer than any one step.
    heard = 60.0 / float(np.polyfit(np.arange(len(beats)), beats, 1)[0]) if len(beats) > 4 else 0.0
    ratios = (0.5, 2 / 3, 1.0, 1.5, 2.0) if song.meter.name in {"6/8", "7/8", "5/4"} else (0.5, 1.0, 2.0)
    return {
        "heard_bpm": heard,
        "tempo_ok": min(abs(heard * r / bpm - 1) for r in ratios) <= 0.02,
        "tempo_written_ok": song.tempo.bpm == bpm,
    }


def judge_key(asked: str, chroma: Any, song: Any) -> dict[str, Any]:
    """Key as three sets of profiles hear it, and whether most of them hear what was asked."""
    import music_measures as measures

    name, mode = asked.split()
    tonic = TONICS[name]
    relative = ((tonic + 9) % 12, "minor") if mode == "major" else ((tonic + 3) % 12, "major")
    heard = measures.heard_keys(chroma)
    right = {judge: key == (tonic, mode) for judge, key in heard.items()}
    return {
        **{f"key_{judge}_ok": ok for judge, ok in right.items()},
        "key_majority_ok": sum(right.values()) * 2 > len(right),
        "key_any_ok": any(right.values()),
        "key_or_relative_ok": heard["krumhansl"] in {(tonic, mode), relative},
        "key_written_ok": (song.key.tonic, song.key.mode.is_minor) == (tonic, mode == "minor"),
    }


def keep(fresh: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put new rows in the place of old ones of the same prompt and seed; all rows there are now."""
    old = json.loads(KEPT.read_text()) if KEPT.exists() else []
    rows = {(row["text"], row["seed"]): row for row in [*old, *fresh]}
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(list(rows.values()), indent=1, default=float))
    return json.loads(KEPT.read_text())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="take each Nth prompt")
    parser.add_argument("--first", type=int, default=0, help="begin with this song, for a run in pieces")
    parser.add_argument(
        "--count", type=int, help="make so many songs only and keep the rows of earlier pieces"
    )
    parser.add_argument("--report", action="store_true", help="only print the tables of the kept rows")
    arguments = parser.parse_args()
    if arguments.report:
        music_report.report(keep([]))
        return
    wishes = tomllib.loads((HERE / "prompts.toml").read_text("utf-8"))["prompt"][:: arguments.every]
    tasks = [(wish, str(seed)) for wish in wishes for seed in range(1, arguments.seeds + 1)]
    if arguments.count:
        piece = tasks[arguments.first : arguments.first + arguments.count]
        print(f"{len(keep([judge(task) for task in piece]))} of {len(tasks)} songs")
        return
    KEPT.unlink(missing_ok=True)
    with ProcessPoolExecutor(arguments.processes, mp_context=get_context("spawn")) as pool:
        music_report.report(keep(list(pool.map(judge, tasks, chunksize=4))))


if __name__ == "__main__":
    main()
