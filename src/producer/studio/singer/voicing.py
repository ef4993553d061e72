"""Where speech is voiced, told from the sound itself.

The model writes a pitch under most unvoiced consonants too (in half of its /s/, /h/ and /p/ in every frame),
so its own pitch can't tell; neither the aligner nor the synthesis trusts it.
"""

import numpy as np
from scipy.signal import butter, sosfiltfilt

from producer.studio.singer.speech import PITCH_RATE_HZ, RATE_HZ, Floats, Speech, frame_pitch

FRAME_SECONDS = 0.005
LOWEST_HZ, HIGHEST_HZ = 71.0, 800.0  # what windows of a period can be sized for
_PERIODIC_HZ, _PERIODIC_POINTS = (70.0, 1000.0), 96
_HUM_DB = (-32.0, -20.0)  # against the line's loud frames: a periodic sound fainter than that is no voice


def pitch_of_frames(speech: Speech, count: int) -> Floats:
    """The model's pitch in Hz at the first `count` frames, without holes, shape (count,)."""
    times = np.arange(count) * FRAME_SECONDS
    model_times = (np.arange(len(speech.pitch_hz)) + 0.5) / PITCH_RATE_HZ
    pitch: Floats = np.interp(times, model_times, frame_pitch(speech.pitch_hz))
    return pitch


def periodicity(wave: Floats, pitch_hz: Floats) -> Floats:
    """How alike a period and the next are in the band of the first formant, faint hum aside.

    Normalised cross-correlation as in Talkin 1995, "A robust algorithm for pitch tracking", at the known
    period.

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
    period = RATE_HZ / np.clip(pitch_hz, LOWEST_HZ, HIGHEST_HZ)
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
