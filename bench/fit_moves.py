"""Fit the prices of steps: how often our first drafts take each, against how often real tunes do.

Usage: ``python bench/fit_moves.py POP FOLK [--only "folk 6/8"] > src/producer/composition/moves.toml`` with
the folders CoCoPops/Billboard/Data and music21/corpus. Prices start as logarithms of counts in the half
of the tunes that is learned from. Then drafts are written with them, and each price moves by a share of
the logarithm of how much too often its step came: the writer has other wishes (chords, curves, echoes), for
which the prices make up.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from fit_audition import as_tune
from melody_corpora import folk_tunes, halves, pop_tunes
from melody_critic import bars_of, make_song, played_tune, styles_of, sung_tune

from producer.composition import arrangement, melody, tune, vocal
from producer.composition.audition import MOST_BARS
from producer.composition.moves import FAR, FARTHEST, NEW, Moves, near, prices_of
from producer.composition.traits import Tune

KINDS = (("sung", "pop", "4/4"), *(("played", "folk", meter) for meter in ("4/4", "3/4", "6/8", "2/4")))
_ROUNDS = 14
_SONGS = 60  #: drafts of a round
_FIRST_SEED = 9000
_PAUSE_BEATS = 2.0  #: between onsets, from which a phrase of pop is a new one
_PACE = 0.3  #: of the first correction; later ones are smaller
_PSEUDO = 25.0  #: notes of the step's usual share that are added to a row's counts
_FREE = 0.8  #: by which a single price may leave its start; wide steps, seldom met, half as far
_FREE_PLACE = 0.5
_WIDE = 4  #: scale steps
_STEPS = range(-FARTHEST, FARTHEST + 1)

Counts = dict[str, dict[object, Counter]]


def count(tunes: Iterable[Tune], *, folk: bool) -> Counts:
    """Steps by the step before and by the sixteenth of the bar."""
    after: dict[object, Counter] = defaultdict(Counter)
    at: dict[object, Counter] = defaultdict(Counter)
    for one in tunes:
        degrees, starts = one.degrees, [note[0] for note in one.notes]
        steps = [b - a for a, b in itertools.pairwise(degrees)]
        for i, step in enumerate(steps):
            to = max(-FARTHEST, min(FARTHEST, step))
            fresh = not folk and starts[i + 1] - starts[i] >= _PAUSE_BEATS
            before = NEW if fresh or not i else near(steps[i - 1])
            after[before][to] += 1
            place = round(4 * starts[i + 1]) % round(4 * one.meter.bar_beats)
            at[place][to] += 1
    return {"after": after, "at": at}


def shares(row: Counter, usual: Sequence[float]) -> list[float]:
    """Shares of the steps in a row, drawn a little towards the usual ones."""
    total = sum(row.values()) + _PSEUDO
    return [(row[step] + _PSEUDO * usual[i]) / total for i, step in enumerate(_STEPS)]


def usual_of(counts: Counts) -> list[float]:
    """Shares of all steps."""
    every = sum(counts["after"].values(), Counter())
    total = sum(every.values()) + len(_STEPS)
    return [(every[step] + 1.0) / total for step in _STEPS]


class Table:
    """Prices that are being fitted: where they started, and by how much each step and each cell has moved."""

    def __init__(self, real: Counts, places: int) -> None:
        self.real, self.usual = real, usual_of(real)
        self.start: dict[str, dict[object, list[float]]] = {
            "after": {
                before: [-math.log(5 * share) for share in shares(real["after"][before], self.usual)]
                for before in (*range(-FAR, FAR + 1), NEW)
            },
            "at": {
                place: [
                    math.log(usual / share)
                    for usual, share in zip(self.usual, shares(real["at"][place], self.usual), strict=True)
                ]
                for place in range(places)
            },
        }
        self.every = [0.0] * len(_STEPS)
        self.moved = {name: {key: [0.0] * len(_STEPS) for key in rows} for name, rows in self.start.items()}

    def rows(self, name: str) -> dict[object, list[float]]:
        """Prices as they stand; what all steps share is in those after a step."""
        every = self.every if name == "after" else [0.0] * len(_STEPS)
        return {
            key: [a + b + c for a, b, c in zip(row, self.moved[name][key], every, strict=True)]
            for key, row in self.start[name].items()
        }

    def moves(self) -> Moves:
        """The table as the writer reads it."""
        after = {before: prices_of(row) for before, row in self.rows("after").items()}
        new = after.pop(NEW)
        return Moves(after, new, tuple(prices_of(row) for row in self.rows("at").values()))

    def correct(self, ours: Counts, pace: float) -> float:
        """Move prices towards real shares; how far (nats a note) the steps were from them."""
        mine = usual_of(ours)
        for i, (wanted, got) in enumerate(zip(self.usual, mine, strict=True)):
            self.every[i] += pace * math.log(got / wanted)
        gap, notes = 0.0, 0
        for name, rows in self.moved.items():
            free = _FREE if name == "after" else _FREE_PLACE
            for key, moved in rows.items():
                real_row = shares(self.real[name][key], self.usual)
                our_row = shares(ours[name][key], mine)
                known = sum(ours[name][key].values())
                for i, step in enumerate(_STEPS):
                    most = free if abs(step) < _WIDE else free / 2
                    # What all rows have too much or too little of is corrected above.
                    over = math.log(our_row[i] / mine[i]) - math.log(real_row[i] / self.usual[i])
                    moved[i] = max(-most, min(most, moved[i] + pace * known / (known + 100.0) * over))
                if name == "after":
                    gap += known * sum(a * math.log(a / b) for a, b in zip(real_row, our_row, strict=True))
                    notes += known
        return gap / max(1, notes)


def drafts(kind: str, reference: str, meter: str, lengths: list[int], number: int) -> list[Tune]:
    """First drafts of other songs in every round."""
    styles = styles_of(kind, reference, meter)
    found = []
    for i in range(number * _SONGS, (number + 1) * _SONGS):
        style = styles[i % len(styles)]
        song = make_song(kind, style, meter, i, str(_FIRST_SEED + i), lengths[i % len(lengths)])
        written = sung_tune(song) if kind == "sung" else played_tune(song)
        if written is not None and written.meter == meter:
            found.append(as_tune(written))
    return found


def fitted(kind: str, reference: str, meter: str, tunes: list) -> Table:
    """The table of one corpus and metre."""
    learned, _ = halves(tunes)
    lengths = [bars_of(one) for one in learned]
    random.Random(3).shuffle(lengths)
    folk = reference == "folk"
    real = [as_tune(one) for one in learned]
    table = Table(count(real, folk=folk), round(4 * real[0].meter.bar_beats))
    for number in range(_ROUNDS):
        now = table.moves()
        for room in (tune, melody):
            room.moves_for = lambda *_, now=now: now
        far = table.correct(
            count(drafts(kind, reference, meter, lengths, number), folk=folk), _PACE / (1.0 + number / 4.0)
        )
        print(f"{reference} {meter}, round {number}: {far:.4f} nats a note", file=sys.stderr, flush=True)
    return table


def main() -> None:
    """Fit all tables and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pop", "folk"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--only", default="", help='one corpus and metre, as "folk 3/4"')
    args = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    for room in (vocal, arrangement):
        room.ear_for = lambda *_: None
    print(
        "# Prices of steps -8 … 8 (scale degrees) after the step before, and what each place of the bar adds."
    )
    print(f"# Fitted by bench/fit_moves.py on half of the tunes, the first {MOST_BARS} bars of each.")
    for kind, reference, meter in KINDS:
        if args.only not in ("", f"{reference} {meter}"):
            continue
        tunes = pop_tunes(args.pop) if reference == "pop" else folk_tunes(args.folk, meter)
        table = fitted(kind, reference, meter, tunes)
        print(f'\n["{reference} {meter}"]')
        for name, rows in (("after", table.rows("after")), ("at", table.rows("at"))):
            for key, row in rows.items():
                print(f'{name}."{key}" = [{", ".join(f"{price:.2f}" for price in row)}]')


if __name__ == "__main__":
    main()
