"""Fit the odds of auditions: how likely a draft is taken, so that taken tunes spread as real ones do.

Usage: ``python bench/fit_audition.py POP ROCK FOLK > src/producer/composition/audition.toml`` with the
folders CoCoPops/Billboard/Data, CoCoPops/RollingStone/Data and music21/corpus. The weights are those of
maximum entropy: of all ways to choose among the drafts of a song, the one that is nearest to an even
choice and matches the means of all traits and their squares. Only half of the tunes are learned from.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from melody_corpora import folk_tunes, halves, pop_tunes, rolling_stone_tunes
from melody_critic import bars_of, make_song, strophes, styles_of

from producer.composition import arrangement, vocal
from producer.composition.audition import DRAFTS, FAR, FAR_SQUARE, MOST_BARS
from producer.composition.traits import Tune, traits
from producer.score.meter import Meter

LEFT_OUT = ("diatonic", "syncop")  #: almost constant in one corpus or the other
_NO_LENGTHS = ("final_len", "dur_strong_weak", "cad_len4")  #: traits that RS200 can't tell
_KINDS = (
    ("sung", "pop", "4/4"),
    ("played", "pop", "4/4"),
    *(("played", "folk", meter) for meter in ("4/4", "3/4", "6/8", "2/4")),
    *(("sung", "folk", meter) for meter in ("4/4", "3/4")),
)
_SONGS = 200
_FIRST_SEED = 5000
_RIDGE = 0.1


def rows(tunes, names=None) -> tuple[np.ndarray, list[str]]:
    """Traits of tunes, one row each."""
    found = [traits(tune) for tune in tunes]
    names = names or [name for name in found[0] if name not in LEFT_OUT]
    return np.array([[row[name] for name in names] for row in found]), names


def as_tune(tune) -> Tune:
    """A tune of the corpora as the band's own kind."""
    return Tune.of(tune.notes, Meter(*map(int, tune.meter.split("/"))), tune.tonic, most_bars=MOST_BARS)


def drafts_of(kind: str, reference: str, meter: str, lengths: list[int]) -> list[list[Tune]]:
    """All drafts of the first songs, before any is taken."""
    heard: list[list[Tune]] = []

    def keep(_ear, tunes, _dice) -> int:
        heard.append(list(tunes))
        return 0

    for room in (vocal, arrangement):
        room.chosen = keep
        room.ear_for = lambda asked, of, _meter: (asked, of) == (kind, reference) or None
    styles = styles_of(kind, reference, meter)
    for i in range(_SONGS):
        before, bars = len(heard), lengths[i % len(lengths)]
        song = make_song(kind, styles[i % len(styles)], meter, i, str(_FIRST_SEED + i), bars)
        if kind == "sung" and reference == "folk":
            whole = strophes(song, bars)
            for row in heard[before:]:
                row[:] = [Tune.of(one.notes, one.meter, one.tonic, most_bars=whole) for one in row]
    return [tunes for tunes in heard if len(tunes) == DRAFTS[kind] and min(len(t.notes) for t in tunes) >= 24]


def spread_out(values, mean, deviation) -> np.ndarray:
    """Deviations from the real mean and their squares; what is unknown counts as the mean."""
    z = np.nan_to_num(np.clip((values - mean) / deviation, -FAR, FAR))
    return np.concatenate([z, np.minimum(z * z, FAR_SQUARE)], axis=-1)


def fit(real: np.ndarray, pool: np.ndarray, mean, deviation) -> np.ndarray:
    """Weights of maximum entropy; `pool` is songs × drafts × traits."""
    from scipy.optimize import minimize

    wanted = spread_out(real, mean, deviation).mean(axis=0)
    drafts = spread_out(pool, mean, deviation)

    def loss(weights):
        odds = drafts @ weights
        top = odds.max(axis=1, keepdims=True)
        shares = np.exp(odds - top)
        total = shares.sum(axis=1, keepdims=True)
        got = np.einsum("sn,snk->k", shares / total, drafts) / len(drafts)
        value = (np.log(total) + top).mean() - wanted @ weights + _RIDGE / 2 * weights @ weights
        return value, got - wanted + _RIDGE * weights

    start = np.zeros(drafts.shape[2])
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def main() -> None:
    """Fit all tables and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("pop", "rock", "folk"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--only", default="", help='one kind, as "played folk 3/4"')
    args = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    kinds = [kind for kind in _KINDS if args.only in ("", " ".join(kind))]
    print("# Auditions: mean and deviation of real tunes, weights of the deviation and of its square.")
    print("# Fitted by bench/fit_audition.py on half of the tunes of CoCoPops and of music21's corpus.")
    for kind, reference, meter in kinds:
        if reference == "pop":
            learned, _ = halves(pop_tunes(args.pop))
            real, names = rows(map(as_tune, learned))
            more, _ = rows(map(as_tune, rolling_stone_tunes(args.rock)), names)
            more[:, [names.index(name) for name in _NO_LENGTHS]] = np.nan
            real = np.vstack([real, more])
        else:
            learned, _ = halves(folk_tunes(args.folk, meter))
            real, names = rows(map(as_tune, learned))
        lengths = [bars_of(tune) for tune in learned]
        pool = np.array([rows(tunes, names)[0] for tunes in drafts_of(kind, reference, meter, lengths)])
        mean, deviation = np.nanmean(real, axis=0), np.nanstd(real, axis=0) + 1e-6
        weights = fit(real, pool, mean, deviation)
        print(f'\n["{kind} {reference} {meter}"]')
        for i, name in enumerate(names):
            row = (mean[i], deviation[i], weights[i], weights[len(names) + i])
            print(f"{name} = [{', '.join(f'{value:.4g}' for value in row)}]")


if __name__ == "__main__":
    main()
