"""Count the bar rhythms of folk tunes: which one a tune has most, and what goes with it.

Usage: ``python bench/count_measures.py FOLDER > src/producer/composition/measures.toml`` (see
melody_corpora.py for the folder). Only every second tune is counted: the others are kept to judge by.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from melody_corpora import folk_tunes, halves

METERS = ("4/4", "2/4", "3/4", "6/8")
_RHYTHMS = 70  #: of a metre, that are kept
_MAINS = 24
_OTHERS, _CLOSES = 26, 12  #: of each main rhythm, that are kept


def bar_rhythms(tune) -> dict[int, tuple[int, ...] | None]:
    """Onsets in sixteenths by bar; None where they don't lie on the grid."""
    bars = defaultdict(list)
    for start, _, _ in tune.notes:
        bars[math.floor(start / tune.bar_beats + 1e-6)].append(start)
    found = {}
    for bar, starts in bars.items():
        steps = [4 * (start - bar * tune.bar_beats) for start in starts]
        whole = all(abs(step - round(step)) < 0.02 for step in steps) and round(steps[0]) == 0
        found[bar] = tuple(round(step) for step in steps) if whole else None
    return found


def main() -> None:
    """Write the tables."""
    print("# Bar rhythms of folk tunes (Essen, O'Neill, Aird, Ryan), counted by bench/count_measures.py.")
    print(
        "# `rhythms`: onsets in sixteenths. `mains`: tunes in which rhythm n is the commonest (share in %),"
    )
    print("# the share of bars it has (5, 25, 50, 75, 95 % of tunes), how often others stand beside")
    print("# it, and which ones close every fourth bar, as n:count.")
    for meter in METERS:
        table(meter, halves(folk_tunes(Path(sys.argv[1]), meter))[0])


def table(meter: str, tunes: list) -> None:
    """Print the table of one metre."""
    every, mains = Counter(), Counter()
    others, closes, shares = defaultdict(Counter), defaultdict(Counter), defaultdict(list)
    for tune in tunes:
        bars = bar_rhythms(tune)
        inner = Counter(r for bar, r in bars.items() if r and bar % 4 != 3)
        if not inner:
            continue
        ((main, most),) = inner.most_common(1)
        mains[main] += 1
        shares[main].append(most / sum(inner.values()))
        last = max(bars)
        for bar, rhythm in bars.items():
            if rhythm is None:
                continue
            every[rhythm] += 1
            if bar % 4 == 3:
                # Bars of one long note end tunes more often than phrases.
                closes[main][rhythm] += 0.4 if bar == last else 1.0
            elif rhythm != main:
                others[main][rhythm] += 1
    kept = [r for r, _ in every.most_common(_RHYTHMS)]
    number = {r: i for i, r in enumerate(kept)}
    print(f'\n["{meter}"]\nrhythms = [')
    for i in range(0, len(kept), 4):
        print("  " + " ".join(f'"{" ".join(map(str, r))}",' for r in kept[i : i + 4]))
    print("]\nmains = [")
    for main, count in mains.most_common(_MAINS):
        if main not in number:
            continue
        rows = [
            " ".join(f"{number[r]}:{round(c)}" for r, c in table.most_common(60) if r in number and round(c))
            for table in (others[main], closes[main])
        ]
        rows = [" ".join(row.split()[:most]) for row, most in zip(rows, (_OTHERS, _CLOSES), strict=True)]
        if all(rows):
            five = ", ".join(f"{share:.2f}" for share in np.percentile(shares[main], (5, 25, 50, 75, 95)))
            print(f'  [{number[main]}, {100 * count / len(tunes):.1f}, [{five}], "{rows[0]}", "{rows[1]}"],')
    print("]")


if __name__ == "__main__":
    main()
