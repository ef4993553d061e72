"""When each spoken sound is sung.

Vowels start on their notes and last; consonants keep their natural length and come before the beat
(Sundberg 1987, "The Science of the Singing Voice", ch. 7: singers place vowel onsets, not
consonants, on the beat).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from producer.studio.singer.aligner import Unit
from producer.studio.singer.analysis import Spoken
from producer.studio.singer.phonemes import (
    DIPHTHONGS,
    FIRST_FORMANT_HZ,
    STOPS,
    VOWELS,
    Kind,
    SungSyllable,
    kind_of,
)
from producer.studio.singer.speech import Floats
from producer.studio.singer.voicing import FRAME_SECONDS

LEAD_SECONDS, TAIL_SECONDS = 0.5, 0.5  # rendered before the first and after the last note
LEGATO_SECONDS = 0.12  # a shorter gap between notes is sung through
_CONSONANT_SHARE = 0.6  # of a note, at most
_LONGEST = {Kind.SONORANT: 0.09, Kind.VOICED: 0.10, Kind.UNVOICED: 0.13}
_SHORTEST = {Kind.SONORANT: 0.05, Kind.VOICED: 0.045, Kind.UNVOICED: 0.06}
_LONGEST_OWN = {**dict.fromkeys("sʃfθʂɕçx", 0.15), "h": 0.10}
_FINAL_FACTOR = 2.0  # consonants that end a line may be so much longer, as they are in speech
VOICED_FROM = 0.5  # periodicity of a vowel
_MURMUR_BINS = slice(6, 30)  # 140–700 Hz
_MURMUR_DB, _MURMUR_SECONDS = 16.0, 0.09  # how far below its start a murmur ends; how long it is at least
_MOST_BREATH_FRAMES, _SHORTEST_VOWEL_SECONDS = 14, 0.04
_SOFTENED = frozenset("th")
_ONSET_SECONDS, _OFFSET_SECONDS = 0.14, 0.22  # of a vowel's natural beginning and end, at most


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of song made of a stretch of speech; times in seconds."""

    start: float
    end: float
    sound: str
    kind: Kind
    syllable: int
    source_start: float
    source_end: float
    source_middle: float | None = None


@dataclass(slots=True)
class _Place:
    """What a syllable has to fit in."""

    start: float
    end: float
    onset: list[Unit]
    nucleus: list[Unit]
    coda: list[Unit]
    onset_seconds: list[float]
    coda_seconds: list[float]
    vowel_end: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class FrameMap:
    """What sounds in every 5 ms of the sung line; all arrays of shape (frames,)."""

    times: Floats  #: seconds of the song
    source: Floats  #: seconds of the speech, −1 in silence
    kind: NDArray[np.int8]
    formant_hz: Floats  #: usual first formant of the vowel, 0 elsewhere
    syllable: NDArray[np.int64]  #: −1 in silence
    held: NDArray[np.bool_]  #: the stretched middle of a vowel
    natural: NDArray[np.bool_]  #: runs as fast as it was spoken
    whispered: NDArray[np.bool_]  #: breath in the shape of a vowel: an /h/


def plan(
    syllables: Sequence[SungSyllable],
    units: Sequence[Unit],
    owners: Sequence[tuple[int, str]],
    spoken: Spoken,
) -> tuple[Segment, ...]:
    """Give every sound its stretch of the song."""
    places = _places(syllables, units, owners, spoken)
    for index, place in enumerate(places):
        following = places[index + 1] if index + 1 < len(places) else None
        _fit(place, following)
    segments: list[Segment] = []
    for index, place in enumerate(places):
        onset = place.start - sum(place.onset_seconds)
        segments += _consonants(onset, place.onset, place.onset_seconds, index, spoken)
        vowel_end = place.vowel_end - sum(place.coda_seconds)
        segments.append(_vowel(place, vowel_end, index))
        segments += _consonants(vowel_end, place.coda, place.coda_seconds, index, spoken)
    return tuple(segments)


