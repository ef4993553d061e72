"""Bars of folk tunes: which rhythms they have, and how few of them one tune uses.

The counts (``measures.toml``) are of folk tunes by metre. A tune keeps to one commonest rhythm (a third
to two fifths of its bars) and a few of those that stand beside it in real tunes, and brings them back
after two, four and eight bars, seldom in the next bar.
"""

import itertools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from producer.score.meter import Meter

Rhythm = tuple[int, ...]  #: onsets in sixteenths from the bar line


_FRESH_SHARE = 0.85  #: of the main rhythm's share, since bars that return bring it back too


@dataclass(frozen=True, slots=True)
class Habits:
    """What one tune does with its bars: tunes differ in this more than bars do."""

    main: float  #: share of fresh bars that have the commonest rhythm
    others: int  #: further rhythms to choose from
    closes: int  #: cadences to choose from
    again: float  #: chance that a bar repeats the one eight, four or two bars before
    closing: float  #: share of fourth bars that are cadences
    contrast: float  #: chance that a rhythm is avoided right after itself

    @classmethod
    def of(cls, dice: Random, shares: Sequence[float]) -> "Habits":
        """The habits of a tune; `shares` are the least, lower, middle, upper, greatest of its main rhythm."""
        place = dice.uniform(0.0, len(shares) - 1)
        below = min(int(place), len(shares) - 2)
        return cls(
            main=_FRESH_SHARE * (shares[below] + (place - below) * (shares[below + 1] - shares[below])),
            others=dice.choice((6, 12, 24, 40)),
            closes=dice.choice((1, 3, 5, 8)),
            again=dice.uniform(0.0, 0.5),
            closing=dice.uniform(0.1, 0.9),
            contrast=dice.uniform(0.0, 0.8),
        )


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
    table = _tables()[meter.name]
    mains = {main: share for main, share in table.mains.items() if _playable(main, step_seconds)}
    main = _draw(mains or table.mains, tune)
    habits = Habits.of(tune, table.shares[main])
    others, closes = (
        {rhythm: count for rhythm, count in rows.items() if _playable(rhythm, step_seconds)} or {main: 1.0}
        for rows in (table.others[main], table.closes[main])
    )
    return _arranged(
        bars,
        main,
        habits,
        [_draw(others, tune) for _ in range(habits.others)],
        [_draw(closes, tune) for _ in range(habits.closes)],
        strain,
    )


def _arranged(
    bars: int,
    main: Rhythm,
    habits: Habits,
    others: Sequence[Rhythm],
    closes: Sequence[Rhythm],
    dice: Random,
) -> tuple[Rhythm, ...]:
    plan: list[Rhythm] = []
    for bar in range(bars):
        if bar % 4 == 3 and dice.random() < habits.closing:
            plan.append(closes[0] if bar % 8 == 3 and dice.random() < 0.6 else dice.choice(closes))
        elif bar >= 8 and dice.random() < habits.again:
            plan.append(plan[bar - 8])
        elif bar >= 4 and dice.random() < habits.again:
            plan.append(plan[bar - 4])
        elif bar % 2 == 0 and bar >= 2 and dice.random() < habits.again:
            plan.append(plan[bar - 2])
        else:
            fresh = main if dice.random() < habits.main else dice.choice(others)
            # Two bars in a row seldom have the same rhythm: contrast, not ostinato.
            again = bool(plan) and fresh == plan[-1] and dice.random() < habits.contrast
            plan.append(dice.choice(others) if again else fresh)
    return tuple(plan)


@dataclass(frozen=True, slots=True)
class _Table:
    """Bars of one metre: commonest rhythms of tunes, and by these what else stands in the tune."""

    mains: Mapping[Rhythm, float]
    shares: Mapping[Rhythm, Sequence[float]]  #: of a tune's bars: 5, 25, 50, 75, 95 % of tunes
    others: Mapping[Rhythm, Mapping[Rhythm, float]]
    closes: Mapping[Rhythm, Mapping[Rhythm, float]]


@cache
def _tables() -> Mapping[str, _Table]:
    text = (files("producer.composition") / "measures.toml").read_text("utf-8")
    return {meter: _table(rows["rhythms"], rows["mains"]) for meter, rows in tomllib.loads(text).items()}


def _table(rhythms: Sequence[str], mains: Sequence[tuple[int, float, list[float], str, str]]) -> _Table:
    known = [tuple(map(int, onsets.split())) for onsets in rhythms]

    def counts(row: str) -> dict[Rhythm, float]:
        pairs = (entry.split(":") for entry in row.split())
        return {known[int(number)]: float(count) for number, count in pairs}

    return _Table(
        {known[main]: share for main, share, _, _, _ in mains},
        {known[main]: shares for main, _, shares, _, _ in mains},
        {known[main]: counts(others) for main, _, _, others, _ in mains},
        {known[main]: counts(closes) for main, _, _, _, closes in mains},
    )


def _playable(rhythm: Rhythm, step_seconds: float) -> bool:
    """Whether its quickest pair leaves a tenth of a second a note."""
    return all((b - a) * step_seconds >= 0.1 for a, b in itertools.pairwise(rhythm))


def _draw(table: Mapping[Rhythm, float], dice: Random) -> Rhythm:
    return dice.choices(list(table), list(table.values()))[0]
