"""Songs survive being written down."""

import pytest

from producer.score.harmony import Chord, ChordSpan
from producer.score.json import dump_song, load_song
from producer.score.lyric import Line as LyricLine
from producer.score.lyric import LyricSheet, SectionKind, Stanza, Syllable
from producer.score.meter import Meter, TempoChange, TempoMap
from producer.score.part import Control, ControlKind, Note, Part, Role, SungLine
from producer.score.pitch import Key, Mode
from producer.score.song import Form, MixPlan, Section, Song


@pytest.fixture
def little_song() -> Song:
    syllable = Syllable("hey", ("h",), ("A",), (), 2, 0, True)
    line = LyricLine("Hey", ("Hey",), (syllable,), rhyme="A")
    notes = (Note(0.0, 1.0, 64, syllable=0), Note(1.0, 2.0, 67, 99, -0.01, 0))
    bass = Part(
        "bass", Role.BASS, "finger_bass", notes, (Control(0.0, ControlKind.PITCH_BEND, -2.0),), reverb=0.0
    )
    return Song(
        title="Grüße 🎈",
        seed="7",
        style="pop",
        key=Key(6, Mode.MINOR),
        meter=Meter(3, 4),
        tempo=TempoMap((TempoChange(0.0, 92.5), TempoChange(6.0, 80.0))),
        form=Form((Section(SectionKind.VERSE, "Verse 1", 0, 2, stanza=0),)),
        chords=(ChordSpan(0.0, 6.0, Chord(6, "m7", bass=1)),),
        parts=(bass,),
        vocal=(SungLine(line, notes, 0),),
        singers=("af_heart",),
        sheet=LyricSheet((Stanza(SectionKind.VERSE, "Verse 1", (line,)),)),
        mix=MixPlan(preset="folk", lofi=0.3),
        length_seconds=9.25,
    )


def test_a_song_read_back_is_equal(little_song: Song) -> None:
    assert load_song(dump_song(little_song)) == little_song
    assert load_song(dump_song(little_song, indent=1)) == little_song


def test_values_that_are_usual_are_not_written(little_song: Song) -> None:
    text = dump_song(little_song)
    assert "nudge_seconds" in text
    assert text.count("nudge_seconds") == 2  # the one nudged note, in the part and in the vocal
    assert "fade_out_seconds" not in text


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 99, "song": {}}', '"song"'])
def test_something_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="format"):
        load_song(text)
