"""Lines that are not sung: spoken with their words on time, or rapped on the notes' rhythm."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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
_SPEEDS = (0.75, 1.5)  # of the voice model, for spoken lines
_SHORTEST_PAUSE_SECONDS = 0.03
_LEAD_SECONDS, _TAIL_SECONDS = 0.03, 0.12  # of speech kept before the first sound and behind the last
_WINDOW, _HOP, _SEARCH = 720, 360, 190  # 30 ms, half of it, and ± 8 ms at 24 kHz
_SAME = 24  # 1 ms: so near to its natural place, speech goes on as it was
_FADE = 144  # 6 ms


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


def speaking_speed(said: Floats, syllables: Sequence[SungSyllable]) -> float:
    """Speed at which words spoken at speed 1 would have about the length of their notes.

    Parameters
    ----------
    said
        Onset of each syllable's vowel in the speech, seconds.
    syllables
        The same syllables on their notes; rests between words are pauses and don't count.
    """
    asked = syllables[-1].notes[0].start - syllables[0].notes[0].start - sum(_pauses(syllables))
    return float(np.clip((said[-1] - said[0]) / max(asked, 0.05), *_SPEEDS)) if len(said) > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words spoken without a pause: knots of the way from seconds of speech to seconds of song."""

    source: Floats  #: rising
    target: Floats  #: rising, as many


def in_rhythm(segments: Sequence[Segment], syllables: Sequence[SungSyllable]) -> tuple[Stretch, ...]:
    """How speech has to run so that each syllable's vowel begins on its note.

    Between two vowels speech runs evenly, before the first and behind the last at its own pace. A rest before
    a word is a pause between the words.
    """
    vowels = [segment for segment in segments if segment.kind == Kind.VOWEL]
    starts = [syllable.notes[0].start for syllable in syllables]
    pauses = _pauses(syllables)
    first, last = segments[0], segments[-1]
    lead = max(first.source_start - _LEAD_SECONDS, 0.0)
    source, target = [lead], [starts[0] - (vowels[0].source_start - lead)]
    done: list[Stretch] = []
    for index, vowel in enumerate(vowels):
        source.append(vowel.source_start)
        target.append(starts[index])
        if index + 1 == len(vowels) or not pauses[index]:
            continue
        # the words part where the next one's first sound begins
        following = next(s for s in segments if s.syllable == index + 1)
        long = starts[index + 1] - pauses[index] - starts[index]
        share = (following.source_start - vowel.source_start) / (
            vowels[index + 1].source_start - vowel.source_start
        )
        cut = starts[index] + share * long
        done.append(Stretch(np.array([*source, following.source_start]), np.array([*target, cut])))
        source, target = [following.source_start], [cut + pauses[index]]
    end = last.source_end + _TAIL_SECONDS
    source.append(end)
    target.append(target[-1] + end - source[-2])
    return (*done, Stretch(np.array(source), np.array(target)))


def _pauses(syllables: Sequence[SungSyllable]) -> list[float]:
    """Seconds of rest behind each syllable but the last; inside a word there is none."""
    rests = []
    for syllable, following in pairwise(syllables):
        rest = following.notes[0].start - syllable.notes[-1].end
        rests.append(rest if following.starts_word and rest >= _SHORTEST_PAUSE_SECONDS else 0.0)
    return rests


def spoken_in_rhythm(wave: Floats, stretches: Sequence[Stretch]) -> tuple[float, Floats]:
    """The speech itself, quicker here and slower there, with its pauses: start in seconds, 44.1 kHz sound."""
    start = float(stretches[0].target[0])
    length = round((stretches[-1].target[-1] - start) * RATE_HZ)
    out = np.zeros(length)
    for stretch in stretches:
        part = overlapped(wave, stretch)
        at = round((stretch.target[0] - start) * RATE_HZ)
        out[at : at + len(part)] += part[: length - at]
    samples: Floats = resample_poly(out, SAMPLE_RATE_HZ // 300, RATE_HZ // 300)
    return start, samples


def overlapped(wave: Floats, stretch: Stretch) -> Floats:
    """A stretch of speech at its new pace, 24 kHz, its ends faded.

    Windows of the wave are laid over each other where they are most alike: Verhelst & Roelands 1993, "An
    overlap-add technique based on waveform similarity". Where speech keeps its pace it is copied unchanged.
    """
    count = round((stretch.target[-1] - stretch.target[0]) * RATE_HZ)
    padded = np.pad(wave, (_WINDOW, 2 * _WINDOW))
    times = stretch.target[0] + np.arange(0, count + _HOP, _HOP) / RATE_HZ
    wished = np.round(np.interp(times, stretch.target, stretch.source) * RATE_HZ).astype(np.int64)
    window = 0.5 - 0.5 * np.cos(2.0 * np.pi * (np.arange(_WINDOW) + 0.5) / _WINDOW)
    out = np.zeros(len(times) * _HOP + _WINDOW)
    at = int(wished[0]) + _WINDOW - _HOP
    for frame, place in enumerate(wished + _WINDOW - _HOP):
        if frame:
            at = _most_alike(padded, at + _HOP, int(place))
        out[frame * _HOP : frame * _HOP + _WINDOW] += window * padded[at : at + _WINDOW]
    made = out[_HOP : _HOP + count]
    edge = min(_FADE, count // 2)
    made[:edge] *= np.linspace(0.0, 1.0, edge)
    made[count - edge :] *= np.linspace(1.0, 0.0, edge)
    return made


def _most_alike(padded: Floats, natural: int, wished: int) -> int:
    """Near the wished sample, where the wave is most like its natural continuation."""
    if abs(natural - wished) < _SAME:
        return natural
    model = padded[natural : natural + _WINDOW]
    first = min(max(wished - _SEARCH, 0), len(padded) - _WINDOW)
    around = padded[first : min(wished + _SEARCH, len(padded) - _WINDOW) + _WINDOW]
    if len(model) < _WINDOW:
        return first
    alike = np.correlate(around, model)
    power = np.convolve(around**2, np.ones(_WINDOW), "valid")
    return first + int(np.argmax(alike / np.sqrt(power + 1e-6)))
