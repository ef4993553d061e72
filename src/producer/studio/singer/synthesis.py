"""Frames to sound at 44.1 kHz: harmonics on the tune, breath pulsed with them, spoken consonants between.

Harmonic plus noise model: Stylianou 2001, "Applying the harmonic plus noise model in concatenative
speech synthesis"; minimum phase from the cepstrum: Oppenheim & Schafer, "Discrete-Time Signal
Processing", ch. 13. The speech ends at 12 kHz; what lies above is noise that continues its slope.
"""

from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfiltfilt

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.singer.analysis import BIN_HZ, FFT
from producer.studio.singer.phonemes import Kind
from producer.studio.singer.shaping import Shaped
from producer.studio.singer.speech import RATE_HZ, Floats
from producer.studio.singer.timing import FrameMap
from producer.studio.singer.voicing import FRAME_SECONDS

_TOP_HZ = 11_900.0  # highest harmonic
_DISPERSION = 0.6  # spreads the group delay of high harmonics: less buzz
_PULSE = 0.7  # how much breath follows the glottis
_GRAIN_FFT = 512
_GRAIN_BINS_HZ = np.arange(_GRAIN_FFT // 2 + 1) * SAMPLE_RATE_HZ / _GRAIN_FFT
_HOP_SAMPLES = FRAME_SECONDS * SAMPLE_RATE_HZ  # 220.5
_AIR_FROM_HZ, _AIR_DB_PER_OCTAVE = 11_000.0, -14.0
_HUM_BELOW_HZ = 400.0  # unvoiced consonants have nothing there
_FADE_SAMPLES = 353  # 8 ms, for spoken consonants


def synthesise(shaped: Shaped, frames: FrameMap, wave: Floats, rng: np.random.Generator) -> Floats:
    """Sound of a line, shape (n,), 44.1 kHz; sample 0 is ``frames.times[0]``."""
    count = len(frames.times)
    starts = np.round(np.arange(count + 1) * _HOP_SAMPLES).astype(np.int64)
    padded = np.pad(shaped.voiced * 1.0, 2, mode="edge")
    presence = np.convolve(padded, np.ones(3) / 3, "same")[2:-2]
    cosines, sines = _harmonics(
        shaped.log_power,
        _minimum_phase(shaped.log_power),
        shaped.aperiodicity,
        shaped.pitch_hz,
        shaped.gain * presence,
    )
    out, phase = _additive(shaped.pitch_hz, presence > 0, cosines, sines, starts)
    amplitude = np.exp(0.5 * shaped.log_power) * shaped.gain[:, None]
    pulse = (1 + _PULSE * np.cos(phase)) / np.sqrt(1 + _PULSE**2 / 2)
    out += noise(amplitude * shaped.aperiodicity * presence[:, None], starts, rng) * pulse
    spoken = ~shaped.voiced & frames.natural & ~frames.whispered & (frames.source >= 0)
    body = amplitude * (1 - presence)[:, None]
    body[spoken, : int(_AIR_FROM_HZ / BIN_HZ)] = 0.0  # copied from the speech below; only its air is made
    body[frames.kind == Kind.UNVOICED, : int(_HUM_BELOW_HZ / BIN_HZ)] = 0.0
    out += noise(body, starts, rng, air_only=spoken)
    _copy_consonants(out, spoken, frames, shaped.gain, wave, starts)
    return out


def _minimum_phase(log_power: Floats) -> Floats:
    """Phase of the minimum-phase filter with these power envelopes, shape (frames, 513)."""
    cepstrum = np.fft.irfft(0.5 * log_power, FFT, axis=1)
    cepstrum[:, 1 : FFT // 2] *= 2.0
    cepstrum[:, FFT // 2 + 1 :] = 0.0
    phase: Floats = np.fft.rfft(cepstrum, axis=1).imag
    return phase


@njit(cache=True, fastmath=True, nogil=True)
def _harmonics(
    log_power: Floats, phase: Floats, aperiodicity: Floats, pitch_hz: Floats, gain: Floats
) -> tuple[Floats, Floats]:
    """Cosine and sine amplitude of each harmonic in each frame, shape (frames, harmonics)."""
    count = len(pitch_hz)
    lowest = 1e9
    for i in range(count):
        if gain[i] > 0.0:
            lowest = min(lowest, pitch_hz[i])
    most = int(_TOP_HZ / max(lowest, 40.0)) + 1
    cosines, sines = np.zeros((count, most)), np.zeros((count, most))
    for i in range(count):
        if gain[i] <= 0.0:
            continue
        scale = 2.0 * np.sqrt(pitch_hz[i] / RATE_HZ) * gain[i]
        for k in range(min(most, int(_TOP_HZ / pitch_hz[i]))):
            hz = pitch_hz[i] * (k + 1)
            place = hz / BIN_HZ
            left = int(place)
            share = place - left
            power = log_power[i, left] * (1 - share) + log_power[i, left + 1] * share
            noise = aperiodicity[i, left] * (1 - share) + aperiodicity[i, left + 1] * share
            turn = phase[i, left] * (1 - share) + phase[i, left + 1] * share
            turn += _DISPERSION * 3.0 * np.pi * (hz / 12_000.0) ** 2
            amplitude = scale * np.exp(0.5 * power) * np.sqrt(1.0 - noise * noise)
            cosines[i, k] = amplitude * np.cos(turn)
            sines[i, k] = amplitude * np.sin(turn)
    return cosines, sines


@njit(cache=True, fastmath=True, nogil=True)
def _additive(
    pitch_hz: Floats, sounding: NDArray[np.bool_], cosines: Floats, sines: Floats, starts: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Sum of harmonics, and the phase of the fundamental for each sample."""
    count, most = cosines.shape
    total = starts[-1]
    out, phases = np.zeros(total), np.zeros(total)
    phase = 0.0
    for i in range(count):
        following = min(i + 1, count - 1)
        begin, length = starts[i], starts[i + 1] - starts[i]
        base_cos, base_sin = np.empty(length), np.empty(length)
        for s in range(length):
            hz = pitch_hz[i] + (pitch_hz[following] - pitch_hz[i]) * s / length
            phase += 2.0 * np.pi * hz / SAMPLE_RATE_HZ
            phases[begin + s] = phase
            base_cos[s], base_sin[s] = np.cos(phase), np.sin(phase)
        phase %= 2.0 * np.pi
        if not (sounding[i] or sounding[following]):
            continue
        now_cos, now_sin = base_cos.copy(), base_sin.copy()
        for k in range(most):
            c0, s0, c1, s1 = cosines[i, k], sines[i, k], cosines[following, k], sines[following, k]
            if c0 == 0.0 and s0 == 0.0 and c1 == 0.0 and s1 == 0.0:
                if k * pitch_hz[i] > _TOP_HZ and k * pitch_hz[following] > _TOP_HZ:
                    break
            else:
                dc, ds = (c1 - c0) / length, (s1 - s0) / length
                for s in range(length):
                    out[begin + s] += (c0 + dc * s) * now_cos[s] - (s0 + ds * s) * now_sin[s]
            for s in range(length):
                turned = now_cos[s] * base_cos[s] - now_sin[s] * base_sin[s]
                now_sin[s] = now_sin[s] * base_cos[s] + now_cos[s] * base_sin[s]
                now_cos[s] = turned
    return out, phases


def noise(
    magnitude: Floats,
    starts: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    air_only: NDArray[np.bool_] | None = None,
) -> Floats:
    """White noise filtered frame by frame to an amplitude envelope of shape (frames, 513)."""
    active = np.flatnonzero(magnitude.max(axis=1) > 1e-9)
    out = np.zeros(int(starts[-1]) + _GRAIN_FFT)
    if not len(active):
        return out[: starts[-1]]
    shape = _with_air(magnitude[active])
    if air_only is not None:
        shape[air_only[active]] *= _GRAIN_BINS_HZ >= _AIR_FROM_HZ
    real, imaginary = rng.standard_normal((2, *shape.shape))
    # the density per Hz stays that of the 24 kHz analysis
    scale = np.sqrt(_GRAIN_FFT / 2.0 * SAMPLE_RATE_HZ / RATE_HZ)
    length = 2 * int(np.ceil(_HOP_SAMPLES))
    window = np.sqrt(np.hanning(length + 1)[:-1])
    grains = np.fft.irfft((real + 1j * imaginary) * shape, _GRAIN_FFT, axis=1)[:, :length] * (scale * window)
    _overlap(out, grains, starts[active])
    return out[: starts[-1]]


def _with_air(magnitude: Floats) -> Floats:
    """Envelopes on the grain's bins; above the speech they continue its end, falling."""
    place = np.minimum(_GRAIN_BINS_HZ, _AIR_FROM_HZ) / BIN_HZ
    left = np.minimum(place.astype(np.int64), magnitude.shape[1] - 2)
    share = place - left
    shape: Floats = magnitude[:, left] * (1 - share) + magnitude[:, left + 1] * share
    above = _GRAIN_BINS_HZ > _AIR_FROM_HZ
    end = magnitude[:, int(9_500 / BIN_HZ) : int(_AIR_FROM_HZ / BIN_HZ)]
    slope = 10.0 ** (_AIR_DB_PER_OCTAVE / 20.0 * np.log2(_GRAIN_BINS_HZ[above] / _AIR_FROM_HZ))
    shape[:, above] = np.sqrt((end**2).mean(axis=1))[:, None] * slope
    return shape


@njit(cache=True, nogil=True)
def _overlap(out: Floats, grains: Floats, starts: NDArray[np.int64]) -> None:
    for i in range(len(grains)):
        for s in range(grains.shape[1]):
            out[starts[i] + s] += grains[i, s]


def _copy_consonants(
    out: Floats,
    spoken: NDArray[np.bool_],
    frames: FrameMap,
    gain: Floats,
    wave: Floats,
    starts: NDArray[np.int64],
) -> None:
    """Lay unvoiced consonants in as they were spoken, in place."""
    # the voice model hums under consonants at a line's start, at its own pitch
    clean = sosfiltfilt(butter(4, _HUM_BELOW_HZ, "highpass", fs=RATE_HZ, output="sos"), wave)
    speech = resample_poly(clean, SAMPLE_RATE_HZ // 300, RATE_HZ // 300)
    half = _FADE_SAMPLES // 2
    fade = 0.5 - 0.5 * np.cos(np.pi * (np.arange(2 * half) + 0.5) / (2 * half))
    broken = np.abs(np.diff(frames.source, prepend=-1.0) - FRAME_SECONDS) > 0.004
    turns = np.flatnonzero(np.diff(np.concatenate([[0], spoken.astype(np.int8), [0]])))
    for first, last in zip(turns[::2], turns[1::2], strict=True):
        cuts = [first, *(at for at in range(first + 1, last) if broken[at]), last]
        for begin, end in pairwise(cuts):
            at, length = int(starts[begin]), int(starts[end] - starts[begin])
            origin = round(frames.source[begin] * SAMPLE_RATE_HZ)
            piece = speech[max(origin - half, 0) : origin + length + half].copy()
            if len(piece) < length + 2 * half or at < half or at + length + half > len(out):
                continue
            piece[: 2 * half] *= fade
            piece[-2 * half :] *= fade[::-1]
            place = (np.arange(len(piece)) - half) / _HOP_SAMPLES - 0.5
            piece *= np.interp(place, np.arange(end - begin), gain[begin:end])
            out[at - half : at - half + len(piece)] += piece
