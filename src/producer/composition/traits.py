"""What a tune measures: the traits by which real tunes and invented ones are told apart.

Intervals and what follows them, the scale, repetition on a bar schedule, rhythm economy, phrase ends:
the features of the recipe in ``bench/melody_features.py``, here without numpy, since they are taken of
every draft. Scale degrees take the larger of both thirds for the mode.
"""

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from producer.score.meter import Meter

_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
#: Places of a bar, in quarters, whose notes are strong (1.5 and more) or not weak (1.0).
_STRENGTH: Mapping[str, tuple[tuple[float, float], ...]] = {
    "4/4": ((0.0, 2.0), (2.0, 1.5), (1.0, 1.0), (3.0, 1.0)),
    "2/4": ((0.0, 2.0), (1.0, 1.0)),
    "3/4": ((0.0, 2.0), (1.0, 1.0), (2.0, 1.0)),
    "6/8": ((0.0, 2.0), (1.5, 1.5)),
}
_GRID = 24  #: rhythms are compared in so many parts of a quarter
_LEAST_NOTES = 8
_NAN = math.nan

Bar = list[tuple[float, float, int]]


@dataclass(frozen=True)
class Tune:
    """A melody as (start beat, beats, MIDI pitch), in order, from the first bar that has notes."""

    notes: Sequence[tuple[float, float, int]]
    meter: Meter
    tonic: int  #: pitch class

    @classmethod
    def of(
        cls, notes: Iterable[tuple[float, float, int]], meter: Meter, tonic: int, *, most_bars: int
    ) -> "Tune":
        """The first `most_bars` of `notes`, counted from the first bar with a note."""
        ordered = sorted(notes)
        first = math.floor(ordered[0][0] / meter.bar_beats + 1e-6) * meter.bar_beats
        end = most_bars * meter.bar_beats - 1e-6
        return cls(tuple((s - first, d, p) for s, d, p in ordered if s - first < end), meter, tonic)

    @cached_property
    def minor(self) -> bool:
        """Whether the minor third outweighs the major one."""
        weight = [0.0] * 12
        for _, beats, pitch in self.notes:
            weight[pitch % 12] += min(beats, 4.0)
        return weight[(self.tonic + 3) % 12] > weight[(self.tonic + 4) % 12]

    @cached_property
    def triad(self) -> tuple[int, ...]:
        """Semitones above the tonic that its chord has."""
        return (0, 3, 7) if self.minor else (0, 4, 7)

    @cached_property
    def degrees(self) -> list[int]:
        """Scale steps above MIDI note 0's tonic, note by note."""
        scale = _MINOR if self.minor else _MAJOR
        nearest = [min(range(7), key=lambda i: (abs(scale[i] - step), i)) for step in range(12)]
        return [7 * ((p - self.tonic) // 12) + nearest[(p - self.tonic) % 12] for _, _, p in self.notes]

    @cached_property
    def bars(self) -> dict[int, list[int]]:
        """Indexes of the notes of every bar that has some."""
        found: dict[int, list[int]] = {}
        for i, (start, _, _) in enumerate(self.notes):
            found.setdefault(math.floor(start / self.meter.bar_beats + 1e-6), []).append(i)
        return found


def traits(tune: Tune) -> dict[str, float]:
    """All traits of a tune of at least eight notes; NaN where it is too short to tell."""
    if len(tune.notes) < _LEAST_NOTES:
        raise ValueError(f"{len(tune.notes)} notes are no tune")
    return (
        _intervals(tune) | _pitches(tune) | _places(tune) | _repetition(tune) | _joins(tune) | _surprise(tune)
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else _NAN


def _ratio(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else _NAN


def _spread(values: Sequence[float]) -> float:
    middle = sum(values) / len(values)
    return math.sqrt(sum((v - middle) ** 2 for v in values) / len(values))


def _entropy(items: Iterable[Hashable]) -> float:
    counts = Counter(items)
    total = sum(counts.values())
    return -sum(c / total * math.log2(c / total) for c in counts.values())


def _intervals(tune: Tune) -> dict[str, float]:
    moves = [b[2] - a[2] for a, b in itertools.pairwise(tune.notes)]
    sizes = [abs(move) for move in moves]
    moving = [move > 0 for move in moves if move]

    def reversal(low: int, high: int) -> float:
        turns = [a * b < 0 for a, b in itertools.pairwise(moves) if low <= abs(a) <= high and b]
        return _ratio(turns) if len(turns) >= 2 else _NAN

    return {
        "abs_int": _mean(sizes),
        "unison": _ratio([size == 0 for size in sizes]),
        "step": _ratio([0 < size < 3 for size in sizes]),
        "skip3_4": _ratio([2 < size < 5 for size in sizes]),
        "leap5p": _ratio([size > 4 for size in sizes]),
        "int_8p": _ratio([size > 7 for size in sizes]),
        "up_share": _ratio(moving) if moving else 0.5,
        "rev_after_leap": reversal(5, 99),
        "rev_after_skip": reversal(3, 4),
        "rev_after_step": reversal(1, 2),
    }


def _pitches(tune: Tune) -> dict[str, float]:
    starts, beats, pitches = (list(column) for column in zip(*tune.notes, strict=True))
    classes = [(pitch - tune.tonic) % 12 for pitch in pitches]
    top, mean, spread = max(pitches), _mean(pitches), _spread(pitches)
    last = abs(pitches[-1] - pitches[-2])
    scale = (*_MINOR, 11) if tune.minor else _MAJOR
    middle = sorted(beats)
    half = len(middle) // 2
    median = middle[half] if len(middle) % 2 else (middle[half - 1] + middle[half]) / 2
    return {
        "range": float(top - min(pitches)),
        "sd_pitch": spread,
        "ac1": _autocorrelation(pitches),
        "diatonic": _ratio([c in scale for c in classes]),
        "tonic_share": _ratio([c == 0 for c in classes]),
        "final_tonic": float(classes[-1] == 0),
        "final_triad": float(classes[-1] in tune.triad),
        "final_len": beats[-1] / median,
        "final_lowness": (pitches[-1] - mean) / max(spread, 0.5),
        "final_step": float(0 < last < 3),
        "climax_pos": (starts[pitches.index(top)] - starts[0]) / (starts[-1] - starts[0]),
        "climax_n": pitches.count(top) / len(pitches),
        "H_pc": _entropy(classes),
    }


def _autocorrelation(pitches: Sequence[int]) -> float:
    before, after = pitches[:-1], pitches[1:]
    a, b = _mean(before), _mean(after)
    norm = _spread(before) * _spread(after)
    return _mean([(x - a) * (y - b) for x, y in zip(before, after, strict=True)]) / norm if norm else 0.0


def _places(tune: Tune) -> dict[str, float]:
    """What notes on strong and weak places of the bar are like."""
    table = _STRENGTH.get(tune.meter.name, _STRENGTH["4/4"])
    compound = tune.meter.name == "6/8"
    strong: list[tuple[float, bool]] = []
    light: list[float] = []
    weak: list[bool] = []
    held = 0
    for start, beats, pitch in tune.notes:
        place = math.fmod(start + 1e-4, tune.meter.bar_beats) - 1e-4
        strength = next((s for p, s in table if abs(place - p) < 0.02), 0.0)
        fits = (pitch - tune.tonic) % 12 in tune.triad
        if strength >= 1.5:
            strong.append((beats, fits))
        else:
            light.append(beats)
        if strength < 1:
            weak.append(fits)
        if strength == 0 and (beats > 1.5 if compound else beats > 1.0 and place % 1 > 0.01):
            held += 1
    on, off = _ratio([fits for _, fits in strong]), _ratio(weak)
    return {
        "triad_strong": on,
        "triad_weak": off,
        "triad_diff": on - off,
        "dur_strong_weak": _mean([beats for beats, _ in strong]) / max(0.05, _mean(light)),
        "syncop": held / len(tune.notes),
    }


def _repetition(tune: Tune) -> dict[str, float]:
    size = tune.meter.bar_beats
    index = sorted(tune.bars)
    rhythm, whole, motif, shape = {}, {}, {}, {}
    for bar, notes in tune.bars.items():
        degrees = tuple(tune.degrees[i] for i in notes)
        steps = tuple(b - a for a, b in itertools.pairwise(degrees))
        rhythm[bar] = tuple(round((tune.notes[i][0] - bar * size) * _GRID) for i in notes)
        whole[bar] = (rhythm[bar], degrees)
        motif[bar] = (rhythm[bar], steps)
        shape[bar] = (rhythm[bar], tuple((s > 0) - (s < 0) for s in steps))
    long = [bar for bar in index if len(rhythm[bar]) > 1]
    counts = Counter(rhythm.values())
    out = {
        "notes_per_bar": len(tune.notes) / len(index),
        "distinct_rhythm": len(counts) / len(index),
        "top_rhythm": max(counts.values()) / len(index),
        "motif_reuse": _reuse(motif, long),
        "contour_reuse": _reuse(shape, long),
        "bar_exact_reuse": _reuse(whole, index),
        "downbeat_onset": _ratio([any(abs(x) < 1 for x in rhythm[bar]) for bar in index]),
    }
    for k in (1, 2, 4, 8):
        out[f"rhy_lag{k}"], out[f"mot_lag{k}"] = _lag(rhythm, index, k), _lag(whole, index, k)
    pairs = len(index) * (len(index) - 1) / 2
    every = sum(c * (c - 1) / 2 for c in counts.values()) / pairs if pairs else _NAN
    out["rhy_lag4_excess"], out["rhy_lag8_excess"] = out["rhy_lag4"] - every, out["rhy_lag8"] - every
    even = [v for v in (out["rhy_lag2"], out["rhy_lag4"]) if not math.isnan(v)]
    odd = [v for v in (out["rhy_lag1"], _lag(rhythm, index, 3)) if not math.isnan(v)]
    out["rhy_even_odd"] = _mean(even) - _mean(odd)
    return out


def _reuse(table: Mapping[int, Hashable], chosen: Sequence[int]) -> float:
    counts = Counter(table[bar] for bar in chosen)
    return _ratio([counts[table[bar]] > 1 for bar in chosen]) if chosen else 0.0


def _lag(table: Mapping[int, Hashable], index: Sequence[int], k: int) -> float:
    pairs = [table[bar] == table[bar + k] for bar in index if bar + k in table]
    return _ratio(pairs) if len(pairs) >= 2 else _NAN


def _joins(tune: Tune) -> dict[str, float]:
    notes, bars = tune.notes, tune.bars
    owner = [0] * len(notes)
    for bar, members in bars.items():
        for i in members:
            owner[i] = bar
    sizes = [abs(b[2] - a[2]) for a, b in itertools.pairwise(notes)]
    joins = [size for i, size in enumerate(sizes) if owner[i] != owner[i + 1]]
    quarter = [bar for bar in bars if bar % 4 == 3]
    others = [len(members) for bar, members in bars.items() if bar % 4 != 3]
    ends = [notes[bars[bar][-1]] for bar in quarter]
    arches, ranges = _four_bars(tune)
    thin = (
        _mean([len(bars[bar]) for bar in quarter]) / max(0.1, _mean(others)) if quarter and others else _NAN
    )
    return {
        "barline_int": _mean(joins),
        "barline_vs_in": _mean(joins) / max(0.3, _mean(sizes)),
        "cad_len4": _mean([beats for _, beats, _ in ends]) / _mean([beats for _, beats, _ in notes]),
        "cad_triad4": _ratio([(pitch - tune.tonic) % 12 in tune.triad for _, _, pitch in ends]),
        "cad_dens": thin,
        "arch4": _mean(arches),
        "range4": _mean(ranges),
    }


def _four_bars(tune: Tune) -> tuple[list[float], list[float]]:
    """Arch (inner third against the outer ones) and range of every four bars, in semitones."""
    arches, ranges = [], []
    for start in range(0, max(tune.bars) + 1, 4):
        heights = [tune.notes[i][2] for bar in range(start, start + 4) for i in tune.bars.get(bar, ())]
        if heights:
            ranges.append(float(max(heights) - min(heights)))
        if len(heights) >= 6:
            k = len(heights) // 3
            arches.append(_mean(heights[k:-k]) - (_mean(heights[:k]) + _mean(heights[-k:])) / 2)
    return arches, ranges


def _entropy_given(row: Sequence[int]) -> float:
    return _entropy(itertools.pairwise(row)) - _entropy(row[:-1])


def _surprise(tune: Tune) -> dict[str, float]:
    """Entropies in bits of steps and onset gaps, alone and given the one before."""
    moves = [b - a for a, b in itertools.pairwise(tune.degrees)]
    gaps = [round((b[0] - a[0]) * _GRID) for a, b in itertools.pairwise(tune.notes)]
    return {
        "H_int": _entropy(moves),
        "H_ioi": _entropy(gaps),
        "H_int_cond": _entropy_given(moves),
        "H_ioi_cond": _entropy_given(gaps),
    }
