"""How long the band takes: ``python bench/bench_band.py [seconds]``.

Plays, mixes and masters a hand-made song of ten parts and prints wall and processor seconds of each
stage, loudness, true peak and the process's memory.
"""

import resource
import sys
import time

import numpy as np
import pyloudnorm
from scipy.signal import resample_poly

from producer.score.instrument import Drum
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, Part, Role
from producer.score.pitch import Key, Mode
from producer.score.song import Form, MixPlan, Section, Song
from producer.studio.band import play
from producer.studio.master import master
from producer.studio.mix import mix

TRIADS = ((57, 60, 64), (53, 57, 60), (48, 55, 64), (55, 59, 62))
TUNE = (76, 72, 69, 76, 74, 72, 71, 67)


def ten_parts(bars: int) -> tuple[Part, ...]:
    """Drums, shaker, bass, piano, two guitars, pad, strings, lead and keys: about 40 notes a second."""
    every = range(bars)
    beat = [(0, Drum.KICK), (1, Drum.SNARE), (2.5, Drum.KICK), (3, Drum.SNARE)]
    beat += [(i / 2, Drum.HAT_CLOSED) for i in range(8)]

    def chords(times, length, velocity=75, shift=0):
        return tuple(
            Note(4 * b + t, length, p + shift, velocity) for b in every for t in times for p in TRIADS[b % 4]
        )

    def tune(shift=0, velocity=90):
        return tuple(
            Note(4 * b + i / 2, 0.45, p + shift, velocity) for b in every for i, p in enumerate(TUNE)
        )

    eighths = [i / 2 for i in range(8)]
    broken = tuple(Note(4 * b + i / 2, 0.45, TRIADS[b % 4][i % 3] + 12, 70) for b in every for i in range(8))
    roots = tuple(Note(4 * b + t, 0.45, TRIADS[b % 4][0] - 12, 90) for b in every for t in eighths)
    shaker = tuple(Note(4 * b + t, 0.2, Drum.SHAKER, 70) for b in every for t in eighths)
    drums = tuple(Note(4 * b + t, 0.25, key, 95) for b in every for t, key in beat)
    return (
        Part("drums", Role.DRUMS, "kit_standard", drums),
        Part("shaker", Role.PERCUSSION, "kit_standard", shaker),
        Part("bass", Role.BASS, "finger_bass", roots),
        Part("piano", Role.CHORDS, "grand_piano", chords((0, 1.5, 2.5), 1.2), pan=0.2),
        Part("guitar", Role.CHORDS, "steel_guitar", chords(eighths, 0.4, 65), pan=-0.6),
        Part("picking", Role.ARPEGGIO, "clean_guitar", broken, pan=0.6),
        Part("pad", Role.PAD, "warm_pad", chords((0,), 4.0, 60)),
        Part("strings", Role.PAD, "string_ensemble", chords((0,), 4.0, 65, 12)),
        Part("lead", Role.LEAD, "saw_lead", tune()),
        Part("keys", Role.COUNTER, "electric_piano", tune(-12, 60)),
    )


def bench_song(seconds: float) -> Song:
    """A song of ten parts at 120 bpm that is so long."""
    bars = int((seconds - 3.0) / 2.0)
    return Song(
        title="Bench", seed="1", style="pop", key=Key(9, Mode.MINOR), meter=Meter(4, 4),
        tempo=constant_tempo(120.0), form=Form((Section(SectionKind.VERSE, "", 0, bars),)), chords=(),
        parts=ten_parts(bars), mix=MixPlan(preset="pop"), length_seconds=seconds,
    )  # fmt: skip


def main() -> None:
    """Print one line for each stage."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    song = bench_song(seconds)
    print(f"{seconds:.0f} s, {len(song.parts)} parts, {sum(len(part.notes) for part in song.parts)} notes")
    marks = [(time.perf_counter(), time.process_time())]

    def mark(stage: str) -> None:
        marks.append((time.perf_counter(), time.process_time()))
        wall, cpu = (after - before for before, after in zip(marks[-2], marks[-1], strict=True))
        print(f"{stage:8} {wall:6.2f} s wall {cpu:6.2f} s cpu")

    stems = play(song)
    mark("playing")
    mixed = mix(stems, song)
    mark("mixing")
    del stems
    out = master(mixed, song.mix).samples
    mark("master")
    peak = np.abs(resample_poly(out, 4, 1, axis=1)).max()
    print(f"total    {marks[-1][0] - marks[0][0]:6.2f} s wall {marks[-1][1] - marks[0][1]:6.2f} s cpu")
    print(f"{pyloudnorm.Meter(44_100).integrated_loudness(out.T):.2f} LUFS, {20 * np.log10(peak):.2f} dBTP")
    print(
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most (with this measurement)"
    )


if __name__ == "__main__":
    main()
