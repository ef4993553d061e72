"""Measure every instrument's loudness and write the gains that make them equal.

Run it after a patch was changed: ``python bench/level_instruments.py``. Each instrument plays notes of
velocity 80 over the middle of its range; its loudness while it plays is brought to −23 LUFS. Sounds of
the effects family get levels of their own: crackle and rain lie far under the music, an impact doesn't.

Sampled instruments that lose more than 2 dB of loudness an octave upwards get half of that back as a
tilt, so that a tune on a guitar's high strings isn't lost under its own low ones. (That trumpets and
flutes grow louder is their nature.)
"""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from producer.score.instrument import INSTRUMENTS, Drum, Instrument
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, Part, Role
from producer.score.pitch import Key, Mode
from producer.score.song import Form, Section, Song
from producer.studio.band import play
from producer.studio.channel import NOMINAL_LUFS
from producer.studio.dsp.loudness import block_powers, playing_lufs
from producer.studio.instruments.patch import SampledPatch, shelf

EFFECT_LUFS = {
    "riser": -23.0, "downlifter": -24.0, "impact": -18.0, "noise_sweep": -24.0,
    "vinyl_crackle": -43.0, "rain": -36.0, "reverse_cymbal": -25.0,
}  # fmt: skip
LEVEL_ENOUGH_DB = 2.0  # an octave
TILT_MOST_DB = 3.0  # an octave
GROOVE = ((0.0, Drum.KICK), (0.5, Drum.HAT_CLOSED), (1.0, Drum.SNARE), (1.5, Drum.HAT_CLOSED))


def test_notes(instrument: Instrument) -> tuple[Note, ...]:
    """Ten seconds at 120 bpm that show the instrument."""
    if instrument.name.startswith("kit_"):
        return tuple(Note(2.0 * i + at, 0.5, key, 80) for i in range(9) for at, key in GROOVE)
    if instrument.family == "effects":
        return (Note(0.0, 8.0, instrument.low, 80),)
    span = instrument.high - instrument.low
    pitches = [instrument.low + round(span * share) for share in (0.3, 0.4, 0.5, 0.6, 0.7)]
    return tuple(Note(2.0 * i, 1.0, pitches[i % 5], 80) for i in range(9))


def measure(instrument: Instrument, notes: tuple[Note, ...]) -> float:
    """Loudness while playing in LUFS."""
    role = Role.DRUMS if instrument.family == "drums" else Role.LEAD
    song = Song(
        title="", seed="0", style="", key=Key(0, Mode.MAJOR), meter=Meter(4, 4), tempo=constant_tempo(120.0),
        form=Form((Section(SectionKind.VERSE, "", 0, 5),)), chords=(),
        parts=(Part("part", role, instrument.name, notes),), length_seconds=10.0,
    )  # fmt: skip
    return playing_lufs(block_powers(np.array(play(song)["part"].samples)))


def tilt_db(instrument: Instrument) -> float:
    """Half of what the instrument loses for each octave upwards, 0 when that is little."""
    pitches = np.linspace(instrument.low, instrument.high, 7).round().astype(int)[:-1]
    heard = [measure(instrument, tuple(Note(2.0 * i, 1.0, int(p), 80) for i in range(5))) for p in pitches]
    slope = float(np.polyfit(pitches / 12.0, heard, 1)[0])
    return 0.0 if slope > -LEVEL_ENOUGH_DB else min(TILT_MOST_DB, -slope / 2.0)


def middle(instrument: Instrument) -> int:
    """The pitch that keeps its loudness when the range is tilted."""
    return (instrument.low + instrument.high) // 2


def main() -> None:
    """Write ``levels.toml``."""
    for name, patch in shelf().items():  # measured as the samples are
        if isinstance(patch, SampledPatch):
            shelf()[name] = replace(patch, tilt_db=0.0)
    tilts = {
        name: tilt
        for name, instrument in INSTRUMENTS.items()
        if isinstance(shelf()[name], SampledPatch)
        and instrument.family not in ("drums", "effects")
        and (tilt := tilt_db(instrument))
    }
    lines = [
        "# Gain in dB that makes all instruments equally loud; written by bench/level_instruments.py.",
        "",
        "[gain_db]",
    ]
    for name, instrument in INSTRUMENTS.items():
        wanted = EFFECT_LUFS.get(name, NOMINAL_LUFS)
        gain_db = shelf()[name].gain_db + wanted - measure(instrument, test_notes(instrument))
        lines.append(f"{name} = {gain_db:.1f}")
        print(lines[-1])
    lines += ["", "[tilt]"]
    for name, tilt in tilts.items():
        lines.append(f"{name} = {{ tilt_db = {tilt:.1f}, tilt_pitch = {middle(INSTRUMENTS[name])} }}")
    target = files("producer.studio.instruments").joinpath("levels.toml")
    Path(str(target)).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
