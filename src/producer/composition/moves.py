"""Which step follows which in real tunes, and on which place of the bar.

The prices (``moves.toml``) began as logarithms of counts: the step in scale degrees given the one before
it, and given the sixteenth of the bar that it leads to. They were then corrected until the first drafts of
our own writer, which also hears chords, curves and echoes, took each step as often as real tunes do
(``bench/fit_moves.py``).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FARTHEST = 8  #: steps that have prices of their own
FAR = 4  #: steps before, beyond which moves count alike
NEW = "new"  #: instead of the step before, where a phrase begins
_USUAL_METER = "4/4"

Prices = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Moves:
    """Prices of steps −8 … 8."""

    after: Mapping[int, Prices]  #: by the step before, −4 … 4
    new: Prices  #: of the step into a phrase
    at: Sequence[Prices]  #: what each sixteenth of a bar adds; empty for metres that were not counted

    def place(self, step: int) -> Prices | None:
        """What a sixteenth of the bar adds to the prices."""
        return self.at[step % len(self.at)] if self.at else None


def near(step: int) -> int:
    """A step cut to ``FAR`` either way."""
    return max(-FAR, min(FAR, step))


def moves_for(reference: str, meter: str) -> Moves:
    """The prices of a corpus and metre; other metres take the steps of 4/4 and have no places."""
    tables = _tables()
    known = tables.get(f"{reference} {meter}")
    if known is not None:
        return known
    usual = tables[f"{reference} {_USUAL_METER}"]
    return Moves(usual.after, usual.new, ())


def prices_of(row: Sequence[float]) -> Prices:
    """A row of prices by step.

    >>> prices_of([1.0] + [0.0] * 15 + [2.0])[8]
    2.0
    """
    return dict(zip(range(-FARTHEST, FARTHEST + 1), row, strict=True))


@cache
def _tables() -> Mapping[str, Moves]:
    text = (files("producer.composition") / "moves.toml").read_text("utf-8")
    return {name: _moves(rows) for name, rows in tomllib.loads(text).items()}


def _moves(rows: Mapping[str, Mapping[str, Sequence[float]]]) -> Moves:
    after = {int(name): prices_of(row) for name, row in rows["after"].items() if name != NEW}
    places = rows["at"]
    at = tuple(prices_of(places[str(step)]) for step in range(len(places)))
    return Moves(after, prices_of(rows["after"][NEW]), at)
