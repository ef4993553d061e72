"""Sounds without a tune: risers, impacts, vinyl, rain, a cymbal backwards."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from producer.score.instrument import Drum
from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.kernel import kernel
from producer.studio.instruments.patch import EffectPatch, SampledPatch
from producer.studio.instruments.performance import Performance, Stroke
from producer.studio.instruments.sampler import play_sampled
from producer.studio.instruments.synth import velocity_gain
from producer.units import db_to_gain, midi_to_hz

Stereo = NDArray[np.float32]
FADE_SECONDS = 0.02


def play_effect(out: Stereo, patch: EffectPatch, performance: Performance, seed: int) -> None:
    """Add a performance of an effect to a stem of shape ``(2, n)``."""
    dice = np.random.default_rng(seed)
    for stroke in performance.strokes:
        sound = _MAKERS[patch.effect](stroke, performance.bpm, dice)
        start = stroke.start_sample
        sound = sound[:, : max(0, out.shape[1] - start)]
        gain = np.float32(velocity_gain(stroke.velocity) * db_to_gain(patch.gain_db))
        out[:, start : start + sound.shape[1]] += sound * gain


@kernel
def sweep_band(
    noise: NDArray[np.float32], start_hz: float, end_hz: float, resonance: float, bend: float
) -> None:
    """Run stereo noise, in place, through a band-pass that moves from one frequency to another.

    Parameters
    ----------
    noise
        float32, shape ``(2, n)``.
    bend
        Above 1 the move starts slowly, below 1 fast.
    """
    n = noise.shape[1]
    k = 1.0 / resonance
    for channel in range(2):
        s1 = s2 = 0.0
        a1 = a2 = a3 = 0.0
        for i in range(n):
            if i % 16 == 0:
                hz = start_hz * (end_hz / start_hz) ** ((i / n) ** bend)
                w = np.tan(np.pi * min(hz, 19_000.0) / 44_100.0)
                a1 = 1.0 / (1.0 + w * (w + k))
                a2 = w * a1
                a3 = w * a2
            v3 = noise[channel, i] - s2
            v1 = a1 * s1 + a2 * v3
            v2 = s2 + a2 * s1 + a3 * v3
            s1 = 2.0 * v1 - s1
            s2 = 2.0 * v2 - s2
            noise[channel, i] = v1


def _white(n: int, dice: np.random.Generator) -> Stereo:
    return dice.standard_normal((2, n), dtype=np.float32) * np.float32(0.4)


def _samples(seconds: float) -> int:
    return max(64, int(seconds * SAMPLE_RATE_HZ))


def _faded(sound: Stereo, seconds: float = FADE_SECONDS) -> Stereo:
    n = min(sound.shape[1] // 2, int(seconds * SAMPLE_RATE_HZ))
    ramp = np.linspace(0.0, 1.0, n, dtype=np.float32)
    sound[:, :n] *= ramp
    sound[:, -n:] *= ramp[::-1]
    return sound


def _riser(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    """Noise that opens and a pair of saws that climb two octaves."""
    n = _samples(stroke.hold_seconds)
    u = np.linspace(0.0, 1.0, n)
    sound = _white(n, dice)
    sweep_band(sound, 250.0, 11_000.0, 1.6, 1.0)
    hz = midi_to_hz(stroke.pitch) * 2.0 ** (2.0 * u**1.5)
    for channel, detune in enumerate((0.994, 1.006)):
        turns = np.cumsum(hz * detune) / SAMPLE_RATE_HZ
        # a few partials are enough under the noise, and none folds over
        tone = np.sin(2 * np.pi * turns) + 0.5 * np.sin(4 * np.pi * turns) + 0.33 * np.sin(6 * np.pi * turns)
        sound[channel] += (0.16 * tone).astype(np.float32)
    pulse = 0.7 + 0.3 * np.sin(2 * np.pi * np.cumsum(bpm / 60.0 * 2.0 ** np.floor(u * 3.0)) / SAMPLE_RATE_HZ)
    sound *= (u**1.8 * pulse).astype(np.float32)
    return _faded(sound)


def _downlifter(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    n = _samples(stroke.hold_seconds)
    sound = _white(n, dice)
    sweep_band(sound, 9_000.0, 180.0, 1.3, 0.6)
    sound *= np.linspace(1.0, 0.0, n, dtype=np.float32) ** 1.6
    return _faded(sound, 0.005)


def _noise_sweep(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    n = _samples(stroke.hold_seconds)
    half = n // 2
    sound = _white(n, dice)
    sweep_band(sound[:, :half], 350.0, 7_000.0, 1.5, 1.0)
    sweep_band(sound[:, half:], 7_000.0, 350.0, 1.5, 1.0)
    sound *= np.sin(np.linspace(0.0, np.pi, n)).astype(np.float32) ** 2
    return _faded(sound)


def _impact(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    """A low boom and a burst that darkens."""
    n = _samples(max(2.4, stroke.hold_seconds))
    t = np.arange(n) / SAMPLE_RATE_HZ
    burst = _white(n, dice)
    sweep_band(burst, 5_000.0, 120.0, 0.6, 0.25)
    burst *= (1.1 * np.exp(-t * 2.6)).astype(np.float32)
    turns = np.cumsum(38.0 + 70.0 * np.exp(-t / 0.06)) / SAMPLE_RATE_HZ
    burst += (0.8 * np.tanh(1.5 * np.sin(2 * np.pi * turns)) * np.exp(-t * 1.9)).astype(np.float32)
    return _faded(burst, 0.003)


def _vinyl(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    """Surface hiss, and clicks that come as Poisson's do."""
    n = _samples(stroke.hold_seconds)
    hiss = sosfilt(
        butter(1, [300.0, 6_500.0], "band", fs=SAMPLE_RATE_HZ, output="sos"), _white(n, dice), axis=1
    )
    sound = (0.02 * hiss).astype(np.float32)
    clicks = dice.poisson(11.0 * n / SAMPLE_RATE_HZ)
    places = dice.integers(0, max(1, n - 200), clicks)
    sizes = 0.06 * dice.exponential(1.0, clicks).clip(0.0, 4.0)
    sides = dice.uniform(0.25, 0.75, clicks)
    shape = np.exp(-np.arange(120) / 9.0) * np.sin(np.arange(120) * 0.5)
    for place, size, side in zip(places, sizes, sides, strict=True):
        sound[0, place : place + 120] += (size * (1.0 - side) * shape[: n - place]).astype(np.float32)
        sound[1, place : place + 120] += (size * side * shape[: n - place]).astype(np.float32)
    return _faded(sound, 0.5)


