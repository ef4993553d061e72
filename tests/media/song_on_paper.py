"""A small hand-written song: two lines, a backing line, a bent bass, drums and a change of tempo."""

from producer.lyrics.sheet import parse_sheet
from producer.score.harmony import Chord, ChordSpan
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, TempoChange, TempoMap
from producer.score.part import Control, ControlKind, Note, Part, Role, SungLine
from producer.score.pitch import Key, Mode
from producer.score.song import Form, Section, Song

SHEET = parse_sheet("[Verse]\nHello voices (oh yeah)\nGoodbye rain")


def write_song() -> Song:
    """In A major, 3/4, 120 then 60 bpm from beat 12."""
    lines = SHEET.lines
    vocal = (
        SungLine(lines[0], tuple(Note(i * 1.0, 1.0, 64 + i, syllable=i) for i in range(4)), 0),
        SungLine(
            lines[1],
            (Note(4.0, 0.5, 71, syllable=0), Note(4.5, 0.5, 69, nudge_seconds=0.02, syllable=1)),
            0,
            backing=True,
        ),
        SungLine(
            lines[2],
            (
                Note(9.0, 1.0, 64, syllable=0), Note(10.0, 2.0, 66, syllable=1),
                Note(12.0, 1.0, 64, syllable=1), Note(13.0, 2.0, 62, syllable=2),
            ),
            0,
        ),
    )  # fmt: skip
    bass = Part(
        "bass", Role.BASS, "finger_bass", (Note(0.0, 3.0, 33), Note(3.0, 3.0, 40, 100)),
        controls=(Control(0.0, ControlKind.PITCH_BEND, 0.0), Control(1.0, ControlKind.PITCH_BEND, 2.0)),
    )  # fmt: skip
    drums = Part("drums", Role.DRUMS, "kit_jazz", (Note(0.0, 0.25, 36), Note(1.0, 0.25, 38)))
    return Song(
        title="Hello Rain", seed="7", style="folk", key=Key(9, Mode.MAJOR), meter=Meter(3, 4),
        tempo=TempoMap((TempoChange(0.0, 120.0), TempoChange(12.0, 60.0))),
        form=Form((Section(SectionKind.VERSE, "Verse", 0, 5, stanza=0),)),
        chords=(ChordSpan(0.0, 15.0, Chord(9)),), parts=(bass, drums), vocal=vocal,
        singers=("af_heart",), sheet=SHEET, length_seconds=11.5,
    )  # fmt: skip
