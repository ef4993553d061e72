"""Mix → Master: tone, level, ceiling, ending."""

import math

import numpy as np
from numpy.typing import NDArray

from producer.score.song import MixPlan
from producer.studio.audio import SAMPLE_RATE_HZ, Audio
from producer.studio.dsp.colour import saturate
from producer.studio.dsp.dynamics import apply_curve, compressor_curve, limit, true_peaks
from producer.studio.dsp.filters import Band, equalize
from producer.studio.dsp.loudness import SILENCE_LUFS, integrated_lufs
from producer.studio.dsp.space import corner_of, widen
from producer.studio.dsp.spectrum import THIRDS_HZ, matching_filter, run_kernel, third_octaves_db
from producer.studio.dsp.tape import age
from producer.studio.preset import MixPreset, mix_preset
from producer.studio.target import Target, brightness_band
from producer.units import db_to_gain, gain_to_db

CEILING_DBTP = -1.0  # streaming services' advice, true peak
MARGIN_DB = 0.2  # between our ceiling and theirs: another meter's filter, another decoder
WORKING_LUFS = -18.0
MONO_BELOW_HZ = 110.0
MOST_SIDE_DB = -3.0  # against the middle: what a mono listener loses stays below 2 dB
SIDE_HEARD_HZ = (250.0, 8000.0)
DC_BELOW_HZ = 16.0
LAST_FADE_SECONDS = 1.2
TRIES = 4  # at the loudness through the limiter
TOLERANCE_LU = 0.05

Stereo = NDArray[np.float32]


def master(audio: Audio, plan: MixPlan, *, target: Target | None = None) -> Audio:
    """Bring a mix to delivery.

    Parameters
    ----------
    plan
        Wishes; with ``mastered=False`` only level, fade and ending are seen to.
    target
        The spectrum to arrive at, see :func:`producer.studio.target.target_of`; the preset's when not given.

    Returns
    -------
    Audio
        At ``plan.loudness_lufs``, at most −1 dBTP, its end below −60 dBFS; float32, shape ``(2, n)``.
        A recording whose peaks don't allow the loudness without a limiter stays quieter when unmastered.
    """
    x = np.array(audio.samples, np.float32, order="C")
    if not plan.mastered:
        _end(x, plan.fade_out_seconds)
        return Audio(_to_level(x, plan.loudness_lufs))
    preset = mix_preset(plan.preset)
    _tone(x, plan, target or preset.target_db)
    _press(x, preset)
    if plan.lofi > 0.0:
        age(x, plan.lofi)
    equalize(x, (Band("high_pass", DC_BELOW_HZ),))  # what clipping made of waves that aren't symmetrical
    _end(x, plan.fade_out_seconds)
    return Audio(_to_loudness(x, plan.loudness_lufs))


def _tone(x: Stereo, plan: MixPlan, target: Target) -> None:
    equalize(x, (Band("high_pass", 26.0), Band("high_pass", 18.0)))
    run_kernel(x, matching_filter(x, target))
    if plan.brightness_db:
        equalize(x, (brightness_band(plan.brightness_db),))
    width = min(plan.width, _widest(x))
    widen(x, width, 0.2 * max(0.0, width - 1.0), corner_of(MONO_BELOW_HZ))


def _widest(x: Stereo) -> float:
    """Width at which no octave of the middle range has more than :data:`MOST_SIDE_DB` of side signal."""
    middle, side = (x[0] + x[1]) / 2.0, (x[0] - x[1]) / 2.0
    ratio_db = third_octaves_db(np.stack([side, side])) - third_octaves_db(np.stack([middle, middle]))
    first, last = np.searchsorted(THIRDS_HZ, SIDE_HEARD_HZ)
    octaves_db = np.convolve(ratio_db[first:last], np.ones(3) / 3.0, "valid")
    return db_to_gain(MOST_SIDE_DB - float(octaves_db.max()))


def _press(x: Stereo, preset: MixPreset) -> None:
    lufs = integrated_lufs(x)
    if lufs <= SILENCE_LUFS:
        return
    x *= np.float32(db_to_gain(WORKING_LUFS - lufs))
    apply_curve(x, compressor_curve(x, preset.master))
    if preset.master_drive_db:
        saturate(x, db_to_gain(preset.master_drive_db))


def _end(x: Stereo, fade_seconds: float) -> None:
    """Fade as asked, and take the last of the ringing down to nothing."""
    n = x.shape[1]
    if fade_seconds > 0.0:
        length = min(n, int(fade_seconds * SAMPLE_RATE_HZ))
        x[:, n - length :] *= np.cos(np.linspace(0.0, math.pi / 2.0, length)).astype(np.float32) ** 2
    length = min(n // 4, int(LAST_FADE_SECONDS * SAMPLE_RATE_HZ))
    if length:
        # straight in dB, then the last tenth to zero
        ramp = 10.0 ** (-3.0 * (np.arange(length) / length) ** 2)
        tail = max(1, length // 10)
        ramp[-tail:] *= np.linspace(1.0, 0.0, tail)
        x[:, n - length :] *= ramp.astype(np.float32)
    head = min(n, 64)
    x[:, :head] *= np.linspace(0.0, 1.0, head, dtype=np.float32)


def _to_level(x: Stereo, lufs: float) -> Stereo:
    """Gain only: as loud as asked, or as the peaks allow."""
    now = integrated_lufs(x)
    peak = float(true_peaks(x).max(initial=0.0))
    if now <= SILENCE_LUFS or peak == 0.0:
        return x
    gain_db = min(lufs - now, CEILING_DBTP - MARGIN_DB - gain_to_db(peak))
    return x * np.float32(db_to_gain(gain_db))


def _to_loudness(x: Stereo, lufs: float) -> Stereo:
    """Look for the gain that is right behind the limiter."""
    now = integrated_lufs(x)
    measurable = now > SILENCE_LUFS  # not when shorter than a measuring block
    ceiling = db_to_gain(CEILING_DBTP - MARGIN_DB)
    gain = db_to_gain(lufs - now) if measurable else 1.0
    peaks = true_peaks(x, ceiling / (gain * 4.0))
    out = limit(x, peaks, gain, ceiling)
    for _ in range(TRIES if measurable else 0):
        miss = lufs - integrated_lufs(out)
        if abs(miss) < TOLERANCE_LU:
            break
        gain *= db_to_gain(miss)
        out = limit(x, peaks, gain, ceiling)
    over = float(true_peaks(out, ceiling * 0.7).max(initial=0.0)) / ceiling
    return out / np.float32(over) if over > 1.0 else out
