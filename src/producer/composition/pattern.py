"""Patterns: one character a sixteenth note, written for 4/4 and fitted to any metre.

``X x o g`` are hits from accented to ghost; ``-`` goes on sounding, ``.`` is silence. Pitched
patterns name what is hit: ``1``–``8`` the chord notes from below, ``R 3 5 6 7 8`` the bass's
chord notes, ``a`` a note that leads to the next root. A pattern may be several bars long.
"""

from dataclasses import dataclass
from functools import cache

from producer.score.meter import Meter

STEPS_PER_BEAT = 4
BAR_STEPS = 16  # of the 4/4 bar in which patterns are written

#: Velocity factors of the hit characters.
WEIGHTS = {"X": 1.16, "x": 1.0, "o": 0.8, "u": 0.72, "g": 0.45}

# Which step of the written 4/4 bar each step of another bar borrows. 3/4 keeps one backbeat and
# the turn into the next bar; 5/4 is felt 3+2; sevens lose their last eighth; in compound metres
# a beat's second eighth is played twice.
_STEP_MAPS: dict[str, tuple[int, ...]] = {
    "3/4": (*range(8), *range(12, 16)),
    "2/4": tuple(range(8)),
    "5/4": (*range(12), *range(8, 16)),
    "7/8": tuple(range(14)),
    "7/4": (*range(16), *range(4, 16)),
    "6/8": (0, 1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 7),
    "9/8": (0, 1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 7, 12, 13, 14, 15, 14, 15),
    "12/8": tuple(s + h for h in (0, 8) for s in (0, 1, 2, 3, 2, 3, 4, 5, 6, 7, 6, 7)),
}


def bar_steps(meter: Meter) -> int:
    """Sixteenth notes in a bar."""
    return round(meter.bar_beats * STEPS_PER_BEAT)


@cache
def step_map(meter: Meter) -> tuple[int, ...]:
    """For each sixteenth of a bar, the step of a written 4/4 bar that it borrows."""
    if meter.name in _STEP_MAPS:
        return _STEP_MAPS[meter.name]
    return tuple(step % BAR_STEPS for step in range(bar_steps(meter)))


@dataclass(frozen=True, slots=True)
class Hit:
    """One event of a pattern inside its bar."""

    step: int  #: sixteenths from the bar's start
    steps: int  #: how long it sounds, in sixteenths
    sign: str


@cache
def bar_hits(pattern: str, bar: int, meter: Meter) -> tuple[Hit, ...]:
    """Events of one bar; patterns of several bars go round.

    A pattern whose length is not whole 4/4 bars but whole bars of `meter` is taken as written.
    """
    own = bar_steps(meter)
    if len(pattern) % BAR_STEPS == 0:
        count = len(pattern) // BAR_STEPS
        source = pattern[(bar % count) * BAR_STEPS :][:BAR_STEPS]
        text = "".join(source[step] for step in step_map(meter))
    else:
        count = max(1, len(pattern) // own)
        text = pattern[(bar % count) * own :][:own].ljust(own, ".")
    hits = []
    for step, sign in enumerate(text):
        if sign in ".-":
            continue
        end = step + 1
        while end < own and text[end] == "-":
            end += 1
        hits.append(Hit(step, end - step, sign))
    return tuple(hits)
