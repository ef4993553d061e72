"""The sung part: every line of the sheet on its notes.

Lines of pop start off the beat more often than on it and leave a gap of about a beat and a half
(medians of 351 songs); here at least :data:`~producer.composition.setting.BREATH_SECONDS` stay
free before the next line. Spoken and rapped lines keep near the speaking pitch.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from producer.composition import speech
from producer.composition.audition import DRAFTS, MOST_BARS, chosen, ear_for
from producer.composition.brief import Brief
from producer.composition.comfort import discomfort
from producer.composition.form import Plan
from producer.composition.layout import Phrase
from producer.composition.pattern import STEPS_PER_BEAT, bar_steps
from producer.composition.second_voice import along, speech_pitches
from producer.composition.setting import BREATH_SECONDS, LAST_SECONDS, steps_to_beats, syllable_classes
from producer.composition.style import Style
from producer.composition.timeline import Timeline
from producer.composition.traits import Tune
from producer.composition.tune import Register, Sentence, Tunesmith
from producer.composition.turns import Room, with_turns
from producer.score.lyric import Delivery, Line, LyricSheet, SectionKind, Stanza
from producer.score.part import Note, SungLine
from producer.score.singer import ROSTER, Singer
from producer.score.song import Section

#: Semitones above the speaking pitch around which verses lie; the tune's median ends at 2 … 9.
_ATTEMPTS = 4
VERSE_HEIGHT = 4.2
_HIGHEST_CENTRE = 8.3  #: of any section, above the speaking pitch
_FLOOR = -2.0  #: single notes may go so far below the speaking pitch, where the singer has them
_KIND_LIFT = {
    SectionKind.PRE_CHORUS: 0.5, SectionKind.CHORUS: 1.0, SectionKind.POST_CHORUS: 1.0,
    SectionKind.BRIDGE: 0.7, SectionKind.BUILD: 0.6, SectionKind.DROP: 1.0, SectionKind.OUTRO: 0.2,
}  # fmt: skip
_LIFT_SPREAD = 1.8
_LEAST_LIFT = 0.8  #: of a refrain above the verse, so that three in four come out higher
_REFRAINS = frozenset({SectionKind.CHORUS, SectionKind.POST_CHORUS})
_UPBEAT_STEPS = 2  # an eighth
_LONGEST_NOTE_STEPS = 8  # inside a phrase a note is let go after two beats


@dataclass(slots=True)
class _Voice:
    """What the voice has done so far."""

    free_from: float = -1e9  #: step, in the song, from which the next line may start
    previous: int | None = None


def write_vocal(
    brief: Brief, sheet: LyricSheet, plan: Plan, style: Style, timeline: Timeline, *, seed: str
) -> tuple[SungLine, ...]:
    """Lead and backing lines of the whole song, in order of their sections.

    Several drafts are written, of which :mod:`~producer.composition.audition` takes one.
    """
    ear = ear_for("sung", style.melody.reference, brief.meter.name)
    lines = draft_vocal(brief, sheet, plan, style, timeline, seed)
    if ear is not None and _sung(lines):
        drafts = [lines] + [
            draft_vocal(brief, sheet, plan, style, timeline, f"{seed}/draft/{number}")
            for number in range(1, DRAFTS["sung"])
        ]
        tunes = [Tune.of(_sung(draft), brief.meter, brief.key.tonic, most_bars=MOST_BARS) for draft in drafts]
        lines = drafts[chosen(ear, tunes, Random(f"{seed}/audition"))]
    return (*lines, *along(brief, plan, lines, timeline)) if brief.choir or brief.duet else lines


def _sung(lines: Sequence[SungLine]) -> list[tuple[float, float, int]]:
    return [
        (note.start_beat, note.beats, note.pitch)
        for line in lines
        if not line.backing and line.delivery is Delivery.SUNG
        for note in line.notes
    ]


def draft_vocal(
    brief: Brief, sheet: LyricSheet, plan: Plan, style: Style, timeline: Timeline, seed: str
) -> tuple[SungLine, ...]:
    """One draft of the lead lines, written again while it lies too high or low for its singers."""
    shift = 0.0
    for _ in range(_ATTEMPTS):
        lines = _write(brief, sheet, plan, style, timeline, seed, shift)
        miss = discomfort(brief, lines)
        if not miss:
            break
        shift -= miss
    return lines


def _write(
    brief: Brief, sheet: LyricSheet, plan: Plan, style: Style, timeline: Timeline, seed: str, shift: float
) -> tuple[SungLine, ...]:
    smith = Tunesmith(
        key=brief.key, meter=brief.meter, spec=style.melody, step_seconds=timeline.step_seconds, seed=seed,
        shortening=min(1.0, 2.0 * (1.0 - style.swing)),
    )  # fmt: skip
    writer = _Writer(brief, sheet, plan, style, timeline, smith, seed, _pickup(plan, timeline), shift)
    lines: list[SungLine] = []
    sung: dict[int, tuple[SungLine, ...]] = {}
    for index, section in enumerate(plan.form.sections):
        if index not in plan.layouts:
            continue
        if section.repeat_of is not None and section.repeat_of in sung:
            sung[index] = writer.repeat(sung[section.repeat_of], section.repeat_of, index)
        else:
            sung[index] = writer.section(index, section)
        lines.extend(sung[index])
    return tuple(lines)


def _pickup(plan: Plan, timeline: Timeline) -> int:
    """A beat, if every section that is followed by another sung one has the room to spare.

    Repeated sections keep their notes wherever they stand, so they must all fit behind all others.
    """
    bar_seconds = timeline.meter.bar_beats * STEPS_PER_BEAT * timeline.step_seconds
    for index, layout in plan.layouts.items():
        last = layout.phrases[-1]
        if index + 1 in plan.layouts and last.end_bar >= plan.form.sections[index].bars:
            need = 0.3 * (last.stop - last.first) + last.tail_seconds + 1.2
            if last.bars * bar_seconds < need + STEPS_PER_BEAT * timeline.step_seconds:
                return 0
    return STEPS_PER_BEAT


@dataclass(slots=True)
class _Writer:
    brief: Brief
    sheet: LyricSheet
    plan: Plan
    style: Style
    timeline: Timeline
    smith: Tunesmith
    seed: str
    pickup: int  #: steps before its first bar that a section may begin to be sung
    shift: float  #: semitones by which everything lies higher
    voice: _Voice | None = None

    def repeat(self, lines: Sequence[SungLine], origin: int, index: int) -> tuple[SungLine, ...]:
        """The same notes again, later."""
        form = self.plan.form
        shift = self.timeline.beat_of_bar(form.sections[index].start_bar - form.sections[origin].start_bar)
        moved = [
            replace(
                line,
                section=index,
                notes=tuple(replace(note, start_beat=note.start_beat + shift) for note in line.notes),
            )
            for line in lines
        ]
        self.voice = _Voice(
            max(self.timeline.step_of_beat(line.notes[-1].end_beat) for line in moved) + self._breath_steps(),
            moved[-1].notes[-1].pitch,
        )
        return tuple(moved)

    def section(self, index: int, section: Section) -> tuple[SungLine, ...]:
        """All lines of one section."""
        assert section.stanza is not None
        stanza = self.sheet.stanzas[section.stanza]
        layout = self.plan.layouts[index]
        pieces: dict[int, list[Note]] = {}
        order: list[int] = []
        leads = [p for p in layout.phrases if not p.backing]
        for phrase in layout.phrases:
            number = sum(p.start_bar < phrase.start_bar for p in leads)
            last = bool(leads) and phrase is leads[-1]
            notes = self._phrase(index, section, stanza, phrase, number, last)
            if phrase.line not in pieces:
                order.append(phrase.line)
            pieces.setdefault(phrase.line, []).extend(notes)
        return tuple(
            SungLine(
                line=stanza.lines[i],
                notes=tuple(pieces[i]),
                section=index,
                delivery=stanza.delivery,
                backing=stanza.lines[i].backing,
                singer=self._singer_of(index, i),
            )
            for i in order
        )

    def _phrase(
        self, index: int, section: Section, stanza: Stanza, phrase: Phrase, number: int, last: bool
    ) -> list[Note]:
        line = stanza.lines[phrase.line]
        classes = syllable_classes(line)[phrase.first : phrase.stop]
        size = bar_steps(self.brief.meter)
        start = (section.start_bar + phrase.start_bar) * size
        voice = self.voice or _Voice(free_from=0.0)
        breath = self._breath_steps()
        room = phrase.bars * size - math.ceil(phrase.tail_seconds / self.timeline.step_seconds)
        earliest = max(math.ceil(voice.free_from - start), -size // 2)
        if phrase.start_bar == 0:
            earliest = max(earliest, -self.pickup)
        closing = self._closing(section, last and not phrase.backing)
        leaves = phrase.end_bar >= section.bars and index + 1 in self.plan.layouts
        # Folk lines let go in time for the next to begin with an upbeat: real ones pass over no downbeat.
        rest = breath + _UPBEAT_STEPS if self.style.melody.reference == "folk" else breath // 2
        end = room - (breath + self.pickup if leaves else rest)
        end = max(end, earliest + len(classes) + 1)
        text = f"{line.text.casefold().strip(' .,!?;:')}/{phrase.first}"
        sentence = Sentence(
            classes, number, phrase.start_bar * size, phrase.bars, earliest, end, closing, text
        )
        spacing = self._spacing(stanza, section.kind, room - max(0, earliest), len(classes))
        singer = self._singer(index, phrase.line)
        if stanza.delivery is Delivery.SPOKEN:
            free = speech.Room(earliest, end, self.timeline.step_seconds)
            said, falls = speech.speech_rhythm(line, phrase.first, phrase.stop, free, self.brief.meter)
            return self._written(
                line, phrase, start, said, falls, speech_pitches(classes, singer, stanza.delivery), section
            )
        onsets = self._plain_rhythm(sentence, section.kind, spacing, phrase)
        ends = self._ends(onsets, end, section.kind)
        if stanza.delivery is Delivery.RAP:
            return self._written(
                line, phrase, start, onsets, ends, speech_pitches(classes, singer, stanza.delivery), section
            )
        # A note that is struck just before a change of chord and held over it belongs to the new one.
        chords = [
            self.timeline.chord_at(steps_to_beats(start + (a + b) / 2))
            for a, b in zip(onsets, ends, strict=True)
        ]
        register = self._register(singer, section.kind, phrase.backing)
        kind = SectionKind.INTERLUDE if phrase.backing else section.kind
        before = () if voice.previous is None else (voice.previous,)
        pitches = self.smith.pitches(
            sentence, kind, onsets, ends, chords=chords, register=register, previous=before
        )
        notes = self._written(line, phrase, start, onsets, ends, pitches, section)
        space = Room(self.brief.key, self.timeline, register.low, register.high)
        return with_turns(notes, line, space, fondness=self.style.melody.melisma, seed=self.seed)

    def _written(
        self, line: Line, phrase: Phrase, start: int, onsets: Sequence[float], ends: Sequence[float],
        pitches: Sequence[int], section: Section,
    ) -> list[Note]:  # fmt: skip
        """The phrase's notes; the voice is then free a breath behind them."""
        before = self.voice.previous if self.voice else None
        self.voice = _Voice(
            start + ends[-1] + self._breath_steps(), before if phrase.backing else pitches[-1]
        )
        return self._notes(line, phrase, start, onsets, ends, pitches, section)

    def _plain_rhythm(
        self, sentence: Sentence, kind: SectionKind, spacing: float, phrase: Phrase
    ) -> tuple[int, ...]:
        if not phrase.backing:
            return self.smith.rhythm(sentence, kind, spacing=spacing)
        # An answer comes as soon as the lead has let go.
        return self.smith.rhythm(
            replace(sentence, number=100 + sentence.number), SectionKind.INTERLUDE, spacing=spacing
        )

    def _spacing(self, stanza: Stanza, kind: SectionKind, room: int, count: int) -> float:
        """Wished steps between syllables: about the style's rate, less when words are many."""
        step = self.timeline.step_seconds
        speed = {Delivery.SUNG: 1.45, Delivery.SPOKEN: 1.7, Delivery.RAP: 1.7}[stanza.delivery]
        slow = 0.85 if kind in (SectionKind.CHORUS, SectionKind.POST_CHORUS) else 1.0
        wished = 1.0 / (self.style.melody.rate * speed * slow) / step
        fits = max(1.0, (room * step - 0.75) / step / max(1, count))
        return max(1.0, min(wished, fits, 6.0))

    def _ends(self, onsets: Sequence[int], last: int, kind: SectionKind) -> list[int]:
        ends = [
            min(following, onset + _LONGEST_NOTE_STEPS) for onset, following in itertools.pairwise(onsets)
        ]
        long = 1.05 if kind in (SectionKind.CHORUS, SectionKind.BRIDGE, SectionKind.OUTRO) else 0.6
        # Some songs let their line ends ring, some clip them: last notes differ by 2.5 ± 2.2 medians.
        long *= math.exp(Random(f"{self.seed}/holds/{kind}").gauss(-0.1, 0.6))
        wished = max(3, round(long / self.timeline.step_seconds / 2) * 2)
        least = math.ceil(LAST_SECONDS / self.timeline.step_seconds)
        ends.append(onsets[-1] + max(least, min(wished, last - onsets[-1])))
        return ends

    def _notes(
        self, line: Line, phrase: Phrase, start: int, onsets: Sequence[float], ends: Sequence[float],
        pitches: Sequence[int], section: Section,
    ) -> list[Note]:  # fmt: skip
        dice = Random(f"{self.seed}/voice/{section.kind}/{phrase.line}/{phrase.first}")
        loud = round(62 + 36 * section.energy) - (12 if phrase.backing else 0)
        notes = []
        for i, (onset, end, pitch) in enumerate(zip(onsets, ends, pitches, strict=True)):
            syllable = phrase.first + i
            stress = line.syllables[syllable].stress
            velocity = max(30, min(122, loud + 4 * stress + dice.randrange(-3, 4)))
            beat, beats = steps_to_beats(start + onset), steps_to_beats(end - onset)
            notes.append(Note(beat, beats, pitch, velocity, round(dice.gauss(0.004, 0.006), 4), syllable))
        return notes

    def _register(self, singer: Singer, kind: SectionKind, backing: bool) -> Register:
        lift = self._lift(kind)
        height = min(_HIGHEST_CENTRE, VERSE_HEIGHT + lift) + (1.5 if backing else 0.0)
        centre = singer.speech_pitch + height + self.shift
        half = self.smith.spec.span / 2 + 3.5
        low = max(singer.low, math.ceil(singer.speech_pitch + _FLOOR))
        return Register(
            centre, max(low, math.floor(centre - half)), min(singer.high, math.ceil(centre + half))
        )

    def _lift(self, kind: SectionKind) -> float:
        """Semitones above the verse; songs differ in it by 3.4, and three in four lift their refrain."""
        usual = self.style.melody.lift * _KIND_LIFT.get(kind, 0.0)
        own = usual + Random(f"{self.seed}/lift/{kind}").gauss(0.0, _LIFT_SPREAD)
        return max(own, self._lift(SectionKind.VERSE) + _LEAST_LIFT) if kind in _REFRAINS else own

    def _closing(self, section: Section, last: bool) -> str:
        if not last:
            return "open"
        if section.kind in (SectionKind.CHORUS, SectionKind.OUTRO, SectionKind.POST_CHORUS):
            return "closed" if self.style.closed else "open"
        strophe = section.kind is SectionKind.VERSE and self.style.melody.reference == "folk"
        return "closed" if strophe else "half"

    def _breath_steps(self) -> int:
        return math.ceil(BREATH_SECONDS / self.timeline.step_seconds)

    def _singer_of(self, section: int, line: int) -> int:
        """Which of the song's singers has a line: duets take turns line by line and share choruses."""
        count = len(self.brief.singers)
        if count < 2 or not self.brief.duet:
            return 0
        turn = line
        if self.plan.form.sections[section].kind is SectionKind.CHORUS:
            turn = line // 2  # two lines each, the other voice along with them
        return turn % count

    def _singer(self, section: int, line: int) -> Singer:
        return ROSTER[self.brief.singers[self._singer_of(section, line)]]
