"""Voicings: which octave every chord note takes, so that hands move little.

Smooth voice leading as the minimal total motion between chords (Tymoczko 2006, *Science* 313):
each chord takes the inversion in the register whose notes lie nearest to the last one's.
"""

from collections.abc import Sequence
from functools import cache

from producer.score.harmony import Chord

#: Below this pitch close thirds grow muddy.
MUDDY_BELOW = 48
_THIRD_LIMIT = 5  # semitones


@cache
def close_voicings(classes: tuple[int, ...], low: int, high: int) -> tuple[tuple[int, ...], ...]:
    """All close positions of the pitch classes whose notes lie between `low` and `high`."""
    found = set()
    for first in range(len(classes)):
        order = classes[first:] + classes[:first]
        for bottom in range(low + (order[0] - low) % 12, high + 1, 12):
            notes = [bottom]
            for pitch_class in order[1:]:
                notes.append(notes[-1] + ((pitch_class - notes[-1]) % 12 or 12))
            if notes[-1] <= high:
                found.add(tuple(notes))
    return tuple(sorted(found))


def chord_classes(chord: Chord, voices: int) -> tuple[int, ...]:
    """The pitch classes worth playing with so few voices: the fifth goes first, then the root.

    The bass part has the root, so rootless sounds stay clear (standard jazz practice: Levine,
    *The Jazz Piano Book*).
    """
    notes = list(dict.fromkeys(chord.pitch_classes))
    fifth = (chord.root + 7) % 12
    while len(notes) > max(2, voices):
        notes.remove(fifth if fifth in notes else notes[0])
    return tuple(sorted(notes))


def voice(chord: Chord, previous: Sequence[int], *, low: int, high: int, voices: int) -> tuple[int, ...]:
    """The notes of a chord, low to high, near those of the chord before."""
    classes = chord_classes(chord, voices)
    high = max(high, low + 14)
    options = close_voicings(classes, low, high)
    if not options:
        return tuple(sorted(low + (c - low) % 12 for c in classes))
    centre = (low + high) / 2
    return min(options, key=lambda notes: (_motion(notes, previous, centre), notes))


def _motion(notes: Sequence[int], previous: Sequence[int], centre: float) -> float:
    stray = abs(sum(notes) / len(notes) - centre)
    if notes[0] < MUDDY_BELOW and len(notes) > 1 and notes[1] - notes[0] < _THIRD_LIMIT:
        stray += 30.0
    if not previous:
        return stray
    moved = sum(min(abs(note - old) for old in previous) for note in notes)
    return moved + 0.18 * stray + 0.6 * abs(notes[-1] - previous[-1])
