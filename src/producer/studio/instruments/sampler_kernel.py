"""The sound of one sampled voice: SoundFont 2.04 §9.1's synthesis model, compiled.

Loop, pitch, two envelopes, two oscillators and the resonant low-pass are run at their own rate
(:data:`BLOCK` samples); gain is ramped in between, so nothing steps.
"""

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from producer.studio.dsp.kernel import kernel

BLOCK = 32  # samples between two looks at envelopes and oscillators
BEND_BLOCK = 64  # samples a value of a bend curve holds
RATE_HZ = 44_100.0
SILENT_DB = 88.0  # under full scale, where a voice is over
CHOKE_SECONDS = 0.06  # a choked cymbal's way down by 100 dB
CUTOFF_STEP_CENTS = 6.0  # smaller moves of the filter aren't heard, but cost
CONVEX = 40.0 / 96.0  # of the convex curve, whose whole height is 96 dB (§9.5.3)
OPEN_FILTER_CENTS = 13_480.0  # a cutoff up here is no filter at all


class P(IntEnum):
    """Where a voice's numbers stand in its parameter array; seconds, cents, dB and Hz."""

    POSITION = 0
    END = 1
    LOOP_START = 2
    LOOP_END = 3
    LOOP_MODE = 4
    INCREMENT = 5
    GAIN_LEFT = 6
    GAIN_RIGHT = 7
    DELAY = 8
    ATTACK = 9
    HOLD = 10
    DECAY = 11
    SUSTAIN_DB = 12
    RELEASE = 13
    MOD_DELAY = 14
    MOD_ATTACK = 15
    MOD_HOLD = 16
    MOD_DECAY = 17
    MOD_SUSTAIN = 18
    MOD_RELEASE = 19
    MOD_TO_PITCH = 20
    MOD_TO_FILTER = 21
    LFO_DELAY = 22
    LFO_HZ = 23
    LFO_TO_PITCH = 24
    LFO_TO_FILTER = 25
    LFO_TO_VOLUME = 26
    VIBRATO_DELAY = 27
    VIBRATO_HZ = 28
    VIBRATO_TO_PITCH = 29
    CUTOFF_CENTS = 30
    RESONANCE = 31
    SIZE = 32


_POSITION, _END, _LOOP_START, _LOOP_END, _LOOP_MODE, _INCREMENT = range(6)
_LEFT, _RIGHT, _DELAY, _ATTACK, _HOLD, _DECAY, _SUSTAIN, _RELEASE = range(6, 14)
_M_DELAY, _M_ATTACK, _M_HOLD, _M_DECAY, _M_SUSTAIN, _M_RELEASE, _M_PITCH, _M_FILTER = range(14, 22)
_L_DELAY, _L_HZ, _L_PITCH, _L_FILTER, _L_VOLUME, _V_DELAY, _V_HZ, _V_PITCH = range(22, 30)
_CUTOFF, _RESONANCE = 30, 31


@kernel
def _held_db(p: NDArray[np.float64], t: float) -> float:
    """Attenuation in dB of the volume envelope while the key is down."""
    t -= p[_DELAY]
    if t <= 0.0:
        return 200.0
    if t < p[_ATTACK]:  # linear in amplitude
        return -20.0 * math.log10(t / p[_ATTACK])
    t -= p[_ATTACK] + p[_HOLD]
    if t <= 0.0:
        return 0.0
    return float(min(p[_SUSTAIN], 100.0 * t / p[_DECAY]))  # decay runs 100 dB in its time


@kernel
def _volume_db(p: NDArray[np.float64], t: float, hold: float, cut: float) -> float:
    db = _held_db(p, min(t, hold))
    if t > hold:
        db = min(db, 100.0) + 100.0 * (t - hold) / p[_RELEASE]
    if t > cut:
        db += 100.0 * (t - cut) / CHOKE_SECONDS
    return float(db)


@kernel
def _modulation_held(p: NDArray[np.float64], t: float) -> float:
    t -= p[_M_DELAY]
    if t <= 0.0:
        return 0.0
    if t < p[_M_ATTACK]:  # convex: linear in Hz and amplitude, as generator 26 says (§8.1.2)
        return float(max(0.0, 1.0 + CONVEX * math.log10(t / p[_M_ATTACK])))
    t -= p[_M_ATTACK] + p[_M_HOLD]
    if t <= 0.0:
        return 1.0
    return float(max(p[_M_SUSTAIN], 1.0 - t / p[_M_DECAY]))


@kernel
def _modulation(p: NDArray[np.float64], t: float, hold: float) -> float:
    if t <= hold:
        return _modulation_held(p, t)
    return float(max(0.0, _modulation_held(p, hold) - (t - hold) / p[_M_RELEASE]))


@kernel
def _triangle(t: float, hz: float) -> float:
    """A triangle between −1 and 1 that rises from 0 (§9.1.7)."""
    if t <= 0.0:
        return 0.0
    phase = (t * hz + 0.25) % 1.0
    return 4.0 * phase - 1.0 if phase < 0.5 else 3.0 - 4.0 * phase


@kernel
def _read(sample: NDArray[np.int16], position: float, end: int) -> float:
    """A recording between its samples: four-point, third-order Hermite (Niemitalo 2001)."""
    whole = int(position)
    x1 = float(sample[whole])
    x0 = float(sample[whole - 1]) if whole > 0 else 0.0
    x2 = float(sample[whole + 1])
    x3 = float(sample[whole + 2]) if whole + 2 < end else 0.0
    f = position - whole
    c1 = 0.5 * (x2 - x0)
    c2 = x0 - 2.5 * x1 + 2.0 * x2 - 0.5 * x3
    c3 = 0.5 * (x3 - x0) + 1.5 * (x1 - x2)
    return ((c3 * f + c2) * f + c1) * f + x1


