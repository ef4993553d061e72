"""Setting words that are spoken: stressed words on the beat's grid, the others as long as they are in speech.

English is spoken in feet, from stress to stress (Abercrombie 1967, "Elements of general phonetics"); in
rhythm, each foot begins on a sixteenth, rather on an eighth or a beat. Between them syllables keep the
proportions of natural speech. How long a syllable is, vowel to vowel, was fitted to 700 of the voices' own
in eight languages (least absolute deviations: median error 0.03 s).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from producer.composition.grid import places
from producer.composition.setting import syllable_classes
from producer.score.lyric import Line
from producer.score.meter import Meter

_PLAIN, _STRONG, _SECONDARY = 0.080, 0.025, 0.055  # seconds of a syllable, and more when it is stressed
_CONSONANT, _BOUNDARY, _FINAL = 0.045, 0.015, 0.030  # more for each consonant, between words, before the last
_PAUSE = 0.115  # at a punctuation mark
_TAIL_SECONDS = 0.28  # from the last vowel on
_CALM = 1.12  # spoken words of songs are slower than the voices' own pace
_STILLEST = 1.3  # and at most so much slower when there is room
_ROOMY = 0.6  # share of the room that slow words may take
_FOOT_SECONDS = 0.27  # stresses nearer than that share a foot
_STRETCH_COST, _PAUSE_COST, _LATE_COST = 14.0, 0.6, 0.05
_PLACE_COST = (-0.3, -0.2, -0.1, 0.1, 0.45)  # by metrical place, downbeat to odd sixteenth
_LONGEST_FOOT = 1.25  # what a foot takes beyond is a pause before the next
_MARKS = ",;:.!?—–…"


@dataclass(frozen=True, slots=True)
class Room:
    """Where a line may be spoken, in sixteenths from the start of its first bar."""

    first: float
    last: float
    step_seconds: float


def speech_rhythm(
    line: Line, first: int, stop: int, room: Room, meter: Meter
) -> tuple[list[float], list[float]]:
    """Onsets and ends of the syllables `first` … `stop`, in sixteenths and fractions of them.

    Onsets rise. A syllable ends where the next begins, or sooner before a pause.
    """
    lengths = [seconds / room.step_seconds for seconds in natural_seconds(line, first, stop)]
    available = max(room.last - room.first, 0.5 * (stop - first))
    whole = sum(lengths)
    pace = max(_CALM, min(_STILLEST, _ROOMY * available / whole))
    lengths = [length * min(pace, available / whole) for length in lengths]
    breaks = [_ends_clause(line, first + i) for i in range(stop - first)]
    feet = _feet(line, first, stop, lengths, room.step_seconds)
    slots = _slots(feet, lengths, room)
    if whole * _CALM > available or len(slots) < len(feet):  # no room for feet on the grid
        onsets = [room.first + sum(lengths[:i]) for i in range(len(lengths))]
        return onsets, [*onsets[1:], onsets[-1] + lengths[-1]]
    return _filled(line, first, feet, _on_grid(feet, slots, lengths, breaks, room, meter), lengths, breaks)


def natural_seconds(line: Line, first: int, stop: int) -> list[float]:
    """Seconds from each syllable's vowel to the next one's, and from the last vowel to the end."""
    syllables = line.syllables[first:stop]
    lengths = []
    for index, syllable in enumerate(syllables):
        following = syllables[index + 1] if index + 1 < len(syllables) else None
        if following is None:
            lengths.append(_TAIL_SECONDS + _CONSONANT * len(syllable.coda))
            break
        between = len(syllable.nucleus) - 1 + len(syllable.coda) + len(following.onset)
        lengths.append(
            _PLAIN
            + (0.0, _SECONDARY, _STRONG)[max(0, min(2, syllable.stress))]
            + _CONSONANT * between
            + _BOUNDARY * following.starts_word
            + _PAUSE * _ends_clause(line, first + index)
            + _FINAL * (index + 2 == len(syllables))
        )
    return lengths


def _ends_clause(line: Line, syllable: int) -> bool:
    """Whether a mark of punctuation stands behind a syllable."""
    one, following = line.syllables[syllable], line.syllables[syllable + 1 : syllable + 2]
    return line.words[one.word][-1:] in _MARKS and bool(following) and following[0].starts_word


def _feet(line: Line, first: int, stop: int, lengths: Sequence[float], step_seconds: float) -> list[int]:
    """Syllables, counted from `first`, on which feet begin: the stressed ones, not too near to each other."""
    classes = syllable_classes(line)[first:stop]
    feet: list[int] = []
    for index, name in enumerate(classes):
        if name not in ("primary", "content"):
            continue
        if not feet or sum(lengths[feet[-1] : index]) * step_seconds >= _FOOT_SECONDS:
            feet.append(index)
    return feet or [0]


def _slots(feet: Sequence[int], lengths: Sequence[float], room: Room) -> range:
    """Sixteenths on which a foot may begin: the words before the first and of the last are in the room."""
    pickup, tail = sum(lengths[: feet[0]]), sum(lengths[feet[-1] :])
    return range(math.ceil(room.first + pickup), math.floor(room.last - tail) + 1)


def _on_grid(
    feet: Sequence[int],
    slots: range,
    lengths: Sequence[float],
    breaks: Sequence[bool],
    room: Room,
    meter: Meter,
) -> list[int]:
    """The sixteenth of each foot: near to speech's own timing, and on strong places."""
    width = len(slots)
    grid = places(meter)
    price = [_PLACE_COST[grid[slot % len(grid)]] for slot in slots]
    best = [price[k] + _LATE_COST * k * room.step_seconds / 0.15 for k in range(width)]
    back: list[list[int]] = []
    for before, foot in pairwise(feet):
        natural = sum(lengths[before:foot])
        pausing = any(breaks[before:foot])
        row, came = [math.inf] * width, [0] * width
        for k in range(1, width):
            for j in range(k):
                ratio = (k - j) / natural
                stretch = _STRETCH_COST * math.log(ratio) ** 2
                if pausing and ratio > 1.0:
                    stretch = min(stretch, _PAUSE_COST * (k - j - natural) * room.step_seconds)
                if best[j] + stretch < row[k]:
                    row[k], came[k] = best[j] + stretch, j
            row[k] += price[k]
        back.append(came)
        best = row
    k = min(range(width), key=best.__getitem__)
    chosen = [k]
    for came in reversed(back):
        k = came[k]
        chosen.append(k)
    return [slots[k] for k in reversed(chosen)]


