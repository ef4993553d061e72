"""Level over time: gain curves, compressors, ducking, the true-peak limiter.

A gain curve holds one factor for each :data:`GAIN_BLOCK` samples, at the block's end; it is ramped in
between. So all that moves a level can be multiplied together and put on any stem of the song.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.filters import Band, equalize
from producer.studio.dsp.kernel import kernel

GAIN_BLOCK = 32
CURVE_RATE_HZ = SAMPLE_RATE_HZ / GAIN_BLOCK
OVERSAMPLING = 4  # ITU-R BS.1770-5 annex 2
_TAPS = 24  # of the oversampling filter, for each phase

Stereo = NDArray[np.float32]
Curve = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Compressor:
    """A compressor's knobs."""

    threshold_db: float
    ratio: float
    attack_seconds: float = 0.01
    release_seconds: float = 0.12
    knee_db: float = 6.0
    makeup_db: float = 0.0


def curve_length(n: int) -> int:
    """Points of a gain curve for `n` samples."""
    return -(-n // GAIN_BLOCK)


def flat_curve(n: int, gain: float = 1.0) -> Curve:
    """A gain that stays as it is."""
    return np.full(curve_length(n), gain, np.float32)


@kernel
def peak_levels(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Highest magnitude of both channels in each block."""
    n = audio.shape[1]
    levels = np.zeros((n + GAIN_BLOCK - 1) // GAIN_BLOCK, np.float32)
    for block in range(levels.shape[0]):
        top = 0.0
        for i in range(block * GAIN_BLOCK, min(n, (block + 1) * GAIN_BLOCK)):
            top = max(top, abs(audio[0, i]), abs(audio[1, i]))
        levels[block] = top
    return levels


@kernel
def _compressor_curve(
    levels: NDArray[np.float32], threshold: float, ratio: float, attack: float, release: float, knee: float
) -> NDArray[np.float32]:
    curve = np.empty(levels.shape[0], np.float32)
    reduction = 0.0
    slope = 1.0 - 1.0 / ratio
    for i in range(levels.shape[0]):
        over = 20.0 * math.log10(levels[i] + 1e-9) - threshold
        if over <= -knee / 2.0:
            wanted = 0.0
        elif over < knee / 2.0:
            wanted = slope * (over + knee / 2.0) ** 2 / (2.0 * knee)
        else:
            wanted = slope * over
        keep = attack if wanted > reduction else release
        reduction = keep * reduction + (1.0 - keep) * wanted
        curve[i] = 10.0 ** (-reduction / 20.0)
    return curve


def compressor_curve(key: Stereo, settings: Compressor) -> Curve:
    """Gain curve of a feed-forward compressor that listens to `key`.

    Log-domain, soft knee, smoothed branching detector: Giannoulis, Massberg & Reiss 2012, JAES 60(6).
    """
    attack = math.exp(-1.0 / (settings.attack_seconds * CURVE_RATE_HZ))
    release = math.exp(-1.0 / (settings.release_seconds * CURVE_RATE_HZ))
    knobs = (settings.threshold_db, settings.ratio, attack, release, settings.knee_db)
    return np.asarray(
        _compressor_curve(peak_levels(key), *knobs) * np.float32(10.0 ** (settings.makeup_db / 20.0))
    )


@kernel
def _transient_curve(levels: NDArray[np.float32], limit_db: float, rate_hz: float) -> NDArray[np.float32]:
    curve = np.ones(levels.shape[0], np.float32)
    fall = math.exp(-1.0 / (0.014 * rate_hz))
    rise = math.exp(-1.0 / (0.022 * rate_hz))
    fade = math.exp(-1.0 / (0.08 * rate_hz))
    fast = slow = 1e-6
    for i in range(levels.shape[0]):
        fast = max(levels[i], fall * fast)
        keep = rise if fast > slow else fade
        slow = keep * slow + (1.0 - keep) * fast
        over_db = 20.0 * math.log10((fast + 1e-6) / (slow + 1e-6))
        curve[i] = 10.0 ** (min(limit_db, max(0.0, 0.5 * over_db)) / 20.0)
    return curve


def transient_curve(key: Stereo, limit_db: float) -> Curve:
    """Gain curve that lifts the first moments of each hit and nothing else.

    Two followers, a fast and a slow one, differ at onsets only, whatever the level (the principle of
    the SPL Transient Designer, 1998); half of their difference, at most `limit_db`, is added.
    """
    return np.asarray(_transient_curve(peak_levels(key), limit_db, CURVE_RATE_HZ))


@kernel
def apply_curve(audio: NDArray[np.float32], curve: NDArray[np.float32]) -> None:
    """Multiply audio with a gain curve, in place."""
    n = audio.shape[1]
    before = curve[0]
    for block in range(curve.shape[0]):
        step = (curve[block] - before) / GAIN_BLOCK
        gain = before
        for i in range(block * GAIN_BLOCK, min(n, (block + 1) * GAIN_BLOCK)):
            gain += step
            audio[0, i] *= gain
            audio[1, i] *= gain
        before = curve[block]


@kernel
def add_scaled(target: NDArray[np.float32], audio: NDArray[np.float32], left: float, right: float) -> None:
    """Add audio to a bus, each channel with its own gain."""
    for i in range(audio.shape[1]):
        target[0, i] += audio[0, i] * left
        target[1, i] += audio[1, i] * right


def dip_band(audio: Stereo, band: Band, curve: Curve) -> None:
    """Move one band's level by a gain curve and leave the rest, in place."""
    inside = audio.copy()
    equalize(inside, (band,))
    apply_curve(inside, curve - np.float32(1.0))
    add_scaled(audio, inside, 1.0, 1.0)


def duck_curve(n: int, times_seconds: Iterable[float], depth_db: float, release_seconds: float) -> Curve:
    """Gain curve that dips at each time and swings back: a sidechain keyed by the score's own kicks."""
    curve = flat_curve(n)
    length = max(1, int(release_seconds * CURVE_RATE_HZ))
    u = np.arange(length) / length
    floor = 10.0 ** (-depth_db / 20.0)
    dip = (1.0 - (1.0 - floor) * (1.0 - u * u * (3.0 - 2.0 * u))).astype(np.float32)
    for seconds in times_seconds:
        start = int(seconds * CURVE_RATE_HZ)
        part = curve[start : start + length]
        np.minimum(part, dip[: part.shape[0]], out=part)
        lead = curve[max(0, start - 3) : start]  # 2 ms down, so that nothing clicks
        np.minimum(lead, np.linspace(1.0, floor, lead.shape[0] + 1, dtype=np.float32)[1:], out=lead)
    return curve


def line_curve(n: int, points: Iterable[tuple[float, float]]) -> Curve:
    """Gain curve through (seconds, dB) points, straight in dB."""
    times, levels = zip(*points, strict=True)
    clock = (np.arange(curve_length(n)) + 1) / CURVE_RATE_HZ
    return np.asarray(10.0 ** (np.interp(clock, times, levels) / 20.0), np.float32)


def _oversampling_filter() -> NDArray[np.float32]:
    """Phases of a Kaiser-windowed sinc, shape ``(4, taps)``; phase 0 is the sample itself."""
    t = np.arange(_TAPS)[None, :] - _TAPS // 2 + 1 - np.arange(OVERSAMPLING)[:, None] / OVERSAMPLING
    window = np.i0(7.0 * np.sqrt(np.clip(1.0 - (t / (_TAPS / 2)) ** 2, 0.0, 1.0))) / np.i0(7.0)
    return (np.sinc(t) * window).astype(np.float32)


_PHASES = _oversampling_filter()


@kernel
def _true_peaks(audio: NDArray[np.float32], phases: NDArray[np.float32], floor: float) -> NDArray[np.float32]:
    n = audio.shape[1]
    taps = phases.shape[1]
    before = taps // 2 - 1
    peaks = np.zeros(n, np.float32)
    for i in range(n):
        here = max(abs(audio[0, i]), abs(audio[1, i]))
        peaks[i] = max(peaks[i], here)
        after = 0.0
        if i + 1 < n:
            after = max(abs(audio[0, i + 1]), abs(audio[1, i + 1]))
        if max(here, after) < floor or i < before or i + taps - before > n:
            continue
        for channel in range(2):
            for phase in range(1, OVERSAMPLING):
                y = np.float32(0.0)
                for k in range(taps):
                    y += audio[channel, i - before + k] * phases[phase, k]
                top = abs(y)
                peaks[i] = max(peaks[i], top)
                peaks[i + 1] = max(peaks[i + 1], top)
    return peaks


def true_peaks(audio: Stereo, floor: float = 0.0) -> NDArray[np.float32]:
    """Magnitude at and around each sample after 4× oversampling (BS.1770-5 annex 2).

    Parameters
    ----------
    floor
        Between samples that are both below it nothing is computed; choose it well below the ceiling.
    """
    return np.asarray(_true_peaks(audio, _PHASES, floor))


@kernel
def _limiter_gain(
    peaks: NDArray[np.float32], gain: float, ceiling: float, look: int, release: float
) -> NDArray[np.float32]:
    """Gain for each sample: sliding minimum, release, then a moving mean that looks ahead."""
    n = peaks.shape[0]
    wanted = np.empty(n, np.float32)
    for i in range(n):
        peak = peaks[i] * gain
        wanted[i] = 1.0 if peak <= ceiling else ceiling / peak
    lowest = np.empty(n, np.float32)
    queue = np.empty(n, np.int64)
    head = tail = 0
    for i in range(n + look):
        if i < n:
            while tail > head and wanted[queue[tail - 1]] >= wanted[i]:
                tail -= 1
            queue[tail] = i
            tail += 1
        j = i - look
        if j >= 0:
            while queue[head] < j:
                head += 1
            lowest[j] = wanted[queue[head]]
    level = 1.0
    for i in range(n):
        recovered = 1.0 - (1.0 - level) * release
        level = min(lowest[i], recovered)
        lowest[i] = level
    first = lowest[0]  # stands for the time before the start
    total = float(look) * first
    for i in range(n):
        total += lowest[i] - (lowest[i - look] if i >= look else first)
        wanted[i] = total / look
    return wanted


@kernel
def _scale(audio: NDArray[np.float32], curve: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    out = np.empty_like(audio)
    for i in range(audio.shape[1]):
        g = curve[i] * gain
        out[0, i] = audio[0, i] * g
        out[1, i] = audio[1, i] * g
    return out


def limit(audio: Stereo, peaks: NDArray[np.float32], gain: float, ceiling: float) -> Stereo:
    """Audio times `gain`, held below `ceiling` with 3 ms of look-ahead and 90 ms of release."""
    look = int(0.003 * SAMPLE_RATE_HZ)
    release = math.exp(-1.0 / (0.09 * SAMPLE_RATE_HZ))
    return np.asarray(_scale(audio, _limiter_gain(peaks, gain, ceiling, look, release), gain))
