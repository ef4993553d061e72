"""The score: everything that is decided before a sound is made."""

from dataclasses import dataclass, field

from producer.score.harmony import ChordSpan
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.meter import Meter, TempoMap
from producer.score.part import Part, SungLine
from producer.score.pitch import Key


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of bars with one purpose."""

    kind: SectionKind
    label: str
    start_bar: int
    bars: int
    energy: float = 0.5  #: 0 hushed … 1 everything plays
    stanza: int | None = None  #: index into the lyric sheet's stanzas
    repeat_of: int | None = None  #: index of an earlier section whose tune it repeats

    @property
    def end_bar(self) -> int:
        """The bar in which the next section starts."""
        return self.start_bar + self.bars


@dataclass(frozen=True, slots=True)
class Form:
    """Sections in order, without gaps."""

    sections: tuple[Section, ...]

    @property
    def bars(self) -> int:
        """Length of the song in bars, without the ring-out."""
        return self.sections[-1].end_bar


@dataclass(frozen=True, slots=True)
class MixPlan:
    """What the mixer is asked for; numbers are wishes on top of the preset."""

    preset: str = "pop"  #: a name of the studio's mix presets
    width: float = 1.0  #: 0 mono … 1 as the preset … 2 very wide
    reverb: float = 1.0  #: factor on all sends
    brightness_db: float = 0.0  #: tilt at 8 kHz
    lofi: float = 0.0  #: 0 clean … 1 tape, vinyl and narrow band
    loudness_lufs: float = -14.0
    mastered: bool = True  #: False leaves compressor, saturation and limiter off
    fade_out_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Song:
    """A whole song on paper."""

    title: str
    seed: str
    style: str
    key: Key
    meter: Meter
    tempo: TempoMap
    form: Form
    chords: tuple[ChordSpan, ...]
    parts: tuple[Part, ...]
    vocal: tuple[SungLine, ...] = ()
    singers: tuple[str, ...] = ()  #: names of :data:`producer.score.singer.SINGERS`
    sheet: LyricSheet = field(default_factory=lambda: LyricSheet(()))
    mix: MixPlan = field(default_factory=MixPlan)
    length_seconds: float = 0.0  #: exact length of the recording, ring-out included

    def beat_of_bar(self, bar: int) -> float:
        """Beat on which a bar starts (bar 0 is the first)."""
        return bar * self.meter.bar_beats

    def seconds_of_bar(self, bar: int) -> float:
        """Time at which a bar starts."""
        return self.tempo.seconds_at(self.beat_of_bar(bar))
