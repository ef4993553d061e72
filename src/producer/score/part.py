"""One player's line."""

from dataclasses import dataclass
from enum import StrEnum

from producer.score.lyric import Delivery, Line


class Role(StrEnum):
    """What a part does in the band; the mixer balances by it."""

    LEAD = "lead"  #: the tune, when nobody sings it
    COUNTER = "counter"  #: fills, answers, counter-melodies
    CHORDS = "chords"
    ARPEGGIO = "arpeggio"
    PAD = "pad"
    BASS = "bass"
    DRUMS = "drums"
    PERCUSSION = "percussion"
    EFFECTS = "effects"  #: risers, impacts, noise


class ControlKind(StrEnum):
    """What a control curve moves."""

    PITCH_BEND = "pitch bend"  #: semitones, 0 = none
    SUSTAIN = "sustain"  #: 1 = pedal down, 0 = up
    EXPRESSION = "expression"  #: 0–1 gain; linear between points
    BRIGHTNESS = "brightness"  #: 0–1 filter opening; 0.5 = as the patch is made


@dataclass(frozen=True, slots=True)
class Control:
    """A point of a control curve; straight lines join points of one kind."""

    beat: float
    kind: ControlKind
    value: float


@dataclass(frozen=True, slots=True)
class Note:
    """A note. Beats say where it stands in the score; `nudge_seconds` how a human plays it."""

    start_beat: float
    beats: float
    pitch: int  #: MIDI number; in drum parts the General MIDI drum key
    velocity: int = 80  #: 1–127
    nudge_seconds: float = 0.0  #: micro-timing, late is positive
    syllable: int | None = None  #: index into the sung line's syllables; equal neighbours are a melisma

    @property
    def end_beat(self) -> float:
        """The beat on which it stops."""
        return self.start_beat + self.beats


@dataclass(frozen=True, slots=True)
class Part:
    """All notes of one player."""

    name: str  #: unique in the song; names the stem
    role: Role
    instrument: str  #: a name of :data:`producer.score.instrument.INSTRUMENTS`
    notes: tuple[Note, ...]
    controls: tuple[Control, ...] = ()
    level_db: float = 0.0  #: against the role's usual level
    pan: float = 0.0  #: −1 left … 1 right
    reverb: float | None = None  #: send 0–1; None = as the mix preset has it for the role


@dataclass(frozen=True, slots=True)
class SungLine:
    """A line of lyrics on its notes. Times are those of the vowels' onsets; consonants come before."""

    line: Line
    notes: tuple[Note, ...]
    section: int  #: index into the form's sections
    delivery: Delivery = Delivery.SUNG
    backing: bool = False
    singer: int = 0  #: index into the song's singers; several lines may sound at once
