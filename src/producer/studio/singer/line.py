"""One line, from syllables on notes to sound."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.singer import aligner
from producer.studio.singer.aligner import Unit
from producer.studio.singer.analysis import Spoken, analyse
from producer.studio.singer.delivery import clipped, speak_plainly, spoken_speed, spoken_tune
from producer.studio.singer.melody import Manner, sing_tune
from producer.studio.singer.phonemes import Kind, SungSyllable, kind_of, line_tokens
from producer.studio.singer.shaping import Colour, shape
from producer.studio.singer.speech import Floats, VoiceModel
from producer.studio.singer.synthesis import synthesise
from producer.studio.singer.timing import frame_map, plan
from producer.studio.singer.voicing import FRAME_SECONDS


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


def speak_line(
    syllables: Sequence[SungSyllable], model: VoiceModel, voice: str, *, room_seconds: float
) -> SungAudio:
    """Speak the words naturally from the first note on, faster when the room is tight."""
    reading = read(syllables, model, voice, 1.0)
    natural = reading.units[-1].start - reading.units[0].end
    speed = spoken_speed(natural, room_seconds, 1.0)
    if abs(speed - 1.0) > 0.05:
        reading = read(syllables, model, voice, speed)
    first_vowel = next(unit.start for unit in reading.units if kind_of(unit.name) == Kind.VOWEL)
    start, samples = speak_plainly(reading.spoken, first_vowel, syllables)
    times: Floats = start + np.arange(reading.spoken.frames, dtype=np.float64) * FRAME_SECONDS
    level = reading.spoken.level_db
    loud = level > np.percentile(level, 95) - 20.0
    pitch = reading.spoken.pitch_hz * (reading.spoken.voicing > 0.5)
    return SungAudio(start, samples.astype(np.float32), times, pitch, loud)
