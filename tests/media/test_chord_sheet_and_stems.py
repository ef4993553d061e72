"""Chords over words, and parts as files."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

import producer
from producer.media.audio_file import decode
from producer.media.chord_sheet import chord_sheet, chord_symbol
from producer.media.stems import pack_files, write_stems
from producer.score.harmony import Chord
from producer.score.pitch import Key, Mode
from producer.studio.audio import Audio

WORDS = "[Verse 1]\nLate night drives across the city\nEvery red light knows my name\n[Chorus]\nI am back"


@pytest.mark.parametrize(
    ("chord", "key", "symbol"),
    [
        (Chord(9, "m"), Key(0, Mode.MAJOR), "Am"),
        (Chord(10, "maj7"), Key(5, Mode.MAJOR), "Bbmaj7"),
        (Chord(2, "", bass=6), Key(2, Mode.MAJOR), "D/F#"),
        (Chord(2, "", bass=2), Key(2, Mode.MAJOR), "D"),
    ],
)
def test_chords_are_written_as_players_write_them(chord: Chord, key: Key, symbol: str) -> None:
    assert chord_symbol(chord, key) == symbol


def test_a_sheet_has_every_line_under_chords_and_every_played_bar() -> None:
    song = producer.compose("folk ballad in G major, 80 bpm", lyrics=WORDS, title="Back", seed="4")
    rows = chord_sheet(song).splitlines()
    assert rows[:2] == ["Back", "G major · 4/4 · 80 bpm"]
    for line in song.vocal:
        above = rows[rows.index(line.line.text) - 1]
        sounding = {chord_symbol(span.chord, song.key) for span in song.chords}
        assert above.split()
        assert set(above.split()) <= sounding
    intro = song.form.sections[0]
    assert (
        sum(row.count("|") - 1 for row in rows[3 : rows.index("[Verse 1]")] if row.startswith("|"))
        == intro.bars
    )


def test_stems_are_files_of_their_own_and_one_archive(tmp_path: Path) -> None:
    time = np.arange(22_050) / 44_100
    stems = {
        name: Audio(np.tile(0.3 * np.sin(2 * np.pi * hertz * time), (2, 1)).astype(np.float32))
        for name, hertz in (("vocals", 220.0), ("bass", 55.0))
    }
    paths = write_stems(stems.items(), tmp_path)
    pack_files(paths, tmp_path / "one.zip")
    pack_files(paths, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == ["vocals.wav", "bass.wav"]
        archive.extract("bass.wav", tmp_path / "out")
    assert np.abs(decode(tmp_path / "out" / "bass.wav").samples - stems["bass"].samples).max() < 1e-3


def test_the_files_of_many_stems_add_up_within_60_db(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    stems = {f"part{i}": Audio(0.01 * dice.standard_normal((2, 4410), np.float32)) for i in range(24)}
    total = sum(stem.samples for stem in stems.values())
    files = sum(decode(path).samples for path in write_stems(stems.items(), tmp_path).values())
    assert 10 * np.log10(((files - total) ** 2).mean() / (total**2).mean()) < -90
