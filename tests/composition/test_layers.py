"""Doubles and harmonies of produced choruses."""

from dataclasses import replace

import pytest

from producer.composition import compose, parse_brief
from producer.lyrics.sheet import parse_sheet
from producer.score.lyric import SectionKind
from producer.score.singer import ROSTER

WORDS = """[Verse]
Late night drives across the city
Every red light knows my name
[Chorus]
I am coming back to you (back to you)
Through the thunder and the rain
[Verse]
Morning paints the empty station
Silver birds above the town
[Chorus]
I am coming back to you (back to you)
Through the thunder and the rain
"""
SOUNDS = (
    "pop, female vocal",
    "rock in A minor, deep male",
    "jazz, smoky female",
    "country waltz, tenor",
)


def two(sound, words=WORDS, seed="5"):
    """The same song without layers and with them."""
    sheet = parse_sheet(words)
    brief = parse_brief(sound, seed=seed, sheet=sheet)
    return tuple(
        compose(replace(brief, layered=layered), sheet, title="Test", seed=seed) for layered in (False, True)
    )


def added(plain, layered):
    return layered.vocal[len(plain.vocal) :]


@pytest.mark.parametrize("sound", SOUNDS)
def test_the_song_itself_stays_as_it_is(sound):
    plain, layered = two(sound)
    assert layered.vocal[: len(plain.vocal)] == plain.vocal
    assert replace(layered, vocal=plain.vocal) == plain


@pytest.mark.parametrize("sound", SOUNDS)
def test_choruses_are_doubled_and_only_they(sound):
    plain, layered = two(sound)
    extra = added(plain, layered)
    assert all(line.backing for line in extra)
    kinds = {layered.form.sections[line.section].kind for line in extra}
    assert kinds == {SectionKind.CHORUS}
    for line in plain.vocal:
        chorus = layered.form.sections[line.section].kind is SectionKind.CHORUS and not line.backing
        doubles = [other for other in extra if (other.notes, other.section) == (line.notes, line.section)]
        assert len(doubles) == (2 if chorus else 0)


@pytest.mark.parametrize("sound", SOUNDS)
def test_harmonies_are_thirds_fifths_and_sixths_that_fit_the_chord(sound):
    plain, layered = two(sound)
    on_chord = lead_on_chord = 0.0
    intervals = []
    for line in added(plain, layered):
        lead = next(x for x in plain.vocal if x.section == line.section and x.line == line.line)
        singer = ROSTER[layered.singers[line.singer]]
        for note, above in zip(line.notes, lead.notes, strict=True):
            if line.notes == lead.notes:
                continue
            assert (note.start_beat, note.beats, note.syllable) == (
                above.start_beat, above.beats, above.syllable,
            )  # fmt: skip
            assert singer.low <= note.pitch <= singer.high
            intervals.append(abs(note.pitch - above.pitch))
            middle = note.start_beat + note.beats / 2
            chord = [s.chord for s in layered.chords if s.start_beat <= middle + 1e-6][-1]
            on_chord += note.beats * (note.pitch % 12 in chord.pitch_classes)
            lead_on_chord += note.beats * (above.pitch % 12 in chord.pitch_classes)
    assert set(intervals) <= {3, 4, 5, 7, 8, 9, 12}
    assert sum(i in (3, 4, 7, 8, 9) for i in intervals) > 0.7 * len(intervals)
    assert on_chord > 0.9 * lead_on_chord


def test_the_last_chorus_has_one_voice_more():
    plain, layered = two("pop, female vocal")
    lines = added(plain, layered)
    sections = sorted({line.section for line in lines})
    counts = [sum(line.section == section for line in lines) for section in sections]
    assert counts[-1] > counts[0]


def test_a_song_without_choruses_stays_alone():
    plain, layered = two("folk", "[Verse]\nThe road goes on\nThe night is long\n")
    assert plain == layered
