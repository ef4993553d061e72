"""What the pictures follow: bands, loudness, onsets, beats and sections of a sound file, frame by frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from producer.media.audio_file import blocks
from producer.studio.audio import SAMPLE_RATE_HZ, Samples

FRAMES_PER_SECOND = 30
HOP_SAMPLES = SAMPLE_RATE_HZ // FRAMES_PER_SECOND
WINDOW_SAMPLES = 2048
BANDS = 48
LOWEST_HZ, HIGHEST_HZ = 40.0, 13_000.0
RANGE_DB = 36.0  # what a bar shows between nothing and full
FLOOR_DB = -66.0  # quieter than this is silence
DECAY = 0.72  # share of a bar's height that is left a frame later
OVERVIEW_POINTS = 600
_BATCH_FRAMES = 256
_MIN_SECTION_SECONDS = 8.0

Curve = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """A sound as the video sees it. All curves run 0 … 1, one value a frame."""

    seconds: float
    levels: Curve  #: shape ``(frames, BANDS)``, low to high, with a short fall
    loudness: Curve  #: shape ``(frames,)``: of the very samples that sound while the frame is shown
    low: Curve
    middle: Curve
    high: Curve
    onsets: NDArray[np.intp]  #: frames in which something starts
    sections: NDArray[np.intp]  #: frames in which the music turns to something else
    overview: Curve  #: shape ``(OVERVIEW_POINTS,)``: loudness of the whole piece

    @property
    def frames(self) -> int:
        """Number of frames; at least one."""
        return len(self.loudness)


def analyse(path: Path) -> Analysis:
    """Read a sound file once, in little memory, and describe it.

    Raises
    ------
    MediaError
        There is no sound in it.
    """
    power, mean_square, length = _measure(path)
    band_db = 10 * np.log10(power + 1e-12)
    loud_db = 10 * np.log10(mean_square + 1e-12)
    raw = _normalised(band_db)
    loudness = _normalised(loud_db[:, None])[:, 0]
    third = BANDS // 3
    return Analysis(
        seconds=length / SAMPLE_RATE_HZ,
        levels=_falling(raw),
        loudness=loudness,
        low=raw[:, : third - 4].mean(axis=1),
        middle=raw[:, third - 4 : 2 * third].mean(axis=1),
        high=raw[:, 2 * third :].mean(axis=1),
        onsets=_onsets(raw, loudness),
        sections=_turns(raw),
        overview=_overview(mean_square),
    )


def _measure(path: Path) -> tuple[Curve, Curve, int]:
    """Power by band and mean square of every frame, and the number of samples."""
    window = np.hanning(WINDOW_SAMPLES).astype(np.float32)
    edges = _band_edges()
    power: list[Curve] = []
    square: list[Curve] = []
    length = 0
    lead = np.zeros((WINDOW_SAMPLES - HOP_SAMPLES) // 2, np.float32)  # windows are centred on their frame
    held = lead
    for mono in _mono_batches(path):
        length += len(mono)
        held = np.concatenate([held, mono])
        count = max(0, (len(held) - WINDOW_SAMPLES) // HOP_SAMPLES + 1)
        if count:
            _describe(held, count, window, edges, power, square, len(lead))
            held = held[count * HOP_SAMPLES :]
    done = sum(len(part) for part in square)
    frames = max(1, round(length / HOP_SAMPLES))
    if frames > done:
        held = np.concatenate([held, np.zeros((frames - done) * HOP_SAMPLES + WINDOW_SAMPLES, np.float32)])
        _describe(held, frames - done, window, edges, power, square, len(lead))
    return np.concatenate(power)[:frames], np.concatenate(square)[:frames], length


def _mono_batches(path: Path) -> Iterator[Samples]:
    waiting: list[Samples] = []
    size = 0
    for block in blocks(path):
        waiting.append(block.mean(axis=0))
        size += block.shape[1]
        if size >= _BATCH_FRAMES * HOP_SAMPLES:
            yield np.concatenate(waiting)
            waiting, size = [], 0
    if waiting:
        yield np.concatenate(waiting)


def _describe(
    held: Samples,
    count: int,
    window: Curve,
    edges: NDArray[np.intp],
    power: list[Curve],
    square: list[Curve],
    lead: int,
) -> None:
    frames = np.lib.stride_tricks.sliding_window_view(held, WINDOW_SAMPLES)[
        : count * HOP_SAMPLES : HOP_SAMPLES
    ]
    spectrum = np.abs(np.fft.rfft(frames * window)) ** 2 * (4.0 / window.sum() ** 2)
    widths = np.diff(edges)
    sums = np.add.reduceat(spectrum[:, : edges[-1]], edges[:-1], axis=1)
    power.append((sums / np.sqrt(widths)).astype(np.float32))
    shown = frames[:, lead : lead + HOP_SAMPLES]
    square.append(np.mean(shown * shown, axis=1, dtype=np.float32))


def _band_edges() -> NDArray[np.intp]:
    """Bins where bands start: evenly on a logarithmic scale, each at least one bin wide."""
    wanted = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1) * WINDOW_SAMPLES / SAMPLE_RATE_HZ
    edges = [max(1, round(wanted[0]))]
    for edge in wanted[1:]:
        edges.append(max(edges[-1] + 1, round(edge)))
    return np.array(edges, np.intp)


def _normalised(decibels: NDArray[np.floating]) -> Curve:
    """Decibels as 0 … 1: full is what each column reaches in its loudest moments."""
    top = np.percentile(decibels, 97, axis=0)
    top = np.maximum(top, np.maximum(top.max() - 30.0, FLOOR_DB + 12.0))
    scaled = np.clip((decibels - (top - RANGE_DB)) / RANGE_DB, 0.0, 1.0)
    return np.asarray(scaled * (decibels > FLOOR_DB - 20), np.float32)


def _falling(raw: Curve) -> Curve:
    """Bars jump up at once and fall back a little slower than the sound."""
    levels = raw.copy()
    for i in range(1, len(levels)):
        np.maximum(levels[i], levels[i - 1] * DECAY, out=levels[i])
    return levels


def _onsets(raw: Curve, loudness: Curve) -> NDArray[np.intp]:
    """Peaks of the spectral flux above their surroundings (Dixon, "Onset Detection Revisited", DAFx 2006)."""
    # The spectrum's window reaches into neighbouring frames; loudness does not and says which it is.
    rise = np.maximum(np.diff(raw, axis=0, prepend=raw[:1] * 0), 0).mean(axis=1)
    jump = np.maximum(np.diff(loudness, prepend=0.0), 0)
    flux = rise + 1.5 * jump
    around = np.convolve(np.pad(flux, 15), np.ones(31) / 31, "valid")
    found: list[int] = []
    for i in np.flatnonzero(flux > np.maximum(1.8 * around, 0.06)):
        if flux[i] < flux[max(0, i - 2) : i + 3].max():
            continue
        if not found or i - found[-1] >= 4:
            found.append(int(i))
    return np.array(found, np.intp)


def _turns(raw: Curve) -> NDArray[np.intp]:
    """Frames where the seconds before and after differ most (after Foote, "Audio novelty", ICME 2000)."""
    step = FRAMES_PER_SECOND // 2
    count = len(raw) // step
    reach = 8  # half seconds on each side
    if count < 4 * reach:
        return np.zeros(0, np.intp)
    coarse = raw[: count * step].reshape(count, step, -1).mean(axis=1)
    sums = np.concatenate([np.zeros((1, coarse.shape[1])), np.cumsum(coarse, axis=0)])
    middle = np.arange(reach, count - reach)
    before = (sums[middle] - sums[middle - reach]) / reach
    after = (sums[middle + reach] - sums[middle]) / reach
    novelty = np.abs(after - before).mean(axis=1)
    threshold = max(0.05, float(novelty.mean() + 0.7 * novelty.std()))
    found: list[int] = []
    for i in np.argsort(-novelty):
        frame = int(middle[i]) * step
        far = all(abs(frame - other) >= _MIN_SECTION_SECONDS * FRAMES_PER_SECOND for other in found)
        if novelty[i] > threshold and far:
            found.append(frame)
    return np.array(sorted(found), np.intp)


def _overview(mean_square: Curve) -> Curve:
    """Loudness of the whole piece in a fixed number of points, the loudest at 1."""
    edges = np.linspace(0, len(mean_square), OVERVIEW_POINTS + 1)
    starts = np.minimum(edges[:-1].astype(int), len(mean_square) - 1)
    level = np.sqrt(np.maximum.reduceat(mean_square, starts))
    return (level / max(float(level.max()), 1e-3)).astype(np.float32)


def frames_of(seconds: Sequence[float], frames: int) -> NDArray[np.intp]:
    """Frames on screen at given times; those beyond the end are left out."""
    found = np.floor(np.asarray(sorted(seconds), np.float64) * FRAMES_PER_SECOND + 1e-6).astype(np.intp)
    return found[(found >= 0) & (found < frames)]
