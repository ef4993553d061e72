"""The sound of one synthesised voice, compiled: oscillator bank, filter, envelopes; and an FM pair."""

import math
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from producer.studio.dsp.kernel import kernel
from producer.studio.instruments.sampler_kernel import BEND_BLOCK, RATE_HZ

DRIFT = 0.0007  # how far an oscillator of a bank wanders, as a share of its pitch
BLOCK = 32  # samples between two looks at the filter and the slow movements


class T(IntEnum):
    """Where a tone voice's numbers stand in its parameter array."""

    HZ = 0
    GAIN = 1
    SAW = 2
    PULSE = 3
    TRIANGLE = 4
    SINE = 5
    SUB = 6
    NOISE = 7
    PULSE_WIDTH = 8
    VOICES = 9
    DETUNE_CENTS = 10
    WIDTH = 11
    CUTOFF_HZ = 12
    RESONANCE = 13
    POLES = 14
    FILTER_OCTAVES = 15
    FILTER_ATTACK = 16
    FILTER_DECAY = 17
    FILTER_SUSTAIN = 18
    ATTACK = 19
    DECAY = 20
    SUSTAIN = 21
    RELEASE = 22
    LFO_HZ = 23
    LFO_OCTAVES = 24
    VIBRATO_CENTS = 25
    DROP_SEMITONES = 26
    DROP_SECONDS = 27
    GLIDE_FROM_SEMITONES = 28
    GLIDE_SECONDS = 29
    DRIVE = 30
    LFO_PHASE = 31
    SIZE = 32


_HZ, _GAIN, _SAW, _PULSE, _TRIANGLE, _SINE, _SUB, _NOISE, _PW, _VOICES, _DETUNE, _WIDTH = range(12)
_CUTOFF, _RES, _POLES, _F_OCT, _F_ATT, _F_DEC, _F_SUS, _ATT, _DEC, _SUS, _REL = range(12, 23)
_LFO_HZ, _LFO_OCT, _VIB, _DROP, _DROP_S, _GLIDE, _GLIDE_S, _DRIVE, _LFO_PH = range(23, 32)


@kernel
def _blep(t: float, dt: float, inverse: float) -> float:
    """Residual that rounds a jump (Välimäki & Huovilainen 2007, PolyBLEP)."""
    if t < dt:
        t = t * inverse - 1.0
        return -t * t
    if t > 1.0 - dt:
        t = (t - 1.0) * inverse + 1.0
        return t * t
    return 0.0


@kernel
def _sine(turns: float) -> float:
    """sin(2π turns) by a ninth-order series within a quarter turn; off by 4·10⁻⁶ at most."""
    t = turns - 0.25
    w = 2.0 * math.pi * (abs(t - math.floor(t) - 0.5) - 0.25)
    s = w * w
    return w * (1.0 - s / 6.0 * (1.0 - s / 20.0 * (1.0 - s / 42.0 * (1.0 - s / 72.0))))


@kernel
def _adsr(t: float, hold: float, attack: float, decay: float, sustain: float, release: float) -> float:
    """Linear attack, exponential decay and release; value 0–1."""
    at = min(t, hold)
    level = at / attack if at < attack else sustain + (1.0 - sustain) * math.exp(-4.0 * (at - attack) / decay)
    return level * math.exp(-5.0 * (t - hold) / release) if t > hold else level


@kernel
def _place_unison(
    p: NDArray[np.float64], left: NDArray[np.float64], right: NDArray[np.float64], ratio: NDArray[np.float64]
) -> None:
    """Give each oscillator of the bank its gains and its detuning."""
    voices = left.shape[0]
    for v in range(voices):
        x = 0.0 if voices == 1 else 2.0 * v / (voices - 1) - 1.0
        # Detuning that gathers towards the middle, as the JP-8000's (Szabo 2010).
        ratio[v] = 2.0 ** (x * abs(x) ** 0.5 * p[_DETUNE] / 1200.0)
        # Neighbours in pitch sit on opposite sides, and each has its mirror image.
        side = 0.5 + 0.5 * p[_WIDTH] * x * (1.0 if min(v, voices - 1 - v) % 2 == 0 else -1.0)
        left[v] = math.cos(side * math.pi / 2.0) / math.sqrt(voices)
        right[v] = math.sin(side * math.pi / 2.0) / math.sqrt(voices)


