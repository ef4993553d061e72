"""Long-term spectra in thirds of an octave, and the filter that turns one into another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from producer.studio.audio import SAMPLE_RATE_HZ

FRAME = 8192
#: Centres of the thirds of an octave from 25 Hz to 16 kHz (IEC 61260-1, base ten).
THIRDS_HZ = np.round(1000.0 * 10.0 ** (np.arange(-16, 13) / 10.0), 1)
MATCH_FROM_HZ, MATCH_TO_HZ = 40.0, 15_000.0
EMPTY_DB = (14.0, 30.0)  # a band so far below its target holds less and less music that could be raised
TAPS = 4097

Stereo = NDArray[np.float32]


def third_octaves_db(audio: Stereo) -> NDArray[np.float64]:
    """Power of each third of an octave in dB, over the frames that are not quiet.

    Returns
    -------
    ndarray
        Shape of :data:`THIRDS_HZ`; only differences mean something.
    """
    power = _mean_power(audio)
    hz = np.fft.rfftfreq(FRAME, 1.0 / SAMPLE_RATE_HZ)
    edges = THIRDS_HZ[:, None] * 10.0 ** (np.array([-0.05, 0.05])[None, :])
    # A bin counts by the share of it that lies within the band, so that narrow bands don't jump.
    step = hz[1]
    share = np.clip(
        np.minimum(hz + step / 2, edges[:, 1:]) - np.maximum(hz - step / 2, edges[:, :1]), 0.0, step
    )
    return np.asarray(10.0 * np.log10(share @ power / step + 1e-15))


def _mean_power(audio: Stereo) -> NDArray[np.float64]:
    n = audio.shape[1]
    window = np.hanning(FRAME).astype(np.float32)
    starts = np.arange(0, max(1, n - FRAME + 1), FRAME)
    powers = np.zeros((len(starts), FRAME // 2 + 1))
    for i, start in enumerate(starts):
        frame = np.zeros((2, FRAME), np.float32)
        piece = audio[:, start : start + FRAME]
        frame[:, : piece.shape[1]] = piece
        powers[i] = (np.abs(np.fft.rfft(frame * window, axis=1)) ** 2).sum(axis=0)
    total = powers.sum(axis=1)
    return np.asarray(powers[total >= total.mean() * 0.05].mean(axis=0))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a matching filter may go."""

    boost_db: float
    cut_db: float
    smoothing: int  #: times a third of an octave is averaged with its neighbours
    share: float = 1.0  #: of what is lacking


MASTERING = Reach(boost_db=7.0, cut_db=9.0, smoothing=1)
MIXING = Reach(boost_db=4.0, cut_db=4.0, smoothing=3, share=0.8)


def matching_filter(
    audio: Stereo, target_db: Callable[[float], float], reach: Reach = MASTERING
) -> NDArray[np.float32]:
    """Linear-phase filter that brings a recording's long-term spectrum to a target.

    Within its reach, and nothing where there is nothing to raise (cf. Ma, Reiss & Black 2013, AES 134,
    "Implementation of an intelligent equalization tool using Yule-Walker").

    Returns
    -------
    ndarray
        float32, odd length, symmetrical.
    """
    target = np.array([target_db(float(hz)) for hz in THIRDS_HZ])
    gains_db = _gains_db(target - third_octaves_db(audio), reach)
    used = (THIRDS_HZ >= MATCH_FROM_HZ) & (THIRDS_HZ <= MATCH_TO_HZ)
    hz = np.fft.rfftfreq(TAPS - 1, 1.0 / SAMPLE_RATE_HZ)
    gains = np.interp(np.log(np.maximum(hz, 10.0)), np.log(THIRDS_HZ[used]), gains_db[used])
    response = np.fft.irfft(10.0 ** (gains / 20.0))
    kernel = np.roll(response, (TAPS - 1) // 2)
    kernel = np.append(kernel, kernel[0]) * np.hanning(TAPS)
    return np.asarray(kernel, np.float32)


def run_kernel(audio: Stereo, kernel: NDArray[np.float32]) -> None:
    """Run audio through a symmetrical filter of odd length without delay, in place."""
    half, n = kernel.shape[0] // 2, audio.shape[1]
    for channel in range(audio.shape[0]):
        audio[channel] = oaconvolve(audio[channel], kernel)[half : half + n]


def _gains_db(lack: NDArray[np.float64], reach: Reach) -> NDArray[np.float64]:
    """Gain of each third of an octave for what it lacks."""
    middle = (THIRDS_HZ >= 100.0) & (THIRDS_HZ <= 8000.0)
    lack = lack - np.median(lack[middle])
    worth = np.interp(lack, EMPTY_DB, (1.0, 0.0))
    wanted = np.clip(lack, -reach.cut_db, reach.boost_db) * worth * reach.share
    smooth = _smoothed(wanted, reach.smoothing)
    # What smoothing took from a single third is asked for once more (van Cittert 1931).
    return np.clip(_smoothed(2.0 * wanted - smooth, reach.smoothing), -reach.cut_db, reach.boost_db)


def _smoothed(levels: NDArray[np.float64], times: int) -> NDArray[np.float64]:
    for _ in range(times):
        padded = np.concatenate([levels[:1], levels, levels[-1:]])
        levels = 0.2 * padded[:-2] + 0.6 * padded[1:-1] + 0.2 * padded[2:]
    return levels
