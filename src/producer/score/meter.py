"""Time signatures and tempo: where beats fall in seconds."""

from bisect import bisect_right
from dataclasses import dataclass

from producer.units import beats_to_seconds, seconds_to_beats


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature. A beat is always a quarter note here, so 6/8 has 3 beats a bar."""

    numerator: int
    denominator: int

    @property
    def bar_beats(self) -> float:
        """Quarter notes in a bar.

        >>> Meter(6, 8).bar_beats
        3.0
        """
        return self.numerator * 4.0 / self.denominator

    @property
    def pulse_beats(self) -> float:
        """Quarter notes between the felt pulses: 1.5 in compound metres, else one denominator note."""
        compound = self.denominator == 8 and self.numerator % 3 == 0 and self.numerator > 3
        return 1.5 if compound else 4.0 / self.denominator

    @property
    def name(self) -> str:
        """As written at the start of a staff.

        >>> Meter(3, 4).name
        '3/4'
        """
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class TempoChange:
    """From `start_beat` on, `bpm` quarter notes a minute."""

    start_beat: float
    bpm: float


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Piecewise constant tempo; the first change is at beat 0."""

    changes: tuple[TempoChange, ...]

    def __post_init__(self) -> None:
        starts = [change.start_beat for change in self.changes]
        if not starts or starts[0] != 0.0 or starts != sorted(set(starts)):
            raise ValueError("a tempo map starts at beat 0 and its changes are in order")

    @property
    def bpm(self) -> float:
        """The opening tempo, in quarter notes a minute."""
        return self.changes[0].bpm

    def seconds_at(self, beat: float) -> float:
        """Time of a beat in seconds; beats before 0 continue the first tempo backwards.

        >>> TempoMap((TempoChange(0.0, 120.0), TempoChange(4.0, 60.0))).seconds_at(6.0)
        4.0
        """
        seconds = 0.0
        for this, following in zip(self.changes, self.changes[1:], strict=False):
            if beat <= following.start_beat:
                return seconds + beats_to_seconds(beat - this.start_beat, this.bpm)
            seconds += beats_to_seconds(following.start_beat - this.start_beat, this.bpm)
        last = self.changes[-1]
        return seconds + beats_to_seconds(beat - last.start_beat, last.bpm)

    def beat_at(self, seconds: float) -> float:
        """Inverse of :meth:`seconds_at`.

        >>> TempoMap((TempoChange(0.0, 120.0), TempoChange(4.0, 60.0))).beat_at(4.0)
        6.0
        """
        starts = [self.seconds_at(change.start_beat) for change in self.changes]
        i = max(0, bisect_right(starts, seconds) - 1)
        return self.changes[i].start_beat + seconds_to_beats(seconds - starts[i], self.changes[i].bpm)


def constant_tempo(bpm: float) -> TempoMap:
    """A tempo map that never changes."""
    return TempoMap((TempoChange(0.0, bpm),))
