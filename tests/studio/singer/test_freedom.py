"""Timing freedom: late in soul, early in punk, strict in dance; always near the beat."""

from dataclasses import replace

import numpy as np
import pytest
from singer_scores import make_song, sung_line

from producer.composition.stylebook import style_names
from producer.studio.singer.freedom import FEELS, FREEST_SECONDS
from producer.studio.singer.parts import cues

WORDS = "I see the morning light again and the river carries all my sorrow"


def off_beat_ms(style, seed="7", lines=6):
    """Where the vowels of some lines are put, against their beats, in order."""
    all_lines = (sung_line(WORDS, start_beat=4.0 + 24.0 * i, beats=0.5 + 0.25 * i) for i in range(lines))
    song = make_song(*all_lines)
    song = replace(song, style=style, seed=seed)
    found = []
    for line, cue in zip(song.vocal, cues(song), strict=True):
        beats = [song.tempo.seconds_at(note.start_beat) for note in line.notes]
        sung = [cue.start_seconds + syllable.notes[0].start for syllable in cue.job.syllables]
        found += list(1000.0 * np.subtract(sung, beats))
    return np.array(found)


@pytest.mark.parametrize(
    ("style", "low", "high"),
    [("soul", 5, 15), ("jazz", 5, 15), ("punk", -11, -2), ("house", -1.5, 1.5), ("pop", -4, 4)],
)
def test_styles_take_the_beat_their_own_way(style, low, high):
    off = off_beat_ms(style)
    assert low < off.mean() < high
    assert np.abs(off).max() <= 1000.0 * FREEST_SECONDS + 1.0
    assert off.std() > 0.5


def test_dance_is_stricter_than_a_ballad():
    assert off_beat_ms("techno").std() < 0.6 * off_beat_ms("ballad").std()


def test_the_seed_decides_and_a_repeated_chorus_is_the_same():
    assert np.array_equal(off_beat_ms("soul"), off_beat_ms("soul"))
    assert not np.array_equal(off_beat_ms("soul"), off_beat_ms("soul", seed="8"))
    song = make_song(sung_line(WORDS, start_beat=4.0), sung_line(WORDS, start_beat=28.0))
    first, second = cues(song)
    assert first.job == second.job


def test_every_named_style_exists():
    assert set(FEELS) <= set(style_names())
