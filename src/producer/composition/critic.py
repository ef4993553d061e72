"""The critic: several takes of one song on paper, of which the best is kept.

A take is judged by what musicians look for first: a key that is heard, a tune that keeps inside the
5–95 % bands of 351 pop vocals and 7,378 folk tunes on plain features, long notes that belong to their
chords, a refrain that stands out, comes back and lies well for the singer, stresses on the beat. Marks
stop at "as real tunes do": nothing is gained by being more average than they are.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median, pstdev

from producer.composition.brief import Brief
from producer.composition.comfort import discomfort
from producer.composition.style import Style
from producer.composition.stylebook import load_style
from producer.composition.tonality import heard_lead
from producer.score.lyric import Delivery, SectionKind
from producer.score.part import Note, Role
from producer.score.song import Song

#: 5, 25, 75 and 95 % of real tunes, 4/4: 184 pop vocals (CoCoPops), 700 folk tunes (music21's corpus).
_BANDS: Mapping[str, Mapping[str, tuple[float, float, float, float]]] = {
    "pop": {
        "unison": (0.12, 0.20, 0.37, 0.51), "step": (0.23, 0.32, 0.50, 0.67),
        "leap": (0.02, 0.07, 0.14, 0.20), "range": (9.0, 12.0, 19.0, 23.0),
        "downbeats": (0.22, 0.41, 0.69, 0.88),
        "reuse": (0.01, 0.20, 0.57, 0.84), "rhythms": (0.32, 0.52, 0.76, 0.91),
        "interval": (1.32, 1.72, 2.36, 2.79), "turns": (0.33, 0.67, 1.0, 1.0),
        "density": (2.9, 3.55, 4.88, 6.18), "tonic": (0.04, 0.14, 0.30, 0.42),
        "spread": (2.05, 2.7, 4.3, 5.81), "upward": (0.40, 0.45, 0.51, 0.56),
    },
    "folk": {
        "unison": (0.01, 0.06, 0.21, 0.35), "step": (0.28, 0.42, 0.60, 0.71),
        "leap": (0.03, 0.08, 0.18, 0.29), "range": (10.0, 12.0, 19.0, 24.0),
        "downbeats": (0.97, 0.99, 1.0, 1.0),
        "reuse": (0.0, 0.0, 0.50, 0.75), "rhythms": (0.20, 0.33, 0.64, 0.88),
        "interval": (1.60, 2.03, 2.82, 3.64), "turns": (0.33, 0.60, 0.91, 1.0),
        "density": (3.3, 4.29, 7.62, 8.33), "tonic": (0.10, 0.17, 0.26, 0.33),
        "spread": (2.53, 3.3, 4.7, 5.66), "upward": (0.36, 0.43, 0.50, 0.56),
    },
}  # fmt: skip
#: What the marks weigh against each other.
_WEIGHTS = {
    "key": 5.0,
    "bands": 6.0,
    "harmony": 1.0,
    "comfort": 2.0,
    "lift": 0.7,
    "hook": 0.5,
    "stress": 1.0,
    "breath": 1.0,
}
_CLEAR_KEY = 0.3  #: lead over the next key (correlation) beyond which a song is clear enough
_LIFTED = 1.0  #: semitones by which a refrain should lie above the verse (72 % of songs do; median 1.2)
_LONG_BEATS = 0.95


def pick_take(takes: Sequence[Song], brief: Brief) -> Song:
    """The best of several songs written for one brief; the first of equals."""
    return max(takes, key=lambda song: merit(song, brief))


def merit(song: Song, brief: Brief) -> float:
    """How good a song is on paper, 0 to 1: the weighted mean of its marks."""
    marks = judge(song, brief)
    return sum(_WEIGHTS[name] * mark for name, mark in marks.items()) / sum(_WEIGHTS[name] for name in marks)


def judge(song: Song, brief: Brief) -> dict[str, float]:
    """Marks from 0 to 1 by name; only what the song has is judged."""
    tune = _tune(song)
    style = load_style(song.style)
    marks = {"key": max(0.0, min(1.0, 0.5 + 0.5 * heard_lead(song) / _CLEAR_KEY))}
    if len(tune) >= 8:
        marks |= {"bands": _in_bands(tune, song, style), "harmony": _belongs(tune, song)}
    if song.vocal:
        marks |= {name: rule(song, brief) for name, rule in _VOCAL_RULES.items()}
    return marks


def _tune(song: Song) -> list[Note]:
    """The sung tune, else what the lead plays."""
    sung = [
        n for line in song.vocal if not line.backing and line.delivery is Delivery.SUNG for n in line.notes
    ]
    played = [note for part in song.parts if part.role is Role.LEAD for note in part.notes]
    return sorted(sung or played, key=lambda note: note.start_beat)


def _in_bands(tune: Sequence[Note], song: Song, style: Style) -> float:
    """How far plain features lie where real tunes' do."""
    bands = _BANDS[style.melody.reference if not song.vocal else "pop"]
    values = _features(tune, song)
    return sum(_inside(values[name], band) for name, band in bands.items()) / len(bands)


