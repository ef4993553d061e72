"""How freely a singer takes the beat: laid back, ahead, strict, and never twice the same.

Singers of jazz and soul place their notes some tens of milliseconds behind the band (Ashley 2002, "Do[n't]
change a hair for me"); here all stays within a share of what is still heard as on the beat.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from producer.studio.singer.phonemes import SungSyllable

SHORTEST_NOTE_SECONDS = 0.06
FREEST_SECONDS = 0.018  #: most that a vowel is sung off its beat
_LOOSE, _LOOSEST = 0.009, 0.02  # seconds by which a second take misses the first: usual, at most
_MEMORY = 0.6  # of a deviation that the next syllable inherits

Piece = tuple[SungSyllable, ...]


@dataclass(frozen=True, slots=True)
class Feel:
    """Where a style's singers put their notes."""

    late_ms: float  #: usually behind the beat; ahead of it when negative
    spread_ms: float  #: standard deviation around that


_PLAIN = Feel(0.0, 4.0)
_FEELS = {
    Feel(10.0, 4.0): (
        "jazz", "big_band", "soul", "rnb", "gospel", "blues", "boom_bap", "hip_hop", "lofi", "reggae",
    ),
    Feel(6.0, 4.5): (
        "ballad", "bossa_nova", "singer_songwriter", "fado", "tango", "ambient", "bollywood", "funk",
    ),
    Feel(-6.0, 3.0): ("punk", "metal", "rock_and_roll", "ska", "surf_rock", "polka", "klezmer", "zydeco"),
    Feel(0.0, 1.5): (
        "dance_pop", "house", "deep_house", "techno", "trance", "uk_garage", "dubstep", "drum_and_bass",
        "disco", "synth_pop", "synthwave", "hyperpop", "k_pop", "chiptune", "march", "chant", "barbershop",
    ),
}  # fmt: skip
#: Feel of a style's singers, by its name; all others sing plainly.
FEELS: dict[str, Feel] = {style: feel for feel, styles in _FEELS.items() for style in styles}


def freely(piece: Piece, style: str, seed: str) -> Piece:
    """A line as a singer of that style takes it: each syllable a little off its beat, in its own way.

    The dice come from the seed and the line itself, so that a repeated chorus is the same chorus.

    Parameters
    ----------
    piece
        Syllables on notes, in seconds from the line's first.
    style
        Name of a style; one that is not in :data:`FEELS` is sung plainly.
    seed
        The song's.
    """
    feel = FEELS.get(style, _PLAIN)
    dice = random.Random(f"{seed}/{style} feels {piece!r}")
    off = dice.gauss(0.0, 1.0)

    def moved(_: int, seconds: float) -> float:
        nonlocal off
        off = _MEMORY * off + math.sqrt(1.0 - _MEMORY**2) * dice.gauss(0.0, 1.0)
        wanted = (feel.late_ms + feel.spread_ms * off) / 1000.0
        return seconds + max(-FREEST_SECONDS, min(FREEST_SECONDS, wanted))

    return _moved_bounds(piece, moved)


def retaken(piece: Piece, take: int) -> Piece:
    """The syllables as sung another time: each some milliseconds off, as far as its neighbours allow."""
    dice = random.Random(f"take {take} of {piece!r}")

    def moved(index: int, seconds: float) -> float:
        return seconds + max(-_LOOSEST, min(_LOOSEST, dice.gauss(0.0, _LOOSE))) if index else seconds

    return _moved_bounds(piece, moved)


def _moved_bounds(piece: Piece, moved: Callable[[int, float], float]) -> Piece:
    """Move where syllables begin, and the end of the last, as far as every note keeps its shortest length."""
    bounds = [syllable.notes[0].start for syllable in piece] + [piece[-1].notes[-1].end]
    joined = [False] + [bounds[i + 1] - syllable.notes[-1].end < 0.02 for i, syllable in enumerate(piece)]
    wanted = [round(moved(index, bound), 3) for index, bound in enumerate(bounds)]
    for index, bound in enumerate(bounds):
        after = piece[index].notes[0].end if index < len(piece) else wanted[index] + 1.0
        before = piece[index - 1].notes[-1].start if joined[index] else wanted[index] - 1.0
        if min(after - wanted[index], wanted[index] - before) < SHORTEST_NOTE_SECONDS:
            wanted[index] = bound
    loose = []
    for index, syllable in enumerate(piece):
        notes = list(syllable.notes)
        notes[0] = replace(notes[0], start=wanted[index])
        if joined[index + 1]:
            notes[-1] = replace(notes[-1], end=wanted[index + 1])
        loose.append(replace(syllable, notes=tuple(notes)))
    return tuple(loose)