@kernel
def _pitch_hz(p: NDArray[np.float64], t: float) -> float:
    """Frequency with vibrato, drop and glide."""
    cents = p[_VIB] * math.sin(2.0 * math.pi * 5.3 * t) * min(1.0, max(0.0, (t - 0.22) / 0.3))
    semitones = p[_DROP] * math.exp(-t / p[_DROP_S]) + p[_GLIDE] * math.exp(-t / p[_GLIDE_S])
    return float(p[_HZ] * 2.0 ** (cents / 1200.0 + semitones / 12.0))


@kernel
def _cutoff(p: NDArray[np.float64], t: float, hold: float, brightness: float) -> float:
    """The filter's frequency as tan(π f / rate), moved by envelope, oscillator and the player."""
    octaves = 6.0 * (brightness - 0.5)
    octaves += p[_F_OCT] * _adsr(t, hold, p[_F_ATT], p[_F_DEC], p[_F_SUS], 3.0)
    octaves += p[_LFO_OCT] * math.sin(2.0 * math.pi * (p[_LFO_HZ] * t + p[_LFO_PH]))
    return math.tan(math.pi * min(19_000.0, max(25.0, p[_CUTOFF] * 2.0**octaves)) / RATE_HZ)


@kernel
def _oscillate(
    block_l: NDArray[np.float64],
    block_r: NDArray[np.float64],
    size: int,
    p: NDArray[np.float64],
    phase: NDArray[np.float64],
    increment: NDArray[np.float64],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
) -> None:
    """Fill a stereo block with the bank's sound and noise."""
    saw, pulse, triangle, sine, width = p[_SAW], p[_PULSE], p[_TRIANGLE], p[_SINE], p[_PW]
    for j in range(size):
        block_l[j] = p[_NOISE] * (2.0 * np.random.random() - 1.0) if p[_NOISE] > 0.0 else 0.0
        block_r[j] = p[_NOISE] * (2.0 * np.random.random() - 1.0) if p[_NOISE] > 0.0 else 0.0
    for v in range(phase.shape[0]):
        x, dt, to_left, to_right = phase[v], increment[v], left[v], right[v]
        inverse = 1.0 / dt
        for j in range(size):
            y = 0.0
            if saw > 0.0:
                y = saw * (2.0 * x - 1.0 - _blep(x, dt, inverse))
            if pulse > 0.0:
                q = x + width
                q -= 1.0 if q >= 1.0 else 0.0
                # two saws make a pulse of mean 0
                y += pulse * (2.0 * (x - q) - _blep(x, dt, inverse) + _blep(q, dt, inverse))
            if triangle > 0.0:
                y += triangle * (4.0 * abs(x - 0.5) - 1.0)
            if sine > 0.0:
                y += sine * _sine(x)
            x += dt
            x -= 1.0 if x >= 1.0 else 0.0
            block_l[j] += y * to_left
            block_r[j] += y * to_right
        phase[v] = x


@kernel
def _low_pass(block: NDArray[np.float64], size: int, state: NDArray[np.float64], w: float, k: float) -> None:
    """Trapezoidal state-variable low-pass (Simper 2013) over a stereo block."""
    a1 = 1.0 / (1.0 + w * (w + k))
    a2 = w * a1
    a3 = w * a2
    for channel in range(2):
        s1, s2 = state[channel, 0], state[channel, 1]
        for j in range(size):
            v3 = block[channel, j] - s2
            v1 = a1 * s1 + a2 * v3
            v2 = s2 + a2 * s1 + a3 * v3
            s1 = 2.0 * v1 - s1
            s2 = 2.0 * v2 - s2
            block[channel, j] = v2
        state[channel, 0], state[channel, 1] = s1, s2


@kernel
def _finish(
    out: NDArray[np.float32],
    at: int,
    size: int,
    block: NDArray[np.float64],
    drive: float,
    gain: float,
    rise: float,
) -> None:
    """Saturate a block and add it to the stem under a gain that rises by `rise` a sample."""
    after = 1.0 / math.tanh(drive)
    for j in range(size):
        gain += rise
        for channel in range(2):
            y = block[channel, j]
            if drive > 1.0:
                y = math.tanh(drive * y) * after
            out[channel, at + j] += y * gain


