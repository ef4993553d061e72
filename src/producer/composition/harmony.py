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

from producer.composition.numerals import parse_progression, transpose
from producer.composition.style import Style
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
_MODAL = frozenset({Mode.DORIAN, Mode.PHRYGIAN, Mode.LYDIAN, Mode.MIXOLYDIAN, Mode.LOCRIAN})
_LEADING = frozenset({SectionKind.PRE_CHORUS, SectionKind.BRIDGE, SectionKind.BUILD})

_MINOR_RESTING = frozenset({"m", "m6", "m7", "m9", "madd9", "dim"})
_RESTING = _MINOR_RESTING | {"", "5", "6", "maj7", "add9", "maj9", "sus2"}

Bar = tuple[Chord, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The progressions chosen for one song, by place, over tonic C."""

    loops: Mapping[str, tuple[Bar, ...]]
    dominant: Chord
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
        if firm and place in ("verse", "chorus"):
            most = max(map(_tonic_share, options))
            options = [option for option in options if _tonic_share(option) >= 0.75 * most]
        loops[place] = options[dice.randrange(len(options))]
    sevenths = any(len(chord.pitch_classes) > 3 for bar in loops["verse"] for chord in bar)
    tonic_triad = {True: "m", False: ""}[key.mode.is_minor] if key.mode is not Mode.LOCRIAN else "dim"
    return Vocabulary(loops, Chord(7, "7" if sevenths else ""), Chord(0, tonic_triad), firm)


def _tonic_share(loop: Sequence[Bar]) -> float:
    """Share of a progression that the tonic sounds; its first bar counts double."""
    bars = [sum(chord.root == 0 for chord in bar) / len(bar) for bar in loop]
    return (sum(bars) + bars[0]) / (len(bars) + 1)


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
    loop = vocabulary.loops[PLACE_OF[section.kind]]
    bars = [loop[i % len(loop)] for i in range(section.bars)]
    if section.bars < 2:
        return bars
    modal = key.mode in _MODAL
    if vocabulary.firm and key.mode is Mode.MINOR:
        for i in range(3 if len(loop) <= 4 else 7, section.bars, 4 if len(loop) <= 4 else 8):
            bars[i] = (
                (vocabulary.dominant,)
                if bars[i][-1].root in (10, 3, 7)
                else (bars[i][0], vocabulary.dominant)
            )
    if following is None:
        # The song's last bar leads home: plagal in modal keys, else the dominant.
        bars[-1] = bars[-1] if modal else (vocabulary.dominant,)
    elif section.kind in _LEADING and not modal:
        bars[-1] = (vocabulary.dominant,)
    elif section.kind is SectionKind.VERSE and following.kind is SectionKind.CHORUS:
        bars[-1] = bars[-1] if modal or bars[-1][-1].root == 5 else (vocabulary.dominant,)
    elif section.kind is SectionKind.CHORUS and style.closed and section.bars >= 4:
        if not modal:
            bars[-2] = (vocabulary.dominant,)
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