def _rain(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    n = _samples(stroke.hold_seconds)
    bed = sosfilt(
        butter(1, [700.0, 7_000.0], "band", fs=SAMPLE_RATE_HZ, output="sos"), _white(n, dice), axis=1
    )
    drops = dice.random((2, n), dtype=np.float32)
    drops = np.where(drops > 0.9985, drops - 0.6, 0.0).astype(np.float32)
    ringing = sosfilt(butter(1, [1_800.0, 5_200.0], "band", fs=SAMPLE_RATE_HZ, output="sos"), drops, axis=1)
    return _faded((0.16 * bed + 0.5 * ringing).astype(np.float32), 1.0)


def _reverse_cymbal(stroke: Stroke, bpm: float, dice: np.random.Generator) -> Stereo:
    """A crash turned round, so that it ends where the note ends."""
    n = _samples(stroke.hold_seconds)
    sound = np.zeros((2, n), np.float32)
    steady = np.array([1.0], np.float32)
    strike = Stroke(0.0, stroke.hold_seconds, Drum.CRASH, 110)
    crash = Performance((strike,), steady, steady, steady, bpm, n)
    play_sampled(sound, SampledPatch((128, 0)), crash, int(dice.integers(2**31)))
    return _faded(np.ascontiguousarray(sound[:, ::-1]), 0.008)


_MAKERS: dict[str, Callable[[Stroke, float, np.random.Generator], Stereo]] = {
    "riser": _riser, "downlifter": _downlifter, "noise_sweep": _noise_sweep, "impact": _impact,
    "vinyl_crackle": _vinyl, "rain": _rain, "reverse_cymbal": _reverse_cymbal,
}  # fmt: skip
