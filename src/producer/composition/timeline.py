"""Where bars, beats, steps and chords of one song lie."""

from bisect import bisect_right
from dataclasses import dataclass

from producer.composition.pattern import STEPS_PER_BEAT
from producer.score.harmony import Chord, ChordSpan
from producer.score.meter import Meter
from producer.units import beats_to_seconds


@dataclass(frozen=True, slots=True)
class Timeline:
    """Chords and tempo of a planned song, for quick look-ups."""

    meter: Meter
    bpm: float  #: quarter notes a minute
    spans: tuple[ChordSpan, ...]
    starts: tuple[float, ...]

    @classmethod
    def of(cls, meter: Meter, bpm: float, spans: tuple[ChordSpan, ...]) -> "Timeline":
        """Build the look-up tables."""
        return cls(meter, bpm, spans, tuple(span.start_beat for span in spans))

    @property
    def step_seconds(self) -> float:
        """Length of a sixteenth note."""
        return beats_to_seconds(1.0 / STEPS_PER_BEAT, self.bpm)

    def beat_of_bar(self, bar: int) -> float:
        """Beat on which a bar starts."""
        return bar * self.meter.bar_beats

    def step_of_beat(self, beat: float) -> float:
        """Sixteenths before a beat."""
        return beat * STEPS_PER_BEAT

    def span_at(self, beat: float) -> ChordSpan:
        """The chord span sounding at a beat; before the song the first, after it the last."""
        return self.spans[max(0, bisect_right(self.starts, beat + 1e-6) - 1)]

    def chord_at(self, beat: float) -> Chord:
        """The chord sounding at a beat."""
        return self.span_at(beat).chord

    def spans_between(self, start: float, end: float) -> list[ChordSpan]:
        """Chord spans cut to a stretch of beats."""
        cut = []
        for index in range(max(0, bisect_right(self.starts, start + 1e-6) - 1), len(self.spans)):
            span = self.spans[index]
            if span.start_beat >= end - 1e-6:
                break
            low, high = max(start, span.start_beat), min(end, span.end_beat)
            if high > low:
                cut.append(ChordSpan(low, high - low, span.chord))
        return cut
