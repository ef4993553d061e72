"""One line, from syllables on notes to sound."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.singer import aligner
from producer.studio.singer.aligner import Unit
from producer.studio.singer.analysis import Spoken, analyse
from producer.studio.singer.delivery import (
    clipped,
    in_rhythm,
    speaking_speed,
    spoken_in_rhythm,
    spoken_tune,
)
from producer.studio.singer.melody import Manner, sing_tune
from producer.studio.singer.phonemes import Kind, SungSyllable, line_tokens
from producer.studio.singer.shaping import Colour, shape
from producer.studio.singer.speech import Floats, VoiceModel
from producer.studio.singer.synthesis import synthesise
from producer.studio.singer.timing import VOICED_FROM, frame_map, plan
from producer.studio.singer.voicing import FRAME_SECONDS

_SAME_SPEED = 0.05  # a difference in pace that is not worth another reading


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A line as the model speaks it, taken apart and aligned; serves every tune on these words."""

    spoken: Spoken
    units: tuple[Unit, ...]
    owners: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class SungAudio:
    """A line sung, with the curves that say how."""

    start_seconds: float
    samples: NDArray[np.float32]  #: shape (n,), 44.1 kHz
    times: Floats  #: of the frames, seconds of the song
    pitch_hz: Floats  #: intended, 0 where unvoiced
    held: NDArray[np.bool_]  #: in the steady part of a vowel


def read(syllables: Sequence[SungSyllable], model: VoiceModel, voice: str, speed: float = 0.8) -> Reading:
    """Have the model speak the words."""
    tokens, owners = line_tokens(syllables, voice)
    speech = model.speak(tokens, voice, speed=speed)
    return Reading(analyse(speech), aligner.align(speech, aligner.trained()), owners)


def sing_line(
    reading: Reading,
    syllables: Sequence[SungSyllable],
    *,
    manner: Manner,
    colour: Colour,
    rng: np.random.Generator,
    rapped: bool = False,
) -> SungAudio:
    """Sing what was read on the syllables' notes; `rapped` keeps their rhythm but speech's own pitch."""
    spoken = reading.spoken
    segments = plan(syllables, reading.units, reading.owners, spoken)
    frames = frame_map(clipped(segments) if rapped else segments, spoken, rng)
    tune = sing_tune([note for s in syllables for note in s.notes], frames.times, manner, rng)
    if rapped:
        tune = spoken_tune(tune, frames, spoken)
    shaped = shape(spoken, frames, tune, syllables, colour, rng)
    samples = synthesise(shaped, frames, spoken.wave, rng)
    intended = np.where(shaped.voiced, 440.0 * 2.0 ** ((tune.intended - 69.0) / 12.0), 0.0)
    return SungAudio(float(frames.times[0]), samples.astype(np.float32), frames.times, intended, frames.held)


def speak_line(syllables: Sequence[SungSyllable], model: VoiceModel, voice: str) -> SungAudio:
    """Speak the words at their own pitch, every syllable's vowel on its note."""
    reading = read(syllables, model, voice, 1.0)
    segments = plan(syllables, reading.units, reading.owners, reading.spoken)
    said = np.array([segment.source_start for segment in segments if segment.kind == Kind.VOWEL])
    speed = speaking_speed(said, syllables)
    if abs(speed - 1.0) > _SAME_SPEED:
        reading = read(syllables, model, voice, speed)
        segments = plan(syllables, reading.units, reading.owners, reading.spoken)
    stretches = in_rhythm(segments, syllables)
    start, samples = spoken_in_rhythm(reading.spoken.wave, stretches)
    count = round(len(samples) / SAMPLE_RATE_HZ / FRAME_SECONDS)
    times: Floats = start + np.arange(count, dtype=np.float64) * FRAME_SECONDS
    sung_at = np.concatenate([stretch.target for stretch in stretches])
    said_at = np.concatenate([stretch.source for stretch in stretches])
    frame = np.interp(times, sung_at, said_at) / FRAME_SECONDS
    spoken = reading.spoken
    level, pitch, voicing = (
        np.interp(frame, np.arange(spoken.frames), curve)
        for curve in (spoken.level_db, spoken.pitch_hz, spoken.voicing)
    )
    loud = level > np.percentile(level, 95) - 20.0
    return SungAudio(start, samples.astype(np.float32), times, pitch * (voicing > VOICED_FROM), loud)
