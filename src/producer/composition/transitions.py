"""What leads from one section into the next in electronic music: risers, sweeps and impacts."""

from producer.composition.timeline import Timeline
from producer.score.lyric import SectionKind
from producer.score.part import Note, Part, Role
from producer.score.song import Form, Section

_ARRIVALS = frozenset({SectionKind.DROP, SectionKind.CHORUS})
_STEP_UP = 0.12  #: rise in energy that is worth announcing
_MIDDLE_C = 60


def swells(form: Form, timeline: Timeline) -> tuple[Part, ...]:
    """A riser into, an impact on, and a falling sweep out of the big sections."""
    rises: list[Note] = []
    hits: list[Note] = []
    falls: list[Note] = []
    for before, section in zip(form.sections, form.sections[1:], strict=False):
        start = timeline.beat_of_bar(section.start_bar)
        if section.kind in _ARRIVALS and section.energy >= before.energy + _STEP_UP:
            beats = timeline.beat_of_bar(_rise_bars(before))
            rises.append(Note(start - beats, beats, _MIDDLE_C, round(60 + 45 * section.energy)))
            hits.append(Note(start, timeline.beat_of_bar(2), 36, round(70 + 40 * section.energy)))
        elif section.energy <= before.energy - _STEP_UP:
            falls.append(Note(start, timeline.beat_of_bar(min(2, section.bars)), _MIDDLE_C, 72))
    rows = (("riser", "riser", rises), ("impact", "impact", hits), ("fall", "downlifter", falls))
    return tuple(
        Part(name, Role.EFFECTS, instrument, tuple(notes), level_db=-5.0)
        for name, instrument, notes in rows
        if notes
    )


def _rise_bars(section: Section) -> int:
    return min(section.bars, 4 if section.kind is SectionKind.BUILD else 2)
