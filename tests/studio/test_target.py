"""Who plays decides what spectrum a song should have, and wishes bend it."""

from dataclasses import replace

import pytest

from producer.score.part import Note, Part, Role
from producer.score.song import MixPlan
from producer.studio.preset import mix_preset, spectrum_curve
from producer.studio.target import target_of, wished_db

NOTE = (Note(0.0, 1.0, 60),)


@pytest.mark.parametrize(
    ("instruments", "curve"),
    [
        (("grand_piano",), "piano"),
        (("felt_piano", "harp"), "piano"),
        (("violin", "viola", "cello"), "chamber"),
        (("grand_piano", "violin"), "chamber"),
        (("music_box", "harp", "upright_bass"), "gentle"),
        (("grand_piano", "finger_bass"), "modern"),
        (("violin", "steel_guitar"), "modern"),
    ],
)
def test_players_who_are_alone_have_a_curve_of_their_own(instruments, curve, make_song):
    parts = (Part(f"part {i}", Role.LEAD, name, NOTE) for i, name in enumerate(instruments))
    target = target_of(make_song(*parts, preset="pop"))
    assert [target(hz) for hz in (60, 500, 9000)] == [spectrum_curve(curve)(hz) for hz in (60, 500, 9000)]


def test_a_part_without_notes_does_not_count(make_song):
    parts = (Part("piano", Role.LEAD, "grand_piano", NOTE), Part("drums", Role.DRUMS, "kit_standard", ()))
    assert target_of(make_song(*parts))(9000) == spectrum_curve("piano")(9000)


def test_the_preset_s_curve_holds_for_bands(band_song):
    song = band_song("rock")
    assert target_of(song)(1000) == mix_preset("rock").target_db(1000)


def test_curves_fall_towards_the_top():
    for name in (
        "modern",
        "club",
        "heavy",
        "warm",
        "acoustic",
        "orchestral",
        "dark",
        "dusty",
        "piano",
        "chamber",
    ):
        curve = spectrum_curve(name)
        assert curve(1000) > curve(4000) > curve(10_000)


def test_wishes_bend_the_target():
    plan = MixPlan(brightness_db=3.0)
    assert wished_db(plan, 12_000) == pytest.approx(3.0, abs=0.5)
    assert wished_db(plan, 200) == pytest.approx(0.0, abs=0.3)
    worn = replace(plan, brightness_db=0.0, lofi=1.0)
    assert wished_db(worn, 10_000) < -10
    assert wished_db(replace(worn, mastered=False), 10_000) == 0.0
