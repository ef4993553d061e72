"""How well the singer sings: words, pitch, cleanness and cost on the held-out songs, alone and in the mix.

    python bench/bench_voice.py [songs.toml] [alone|mix] [names of songs …]

The songs in bench/heldout check changes; bench/tuning/songs.toml is for experiments and
bench/heldout-2/songs.toml for the figures of docs/singing.md. Never tune on the last.
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
from producer.studio.singer import graphs
from producer.studio.singer.performance import perform
from producer.studio.singer.phonemes import Kind, kind_of
from producer.studio.singer.speech import model

RATE_HZ = 44_100
ON_THE_BEAT_SECONDS = 0.025


def line_sound(sung):
    """A line's own sound and frame times from its first sample."""
    return sung.samples.astype(np.float64), sung.times - sung.times[0]


def onset_errors(song, line, cue, sung):
    """Seconds by which vowels behind unvoiced consonants miss their beats."""
    starts, lengths = [], []
    for note in line.notes:
        onset = line.line.syllables[note.syllable].onset
        if onset and kind_of(onset[-1]) == Kind.UNVOICED:
            starts.append(song.tempo.seconds_at(note.start_beat) - cue.start_seconds - sung.start_seconds)
            lengths.append(song.tempo.seconds_at(note.end_beat) - song.tempo.seconds_at(note.start_beat))
    return judge.vowel_onset_errors(sung.samples, starts, lengths)


def measure(song, show=True):
    """Figures of one song."""
    began, cpu = time.perf_counter(), time.process_time()
    performed = perform(song)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    wrong = total = 0
    worst, pitches, noises, onsets, clicks = 0.0, [], [], [], 0
    for (cue, sung), line in zip(performed, song.vocal, strict=True):
        mono, times = line_sound(sung)
        heard = judge.transcribe(mono)
        errors, count = judge.word_errors(line.line.text, heard)
        wrong, total, worst = wrong + errors, total + count, max(worst, errors / count)
        if errors and show:
            print(f"    {errors}/{count}  {line.line.text}  →  {heard}")
        pitches.append(judge.pitch_report(mono, times, sung.pitch_hz, careful=True))
        noises.append(judge.harmonic_to_noise_db(mono, times, sung.pitch_hz, sung.held))
        onsets.append(onset_errors(song, line, cue, sung))
        clicks += len(judge.clicks(mono, times, sung.pitch_hz))
    mean = {key: float(np.mean([p[key] for p in pitches])) for key in pitches[0]}
    return {
        "wrong": wrong, "words": total, "worst": worst, **mean,
        "hnr": np.median(np.concatenate(noises), axis=0), "onsets": np.concatenate(onsets), "clicks": clicks,
        "wall": seconds, "cpu": cpu, "length": song.length_seconds,
    }  # fmt: skip


def row(name, figures):
    """One line of the table."""
    hnr = "/".join(f"{value:.0f}" for value in figures["hnr"])
    onsets = figures["onsets"][~np.isnan(figures["onsets"])]
    on_time = f"{np.sum(np.abs(onsets) <= ON_THE_BEAT_SECONDS)} of {len(onsets)}"
    return (
        f"| {name} | {figures['wrong'] / figures['words']:.3f} | {figures['worst']:.2f} "
        f"| {100 * figures['voiced']:.1f} | {100 * figures['within_50']:.1f} | {figures['rmse_cents']:.1f} "
        f"| {hnr} | {on_time} | {figures['clicks']} "
        f"| {figures['wall'] / figures['length']:.2f} | {figures['cpu'] / figures['length']:.2f} |"
    )


def pooled(figures):
    """Several songs as one."""
    out = {key: sum(f[key] for f in figures) for key in ("wrong", "words", "clicks", "wall", "cpu", "length")}
    out["onsets"] = np.concatenate([f["onsets"] for f in figures])
    out["worst"] = max(f["worst"] for f in figures)
    for key in ("voiced", "within_50", "rmse_cents"):
        out[key] = float(np.mean([f[key] for f in figures]))
    out["hnr"] = np.median([f["hnr"] for f in figures], axis=0)
    return out


def chosen(songs, names):
    """The songs of these names, or all."""
    return {name: song for name, song in songs.items() if not names or name in names}


def alone(path, names):
    """The dry voice on the tunes of the table."""
    songs, kinds = chosen(voice_songs.held_out(path), names), voice_songs.kinds(path)
    by_name, groups = {}, defaultdict(list)
    for name, song in songs.items():
        print(f"{name} ({song.singers[0]})", flush=True)
        by_name[name] = measure(song)
        print(f"    {by_name[name]['wrong']} of {by_name[name]['words']} words wrong", flush=True)
        for group in (kinds[name], SINGERS[song.singers[0]].gender, "all"):
            groups[group].append(by_name[name])
    print("\n| song | WER | worst line | voiced % | ≤ 50 cents % | RMSE cents | HNR dB 0–2/2–4/4–8 kHz "
          "| vowels within 25 ms | clicks | wall s/s | CPU s/s |\n" + "|---" * 11 + "|")  # fmt: skip
    for name, figures in by_name.items():
        print(row(name, figures))
    for name, figures in groups.items():
        print(row(f"**{name}**", pooled(figures)))


def in_the_mix(path, names):
    """The same words on the composer's tunes, with the band."""
    kinds, groups, rows = voice_songs.kinds(path), defaultdict(list), []
    for name, song in chosen(voice_mix.songs(path), names).items():
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


def disk_mb():
    """Megabytes of the voice model as rewritten."""
    return sum(file.stat().st_size for file in graphs.ensure().iterdir()) / 1e6


def main():
    """Measure all songs and print the tables."""
    asked = sys.argv[1:]
    names = [word for word in asked if word not in ("alone", "mix") and not word.endswith(".toml")]
    path = next((Path(word) for word in asked if word.endswith(".toml")), voice_songs.HELD_OUT)
    began = time.perf_counter()
    model()
    print(f"voice model loaded in {time.perf_counter() - began:.1f} s, derived files {disk_mb():.0f} MB")
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"resident with the model {resident:.0f} MB")
    if "mix" not in asked:
        alone(path, names)
    if "alone" not in asked:
        in_the_mix(path, names)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MB (with the recogniser)")


if __name__ == "__main__":
    main()
