"""What hands and lips do between notes: scoops, bends, slides and falls; filters that open in a build.

Which instrument does what is common practice of its teaching (string bends on electric guitars, scoops and
falls of a horn section, portamento of bowed strings, meend on a sitar); shares and depths are our choice and
kept small, because a gesture on every note is a mannerism. Only a note that sounds alone is bent: the curve
is the whole part's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from producer.score.lyric import SectionKind
from producer.score.part import Control, ControlKind, Note
from producer.score.song import Section
from producer.units import seconds_to_beats

_AHEAD_SECONDS = 0.1  # a slow attack begins before its beat; it begins bent already
_SHORTEST_BEATS = 0.45  # notes shorter than this are only passed through
_ALONE_BEATS = 0.02
_FALL_SECONDS = 0.16
_REST_BEATS = 0.4  # what has to follow a note that falls off


_Beats = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Gesture:
    """How an instrument comes to its notes and leaves them."""

    semitones: float  #: from where a note starts, below 0 from below
    seconds: float  #: until it has arrived
    share: float  #: of the notes that are long enough
    fall_semitones: float = 0.0  #: how far a last note of a phrase drops
    fall_share: float = 0.0


_BOW, _BEND, _REED = Gesture(-0.7, 0.09, 0.16), Gesture(-2.0, 0.13, 0.2), Gesture(-0.8, 0.08, 0.28, -2.0, 0.2)
GESTURES: Mapping[str, Gesture] = {
    "violin": _BOW, "viola": _BOW, "cello": _BOW, "fiddle": Gesture(-0.9, 0.07, 0.3),
    "overdrive_guitar": _BEND, "distortion_guitar": _BEND, "clean_guitar": Gesture(-1.0, 0.07, 0.12),
    "jazz_guitar": Gesture(-1.0, 0.06, 0.15), "pedal_steel_guitar": Gesture(-2.0, 0.2, 0.45),
    "sitar": Gesture(-1.5, 0.16, 0.35), "koto": Gesture(-1.0, 0.1, 0.12), "banjo": Gesture(-1.0, 0.05, 0.1),
    "fretless_bass": Gesture(-1.5, 0.1, 0.3), "finger_bass": Gesture(-2.0, 0.07, 0.06),
    "upright_bass": Gesture(-1.0, 0.06, 0.07), "slap_bass": Gesture(-2.0, 0.06, 0.08),
    "alto_sax": _REED, "tenor_sax": _REED, "soprano_sax": _REED, "baritone_sax": _REED,
    "trumpet": Gesture(-0.6, 0.06, 0.16, -2.0, 0.18), "muted_trumpet": Gesture(-0.8, 0.08, 0.25, -2.0, 0.2),
    "trombone": Gesture(-1.6, 0.12, 0.3, -2.0, 0.2), "brass_section": Gesture(-0.5, 0.05, 0.1, -2.0, 0.25),
    "clarinet": Gesture(-0.7, 0.08, 0.15), "harmonica": Gesture(-0.8, 0.12, 0.35),
    "shakuhachi": Gesture(-1.2, 0.16, 0.4), "pan_flute": Gesture(-0.5, 0.08, 0.2),
    "flute": Gesture(-0.3, 0.06, 0.12), "whistle": Gesture(-0.8, 0.05, 0.2),
    "saw_lead": Gesture(-2.0, 0.07, 0.15), "square_lead": Gesture(-2.0, 0.06, 0.15),
    "sine_lead": Gesture(-2.0, 0.12, 0.3), "reese_bass": Gesture(-2.0, 0.12, 0.1),
}  # fmt: skip


def bends(notes: Sequence[Note], instrument: str, bpm: float, dice: Random) -> tuple[Control, ...]:
    """Pitch-bend curves of one player, in order; () for instruments that can't bend.

    Parameters
    ----------
    notes
        As they are played, nudges included.
    bpm
        Quarter notes a minute.
    """
    gesture = GESTURES.get(instrument)
    if gesture is None:
        return ()

    def beats(seconds: float) -> float:
        return seconds_to_beats(seconds, bpm)

    ordered = sorted(notes, key=lambda note: note.start_beat + beats(note.nudge_seconds))
    curve: list[tuple[float, float]] = []
    free_from = 0.0  # the beat up to which everything has been said
    for i, note in enumerate(ordered):
        start = note.start_beat + beats(note.nudge_seconds)
        end = note.end_beat + beats(note.nudge_seconds)
        following = ordered[i + 1].start_beat if i + 1 < len(ordered) else end + 4.0
        alone = free_from <= start + _ALONE_BEATS and following >= end - _ALONE_BEATS
        wishes = (
            dice.random(),
            dice.random(),
        )  # thrown for every note, so that one note's fate moves no other's
        if alone and note.beats >= _SHORTEST_BEATS:
            if wishes[0] < gesture.share:
                ahead = min(start - 0.002, max(free_from, start - beats(_AHEAD_SECONDS)))
                curve += _scoop(gesture, ahead, start, beats)
            if wishes[1] < gesture.fall_share and following - end > _REST_BEATS:
                curve += _fall(gesture, end, beats)
                end += _REST_BEATS
        free_from = max(free_from, end)
    return tuple(
        Control(round(max(0.0, beat), 4), ControlKind.PITCH_BEND, round(value, 3)) for beat, value in curve
    )


def _scoop(gesture: Gesture, ahead: float, start: float, beats: _Beats) -> list[tuple[float, float]]:
    arrived = start + beats(gesture.seconds)
    return [(ahead - 0.001, 0.0), (ahead, gesture.semitones), (start, gesture.semitones), (arrived, 0.0)]


def _fall(gesture: Gesture, end: float, beats: _Beats) -> list[tuple[float, float]]:
    drop = gesture.fall_semitones
    back = end + _REST_BEATS - 0.05
    return [(end - beats(_FALL_SECONDS), 0.0), (end + 0.02, drop), (back, drop), (back + 0.01, 0.0)]


_CLOSED, _NEUTRAL = 0.2, 0.5


def sweeps(sections: Sequence[Section], bar_beats: float) -> tuple[Control, ...]:
    """The filter of an electronic part: half closed in an intro, shut and opening through a build."""
    points: list[tuple[float, float]] = []
    for section in sections:
        start, end = section.start_bar * bar_beats, section.end_bar * bar_beats
        low, high = {
            SectionKind.INTRO: (0.34, 0.46),
            SectionKind.BUILD: (_CLOSED, _NEUTRAL),
            SectionKind.INTERLUDE: (0.44, 0.4),
        }.get(section.kind, (_NEUTRAL, _NEUTRAL))
        points += [(start, low), (end - 0.01, high)]
    if all(value == _NEUTRAL for _, value in points):
        return ()
    return tuple(Control(beat, ControlKind.BRIGHTNESS, value) for beat, value in points)
