"""Folk tunes for instruments, and the answers between lines (leads of pop: see :mod:`.vocalise`)."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from producer.composition.measures import has_measures, plan_strain
from producer.composition.melody import Manner, Slot, write_pitches
from producer.composition.pattern import bar_steps
from producer.composition.setting import steps_to_beats
from producer.composition.style import Style
from producer.composition.timeline import Timeline
from producer.composition.tune import Register, Sentence, Tunesmith
from producer.score.instrument import INSTRUMENTS
from producer.score.lyric import Delivery, SectionKind
from producer.score.meter import Meter
from producer.score.part import Note, SungLine
from producer.score.pitch import Key
from producer.score.song import Form, Section

#: Notes a bar of folk tunes (means) by metre.
_NOTES_PER_BAR = {"4/4": 6.0, "3/4": 3.83, "6/8": 4.99, "2/4": 4.4}
_PHRASE_BARS = 2
_STRAIN_BARS = 16  #: of folk tunes, before their rhythms come round again
_OPEN_SHARE = 0.3  #: of drafts that end on another note of the tonic's chord (a fifth of real tunes do)
GATE = 0.95  #: share of its written length that a note of a tune sounds
_REFRAINS = frozenset({SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP})


class Soloist:
    """Plays a folk tune where nobody sings."""

    def __init__(
        self, style: Style, timeline: Timeline, key: Key, instrument: str, *, seed: str, last_bar: int
    ) -> None:
        self.style, self.timeline, self.key, self.instrument, self.seed = (
            style,
            timeline,
            key,
            instrument,
            seed,
        )
        self.smith = Tunesmith(
            key=key,
            meter=timeline.meter,
            spec=style.melody,
            step_seconds=timeline.step_seconds,
            seed=f"{seed}/lead",
        )
        self._heard: dict[tuple[SectionKind, int], tuple[int, list[Note]]] = {}
        self._lines: dict[SectionKind, int] = {}
        self._previous: tuple[int, ...] = ()
        self._last_bar = last_bar
        self._stays_open = Random(f"{seed}/open").random() < _OPEN_SHARE

    def play(self, section: Section) -> list[Note]:
        """The tune of a section; a section heard before comes back."""
        kind = section.kind
        heard = self._heard.get((kind, section.bars))
        if heard is not None and kind in _REFRAINS:
            shift = self.timeline.beat_of_bar(section.start_bar - heard[0])
            return [replace(note, start_beat=note.start_beat + shift) for note in heard[1]]
        notes: list[Note] = []
        # Verses and solos go on where the last one left off: the same motifs in new lines.
        first = self._lines.get(kind, 0)
        for number, bar in enumerate(range(0, section.bars, _PHRASE_BARS), first):
            bars = min(_PHRASE_BARS, section.bars - bar)
            notes.extend(self._phrase(section, number, bar, bars))
        self._heard[kind, section.bars] = (section.start_bar, notes)
        self._lines[kind] = first + max(4, math.ceil(section.bars / _PHRASE_BARS / 4) * 4)
        return notes

    def _phrase(self, section: Section, number: int, bar: int, bars: int) -> list[Note]:
        _meter, size = self.timeline.meter, bar_steps(self.timeline.meter)
        start = (section.start_bar + bar) * size
        count = self._count(section.kind, number, bars)
        theme = self.smith.theme(section.kind)
        classes = _pseudo_syllables(
            count, Random(f"{self.seed}/words/{section.kind}/{theme.scheme[number % 4]}")
        )
        closing = self._closing(section, number, bar + bars)
        room = bars * size
        sentence = Sentence(classes, number, bar * size, bars, -2 if bar else 0, room, closing)
        if has_measures(_meter):
            onsets = self._measured(section, number, bar, bars)
        else:
            spacing = max(1.0, min(6.0, 0.9 * room / count))
            onsets = self.smith.rhythm(sentence, section.kind, spacing=spacing)
        tail = max(2, min(size, room - onsets[-1]))
        ends = [*(min(b, a + size) for a, b in itertools.pairwise(onsets)), onsets[-1] + tail]
        chords = [self.timeline.chord_at(steps_to_beats(start + onset)) for onset in onsets]
        pitches = self.smith.pitches(
            sentence, section.kind, onsets, ends,
            chords=chords, register=self._register(section.kind), previous=self._previous,
        )  # fmt: skip
        self._previous = (*self._previous, *pitches)[-2:]
        velocity = round(74 + 30 * section.energy)
        return [
            Note(steps_to_beats(start + a), steps_to_beats(b - a) * GATE, p, velocity + 5 * (a % size == 0))
            for a, b, p in zip(onsets, ends, pitches, strict=True)
        ]

    def _closing(self, section: Section, number: int, end_bar: int) -> str:
        """Sections close on the tonic where the chord allows; the last one leads on to the final chord."""
        if end_bar < section.bars:
            return "half" if number % 2 else "open"
        chord = self.timeline.chord_at(self.timeline.beat_of_bar(section.end_bar) - 0.5)
        if chord.root == self.key.tonic:
            return "resting" if self._stays_open and section.end_bar >= self._last_bar else "closed"
        return "homeward" if section.end_bar >= self._last_bar else "half"

    def _measured(self, section: Section, number: int, bar: int, bars: int) -> tuple[int, ...]:
        """Onsets as folk tunes have them, bar by bar."""
        meter, size = self.timeline.meter, bar_steps(self.timeline.meter)
        strain = plan_strain(
            meter, _STRAIN_BARS, tune=Random(f"{self.seed}/measures"),
            strain=Random(f"{self.seed}/measures/{section.kind}"), step_seconds=self.timeline.step_seconds,
        )  # fmt: skip
        first = number * _PHRASE_BARS
        rhythms = [strain[(first + i) % len(strain)] for i in range(bars)]
        if section.start_bar + bar + bars >= self._last_bar:
            rhythms[-1] = min(strain, key=len)  # tunes end on the longest notes they have
        return tuple(i * size + step for i, rhythm in enumerate(rhythms) for step in rhythm)

    def _count(self, kind: SectionKind, number: int, bars: int) -> int:
        meter = self.timeline.meter
        usual = _NOTES_PER_BAR.get(meter.name, 5.0)
        # Quick music has fewer notes a bar, slow music no fewer than its reference.
        comfortable = 4.6 * meter.bar_beats * 4 * self.timeline.step_seconds
        letter = self.smith.theme(kind).scheme[number % 4]
        dice = Random(f"{self.seed}/count/{kind}/{letter}")
        thin = 0.85 if number % 2 else 1.0
        if kind is SectionKind.SOLO:
            usual *= 1.2
        return max(2, round(min(usual, comfortable) * bars * thin * dice.uniform(0.85, 1.2)))

    def _register(self, kind: SectionKind) -> Register:
        shelf = INSTRUMENTS[self.instrument]
        low, high = max(shelf.low + 2, 55), min(shelf.high - 2, 88)
        lift = self.style.melody.lift if kind in (SectionKind.CHORUS, SectionKind.DROP) else 0.0
        centre = min(high - 6.0, max(low + 6.0, 68.0)) + lift
        half = self.smith.spec.span / 2 + 4
        return Register(centre, max(low, round(centre - half)), min(high, round(centre + half)))


def written(notes: Sequence[Note], meter: Meter) -> list[tuple[float, float, int]]:
    """Played notes with their written lengths, as (start beat, beats, pitch).

    The last one rings: of that, half a bar is what would be written.
    """
    (*inner, last) = sorted(notes, key=lambda note: note.start_beat)
    whole = [(n.start_beat, _on_grid(n.beats / GATE), n.pitch) for n in inner]
    return [*whole, (last.start_beat, min(meter.bar_beats / 2, _on_grid(last.beats)), last.pitch)]


def _on_grid(beats: float) -> float:
    """To the next eighth of a beat; notes sound a little shorter than they are written."""
    return math.ceil(8 * beats - 0.3) / 8


def _pseudo_syllables(count: int, dice: Random) -> tuple[str, ...]:
    """Accents as words would have them: about every other note, never two in a row."""
    classes = []
    strong = dice.random() < 0.4
    for _ in range(count):
        classes.append("primary" if strong else "weak")
        strong = not strong and dice.random() < 0.72
    return tuple(classes)


def answers(
    gaps: Sequence[tuple[float, float]], timeline: Timeline, key: Key, instrument: str, *,
    energy_at: "EnergyAt",
    dice: Random,
) -> list[Note]:  # fmt: skip
    """Short figures in the gaps between lines: one motif for the whole song, fitted to each chord."""
    steps = dice.choice(((0, 2, 4), (0, 2, 3, 4), (0, 3, 6), (0, 2, 4, 6), (0, 1, 2, 4)))
    shelf = INSTRUMENTS[instrument]
    low = max(shelf.low, min(60, shelf.high - 14))
    high = min(shelf.high, max(86, low + 14))
    manner = Manner(leap=0.6, unison=0.2, noise=0.3)
    turn = 1 if dice.random() < 0.5 else -1
    notes: list[Note] = []
    for start, end in gaps:
        if end - start < 1.5 or dice.random() > 0.62:
            continue
        first = round(start * 2 + 0.5) / 2
        onsets = [first + step / 4 for step in steps if first + step / 4 < end - 0.2]
        if len(onsets) < 2:
            continue
        centre = (low + high) / 2
        slots = [
            Slot(timeline.chord_at(beat), 0.9 if beat == onsets[-1] else 0.4, centre + turn * 2.5 * i)
            for i, beat in enumerate(onsets)
        ]
        pitches = write_pitches(slots, key=key, low=low, high=high, manner=manner, dice=dice)
        velocity = round(58 + 30 * energy_at(start))
        ends = [*onsets[1:], max(onsets[-1] + 0.4, min(end, onsets[-1] + 1.5))]
        notes += [Note(a, b - a, p, velocity) for a, b, p in zip(onsets, ends, pitches, strict=True)]
    return notes


def hook(vocal: Sequence[SungLine], form: Form, timeline: Timeline) -> list[Note]:
    """The first four bars of the first chorus's tune, from beat 0 on."""
    chorus = next((i for i, s in enumerate(form.sections) if s.kind is SectionKind.CHORUS), None)
    if chorus is None:
        return []
    start = timeline.beat_of_bar(form.sections[chorus].start_bar)
    until = start + timeline.beat_of_bar(4)
    lines = [line for line in vocal if line.section == chorus and line.delivery is Delivery.SUNG]
    return [
        replace(note, start_beat=note.start_beat - start, syllable=None, nudge_seconds=0.0)
        for line in lines
        if not line.backing
        for note in line.notes
        if start <= note.start_beat < until
    ]


