"""The band: who plays in which section, and how the song ends."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from producer.composition.audition import DRAFTS, MOST_BARS, chosen, ear_for
from producer.composition.brief import Brief
from producer.composition.feel import breathe, humanise, swing_notes
from producer.composition.gestures import bends, sweeps
from producer.composition.groove import brushed, play_drums
from producer.composition.lead import EnergyAt, Soloist, answers, guide_tones, hook, quote, written
from producer.composition.players import Player, final_notes, sustain_controls
from producer.composition.style import PartSpec, Style
from producer.composition.timeline import Timeline
from producer.composition.traits import Tune
from producer.composition.transitions import swells
from producer.composition.vocalise import write_vocalise
from producer.score.instrument import INSTRUMENTS
from producer.score.lyric import SectionKind
from producer.score.part import Control, Note, Part, Role, SungLine
from producer.score.song import Form, Section

_QUOTE_SHARE = 0.7  #: of songs whose intro plays the chorus's hook
_TUNE_KINDS = frozenset({
    SectionKind.VERSE, SectionKind.PRE_CHORUS, SectionKind.CHORUS, SectionKind.POST_CHORUS,
    SectionKind.BRIDGE, SectionKind.SOLO, SectionKind.DROP, SectionKind.OUTRO,
})  # fmt: skip
_SHORT_END_BEATS = 0.75
_RINGING_SHARE = 0.2  #: of folk tunes whose last note rings with the band
_REFRAINS = frozenset({SectionKind.CHORUS, SectionKind.DROP})
_EARLY_BEATS = 1.0  #: by which a refrain's pickup begins
_DOUBLE_SOFTER = 12  #: velocity
_ELECTRONIC = frozenset({"dance", "electronic"})
_FILTERED = frozenset({Role.PAD, Role.CHORDS, Role.ARPEGGIO})
BREATH_DB = 8.0  #: of the widest dynamics, from the softest to the loudest bar of a phrase
_STEADY = 0.4  #: share of it that machines, and drummers, have
LEAST_ENTRY = 0.02  #: part thresholds are compared with energies rounded to this


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the band reads from."""

    brief: Brief
    style: Style
    form: Form
    timeline: Timeline
    vocal: tuple[SungLine, ...]
    end_beat: float  #: beat at which the recording ends
    seed: str


def arrange(stage: Stage) -> tuple[Part, ...]:
    """All instrumental parts, drums first."""
    parts: list[Part] = []
    if stage.style.drums is not None:
        parts.append(_drums(stage))
    parts.extend(_player(stage, spec) for spec in stage.style.parts if spec.manner not in ("lead", "counter"))
    parts.extend(_tunes(stage))
    if stage.style.mix in _ELECTRONIC:
        parts.extend(swells(stage.form, stage.timeline))
    short = stage.style.ending == "stop"
    kept = [_within(part, stage, short=short) for part in parts]
    return tuple(part for part in kept if part.notes)


def _drums(stage: Stage) -> Part:
    spec = stage.style.drums
    assert spec is not None
    dice = Random(f"{stage.seed}/drums")
    kit = dice.choice(spec.kit)
    notes = play_drums(spec, stage.form, stage.timeline.meter, dice=dice)
    if kit == "kit_brush":
        notes = brushed(notes, spec, stage.form, stage.timeline.meter)
    return Part("drums", Role.DRUMS, kit, _played(stage, notes, dice, drums=True), level_db=spec.level_db)


def _played(stage: Stage, notes: Sequence[Note], dice: Random, *, drums: bool = False) -> tuple[Note, ...]:
    """Notes as the style's players play them: swung, breathing with the phrases, never twice the same."""
    style = stage.style
    depth_db = BREATH_DB * style.dynamics
    depth_db *= _STEADY if style.mix in _ELECTRONIC else 1.0
    depth_db *= _STEADY if drums else 1.0
    notes = breathe(notes, stage.form.sections, stage.timeline.meter.bar_beats, depth_db)
    notes = swing_notes(notes, style.swing, style.swing_beats)
    if drums:
        return humanise(notes, dice, loose_ms=style.drum_loose_ms, velocity_spread=0.8 * style.touch)
    return humanise(notes, dice, loose_ms=style.loose_ms, velocity_spread=style.touch)


def plays(spec: PartSpec, section: Section) -> bool:
    """Whether a part plays in a section."""
    if spec.only and section.kind.value not in spec.only:
        return False
    return spec.start - LEAST_ENTRY <= section.energy < spec.stop


