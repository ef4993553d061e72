"""Tunes of pop for instruments: phrased as a voice phrases, on syllables that nobody sings.

The leads of songs without words sounded like exercises: a phrase every two bars, no breath, no hook. So
they are written where sung tunes are (:mod:`.vocal`), on lines without meaning. Their syllables have the
stresses of English lyrics (RS200, 21,704 syllables by class), their lines a stanza's scheme, and some
of them come back word for word, which brings the notes back.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from random import Random

from producer.composition.brief import Brief
from producer.composition.form import Plan
from producer.composition.layout import GAP_SECONDS, LONGEST_PHRASE, Layout, Phrase
from producer.composition.lead import GATE
from producer.composition.style import Style
from producer.composition.timeline import Timeline
from producer.composition.vocal import draft_vocal
from producer.score.instrument import INSTRUMENTS
from producer.score.lyric import Line, LyricSheet, SectionKind, Stanza, Syllable
from producer.score.part import Note
from producer.score.song import Form, Section

_VOICE = "af_bella"  #: whose range an instrument borrows, before its octave is chosen
#: Words by the stresses of their syllables, and how many of a hundred are such: function and content
#: words of one syllable 45 and 37, of two and three 18.
_WORDS = (
    ((0,), 45), ((2,), 37), ((2, 0), 10), ((0, 2), 4), ((2, 0, 0), 1), ((0, 2, 0), 2), ((2, 0, 1), 1),
)  # fmt: skip
_REFRAINS = frozenset({SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP})
_SCHEMES = ("ABAB", "AABB", "AABA", "ABAC", "AAAA")
_PHRASE_SECONDS = 4.0  #: of a line with its breath: medians of 351 songs are 6 and 1.5 beats
_PHRASE_BARS = (1, 2, 4)
_LENGTH_SPREAD = 0.3  #: of the syllables of lines, as a logarithm
_LEAST_SYLLABLES = 3
#: Lines to the second of a voice at ease, by section: refrains are slower, solos quicker.
_PACE = {SectionKind.CHORUS: 0.9, SectionKind.DROP: 0.9, SectionKind.SOLO: 1.3, SectionKind.OUTRO: 0.85}
_AIM = 69.0  #: MIDI, where a lead's tune lies if its instrument can
_EDGE = 7  #: semitones that it stays away from the ends of the instrument
_STRONGER = 10  #: velocity of a lead over a voice


def write_vocalise(
    brief: Brief, form: Form, chosen: Collection[int], style: Style, timeline: Timeline,
    instrument: str, *, seed: str,
) -> list[Note]:  # fmt: skip
    """One draft of the tune of the sections `chosen`, where the instrument lies well."""
    sheet, plan = _wordless(brief, form, chosen, style, timeline, seed)
    alone = replace(brief, singers=(_VOICE,), duet=False, choir=False)
    lines = draft_vocal(alone, sheet, plan, style, timeline, seed)
    notes = sorted((note for line in lines for note in line.notes), key=lambda note: note.start_beat)
    shift = _octaves(notes, instrument)
    return [
        replace(
            note, pitch=_within(note.pitch + shift, instrument), beats=note.beats * GATE,
            syllable=None, nudge_seconds=0.0,
            velocity=min(127, note.velocity + _STRONGER),
        )
        for note in notes
    ]  # fmt: skip


@dataclass(slots=True)
class _Poet:
    """Finds lines without meaning and remembers them by section and place."""

    seed: str
    faith: float  #: share of lines that come back word for word where a stanza's scheme lets them

    def stanza(self, kind: SectionKind, turn: int, sizes: Sequence[int]) -> tuple[Line, ...]:
        """Lines of so many syllables; `turn` counts the stanzas of one kind."""
        lines: list[Line] = []
        scheme = Random(f"{self.seed}/scheme/{kind}").choice(_SCHEMES)
        for number, size in enumerate(sizes):
            letter = scheme[number % len(scheme)]
            back = Random(f"{self.seed}/back/{kind}/{turn}/{number}").random() < self.faith
            name = f"{kind}/{letter}" if back else f"{kind}/{turn}/{number}"
            lines.append(_line(f"{name}/{size}", size, Random(f"{self.seed}/line/{name}/{size}")))
        return tuple(lines)


def _wordless(
    brief: Brief, form: Form, chosen: Collection[int], style: Style, timeline: Timeline, seed: str
) -> tuple[LyricSheet, Plan]:
    poet = _Poet(seed, Random(f"{seed}/faith").uniform(0.1, 0.9))
    stanzas: list[Stanza] = []
    sections: list[Section] = []
    layouts: dict[int, Layout] = {}
    for index, section in enumerate(form.sections):
        if index not in chosen:
            sections.append(section)
            continue
        # Refrains have the same words each time.
        turn = 0 if section.kind in _REFRAINS else sum(s.kind is section.kind for s in stanzas)
        spans = _spans(section.bars, brief, timeline)
        sizes = [
            _size(section.kind, i, bars, style, brief, timeline, seed) for i, (_, bars) in enumerate(spans)
        ]
        lines = poet.stanza(section.kind, turn, sizes)
        sections.append(replace(section, stanza=len(stanzas)))
        layouts[index] = Layout(
            tuple(
                Phrase(i, 0, size, start, bars)
                for i, (size, (start, bars)) in enumerate(zip(sizes, spans, strict=True))
            ),
            section.bars,
        )
        stanzas.append(Stanza(section.kind, section.label, lines))
    plan = Plan(Form(tuple(sections)), layouts, timeline.bpm, 0.0)
    return LyricSheet(tuple(stanzas)), plan


def _bar_seconds(brief: Brief, timeline: Timeline) -> float:
    return brief.meter.bar_beats * 60.0 / timeline.bpm


def _spans(bars: int, brief: Brief, timeline: Timeline) -> list[tuple[int, int]]:
    """First bar and bars of each phrase of a section."""
    second = _bar_seconds(brief, timeline)
    usual = min(_PHRASE_BARS, key=lambda n: abs(math.log(n * second / _PHRASE_SECONDS)))
    return [(start, min(usual, bars - start)) for start in range(0, bars, usual)]


def _size(
    kind: SectionKind, number: int, bars: int, style: Style, brief: Brief, timeline: Timeline, seed: str
) -> int:
    """Syllables of a line: as many as the style's pace finds room for, lines of one letter alike."""
    room = max(1.0, bars * _bar_seconds(brief, timeline) - GAP_SECONDS)
    own = Random(f"{seed}/size/{kind}/{number % 2}").gauss(0.0, _LENGTH_SPREAD)
    wished = room * style.melody.rate * _PACE.get(kind, 1.0) * math.exp(own)
    return max(_LEAST_SYLLABLES, min(LONGEST_PHRASE, round(wished)))


