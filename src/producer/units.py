"""All unit conversions of the house, and nothing else.

Names carry units everywhere: ``_beats _bars _seconds _samples _db _lufs _hz _cents _bytes``.
Pitch is a MIDI note number (A4 = 69 = 440 Hz); fractions are allowed.
"""

import math

A4_HZ = 440.0  # ISO 16
A4_MIDI = 69


def midi_to_hz(pitch: float) -> float:
    """Frequency in Hz of a MIDI pitch in twelve-tone equal temperament.

    >>> midi_to_hz(69)
    440.0
    """
    return float(A4_HZ * 2.0 ** ((pitch - A4_MIDI) / 12.0))


def hz_to_midi(frequency_hz: float) -> float:
    """MIDI pitch of a frequency above 0 Hz.

    >>> round(hz_to_midi(261.6256), 3)
    60.0
    """
    return A4_MIDI + 12.0 * math.log2(frequency_hz / A4_HZ)


def beats_to_seconds(beats: float, bpm: float) -> float:
    """Length in seconds of `beats` quarter notes at a constant tempo.

    >>> beats_to_seconds(4, 120)
    2.0
    """
    return beats * 60.0 / bpm


def seconds_to_beats(seconds: float, bpm: float) -> float:
    """Quarter notes that fit in `seconds` at a constant tempo.

    >>> seconds_to_beats(2.0, 120)
    4.0
    """
    return seconds * bpm / 60.0


def db_to_gain(level_db: float) -> float:
    """Amplitude factor of a level in dB.

    >>> round(db_to_gain(-6.0206), 4)
    0.5
    """
    return float(10.0 ** (level_db / 20.0))


def gain_to_db(gain: float, floor_db: float = -120.0) -> float:
    """Level in dB of an amplitude factor ≥ 0, never below `floor_db`.

    >>> round(gain_to_db(0.5), 2)
    -6.02
    """
    return max(floor_db, 20.0 * math.log10(gain)) if gain > 0.0 else floor_db


def cents_to_ratio(cents: float) -> float:
    """Frequency ratio of an interval in cents (1200 = an octave).

    >>> cents_to_ratio(1200)
    2.0
    """
    return float(2.0 ** (cents / 1200.0))


def seconds_to_samples(seconds: float, sample_rate_hz: int) -> int:
    """Nearest whole number of samples.

    >>> seconds_to_samples(0.5, 44100)
    22050
    """
    return round(seconds * sample_rate_hz)
