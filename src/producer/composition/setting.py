"""Setting words: on which sixteenth each syllable of a line falls.

A line is set by dynamic programming over the grid. The costs are logarithms of what 80 charting
songs do (de Clercq & Temperley's RS200 with dictionary stress, counted by syllable class and
metrical place): primary stresses lie on a beat or the eighth before it, weak syllables and
function words beside the beat. A rhythm heard before attracts: that is how motifs come about.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from producer.composition.grid import Place, places
from producer.composition.pattern import STEPS_PER_BEAT, bar_steps
from producer.score.lyric import Line
from producer.score.meter import Meter

#: Cost of each syllable class by metrical place: −ln(share there ÷ share of all onsets there).
_PLACE_COST: Mapping[str, tuple[float, float, float, float, float]] = {
    "primary": (-0.78, -0.66, 0.37, 0.38, 0.33),
    "secondary": (0.45, 0.46, -0.39, 0.13, -0.17),
    "weak": (1.17, 1.47, 0.04, -0.22, -0.36),
    "content": (-0.41, -0.31, 0.03, 0.18, 0.16),
    "function": (0.93, 0.60, -0.19, -0.10, -0.18),
}
SHORTEST_SECONDS = 0.13  #: a syllable shorter than this can't be understood
BREATH_SECONDS = 0.42  #: 0.3 s to breathe and 0.1 s for the next line's first consonants
LAST_SECONDS = 0.38  #: least length of a line's last note
_NEVER = 1e9
_FINE_ENTRY = 1.0  #: price of starting a line on a sixteenth
_FOLK_FINE = (1.4, 2.6)  #: price of a sixteenth in folk tunes, and in those whose beat is three eighths


@dataclass(frozen=True, slots=True)
class Window:
    """Where a line may be sung, in sixteenths from the start of its first bar."""

    first: int  #: earliest onset; negative for a pickup
    last: int  #: the last note has ended here
    entry: int  #: onset the line would like to start on


@dataclass(frozen=True, slots=True)
class Flow:
    """How dense and how syncopated a line is to be set."""

    step_seconds: float
    spacing: float  #: wished steps between syllables
    offbeat: float = 0.5  #: 0 square … 1 syncopated
    shortening: float = 1.0  #: factor of the swing on every second note
    square: bool = False  #: folk manner: every bar is started on its downbeat
    noise: Mapping[int, float] = field(default_factory=dict)  #: seeded taste for single steps
    template: Mapping[int, float] = field(default_factory=dict)  #: onsets heard before → reward


def syllable_classes(line: Line) -> tuple[str, ...]:
    """Class of each syllable as the counts above know it."""
    sizes: dict[int, int] = {}
    for syllable in line.syllables:
        sizes[syllable.word] = sizes.get(syllable.word, 0) + 1
    return tuple(
        ("content" if s.stress else "function")
        if sizes[s.word] == 1
        else ("weak", "secondary", "primary")[max(0, min(2, s.stress))]
        for s in line.syllables
    )


def set_line(classes: Sequence[str], window: Window, flow: Flow, meter: Meter) -> tuple[int, ...]:
    """Onsets in sixteenths, strictly rising, one a syllable.

    Falls back to even spacing when the window is too small for the costs to matter.
    """
    count = len(classes)
    tail = math.ceil(LAST_SECONDS / flow.step_seconds)
    latest = window.last - tail
    # Swing shortens every second note, so sixteenths are only for lines that can't do without.
    for step_seconds in (flow.step_seconds * flow.shortening, flow.step_seconds):
        shortest = max(1, math.ceil(SHORTEST_SECONDS / step_seconds - 1e-6))
        if latest - window.first >= shortest * (count - 1):
            return _search(classes, window, latest, shortest, flow, meter)
    return even_onsets(count, window)


def even_onsets(count: int, window: Window) -> tuple[int, ...]:
    """Onsets squeezed evenly between the window's ends."""
    space = max(count, window.last - window.first)
    return tuple(window.first + i * space // count for i in range(count))


def _search(
    classes: Sequence[str], window: Window, latest: int, shortest: int, flow: Flow, meter: Meter
) -> tuple[int, ...]:
    count, first = len(classes), window.first
    width = latest - first + 1
    tables = {name: _step_costs(name, first, width, flow, meter) for name in set(classes)}
    longest = max(12, math.ceil(2.2 * width / count))
    gaps = {gap: _gap_cost(gap, flow) for gap in range(shortest, longest + 1)}
    skips = _skip_costs(first, width, flow, meter)
    late, hasty = _held_late(first, width, flow, meter)
    held = 2 if meter.pulse_beats == 1.5 else STEPS_PER_BEAT
    start = tables[classes[0]]
    grid, size = places(meter), bar_steps(meter)
    # Lines that start off the beat do so on its eighth: 42 % of all, on a sixteenth 7 %.
    fine = [_FINE_ENTRY * (grid[(first + k) % size] is Place.OFF16) for k in range(width)]
    best = [
        start[k] + fine[k] + 0.22 * abs(first + k - window.entry) + flow.square * skips[k]
        for k in range(width)
    ]
    back: list[list[int]] = []
    for i in range(1, count):
        costs, row, came = tables[classes[i]], [_NEVER] * width, [0] * width
        room_after = (count - 1 - i) * shortest
        for k in range(i * shortest, width - room_after):
            low = _NEVER
            for gap, price in gaps.items():
                j = k - gap
                if j < 0:
                    break
                total = best[j] + price + skips[k] - skips[j + 1]
                total += late[j] if gap > held else hasty[j] if gap <= 2 else 0.0
                if total < low:
                    low, came[k] = total, j
            row[k] = low + costs[k]
        back.append(came)
        best = row
    if flow.square:
        # A folk phrase goes on to its last bar and doesn't sit on its last note.
        best = [
            cost + skips[-1] - skips[k + 1] + 0.3 * max(0, width - 6 - k) + 0.8 * late[k]
            for k, cost in enumerate(best)
        ]
    return _trace(best, back, first, flow)


def _trace(best: list[float], back: list[list[int]], first: int, flow: Flow) -> tuple[int, ...]:
    # A last note wants room to ring: about a second, or half of that in quick music.
    room = max(1.0, (0.35 if flow.square else 0.9) / flow.step_seconds)
    width = len(best)
    ends = [cost + 0.5 * max(0.0, 1.0 - (width - 1 - k) / room) for k, cost in enumerate(best)]
    k = min(range(width), key=ends.__getitem__)
    onsets = [first + k]
    for came in reversed(back):
        k = came[k]
        onsets.append(first + k)
    return tuple(reversed(onsets))


def _step_costs(name: str, first: int, width: int, flow: Flow, meter: Meter) -> list[float]:
    grid, size = places(meter), bar_steps(meter)
    base = _PLACE_COST[name]
    # Sixteenths are for quick syllables; slow music has the time for them.
    fine = 0.45 + 1.2 * max(0.0, 0.2 - flow.step_seconds) / 0.1 - 0.5 * flow.offbeat
    # Just over half of all sung bars have a note on their downbeat, whatever the metre of the words.
    extra = {Place.DOWNBEAT: -0.6, Place.OFF16: fine, Place.OFF8: 0.5 * (0.5 - flow.offbeat)}
    if flow.square:
        fine = _FOLK_FINE[meter.pulse_beats == 1.5]
        extra = {Place.DOWNBEAT: -0.6, Place.STRONG: -0.2, Place.OFF8: 0.25, Place.OFF16: fine}
    costs = []
    for step in range(first, first + width):
        place = grid[step % size]
        # An instrument's accents are its own affair: its bars may rather share their rhythm.
        weight = 0.8 if flow.square else 1.2
        cost = weight * base[place] + extra.get(place, 0.0) + flow.noise.get(step, 0.0)
        costs.append(cost - flow.template.get(step, 0.0))
    return costs


def _gap_cost(gap: int, flow: Flow) -> float:
    cost = 0.4 * math.log2(gap / flow.spacing) ** 2
    if gap * flow.step_seconds < 0.19:
        cost += 0.7
    # Odd gaps leave the eighth grid: counted at 16 % (one sixteenth) and 5 % (three) of all.
    return cost + (0.2 if gap % 2 else 0.0)


def _skip_costs(first: int, width: int, flow: Flow, meter: Meter) -> list[float]:
    """Running price of template onsets, and of downbeats in folk tunes, passed over without a syllable."""
    running, size = [0.0], bar_steps(meter)
    for k in range(width):
        price = 0.3 * flow.template.get(first + k, 0.0)
        if flow.square and (first + k) % size == 0:
            price += 4.0  # 99–100 % of folk bars have an onset on the downbeat
        running.append(running[-1] + price)
    return running


def _held_late(first: int, width: int, flow: Flow, meter: Meter) -> tuple[list[float], list[float]]:
    """Prices by step of a long note from off the beat, and of a quick one on a strong beat.

    Folk tunes hardly syncopate (0.0 %), and their strong notes last 1.5–1.7 times the weak ones.
    """
    grid, size = places(meter), bar_steps(meter)
    here = [grid[(first + k) % size] for k in range(width)]
    off = (Place.OFF8, Place.OFF16)
    late = [2.5 * (flow.square and place in off) for place in here]
    haste = (0.5 if meter.pulse_beats == 1.5 else 0.2) if flow.square else 0.3
    return late, [haste * (place <= Place.STRONG) for place in here]


def taste(
    dice: Random, first: int, last: int, spread: float, *, period: int | None = None
) -> dict[int, float]:
    """Seeded preferences for single steps, the same for every line that shares a motif.

    With a `period` the same steps of every bar are liked, so that bars share their rhythm.
    """
    own = {step: dice.gauss(0.0, spread) for step in range(first, last)}
    if period is None:
        return own
    shared = [dice.gauss(0.0, 2.4 * spread) for _ in range(period)]
    return {step: shared[step % period] + 0.3 * value for step, value in own.items()}


def steps_to_beats(steps: float) -> float:
    """Quarter notes in so many sixteenths.

    >>> steps_to_beats(6)
    1.5
    """
    return steps / STEPS_PER_BEAT
