"""Spoken words get the rhythm of speech, with their stresses on the grid."""

from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producer.composition import compose, parse_brief
from producer.composition.speech import Room, natural_seconds, speech_rhythm
from producer.lyrics.sheet import parse_sheet
from producer.lyrics.syllables import make_line
from producer.score.lyric import Delivery
from producer.score.meter import Meter

LINES = (
    "It was a Tuesday, and nobody told me the truth",
    "I kept the ticket in the pocket of your coat",
    "So listen: if you come back to town, call me first",
    "Ten cups of coffee, four sleepless nights",
    "Hey",
    "of the, and a",
)
WALTZ, COMMON = Meter(3, 4), Meter(4, 4)


def rhythm(text, *, first=0.0, last=64.0, bpm=96.0, meter=COMMON):
    line = make_line(text)
    onsets, ends = speech_rhythm(line, 0, len(line.syllables), Room(first, last, 15.0 / bpm), meter)
    return line, onsets, ends


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(LINES),
    st.floats(-6.0, 6.0),
    st.floats(4.0, 70.0),
    st.floats(40.0, 200.0),
    st.sampled_from((COMMON, WALTZ, Meter(6, 8))),
)
def test_words_keep_their_order_and_stay_in_the_room(text, first, width, bpm, meter):
    line, onsets, ends = rhythm(text, first=first, last=first + width, bpm=bpm, meter=meter)
    count = len(line.syllables)
    assert len(onsets) == len(ends) == count
    assert onsets[0] >= first - 1e-6
    assert ends[-1] <= max(first + width, first + 0.5 * count) + 1e-6
    assert all(a < b for a, b in zip(onsets, ends, strict=True))
    assert all(end <= onset + 1e-6 for end, onset in zip(ends, onsets[1:], strict=False))


def test_stressed_words_fall_on_sixteenths_and_rather_on_strong_ones():
    on_grid = strong = stressed = 0
    for text in LINES[:4]:
        line, onsets, _ = rhythm(text)
        for syllable, onset in zip(line.syllables, onsets, strict=True):
            if syllable.stress == 2 and len(syllable.coda) + len(syllable.onset) > 1:
                stressed += 1
                on_grid += abs(onset - round(onset)) < 1e-6
                strong += abs(onset / 2 - round(onset / 2)) < 1e-6
    assert on_grid >= 0.6 * stressed
    assert strong >= 0.6 * on_grid


def test_the_pace_is_that_of_speech_whatever_the_tempo():
    for text in LINES[:4]:
        line, onsets, _ = rhythm(text)
        for bpm in (60.0, 75.0, 120.0, 180.0):
            _, onsets, ends = rhythm(text, last=24.0 * bpm / 60.0, bpm=bpm)
            held = [(end - onset) * 15.0 / bpm for onset, end in zip(onsets, ends, strict=True)]
            ratio = [long / usual for long, usual in zip(held, natural_seconds(line, 0, 99), strict=True)]
            assert 0.8 <= median(ratio) <= 1.65, (text, bpm)
            assert max(held[:-1]) < 0.6


def test_a_comma_may_become_a_pause():
    line, onsets, ends = rhythm(LINES[0])
    rests = [start - end for end, start in zip(ends, onsets[1:], strict=False)]
    comma = next(i for i, s in enumerate(line.syllables) if line.words[s.word].endswith(",") and s.stress < 2)
    assert max(rests) == rests[comma]


@pytest.mark.parametrize("sound", ["slow piano ballad", "uptempo dance pop", "folk waltz", "metal"])
def test_spoken_stanzas_of_songs(sound):
    sheet = parse_sheet(
        "[Spoken]\n" + "\n".join(LINES[:4]) + "\n[Chorus]\nCome back to me tonight\nStay with me"
    )
    song = compose(parse_brief(sound, seed="3", sheet=sheet), sheet, title="T", seed="3")
    lines = [line for line in song.vocal if line.delivery is Delivery.SPOKEN]
    assert [line.line.text for line in lines] == list(LINES[:4])
    seconds = song.tempo.seconds_at
    for line in lines:
        long = [seconds(note.end_beat) - seconds(note.start_beat) for note in line.notes]
        assert min(long) > 0.05
        assert max(long[:-1]) < 0.6
        assert 2.2 < len(long) / sum(long) < 7.0
    for before, after in pairwise(song.vocal):
        if not after.backing:
            assert after.notes[0].start_beat >= before.notes[-1].end_beat