@kernel
def _render(
    out: NDArray[np.float32],
    at: int,
    size: int,
    sample: NDArray[np.int16],
    p: NDArray[np.float64],
    state: NDArray[np.float64],
    w: float,
    increment: float,
    target: float,
    looping: bool,
) -> bool:
    """Add one block; `state` is position, the filter's two memories and gain. False when the sample is over.

    `w` is the filter's tan(π f / rate), 0 for none.
    """
    end, span = int(p[_END]), p[_LOOP_END] - p[_LOOP_START]
    k = 1.0 / p[_RESONANCE]
    a1 = 1.0 / (1.0 + w * (w + k))
    a2 = w * a1
    a3 = w * a2
    position, s1, s2, gain = state[0], state[1], state[2], state[3]
    step = (target - gain) / size
    for j in range(size):
        if int(position) + 1 >= end:
            return False
        y = _read(sample, position, end)
        if w > 0.0:  # trapezoidal state-variable low-pass (Simper 2013)
            v3 = y - s2
            v1 = a1 * s1 + a2 * v3
            v2 = s2 + a2 * s1 + a3 * v3
            s1 = 2.0 * v1 - s1
            s2 = 2.0 * v2 - s2
            y = v2
        gain += step
        y *= gain
        out[0, at + j] += y * p[_LEFT]
        out[1, at + j] += y * p[_RIGHT]
        position += increment
        if looping and position >= p[_LOOP_END]:
            position -= span
    state[0], state[1], state[2], state[3] = position, s1, s2, target
    return True


@kernel
def _movement(p: NDArray[np.float64], t: float, hold: float) -> tuple[float, float]:
    """Cents of pitch and of cutoff that the modulation envelope and both oscillators add."""
    envelope = _modulation(p, t, hold)
    lfo = _triangle(t - p[_L_DELAY], p[_L_HZ])
    vibrato = _triangle(t - p[_V_DELAY], p[_V_HZ])
    pitch = envelope * p[_M_PITCH] + lfo * p[_L_PITCH] + vibrato * p[_V_PITCH]
    return pitch, envelope * p[_M_FILTER] + lfo * p[_L_FILTER]


@kernel
def sampler_voice(
    out: NDArray[np.float32],
    start: int,
    hold_seconds: float,
    cut_seconds: float,
    sample: NDArray[np.int16],
    p: NDArray[np.float64],
    bend: NDArray[np.float32],
) -> None:
    """Add one voice to a stereo stem.

    Parameters
    ----------
    out
        float32, shape ``(2, n)``; the voice is added from sample `start` on.
    hold_seconds, cut_seconds
        When the key is let go and when the voice is choked, after its start.
    sample
        int16 recording, mono.
    p
        Numbers by :class:`P`.
    bend
        Pitch ratio, one value for each 64 samples of `out`; a single value holds throughout.
    """
    moving_filter = p[_M_FILTER] != 0.0 or p[_L_FILTER] != 0.0
    moving = moving_filter or p[_M_PITCH] != 0.0 or p[_L_PITCH] != 0.0 or p[_V_PITCH] != 0.0
    filtered = p[_CUTOFF] < OPEN_FILTER_CENTS or moving_filter
    scale = 1.0 / 32768.0
    if filtered:
        scale /= math.sqrt(max(1.0, p[_RESONANCE] / 0.7071))  # §8.1.2: half the resonance is taken back
    quiet_db = -20.0 * math.log10(max(p[_LEFT], p[_RIGHT], 1e-6))
    rising_seconds = p[_DELAY] + p[_ATTACK]
    state = np.array([p[_POSITION], 0.0, 0.0, 0.0 if rising_seconds > 0.0015 else scale])
    pitch_cents = filter_cents = w = 0.0
    set_cents = -1000.0  # cutoff that the filter is set to
    at = start
    while at < out.shape[1]:
        t = (at - start) / RATE_HZ
        size = min(BLOCK, out.shape[1] - at)
        t_end = t + size / RATE_HZ
        db = _volume_db(p, t_end, hold_seconds, cut_seconds)
        if p[_L_VOLUME] != 0.0:
            db -= p[_L_VOLUME] * _triangle(t - p[_L_DELAY], p[_L_HZ])
        if moving:
            pitch_cents, filter_cents = _movement(p, t, hold_seconds)
        if filtered and abs(p[_CUTOFF] + filter_cents - set_cents) > CUTOFF_STEP_CENTS:
            set_cents = p[_CUTOFF] + filter_cents
            hz = 8.176 * 2.0 ** (min(max(set_cents, 1500.0), 13_500.0) / 1200.0)
            w = math.tan(math.pi * min(hz, 20_000.0) / RATE_HZ)
        increment = (
            p[_INCREMENT] * bend[min(at // BEND_BLOCK, bend.shape[0] - 1)] * 2.0 ** (pitch_cents / 1200.0)
        )
        looping = p[_LOOP_MODE] == 1.0 or (p[_LOOP_MODE] == 3.0 and t < hold_seconds)
        target = scale * 10.0 ** (-db / 20.0)
        goes_on = _render(out, at, size, sample, p, state, w, increment, target, looping)
        if not goes_on or (db + quiet_db > SILENT_DB and t_end > rising_seconds):
            break
        at += size