def _line(text: str, size: int, dice: Random) -> Line:
    syllables: list[Syllable] = []
    word = 0
    while len(syllables) < size:
        room = size - len(syllables)
        options = [(stresses, share) for stresses, share in _WORDS if len(stresses) <= room]
        (stresses,) = dice.choices([s for s, _ in options], [w for _, w in options])
        syllables += [
            Syllable("la", ("l",), ("ɑ",), (), stress, word, starts_word=i == 0)
            for i, stress in enumerate(stresses)
        ]
        word += 1
    return Line(text, ("la",) * word, tuple(syllables))


def _octaves(notes: Sequence[Note], instrument: str) -> int:
    """Semitones, whole octaves, that bring a tune where the instrument sings best."""
    if not notes:
        return 0
    shelf = INSTRUMENTS[instrument]
    middle = sum(note.pitch for note in notes) / len(notes)
    aim = max(shelf.low + float(_EDGE), min(shelf.high - float(_EDGE), _AIM))
    return 12 * round((aim - middle) / 12)


def _within(pitch: int, instrument: str) -> int:
    """A pitch, moved by octaves into the instrument's range."""
    shelf = INSTRUMENTS[instrument]
    while pitch > shelf.high:
        pitch -= 12
    while pitch < shelf.low:
        pitch += 12
    return pitch
