"""Chords of each section: loops from the style, cadences where a section leads somewhere.

Which chord ends what follows the shares measured on 939 rock and pop songs (de Clercq & Temperley
2011, *Popular Music* 30/1, and McGill Billboard): pre-choruses and bridges end on V in 39–72 % and
46–58 %, verses on I or V, closed choruses on I. In minor, cadences take the dominant with its
raised leading note (Piston, *Harmony*, ch. 4), so that the key is heard.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from producer.composition.numerals import parse_numeral, parse_progression, transpose
from producer.composition.style import Style
from producer.composition.tonality import Bar, clarified, clarity
from producer.score.harmony import Chord, ChordSpan
from producer.score.lyric import SectionKind
from producer.score.meter import Meter
from producer.score.pitch import Key, Mode
from producer.score.song import Form, Section

#: Which of a style's progressions a section plays.
PLACE_OF: Mapping[SectionKind, str] = {
    SectionKind.INTRO: "chorus",
    SectionKind.VERSE: "verse",
    SectionKind.PRE_CHORUS: "pre",
    SectionKind.CHORUS: "chorus",
    SectionKind.POST_CHORUS: "chorus",
    SectionKind.BRIDGE: "bridge",
    SectionKind.SOLO: "verse",
    SectionKind.INTERLUDE: "chorus",
    SectionKind.BUILD: "pre",
    SectionKind.DROP: "chorus",
    SectionKind.OUTRO: "chorus",
}
#: Modes whose cadence is modal: they keep their own last chord instead of a dominant.
_MODAL = frozenset({
    Mode.DORIAN, Mode.PHRYGIAN, Mode.LYDIAN, Mode.MIXOLYDIAN, Mode.LOCRIAN,
    Mode.HIJAZ, Mode.DOUBLE_HARMONIC,
})  # fmt: skip
_LEADING = frozenset({SectionKind.PRE_CHORUS, SectionKind.BRIDGE, SectionKind.BUILD})

_MINOR_RESTING = frozenset({"m", "m6", "m7", "m9", "madd9", "dim"})
_RESTING = _MINOR_RESTING | {"", "5", "6", "maj7", "add9", "maj9", "sus2"}

#: How the chords of a cadence are coloured, by what the verse is made of.
_DOMINANTS = {"plain": "", "seventh": "7", "power": "5"}
_SUBDOMINANTS = {
    (False, "plain"): "IV", (False, "seventh"): "ii7", (False, "power"): "IV5",
    (True, "plain"): "iv", (True, "seventh"): "iv7", (True, "power"): "bVI5",
}  # fmt: skip
#: Least lead of the key over its strongest rival, by place; bridges and pre-choruses lead away from home.
_FIRM_CLARITY = {"verse": 0.14, "pre": -0.05, "chorus": 0.14, "bridge": 0.0}
_LOOSE_CLARITY = {"verse": -0.08, "pre": -0.4, "chorus": -0.08, "bridge": -0.4}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The progressions chosen for one song, by place, over tonic C."""

    loops: Mapping[str, tuple[Bar, ...]]
    dominant: Chord
    cadence: Bar  #: the bar that leads home: a subdominant and the dominant
    tonic: Chord
    firm: bool = False  #: cadences as often as it takes for the key to be beyond doubt


@cache
def _mode_table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("producer.composition") / "modes.toml").read_text("utf-8"))


def progressions(style: Style, mode: Mode, place: str) -> tuple[str, ...]:
    """What a style plays in a mode; borrowed from the mode's own table when it has nothing."""
    table = style.harmony.get(mode.value)
    if table is None and mode is Mode.HARMONIC_MINOR:
        table = style.harmony.get("minor")
    if table is None:
        table = {key: tuple(value) for key, value in _mode_table()[mode.value].items()}
    return table.get(place) or table.get("verse") or tuple(_mode_table()[mode.value][place])


def choose_vocabulary(style: Style, key: Key, dice: Random, *, firm: bool = False) -> Vocabulary:
    """Choose the progressions of one song; `firm` where somebody asked for the key and wants to hear it."""
    loops = {}
    for place in ("verse", "pre", "chorus", "bridge"):
        options = [parse_progression(text) for text in progressions(style, key.mode, place)]
        if key.mode not in _MODAL:
            least = (_FIRM_CLARITY if firm else _LOOSE_CLARITY)[place]
            options = [clarified(option, key.mode.is_minor, least) for option in options]
            if firm:
                plain = [o for o in options if clarity(o, key.mode.is_minor) >= least]
                options = plain or [max(options, key=lambda o: clarity(o, key.mode.is_minor))]
        loops[place] = options[dice.randrange(len(options))]
    minor, colour = key.mode.is_minor, _colour(loops["verse"])
    dominant = Chord(7, "7" if firm and colour == "plain" else _DOMINANTS[colour])
    tonic = Chord(0, "dim" if key.mode is Mode.LOCRIAN else "m" if minor else "")
    cadence = (parse_numeral(_SUBDOMINANTS[minor, colour]), dominant)
    return Vocabulary(loops, dominant, cadence, tonic, firm)


