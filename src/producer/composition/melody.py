"""Pitches for a rhythm: a beam search over the scale with the costs of real tunes.

Prices of steps come from counts in pop vocals (CoCoPops: RS200 and McGill Billboard) and folk tunes
(Essen, O'Neill, Aird, Ryan; see :mod:`.moves`): leaps turn back (68–78 % do: von Hippel & Huron 2000),
steps of folk tunes go on. Long and accented notes belong to the chord.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from random import Random

from producer.composition.moves import FAR, FARTHEST, Moves, moves_for, near
from producer.score.harmony import Chord
from producer.score.pitch import MODE_STEPS, Key, Mode

_BEAM = 7
_DRIFTING = 7  #: steps up to which the dice move prices
_FARTHEST = 20  #: steps beyond which prices are alike
_JOIN = 0.15  #: price of each step beyond the first, over the bar lines of folk tunes
_BEYOND = 0.8  #: price of each step beyond those that were counted
_UNISON, _LEAP = 1.6, 2.0  #: by how much songs may like or dislike them


@dataclass(frozen=True, slots=True)
class Slot:
    """A note whose pitch is to be found."""

    chord: Chord
    weight: float  #: 0 passing … 1 long or accented: how much it should belong to the chord
    height: float  #: where the contour would like it, MIDI
    echo: int | None = None  #: pitch heard here before, when the motif returns
    goal: Mapping[int, float] | None = None  #: reward by pitch class, for cadences
    pull: float = 1.0  #: how strongly the echo attracts
    place: int = 0  #: sixteenth of the bar
    joins: bool = False  #: a downbeat that the bar before leads to


@dataclass(frozen=True)
class Manner:
    """How a tune moves."""

    table: Moves = field(default_factory=lambda: moves_for("pop", "4/4"))
    folk: bool = False
    leap: float = 0.5  #: 0 steps only … 1 wide
    unison: float = 0.5  #: 0 always moving … 1 reciting
    third: float = 0.0  #: price of thirds
    noise: float = 0.9  #: spread of the dice, in cost units
    blue: float = 0.0
    habits: Mapping[tuple[int, int], float] = field(default_factory=dict)  #: price of step after step

    @cached_property
    def moves(self) -> Mapping[int, Mapping[int, float]]:
        """Price of every step by the one before it, which is cut to ``FAR`` either way."""
        return {before: self._own(row, before) for before, row in self.table.after.items()}

    @cached_property
    def entries(self) -> Mapping[int, float]:
        """Price of every step from one phrase into the next."""
        return self._own(self.table.new, 0)

    def _own(self, row: Mapping[int, float], before: int) -> dict[int, float]:
        prices = {}
        for step in range(-_FARTHEST, _FARTHEST + 1):
            price = row[max(-FARTHEST, min(FARTHEST, step))] + _BEYOND * max(0, abs(step) - FARTHEST)
            price += self.habits.get((before, near(step)), 0.0)
            if step == 0:
                price += _UNISON * (0.5 - self.unison)
            elif abs(step) == 2:
                price += self.third
            elif abs(step) > 2:
                price += _LEAP * (0.5 - self.leap)
            prices[step] = price
        return prices


def own_habits(dice: Random, spread: float) -> dict[tuple[int, int], float]:
    """One tune's liking for pairs of steps: real tunes reuse few of them, each tune its own."""
    steps = range(-FAR, FAR + 1)
    return {(a, b): dice.gauss(0.0, spread) for a in steps for b in steps if a or b}


def scale_pitches(key: Key, chord: Chord, low: int, high: int, *, blue: float = 0.0) -> list[int]:
    """Pitches of the key between `low` and `high`, with the chord's own alterations.

    A chord note outside the key replaces its neighbour (the raised seventh over V in minor).
    """
    classes = set(key.scale if key.mode is not Mode.HARMONIC_MINOR else Key(key.tonic, Mode.MINOR).scale)
    for note in chord.pitch_classes:
        if note not in classes:
            classes -= {(note + 1) % 12, (note - 1) % 12} - set(chord.pitch_classes)
            classes.add(note)
    if blue > 0.3 and not key.mode.is_minor:
        classes |= {(key.tonic + 3) % 12}
    return [pitch for pitch in range(low, high + 1) if pitch % 12 in classes]


