"""How well the singer sings: words, pitch, cleanness and cost on the held-out songs, alone and in the mix.

    python bench/bench_voice.py [songs.toml] [alone|mix]

The songs in bench/heldout were never used for tuning; another file of the same form can be given, as
bench/tuning/songs.toml, which is for that.
"""

import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import voice_judge as judge
import voice_mix
import voice_songs

from producer.score.singer import SINGERS
from producer.studio.singer.performance import perform
from producer.studio.singer.speech import model

RATE_HZ = 44_100


def line_sound(sung):
    """A line's own sound and frame times from its first sample."""
    return sung.samples.astype(np.float64), sung.times - sung.times[0]


def measure(song, show=True):
    """Figures of one song."""
    began, cpu = time.perf_counter(), time.process_time()
    performed = perform(song)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    wrong = total = 0
    worst, pitches, noises = 0.0, [], []
    for (_, sung), line in zip(performed, song.vocal, strict=True):
        mono, times = line_sound(sung)
        heard = judge.transcribe(mono)
        errors, count = judge.word_errors(line.line.text, heard)
        wrong, total, worst = wrong + errors, total + count, max(worst, errors / count)
        if errors and show:
            print(f"    {errors}/{count}  {line.line.text}  →  {heard}")
        pitches.append(judge.pitch_report(mono, times, sung.pitch_hz, careful=True))
        noises.append(judge.harmonic_to_noise_db(mono, times, sung.pitch_hz, sung.held))
    mean = {key: float(np.mean([p[key] for p in pitches])) for key in pitches[0]}
    return {
        "wrong": wrong, "words": total, "worst": worst, **mean,
        "hnr": np.median(np.concatenate(noises), axis=0),
        "wall": seconds, "cpu": cpu, "length": song.length_seconds,
    }  # fmt: skip


def row(name, figures):
    """One line of the table."""
    hnr = "/".join(f"{value:.0f}" for value in figures["hnr"])
    return (
        f"| {name} | {figures['wrong'] / figures['words']:.3f} | {figures['worst']:.2f} "
        f"| {100 * figures['voiced']:.1f} | {100 * figures['within_50']:.1f} | {figures['rmse_cents']:.1f} "
        f"| {hnr} | {figures['wall'] / figures['length']:.2f} | {figures['cpu'] / figures['length']:.2f} |"
    )


def pooled(figures):
    """Several songs as one."""
    out = {key: sum(f[key] for f in figures) for key in ("wrong", "words", "wall", "cpu", "length")}
    out["worst"] = max(f["worst"] for f in figures)
    for key in ("voiced", "within_50", "rmse_cents"):
        out[key] = float(np.mean([f[key] for f in figures]))
    out["hnr"] = np.median([f["hnr"] for f in figures], axis=0)
    return out


def alone(path):
    """The dry voice on the tunes of the table."""
    songs, kinds = voice_songs.held_out(path), voice_songs.kinds(path)
    by_name, groups = {}, defaultdict(list)
    for name, song in songs.items():
        print(f"{name} ({song.singers[0]})", flush=True)
        by_name[name] = measure(song)
        for group in (kinds[name], SINGERS[song.singers[0]].gender, "all"):
            groups[group].append(by_name[name])
    print("\n| song | WER | worst line | voiced % | ≤ 50 cents % | RMSE cents | HNR dB 0–2/2–4/4–8 kHz "
          "| wall s/s | CPU s/s |\n|---|---|---|---|---|---|---|---|---|")  # fmt: skip
    for name, figures in by_name.items():
        print(row(name, figures))
    for name, figures in groups.items():
        print(row(f"**{name}**", pooled(figures)))


def in_the_mix(path):
    """The same words on the composer's tunes, with the band."""
    kinds, groups, rows = voice_songs.kinds(path), defaultdict(list), []
    for name, song in voice_mix.songs(path).items():
        print(f"{name} ({song.style}, {song.singers[0]})", flush=True)
        figures = voice_mix.measure(song)
        rows.append(mix_row(name, [figures]))
        for group in (kinds[name], SINGERS[song.singers[0]].gender, "all"):
            groups[group].append(figures)
    print("\n| song with band | WER dry | WER in the mix | worst line | voice over band dB | 1–4 kHz "
          "|\n|---|---|---|---|---|---|")  # fmt: skip
    print("\n".join(rows + [mix_row(f"**{name}**", figures) for name, figures in groups.items()]))


def mix_row(name, figures):
    """One line of the mix's table."""
    words = sum(f["words"] for f in figures)
    dry, wrong = (sum(f[key] for f in figures) / words for key in ("dry_wrong", "wrong"))
    over = np.mean([f["over_band"] for f in figures], axis=0)
    worst = max(f["worst"] for f in figures)
    return f"| {name} | {dry:.3f} | {wrong:.3f} | {worst:.2f} | {over[0]:.1f} | {over[1]:.1f} |"


def main():
    """Measure all songs and print the tables."""
    asked = sys.argv[1:]
    path = next((Path(word) for word in asked if word.endswith(".toml")), voice_songs.HELD_OUT)
    began = time.perf_counter()
    model()
    print(f"voice model loaded in {time.perf_counter() - began:.1f} s")
    if "mix" not in asked:
        alone(path)
    if "alone" not in asked:
        in_the_mix(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MB (with the recogniser)")


if __name__ == "__main__":
    main()
