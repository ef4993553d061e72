"""The sixteenth-note grid: how strong each step of a bar is."""

from enum import IntEnum
from functools import cache

from producer.composition.pattern import STEPS_PER_BEAT, bar_steps
from producer.score.meter import Meter


class Place(IntEnum):
    """Metrical classes in which text setting has been counted (beats 0-based inside the bar)."""

    DOWNBEAT = 0
    STRONG = 1  #: beat 3 of 4/4, the second pulse of 6/8, the start of a group in odd metres
    BEAT = 2
    OFF8 = 3
    OFF16 = 4


# Steps on which the inner groups of a bar start.
_STRONG_STEPS = {
    "4/4": (8,),
    "5/4": (12,),
    "7/8": (4, 8),
    "7/4": (16,),
    "6/8": (6,),
    "9/8": (6, 12),
    "12/8": (6, 12, 18),
}


@cache
def places(meter: Meter) -> tuple[Place, ...]:
    """Class of each sixteenth of a bar."""
    return tuple(_place(step, meter) for step in range(bar_steps(meter)))


def _place(step: int, meter: Meter) -> Place:
    if step == 0:
        return Place.DOWNBEAT
    if step in _STRONG_STEPS.get(meter.name, ()):
        return Place.STRONG
    if meter.denominator == 8:
        return Place.OFF8 if step % 2 == 0 else Place.OFF16
    if step % STEPS_PER_BEAT == 0:
        return Place.BEAT
    return Place.OFF8 if step % 2 == 0 else Place.OFF16
