"""Lines that are not sung: spoken freely, or rapped on the notes' rhythm."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.signal import resample_poly

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.singer.analysis import Spoken
from producer.studio.singer.melody import Tune
from producer.studio.singer.phonemes import Kind, SungSyllable
from producer.studio.singer.speech import RATE_HZ, Floats
from producer.studio.singer.timing import FrameMap, Segment
from producer.studio.singer.voicing import FRAME_SECONDS

_RAP_STRETCH = 1.5  # a rapped syllable lasts this much longer than a spoken one, at most
_RAP_INTONATION = 1.2  # factor on the pitch movement of speech


def spoken_tune(tune: Tune, frames: FrameMap, spoken: Spoken) -> Tune:
    """Pitch of the speech itself, a little livelier, in place of the notes."""
    at = frames.source / FRAME_SECONDS
    natural = 69.0 + 12.0 * np.log2(spoken.pitch_hz / 440.0)
    sounding = frames.source >= 0
    curve = np.interp(
        np.arange(len(at)),
        np.flatnonzero(sounding),
        np.interp(at[sounding], np.arange(spoken.frames), natural),
    )
    window = np.hanning(11)[1:-1] / np.hanning(11).sum()
    curve = np.convolve(np.pad(curve, 4, mode="edge"), window, "valid")
    middle = float(np.median(curve[sounding]))
    lively = middle + _RAP_INTONATION * (curve - middle)
    return replace(tune, notes=lively, intended=lively, sung=lively, swell=np.zeros_like(lively))


def clipped(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Vowels of rapped syllables end soon after they would in speech; what follows them moves along."""
    out: list[Segment] = []
    moved = 0.0
    for index, segment in enumerate(segments):
        if index and segment.syllable != segments[index - 1].syllable:
            moved = 0.0
        start, end = segment.start - moved, segment.end - moved
        longest = _RAP_STRETCH * (segment.source_end - segment.source_start) + 0.03
        if segment.kind == Kind.VOWEL and end - start > longest:
            moved += end - start - longest
            end = start + longest
        out.append(replace(segment, start=start, end=end))
    return tuple(out)


def spoken_speed(spoken_seconds: float, room_seconds: float, speed: float) -> float:
    """Speaking speed that makes the words fit the room, between natural and hasty."""
    return float(np.clip(speed * spoken_seconds / max(room_seconds, 0.3), 0.85, 1.5))


def speak_plainly(
    spoken: Spoken, first_vowel: float, syllables: Sequence[SungSyllable]
) -> tuple[float, Floats]:
    """The speech as it is at 44.1 kHz, and when it starts so that its first vowel is on the first note."""
    samples: Floats = resample_poly(spoken.wave, SAMPLE_RATE_HZ // 300, RATE_HZ // 300)
    edge = min(len(samples) // 2, 441)
    samples[:edge] *= np.linspace(0, 1, edge)
    samples[-edge:] *= np.linspace(1, 0, edge)
    return syllables[0].notes[0].start - first_vowel, samples
