"""Feel: swing in the score, and the small deviations of human hands.

Players stay within a few milliseconds: quantised drums were rated best, and deviations of 15–25 ms
worse, early worse than late (Frühauf, Kopiez & Platz 2013); so timing spreads are small, early
snares don't happen and life comes from dynamics.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from random import Random

from producer.score.part import Note

_NUDGE_LIMIT = 2.2  # standard deviations


def swing_beat(beat: float, share: float, pair_beats: float) -> float:
    """Move a beat as swing does: the first of each pair takes `share` of it.

    >>> round(swing_beat(1.5, 2 / 3, 1.0), 3)
    1.667
    """
    if share == 0.5:
        return beat
    pair = math.floor(beat / pair_beats + 1e-9)
    x = beat / pair_beats - pair
    x = x * share / 0.5 if x <= 0.5 else share + (x - 0.5) * (1.0 - share) / 0.5
    return (pair + x) * pair_beats


def swing_notes(notes: Iterable[Note], share: float, pair_beats: float) -> tuple[Note, ...]:
    """Swing the starts and ends of notes."""
    if share == 0.5:
        return tuple(notes)
    swung = []
    for note in notes:
        start = swing_beat(note.start_beat, share, pair_beats)
        end = swing_beat(note.end_beat, share, pair_beats)
        swung.append(replace(note, start_beat=round(start, 5), beats=round(max(0.02, end - start), 5)))
    return tuple(swung)


def humanise(
    notes: Iterable[Note],
    dice: Random,
    *,
    loose_ms: float,
    velocity_spread: float = 5.0,
    never_early: bool = False,
) -> tuple[Note, ...]:
    """Add timing and velocity deviations; the notes' own nudges are kept and added to."""
    played = []
    for note in notes:
        deviation = max(-_NUDGE_LIMIT, min(_NUDGE_LIMIT, dice.gauss(0.0, 1.0))) * loose_ms / 1000.0
        if never_early:
            deviation = abs(deviation)
        velocity = max(1, min(127, round(note.velocity + dice.gauss(0.0, velocity_spread))))
        played.append(
            replace(note, velocity=velocity, nudge_seconds=round(note.nudge_seconds + deviation, 5))
        )
    return tuple(played)
