"""Brief → Song: the stages of composing, in order."""

from dataclasses import replace
from random import Random

from producer.composition.arrangement import Stage, arrange
from producer.composition.brief import Brief
from producer.composition.casting import cast_band
from producer.composition.feel import swing_notes
from producer.composition.form import FormWish, Plan, plan_instrumental, plan_sung
from producer.composition.harmony import choose_vocabulary, plan_chords
from producer.composition.timeline import Timeline
from producer.composition.vocal import write_vocal
from producer.score.lyric import LyricSheet
from producer.score.meter import constant_tempo
from producer.score.song import MixPlan, Song


def compose(brief: Brief, sheet: LyricSheet | None, *, title: str, seed: str) -> Song:
    """Write a whole song; the same arguments always give the same one."""
    style = cast_band(brief.style, brief.blend, brief.band, energy=brief.energy)
    wish = FormWish(
        brief.meter,
        brief.quarter_bpm,
        brief.bpm_fixed,
        brief.length_seconds,
        long_intro=brief.band.intro == "long",
        no_intro=brief.band.intro == "none",
        drop_at_seconds=brief.drop_at_seconds,
    )
    dice = Random(f"{seed}/form")
    words = sheet if sheet is not None and not sheet.is_empty and not brief.instrumental else None
    plan = (
        plan_instrumental(style, wish, dice, sheet) if words is None else plan_sung(words, style, wish, dice)
    )
    vocabulary = choose_vocabulary(style, brief.key, Random(f"{seed}/harmony"))
    spans = plan_chords(plan.form, vocabulary, style=style, key=brief.key, meter=brief.meter)
    timeline = Timeline.of(brief.meter, plan.bpm, spans)
    vocal = () if words is None else write_vocal(brief, words, plan, style, timeline, seed=seed)
    vocal = tuple(
        replace(line, notes=swing_notes(line.notes, style.swing, style.swing_beats)) for line in vocal
    )
    tempo = constant_tempo(plan.bpm)
    end_beat = tempo.beat_at(plan.length_seconds)
    parts = arrange(Stage(brief, style, plan.form, timeline, vocal, end_beat, seed))
    final_sheet = (
        LyricSheet(()) if words is None else replace(words, warnings=(*words.warnings, *plan.warnings))
    )
    return Song(
        title=title, seed=seed, style=brief.style, key=brief.key, meter=brief.meter, tempo=tempo,
        form=plan.form, chords=spans, parts=parts, vocal=vocal, singers=brief.singers if vocal else (),
        sheet=final_sheet, mix=_mix(brief.mix, plan), length_seconds=plan.length_seconds,
    )  # fmt: skip


def _mix(mix: MixPlan, plan: Plan) -> MixPlan:
    """A recording that stops before its last chord has rung is faded at its very end."""
    ring = plan.length_seconds * 0.25
    return (
        mix
        if mix.fade_out_seconds or plan.length_seconds > 12
        else replace(mix, fade_out_seconds=round(ring, 2))
    )