def _filled(
    line: Line,
    first: int,
    feet: Sequence[int],
    grid: Sequence[int],
    lengths: Sequence[float],
    breaks: Sequence[bool],
) -> tuple[list[float], list[float]]:
    """All syllables between their feet."""
    onsets = [grid[0] - sum(lengths[i : feet[0]]) for i in range(feet[0])]
    ends = [*onsets[1:], float(grid[0])] if onsets else []
    for number, foot in enumerate(feet):
        stop = feet[number + 1] if number + 1 < len(feet) else len(lengths)
        natural = sum(lengths[foot:stop])
        span = grid[number + 1] - grid[number] if number + 1 < len(feet) else natural
        ratio = min(span / natural, _LONGEST_FOOT)
        pause = span - ratio * natural
        at = float(grid[number])
        rest = _pause_place(line, first, foot, stop, breaks) if pause > 0.0 else stop - 1
        for index in range(foot, stop):
            onsets.append(at)
            at += ratio * lengths[index]
            ends.append(at)
            at += pause * (index == rest)
    return onsets, ends


def _pause_place(line: Line, first: int, foot: int, stop: int, breaks: Sequence[bool]) -> int:
    """The syllable of a foot behind which a pause is natural: at a mark, else at its last word's end."""
    marked = [i for i in range(foot, stop) if breaks[i]]
    ending = [
        i
        for i in range(foot, stop)
        if first + i + 1 < len(line.syllables) and line.syllables[first + i + 1].starts_word
    ]
    return (marked or ending or [stop - 1])[-1]