def _player(stage: Stage, spec: PartSpec) -> Part:
    dice = Random(f"{stage.seed}/part/{spec.name}")
    instrument = dice.choice(spec.instrument)
    player = Player.hire(spec, instrument, stage.timeline, stage.brief.key, dice)
    notes: list[Note] = []
    controls: list[Control] = []
    active = [section for section in stage.form.sections if plays(spec, section)]
    for section in active:
        notes.extend(player.play(section))
        if spec.sustain:
            controls.extend(sustain_controls(stage.timeline, section))
    if active and (active[-1] is stage.form.sections[-1] or spec.start <= 0.6):
        final = stage.timeline.spans[-1]
        notes.extend(final_notes(player, final.chord, final.start_beat, stage.end_beat - final.start_beat))
    played = _played(stage, notes, dice)
    if spec.manner in ("bass", "walk"):
        controls.extend(
            bends(played, instrument, stage.timeline.bpm, Random(f"{stage.seed}/hands/{spec.name}"))
        )
    if stage.style.mix in _ELECTRONIC and spec.role in _FILTERED:
        controls.extend(sweeps(stage.form.sections, stage.timeline.meter.bar_beats))
    return Part(spec.name, spec.role, instrument, played, tuple(controls), spec.level_db, spec.pan)


def _tunes(stage: Stage) -> list[Part]:
    parts = []
    dice = Random(f"{stage.seed}/solo")
    leads = [s for s in stage.style.parts if s.manner == "lead"]
    choices = leads[0].instrument if leads else stage.style.solo
    if choices:
        parts.append(_lead(stage, dice.choice(choices), leads[0] if leads else None))
    counters = [s for s in stage.style.parts if s.manner == "counter"]
    for spec in counters:
        parts.append(_counter(stage, spec, parts[0].notes if parts else ()))
    double = _doubled(stage, parts[0]) if parts and not stage.vocal else None
    return [*parts, double] if double else parts


def _doubled(stage: Stage, lead: Part) -> Part | None:
    """The lead an octave away in the last of several refrains, the lift of music without words."""
    refrains = [section for section in stage.form.sections if section.kind in _REFRAINS]
    if len(refrains) < 2:
        return None
    start, end = (stage.timeline.beat_of_bar(bar) for bar in (refrains[-1].start_bar, refrains[-1].end_bar))
    tune = [note for note in lead.notes if start - _EARLY_BEATS <= note.start_beat < end]
    shelf = INSTRUMENTS[lead.instrument]
    shift = next(
        (s for s in (12, -12) if all(shelf.low <= note.pitch + s <= shelf.high for note in tune)), None
    )
    if not tune or shift is None:
        return None
    dice = Random(f"{stage.seed}/double")
    notes = [replace(n, pitch=n.pitch + shift, velocity=max(1, n.velocity - _DOUBLE_SOFTER)) for n in tune]
    played = humanise(notes, dice, loose_ms=stage.style.loose_ms, velocity_spread=stage.style.touch)
    return Part("lead octave", Role.COUNTER, lead.instrument, played, level_db=lead.level_db, pan=-0.25)


def _lead(stage: Stage, instrument: str, spec: PartSpec | None) -> Part:
    dice = Random(f"{stage.seed}/lead-hands")
    quoted = hook(stage.vocal, stage.form, stage.timeline) if dice.random() < _QUOTE_SHARE else []
    played = _played(stage, _audition(stage, instrument, quoted), dice)
    controls = bends(played, instrument, stage.timeline.bpm, Random(f"{stage.seed}/hands/lead"))
    level = spec.level_db if spec else 0.0
    return Part("lead", Role.LEAD, instrument, played, controls, level_db=level)


def _audition(stage: Stage, instrument: str, quoted: Sequence[Note]) -> list[Note]:
    """What the lead plays; where it has the tune to itself, one of several drafts."""
    first = _draft(stage, instrument, quoted, stage.seed)
    ear = ear_for("played", stage.style.melody.reference, stage.brief.meter.name)
    if ear is None or stage.vocal or not first:
        return first
    drafts = [first] + [
        _draft(stage, instrument, quoted, f"{stage.seed}/draft/{number}")
        for number in range(1, DRAFTS["played"])
    ]
    tunes = [
        Tune.of(
            written(draft, stage.brief.meter),
            stage.brief.meter,
            stage.brief.key.tonic,
            most_bars=MOST_BARS,
        )
        for draft in drafts
    ]
    return drafts[chosen(ear, tunes, Random(f"{stage.seed}/audition"))]


