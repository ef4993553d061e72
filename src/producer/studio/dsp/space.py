"""Rooms, echoes and width."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.filters import TINY, Band, equalize
from producer.studio.dsp.kernel import kernel

_LINES = 8
_SIZE = 8192  # samples a delay line can hold
#: Mutually prime lengths in samples of a mid-sized room, and of its input's diffusers.
_DELAYS = (1433, 1601, 1867, 2053, 2251, 2399, 2617, 2791)
_DIFFUSERS = (113, 162, 241, 399)
#: Early reflections of a shoebox seen from its middle: seconds at size 1, gain, side.
_EARLY = (
    (0.0043, 0.84, -0.7), (0.0079, 0.70, 0.8), (0.0126, 0.62, -0.3), (0.0171, 0.55, 0.5),
    (0.0223, 0.47, -0.9), (0.0288, 0.41, 0.2), (0.0361, 0.33, 0.9), (0.0447, 0.27, -0.5),
)  # fmt: skip

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Room:
    """A reverberator's knobs."""

    decay_seconds: float = 1.6  #: to −60 dB
    size: float = 1.0  #: of the walls' distances; 0.4 a booth, 2.5 a cathedral
    predelay_seconds: float = 0.015
    damping_hz: float = 5500.0
    low_cut_hz: float = 220.0
    early: float = 0.4  #: gain of the first reflections
    diffusion: float = 0.62


@dataclass(frozen=True, slots=True)
class Echo:
    """A tempo delay's knobs."""

    beats: float = 0.75
    feedback: float = 0.32
    low_cut_hz: float = 300.0
    high_cut_hz: float = 4500.0


@kernel
def _reverberate(
    audio: NDArray[np.float32],
    delays: NDArray[np.int64],
    gains: NDArray[np.float64],
    damping: float,
    diffusers: NDArray[np.int64],
    diffusion: float,
    depth: float,
) -> None:
    """A feedback delay network with a Householder matrix (Jot 1991), its lines gently modulated, in place."""
    n = audio.shape[1]
    mask = _SIZE - 1
    lines = np.zeros((_LINES, _SIZE), np.float32)
    stages = np.zeros((2, diffusers.shape[0], 2048), np.float32)
    low = np.zeros(_LINES)
    value = np.zeros(_LINES)
    shift = np.zeros(_LINES)
    for i in range(n):
        at = i & mask
        if i % 64 == 0:
            for k in range(_LINES):
                shift[k] = depth * (1.0 + math.sin(2.0 * math.pi * (0.31 + 0.07 * k) * i / 44_100.0 + k))
        left, right = audio[0, i] + TINY, audio[1, i] + TINY
        for s in range(diffusers.shape[0]):  # Schroeder all-passes
            back = (i - diffusers[s]) & 2047
            y = stages[0, s, back] - diffusion * left
            stages[0, s, i & 2047] = left + diffusion * y
            left = y
            back = (i - diffusers[s] - 17 * (s + 1)) & 2047
            y = stages[1, s, back] - diffusion * right
            stages[1, s, i & 2047] = right + diffusion * y
            right = y
        total = 0.0
        for k in range(_LINES):
            place = i - delays[k] - shift[k]
            whole = math.floor(place)
            fraction = place - whole
            y = lines[k, whole & mask] * (1.0 - fraction) + lines[k, (whole + 1) & mask] * fraction
            low[k] += damping * (y - low[k])
            value[k] = low[k] * gains[k]
            total += value[k]
        total *= 2.0 / _LINES
        for k in range(_LINES):
            lines[k, at] = value[k] - total + (left if k % 2 == 0 else right)
        audio[0, i] = 0.5 * (value[0] - value[2] + value[4] - value[6])
        audio[1, i] = 0.5 * (value[1] - value[3] + value[5] - value[7])


