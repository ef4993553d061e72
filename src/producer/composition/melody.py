"""Pitches for a rhythm: a beam search over the scale with the costs of real tunes.

Interval costs are logarithms of the counts in 351 pop vocals (CoCoPops: RS200 and McGill
Billboard) and 7,378 folk tunes (Essen, O'Neill, Aird, Ryan); leaps turn back (68–78 % do: von
Hippel & Huron 2000), steps of folk tunes go on, long and accented notes belong to the chord.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nsmallest
from random import Random

from producer.score.harmony import Chord
from producer.score.pitch import MODE_STEPS, Key, Mode

# Shares of melodic intervals in scale steps (pop: semitone counts folded onto the scale), %.
_POP = {
    0: 31.5, -1: 22.5, 1: 20.0, -2: 9.1, 2: 8.9, -3: 2.5, 3: 2.1, 4: 1.0, -4: 0.9, 5: 0.6, -5: 0.35,
    6: 0.15, -6: 0.1, 7: 0.25, -7: 0.15,
}  # fmt: skip
_FOLK = {
    0: 12.5, -1: 26.6, 1: 23.0, -2: 13.7, 2: 9.8, 3: 4.5, -3: 2.7, -4: 1.7, 4: 1.6, 5: 1.4, -5: 0.8,
    7: 0.6, -7: 0.4, 6: 0.35, -6: 0.2,
}  # fmt: skip
_BEAM = 7
_JOIN = 0.35  #: price of each step beyond the first, over the bar lines of folk tunes
_RARE = 7.0  #: price of a step that was never counted
_DRIFTING = 7  #: steps up to which the dice move prices
_FARTHEST = 20  #: steps beyond which prices are alike
_FAR = 4  #: steps beyond which moves count alike


@dataclass(frozen=True, slots=True)
class Slot:
    """A note whose pitch is to be found."""

    chord: Chord
    weight: float  #: 0 passing … 1 long or accented: how much it should belong to the chord
    height: float  #: where the contour would like it, MIDI
    echo: int | None = None  #: pitch heard here before, when the motif returns
    goal: Mapping[int, float] | None = None  #: reward by pitch class, for cadences
    pull: float = 1.0  #: how strongly the echo attracts
    joins: bool = False  #: a downbeat that the bar before leads to


@dataclass(frozen=True)
class Manner:
    """How a tune moves."""

    folk: bool = False
    leap: float = 0.5  #: 0 steps only … 1 wide
    unison: float = 0.5  #: 0 always moving … 1 reciting
    third: float = 0.0  #: price of thirds
    noise: float = 0.9  #: spread of the dice, in cost units
    blue: float = 0.0
    habits: Mapping[tuple[int, int], float] = field(default_factory=dict)  #: price of step after step

    @cached_property
    def moves(self) -> Mapping[int, Mapping[int, float]]:
        """Price of every step by the one before it, which is cut to ``_FAR`` either way."""
        prices = _interval_prices(self)
        return {
            before: {
                step: _move_price(step, before, prices, self) + self.habits.get((before, _near(step)), 0.0)
                for step in range(-_FARTHEST, _FARTHEST + 1)
            }
            for before in range(-_FAR, _FAR + 1)
        }

    @cached_property
    def entries(self) -> Mapping[int, float]:
        """Price of every step from one phrase into the next."""
        # Between phrases a voice jumps more freely (the interval across bars is 1.4 × the mean).
        ease, prices = 1.2 if self.folk else 0.3, _interval_prices(self)
        return {
            step: ease * prices.get(step, _RARE) + self.habits.get((0, _near(step)), 0.0)
            for step in range(-_FARTHEST, _FARTHEST + 1)
        }


def own_habits(dice: Random, spread: float) -> dict[tuple[int, int], float]:
    """One tune's liking for pairs of steps: real tunes reuse few of them, each tune its own."""
    steps = range(-_FAR, _FAR + 1)
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
    previous: int | None = None,
) -> tuple[int, ...]:
    """Pitches for `slots` between `low` and `high`; `previous` is the note sung before.

    Costs are perturbed by the dice and then minimised, which draws tunes about as often as their
    likelihood (Papandreou & Yuille 2011, *Perturb-and-MAP*) instead of always the most average one.
    """
    index = {pitch: scale_index(key, pitch) for pitch in range(low - 12, high + 13)}
    beams: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for slot in slots:
        pitches = _candidates(slot, key, low, high, manner)
        options = [(p, index[p], _pitch_price(p, slot, key, manner, dice)) for p in pitches]
        drift = [dice.gauss(0.0, manner.noise) for _ in range(2 * _DRIFTING + 1)]
        grown = []
        for cost, path in beams:
            last = path[-1] if path else previous
            if last is None or last not in index:
                grown += [(cost + price, (*path, pitch)) for pitch, _, price in options]
                continue
            before = index[last] - index[path[-2]] if len(path) > 1 else 0
            moves = manner.moves[_near(before)] if path else manner.entries
            here = index[last]
            for pitch, there, price in options:
                step = there - here
                total = cost + price + moves[max(-_FARTHEST, min(_FARTHEST, step))]
                if -_DRIFTING <= step <= _DRIFTING:
                    total += drift[step + _DRIFTING]
                if slot.joins and not -1 <= step <= 1:
                    total += _JOIN * (abs(step) - 1)
                grown.append((total, (*path, pitch)))
        beams = nsmallest(_BEAM, grown)
    return beams[0][1]


def scale_index(key: Key, pitch: int) -> int:
    """Scale steps from the lowest tonic up to a pitch; altered notes count as the degree below."""
    return 7 * ((pitch - key.tonic) // 12) + mode_degree(key, pitch)


def _near(step: int) -> int:
    return max(-_FAR, min(_FAR, step))


def _candidates(slot: Slot, key: Key, low: int, high: int, manner: Manner) -> list[int]:
    height = round(slot.height)
    near = scale_pitches(key, slot.chord, max(low, height - 12), min(high, height + 12), blue=manner.blue)
    return near or scale_pitches(key, slot.chord, low, max(high, low + 12))


def _interval_prices(manner: Manner) -> dict[int, float]:
    table = _FOLK if manner.folk else _POP
    prices = {}
    for step, share in table.items():
        price = -math.log(share / 20.0)
        if step == 0:
            price += (-0.4 if manner.folk else 0.3) + 1.6 * (0.5 - manner.unison)
        elif abs(step) == 2:
            price += manner.third - (0.0 if manner.folk else 0.3)
        elif abs(step) > 2:
            # Minimising favours the common; the rare need a little help to stay as frequent as they are.
            price += (-0.75 if manner.folk else -0.9) + 2.0 * (0.5 - manner.leap)
            price -= 0.5 if manner.folk and abs(step) > 4 else 0.0
        prices[step] = price
    return prices


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


def _move_price(step: int, before: int, prices: Mapping[int, float], manner: Manner) -> float:
    price = prices.get(step, _RARE)
    onward = step * before > 0
    if abs(before) > 2:
        price += (0.7 if manner.folk else 0.9) if onward else (-0.4 if step * before < 0 else 0.3)
    elif abs(before) == 2 and onward:
        price += 0.3 if manner.folk else 0.1
    elif abs(before) == 1 and manner.folk:
        price += -0.3 if onward else 0.15
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