def _colour(loop: Sequence[Bar]) -> str:
    """What a progression's chords are made of: power chords, sevenths or plain triads."""
    chords = [chord for bar in loop for chord in bar]
    if sum(chord.quality == "5" for chord in chords) * 2 > len(chords):
        return "power"
    return "seventh" if any(len(chord.pitch_classes) > 3 for chord in chords) else "plain"


def plan_chords(
    form: Form, vocabulary: Vocabulary, *, style: Style, key: Key, meter: Meter
) -> tuple[ChordSpan, ...]:
    """Chords of the whole song, without gaps, ending with a tonic that rings after the last bar."""
    bars: list[Bar] = []
    for i, section in enumerate(form.sections):
        following = form.sections[i + 1] if i + 1 < len(form.sections) else None
        bars.extend(_section_bars(section, following, vocabulary, style, key))
    spans: list[ChordSpan] = []
    for number, bar in enumerate(bars):
        for start, beats, chord in zip(*_split_bar(meter, len(bar)), bar, strict=True):
            spans.append(ChordSpan(number * meter.bar_beats + start, beats, transpose(chord, key.tonic)))
    final = transpose(_final_tonic(vocabulary), key.tonic)
    spans.append(ChordSpan(len(bars) * meter.bar_beats, meter.bar_beats, final))
    return tuple(_merged(spans))


def _final_tonic(vocabulary: Vocabulary) -> Chord:
    """The tonic chord that the song has used most, in root position; never a dominant seventh."""
    used = [c for loop in vocabulary.loops.values() for bar in loop for c in bar if c.root == 0]
    resting = [c.quality for c in used if c.quality in _RESTING]
    wanted = [q for q in resting if (q in _MINOR_RESTING) is (vocabulary.tonic.quality != "")]
    qualities = wanted or resting
    return Chord(0, max(qualities, key=qualities.count)) if qualities else vocabulary.tonic


def _section_bars(
    section: Section, following: Section | None, vocabulary: Vocabulary, style: Style, key: Key
) -> list[Bar]:
    bars = _played(vocabulary.loops[PLACE_OF[section.kind]], section.bars)
    if section.bars < 2 or key.mode in _MODAL:
        # Modal keys keep their own last chord; a dominant would tell of another key.
        return _closed(bars, section, following, vocabulary, style)
    if following is None and style.melody.reference == "folk" and section.bars >= 4:
        # Folk tunes come home inside their last bar, not in one that is added to them.
        bars[-2:] = [vocabulary.cadence, (_final_tonic(vocabulary),)]
    elif following is None:
        bars[-1] = vocabulary.cadence
    elif section.kind in _LEADING:
        bars[-1] = vocabulary.cadence if vocabulary.firm else (vocabulary.dominant,)
    elif section.kind not in _LEADING and _is_strophe(section, style):
        # So does each sung strophe; strains of dance tunes may stay open.
        bars[-2:] = [vocabulary.cadence, (_final_tonic(vocabulary),)]
    elif section.kind is SectionKind.VERSE and following.kind is SectionKind.CHORUS:
        bars[-1] = bars[-1] if bars[-1][-1].root in (5, 7) else vocabulary.cadence
    elif section.kind is SectionKind.CHORUS and style.closed and section.bars >= 4:
        bars[-2] = vocabulary.cadence
    return _closed(bars, section, following, vocabulary, style)


def _is_strophe(section: Section, style: Style) -> bool:
    """Whether a section is a sung stanza of a folk song."""
    return section.stanza is not None and style.melody.reference == "folk" and section.bars >= 4


def _played(loop: Sequence[Bar], count: int) -> list[Bar]:
    """A progression for `count` bars: gone round, or its opening and its close when it is too long."""
    if count < len(loop):
        opening = (count + 1) // 2
        return [*loop[:opening], *loop[len(loop) - count + opening :]]
    return [loop[i % len(loop)] for i in range(count)]


def _closed(
    bars: list[Bar], section: Section, following: Section | None, vocabulary: Vocabulary, style: Style
) -> list[Bar]:
    """Choruses of styles that close come home in their last bar."""
    if following and section.kind is SectionKind.CHORUS and style.closed and section.bars >= 4:
        bars[-1] = (_final_tonic(vocabulary),)
    return bars


def _split_bar(meter: Meter, count: int) -> tuple[list[float], list[float]]:
    """Where `count` chords of one bar start and how long they last, on pulses where possible."""
    pulse = meter.pulse_beats
    pulses = round(meter.bar_beats / pulse)
    starts = [min(pulses - 1, round(i * pulses / count + 0.001)) * pulse for i in range(count)]
    if len(set(starts)) < count:
        starts = [i * meter.bar_beats / count for i in range(count)]
    ends = [*starts[1:], meter.bar_beats]
    return starts, [end - start for start, end in zip(starts, ends, strict=True)]


def _merged(spans: Sequence[ChordSpan]) -> list[ChordSpan]:
    merged: list[ChordSpan] = []
    for span in spans:
        if merged and merged[-1].chord == span.chord:
            merged[-1] = ChordSpan(merged[-1].start_beat, merged[-1].beats + span.beats, span.chord)
        else:
            merged.append(span)
    return merged
