"""What a tune measures: the features by which real tunes and invented ones are told apart.

A tune is read bar by bar: intervals, what follows a leap, repetition on a bar schedule, rhythm
economy, phrase ends. `diatonic` scale degrees take the larger of both thirds for the mode.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
STRONG = {
    "4/4": {0: 2.0, 2: 1.5, 1: 1.0, 3: 1.0},
    "2/4": {0: 2.0, 1: 1.0},
    "3/4": {0: 2.0, 1: 1.0, 2: 1.0},
    "6/8": {0: 2.0, 1.5: 1.5},
}


@dataclass(frozen=True)
class Tune:
    """A melody: (start beat, beats, MIDI pitch), from the first bar that has notes."""

    notes: tuple[tuple[float, float, int], ...]
    meter: str
    bar_beats: float
    tonic: int
    minor: bool


def make_tune(notes, meter, bar_beats, tonic, *, most_bars=64) -> Tune:
    """Shift to the first sung bar, keep the first `most_bars`, guess the mode by its thirds."""
    notes = sorted(notes)
    first = math.floor(notes[0][0] / bar_beats + 1e-6) * bar_beats
    kept = tuple((s - first, d, p) for s, d, p in notes if s - first < most_bars * bar_beats - 1e-6)
    weight = np.zeros(12)
    for _, beats, pitch in kept:
        weight[pitch % 12] += min(beats, 4)
    return Tune(kept, meter, bar_beats, tonic, bool(weight[(tonic + 3) % 12] > weight[(tonic + 4) % 12]))


def _entropy(items) -> float:
    share = np.array(list(Counter(items).values()), float)
    share /= share.sum()
    return float(-(share * np.log2(share)).sum())


def degree(pitch: int, tune: Tune) -> int:
    """Scale steps of a pitch above the lowest tonic."""
    octave, step = divmod(pitch - tune.tonic, 12)
    scale = MINOR if tune.minor else MAJOR
    return octave * 7 + min(range(7), key=lambda i: (abs(scale[i] - step), i))


def strength(position: float, meter: str) -> float:
    """Weight of a place in the bar: 2 the downbeat, 0 off the beat."""
    return next((s for p, s in STRONG.get(meter, STRONG["4/4"]).items() if abs(position - p) < 0.02), 0.0)


def _mean(values) -> float:
    return float(np.mean(values)) if len(values) else math.nan


def features(tune: Tune) -> dict[str, float]:
    """All features of one tune; NaN where it is too short to tell."""
    starts = np.array([n[0] for n in tune.notes])
    beats = np.array([n[1] for n in tune.notes])
    pitches = np.array([n[2] for n in tune.notes])
    out = _interval_features(pitches)
    out |= _pitch_features(pitches, starts, beats, tune)
    out |= _bar_features(tune)
    degrees = np.array([degree(p, tune) for p in pitches])
    moves, gaps = np.diff(degrees), np.round(np.diff(starts) * 24)
    out["H_int"] = _entropy(moves)
    out["H_ioi"] = _entropy(gaps)
    out["H_int_cond"] = _entropy(list(itertools.pairwise(moves))) - _entropy(moves[:-1])
    out["H_ioi_cond"] = _entropy(list(itertools.pairwise(gaps))) - _entropy(gaps[:-1])
    return {name: float(value) for name, value in out.items()}


def _interval_features(pitches) -> dict[str, float]:
    moves = np.diff(pitches)
    size = abs(moves)
    moving = moves[moves != 0]

    def reversal(low, high):
        pairs = [
            moves[i] * moves[i + 1] < 0
            for i in range(len(moves) - 1)
            if low <= size[i] <= high and moves[i + 1] != 0
        ]
        return np.mean(pairs) if len(pairs) >= 2 else math.nan

    return {
        "abs_int": size.mean(),
        "unison": (size == 0).mean(),
        "step": ((size > 0) & (size < 3)).mean(),
        "skip3_4": ((size > 2) & (size < 5)).mean(),
        "leap5p": (size > 4).mean(),
        "int_8p": (size > 7).mean(),
        "up_share": (moving > 0).mean() if len(moving) else 0.5,
        "rev_after_leap": reversal(5, 99),
        "rev_after_skip": reversal(3, 4),
        "rev_after_step": reversal(1, 2),
    }


def _pitch_features(pitches, starts, beats, tune: Tune) -> dict[str, float]:
    classes = (pitches - tune.tonic) % 12
    triad = np.isin(classes, (0, 3, 7) if tune.minor else (0, 4, 7))
    place = np.mod(starts + 1e-4, tune.bar_beats) - 1e-4
    weights = np.array([strength(p, tune.meter) for p in place])
    strong, weak = weights >= 1.5, weights < 1
    last = abs(int(pitches[-1]) - int(pitches[-2]))
    span = starts[-1] - starts[0]
    out = {
        "range": float(pitches.max() - pitches.min()),
        "sd_pitch": pitches.std(),
        "ac1": np.corrcoef(pitches[:-1], pitches[1:])[0, 1]
        if pitches[1:].std() and pitches[:-1].std()
        else 0.0,
        "diatonic": np.isin(classes, [*MINOR, 11] if tune.minor else MAJOR).mean(),
        "triad_strong": _mean(triad[strong]),
        "triad_weak": _mean(triad[weak]),
        "tonic_share": (classes == 0).mean(),
        "final_tonic": float(classes[-1] == 0),
        "final_triad": float(triad[-1]),
        "final_len": beats[-1] / np.median(beats),
        "final_lowness": (pitches[-1] - pitches.mean()) / max(pitches.std(), 0.5),
        "final_step": float(0 < last < 3),
        "climax_pos": (starts[pitches.argmax()] - starts[0]) / span,
        "climax_n": (pitches == pitches.max()).mean(),
        "H_pc": _entropy(classes),
        "dur_strong_weak": _mean(beats[strong]) / max(0.05, _mean(beats[weights < 1.5])),
        "syncop": np.mean(
            [
                (s == 0 and d > 1.0 and (p % 1) > 0.01) if tune.meter != "6/8" else (s == 0 and d > 1.5)
                for s, d, p in zip(weights, beats, place, strict=True)
            ]
        ),
    }
    out["triad_diff"] = out["triad_strong"] - out["triad_weak"]
    return out


def _bar_features(tune: Tune) -> dict[str, float]:
    bars = defaultdict(list)
    for note in tune.notes:
        bars[math.floor(note[0] / tune.bar_beats + 1e-6)].append(note)
    index = sorted(b for b in bars if b >= 0)
    rhythm = {b: tuple(round((n[0] - b * tune.bar_beats) * 24) for n in bars[b]) for b in index}
    steps = {b: [degree(n[2], tune) for n in bars[b]] for b in index}
    whole = {b: (rhythm[b], tuple(steps[b])) for b in index}
    motif = {b: (rhythm[b], tuple(np.diff(steps[b]))) for b in index}
    shape = {b: (rhythm[b], tuple(np.sign(np.diff(steps[b])))) for b in index}
    long = [b for b in index if len(rhythm[b]) > 1]

    def reuse(table, chosen):
        counts = Counter(table[b] for b in chosen)
        return np.mean([counts[table[b]] > 1 for b in chosen]) if chosen else 0.0

    def lag(table, k):
        pairs = [table[b] == table[b + k] for b in index if b + k in table]
        return np.mean(pairs) if len(pairs) >= 2 else math.nan

    rhythms = list(rhythm.values())
    out = {
        "notes_per_bar": len(tune.notes) / max(1, len(index)),
        "distinct_rhythm": len(set(rhythms)) / len(index),
        "top_rhythm": max(Counter(rhythms).values()) / len(index),
        "motif_reuse": reuse(motif, long),
        "contour_reuse": reuse(shape, long),
        "bar_exact_reuse": reuse(whole, index),
        "downbeat_onset": np.mean([any(abs(x) < 1 for x in r) for r in rhythms]),
    }
    for k in (1, 2, 4, 8):
        out[f"rhy_lag{k}"], out[f"mot_lag{k}"] = lag(rhythm, k), lag(whole, k)
    every = _mean([rhythm[a] == rhythm[b] for a in index for b in index if a < b])
    out["rhy_lag4_excess"], out["rhy_lag8_excess"] = out["rhy_lag4"] - every, out["rhy_lag8"] - every
    pair = np.array([[out["rhy_lag2"], out["rhy_lag4"]], [out["rhy_lag1"], lag(rhythm, 3)]])
    if not np.isnan(pair).all(axis=1).any():
        out["rhy_even_odd"] = np.nanmean(pair[0]) - np.nanmean(pair[1])
    else:
        out["rhy_even_odd"] = math.nan
    return out | _join_features(tune, bars, index)


def _join_features(tune: Tune, bars, index) -> dict[str, float]:
    notes = tune.notes
    bar = [math.floor(n[0] / tune.bar_beats + 1e-6) for n in notes]
    size = [abs(b[2] - a[2]) for a, b in itertools.pairwise(notes)]
    joins = [size[i] for i in range(len(size)) if bar[i] != bar[i + 1]]
    quarter = [b for b in index if b % 4 == 3]
    triad = (0, 3, 7) if tune.minor else (0, 4, 7)
    ends = [bars[b][-1] for b in quarter]
    density = lambda chosen: _mean([len(bars[b]) for b in chosen])  # noqa: E731
    arches, ranges = [], []
    for start in range(0, max(index) + 1, 4):
        pitches = np.array([n[2] for b in range(start, start + 4) for n in bars.get(b, ())], float)
        if len(pitches):
            ranges.append(pitches.max() - pitches.min())
        if len(pitches) >= 6:
            k = len(pitches) // 3
            arches.append(pitches[k:-k].mean() - (pitches[:k].mean() + pitches[-k:].mean()) / 2)
    return {
        "barline_int": _mean(joins),
        "barline_vs_in": _mean(joins) / max(0.3, _mean(size)),
        "cad_len4": _mean([e[1] for e in ends]) / _mean([n[1] for n in notes]),
        "cad_triad4": _mean([(e[2] - tune.tonic) % 12 in triad for e in ends]),
        "cad_dens": density(quarter) / max(0.1, density([b for b in index if b % 4 != 3]))
        if quarter
        else math.nan,
        "arch4": _mean(arches),
        "range4": _mean(ranges),
    }
