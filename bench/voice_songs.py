"""Songs for the singer alone, from the plain scores in bench/heldout."""

import tomllib
from pathlib import Path

from producer.lyrics.syllables import make_line
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, SungLine
from producer.score.pitch import MODE_STEPS, Key, Mode
from producer.score.song import Form, Section, Song

HELD_OUT = Path(__file__).parent / "heldout" / "songs.toml"
GAP_BEATS = 1.0  # between lines


def held_out(path: Path = HELD_OUT) -> dict[str, Song]:
    """All held-out songs by name."""
    return {row["name"]: build(row) for row in tomllib.loads(path.read_text("utf-8"))["song"]}


def kinds(path: Path = HELD_OUT) -> dict[str, str]:
    """What kind of song each is."""
    return {row["name"]: row["kind"] for row in tomllib.loads(path.read_text("utf-8"))["song"]}


def build(row: dict) -> Song:
    """One song of the table."""
    mode = Mode(row["scale"])
    steps = MODE_STEPS[mode]
    beat, sung = 2.0, []
    for number, text in enumerate(row["lines"]):
        line = make_line(text, language=row.get("language", "en"))
        tune = row["tunes"][number % len(row["tunes"])]
        notes = []
        for index in range(len(line.syllables)):
            final = index == len(line.syllables) - 1
            beats = row["last"] if final else row["rhythm"][index % len(row["rhythm"])]
            degree = tune[index % len(tune)]
            pitch = row["root"] + 12 * (degree // 7) + steps[degree % 7]
            notes.append(Note(beat, beats, pitch, syllable=index))
            beat += beats
        sung.append(SungLine(line, tuple(notes), 0))
        beat += GAP_BEATS
    tempo = constant_tempo(row["bpm"])
    bars = int(beat / 4) + 1
    return Song(
        title=row["name"],
        seed="1",
        style="pop",
        key=Key(row["root"] % 12, mode),
        meter=Meter(4, 4),
        tempo=tempo,
        form=Form((Section(SectionKind.VERSE, "Verse", 0, bars),)),
        chords=(),
        parts=(),
        vocal=tuple(sung),
        singers=(row["singer"],),
        length_seconds=tempo.seconds_at(beat) + 1.0,
    )
