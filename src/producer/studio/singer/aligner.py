"""Where each sound of a spoken line really is.

The voice model's own token edges come 30–90 ms late and hide closures in the pause before them, so
they are only a soft prior: a Viterbi search over Gaussian phone states (log-mel cepstra, their
slope and how periodic the sound is) sets the edges. Forced alignment as in Rabiner 1989, "A tutorial on
hidden Markov models", with segment lengths instead of self-loops. `tools/train_aligner.py`
estimates the states from the model's own speech.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import BinaryIO

import numpy as np
from numba import njit
from numpy.typing import NDArray

from producer.studio.singer.phonemes import DIPHTHONGS, MARKS, STAND_IN, STOPS, UNVOICED, VOWELS
from producer.studio.singer.speech import RATE_HZ, Floats, Speech
from producer.studio.singer.voicing import FRAME_SECONDS, periodicity, pitch_of_frames

_HOP = round(FRAME_SECONDS * RATE_HZ)
_WINDOW, _FFT, _BANDS, _CEPSTRA, _TOP_HZ = 480, 1024, 24, 14, 11_000.0
_LAG_SECONDS, _SPREAD_SECONDS, _PRIOR_WEIGHT = 0.035, 0.045, 4.0
_PAUSE_FRAMES, _PAUSE_COST, _PAUSE_FRAME_COST = 8, 6.0, 0.5
_FINAL_FRAMES = 40  # first guess of how long the sound before a silence lasts
_FLOOR = -11.0  # of a band against the line's loudest, natural log of power: −48 dB
_STRANGENESS = 5.0  # how much worse than any sound a frame may fit its state, natural log
_NOTHING = -1e18


@dataclass(frozen=True, slots=True)
class State:
    """What a stretch of frames looks like: mean and deviation of each feature."""

    mean: Floats
    deviation: Floats

    def log_likelihood(self, features: Floats) -> Floats:
        """Log density of each frame, without the constant."""
        distance = ((features - self.mean) / self.deviation) ** 2
        result: Floats = -0.5 * distance.sum(axis=1) - np.log(self.deviation).sum()
        return result


States = dict[str, State]


@dataclass(frozen=True, slots=True)
class Unit:
    """A sound as spoken; times in seconds of the speech."""

    name: str  #: phoneme, ``"sil"`` or ``"pause"``
    tokens: tuple[int, ...]
    start: float
    end: float
    middle: float | None  #: closure to burst, or the turn of a diphthong


@cache
def trained() -> States:
    """The states that ship with the package."""
    with files("producer.studio.singer").joinpath("aligner.npz").open("rb") as file:
        return load(file)  # type: ignore[arg-type]


def load(file: BinaryIO) -> States:
    """Read what :func:`save` wrote."""
    with np.load(file) as data:
        means, deviations = data["mean"].astype(np.float64), data["deviation"].astype(np.float64)
        return {str(name): State(m, d) for name, m, d in zip(data["names"], means, deviations, strict=True)}


def save(states: States, file: BinaryIO) -> None:
    """Write states to a binary file."""
    np.savez_compressed(
        file,
        names=np.array(list(states)),
        mean=np.array([s.mean for s in states.values()], np.float32),
        deviation=np.array([s.deviation for s in states.values()], np.float32),
    )


def align(speech: Speech, states: States) -> tuple[Unit, ...]:
    """Find every sound of a spoken line, in order."""
    groups = _groups(speech.tokens)
    bounds = search(features(speech), groups, speech.token_edges_seconds, states)
    units, at = [], 0
    for name, tokens in groups:
        count = len(_state_names(name))
        start, end = bounds[at] * FRAME_SECONDS, bounds[at + count] * FRAME_SECONDS
        middle = float(bounds[at + 1] * FRAME_SECONDS) if count == 2 else None
        units.append(Unit(name, tokens, float(start), float(end), middle))
        at += count
    return tuple(units)


def train(utterances: Sequence[Speech], *, rounds: int = 6) -> States:
    """Viterbi training: align with what is known, estimate again; first by the token edges."""
    material = [(features(s), _groups(s.tokens), s.token_edges_seconds) for s in utterances]
    states: States = {}
    for _ in range(rounds + 1):
        gathered: dict[str, list[Floats]] = {}
        for matrix, groups, edges in material:
            if states:
                bounds = search(matrix, groups, edges, states)
            else:
                bounds = _flat_start(groups, edges, len(matrix))
            names = [name for group, _ in groups for name, _ in _state_names(group)]
            for name, start, end in zip(names, bounds, bounds[1:], strict=False):
                if end > start:
                    gathered.setdefault(name, []).append(matrix[start:end])
        states = _estimate(gathered)
    return states


@cache
def _filters() -> tuple[Floats, Floats]:
    """Mel triangles (bands, bins) and the cosine transform (cepstra, bands)."""
    top = 2595.0 * np.log10(1.0 + _TOP_HZ / 700.0)
    centre = 700.0 * (10.0 ** (np.linspace(0.0, top, _BANDS + 2) / 2595.0) - 1.0)
    bins = np.linspace(0.0, RATE_HZ / 2, _FFT // 2 + 1)
    rise = (bins - centre[:-2, None]) / (centre[1:-1] - centre[:-2])[:, None]
    fall = (centre[2:, None] - bins) / (centre[2:] - centre[1:-1])[:, None]
    cosine = np.cos(np.pi * np.arange(_CEPSTRA)[:, None] * (np.arange(_BANDS) + 0.5) / _BANDS)
    return np.maximum(0.0, np.minimum(rise, fall)), cosine / np.sqrt(_BANDS / 2)


def features(speech: Speech) -> Floats:
    """Cepstra, voicing and slopes of every 5 ms frame, shape (frames, 21)."""
    triangles, cosine = _filters()
    count = len(speech.wave) // _HOP
    padded = np.pad(speech.wave, (_WINDOW // 2, _FFT))
    at = np.arange(count)[:, None] * _HOP + _HOP // 2 + np.arange(_WINDOW)
    power = np.abs(np.fft.rfft(padded[at] * np.hanning(_WINDOW), _FFT)) ** 2
    mel = np.log(power @ triangles.T + 1e-7)
    # the fading end of a word shall look like silence, not like a quiet consonant
    mel = np.maximum(mel - np.percentile(mel.max(axis=1), 90), _FLOOR)
    cepstra = mel @ cosine.T
    voicing = periodicity(speech.wave, pitch_of_frames(speech, count))
    slope = np.gradient(cepstra, axis=0)[:, :6] * 2.0
    return np.concatenate([cepstra, voicing[:, None] * 3.0, slope], axis=1)


Groups = list[tuple[str, tuple[int, ...]]]


def _groups(tokens: Sequence[str]) -> Groups:
    """Tokens gathered to sounds: stress goes to the vowel behind, marks to the sound before."""
    groups: list[tuple[str, list[int]]] = []
    pending: list[int] = []
    for index, sign in enumerate(tokens):
        if sign in "ˈˌ":
            pending.append(index)
        elif sign in MARKS and groups:
            groups[-1][1].append(index)
        elif sign == " ":
            pending.append(index)
            following = tokens[index + 1] if index + 1 < len(tokens) else ""
            if groups and groups[-1][0] not in STOPS and (following in VOWELS or following in "mnlɹwjˈˌ"):
                groups.append(("pause", [index]))
        elif sign in "$.,":
            if groups and groups[-1][0] == "sil":
                groups[-1][1].append(index)
            else:
                groups.append(("sil", [*pending, index]))
            pending = []
        else:
            groups.append((sign, [*pending, index]))
            pending = []
    return [(name, tuple(indices)) for name, indices in groups]


def _state_names(name: str) -> list[tuple[str, int]]:
    """States of a sound and the frames each lasts at least."""
    if name == "pause":
        return [("sil", 0)]
    if name in STOPS:
        return [("closure_unvoiced" if name in UNVOICED else "closure_voiced", 2), (f"{name}_burst", 2)]
    if name in DIPHTHONGS:
        return [(f"{name}_first", 5), (f"{name}_second", 4)]
    return [(name, 7 if name in VOWELS else 5)]


def _lookup(states: States, name: str) -> State:
    """State of that name, of its stand-in, or of anything."""
    if name in states:
        return states[name]
    sound, _, part = name.partition("_")
    stand_in = STAND_IN.get(sound, "")
    for candidate in (f"{stand_in}_{part}" if part else stand_in, stand_in + "_first", stand_in + "_burst"):
        if candidate in states:
            return states[candidate]
    return states["any"]


def search(matrix: Floats, groups: Groups, edges: Floats, states: States) -> NDArray[np.int64]:
    """Best frame bounds of all states in order, shape (states + 1,)."""
    count = len(matrix)
    times = np.arange(count + 1) * FRAME_SECONDS
    score = np.full(count + 1, _NOTHING)
    score[0] = 0.0
    back: list[NDArray[np.int64]] = []
    # frames that look like no state (a fading breath) shall not decide which state gets them
    anything = states["any"].log_likelihood(matrix) - _STRANGENESS
    for (group, tokens), (following, _) in zip(groups, [*groups[1:], ("", ())], strict=True):
        names = _state_names(group)
        # the last token before a silence holds a part of it: its edge says nothing
        trusted = group != "pause" and following != "sil"
        for index, (name, shortest) in enumerate(names):
            likelihood = np.logaddexp(_lookup(states, name).log_likelihood(matrix), anything)
            score, origin = _step(score, likelihood, shortest)
            if index == len(names) - 1 and trusted:
                late = times - (edges[tokens[-1] + 1] - _LAG_SECONDS)
                score = score - _PRIOR_WEIGHT * 0.5 * (late / _SPREAD_SECONDS) ** 2
            back.append(origin)
    bounds = [count]
    for origin in reversed(back):
        bounds.append(int(origin[bounds[-1]]))
    return np.array(bounds[::-1])


def _step(score: Floats, likelihood: Floats, shortest: int) -> tuple[Floats, NDArray[np.int64]]:
    """Add one state of at least `shortest` frames; 0 means an optional pause."""
    if shortest:
        return _extend(score, likelihood, shortest)
    after, origin = _extend(score, likelihood - _PAUSE_FRAME_COST, _PAUSE_FRAMES)
    after -= _PAUSE_COST
    skipped = score > after
    return np.where(skipped, score, after), np.where(skipped, np.arange(len(score)), origin)


@njit(cache=True, nogil=True)
def _extend(score: Floats, likelihood: Floats, shortest: int) -> tuple[Floats, NDArray[np.int64]]:
    count = len(score)
    summed = np.zeros(count)
    for i in range(1, count):
        summed[i] = summed[i - 1] + likelihood[i - 1]
    after, origin = np.full(count, -1e18), np.zeros(count, np.int64)
    best, best_at = -1e30, 0
    for i in range(shortest, count):
        start = i - shortest
        gain = score[start] - summed[start]
        if gain > best:
            best, best_at = gain, start
        after[i], origin[i] = best + summed[i], best_at
    return after, origin


def _flat_start(groups: Groups, edges: Floats, count: int) -> NDArray[np.int64]:
    bounds = [0]
    for (name, tokens), (following, _) in zip(groups, [*groups[1:], ("", ())], strict=True):
        parts = len(_state_names(name))
        start = bounds[-1]
        edge = (edges[tokens[-1] + 1] - _LAG_SECONDS) / FRAME_SECONDS
        if following == "sil":
            edge = min(edge, start + _FINAL_FRAMES)
        end = int(np.clip(edge, start + 4 * parts, count))
        bounds += [start + (end - start) * (part + 1) // parts for part in range(parts)]
    bounds[-1] = count
    return np.array(bounds)


def _estimate(gathered: dict[str, list[Floats]]) -> States:
    everything = np.concatenate([part for parts in gathered.values() for part in parts])
    spread = everything.var(axis=0)

    def state(parts: Iterable[Floats], prior: float) -> State:
        frames = np.concatenate(list(parts))
        variance = (frames.var(axis=0) * len(frames) + prior * spread * 0.5) / (len(frames) + prior)
        return State(frames.mean(axis=0), np.sqrt(np.maximum(variance, 0.02 * spread)))

    return {"any": state([everything], 0.0)} | {name: state(parts, 15.0) for name, parts in gathered.items()}