def quote(notes: Sequence[Note], section: Section, timeline: Timeline, instrument: str) -> list[Note]:
    """A hook played at the start of a section, in an octave that suits the instrument."""
    shelf = INSTRUMENTS[instrument]
    start, beats = timeline.beat_of_bar(section.start_bar), timeline.beat_of_bar(section.bars)
    middle = sum(note.pitch for note in notes) / len(notes)
    aim = max(shelf.low + 9.0, min(shelf.high - 9.0, 69.0))
    shift = 12 * round((aim - middle) / 12)
    velocity = round(66 + 28 * section.energy)
    return [
        replace(note, start_beat=note.start_beat + start, pitch=note.pitch + shift, velocity=velocity)
        for note in notes
        if note.start_beat < beats - 0.5 and shelf.low <= note.pitch + shift <= shelf.high
    ]


def guide_tones(section: Section, timeline: Timeline, instrument: str) -> list[Note]:
    """A slow second line: the third or seventh of each chord, moving as little as it can.

    Guide tones are what keeps a progression audible beneath a tune (Levine, *The Jazz Theory Book*).
    """
    shelf = INSTRUMENTS[instrument]
    low = max(shelf.low, min(58, shelf.high - 12))
    high = min(shelf.high, max(79, low + 12))
    start, end = timeline.beat_of_bar(section.start_bar), timeline.beat_of_bar(section.end_bar)
    velocity = round(52 + 30 * section.energy)
    notes: list[Note] = []
    last = (low + high) / 2
    for span in timeline.spans_between(start, end):
        tones = span.chord.pitch_classes
        wanted = {tones[1 % len(tones)], tones[3 % len(tones)] if len(tones) > 3 else tones[-1]}
        pitch = min((p for p in range(low, high + 1) if p % 12 in wanted), key=lambda p: (abs(p - last), p))
        notes.append(Note(span.start_beat, span.beats * 0.96, pitch, velocity))
        last = pitch
    return notes


class EnergyAt:
    """Section energy at a beat."""

    def __init__(self, sections: Sequence[Section], bar_beats: float) -> None:
        self._sections, self._bar_beats = sections, bar_beats

    def __call__(self, beat: float) -> float:
        """Energy of the section that sounds at a beat."""
        bar = beat / self._bar_beats
        return next((s.energy for s in self._sections if s.start_bar <= bar < s.end_bar), 0.5)
