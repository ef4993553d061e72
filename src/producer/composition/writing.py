"""Brief → Song: the stages of composing, in order."""

import math
from dataclasses import replace
from random import Random

from producer.composition.arrangement import Stage, arrange
from producer.composition.brief import Brief
from producer.composition.casting import cast_band
from producer.composition.endings import Ending, end_song
from producer.composition.feel import swing_notes
from producer.composition.form import FormWish, Plan
from producer.composition.harmony import choose_vocabulary, plan_chords
from producer.composition.instrumental_form import plan_instrumental
from producer.composition.layers import layers
from producer.composition.style import Style
from producer.composition.sung_form import plan_sung
from producer.composition.timeline import Timeline
from producer.composition.tonality import heard_lead
from producer.composition.vocal import write_vocal
from producer.score.lyric import Delivery, LyricSheet, SectionKind
from producer.score.part import SungLine
from producer.score.song import Song

_ATTEMPTS = 4  #: at chords that let an asked key be heard
_PLAIN_LEAD = (
    0.1  #: of that key over its strongest rival on paper, with which recordings were always heard in it
)
_PACE_SPREAD = 0.16  #: of the syllables a second of songs of one style, as a logarithm


def compose(brief: Brief, sheet: LyricSheet | None, *, title: str, seed: str) -> Song:
    """Write a whole song; the same arguments always give the same one.

    Each stage has its own dice, so a change in one leaves the others as they are. Where a key was asked
    for and would not be heard, other chords are tried. What could not
    be kept of the words (see :mod:`~producer.composition.form`) is told in ``song.sheet.warnings``.
    """
    style = cast_band(brief.style, brief.blend, brief.band, energy=brief.energy)
    pace = Random(f"{seed}/pace").gauss(0.0, _PACE_SPREAD)
    melody = replace(style.melody, rate=style.melody.rate * math.exp(max(-0.3, min(0.25, pace))))
    style = replace(style, melody=melody)
    words = _words(brief, sheet)
    plan = _plan(brief, style, words, sheet, seed)
    best: tuple[float, Song] | None = None
    for attempt in range(_ATTEMPTS if brief.key_fixed else 1):
        song = _written(brief, style, words, plan, title=title, seed=seed, attempt=attempt)
        if not brief.key_fixed:
            return song
        lead = heard_lead(song)
        if best is None or lead > best[0]:
            best = (lead, song)
        if lead >= _PLAIN_LEAD:
            break
    assert best is not None
    return best[1]


def _written(
    brief: Brief, style: Style, words: LyricSheet | None, plan: Plan, *, title: str, seed: str, attempt: int
) -> Song:
    """The song on one choice of chords; `attempt` counts those."""
    chords = f"{seed}/harmony/{attempt}" if attempt else f"{seed}/harmony"
    vocabulary = choose_vocabulary(style, brief.key, Random(chords), firm=brief.key_fixed)
    spans = plan_chords(plan.form, vocabulary, style=style, key=brief.key, meter=brief.meter)
    timeline = Timeline.of(brief.meter, plan.bpm, spans)
    vocal = () if words is None else write_vocal(brief, words, plan, style, timeline, seed=seed)
    ending = _end(brief, style, plan)
    vocal = tuple(_hurried(_swung(line, style), ending) for line in vocal)
    style = replace(style, ending=ending.manner)
    end_beat = ending.tempo.beat_at(ending.let_go_seconds)
    parts = arrange(Stage(brief, style, plan.form, timeline, vocal, end_beat, seed))
    vocal = (*vocal, *layers(brief, plan, vocal, timeline))
    return Song(
        title=title, seed=seed, style=brief.style, key=brief.key, meter=brief.meter, tempo=ending.tempo,
        form=plan.form, chords=spans, parts=parts, vocal=vocal, singers=brief.singers if vocal else (),
        sheet=_told(words, plan), length_seconds=ending.length_seconds,
        mix=replace(brief.mix, fade_out_seconds=ending.fade_out_seconds),
    )  # fmt: skip


def _words(brief: Brief, sheet: LyricSheet | None) -> LyricSheet | None:
    """What is sung; in rap styles the verses are rapped."""
    if sheet is None or sheet.is_empty or brief.instrumental:
        return None
    if not brief.rap:
        return sheet
    stanzas = tuple(
        replace(s, delivery=Delivery.RAP)
        if s.delivery is Delivery.SUNG and s.kind is SectionKind.VERSE
        else s
        for s in sheet.stanzas
    )
    return replace(sheet, stanzas=stanzas)


def _plan(brief: Brief, style: Style, words: LyricSheet | None, sheet: LyricSheet | None, seed: str) -> Plan:
    wish = FormWish(
        meter=brief.meter,
        bpm=brief.quarter_bpm,
        bpm_fixed=brief.bpm_fixed,
        length_seconds=brief.length_seconds,
        long_intro=brief.band.intro == "long",
        no_intro=brief.band.intro == "none",
        drop_at_seconds=brief.drop_at_seconds,
    )
    dice = Random(f"{seed}/form")
    if words is None:
        return plan_instrumental(style, wish, dice, sheet)
    return plan_sung(words, style, wish, dice)


def _swung(line: SungLine, style: Style) -> SungLine:
    return replace(line, notes=swing_notes(line.notes, style.swing, style.swing_beats))


def _hurried(line: SungLine, ending: Ending) -> SungLine:
    """A line that outlasts a very short recording is squeezed into it."""
    until = ending.tempo.beat_at(ending.length_seconds - 0.05)
    start, end = line.notes[0].start_beat, line.notes[-1].end_beat
    if end <= until:
        return line
    share = (until - min(start, 0.1 * until)) / (end - start)
    first = until - (end - start) * share
    notes = tuple(
        replace(n, start_beat=first + (n.start_beat - start) * share, beats=n.beats * share)
        for n in line.notes
    )
    return replace(line, notes=notes)


def _end(brief: Brief, style: Style, plan: Plan) -> Ending:
    # Without a wish the length may grow with the ending; music without words keeps its minute.
    fixed = brief.length_seconds is not None or brief.instrumental
    return end_song(
        style.ending, bpm=plan.bpm, meter=brief.meter, bars=plan.form.bars,
        length_seconds=plan.length_seconds, length_fixed=fixed,
    )  # fmt: skip


def _told(words: LyricSheet | None, plan: Plan) -> LyricSheet:
    return LyricSheet(()) if words is None else replace(words, warnings=(*words.warnings, *plan.warnings))
