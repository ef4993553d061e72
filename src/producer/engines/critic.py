"""The built-in critic: of several takes of a song, which has the tune that is most like real ones?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from producer.score.lyric import SectionKind
from producer.score.part import Note, Role
from producer.score.song import Song

LEAP_SEMITONES = 5
WORST = 3.0  # deviations; further off is no worse


@dataclass(frozen=True, slots=True)
class Trait:
    """What a feature is in real tunes: mean and standard deviation."""

    mean: float
    deviation: float

    def miss(self, value: float) -> float:
        """Squared distance in deviations, limited."""
        return min(WORST, abs(value - self.mean) / self.deviation) ** 2


#: 351 vocal lines of pop songs (de Clercq & Temperley's RS200 and the McGill Billboard, as CoCoPops has them)
#: and 2,798 folk tunes in 4/4 (Essen, O'Neill, Aird, Ryan, as music21 has them).
SUNG = {
    "mean_interval": Trait(2.08, 0.50), "repeated": Trait(0.30, 0.13), "steps": Trait(0.40, 0.14),
    "leaps": Trait(0.11, 0.06), "turned_leaps": Trait(0.78, 0.23), "upward": Trait(0.46, 0.06),
    "range": Trait(15.13, 4.68), "spread": Trait(3.50, 1.13), "chorus_lift": Trait(1.74, 3.40),
}  # fmt: skip
PLAYED = {
    "mean_interval": Trait(2.51, 0.63), "repeated": Trait(0.15, 0.11), "steps": Trait(0.50, 0.13),
    "leaps": Trait(0.14, 0.08), "turned_leaps": Trait(0.74, 0.22), "upward": Trait(0.47, 0.06),
    "range": Trait(16.28, 4.20), "spread": Trait(4.00, 0.99), "chorus_lift": Trait(1.74, 3.40),
}  # fmt: skip


def pick_take(takes: Sequence[Song]) -> Song:
    """The take whose tune is nearest to real tunes; the first of equals."""
    return min(takes, key=oddness)


def oddness(song: Song) -> float:
    """Mean squared distance of the song's tune from real tunes, in deviations; 0 is the middle of them."""
    notes = tune_of(song)
    if len(notes) < 8:
        return math.inf
    traits = SUNG if song.vocal else PLAYED
    features = describe(notes, song)
    return sum(traits[name].miss(value) for name, value in features.items()) / len(features)


def tune_of(song: Song) -> list[Note]:
    """What is sung by the leading voice, or else the busiest leading part, in order."""
    sung = [note for line in song.vocal if not line.backing for note in line.notes]
    played = [list(part.notes) for part in song.parts if part.role is Role.LEAD]
    notes = sung or max(played, key=len, default=[])
    return sorted(notes, key=lambda note: (note.start_beat, -note.pitch))


def describe(notes: Sequence[Note], song: Song) -> dict[str, float]:
    """The tune's features by name; those that can't be told of it are left out."""
    steps = [after.pitch - before.pitch for before, after in pairwise(notes)]
    moves = [step for step in steps if step]
    leaps = [(a, b) for a, b in pairwise(steps) if abs(a) >= LEAP_SEMITONES and b]
    pitches = [note.pitch for note in notes]
    mean = sum(pitches) / len(pitches)
    features = {
        "mean_interval": sum(map(abs, steps)) / len(steps),
        "repeated": steps.count(0) / len(steps),
        "steps": sum(0 < abs(step) <= 2 for step in steps) / len(steps),
        "leaps": sum(abs(step) >= LEAP_SEMITONES for step in steps) / len(steps),
        "range": float(max(pitches) - min(pitches)),
        "spread": math.sqrt(sum((pitch - mean) ** 2 for pitch in pitches) / len(pitches)),
    }
    if moves:
        features["upward"] = sum(step > 0 for step in moves) / len(moves)
    if leaps:
        features["turned_leaps"] = sum((a > 0) != (b > 0) for a, b in leaps) / len(leaps)
    verse, chorus = (_pitches_in(notes, song, kind) for kind in (SectionKind.VERSE, SectionKind.CHORUS))
    if verse and chorus:
        features["chorus_lift"] = sum(chorus) / len(chorus) - sum(verse) / len(verse)
    return features


def _pitches_in(notes: Sequence[Note], song: Song, kind: SectionKind) -> list[int]:
    bar = song.meter.bar_beats
    spans = [(s.start_bar * bar, s.end_bar * bar) for s in song.form.sections if s.kind is kind]
    return [note.pitch for note in notes if any(start <= note.start_beat < end for start, end in spans)]
