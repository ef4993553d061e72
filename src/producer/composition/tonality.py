"""How plainly chords speak for their key, and idiomatic swaps that make them speak plainer.

A key is heard where the sounding pitch classes fit its profile better than any other's. Two
profiles vote, since either has its leanings: listeners' ratings (Krumhansl & Kessler 1982,
*Psychological Review* 89) and counts in scores (Albrecht & Shanahan 2013, *Music Perception* 31).
Chords sound with their overtones: the third partial of a tonic is a dominant, which is why a song
that dwells on V is so easily heard a fifth too high.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from producer.composition.numerals import parse_numeral
from producer.score.harmony import Chord
from producer.score.part import Role
from producer.score.song import Song

Bar = tuple[Chord, ...]

_KRUMHANSL = {
    False: (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    True: (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_ALBRECHT = {
    False: (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    True: (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
}
#: Semitones and strength of the first partials, folded into the octave: as plucked strings measure.
_PARTIALS = ((0, 1.5), (7, 0.35), (4, 0.18), (7, 0.12))
_BASS_SHARE = 0.5  #: the bass itself lies below what chroma looks at; its overtones don't
_MOST_SWAPS = 4
_SLOTS = 4  #: of a beat, in which a song is heard
_FADING = 0.8  #: what is left of a note after each of them
_LONGEST_RING = 16  #: slots after which nothing is left
_UNPITCHED = frozenset({Role.DRUMS, Role.PERCUSSION, Role.EFFECTS})

#: What a chord may give way to without leaving the idiom, best first; keys are numerals over the tonic.
_SWAPS: Mapping[bool, Mapping[str, tuple[str, ...]]] = {
    False: {
        "V": ("IV,V", "Vsus4,V", "Vsus4"),
        "V5": ("IV5,V5",),
        "V/3": ("I,V/3", "Vsus4,V/3"),
        "V7": ("ii7,V7", "IV,V7", "V7sus4,V7", "V7sus4"),
        "V13": ("V7sus4,V13", "V7sus4"),
        "iii": ("I/3", "iii,I/3"),
        "iii7": ("I/3", "iii7,I/3"),
        "Imaj7": ("I6", "Iadd9", "I"),
        "Imaj9": ("Iadd9", "I6"),
        "V7/V": ("ii7,V7/V", "ii7"),
        "V9/V": ("ii7,V9/V", "ii7"),
        "ii7": ("IV6",),
        "bVII": ("IV", "bVII,IV"),
        "bVII7": ("iv6", "IV"),
        "V7/ii": ("vi7",),
    },
    True: {
        "bVII": ("bVI,bVII", "iv", "V", "bVII,V"),
        "bVII5": ("bVI5,bVII5", "iv5"),
        "bVII7": ("iv7,bVII7", "iv7", "V7"),
        "bVII9": ("iv7,bVII9", "iv7"),
        "v": ("iv", "V", "iv,V"),
        "v/3": ("iv/5", "i/7", "iv"),
        "v7": ("iv7,V7", "V7", "iv7"),
        "bIII": ("i/3", "bVI", "bIII,i"),
        "bIII5": ("i5", "bVI5"),
        "bIIImaj7": ("i/3", "bVImaj7"),
        "bIII7": ("i7",),
        "V": ("iv,V", "bVI,V"),
        "V7": ("iv7,V7", "iim7b5,V7"),
        "i7": ("i", "i,i7"),
        "i9": ("iadd9", "i"),
        "iadd9": ("i",),
        "IV": ("iv",),
        "IV7": ("iv7",),
    },
}  # fmt: skip


@cache
def _profiles(minor: bool) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """Per source: the profiles of all 24 keys, normalised, the key over C first."""
    tables = []
    for source in (_KRUMHANSL, _ALBRECHT):
        keys = [(mode, tonic) for mode in (minor, not minor) for tonic in range(12)]
        tables.append(
            tuple(_normal([source[mode][(c - tonic) % 12] for c in range(12)]) for mode, tonic in keys)
        )
    return tuple(tables)


def _normal(values: Sequence[float]) -> tuple[float, ...]:
    mean = sum(values) / len(values)
    size = math.sqrt(sum((value - mean) ** 2 for value in values)) or 1.0
    return tuple((value - mean) / size for value in values)


@cache
def sounding(chord: Chord, *, overtones: bool) -> tuple[float, ...]:
    """Strength of each pitch class while a chord sounds; the greatest is 1."""
    partials = _PARTIALS if overtones else _PARTIALS[:1]
    weights = [0.0] * 12
    for pitch_class in chord.pitch_classes:
        for interval, strength in partials:
            weights[(pitch_class + interval) % 12] += strength
    for interval, strength in partials:
        weights[(chord.bass_pitch_class + interval) % 12] += _BASS_SHARE * strength
    top = max(weights)
    return tuple(weight / top for weight in weights)


@cache
def clarity(bars: tuple[Bar, ...], minor: bool) -> float:
    """By how much (correlation) the key over C beats its strongest rival, the two profiles averaged.

    >>> from producer.composition.numerals import parse_progression as chords
    >>> clarity(chords("I IV V7 I"), False) > 0.1 > clarity(chords("I V I V"), False)
    True
    """
    leads = []
    for overtones in (False, True):
        total = [0.0] * 12
        for bar in bars:
            for chord in bar:
                sound = sounding(chord, overtones=overtones)
                total = [a + b / len(bar) for a, b in zip(total, sound, strict=True)]
        leads.append(_lead(total, minor))
    # Half by its overtones, half by what is written: neither a chroma nor a reader is to be misled.
    return sum(leads) / len(leads)


def heard_lead(song: Song) -> float:
    """By how much a whole song's key beats its strongest rival, from all notes it has.

    Every sixteenth counts alike, however many play in it, as it does for a listener; notes ring with their
    overtones and fade, so that it matters what is struck again. Of six recordings of 57 whose asked key
    Krumhansl & Kessler's profile missed, this finds four, and hardly another one.
    """
    slots = math.ceil(song.chords[-1].end_beat * _SLOTS)
    grid = [[0.0] * 12 for _ in range(slots + 1)]
    sung = [note for line in song.vocal for note in line.notes]
    played = [n for part in song.parts if part.role not in _UNPITCHED for n in part.notes]
    for note in (*played, *sung):
        loud = (note.velocity / 100.0) ** 1.5
        place, first = (note.pitch - song.key.tonic) % 12, max(0, int(note.start_beat * _SLOTS))
        last = min(slots, int(note.end_beat * _SLOTS - 1e-6), first + _LONGEST_RING)
        for slot in range(first, last + 1):
            grid[slot][place] += loud
            loud *= _FADING
    sounded = [0.0] * 12
    for slot_weights in grid:
        rung = [0.0] * 12
        for pitch_class, weight in enumerate(slot_weights):
            if weight:
                for interval, strength in _PARTIALS:
                    rung[(pitch_class + interval) % 12] += strength * weight
        top = max(rung)
        if top:
            sounded = [a + b / top for a, b in zip(sounded, rung, strict=True)]
    return _lead(sounded, song.key.mode.is_minor)


def _lead(weights: Sequence[float], minor: bool) -> float:
    heard = _normal(weights)
    leads = []
    for table in _profiles(minor):
        own, *others = (sum(a * b for a, b in zip(heard, profile, strict=True)) for profile in table)
        leads.append(own - max(others))
    return sum(leads) / len(leads)


def clarified(bars: tuple[Bar, ...], minor: bool, least: float) -> tuple[Bar, ...]:
    """The progression with the fewest swaps that make it so clear, or as clear as it gets."""
    for _ in range(_MOST_SWAPS):
        if clarity(bars, minor) >= least:
            return bars
        options = list(_swapped(bars, minor))
        enough = [option for option in options if clarity(option, minor) >= least]
        best = enough[0] if enough else max(options, key=lambda o: clarity(o, minor), default=bars)
        if clarity(best, minor) <= clarity(bars, minor) + 0.01:
            return bars
        bars = best
    return bars


def _swapped(bars: tuple[Bar, ...], minor: bool) -> Iterator[tuple[Bar, ...]]:
    """Every progression that differs by one swap; late bars first, as cadences bear change best."""
    table = _swap_table(minor)
    for at in range(len(bars) - 1, -1, -1):
        for place, chord in enumerate(bars[at]):
            for new in table.get(chord, ()):
                # A bar that is shared already has no room for two chords in one's place.
                if len(bars[at]) == 1 or len(new) == 1:
                    bar = (*bars[at][:place], *new, *bars[at][place + 1 :])
                    yield (*bars[:at], bar, *bars[at + 1 :])


@cache
def _swap_table(minor: bool) -> dict[Chord, tuple[Bar, ...]]:
    return {
        parse_numeral(old): tuple(tuple(parse_numeral(n) for n in text.split(",")) for text in new)
        for old, new in _SWAPS[minor].items()
    }
