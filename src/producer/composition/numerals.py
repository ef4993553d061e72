"""Roman numerals: how progressions are written down in the style files.

A numeral counts scale degrees of the *major* scale on the tonic, so minor keys spell their own
degrees out: ``i bVI bIII bVII``. Upper case is major, lower case minor; a quality of
:data:`producer.score.harmony.QUALITIES` may follow (``ii7`` is a minor seventh, ``V7`` a dominant).
After a slash: a digit 3, 5 or 7 puts that chord note in the bass (``V/3``), ``T`` the tonic
(a pedal), and another numeral makes a secondary chord (``V7/ii``). Analysis after Piston, *Harmony*.
"""

import re
from functools import cache

from producer.score.harmony import QUALITIES, Chord

_DEGREES = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
_NUMERAL = re.compile(r"([b#]?)(vii|vi|v|iv|iii|ii|i|VII|VI|V|IV|III|II|I)([^/]*)(?:/(.+))?$")
# A lower-case numeral makes these qualities minor: ii7 means m7.
_MINOR_OF = {"": "m", "6": "m6", "7": "m7", "9": "m9", "add9": "madd9", "maj7": "mmaj7"}
_BASS_NOTES = {"3": 1, "5": 2, "7": 3}


@cache
def parse_numeral(text: str) -> Chord:
    """Read one numeral as a chord over tonic C (transpose with :func:`transpose`).

    Raises
    ------
    ValueError
        It is not a numeral as described above.

    >>> parse_numeral("V7/ii"), parse_numeral("bVII")
    (Chord(root=9, quality='7', bass=None), Chord(root=10, quality='', bass=None))
    """
    match = _NUMERAL.match(text)
    if not match:
        raise ValueError(f"{text!r} is not a roman numeral")
    accidental, numeral, quality, slash = match.groups()
    root = (_DEGREES[numeral.lower()] + {"b": -1, "#": 1, "": 0}[accidental]) % 12
    if numeral.islower():
        quality = _MINOR_OF.get(quality, quality)
    if quality not in QUALITIES:
        raise ValueError(f"{text!r}: no chord quality {quality!r}")
    if slash is None:
        return Chord(root, quality)
    if slash == "T":
        return Chord(root, quality, 0)
    if slash in _BASS_NOTES:
        notes = Chord(root, quality).pitch_classes
        return Chord(root, quality, notes[min(_BASS_NOTES[slash], len(notes) - 1)])
    return Chord((root + parse_numeral(slash).root) % 12, quality)


def parse_progression(text: str) -> tuple[tuple[Chord, ...], ...]:
    """Read a progression: bars stand between spaces, chords that share a bar between commas.

    >>> [len(bar) for bar in parse_progression("I ii7,V7 I")]
    [1, 2, 1]
    """
    return tuple(tuple(parse_numeral(n) for n in bar.split(",")) for bar in text.split())


def transpose(chord: Chord, semitones: int) -> Chord:
    """The same chord, moved up."""
    bass = None if chord.bass is None else (chord.bass + semitones) % 12
    return Chord((chord.root + semitones) % 12, chord.quality, bass)
