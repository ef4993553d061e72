"""Pitch classes, modes and keys."""

from dataclasses import dataclass
from enum import StrEnum

SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
# Pitch classes whose major key is written with flats (circle of fifths, F to Gb).
_FLAT_MAJOR_TONICS = frozenset({5, 10, 3, 8, 1, 6})


class Mode(StrEnum):
    """The diatonic modes, the minor with a leading note, and two eastern scales with an augmented second."""

    MAJOR = "major"
    MINOR = "minor"
    HARMONIC_MINOR = "harmonic minor"
    DORIAN = "dorian"
    PHRYGIAN = "phrygian"
    LYDIAN = "lydian"
    MIXOLYDIAN = "mixolydian"
    LOCRIAN = "locrian"
    HIJAZ = "hijaz"  #: also called phrygian dominant, freygish
    DOUBLE_HARMONIC = "double harmonic"  #: hijaz kar, byzantine

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return 3 in MODE_STEPS[self]


#: Semitones above the tonic of each degree, per mode.
MODE_STEPS: dict[Mode, tuple[int, ...]] = {
    Mode.MAJOR: (0, 2, 4, 5, 7, 9, 11),
    Mode.MINOR: (0, 2, 3, 5, 7, 8, 10),
    Mode.HARMONIC_MINOR: (0, 2, 3, 5, 7, 8, 11),
    Mode.DORIAN: (0, 2, 3, 5, 7, 9, 10),
    Mode.PHRYGIAN: (0, 1, 3, 5, 7, 8, 10),
    Mode.LYDIAN: (0, 2, 4, 6, 7, 9, 11),
    Mode.MIXOLYDIAN: (0, 2, 4, 5, 7, 9, 10),
    Mode.LOCRIAN: (0, 1, 3, 5, 6, 8, 10),
    Mode.HIJAZ: (0, 1, 4, 5, 7, 8, 10),
    Mode.DOUBLE_HARMONIC: (0, 1, 4, 5, 7, 8, 11),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic pitch class (0 = C … 11 = B) and a mode."""

    tonic: int
    mode: Mode

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes of the key, tonic first."""
        return tuple((self.tonic + step) % 12 for step in MODE_STEPS[self.mode])

    @property
    def name(self) -> str:
        """How a musician writes it.

        >>> Key(6, Mode.MINOR).name
        'F# minor'
        """
        return f"{spell(self.tonic, self)} {self.mode}"


def relative_major_tonic(key: Key) -> int:
    """Tonic of the major key with the same signature (its parallel Ionian).

    >>> relative_major_tonic(Key(9, Mode.MINOR))
    0
    """
    offset = {
        Mode.MAJOR: 0, Mode.MINOR: 3, Mode.HARMONIC_MINOR: 3, Mode.DORIAN: 10,
        Mode.PHRYGIAN: 8, Mode.LYDIAN: 7, Mode.MIXOLYDIAN: 5, Mode.LOCRIAN: 1,
        Mode.HIJAZ: 8, Mode.DOUBLE_HARMONIC: 8,
    }  # fmt: skip
    return (key.tonic + offset[key.mode]) % 12


def spell(pitch_class: int, key: Key) -> str:
    """Name a pitch class with the accidentals that the key's signature uses.

    >>> spell(10, Key(5, Mode.MAJOR))
    'Bb'
    """
    major = relative_major_tonic(key)
    # F# minor (relative A) takes sharps; D# minor is written Eb minor.
    flat = major in _FLAT_MAJOR_TONICS
    return (FLAT_NAMES if flat else SHARP_NAMES)[pitch_class % 12]


def pitch_name(pitch: int) -> str:
    """Scientific pitch notation, sharps only.

    >>> pitch_name(60)
    'C4'
    """
    return f"{SHARP_NAMES[pitch % 12]}{pitch // 12 - 1}"
