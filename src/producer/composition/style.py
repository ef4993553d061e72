"""Styles: what the band knows about a genre (the files are read by :mod:`.stylebook`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from producer.errors import ProducerError
from producer.score.instrument import Drum
from producer.score.meter import Meter
from producer.score.part import Role

MIX_PRESETS = frozenset(
    [
        "pop",
        "folk",
        "rock",
        "lofi",
        "dance",
        "ambient",
        "cinematic",
        "jazz",
        "hiphop",
        "electronic",
        "metal",
        "soul",
        "latin",
        "acoustic",
        "retro",
    ]
)
ENDINGS = frozenset({"ring", "ritard", "fade", "stop"})
#: How a part turns chords into notes.
MANNERS = frozenset(
    {"hold", "block", "strum", "arp", "bass", "walk", "drone", "counter", "lead", "roll", "texture"}
)
#: Keys of a harmony table.
PLACES = ("verse", "pre", "chorus", "bridge")
DRUM_KEYS: dict[str, int] = {
    name.lower(): key for name, key in vars(Drum).items() if name.isupper() and isinstance(key, int)
}
PATTERN_SIGNS = frozenset("XxougR123456789ra<.-")


class StyleError(ProducerError):
    """A style file says something that the band can't play."""


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One player of the ensemble."""

    name: str
    role: Role
    instrument: tuple[str, ...]  #: one is chosen by the dice
    manner: str  #: a member of :data:`MANNERS`
    pattern: tuple[str, ...] = ("x---------------",)  #: one is chosen for the song
    lift: tuple[str, ...] = ()  #: patterns for sections of energy ≥ 0.7; () = as `pattern`
    start: float = 0.0  #: least section energy in which it plays
    stop: float = 1.01  #: energy from which it rests
    only: tuple[str, ...] = ()  #: section kinds in which it plays; () = all
    low: int = 48  #: register, MIDI
    high: int = 76
    voices: int = 4  #: most chord notes at once
    velocity: int = 80
    level_db: float = 0.0
    pan: float = 0.0
    gate: float = 0.95  #: share of its written length that a note sounds
    sustain: bool = False  #: hold the pedal through each chord


@dataclass(frozen=True, slots=True)
class DrumSpec:
    """The drummer: patterns by intensity, each ``drum name → pattern``."""

    kit: tuple[str, ...]
    light: Mapping[str, str]
    main: Mapping[str, str]
    full: Mapping[str, str]
    fills: tuple[Mapping[str, str], ...]
    start: float = 0.3  #: least section energy with drums
    level_db: float = 0.0
    late_snare_ms: float = 0.0  #: how far behind the beat the backbeat lies
    fill_every: int = 4  #: bars between small fills; 0 = only into new sections
    crash: bool = True
    rests: tuple[str, ...] = ()  #: section kinds in which the drummer pauses: a breakdown


@dataclass(frozen=True, slots=True)
class MelodySpec:
    """How tunes of the style behave."""

    reference: str = "pop"  #: the measured corpus it should resemble: "pop" or "folk"
    rate: float = 2.4  #: comfortable syllables a second
    offbeat: float = 0.5  #: 0 square … 1 very syncopated
    leap: float = 0.5  #: 0 only steps … 1 wide
    unison: float = 0.5  #: 0 always moving … 1 reciting
    lift: float = 2.5  #: semitones by which the chorus lies higher than the verse
    span: int = 13  #: usual range of a sung tune in semitones
    blue: float = 0.0  #: share of blue thirds and sevenths
    melisma: float = 0.05  #: share of stressed long syllables with a second note


@dataclass(frozen=True, slots=True)
class Style:
    """All that is known about one genre."""

    name: str
    title: str
    words: tuple[str, ...]
    bpm: tuple[float, float]
    meters: tuple[str, ...]
    modes: tuple[str, ...]
    energy: float
    valence: float
    mix: str
    harmony: Mapping[str, Mapping[str, tuple[str, ...]]]  #: "major"/"minor"/a mode → place → progressions
    parts: tuple[PartSpec, ...]
    drums: DrumSpec | None
    melody: MelodySpec
    form: tuple[str, ...]  #: instrumental forms, as ``"intro:4 verse:8 …"``; one is chosen
    swing: float = 0.5  #: share of a pair that its first note takes: 0.5 straight … 0.67 triplet
    swing_beats: float = 1.0  #: length of the swung pair: 1 = eighths, 0.5 = sixteenths
    sings: bool = True  #: whether a prompt without words gets them
    singers: tuple[str, ...] = ()  #: voice tags that fit
    ending: str = "ring"
    intro_bars: int = 4
    loose_ms: float = 7.0  #: standard deviation of the players' timing
    drum_loose_ms: float = 3.5
    touch: float = 5.0  #: standard deviation of the players' velocities; drummers have four fifths of it
    dynamics: float = 0.5  #: 0 flat … 1 wide differences between sections
    closed: bool = True  #: whether choruses end on the tonic
    delivery: str = "sung"
    lofi: float = 0.0
    width: float = 1.0
    reverb: float = 1.0
    solo: tuple[str, ...] = ()  #: instruments that take solos and carry tunes without words


def parse_meter(text: str) -> Meter:
    """Read ``3/4``.

    >>> parse_meter("6/8").bar_beats
    3.0
    """
    numerator, _, denominator = text.partition("/")
    return Meter(int(numerator), int(denominator))