def _places(
    syllables: Sequence[SungSyllable],
    units: Sequence[Unit],
    owners: Sequence[tuple[int, str]],
    spoken: Spoken,
) -> list[_Place]:
    places = [_Place(s.notes[0].start, s.notes[-1].end, [], [], [], [], []) for s in syllables]
    loud = float(np.percentile(spoken.level_db, 95))
    for unit in units:
        if unit.name in ("sil", "pause"):
            continue
        index, part = owners[unit.tokens[-1]]
        getattr(places[index], part).append(_trimmed(unit, spoken, loud - 38.0))
    for place in places:
        _give_back_breath(place, spoken)
        place.onset_seconds = [_natural_seconds(unit) for unit in place.onset]
        place.coda_seconds = [_natural_seconds(unit) for unit in place.coda]
    last = places[-1]
    _leave_out_release(last, spoken)
    last.coda_seconds = [_natural_seconds(unit, _FINAL_FACTOR) for unit in last.coda]
    return places


def _trimmed(unit: Unit, spoken: Spoken, floor_db: float) -> Unit:
    """Cut pauses that hide at the ends of a voiced sound."""
    if kind_of(unit.name) not in (Kind.VOWEL, Kind.SONORANT):
        return unit
    first, last = int(unit.start / FRAME_SECONDS), int(unit.end / FRAME_SECONDS)
    while last - first > 8 and spoken.level_db[first] < floor_db:
        first += 1
    while last - first > 8 and spoken.level_db[min(last, spoken.frames) - 1] < floor_db:
        last -= 1
    return Unit(unit.name, unit.tokens, first * FRAME_SECONDS, last * FRAME_SECONDS, unit.middle)


def _give_back_breath(place: _Place, spoken: Spoken) -> None:
    """An unvoiced consonant keeps the breath behind it that the aligner gave to the vowel, in place."""
    if not place.onset or kind_of(place.onset[-1].name) != Kind.UNVOICED:
        return
    before, vowel = place.onset[-1], place.nucleus[0]
    first = round(vowel.start / FRAME_SECONDS)
    voiced = np.flatnonzero(spoken.voicing[first : first + _MOST_BREATH_FRAMES] > VOICED_FROM)
    edge = vowel.start + FRAME_SECONDS * (int(voiced[0]) if len(voiced) else 0)
    if vowel.middle is not None:
        edge = min(edge, vowel.middle)
    if edge > before.end and vowel.end - edge > _SHORTEST_VOWEL_SECONDS:
        place.onset[-1] = replace(before, end=edge)
        place.nucleus[0] = replace(vowel, start=edge)


def _leave_out_release(place: _Place, spoken: Spoken) -> None:
    """A final nasal or /l/ ends where its murmur ends, in place.

    Behind it the voice lets its breath go, and the aligner takes that for the sound: *foam* becomes *found*.
    """
    if not place.coda or kind_of(place.coda[-1].name) != Kind.SONORANT:
        return
    final = place.coda[-1]
    before = place.coda[-2] if len(place.coda) > 1 else place.nucleus[-1]
    first, last = round(before.start / FRAME_SECONDS), round(final.end / FRAME_SECONDS)
    murmur_db = 10.0 * np.log10(np.exp(spoken.log_power[first:last, _MURMUR_BINS]).sum(axis=1) + 1e-12)
    heard = np.flatnonzero(murmur_db > murmur_db.max(initial=-120.0) - _MURMUR_DB)
    if not len(heard):
        return
    end = (first + int(heard[-1]) + 1) * FRAME_SECONDS
    start = min(final.start, max(end - _MURMUR_SECONDS, 0.5 * (before.start + end)))
    if end >= final.end:
        return
    place.coda[-1] = replace(final, start=start, end=end)
    cut = replace(before, end=start)
    if len(place.coda) > 1:
        place.coda[-2] = cut
    else:
        place.nucleus[-1] = cut