def write_pitches(
    slots: Sequence[Slot],
    *,
    key: Key,
    low: int,
    high: int,
    manner: Manner,
    dice: Random,
    previous: Sequence[int] = (),
) -> tuple[int, ...]:
    """Pitches for `slots` between `low` and `high`.

    `previous` are the notes before: one where a new phrase begins, two where the tune goes on.

    Costs are perturbed by the dice and then minimised, which draws tunes about as often as their
    likelihood (Papandreou & Yuille 2011, *Perturb-and-MAP*) instead of always the most average one.
    """
    index = {pitch: scale_index(key, pitch) for pitch in range(low - 12, high + 13)}
    beams: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for slot in slots:
        pitches = _candidates(slot, key, low, high, manner)
        options = [(p, index[p], _pitch_price(p, slot, key, manner, dice)) for p in pitches]
        drift = [dice.gauss(0.0, manner.noise) for _ in range(2 * _DRIFTING + 1)]
        place = manner.table.place(slot.place)
        grown = []
        for cost, path in beams:
            heard = (*previous, *path)[-2:]
            if not heard or heard[-1] not in index:
                grown += [(cost + price, (*path, pitch)) for pitch, _, price in options]
                continue
            here = index[heard[-1]]
            known = len(heard) > 1 and heard[0] in index and (path or len(previous) > 1)
            moves = manner.moves[near(here - index[heard[0]])] if known else manner.entries
            for pitch, there, price in options:
                step = there - here
                total = cost + price + moves[max(-_FARTHEST, min(_FARTHEST, step))]
                if slot.joins and not -1 <= step <= 1:
                    total += _JOIN * (abs(step) - 1)
                if place is not None:
                    total += place[max(-FARTHEST, min(FARTHEST, step))]
                if -_DRIFTING <= step <= _DRIFTING:
                    total += drift[step + _DRIFTING]
                grown.append((total, (*path, pitch)))
        beams = nsmallest(_BEAM, grown)
    return beams[0][1]


def scale_index(key: Key, pitch: int) -> int:
    """Scale steps from the lowest tonic up to a pitch; altered notes count as the degree below."""
    return 7 * ((pitch - key.tonic) // 12) + mode_degree(key, pitch)


def _candidates(slot: Slot, key: Key, low: int, high: int, manner: Manner) -> list[int]:
    height = round(slot.height)
    near = scale_pitches(key, slot.chord, max(low, height - 12), min(high, height + 12), blue=manner.blue)
    return near or scale_pitches(key, slot.chord, low, max(high, low + 12))


def _pitch_price(pitch: int, slot: Slot, key: Key, manner: Manner, dice: Random) -> float:
    price = (0.008 if manner.folk else 0.009) * (pitch - slot.height) ** 2 + dice.gauss(0.0, manner.noise)
    tones = slot.chord.pitch_classes
    if pitch % 12 not in tones:
        price += 0.3 + 1.0 * slot.weight
        # A semitone above a chord note grinds when it is held.
        if slot.weight > 0.5 and (pitch - 1) % 12 in tones:
            price += 0.9
    if (pitch - key.tonic) % 12 in (0, 3 if key.mode.is_minor else 4, 7):
        # 59 % of all notes of pop vocals, and 63 % of folk's accented ones, are of the tonic triad.
        price -= 0.12 + 0.35 * slot.weight if manner.folk else 0.35
    if slot.echo is not None:
        price += slot.pull * (-2.6 if pitch == slot.echo else 0.3 * min(4, abs(pitch - slot.echo)))
    if slot.goal is not None:
        price -= slot.goal.get((pitch - key.tonic) % 12, 0.0)
    if key.mode is Mode.MAJOR and pitch % 12 == (key.tonic + 3) % 12:
        price += 1.4 * (1.0 - manner.blue)
    return price


def contour(kind: str, x: float) -> float:
    """Height −1 … 1 of a phrase contour at `x` from 0 to 1.

    Shares of the kinds: pop falling 37 %, arch 27 %, rising 20 %, valley 12 %; folk arch 36 %,
    falling 30 %, rising 22 %, valley 9 % (counted on the corpora above; Huron 1996 for arches).
    """
    if kind == "arch":
        return math.sin(math.pi * x) * 1.4 - 0.7
    if kind == "falling":
        return 0.8 - 1.6 * x
    if kind == "rising":
        return -0.8 + 1.6 * x
    if kind == "valley":
        return 0.6 - 1.2 * math.sin(math.pi * x)
    return 0.0


def mode_degree(key: Key, pitch: int) -> int:
    """Scale degree 0–6 nearest below or at a pitch."""
    steps = MODE_STEPS[key.mode]
    above = (pitch - key.tonic) % 12
    return max(i for i, step in enumerate(steps) if step <= above)
