"""The drummer: patterns by intensity, fills into new sections, crashes on their first beat."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from producer.composition.pattern import STEPS_PER_BEAT, WEIGHTS, bar_hits
from producer.composition.style import DRUM_KEYS, DrumSpec
from producer.score.instrument import Drum
from producer.score.lyric import SectionKind
from producer.score.meter import Meter
from producer.score.part import Note
from producer.score.song import Form, Section

FULL_ENERGY = 0.78
MAIN_ENERGY = 0.48
_STRIKE_BEATS = 0.25
_BRIDGE_STEP = 0.15  #: energy
_SLAP_VELOCITY = 88
_SNARES = frozenset({Drum.SNARE, Drum.SNARE_2, Drum.CLAP, Drum.RIM})
_CYMBALS = frozenset(
    {Drum.CRASH, Drum.CRASH_2, Drum.CHINA, Drum.SPLASH, Drum.RIDE, Drum.RIDE_BELL, Drum.RIDE_2}
)


def play_drums(spec: DrumSpec, form: Form, meter: Meter, *, dice: Random) -> tuple[Note, ...]:
    """All drum notes of a song."""
    notes: list[Note] = []
    for index, section in enumerate(form.sections):
        following = form.sections[index + 1] if index + 1 < len(form.sections) else None
        if not drums_play(spec, section):
            continue
        notes.extend(_section(spec, section, following, meter, dice))
        if spec.crash and index and section.energy >= MAIN_ENERGY:
            notes.append(
                Note(section.start_bar * meter.bar_beats, 2.0, Drum.CRASH, round(70 + 35 * section.energy))
            )
    if notes and spec.crash:
        notes.append(Note(form.bars * meter.bar_beats, 4.0, Drum.CRASH, 88))
    if notes:
        notes.append(Note(form.bars * meter.bar_beats, 1.0, Drum.KICK, 96))
    return tuple(notes)


def drums_play(spec: DrumSpec, section: Section) -> bool:
    """Whether the drummer plays in a section."""
    return section.energy >= spec.start and section.kind.value not in spec.rests


def pattern_for(spec: DrumSpec, energy: float) -> Mapping[str, str]:
    """The drummer's pattern at an energy."""
    if energy >= FULL_ENERGY:
        return spec.full
    return spec.main if energy >= MAIN_ENERGY else spec.light


def _section(
    spec: DrumSpec, section: Section, following: Section | None, meter: Meter, dice: Random
) -> list[Note]:
    # Bridges step back, so that what follows them arrives.
    table = pattern_for(spec, section.energy - _BRIDGE_STEP * (section.kind is SectionKind.BRIDGE))
    loud = 0.72 + 0.33 * section.energy
    notes: list[Note] = []
    for bar in range(section.bars):
        number = section.start_bar + bar
        last = bar == section.bars - 1
        fill = _fill_for(spec, section, following, bar, dice) if spec.fills else None
        if section.kind is SectionKind.BUILD:
            notes.extend(_build_bar(number, bar / section.bars, meter, loud))
            continue
        start_beat = number * meter.bar_beats
        cut = meter.bar_beats
        if fill is not None:
            cut = meter.bar_beats / 2 if last else meter.bar_beats * 0.75
            notes.extend(_bar(fill, number, bar, start_beat, meter, loud, cut, math.inf, spec))
        notes.extend(_bar(table, number, bar, start_beat, meter, loud, 0.0, cut, spec))
    return notes


def _fill_for(
    spec: DrumSpec, section: Section, following: Section | None, bar: int, dice: Random
) -> Mapping[str, str] | None:
    if bar == section.bars - 1 and section.bars > 1:
        if following is not None and not drums_play(spec, following):
            return None
        return dice.choice(spec.fills)
    if (
        spec.fill_every
        and (bar + 1) % spec.fill_every == 0
        and section.energy >= MAIN_ENERGY
        and dice.random() < 0.45
    ):
        return dice.choice(spec.fills)
    return None


def _bar(
    table: Mapping[str, str], number: int, bar: int, start_beat: float, meter: Meter, loud: float,
    first: float, until: float, spec: DrumSpec,
) -> list[Note]:  # fmt: skip
    notes = []
    for drum, pattern in table.items():
        key = DRUM_KEYS[drum]
        for hit in bar_hits(pattern, bar, meter):
            beat = hit.step / STEPS_PER_BEAT
            if not first <= beat < until:
                continue
            velocity = max(8, min(127, round(96 * WEIGHTS.get(hit.sign, 1.0) * loud)))
            late = spec.late_snare_ms / 1000.0 if key in _SNARES and hit.sign in "Xxo" else 0.0
            length = 1.0 if key in _CYMBALS else max(_STRIKE_BEATS, hit.steps / STEPS_PER_BEAT)
            notes.append(Note(start_beat + beat, length, key, velocity, late))
    return notes


def _build_bar(number: int, progress: float, meter: Meter, loud: float) -> list[Note]:
    """A snare roll that quickens: quarters, eighths, sixteenths, louder to the end."""
    steps = 4 if progress < 0.34 else 2 if progress < 0.67 else 1
    count = round(meter.bar_beats * STEPS_PER_BEAT)
    notes = []
    for step in range(0, count, steps):
        velocity = min(120, round((52 + 58 * (progress + step / count / 4)) * loud))
        notes.append(
            Note(number * meter.bar_beats + step / STEPS_PER_BEAT, _STRIKE_BEATS, Drum.SNARE, velocity)
        )
        if step % 4 == 0:
            notes.append(
                Note(
                    number * meter.bar_beats + step / STEPS_PER_BEAT,
                    _STRIKE_BEATS,
                    Drum.KICK,
                    round(90 * loud),
                )
            )
    return notes


def brushed(notes: Sequence[Note], spec: DrumSpec, form: Form, meter: Meter) -> tuple[Note, ...]:
    """A drummer with brushes: one hand stirs in half bars wherever the drums play, loud backbeats are slaps.

    In brush kits the electric snare's key is the swirl, the hand clap's the slap (GS, Brush set).
    """
    played = [
        replace(note, pitch=Drum.CLAP)
        if note.pitch == Drum.SNARE and note.velocity >= _SLAP_VELOCITY
        else note
        for note in notes
    ]
    half = meter.bar_beats / 2.0
    for section in form.sections:
        if not drums_play(spec, section):
            continue
        for step in range(2 * section.bars):
            beat = (section.start_bar + step / 2.0) * meter.bar_beats
            velocity = round((46 if step % 2 else 38) + 22 * section.energy)
            played.append(Note(beat, half, Drum.SNARE_2, velocity))
    return tuple(sorted(played, key=lambda note: (note.start_beat, note.pitch)))