def _natural_seconds(unit: Unit, factor: float = 1.0) -> float:
    kind = kind_of(unit.name)
    longest = factor * _LONGEST_OWN.get(unit.name, _LONGEST.get(kind, 0.1))
    return float(np.clip(unit.end - unit.start, _SHORTEST.get(kind, 0.05), longest))


def _fit(place: _Place, following: _Place | None) -> None:
    """Squeeze consonants between this vowel and the next so that enough of the note stays vowel."""
    legato = following is not None and following.start - place.end < LEGATO_SECONDS
    end = following.start if legato and following else place.end
    incoming = sum(following.onset_seconds) if legato and following else 0.0
    needed, room = incoming + sum(place.coda_seconds), _CONSONANT_SHARE * (end - place.start)
    if needed > room:
        factor = room / needed
        place.coda_seconds = [seconds * factor for seconds in place.coda_seconds]
        if legato and following:
            following.onset_seconds = [seconds * factor for seconds in following.onset_seconds]
            incoming *= factor
    place.vowel_end = end - incoming


def _consonants(
    at: float, units: list[Unit], seconds: list[float], syllable: int, spoken: Spoken
) -> list[Segment]:
    segments = []
    for unit, length in zip(units, seconds, strict=True):
        kind = Kind.VOICED if _is_softened(unit, spoken) else kind_of(unit.name)
        segments.append(
            Segment(at, at + length, unit.name, kind, syllable, unit.start, unit.end, unit.middle)
        )
        at += length
    return segments


def _is_softened(unit: Unit, spoken: Spoken) -> bool:
    """Whether a /t/ or /h/ was voiced between vowels: flapped or murmured."""
    if unit.name not in _SOFTENED:
        return False
    first, last = round(unit.start / FRAME_SECONDS), round(unit.end / FRAME_SECONDS)
    around = spoken.voicing[max(first - 4, 0) : first], spoken.voicing[first:last]
    return all(len(part) > 0 and float(part.mean()) > 0.6 for part in around)


def _vowel(place: _Place, end: float, syllable: int) -> Segment:
    first, last = place.nucleus[0], place.nucleus[-1]
    middle = first.middle
    if len(place.nucleus) > 1 and kind_of(last.name) == Kind.VOWEL:  # a falling diphthong in two signs
        middle = first.end
    sound = "".join(unit.name for unit in place.nucleus)
    return Segment(place.start, end, sound, Kind.VOWEL, syllable, first.start, last.end, middle)


def frame_map(segments: Sequence[Segment], spoken: Spoken, rng: np.random.Generator) -> FrameMap:
    """For every frame of the sung line, the moment of the speech that it sounds like."""
    start, end = segments[0].start, segments[-1].end
    vowels = [segment for segment in segments if segment.kind == Kind.VOWEL]
    start, end = min(start, vowels[0].start - LEAD_SECONDS), end + TAIL_SECONDS
    count = round((end - start) / FRAME_SECONDS)
    times: Floats = start + np.arange(count, dtype=np.float64) * FRAME_SECONDS
    made = FrameMap(
        times=times,
        source=np.full(count, -1.0),
        kind=np.zeros(count, np.int8),
        formant_hz=np.zeros(count),
        syllable=np.full(count, -1),
        held=np.zeros(count, bool),
        natural=np.zeros(count, bool),
        whispered=np.zeros(count, bool),
    )
    for segment in segments:
        wander = rng.random(2)
        first, last = np.searchsorted(times, [segment.start - 1e-9, segment.end - 1e-9])
        if last <= first:
            continue
        here = slice(int(first), int(last))
        made.kind[here], made.syllable[here] = segment.kind, segment.syllable
        if segment.kind == Kind.VOWEL:
            made.formant_hz[here] = FIRST_FORMANT_HZ.get(segment.sound[0], 0.0)
            _map_vowel(made, here, segment, spoken, wander)
        else:
            _map_consonant(made, here, segment)
            made.whispered[here] = segment.sound == "h" and segment.kind == Kind.UNVOICED
    return made


