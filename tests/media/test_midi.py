import dataclasses
import importlib.util
import struct
from pathlib import Path

import pytest

from producer.media import midi
from producer.score.instrument import INSTRUMENTS
from producer.score.pitch import Key, Mode

_spec = importlib.util.spec_from_file_location("song_on_paper", Path(__file__).with_name("song_on_paper.py"))
song_on_paper = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(song_on_paper)


@pytest.fixture
def song():
    return song_on_paper.write_song()


def read_number(data, at):
    value = 0
    while True:
        value = value << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return value, at


def read(data):
    """Format and tracks of (tick, status or ("meta", kind), payload), read strictly."""
    kind, size, form, count, division = struct.unpack(">4sIHHH", data[:14])
    assert (kind, size, division) == (b"MThd", 6, 480)
    at, tracks = 14, []
    while at < len(data):
        kind, size = struct.unpack(">4sI", data[at : at + 8])
        assert kind == b"MTrk"
        at += 8
        end, tick, events = at + size, 0, []
        while at < end:
            delta, at = read_number(data, at)
            tick += delta
            if data[at] == 0xFF:
                what = ("meta", data[at + 1])
                length, at = read_number(data, at + 2)
                events.append((tick, what, data[at : at + length]))
                at += length
            else:
                length = 1 if data[at] & 0xF0 in (0xC0, 0xD0) else 2
                assert data[at] & 0x80 and all(byte < 0x80 for byte in data[at + 1 : at + 1 + length])
                events.append((tick, data[at], data[at + 1 : at + 1 + length]))
                at += 1 + length
        assert at == end and events[-1][1] == ("meta", 0x2F)
        tracks.append(events)
    assert len(tracks) == count
    return form, tracks


def metas(track, kind):
    return [(tick, payload) for tick, what, payload in track if what == ("meta", kind)]


def test_conductor_track(song):
    form, (conductor, *_) = read(midi.write_midi(song))
    assert form == 1
    assert metas(conductor, 0x03) == [(0, b"Hello Rain")]
    assert metas(conductor, 0x58)[0][1][:2] == bytes([3, 2])
    assert metas(conductor, 0x59)[0][1] == bytes([3, 0])
    tempos = [(tick, int.from_bytes(payload, "big")) for tick, payload in metas(conductor, 0x51)]
    assert tempos == [(0, 500_000), (12 * 480, 1_000_000)]
    assert metas(conductor, 0x06) == [(0, b"Verse")]


@pytest.mark.parametrize(("tonic", "mode", "fifths"), [
    (5, Mode.MAJOR, -1), (10, Mode.MAJOR, -2), (4, Mode.MAJOR, 4), (9, Mode.MINOR, 0), (2, Mode.DORIAN, 0),
    (6, Mode.MAJOR, 6), (1, Mode.MAJOR, -5), (11, Mode.MAJOR, 5),
])  # fmt: skip
def test_key_signature(song, tonic, mode, fifths):
    _, (conductor, *_) = read(midi.write_midi(dataclasses.replace(song, key=Key(tonic, mode))))
    payload = metas(conductor, 0x59)[0][1]
    assert struct.unpack(">bB", payload) == (fifths, mode.is_minor)


def test_parts_have_names_programs_and_all_their_notes(song):
    _, (_, bass, drums, *_) = read(midi.write_midi(song))
    assert metas(bass, 0x03) == [(0, b"bass")]
    assert (0, 0xC0, bytes([33])) in bass
    ons = [(tick, payload) for tick, what, payload in bass if what == 0x90]
    assert ons == [(0, bytes([33, 80])), (3 * 480, bytes([40, 100]))]
    assert [tick for tick, what, _ in bass if what == 0x80] == [3 * 480, 6 * 480]
    assert (0, 0xC9, bytes([32])) in drums
    assert [payload[0] for _, what, payload in drums if what == 0x99] == [36, 38]


def test_bends_glide_to_their_value_within_the_announced_range(song):
    _, (_, bass, *_) = read(midi.write_midi(song))
    assert (0, 0xB0, bytes([6, 12])) in bass
    bends = [payload[0] | payload[1] << 7 for _, what, payload in bass if what == 0xE0]
    assert bends == sorted(bends)
    assert (bends[0], bends[-1]) == (8192, round(8192 + 8192 * 2 / 12))
    assert len(bends) > 10


def test_words_stand_at_their_notes(song):
    _, (*_, vocals, backing) = read(midi.write_midi(song))
    assert metas(vocals, 0x03) == [(0, b"vocals af_heart")]
    words = [(tick / 480, payload.decode()) for tick, payload in metas(vocals, 0x05)]
    assert words == [
        (0, "Hel-"), (1, "lo "), (2, "voi-"), (3, "ces "), (9, "Good-"), (10, "bye "), (13, "rain "),
    ]  # fmt: skip
    # 20 ms late at 120 bpm are 19 ticks.
    assert [tick for tick, _ in metas(backing, 0x05)] == [4 * 480, round(4.5 * 480 + 19.2)]


def test_every_note_that_starts_also_stops(song):
    _, tracks = read(midi.write_midi(song))
    for track in tracks:
        ons = [payload[0] for _, what, payload in track if isinstance(what, int) and what & 0xF0 == 0x90]
        offs = [payload[0] for _, what, payload in track if isinstance(what, int) and what & 0xF0 == 0x80]
        assert sorted(ons) == sorted(offs)


def test_every_instrument_of_the_shelf_has_a_program():
    table = midi._general_midi()
    assert set(INSTRUMENTS) == set(table["programs"]) | set(table["kits"])
    assert all(0 <= program < 128 for rows in table.values() for program in rows.values())
