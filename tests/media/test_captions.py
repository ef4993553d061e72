import dataclasses
import importlib.util
from pathlib import Path

import pytest

from producer.media.captions import lrc, srt, timing_markers

_spec = importlib.util.spec_from_file_location("song_on_paper", Path(__file__).with_name("song_on_paper.py"))
song_on_paper = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(song_on_paper)


@pytest.fixture
def song():
    return song_on_paper.write_song()


def test_words_start_on_their_first_note_and_end_with_their_last(song):
    first, aside, last = timing_markers(song)["lines"]
    assert first["text"] == "Hello voices"
    assert first["words"] == [
        {"text": "Hello", "start": 0.0, "end": 1.0},
        {"text": "voices", "start": 1.0, "end": 2.0},
    ]
    assert aside["words"][1] == {"text": "yeah", "start": 2.27, "end": 2.52}
    # "bye" is a melisma across the change of tempo at beat 12 = 6 s.
    assert last["words"][0] == {"text": "Goodbye", "start": 4.5, "end": 7.0}
    assert (last["start"], last["end"]) == (4.5, 9.0)


def test_lines_that_several_sing_together_are_listed_once(song):
    duet = dataclasses.replace(song, vocal=(*song.vocal, dataclasses.replace(song.vocal[0], singer=1)))
    assert timing_markers(duet) == timing_markers(song)


def test_lrc(song):
    assert lrc(song) == (
        "[ti:Hello Rain]\n[length:00:11]\n"
        "[00:00.00]Hello voices\n[00:02.00](oh yeah)\n[00:04.50]Goodbye rain\n"
    )
    assert "[00:04.50]<00:04.50>Goodbye <00:07.00>rain\n" in lrc(song, words=True)


def test_srt(song):
    assert srt(song).startswith("1\n00:00:00,000 --> 00:00:02,000\nHello voices\n\n2\n00:00:02,000 --> ")


def test_a_song_that_nobody_sings_has_no_lines(song):
    silent = dataclasses.replace(song, vocal=())
    assert timing_markers(silent) == {"lines": []}
    assert srt(silent) == ""
    assert lrc(silent) == "[ti:Hello Rain]\n[length:00:11]\n"