def reverberate(send: Stereo, room: Room) -> Stereo:
    """What a room gives back of a send (all wet)."""
    n = send.shape[1]
    shift = min(n, int(room.predelay_seconds * SAMPLE_RATE_HZ))
    wet = np.zeros_like(send)
    wet[:, shift:] = send[:, : n - shift]
    early = _early(wet, room) if room.early else None
    delays = np.array([min(_SIZE - 64, int(delay * room.size)) for delay in _DELAYS])
    gains = 10.0 ** (-3.0 * delays / SAMPLE_RATE_HZ / room.decay_seconds)
    damping = 1.0 - math.exp(-2.0 * math.pi * room.damping_hz / SAMPLE_RATE_HZ)
    _reverberate(wet, delays, gains, damping, np.array(_DIFFUSERS), room.diffusion, 6.0)
    if early is not None:
        wet += early
    equalize(wet, (Band("high_pass", room.low_cut_hz),))
    return wet


def _early(delayed: Stereo, room: Room) -> Stereo:
    out = np.zeros_like(delayed)
    n = delayed.shape[1]
    for seconds, gain, side in _EARLY:
        shift = int(seconds * room.size * SAMPLE_RATE_HZ)
        gain *= room.early * 0.5
        if shift < n:
            out[0, shift:] += np.float32(gain * (1.0 - max(0.0, side))) * delayed[0, : n - shift]
            out[1, shift:] += np.float32(gain * (1.0 + min(0.0, side))) * delayed[1, : n - shift]
    return out


@kernel
def _ping_pong(
    audio: NDArray[np.float32], delay: int, feedback: float, low: float, high: float
) -> NDArray[np.float32]:
    """Echoes that change sides; each turn is a little thinner and duller."""
    n = audio.shape[1]
    out = np.zeros_like(audio)
    dull_l = dull_r = thin_l = thin_r = 0.0
    for i in range(delay, n):
        j = i - delay
        mid = 0.5 * (audio[0, j] + audio[1, j]) + TINY
        near = mid + feedback * out[1, j]
        far = feedback * out[0, j] + 0.25 * (audio[1, j] - mid) + TINY
        dull_l += high * (near - dull_l)
        dull_r += high * (far - dull_r)
        thin_l += low * (dull_l - thin_l)
        thin_r += low * (dull_r - thin_r)
        out[0, i] = dull_l - thin_l
        out[1, i] = dull_r - thin_r
    return out


def repeat(send: Stereo, echo: Echo, bpm: float) -> Stereo:
    """Echoes of a send in the song's tempo (all wet)."""
    delay = max(64, int(echo.beats * 60.0 / bpm * SAMPLE_RATE_HZ))
    low = 1.0 - math.exp(-2.0 * math.pi * echo.low_cut_hz / SAMPLE_RATE_HZ)
    high = 1.0 - math.exp(-2.0 * math.pi * echo.high_cut_hz / SAMPLE_RATE_HZ)
    return np.asarray(_ping_pong(send, delay, echo.feedback, low, high))


@kernel
def widen(audio: NDArray[np.float32], width: float, spread: float, corner: float) -> None:
    """Change the stereo image above a corner; below it the sound becomes mono. In place.

    Parameters
    ----------
    width
        Factor on the side signal above the corner.
    spread
        Gain of a side signal made from the middle by a short all-pass chain (Schroeder 1958): it
        cancels in mono, so the mono sum stays what it was.
    corner
        Coefficient of two one-pole high-passes, ``1 − exp(−2π f / rate)``.
    """
    n = audio.shape[1]
    lags = (331, 557, 743)
    ring = np.zeros((3, 1024), np.float32)
    low1 = low2 = 0.0
    for i in range(n):
        mid = 0.5 * (audio[0, i] + audio[1, i])
        side = 0.5 * (audio[0, i] - audio[1, i]) * width
        if spread > 0.0:
            x = mid
            for k in range(3):
                y = ring[k, (i - lags[k]) & 1023] - 0.6 * x
                ring[k, i & 1023] = x + 0.6 * y
                x = y
            side += spread * x
        side += TINY
        low1 += corner * (side - low1)
        side -= low1
        low2 += corner * (side - low2)
        side -= low2
        audio[0, i] = mid + side
        audio[1, i] = mid - side


def corner_of(hz: float) -> float:
    """Coefficient of a one-pole filter at a frequency."""
    return 1.0 - math.exp(-2.0 * math.pi * hz / SAMPLE_RATE_HZ)
