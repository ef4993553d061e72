"""Bars of folk tunes: which rhythms they have, and how few of them one tune uses.

The shares (``measures.toml``) are counts over 7,378 tunes by metre. A tune keeps to one commonest
rhythm (a third to two fifths of its bars) and a few that are like it, and brings them back after
two, four and eight bars, hardly ever in the next bar.
"""

import itertools
import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random

from producer.composition.pattern import bar_steps
from producer.score.meter import Meter

Rhythm = tuple[int, ...]  #: onsets in sixteenths from the bar line

#: How much likelier a bar is for each share of onsets that it has in common with the tune's main one.
_LIKENESS_WEIGHT = 8.0
_DENSITY_WEIGHT = 0.6  #: how much unlikelier it is for each note more or less
_CADENCE_DENSITY = 0.8  #: notes of a cadence bar against those of the tune's main one
_LONGEST_CLOSE = 1.6  #: length of a cadence's last note against the usual, before it grows unlikely
_MAIN_SHARE = (0.1, 0.7)  #: of a tune's inner bars that have its commonest rhythm: least, most
_OTHERS = 9
_RETURN = 0.36  #: chance that a bar of a strain repeats the one eight, else four bars before


def has_measures(meter: Meter) -> bool:
    """Whether the bars of a metre have been counted."""
    return meter.name in _tables()


def plan_strain(
    meter: Meter, bars: int, *, tune: Random, strain: Random, step_seconds: float
) -> tuple[Rhythm, ...]:
    """Rhythms for the bars of a strain; every fourth bar is a cadence.

    Parameters
    ----------
    tune, strain
        Dice: the first, thrown alike in all strains of a tune, choose its few rhythms.
    step_seconds
        Length of a sixteenth; bars too quick to be played with comfort are not used.
    """
    common = _playable(_tables()[meter.name]["common"], step_seconds)
    main = _draw(common, tune)
    near = {rhythm: share * _likeness(rhythm, main) for rhythm, share in common.items() if rhythm != main}
    others = [_draw(near, tune) for _ in range(_OTHERS)] if near else [main]
    size = bar_steps(meter)
    cadences = {
        rhythm: share * _fitness(rhythm, main, size)
        for rhythm, share in _playable(_tables()[meter.name]["cadence"], step_seconds).items()
    }
    closes = [_draw(cadences, tune) for _ in range(3)]
    return _arranged(bars, main, tune.uniform(*_MAIN_SHARE), others, closes, strain)


def _arranged(
    bars: int,
    main: Rhythm,
    main_share: float,
    others: Sequence[Rhythm],
    closes: Sequence[Rhythm],
    dice: Random,
) -> tuple[Rhythm, ...]:
    plan: list[Rhythm] = []
    for bar in range(bars):
        if bar % 4 == 3:
            plan.append(closes[0] if bar % 8 == 3 and dice.random() < 0.6 else dice.choice(closes))
        elif bar >= 8 and dice.random() < _RETURN:
            plan.append(plan[bar - 8])
        elif bar >= 4 and dice.random() < _RETURN:
            plan.append(plan[bar - 4])
        elif bar % 2 == 0 and bar >= 2 and dice.random() < 0.35:
            plan.append(plan[bar - 2])
        else:
            fresh = main if dice.random() < main_share else dice.choice(others)
            # Two bars in a row seldom have the same rhythm: contrast, not ostinato.
            again = bool(plan) and fresh == plan[-1] and dice.random() < 0.5
            plan.append(dice.choice(others) if again else fresh)
    return tuple(plan)


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[Rhythm, float]]]:
    text = (files("producer.composition") / "measures.toml").read_text("utf-8")
    return {
        meter: {kind: {_rhythm(row): share for row, share in rows.items()} for kind, rows in kinds.items()}
        for meter, kinds in tomllib.loads(text).items()
    }


def _rhythm(onsets: str) -> Rhythm:
    return tuple(map(int, onsets.split()))


def _playable(table: Mapping[Rhythm, float], step_seconds: float) -> Mapping[Rhythm, float]:
    """Rhythms whose quickest pairs leave a tenth of a second a note."""
    kept = {
        rhythm: share
        for rhythm, share in table.items()
        if all((b - a) * step_seconds >= 0.1 for a, b in itertools.pairwise(rhythm))
    }
    return kept or table


def _likeness(rhythm: Rhythm, main: Rhythm) -> float:
    shared = len(set(rhythm) & set(main)) / len(set(rhythm) | set(main))
    return math.exp(_LIKENESS_WEIGHT * shared - _DENSITY_WEIGHT * abs(len(rhythm) - len(main)))


def _fitness(cadence: Rhythm, main: Rhythm, size: int) -> float:
    """How well a cadence suits a tune: somewhat thinner, its last note not far beyond the usual."""
    thinner = abs(len(cadence) - _CADENCE_DENSITY * len(main))
    longer = (size - cadence[-1]) * len(main) / size
    return math.exp(-0.4 * thinner - 0.8 * max(0.0, longer - _LONGEST_CLOSE))


def _draw(table: Mapping[Rhythm, float], dice: Random) -> Rhythm:
    return dice.choices(list(table), list(table.values()))[0]
