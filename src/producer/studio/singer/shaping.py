"""From spoken frames to sung ones: voicing, loudness, formants, colour and breath."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.singer.analysis import BIN_HZ, BINS, Spoken, band_level_db
from producer.studio.singer.melody import Tune
from producer.studio.singer.phonemes import MALE_FORMANTS, Kind, SungSyllable
from producer.studio.singer.speech import Floats
from producer.studio.singer.timing import VOICED_FROM, FrameMap
from producer.studio.singer.voicing import FRAME_SECONDS

_BINS_HZ = np.arange(BINS) * BIN_HZ
_POWER_OF_DB = np.log(10.0) / 10.0
_BREATH_DB = np.interp(  # noise of a held vowel against its envelope: as in a trained voice, not a machine's
    _BINS_HZ, [0, 1000, 3000, 5000, 8000, 12000], [-25, -23.5, -19.5, -13, -8, -5]
)
_BREATH_SPAN_DB = 6.0  # and at least this much below
_PRESENCE = np.interp(_BINS_HZ, [0, 800, 2500, 5000, 12000], [0, 0, 1, 1.2, 0.6])
_EFFORT = np.interp(_BINS_HZ, [0, 800, 2500, 5000, 12000], [0, 0, 1, 1, 0.5])
_JOIN_FRAMES = 4  # half of a cross-fade between voiced sounds


@dataclass(frozen=True, slots=True)
class Colour:
    """How the voice sounds on this line."""

    male: bool = False
    presence_db: float = 2.0  #: at 2.5–5 kHz, so that words carry
    effort_db: float = 2.0  #: more of it an octave above the line's middle
    breath_db: float = 3.0  #: noise above that of a plain voice
    evenness: float = 0.75  #: 1 = every syllable as loud as the line
    consonant_db: float = 0.0
    formant: float = 1.0  #: factor on all formants; above 1 is a smaller throat


@dataclass(frozen=True, slots=True, eq=False)
class Shaped:
    """Frames ready for synthesis; shapes (frames, 513) and (frames,)."""

    log_power: Floats
    aperiodicity: Floats
    voiced: NDArray[np.bool_]
    gain: Floats
    pitch_hz: Floats


def shape(
    spoken: Spoken,
    frames: FrameMap,
    tune: Tune,
    syllables: Sequence[SungSyllable],
    colour: Colour,
    rng: np.random.Generator,
) -> Shaped:
    """Take the frames from the speech and make them sung."""
    log_power, aperiodicity, voicing = _take(spoken, frames)
    _join(log_power, frames)
    voiced = _voiced(frames, voicing)
    gain = _gain(log_power, frames, voiced, tune, syllables, colour, rng)
    pitch_hz = 440.0 * 2.0 ** ((tune.sung - 69.0) / 12.0)
    log_power = np.where(voiced[:, None], _move_formants(log_power, frames, pitch_hz, colour), log_power)
    carrying = voiced & ((frames.kind == Kind.VOWEL) | (frames.kind == Kind.SONORANT))
    middle = float(np.nanmedian(tune.notes)) if np.isfinite(tune.notes).any() else 60.0
    height = np.clip((tune.intended - middle) / 12.0, -0.6, 1.0)
    tilt = colour.presence_db * _PRESENCE + colour.effort_db * height[:, None] * _EFFORT
    log_power += carrying[:, None] * tilt * _POWER_OF_DB
    most = 10.0 ** ((_BREATH_DB + colour.breath_db) / 20.0)
    least = most * 10.0 ** (-_BREATH_SPAN_DB / 20.0)
    aperiodicity = np.where(carrying[:, None], np.clip(aperiodicity, least, most), aperiodicity)
    return Shaped(log_power, np.clip(aperiodicity, 1e-4, 0.9999), voiced, gain, pitch_hz)


def _take(spoken: Spoken, frames: FrameMap) -> tuple[Floats, Floats, Floats]:
    place = np.clip(frames.source / FRAME_SECONDS, 0, spoken.frames - 1.001)
    left = place.astype(np.int64)
    right = (place - left)[:, None]

    def between(values: Floats) -> Floats:
        out: Floats = (1 - right) * values[left] + right * values[left + 1]
        return out

    return (
        between(spoken.log_power),
        between(spoken.aperiodicity),
        between(spoken.voicing[:, None])[:, 0],
    )


def _join(log_power: Floats, frames: FrameMap) -> None:
    """Cross-fade envelopes, in place, where voiced sounds meet that were not spoken together."""
    sounding = frames.source >= 0
    jump = np.abs(np.diff(frames.source) - FRAME_SECONDS) > 0.02
    soft = frames.kind != Kind.UNVOICED
    for at in np.flatnonzero(jump & sounding[1:] & sounding[:-1] & soft[1:] & soft[:-1]) + 1:
        first, last = max(int(at) - _JOIN_FRAMES, 0), min(int(at) + _JOIN_FRAMES, len(log_power))
        share = ((np.arange(first, last) - first + 0.5) / (last - first))[:, None]
        share = share * share * (3 - 2 * share)
        log_power[first:last] = log_power[first] * (1 - share) + log_power[last - 1] * share


def _voiced(frames: FrameMap, voicing: Floats) -> NDArray[np.bool_]:
    """Vowels and sonorants carry the tune throughout; other sounds as they were spoken."""
    sounding = frames.source >= 0
    kind = frames.kind
    voiced: NDArray[np.bool_] = sounding & (
        ((kind == Kind.VOWEL) & ((voicing > VOICED_FROM) | frames.held))
        | (kind == Kind.SONORANT)
        | ((kind == Kind.VOICED) & (voicing > 0.3))
    )
    for index in range(int(frames.syllable.max()) + 1):
        vowel = np.flatnonzero((frames.syllable == index) & (kind == Kind.VOWEL))
        held = vowel[frames.held[vowel]]
        if not len(held):
            continue
        # once it sounds, a vowel does not drop out before its held part
        early = vowel[(vowel < held[0]) & voiced[vowel]]
        voiced[early[0] if len(early) else held[0] : held[-1] + 1] = True
        after = vowel[-1] + 1
        if after >= len(kind) or kind[after] != Kind.UNVOICED:
            voiced[held[-1] : after] = True
    return voiced


def _gain(
    log_power: Floats,
    frames: FrameMap,
    voiced: NDArray[np.bool_],
    tune: Tune,
    syllables: Sequence[SungSyllable],
    colour: Colour,
    rng: np.random.Generator,
) -> Floats:
    """Amplitude factor of each frame: even syllables, accents, phrase arch, vibrato's swell, soft edges."""
    wanted = _syllable_db(band_level_db(log_power), frames, tune, syllables, colour)
    window = np.hanning(15)[1:-1] / np.hanning(15).sum()
    smooth = np.convolve(np.pad(wanted, 6, mode="edge"), window, "valid")
    shimmer = np.convolve(rng.standard_normal(len(smooth) + 24), np.hanning(27)[1:-1] / 2.6, "valid")
    lively = np.clip(smooth, -14, 16) + 0.35 * shimmer[: len(smooth)] * frames.held + 0.5 * tune.swell
    vowel = frames.kind == Kind.VOWEL
    obstruent = (frames.kind == Kind.UNVOICED) | (frames.kind == Kind.VOICED)
    level = np.where(vowel, lively, np.clip(lively, -8, 7)) + colour.consonant_db * obstruent
    gain: Floats = 10.0 ** (level / 20.0) * _edges(frames)
    return gain


