"""Equalisers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.kernel import kernel

CHUNK = 4096  # samples that stay in the processor's cache while all bands pass over them
TINY = 1e-18  # keeps a filter's dying state out of the slow denormal range

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Band:
    """A filter: ``high_pass``, ``low_pass``, ``band_pass``, ``low_shelf``, ``high_shelf`` or ``bell``."""

    kind: str
    hz: float
    gain_db: float = 0.0
    q: float = 0.7071


def equalize(audio: Stereo, bands: Sequence[Band]) -> None:
    """Run audio through the bands in order, in place."""
    if bands:
        run_biquads(audio, np.array([coefficients(band) for band in bands]))


def coefficients(band: Band) -> tuple[float, float, float, float, float]:
    """Normalised b0, b1, b2, a1, a2 (Bristow-Johnson, *Audio EQ Cookbook*).

    Raises
    ------
    ValueError
        The kind is unknown.
    """
    a = 10.0 ** (band.gain_db / 40.0)
    w = 2.0 * math.pi * min(band.hz, 0.47 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    c, alpha = math.cos(w), math.sin(w) / (2.0 * band.q)
    if band.kind == "bell":
        b, d = (1 + alpha * a, -2 * c, 1 - alpha * a), (1 + alpha / a, -2 * c, 1 - alpha / a)
    elif band.kind == "high_pass":
        b, d = ((1 + c) / 2, -(1 + c), (1 + c) / 2), (1 + alpha, -2 * c, 1 - alpha)
    elif band.kind == "low_pass":
        b, d = ((1 - c) / 2, 1 - c, (1 - c) / 2), (1 + alpha, -2 * c, 1 - alpha)
    elif band.kind == "band_pass":  # 0 dB and no phase shift in its middle
        b, d = (alpha, 0.0, -alpha), (1 + alpha, -2 * c, 1 - alpha)
    elif band.kind in ("low_shelf", "high_shelf"):
        s = 1.0 if band.kind == "low_shelf" else -1.0
        root = 2.0 * math.sqrt(a) * alpha
        up, down = a + 1.0, a - 1.0
        b = (a * (up - s * down * c + root), s * 2 * a * (down - s * up * c), a * (up - s * down * c - root))
        d = (up + s * down * c + root, -s * 2 * (down + s * up * c), up + s * down * c - root)
    else:
        raise ValueError(f"no filter is called {band.kind!r}")
    return (b[0] / d[0], b[1] / d[0], b[2] / d[0], d[1] / d[0], d[2] / d[0])


@kernel
def run_biquads(audio: NDArray[np.float32], sections: NDArray[np.float64]) -> None:
    """Second-order sections in transposed direct form II, both channels at once, in place."""
    n = audio.shape[1]
    count = sections.shape[0]
    state = np.zeros((count, 4))
    for chunk in range(0, n, CHUNK):
        stop = min(n, chunk + CHUNK)
        for s in range(count):
            b0, b1, b2, a1, a2 = (
                sections[s, 0],
                sections[s, 1],
                sections[s, 2],
                sections[s, 3],
                sections[s, 4],
            )
            l1, l2, r1, r2 = state[s, 0], state[s, 1], state[s, 2], state[s, 3]
            for i in range(chunk, stop):
                x = audio[0, i] + TINY
                y = b0 * x + l1
                l1 = b1 * x - a1 * y + l2
                l2 = b2 * x - a2 * y
                audio[0, i] = y
                x = audio[1, i] + TINY
                y = b0 * x + r1
                r1 = b1 * x - a1 * y + r2
                r2 = b2 * x - a2 * y
                audio[1, i] = y
            state[s, 0], state[s, 1], state[s, 2], state[s, 3] = l1, l2, r1, r2


@kernel
def moving_low_pass(audio: NDArray[np.float32], brightness: NDArray[np.float32], block: int) -> None:
    """A low-pass whose cutoff follows a 0–1 curve: 0.5 and above leave the sound open, 0 is 250 Hz."""
    n = audio.shape[1]
    state = np.zeros(4)
    a1 = a2 = a3 = 0.0
    for i in range(n):
        if i % block == 0:
            value = brightness[min(i // block, brightness.shape[0] - 1)]
            hz = min(19_000.0, 250.0 * 2.0 ** (12.5 * min(value, 0.5)))
            w = math.tan(math.pi * hz / 44_100.0)
            a1 = 1.0 / (1.0 + w * (w + 1.25))
            a2 = w * a1
            a3 = w * a2
        for channel in range(2):
            at = 2 * channel
            v3 = audio[channel, i] + TINY - state[at + 1]
            v1 = a1 * state[at] + a2 * v3
            v2 = state[at + 1] + a2 * state[at] + a3 * v3
            state[at] = 2.0 * v1 - state[at]
            state[at + 1] = 2.0 * v2 - state[at + 1]
            audio[channel, i] = v2
