"""Voices beside the tune: harmonies along with it, and speech in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from producer.composition.brief import Brief
from producer.composition.form import Plan
from producer.composition.timeline import Timeline
from producer.score.lyric import Delivery, SectionKind
from producer.score.part import SungLine
from producer.score.singer import CHOIR, ROSTER, Singer


def along(brief: Brief, plan: Plan, lines: Sequence[SungLine], timeline: Timeline) -> list[SungLine]:
    """Who sings along with the choruses: the choir the tune, a duet's other voice thirds and sixths."""
    if CHOIR in brief.singers:
        return _together(brief, plan, lines)
    return _harmonies(brief, plan, lines, timeline)


def _together(brief: Brief, plan: Plan, lines: Sequence[SungLine]) -> list[SungLine]:
    """The tune itself, in the octave that lies best for the choir's women; its men take the one below."""
    number, choir = brief.singers.index(CHOIR), ROSTER[CHOIR]
    added = []
    for line in lines:
        if not _in_chorus(plan, line):
            continue
        pitches = [note.pitch for note in line.notes]
        shifts = sorted((-12, 0, 12), key=lambda shift: _strain([p + shift for p in pitches], choir))
        notes = tuple(
            replace(note, pitch=_folded(note.pitch + shifts[0], choir), velocity=max(30, note.velocity - 8))
            for note in line.notes
        )
        added.append(replace(line, notes=notes, backing=True, singer=number))
    return added


def _strain(pitches: Sequence[int], singer: Singer) -> float:
    """Semitones outside the range, and a little for lying off its middle."""
    outside = sum(max(0, p - singer.high) + max(0, singer.low - p) for p in pitches)
    return outside + abs(sum(pitches) / len(pitches) - (singer.low + singer.high) / 2) / 100.0


def _folded(pitch: int, singer: Singer) -> int:
    """The pitch, an octave off where it lies outside the range."""
    return pitch + 12 if pitch < singer.low else pitch - 12 if pitch > singer.high else pitch


def _in_chorus(plan: Plan, line: SungLine) -> bool:
    chorus = plan.form.sections[line.section].kind is SectionKind.CHORUS
    return chorus and not line.backing and line.delivery is Delivery.SUNG


def _harmonies(brief: Brief, plan: Plan, lines: Sequence[SungLine], timeline: Timeline) -> list[SungLine]:
    added = []
    for line in lines:
        if not _in_chorus(plan, line):
            continue
        other = (line.singer + 1) % len(brief.singers)
        singer = ROSTER[brief.singers[other]]
        notes = []
        for note in line.notes:
            tones = timeline.chord_at(note.start_beat + note.beats / 2).pitch_classes
            options = [p for p in range(singer.low, singer.high + 1) if p % 12 in tones]
            aim = note.pitch + 4
            while aim > singer.high - 3:
                aim -= 12
            while aim < singer.low:
                aim += 12
            pitch = min(options, key=lambda p: (abs(p - aim), p))
            notes.append(replace(note, pitch=pitch, velocity=max(30, note.velocity - 14)))
        added.append(replace(line, notes=tuple(notes), backing=True, singer=other))
    return added


def speech_pitches(classes: Sequence[str], singer: Singer, delivery: Delivery) -> tuple[int, ...]:
    """Near the speaking pitch: accents a little higher, the end falling."""
    base = round(singer.speech_pitch) + (2 if delivery is Delivery.RAP else 1)
    accents: Mapping[str, int] = {"primary": 2, "content": 1, "secondary": 1}
    pitches = [base + accents.get(name, 0) for name in classes]
    pitches[-1] = base - 1
    return tuple(max(singer.low, pitch) for pitch in pitches)
