"""Loudness as ITU-R BS.1770-5 and EBU R 128 measure it."""

import math

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.filters import TINY, Band, coefficients
from producer.studio.dsp.kernel import kernel

HOP = SAMPLE_RATE_HZ // 10
#: K weighting's two filters at 44.1 kHz (BS.1770-5 annex 1, as re-derived by Brecht De Man 2014).
K_BANDS = (Band("high_shelf", 1500.0, 4.0, 1.0 / math.sqrt(2.0)), Band("high_pass", 38.0, 0.0, 0.5))
SILENCE_LUFS = -120.0


@kernel
def _hop_powers(audio: NDArray[np.float32], sections: NDArray[np.float64]) -> NDArray[np.float64]:
    n = audio.shape[1]
    hops = n // HOP
    powers = np.zeros(hops)
    for channel in range(2):
        s11 = s12 = s21 = s22 = 0.0
        for hop in range(hops):
            total = 0.0
            for i in range(hop * HOP, (hop + 1) * HOP):
                x = audio[channel, i] + TINY
                y = sections[0, 0] * x + s11
                s11 = sections[0, 1] * x - sections[0, 3] * y + s12
                s12 = sections[0, 2] * x - sections[0, 4] * y
                z = sections[1, 0] * y + s21
                s21 = sections[1, 1] * y - sections[1, 3] * z + s22
                s22 = sections[1, 2] * y - sections[1, 4] * z
                total += z * z
            powers[hop] += total / HOP
    return powers


def block_powers(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """K-weighted power of 400 ms blocks, one each 100 ms, channels summed."""
    hops = _hop_powers(audio, np.array([coefficients(band) for band in K_BANDS]))
    if hops.shape[0] < 4:
        return np.array([hops.mean() if hops.shape[0] else 0.0])
    return np.asarray((hops[:-3] + hops[1:-2] + hops[2:-1] + hops[3:]) / 4.0)


def integrated_lufs(audio: NDArray[np.float32]) -> float:
    """Gated loudness of a whole recording in LUFS; −120 for silence."""
    return gated_lufs(block_powers(audio))


def gated_lufs(powers: NDArray[np.float64]) -> float:
    """Integrated loudness of block powers with the −70 LUFS and the −10 LU gate (BS.1770-5 annex 1)."""
    loud = powers[powers > _power(-70.0)]
    if not loud.size:
        return SILENCE_LUFS
    loud = loud[loud > loud.mean() * 0.1]
    return _lufs(float(loud.mean()))


def mean_lufs(powers: NDArray[np.float64]) -> float:
    """Loudness of block powers without any gate; −120 for silence."""
    mean = float(powers.mean()) if powers.size else 0.0
    return max(SILENCE_LUFS, _lufs(mean)) if mean > 0.0 else SILENCE_LUFS


def playing_lufs(powers: NDArray[np.float64]) -> float:
    """Loudness of a part while it plays: the median of its blocks within 20 LU of the loudest."""
    top = float(powers.max()) if powers.size else 0.0
    if top <= _power(-90.0):
        return SILENCE_LUFS
    return _lufs(float(np.median(powers[powers > top * 0.01])))


def _lufs(power: float) -> float:
    return -0.691 + 10.0 * math.log10(power)


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))
