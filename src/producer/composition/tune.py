"""Tunes: motifs that are found once and come back.

Every kind of section has a theme. Its lines share motifs by a scheme (``ABAC`` …); a line that
returns is drawn to the onsets and pitches it had before, so equal words give equal notes and
different words a variation: a third to two fifths of all bars recur, as in real tunes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from producer.composition.melody import Manner, Slot, contour, own_habits, write_pitches
from producer.composition.moves import moves_for
from producer.composition.pattern import STEPS_PER_BEAT, bar_steps
from producer.composition.setting import Flow, Window, set_line, taste
from producer.composition.style import MelodySpec
from producer.score.harmony import Chord
from producer.score.lyric import SectionKind
from producer.score.meter import Meter
from producer.score.pitch import Key

_SCHEMES = {
    SectionKind.CHORUS: ("AABA", "ABAB", "ABAC", "AABC", "AABB"),
    SectionKind.BRIDGE: ("AABC", "ABAC", "AAAB"),
}
_USUAL_SCHEMES = ("ABAC", "AABA", "ABAB", "AABC", "AAAB", "AABB", "ABCB")
# Folk curves span two phrases of two letters each: arches come about by themselves, so they are rarer here.
_CONTOURS = {
    "pop": (("falling", 37), ("arch", 27), ("rising", 20), ("valley", 12), ("flat", 4)),
    "folk": (("arch", 22), ("falling", 30), ("rising", 22), ("valley", 22), ("flat", 4)),
}
# Where a phrase starts, in eighths from its bar: pop 42 % off-beat eighths, 17 % downbeat, 23 %
# beats 2 and 4, 10 % beat 3; folk phrases start on the downbeat or with a short pickup.
_ENTRIES = {
    "pop": ((0, 17), (1, 22), (2, 15), (3, 9), (4, 10), (-1, 18), (-2, 11), (-3, 8)),
    "folk": ((0, 62), (-1, 18), (-2, 20)),
}


_MOST_FREEDOM = 1.4  #: spread of the changes that new words bring to a rhythm, in the freest songs
_FAITH = (0.05, 0.8)  #: share of returning lines that return whole: least and most faithful song
_GROOVE = (0.1, 2.2)  #: spread of a song's liking for places of the bar
_AVOIDED = 0.3  #: by which a downbeat may be disliked
_THIRDS = 0.5  #: spread of a song's liking for thirds


@dataclass(slots=True)
class Motif:
    """What a line sounded like when it was first heard."""

    entry: int  #: wished first onset, in sixteenths
    shape: str
    noise: Mapping[int, float]
    height: float = 0.0  #: semitones above the section's centre
    speed: float = 1.0  #: factor on the spacing of its syllables
    classes: tuple[str, ...] = ()  #: the syllables that it was found for
    onsets: dict[int, int] = field(default_factory=dict)  #: step → pitch


@dataclass(slots=True)
class Theme:
    """The motifs of one kind of section, by place in the stanza."""

    scheme: str
    first_entry: int
    lines: dict[int, Motif] = field(default_factory=dict)  #: line number → what was sung there
    motifs: dict[str, Motif] = field(default_factory=dict)
    texts: dict[str, Motif] = field(default_factory=dict)  #: words → what they were sung to


@dataclass(frozen=True, slots=True)
class Register:
    """Where a voice or instrument plays a section."""

    centre: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A phrase to be set to notes: its syllables' classes and its place."""

    classes: tuple[str, ...]
    number: int  #: which line of its section it is
    first_step: int  #: of its first bar, inside the section
    bars: int
    earliest: int  #: onset before which the voice isn't free, in steps from `first_step`
    last: int  #: step by which the last note has ended, from `first_step`
    closing: str  #: "open", "half", "closed", or "homeward": the tonic comes next
    text: str = ""  #: its words, when it has some