def _draft(stage: Stage, instrument: str, quoted: Sequence[Note], seed: str) -> list[Note]:
    """What the lead plays, section by section: hooks that it quotes, and tunes of its own."""
    sung = {line.section for line in stage.vocal}
    notes: list[Note] = []
    tunes: list[int] = []
    for index, section in enumerate(stage.form.sections):
        if index in sung:
            continue
        if quoted and section.kind in (SectionKind.INTRO, SectionKind.INTERLUDE):
            notes.extend(quote(quoted, section, stage.timeline, instrument))
        elif section.kind is SectionKind.SOLO or (not stage.vocal and section.kind in _TUNE_KINDS):
            tunes.append(index)
    if stage.style.melody.reference == "pop":
        notes += write_vocalise(
            stage.brief, stage.form, tunes, stage.style, stage.timeline, instrument, seed=seed
        )
    else:
        soloist = Soloist(
            stage.style, stage.timeline, stage.brief.key, instrument, seed=seed, last_bar=stage.form.bars
        )
        notes += [note for index in tunes for note in soloist.play(stage.form.sections[index])]
    notes.sort(key=lambda note: note.start_beat)
    if notes and _at_home(notes[-1], stage):
        notes[-1] = replace(notes[-1], beats=_last_beats(stage, notes[-1], seed))
    elif notes:
        shelf = INSTRUMENTS[instrument]
        tonics = [p for p in range(shelf.low, shelf.high + 1) if p % 12 == stage.brief.key.tonic]
        # Tunes end by step where they can, and below their middle (by 0.7 deviations, in folk and pop).
        low = sum(note.pitch for note in notes) / len(notes) - 3.0
        tonic = min(tonics, key=lambda p: abs(p - notes[-1].pitch) + 0.7 * abs(p - low))
        final = stage.timeline.beat_of_bar(stage.form.bars)
        if final - notes[-1].end_beat < 2 * stage.timeline.meter.bar_beats:
            notes.append(Note(final, stage.end_beat - final, tonic, 84))
    return notes


def _at_home(last: Note, stage: Stage) -> bool:
    """Whether a tune has come to its end by itself and needs no last note.

    On the tonic, or, as every fifth folk tune does, on another note of its chord.
    """
    timeline, tonic = stage.timeline, stage.brief.key.tonic
    bar = timeline.meter.bar_beats
    near = last.start_beat >= (stage.form.bars - 1) * bar - 1e-6
    chord = timeline.chord_at(last.start_beat)
    rests = stage.style.melody.reference == "folk" and last.pitch % 12 in chord.pitch_classes[:3]
    return near and chord.root == tonic and (last.pitch % 12 == tonic or rests)


def _last_beats(stage: Stage, last: Note, seed: str) -> float:
    """How long the lead holds a last note of its own: as written, or until the band has rung out."""
    rings = Random(f"{seed}/last").random() < _RINGING_SHARE
    return stage.end_beat - last.start_beat if rings else last.beats


def _counter(stage: Stage, spec: PartSpec, lead: Sequence[Note]) -> Part:
    dice = Random(f"{stage.seed}/counter/{spec.name}")
    instrument = dice.choice(spec.instrument)
    if stage.vocal:
        spans = sorted((line.notes[0].start_beat, line.notes[-1].end_beat) for line in stage.vocal)
    else:
        spans = sorted((note.start_beat, note.end_beat) for note in lead)
    gaps = [(a[1], b[0]) for a, b in itertools.pairwise(spans) if b[0] - a[1] < 12.0]
    energy_at = EnergyAt(stage.form.sections, stage.timeline.meter.bar_beats)
    gaps = [gap for gap in gaps if energy_at(gap[0]) >= spec.start]
    notes = answers(gaps, stage.timeline, stage.brief.key, instrument, energy_at=energy_at, dice=dice)
    for section in _second_line_sections(stage):
        start = stage.timeline.beat_of_bar(section.start_bar)
        end = stage.timeline.beat_of_bar(section.end_bar)
        notes = [note for note in notes if not start <= note.start_beat < end]
        notes += guide_tones(section, stage.timeline, instrument)
    played = _played(stage, notes, dice)
    controls = bends(played, instrument, stage.timeline.bpm, Random(f"{stage.seed}/hands/{spec.name}"))
    return Part(spec.name, spec.role, instrument, played, controls, spec.level_db, spec.pan)


def _second_line_sections(stage: Stage) -> list[Section]:
    """Where a slow second line joins: every refrain without words, else only the last, as its lift."""
    refrains = [s for s in stage.form.sections if s.kind in _REFRAINS]
    return refrains[-1:] if stage.vocal and len(refrains) > 1 else [] if stage.vocal else refrains


def _within(part: Part, stage: Stage, *, short: bool) -> Part:
    """Keep what sounds before the recording ends, in playing order; a short end is struck and left."""
    final = stage.timeline.spans[-1].start_beat
    notes = []
    for note in part.notes:
        room = stage.end_beat - note.start_beat
        if note.start_beat < 0.0 or room < 0.05:
            continue
        if short and note.start_beat >= final and part.role is not Role.EFFECTS:
            room = min(room, _SHORT_END_BEATS)
        notes.append(replace(note, beats=round(min(note.beats, room), 5)))
    notes.sort(key=lambda note: (note.start_beat, note.pitch))
    return replace(part, notes=tuple(notes))
