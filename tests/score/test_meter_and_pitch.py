"""Beats in seconds, keys by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producer.score.harmony import QUALITIES, Chord
from producer.score.meter import Meter, TempoChange, TempoMap, constant_tempo
from producer.score.pitch import Key, Mode, spell
from producer.score.singer import SINGERS

RITARDANDO = TempoMap((TempoChange(0.0, 120.0), TempoChange(8.0, 100.0), TempoChange(10.0, 60.0)))


@given(st.floats(-4, 400))
def test_beats_and_seconds_are_inverse(beat: float) -> None:
    assert RITARDANDO.beat_at(RITARDANDO.seconds_at(beat)) == pytest.approx(beat, abs=1e-6)


def test_seconds_follow_each_tempo() -> None:
    assert RITARDANDO.seconds_at(8.0) == pytest.approx(4.0)
    assert RITARDANDO.seconds_at(11.0) == pytest.approx(4.0 + 1.2 + 1.0)
    assert constant_tempo(92.0).bpm == 92.0


@pytest.mark.parametrize(
    "changes", [(), (TempoChange(1.0, 90.0),), (TempoChange(0.0, 90.0), TempoChange(0.0, 80.0))]
)
def test_a_tempo_map_without_an_opening_tempo_or_order_is_refused(changes: tuple[TempoChange, ...]) -> None:
    with pytest.raises(ValueError, match="beat 0"):
        TempoMap(changes)


@pytest.mark.parametrize(
    ("meter", "bar_beats", "pulse"),
    [(Meter(4, 4), 4.0, 1.0), (Meter(3, 4), 3.0, 1.0), (Meter(6, 8), 3.0, 1.5), (Meter(7, 8), 3.5, 0.5)],
)
def test_bars_and_pulses(meter: Meter, bar_beats: float, pulse: float) -> None:
    assert (meter.bar_beats, meter.pulse_beats) == (bar_beats, pulse)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key(0, Mode.MAJOR), "C major"),
        (Key(6, Mode.MINOR), "F# minor"),
        (Key(3, Mode.MAJOR), "Eb major"),
        (Key(10, Mode.MINOR), "Bb minor"),
        (Key(4, Mode.PHRYGIAN), "E phrygian"),
        (Key(2, Mode.DORIAN), "D dorian"),
    ],
)
def test_keys_are_named_as_musicians_do(key: Key, name: str) -> None:
    assert key.name == name


def test_every_mode_has_seven_notes_and_starts_on_its_tonic() -> None:
    for mode in Mode:
        scale = Key(5, mode).scale
        assert len(set(scale)) == 7
        assert scale[0] == 5


def test_chords_hold_their_root_and_name_their_bass() -> None:
    assert all(Chord(2, quality).pitch_classes[0] == 2 for quality in QUALITIES)
    assert Chord(0, "", bass=4).bass_pitch_class == 4
    assert spell(10, Key(2, Mode.MINOR)) == "Bb"


def test_each_singer_can_sing_more_than_an_octave() -> None:
    assert {singer.gender for singer in SINGERS.values()} == {"female", "male"}
    assert all(singer.high - singer.low >= 14 for singer in SINGERS.values())
