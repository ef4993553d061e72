"""Melismas: long sung notes that take a neighbour along, all on one syllable.

Songs differ in them: 1.0 to 1.4 notes a syllable, 1.15 on average (276 pop songs, CoCoPops).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from producer.composition.melody import scale_pitches
from producer.composition.timeline import Timeline
from producer.score.lyric import Line
from producer.score.part import Note
from producer.score.pitch import Key

_LEAST_BEATS = 1.0  #: a note shorter than this is left plain
_TURNING = (0.0, 0.6)  #: share of stressed long notes that a song turns: least, most
_MOST_TURNING = 0.9
_UNSTRESSED = 0.6  #: as often as stressed ones
_THREE_BEATS = 2.0  #: notes as long as this may go down and come back
_QUICK_BEATS = 0.5
_NEIGHBOUR = 3  #: semitones within which the next step lies


@dataclass(frozen=True, slots=True)
class Room:
    """Where notes may go."""

    key: Key
    timeline: Timeline
    low: int
    high: int


def with_turns(notes: Sequence[Note], line: Line, room: Room, *, fondness: float, seed: str) -> list[Note]:
    """The notes of a phrase, some of the long ones turned; `fondness` is the style's, 0.05 the usual one."""
    dice = Random(f"{seed}/turns/{line.text}/{notes[0].syllable}")
    share = min(_MOST_TURNING, Random(f"{seed}/turning").uniform(*_TURNING) * (0.5 + 10.0 * fondness))
    turned: list[Note] = []
    for note in notes:
        stressed = note.syllable is not None and line.syllables[note.syllable].stress > 0
        likely = share * (1.0 if stressed else _UNSTRESSED)
        plain = note.beats < _LEAST_BEATS or dice.random() >= likely
        turned += [note] if plain else _turned(note, room, dice)
    return turned


def _turned(note: Note, room: Room, dice: Random) -> list[Note]:
    """A note in two or, where it is long, three."""
    chord = room.timeline.chord_at(note.start_beat)
    low, high = max(room.low, note.pitch - _NEIGHBOUR), min(room.high, note.pitch + _NEIGHBOUR)
    steps = scale_pitches(room.key, chord, low, high)
    above = [pitch for pitch in steps if pitch > note.pitch]
    below = [pitch for pitch in steps if pitch < note.pitch]
    rest = note.beats - _QUICK_BEATS
    if note.beats >= _THREE_BEATS and below and dice.random() < 0.5:
        pieces = [
            (_QUICK_BEATS, note.pitch), (_QUICK_BEATS, below[-1]), (rest - _QUICK_BEATS, note.pitch)
        ]  # fmt: skip
    elif above and dice.random() < 0.6:
        pieces = [(_QUICK_BEATS, above[0]), (rest, note.pitch)]
    elif below:
        pieces = [(rest, note.pitch), (_QUICK_BEATS, below[-1])]
    else:
        return [note]
    notes, at = [], note.start_beat
    for beats, pitch in pieces:
        notes.append(replace(note, start_beat=at, beats=beats, pitch=pitch))
        at += beats
    return notes
