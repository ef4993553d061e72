"""The tune as a voice sings it: glides, scoops, vibrato and the small errors of a living larynx.

Vibrato of 5–7 Hz that sets in late: Sundberg 1987, ch. 8; Prame 1994, "Measurements of the vibrato
rate of ten singers" (mean 6 Hz; recordings of light voices are narrower than opera's ±70 cents).
Portamento mostly before the beat: Saitou et al. 2005, "Development of an F0 control model".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from producer.studio.singer.phonemes import SungNote
from producer.studio.singer.speech import Floats
from producer.studio.singer.timing import LEGATO_SECONDS


@dataclass(frozen=True, slots=True)
class Manner:
    """How a singer treats the notes; cents and seconds."""

    glide_seconds: float = 0.09
    scoop_cents: float = 110.0
    vibrato_hz: float = 5.6
    vibrato_cents: float = 38.0
    vibrato_after_seconds: float = 0.35
    drift_cents: float = 6.0
    jitter_cents: float = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Tune:
    """Pitch in every frame; MIDI numbers, shape (frames,)."""

    notes: Floats  #: the written note, NaN between notes
    intended: Floats  #: what the singer aims at, without gaps
    sung: Floats  #: with jitter
    swell: Floats  #: vibrato's −1 … 1, which the loudness follows


def sing_tune(notes: Sequence[SungNote], times: Floats, manner: Manner, rng: np.random.Generator) -> Tune:
    """Draw the pitch curve of a line."""
    written = np.full(len(times), np.nan)
    for note in notes:
        written[(times >= note.start) & (times < note.end)] = note.pitch
    curve = _glides(notes, times, manner)
    swell = np.zeros(len(times))
    bend = np.zeros(len(times))
    for index, note in enumerate(notes):
        before = notes[index - 1].end if index else -np.inf
        if note.end - note.start > 0.45:
            wave = _vibrato(note, times, manner, rng)
            swell += wave
            bend += manner.vibrato_cents * wave
        if note.start - before > LEGATO_SECONDS:
            near = (times > note.start - 0.3) & (times < note.start + 0.12)
            rise = np.clip(1 - (times[near] - (note.start - 0.03)) / 0.14, 0, 1) ** 1.5
            bend[near] -= min(manner.scoop_cents, 600.0 * (note.end - note.start)) * rise
    drift = _smooth_noise(len(times), 40, rng) * manner.drift_cents * 0.6
    jitter = _smooth_noise(len(times), 5, rng) * manner.jitter_cents
    jitter -= np.convolve(jitter, np.ones(21) / 21, "same")[: len(jitter)]
    intended = curve + (bend + drift) / 100.0
    return Tune(written, intended, intended + jitter / 100.0, swell)


def _glides(notes: Sequence[SungNote], times: Floats, manner: Manner) -> Floats:
    """The notes joined: cosine glides within a phrase, silent jumps between phrases."""
    curve = np.full(len(times), notes[0].pitch)
    for before, note in pairwise(notes):
        if note.start - before.end >= LEGATO_SECONDS:
            curve[times >= before.end + 0.06] = note.pitch
            continue
        width = min(manner.glide_seconds, 0.35 * (before.end - before.start), 0.35 * (note.end - note.start))
        begin = note.start - 0.7 * width
        share = np.clip((times - begin) / (1.2 * width), 0, 1)
        moved = before.pitch + (note.pitch - before.pitch) * (0.5 - 0.5 * np.cos(np.pi * share))
        curve = np.where(times > begin, moved, curve)
    return curve


def _vibrato(note: SungNote, times: Floats, manner: Manner, rng: np.random.Generator) -> Floats:
    rate = manner.vibrato_hz * (1.0 + 0.04 * np.clip(rng.standard_normal(), -2.0, 2.0))  # no two alike
    onset = note.start + min(manner.vibrato_after_seconds, 0.45 * (note.end - note.start))
    since = np.maximum(times - onset, 0.0)
    fade = np.clip(since / 0.35, 0, 1) * np.clip((note.end - 0.03 - times) / 0.12, 0, 1)
    # the rate itself sways by a few percent
    turns = rate * (since + 0.04 / (2 * np.pi * 0.7) * (1 - np.cos(2 * np.pi * 0.7 * since)))
    wave: Floats = fade * np.sin(2 * np.pi * turns)
    return wave


def _smooth_noise(count: int, width: int, rng: np.random.Generator) -> Floats:
    """Unit noise, low-passed over `width` frames."""
    window = np.hanning(width + 2)[1:-1]
    noise = np.convolve(rng.standard_normal(count + width), window / np.sqrt((window**2).sum()), "same")
    return noise[:count]
