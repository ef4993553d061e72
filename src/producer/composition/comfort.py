"""Whether a tune lies well for its singers."""

from collections.abc import Sequence
from statistics import median

from producer.composition.brief import Brief
from producer.score.lyric import Delivery
from producer.score.part import SungLine
from producer.score.singer import ROSTER

#: Where a tune's median should lie, in semitones above the singer's speaking pitch (measured on the voices).
COMFORT = (2.0, 9.0)


def discomfort(brief: Brief, lines: Sequence[SungLine]) -> float:
    """Semitones by which the worst singer's median lies outside 2 … 9 above the speaking pitch."""
    worst = 0.0
    for number, name in enumerate(brief.singers):
        pitches = [
            note.pitch
            for line in lines
            if line.singer == number and line.delivery is Delivery.SUNG and not line.backing
            for note in line.notes
        ]
        if not pitches:
            continue
        height = median(pitches) - ROSTER[name].speech_pitch
        miss = (
            height - COMFORT[1] + 1.0
            if height > COMFORT[1]
            else min(0.0, height - COMFORT[0] - 1.0) * (height < COMFORT[0])
        )
        worst = miss if abs(miss) > abs(worst) else worst
    return worst