def _inside(value: float, band: tuple[float, float, float, float]) -> float:
    """1 where the middle half of real tunes lies, falling to ½ at 5 and 95 %, and on to 0."""
    low, lower, upper, high = band
    if lower <= value <= upper:
        return 1.0
    edge, end = (lower, low) if value < lower else (upper, high)
    return max(0.0, 1.0 - 0.5 * abs(value - edge) / max(abs(end - edge), 0.02))


def _features(tune: Sequence[Note], song: Song) -> dict[str, float]:
    bar_beats = song.meter.bar_beats
    steps = [b.pitch - a.pitch for a, b in itertools.pairwise(tune)]
    moves = [abs(step) for step in steps]
    after = [a * b < 0 for a, b in itertools.pairwise(steps) if abs(a) > 4 and b]
    bars: dict[int, list[tuple[float, int]]] = {}
    for note in tune:
        bar = int(note.start_beat / bar_beats + 1e-3)
        bars.setdefault(bar, []).append((round((note.start_beat - bar * bar_beats) * 4) / 4, note.pitch))
    whole = Counter(tuple(notes) for notes in bars.values())
    rhythms = {tuple(onset for onset, _ in notes) for notes in bars.values()}
    pitches = [note.pitch for note in tune]
    return {
        "unison": sum(move == 0 for move in moves) / len(moves),
        "step": sum(0 < move < 3 for move in moves) / len(moves),
        "leap": sum(move > 4 for move in moves) / len(moves),
        "range": max(pitches) - min(pitches),
        "downbeats": sum(notes[0][0] < 0.1 for notes in bars.values()) / len(bars),
        "reuse": sum(count for count in whole.values() if count > 1) / len(bars),
        "rhythms": len(rhythms) / len(bars),
        "interval": sum(moves) / len(moves),
        "turns": sum(after) / len(after) if after else 1.0,
        "density": len(tune) / len(bars),
        "spread": pstdev(pitches),
        "upward": sum(step > 0 for step in steps) / max(1, sum(step != 0 for step in steps)),
        "tonic": sum((pitch - song.key.tonic) % 12 == 0 for pitch in pitches) / len(pitches),
    }


def _belongs(tune: Sequence[Note], song: Song) -> float:
    """Share of long notes that are notes of their chord, full marks from 80 % on."""
    starts = [span.start_beat for span in song.chords]
    held = [note for note in tune if note.beats >= _LONG_BEATS]
    if not held:
        return 1.0
    fits = 0
    for note in held:
        middle = note.start_beat + note.beats / 2
        span = song.chords[max(0, sum(start <= middle for start in starts) - 1)]
        fits += note.pitch % 12 in span.chord.pitch_classes
    return min(1.0, fits / len(held) / 0.8)


def _comfort(song: Song, brief: Brief) -> float:
    return max(0.0, 1.0 - abs(discomfort(brief, song.vocal)) / 4.0)


def _heights(song: Song, kinds: frozenset[SectionKind]) -> list[int]:
    return [
        note.pitch
        for line in song.vocal
        if song.form.sections[line.section].kind in kinds and not line.backing
        for note in line.notes
    ]


def _lift(song: Song, brief: Brief) -> float:
    """A refrain that lies above its verse."""
    verse = _heights(song, frozenset({SectionKind.VERSE}))
    chorus = _heights(song, frozenset({SectionKind.CHORUS}))
    if not verse or not chorus or brief.rap:
        return 1.0
    above = sum(chorus) / len(chorus) - sum(verse) / len(verse)
    return max(0.0, min(1.0, 0.5 + above / (2 * _LIFTED)))


def _hook(song: Song, brief: Brief) -> float:
    """A rhythm that comes back within the refrain: share of its lines that start like another one."""
    first = next((i for i, s in enumerate(song.form.sections) if s.kind is SectionKind.CHORUS), None)
    lines = [line for line in song.vocal if line.section == first and not line.backing]
    if len(lines) < 2:
        return 1.0
    heads = Counter(
        tuple(round((n.start_beat - line.notes[0].start_beat) * 4) for n in line.notes[:4]) for line in lines
    )
    return min(1.0, sum(count for count in heads.values() if count > 1) / len(lines) / 0.5)


def _stress(song: Song, brief: Brief) -> float:
    """Stressed notes against the grid: 60 % of stresses lie on a beat or the eighth before it."""
    on = total = 0
    for line in song.vocal:
        for note in line.notes:
            if note.syllable is None or line.line.syllables[note.syllable].stress <= 0:
                continue
            place = note.start_beat % 1.0
            total += 1
            on += place < 0.05 or place > 0.95
    return min(1.0, (on / total) / 0.55) if total else 1.0


def _breath(song: Song, brief: Brief) -> float:
    """Lines that aren't rushed: the median note lasts at least a fifth of a second."""
    seconds = song.tempo.seconds_at
    lengths = [
        seconds(note.end_beat) - seconds(note.start_beat) for line in song.vocal for note in line.notes
    ]
    return min(1.0, median(lengths) / 0.2)


_VOCAL_RULES: Mapping[str, Callable[[Song, Brief], float]] = {
    "comfort": _comfort, "lift": _lift, "hook": _hook, "stress": _stress, "breath": _breath,
}  # fmt: skip