def _syllable_db(
    level: Floats, frames: FrameMap, tune: Tune, syllables: Sequence[SungSyllable], colour: Colour
) -> Floats:
    """Correction in dB that brings each held vowel to its place, straight lines between."""
    line_level = float(np.median(level[frames.held]))
    middle = float(np.median([note.pitch for s in syllables for note in s.notes]))
    start, end = syllables[0].notes[0].start, syllables[-1].notes[-1].end
    at: list[int] = []
    correction: list[float] = []
    for index, syllable in enumerate(syllables):
        held = np.flatnonzero(frames.held & (frames.syllable == index))
        if not len(held):
            continue
        own = float(np.median(level[held]))
        arch = 1.5 * np.sin(np.pi * np.clip((frames.times[held] - start) / (end - start), 0, 1))
        height = np.clip(0.25 * (syllable.notes[0].pitch - middle), -3, 3)
        accent = (1.0 if syllable.stress > 1 else 0.0) + 0.06 * (syllable.notes[0].velocity - 80)
        target = line_level + (1 - colour.evenness) * (own - line_level) + height + accent + arch
        at += held.tolist()
        correction += (target - level[held]).tolist()
    return np.interp(np.arange(len(level)), at, correction)


def _edges(frames: FrameMap) -> Floats:
    """Fade in and out where the line meets silence."""
    sounding = frames.source >= 0
    soft = (frames.kind == Kind.VOWEL) | (frames.kind == Kind.SONORANT)
    edge = sounding.astype(np.float64)
    turns = np.flatnonzero(np.diff(np.concatenate([[0], sounding.astype(np.int8), [0]])))
    for first, last in zip(turns[::2], turns[1::2], strict=True):
        # a final /m/ or /l/ shall be heard before it fades
        backwards = frames.kind[first:last][::-1]
        ending = int(np.argmax(backwards != backwards[0])) or last - first
        fall = min(24 if soft[last - 1] else 5, (last - first) // 2, max(5, 2 * ending // 3))
        edge[last - fall : last] *= np.cos(np.linspace(0, 1, fall) * np.pi / 2) ** 1.3
        rise = min(8 if frames.kind[first] == Kind.VOWEL else 3, (last - first) // 2)
        edge[first : first + rise] *= np.sin(np.linspace(0.1, 1, rise) * np.pi / 2)
    return edge


def _move_formants(log_power: Floats, frames: FrameMap, pitch_hz: Floats, colour: Colour) -> Floats:
    """Shift all formants by the colour's factor, and the first one up to the pitch where it lies below.

    Singers tune the first formant to the fundamental when that is higher: Sundberg 1987, ch. 5.
    """
    first = frames.formant_hz * (MALE_FORMANTS if colour.male else 1.0)
    ratio = np.where(first > 0, np.maximum(first, 1.04 * pitch_hz) / np.maximum(first, 1.0), 1.0)
    window = np.hanning(11)[1:-1] / np.hanning(11).sum()
    ratio = np.convolve(np.pad(ratio, 4, mode="edge"), window, "valid")
    place = np.tile(_BINS_HZ / colour.formant, (len(log_power), 1))
    for row in np.flatnonzero((ratio > 1.01) & (first > 0)):
        moved = min(first[row] * ratio[row], 1100.0)
        anchor = max(1600.0, first[row] * ratio[row] + 400.0)
        place[row] = np.interp(place[row], [0, moved, anchor, 13_000], [0, first[row], anchor, 13_000])
    position = np.clip(place / BIN_HZ, 0, BINS - 1.001)
    left = position.astype(np.int64)
    share = position - left
    rows = np.arange(len(log_power))[:, None]
    moved_power: Floats = log_power[rows, left] * (1 - share) + log_power[rows, left + 1] * share
    return moved_power
