"""Speech taken apart: how each 5 ms sounds, apart from its pitch.

WORLD's spectral envelope (CheapTrick: Morise 2015, "CheapTrick, a spectral envelope estimator for
high-quality speech synthesis") and aperiodicity (D4C: Morise 2016) at the model's exact pitch; with
an estimated pitch vowels would drop out.
"""

from dataclasses import dataclass

import numpy as np
import pyworld

from producer.studio.singer.speech import RATE_HZ, Floats, Speech
from producer.studio.singer.voicing import (
    FRAME_SECONDS,
    HIGHEST_HZ,
    LOWEST_HZ,
    periodicity,
    pitch_of_frames,
)

FFT = 1024
BINS = FFT // 2 + 1
BIN_HZ = RATE_HZ / FFT
_Q1 = -0.15  # CheapTrick's compensation, its author's value
_SPEECH_BINS = slice(4, 350)  # 94 Hz … 8.2 kHz: where the level is measured


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A spoken line, frame by frame."""

    wave: Floats  #: shape (n,), 24 kHz
    log_power: Floats  #: natural log of the power envelope, shape (frames, 513)
    aperiodicity: Floats  #: 0 pure tone … 1 pure noise, amplitude, shape (frames, 513)
    voicing: Floats  #: how periodic the sound is, 0–1, shape (frames,)
    level_db: Floats  #: shape (frames,)
    pitch_hz: Floats  #: without holes, shape (frames,)

    @property
    def frames(self) -> int:
        """Number of 5 ms frames."""
        return len(self.level_db)


def band_level_db(log_power: Floats) -> Floats:
    """Level of each frame of an envelope in dB, 94 Hz … 8.2 kHz."""
    level: Floats = 10.0 * np.log10(np.exp(log_power[:, _SPEECH_BINS]).sum(axis=1) + 1e-12)
    return level


def analyse(speech: Speech) -> Spoken:
    """Take speech apart at the model's own pitch."""
    count = len(speech.wave) // round(FRAME_SECONDS * RATE_HZ)
    times = np.arange(count) * FRAME_SECONDS
    pitch = pitch_of_frames(speech, count)
    voicing = periodicity(speech.wave, pitch)
    safe = np.clip(pitch, LOWEST_HZ, HIGHEST_HZ)
    power = pyworld.cheaptrick(speech.wave, safe, times, RATE_HZ, q1=_Q1, fft_size=FFT)
    aperiodicity = pyworld.d4c(speech.wave, safe, times, RATE_HZ, threshold=0.0, fft_size=FFT)
    log_power = np.log(power + 1e-16)
    return Spoken(speech.wave, log_power, aperiodicity, voicing, band_level_db(log_power), pitch)