class Tunesmith:
    """Writes the phrases of one song and remembers their motifs."""

    def __init__(
        self, *, key: Key, meter: Meter, spec: MelodySpec, step_seconds: float, seed: str,
        shortening: float = 1.0,
    ) -> None:  # fmt: skip
        spec = _own_character(spec, Random(f"{seed}/tune"))
        self.key, self.meter, self.spec, self.step_seconds = key, meter, spec, step_seconds
        self._seed, self._shortening = seed, shortening
        self._themes: dict[SectionKind, Theme] = {}
        own = Random(f"{seed}/freedom")
        self._freedom = own.uniform(0.0, _MOST_FREEDOM)
        self._faith = own.uniform(*_FAITH)
        self._groove = own.uniform(*_GROOVE)
        folk = spec.reference == "folk"
        self._manner = Manner(
            table=moves_for(spec.reference, meter.name),
            folk=folk,
            leap=spec.leap,
            unison=spec.unison,
            blue=spec.blue,
            third=own.gauss(0.0, 0.5 * _THIRDS if folk else _THIRDS),
            noise=own.uniform(0.3, 0.6) if folk else own.uniform(0.35, 0.85),
            habits=own_habits(Random(f"{seed}/habits"), 0.5 if folk else 0.65),
        )

    def theme(self, kind: SectionKind) -> Theme:
        """The theme of a kind of section, invented on first use."""
        if kind not in self._themes:
            dice = Random(f"{self._seed}/theme/{kind}")
            scheme = dice.choice(_SCHEMES.get(kind, _USUAL_SCHEMES))
            self._themes[kind] = Theme(scheme, self._entry(dice))
        return self._themes[kind]

    def _entry(self, dice: Random) -> int:
        table = _ENTRIES[self.spec.reference]
        eighths = dice.choices([e for e, _ in table], [w for _, w in table])[0]
        return 2 * eighths

    def _motif(self, theme: Theme, kind: SectionKind, sentence: Sentence) -> tuple[Motif, Motif | None]:
        """The motif for a line, and the earlier line that it echoes."""
        number = sentence.number
        if sentence.text in theme.texts:
            return theme.texts[sentence.text], theme.texts[sentence.text]
        if number in theme.lines:
            return theme.lines[number], theme.lines[number]
        letter = theme.scheme[number % len(theme.scheme)]
        if letter in theme.motifs:
            return theme.motifs[letter], theme.motifs[letter]
        dice = Random(f"{self._seed}/motif/{kind}/{letter}")
        table = _CONTOURS[self.spec.reference]
        shape = dice.choices([name for name, _ in table], [w for _, w in table])[0]
        # Phrases of one theme start alike more often than not.
        entry = theme.first_entry if dice.random() < 0.65 else self._entry(dice)
        folk = self.spec.reference == "folk"
        period = bar_steps(self.meter) if folk else None
        source = Random(f"{self._seed}/steps/{kind}") if folk else dice
        liked = taste(source, -24, 200, 0.5 if folk else self._looseness(), period=period)
        if not folk:
            # Every song has places in the bar that it likes to sing on, and some that it avoids.
            own = Random(f"{self._seed}/groove")
            places = [own.gauss(0.0, self._groove) for _ in range(bar_steps(self.meter))]
            places[0] = min(places[0], _AVOIDED)
            liked = {step: value + places[step % len(places)] for step, value in liked.items()}
        pace = math.exp(dice.gauss(0.0, 0.08 if folk else 0.34))
        theme.motifs[letter] = Motif(entry, shape, liked, dice.gauss(0.0, 0.7 if folk else 2.7), pace)
        return theme.motifs[letter], None

    def rhythm(self, sentence: Sentence, kind: SectionKind, *, spacing: float) -> tuple[int, ...]:
        """Onsets in steps from the sentence's first bar."""
        motif, echo = self._motif(self.theme(kind), kind, sentence)
        template = {} if echo is None else self._template(echo, kind, sentence)
        spacing = max(1.0, spacing * motif.speed)
        flow = Flow(
            self.step_seconds,
            spacing,
            self.spec.offbeat,
            self._shortening,
            self.spec.reference == "folk",
            motif.noise if echo is None else self._varied(echo, sentence, kind),
            template,
        )
        wished = min(motif.onsets) if sentence.text in self.theme(kind).texts else motif.entry
        first = max(sentence.earliest, min(0, wished))
        entry = max(first, wished)
        # A line with many words may not wait for its off-beat entry.
        need = spacing * len(sentence.classes)
        entry = max(first, min(entry, int(sentence.last - need)))
        window = Window(first, max(sentence.last, first + len(sentence.classes)), entry)
        return set_line(sentence.classes, window, flow, self.meter)

    def _looseness(self) -> float:
        """Spread of what single lines like: little in songs that are fond of a groove."""
        return 0.65 - 0.25 * self._groove

    def _varied(self, echo: Motif, sentence: Sentence, kind: SectionKind) -> Mapping[int, float]:
        """New words bring small changes with them, even to a rhythm that was heard before."""
        if sentence.classes == echo.classes:
            return echo.noise
        dice = Random(f"{self._seed}/vary/{kind}/{sentence.number}/{'/'.join(sentence.classes)}")
        return {step: value + dice.gauss(0.0, self._freedom) for step, value in echo.noise.items()}

    def _template(self, echo: Motif, kind: SectionKind, sentence: Sentence) -> dict[int, float]:
        """The onsets to come back to: all of them, or only the first bar's, the rest being new."""
        until = self._echo_until(kind, sentence)
        pull = 2.5 if sentence.text in self.theme(kind).texts else 1.0
        return {step: pull for step in echo.onsets if step < until}

    def _echo_until(self, kind: SectionKind, sentence: Sentence) -> int:
        """The step up to which a returning line is as it was."""
        dice = Random(f"{self._seed}/echo/{kind}/{sentence.number}")
        size = bar_steps(self.meter)
        if sentence.text in self.theme(kind).texts:
            return 99 * size  # words that come back bring their notes along: a hook
        if self.spec.reference == "folk":
            return 99 * size if dice.random() < self._faith else size
        if dice.random() < self._faith:
            return 99 * size
        return dice.choice((0, size // 2, size))

    def pitches(
        self, sentence: Sentence, kind: SectionKind, onsets: Sequence[int], ends: Sequence[int],
        *, chords: Sequence[Chord], register: Register, previous: Sequence[int],
    ) -> tuple[int, ...]:  # fmt: skip
        """Pitches for a rhythm that :meth:`rhythm` found; the motif is remembered."""
        theme = self.theme(kind)
        motif, echo = self._motif(theme, kind, sentence)
        slots = self._slots(kind, sentence, motif, echo, onsets, ends, chords, register)
        dice = Random(f"{self._seed}/pitch/{kind}/{sentence.number}/{len(onsets)}")
        found = write_pitches(
            slots, key=self.key, low=register.low, high=register.high,
            manner=self._manner, dice=dice, previous=previous,
        )  # fmt: skip
        heard = dict(zip(onsets, found, strict=True))
        if not motif.onsets:
            motif.onsets.update(heard)
            motif.classes = sentence.classes
        line = replace(motif, onsets=heard, classes=sentence.classes)
        theme.lines.setdefault(sentence.number, line)
        if sentence.text:
            theme.texts.setdefault(sentence.text, line)
        return found

    def _slots(
        self, kind: SectionKind, sentence: Sentence, motif: Motif, echo: Motif | None,
        onsets: Sequence[int], ends: Sequence[int],
        chords: Sequence[Chord], register: Register,
    ) -> list[Slot]:  # fmt: skip
        slots = []
        folk = self.spec.reference == "folk"
        span = max(1, onsets[-1] - onsets[0])
        reach = self.spec.span * (1.0 if self.spec.reference == "folk" else 0.55)
        until = self._echo_until(kind, sentence)
        size = bar_steps(self.meter)
        # Phrases of one section lean down towards its end, as declination does in speech and song.
        lean = 0.5 - 0.3 * (sentence.number % 4)
        for i, (onset, end, chord) in enumerate(zip(onsets, ends, chords, strict=True)):
            x = (onset - onsets[0]) / span
            if self.spec.reference == "folk":
                # Two phrases share one curve, so that lines join: folk tunes hardly leap between bars.
                x = (x + sentence.number % 2) / 2
            last = i == len(onsets) - 1
            accent = onset % size == 0 or (onset % (2 * STEPS_PER_BEAT) == 0)
            weight = min(1.0, 0.2 + 0.35 * accent + 0.12 * (end - onset))
            varied = last and sentence.closing != "open"
            heard = None
            if echo is not None and not varied and onset < until and onset in echo.onsets:
                heard = _octave_into(echo.onsets[onset], register)
            goal = self._goal(sentence.closing) if last else None
            if sentence.closing == "closed" and i == len(onsets) - 2:
                goal = {2: 1.6, 11: 1.1, 10: 0.3}  # the last note is reached by step in 48–72 % of folk tunes
            sink = (
                (4.5 if folk else 2.5)
                if sentence.closing in ("closed", "homeward") and i >= len(onsets) - 3
                else 0.0
            )
            height = register.centre - sink + motif.height + reach * contour(motif.shape, x) + lean
            pull = 2.0 if sentence.text in self.theme(kind).texts else 0.7 + self._faith
            joins = folk and onset % size == 0
            if last:
                weight = 0.6 if folk and sentence.closing in ("open", "half") else 1.0
            slots.append(Slot(chord, weight, height, heard, goal, pull, onset % size, joins))
        return slots

    def _goal(self, closing: str) -> Mapping[int, float] | None:
        third = 3 if self.key.mode.is_minor else 4
        if closing == "closed":
            return {0: 3.2, third: 0.8}
        if closing == "resting":
            return {third: 3.0, 7: 1.5}
        if closing == "homeward":
            return {2: 1.8, 11: 1.4, 7: 0.3}
        if closing == "half":
            return (
                {7: 0.7, 2: 1.3, third: 0.2}
                if self.spec.reference == "folk"
                else {7: 1.0, 2: 1.2, third: 0.4}
            )
        return None


def _own_character(spec: MelodySpec, dice: Random) -> MelodySpec:
    """One song's leaning within its style: real tunes differ from each other more than from the mean."""

    def near(value: float, spread: float) -> float:
        return max(0.0, min(1.0, value + dice.gauss(0.0, spread)))

    folk = spec.reference == "folk"
    return replace(
        spec,
        leap=near(spec.leap - (0.0 if folk else 0.12), 0.22),
        unison=near(spec.unison - 0.06, 0.22 if folk else 0.28),
        offbeat=near(spec.offbeat, 0.2),
        span=max(4, round(spec.span + dice.gauss(-1.0, 3.5) if folk else dice.gauss(1.0, 4.5))),
    )


def _octave_into(pitch: int, register: Register) -> int:
    """A pitch moved by octaves into a register: another singer takes the motif up."""
    while pitch < register.low:
        pitch += 12
    while pitch > register.high:
        pitch -= 12
    return pitch
