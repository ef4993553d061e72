"""Feel: swing in the score, and the small deviations of human hands.

Players stay within a few milliseconds: quantised drums were rated best, and deviations of 15–25 ms
worse, early worse than late (Frühauf, Kopiez & Platz 2013); so timing spreads are small, early
snares don't happen and life comes from dynamics.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from producer.score.part import Note
from producer.score.song import Section

_NUDGE_LIMIT = 2.2  # standard deviations
_PHRASE_BARS = 4
_PEAK_BENDS = 1.3  # a phrase is loudest a little after its middle
_TURN_BARS = 2  # in which a section grows, or yields, towards the next
_TURN_SHARE = 0.6  # of a breath's depth


def swing_beat(beat: float, share: float, pair_beats: float) -> float:
    """Move a beat as swing does: the first of each pair takes `share` of it.

    >>> round(swing_beat(1.5, 2 / 3, 1.0), 3)
    1.667
    """
    if share == 0.5:
        return beat
    pair = math.floor(beat / pair_beats + 1e-9)
    x = beat / pair_beats - pair
    x = x * share / 0.5 if x <= 0.5 else share + (x - 0.5) * (1.0 - share) / 0.5
    return (pair + x) * pair_beats


def swing_notes(notes: Iterable[Note], share: float, pair_beats: float) -> tuple[Note, ...]:
    """Swing the starts and ends of notes."""
    if share == 0.5:
        return tuple(notes)
    swung = []
    for note in notes:
        start = swing_beat(note.start_beat, share, pair_beats)
        end = swing_beat(note.end_beat, share, pair_beats)
        swung.append(replace(note, start_beat=round(start, 5), beats=round(max(0.02, end - start), 5)))
    return tuple(swung)


def humanise(
    notes: Iterable[Note],
    dice: Random,
    *,
    loose_ms: float,
    velocity_spread: float = 5.0,
) -> tuple[Note, ...]:
    """Add timing and velocity deviations; the notes' own nudges are kept and added to."""
    played = []
    for note in notes:
        deviation = max(-_NUDGE_LIMIT, min(_NUDGE_LIMIT, dice.gauss(0.0, 1.0))) * loose_ms / 1000.0
        velocity = max(1, min(127, round(note.velocity + dice.gauss(0.0, velocity_spread))))
        played.append(
            replace(note, velocity=velocity, nudge_seconds=round(note.nudge_seconds + deviation, 5))
        )
    return tuple(played)


def breathe(
    notes: Iterable[Note], sections: Sequence[Section], bar_beats: float, depth_db: float
) -> tuple[Note, ...]:
    """Let phrases of four bars swell and fall, and sections lead into the next.

    The phrase arch of the KTH rules (Friberg, Bresin & Sundberg 2006), here of loudness alone: the tempo
    stays. A velocity is 40 log₁₀ dB (SoundFont 2.04 §8.4.1), so `depth_db` from the softest to the loudest
    bar of a phrase becomes a factor.
    """
    if depth_db <= 0.0 or not sections:
        return tuple(notes)
    breathing = []
    for note in notes:
        db = depth_db * _arch(note.start_beat / bar_beats, sections)
        velocity = max(1, min(127, round(note.velocity * 10.0 ** (db / 40.0))))
        breathing.append(replace(note, velocity=velocity))
    return tuple(breathing)


def _arch(bar: float, sections: Sequence[Section]) -> float:
    """Where a breath stands, about −0.5 … 0.5."""
    index = next((i for i, s in enumerate(sections) if s.start_bar <= bar + 1e-6 < s.end_bar), None)
    if index is None:
        return 0.0  # the last chord
    section = sections[index]
    within = bar - section.start_bar
    span = min(_PHRASE_BARS, section.bars)
    share = min(1.0, (within % span) / span)
    arch = math.sin(math.pi * share**_PEAK_BENDS) - 0.5
    left = section.end_bar - bar
    if index + 1 < len(sections) and left <= _TURN_BARS < section.bars:
        rising = math.copysign(1.0, sections[index + 1].energy - section.energy)
        arch += rising * _TURN_SHARE * (1.0 - left / _TURN_BARS)
    return arch
