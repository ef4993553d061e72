"""A produced chorus: the lead sung again on both sides, and harmonies in thirds, fifths and sixths.

Harmonies move along with the tune a third above it, as arrangers write backing vocals: thirds and
sixths first, a fourth or fifth where the chord wants it, never a second or a seventh against the
lead, and no note outside the chord that lasts (Pease & Pullig 2001, "Modern Jazz Voicings", ch. 4;
Kostka & Payne, "Tonal Harmony", on doubling at the third). The last chorus has them below as well.
"""

from collections.abc import Sequence
from dataclasses import replace

from producer.composition.brief import Brief
from producer.composition.form import Plan
from producer.composition.melody import scale_pitches
from producer.composition.timeline import Timeline
from producer.score.harmony import Chord
from producer.score.lyric import Delivery, SectionKind
from producer.score.part import Note, SungLine
from producer.score.singer import ROSTER, Singer

DOUBLES = 2  #: one on either side
_CHORUSES = (SectionKind.CHORUS, SectionKind.POST_CHORUS)
#: Semitones from the lead → how unwelcome; all others are never sung.
_INTERVALS = {3: 0.0, 4: 0.0, 8: 0.9, 9: 0.9, 7: 1.2, 5: 1.4, 12: 3.0}
_OTHER_SIDE = 3.0  #: below instead of above, where the range leaves no room
_STRANGE = 1.6  #: a note that isn't of the chord, for each beat it lasts
_RUBBING = 3.5  #: one that rubs against the chord note a semitone below
_LONG_BEATS = 1.5  #: beyond this a strange note is no worse
_LEAP = 0.25  #: for each semitone between neighbours
_SOFTER = 14  # velocity


def layers(brief: Brief, plan: Plan, lines: Sequence[SungLine], timeline: Timeline) -> list[SungLine]:
    """Backing lines for the lead lines of all choruses; none when the brief asks for none."""
    sections = plan.form.sections
    choruses = [i for i, section in enumerate(sections) if section.kind in _CHORUSES]
    if not brief.layered or not choruses:
        return []
    added: list[SungLine] = []
    for line in lines:
        if line.section not in choruses or line.backing or line.delivery is not Delivery.SUNG:
            continue
        behind = replace(line, backing=True)
        singer = ROSTER[brief.singers[line.singer]]
        added += [behind] * DOUBLES
        added.append(replace(behind, notes=harmony(line.notes, brief, timeline, singer, above=True)))
        if line.section == choruses[-1]:
            added.append(replace(behind, notes=harmony(line.notes, brief, timeline, singer, above=False)))
    return added


def harmony(
    notes: Sequence[Note], brief: Brief, timeline: Timeline, singer: Singer, *, above: bool
) -> tuple[Note, ...]:
    """A second voice along with `notes`, above or below them where the singer's range allows it."""
    side = 1 if above else -1
    sung: list[Note] = []
    last = notes[0].pitch + 4 * side
    for note in notes:
        chord = timeline.chord_at(note.start_beat + note.beats / 2)
        options = [
            (_cost(pitch, note, chord, side) + _LEAP * abs(pitch - last), pitch)
            for pitch in scale_pitches(brief.key, chord, singer.low, singer.high)
            if abs(pitch - note.pitch) in _INTERVALS
        ]
        last = min(options, default=(0.0, note.pitch))[1]
        sung.append(replace(note, pitch=last, velocity=max(30, note.velocity - _SOFTER)))
    return tuple(sung)


def _cost(pitch: int, note: Note, chord: Chord, side: int) -> float:
    tones = chord.pitch_classes
    strange = _RUBBING if (pitch - 1) % 12 in tones else _STRANGE
    strange *= 0.0 if pitch % 12 in tones else min(note.beats, _LONG_BEATS)
    wrong = _OTHER_SIDE if (pitch - note.pitch) * side < 0 else 0.0
    return _INTERVALS[abs(pitch - note.pitch)] + strange + wrong
