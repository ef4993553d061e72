"""Auditions: several drafts of a tune, of which one is taken as often as real tunes are like it.

A draft is not taken because it is the best: drafts are drawn with odds that grow with how much more
often real tunes have its traits than our drafts do (importance resampling; Rubin 1987). So the tunes
of many songs spread as widely as real ones do, instead of all being equally average. The odds are
logistic in the traits and their squares; their weights (``audition.toml``) were fitted on drafts
against real tunes, of which nothing but these sums is kept.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from producer.composition.traits import Tune, traits

DRAFTS = {"sung": 10, "played": 24}
MOST_BARS = 32  #: of a tune that are looked at
_LEAST_NOTES = 24
FAR, FAR_SQUARE = 5.0, 9.0  #: deviations beyond which a trait counts alike


@dataclass(frozen=True, slots=True)
class Ear:
    """Weights by trait: the mean and deviation of real tunes, then of the trait and of its square."""

    weights: Mapping[str, tuple[float, float, float, float]]

    def odds(self, tune: Tune) -> float:
        """Logarithm of how much more often real tunes are like this than drafts are, up to a constant."""
        if len(tune.notes) < _LEAST_NOTES:
            return 0.0
        total = 0.0
        for name, value in traits(tune).items():
            if name not in self.weights or math.isnan(value):
                continue
            mean, spread, line, square = self.weights[name]
            z = max(-FAR, min(FAR, (value - mean) / spread))
            total += line * z + square * min(z * z, FAR_SQUARE)
        return total


def ear_for(kind: str, reference: str, meter: str) -> Ear | None:
    """The ear for tunes that are ``sung`` or ``played``; None where no real tunes were counted."""
    return _ears().get(f"{kind} {reference} {meter}")


def chosen(ear: Ear, tunes: Sequence[Tune], dice: Random) -> int:
    """Index of the draft that is taken."""
    odds = [ear.odds(tune) for tune in tunes]
    best = max(odds)
    return dice.choices(range(len(odds)), [math.exp(value - best) for value in odds])[0]


@cache
def _ears() -> Mapping[str, Ear]:
    text = (files("producer.composition") / "audition.toml").read_text("utf-8")
    return {
        name: Ear({trait: (row[0], row[1], row[2], row[3]) for trait, row in rows.items()})
        for name, rows in tomllib.loads(text).items()
    }
