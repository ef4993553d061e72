"""Voices beside the tune: harmonies along with it, and speech in its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from producer.composition.brief import Brief
from producer.composition.form import Plan
from producer.composition.timeline import Timeline
from producer.score.lyric import Delivery, SectionKind
from producer.score.part import SungLine
from producer.score.singer import EVERYBODY, Singer


def harmonies(brief: Brief, plan: Plan, lines: Sequence[SungLine], timeline: Timeline) -> list[SungLine]:
    """A second voice in thirds and sixths, on chord notes, along with the choruses."""
    added = []
    for line in lines:
        kind = plan.form.sections[line.section].kind
        if kind is not SectionKind.CHORUS or line.backing or line.delivery is not Delivery.SUNG:
            continue
        other = (line.singer + 1) % len(brief.singers)
        singer = EVERYBODY[brief.singers[other]]
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