@kernel
def tone_voice(
    out: NDArray[np.float32],
    start: int,
    hold: float,
    p: NDArray[np.float64],
    bend: NDArray[np.float32],
    brightness: NDArray[np.float32],
    seed: int,
) -> None:
    """Add one voice to a stereo stem.

    Parameters
    ----------
    out
        float32, shape ``(2, n)``.
    hold
        Seconds the key is down.
    p
        Numbers by :class:`T`.
    bend, brightness
        Pitch ratio and filter opening (0.5 neutral), one value for each 64 samples of `out`, or one in all.
    seed
        Of the oscillators' phases and drift.
    """
    np.random.seed(seed)
    voices = int(p[_VOICES])
    phase, drift = np.random.random(voices), np.random.random(voices)
    left, right, ratio, increment = np.empty(voices), np.empty(voices), np.empty(voices), np.empty(voices)
    _place_unison(p, left, right, ratio)
    steep = p[_POLES] >= 3.0
    k = min(1.85, 1.0 / math.sqrt(p[_RES] * 0.7071)) if steep else 1.0 / p[_RES]
    block, first, second = np.zeros((2, BLOCK)), np.zeros((2, 2)), np.zeros((2, 2))
    total = hold + p[_REL] * 1.6
    sub_phase = level = 0.0
    at = start
    while at < out.shape[1] and (at - start) / RATE_HZ <= total:
        t = (at - start) / RATE_HZ
        size = min(BLOCK, out.shape[1] - at)
        hz = _pitch_hz(p, t) * bend[min(at // BEND_BLOCK, bend.shape[0] - 1)]
        for v in range(voices):
            wander = math.sin(2.0 * math.pi * ((0.23 + 0.4 * drift[v]) * t + drift[v])) if voices > 1 else 0.0
            increment[v] = min(0.45, hz * ratio[v] * (1.0 + DRIFT * wander) / RATE_HZ)
        _oscillate(block[0], block[1], size, p, phase, increment, left, right)
        w = _cutoff(p, t, hold, brightness[min(at // BEND_BLOCK, brightness.shape[0] - 1)])
        _low_pass(block, size, first, w, k)
        if steep:
            _low_pass(block, size, second, w, 1.2)
        if p[_SUB] > 0.0:
            for j in range(size):
                y = p[_SUB] * _sine(sub_phase)
                block[0, j] += y
                block[1, j] += y
                sub_phase += 0.5 * hz / RATE_HZ
        end = t + size / RATE_HZ
        target = p[_GAIN] * _adsr(end, hold, p[_ATT], p[_DEC], p[_SUS], p[_REL]) if end <= total else 0.0
        _finish(out, at, size, block, 1.0 + p[_DRIVE], level, (target - level) / size)
        level = target
        at += size


@kernel
def fm_voice(
    out: NDArray[np.float32],
    start: int,
    hold: float,
    hz: float,
    o: NDArray[np.float64],
    attack: float,
    sustain: float,
    release: float,
    bend: NDArray[np.float32],
) -> None:
    """Add one operator pair to a stereo stem (Chowning 1973, "The Synthesis of Complex Audio Spectra").

    Parameters
    ----------
    out
        float32, shape ``(2, n)``.
    o
        ratio, modulator ratio, index, index decay and sustain, gain, decay in seconds, left and right gain.
    """
    n = out.shape[1]
    total = hold + release * 1.6
    carrier = modulator = 0.0
    envelope = 0.0
    i = 0
    at = start
    while at < n:
        t = i / RATE_HZ
        if t > total:
            break
        size = min(BLOCK, n - at)
        ratio = bend[min(at // BEND_BLOCK, bend.shape[0] - 1)]
        carrier_step = hz * o[0] * ratio / RATE_HZ
        modulator_step = hz * o[0] * o[1] * ratio / RATE_HZ
        index = o[2] * (o[4] + (1.0 - o[4]) * math.exp(-t / o[3]))
        index *= min(1.0, max(0.0, (0.45 - carrier_step - modulator_step) / 0.2))  # sidebands below Nyquist
        turns = index / (2.0 * math.pi)
        target = _adsr((i + size) / RATE_HZ, hold, attack, o[6] * 4.0, sustain, release)
        if (i + size) / RATE_HZ > total:
            target = 0.0
        step = (target - envelope) / size
        for j in range(size):
            y = _sine(carrier + turns * _sine(modulator))
            carrier += carrier_step
            modulator += modulator_step
            envelope += step
            out[0, at + j] += y * envelope * o[7]
            out[1, at + j] += y * envelope * o[8]
        carrier -= math.floor(carrier)
        modulator -= math.floor(modulator)
        at += size
        i += size