def _map_consonant(made: FrameMap, here: slice, segment: Segment) -> None:
    at = made.times[here] - segment.start
    sung, said = segment.end - segment.start, segment.source_end - segment.source_start
    if abs(sung - said) <= 0.012:
        made.natural[here] = True
    elif sung < said and (segment.sound in STOPS or segment.kind == Kind.UNVOICED):
        # bursts and frication keep their end, the start is cut
        made.source[here] = segment.source_end - (sung - at)
        made.natural[here] = True
        return
    made.source[here] = segment.source_start + at * said / sung


def _map_vowel(made: FrameMap, here: slice, segment: Segment, spoken: Spoken, wander: Floats) -> None:
    """Natural onset, slow wandering through the steadiest stretch, natural offset."""
    low, high = steady_zone(segment, spoken)
    onset = min(low - segment.source_start, _ONSET_SECONDS)
    offset = min(segment.source_end - high, _OFFSET_SECONDS)
    length = segment.end - segment.start
    at = made.times[here] - segment.start
    if length < onset + offset + 0.03:
        source = low - onset + at * (onset + offset + high - low) / max(length, 1e-6)
        made.source[here] = source
        made.held[here] = (source >= low) & (source <= high)
        if not made.held[here].any():
            made.held[(here.start + here.stop) // 2] = True
        return
    middle = length - onset - offset
    share = np.clip((at - onset) / middle, 0.0, 1.0)
    if length > 0.3 and middle > 0.4:
        sway = np.sin(2 * np.pi * ((0.9 + 0.3 * wander[0]) * (at - onset) + wander[1]))
        edges = np.clip((at - onset) / 0.2, 0, 1) * np.clip((length - offset - at) / 0.2, 0, 1)
        share = np.clip(share + 0.3 * sway * edges, 0.0, 1.0)
    inside = low + (high - low) * share
    source = np.where(at < onset, low - onset + at, inside)
    made.source[here] = np.where(at > length - offset, high + offset - (length - at), source)
    made.held[here] = (at >= onset) & (at <= length - offset)
    made.natural[here] = ~made.held[here]


def steady_zone(segment: Segment, spoken: Spoken) -> tuple[float, float]:
    """The quarter of a spoken vowel that is loud, voiced and changes least; early in diphthongs."""
    said = segment.source_end - segment.source_start
    low, high = 0.2, 0.72
    if segment.source_middle is not None or segment.sound[0] in DIPHTHONGS:
        turn = (segment.source_middle - segment.source_start) / said if segment.source_middle else 0.5
        low, high = 0.15, float(np.clip(turn, 0.35, 0.6))
    elif len(segment.sound) > 1 and segment.sound[1] not in VOWELS:
        low, high = 0.3, 0.85  # r-coloured: the colour comes late
    first = round(segment.source_start / FRAME_SECONDS)
    frames = max(round(segment.source_end / FRAME_SECONDS) - first, 4)
    width = max(3, int(0.25 * frames))
    begin = int(first + low * frames)
    best, best_at = np.inf, begin
    for at in range(begin, max(begin + 1, int(first + high * frames) - width) + 1):
        window = spoken.log_power[max(at, 0) : at + width + 1, 8:170]
        if len(window) < 3:
            continue
        change = np.abs(np.diff(window, axis=0)).mean()
        loudness = spoken.level_db[at : at + width + 1].mean()
        cost = 4 * change - 0.12 * loudness + 3 * (1 - spoken.voicing[at : at + width + 1].mean())
        if cost < best:
            best, best_at = cost, at
    return best_at * FRAME_SECONDS, (best_at + width) * FRAME_SECONDS
