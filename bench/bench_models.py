"""Do the model names differ by ear? ``python bench/bench_models.py [prompt]``.

One song, mixed and mastered as each model does it, measured: loudness, width, top against middle, tail
after the last note, the widest band that is left, distance from the default model's spectrum, and whether
the critic chose another take. Prints the table of docs/music.md.
"""

import sys
from dataclasses import replace

import music_measures as measures
import numpy as np
import pyloudnorm

from producer.composition.critic import merit
from producer.engines.base import Commission
from producer.engines.editions import EDITIONS, apply_edition
from producer.engines.house import perform, write_song
from producer.score.song import Song
from producer.studio.master import master
from producer.studio.mix import mix
from producer.studio.target import target_of

PROMPT = "upbeat pop, 118 bpm, G major"


def measure(song: Song, stems: dict) -> dict[str, float | np.ndarray]:
    """Figures of one finish."""
    samples = master(mix(stems, song), song.mix, target=target_of(song)).samples
    thirds = measures.thirds_db(samples)
    hz = measures.THIRDS_HZ
    middle = (hz > 400) & (hz < 2500)
    last = int(song.tempo.seconds_at(max(n.end_beat for p in song.parts for n in p.notes)) * measures.RATE_HZ)
    after, before = (samples[:, last + a : last + b] for a, b in ((8820, 26_460), (-17_640, 0)))
    return {
        "lufs": pyloudnorm.Meter(measures.RATE_HZ).integrated_loudness(samples.T.astype(np.float64)),
        "crest": measures.crest_db(samples),
        "width": float(np.mean(measures.widths_db(samples)[2:4])),
        "top": float(thirds[hz > 6000].mean() - thirds[middle].mean()),
        "tail": float(10 * np.log10((after**2).mean() / (before**2).mean() + 1e-12)),
        "thirds": thirds - thirds[middle].mean(),
    }


def main() -> None:
    prompt = sys.argv[1] if len(sys.argv) > 1 else PROMPT
    order = Commission(sound=prompt, seed="1", instrumental=True, length_seconds=30.0)
    song = write_song(order).song
    stems = perform(song, lambda *_: None)
    usual = measure(song, stems)["thirds"]
    columns = ("model", "takes", "LUFS", "crest dB", "side/mid dB", "top dB", "tail dB", "off dB", "mark")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    for model in EDITIONS:
        found = measure(replace(song, mix=apply_edition(song.mix, model)), stems)
        off = np.sqrt(np.mean((found["thirds"] - usual)[measures.JUDGED] ** 2))
        best = write_song(replace(order, model=model))
        figures = [f"{found[name]:.1f}" for name in ("lufs", "crest", "width", "top", "tail")]
        mark = merit(best.song, best.brief)
        print(f"| {model} | {EDITIONS[model].takes} | {' | '.join(figures)} | {off:.1f} | {mark:.3f} |")


if __name__ == "__main__":
    main()
