"""Speech taken apart: how each 5 ms sounds, apart from its pitch.

WORLD's spectral envelope (CheapTrick: Morise 2015, "CheapTrick, a spectral envelope estimator for
high-quality speech synthesis") and aperiodicity (D4C: Morise 2016) at the model's exact pitch; with
an estimated pitch vowels would drop out.
"""

from dataclasses import dataclass

import numpy as np
import pyworld
from scipy.signal import butter, sosfiltfilt

from producer.studio.singer.aligner import FRAME_SECONDS
from producer.studio.singer.speech import PITCH_RATE_HZ, RATE_HZ, Floats, Speech, frame_pitch

FFT = 1024
BINS = FFT // 2 + 1
BIN_HZ = RATE_HZ / FFT
_Q1 = -0.15  # CheapTrick's compensation, its author's value
_SPEECH_BINS = slice(4, 350)  # 94 Hz … 8.2 kHz: where the level is measured
_PERIODIC_HZ, _PERIODIC_POINTS = (70.0, 1000.0), 96
_HUM_DB = (-32.0, -20.0)  # against the line's loud frames: a periodic sound fainter than that is no voice
_LOWEST_HZ, _HIGHEST_HZ = 71.0, 800.0  # what the envelope's window can be sized for


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
    model_times = (np.arange(len(speech.pitch_hz)) + 0.5) / PITCH_RATE_HZ
    pitch = np.interp(times, model_times, frame_pitch(speech.pitch_hz))
    voicing = periodicity(speech.wave, pitch)
    safe = np.clip(pitch, _LOWEST_HZ, _HIGHEST_HZ)
    power = pyworld.cheaptrick(speech.wave, safe, times, RATE_HZ, q1=_Q1, fft_size=FFT)
    aperiodicity = pyworld.d4c(speech.wave, safe, times, RATE_HZ, threshold=0.0, fft_size=FFT)
    log_power = np.log(power + 1e-16)
    return Spoken(speech.wave, log_power, aperiodicity, voicing, band_level_db(log_power), pitch)


def periodicity(wave: Floats, pitch_hz: Floats) -> Floats:
    """How alike a period and the next are in the band of the first formant, faint hum aside.

    The model writes a pitch under most unvoiced consonants too (in half of its /s/, /h/ and /p/ in every
    frame), so only the sound itself can tell. Normalised cross-correlation as in Talkin 1995, "A robust
    algorithm for pitch tracking", at the known period.

    Parameters
    ----------
    wave
        Speech at 24 kHz.
    pitch_hz
        Of every 5 ms frame, without holes.

    Returns
    -------
    ndarray
        0–1, shape (frames,).
    """
    low = sosfiltfilt(butter(2, _PERIODIC_HZ, "bandpass", fs=RATE_HZ, output="sos"), wave)
    period = RATE_HZ / np.clip(pitch_hz, _LOWEST_HZ, _HIGHEST_HZ)
    centre = np.arange(len(pitch_hz)) * FRAME_SECONDS * RATE_HZ
    at = centre[:, None] + period[:, None] * np.linspace(-1.0, 1.0, _PERIODIC_POINTS)
    clock = np.arange(len(low))
    first, second = (
        np.interp(at + shift * period[:, None], clock, low, left=0.0, right=0.0) for shift in (-0.5, 0.5)
    )
    power = (first**2).sum(axis=1), (second**2).sum(axis=1)
    alike = (first * second).sum(axis=1) / np.sqrt(power[0] * power[1] + 1e-12)
    level_db = 10.0 * np.log10(power[0] + power[1] + 1e-12)
    heard = np.interp(level_db - np.percentile(level_db, 95), _HUM_DB, (0.0, 1.0))
    voicing: Floats = np.clip(alike, 0.0, 1.0) * heard
    return voicing
