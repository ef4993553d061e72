"""Chords and when they sound."""

from dataclasses import dataclass

#: Semitones above the root of each chord quality, in the order the symbol implies.
QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "mmaj7": (0, 3, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "7sus4": (0, 5, 7, 10),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m9": (0, 3, 7, 10, 14),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
    "13": (0, 4, 7, 10, 14, 21),
}


@dataclass(frozen=True, slots=True)
class Chord:
    """A root and a quality over a bass note; all pitch classes, 0 = C."""

    root: int
    quality: str = ""
    bass: int | None = None  #: another chord note or pedal in the bass; None = the root

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Chord notes from the root up, as pitch classes; the bass is not added."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def bass_pitch_class(self) -> int:
        """The pitch class that the bass plays."""
        return self.root if self.bass is None else self.bass


@dataclass(frozen=True, slots=True)
class ChordSpan:
    """A chord from `start_beat` on for `beats` quarter notes."""

    start_beat: float
    beats: float
    chord: Chord

    @property
    def end_beat(self) -> float:
        """The beat on which the next chord may start."""
        return self.start_beat + self.beats
