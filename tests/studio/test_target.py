"""Who plays decides what spectrum a song should have, and wishes bend it."""

from dataclasses import replace

import pytest

from producer.score.part import Note, Part, Role
from producer.score.song import MixPlan
from producer.studio.dsp.spectrum import THIRDS_HZ
from producer.studio.preset import mix_preset, spectrum_curve
from producer.studio.target import DEEPEST_DB, HOLES_BELOW_HZ, holes_db, target_of, wished_db

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
    assert [target(hz) for hz in (500, 9000)] == [spectrum_curve(curve)(hz) for hz in (500, 9000)]


def test_a_part_without_notes_does_not_count(make_song):
    parts = (Part("piano", Role.LEAD, "grand_piano", NOTE), Part("drums", Role.DRUMS, "kit_standard", ()))
    assert target_of(make_song(*parts))(9000) == spectrum_curve("piano")(9000)


def test_the_preset_s_curve_holds_for_bands(band_song):
    song = band_song("rock")
    assert target_of(song)(1000) == mix_preset("rock").target_db(1000)


def test_nothing_is_asked_below_the_lowest_note(make_song):
    high = tuple(Note(float(i), 1.0, 50 + i) for i in range(12))  # from 147 Hz
    low = tuple(Note(float(i), 1.0, 36 + i) for i in range(24))  # from 65 Hz
    choir = target_of(make_song(Part("choir", Role.LEAD, "choir_aahs", high)))
    basses = target_of(make_song(Part("choir", Role.LEAD, "choir_aahs", high + low)))
    assert choir(100.0) < basses(100.0) - 12.0
    assert choir(500.0) == basses(500.0)


def test_drums_fill_gaps(make_song):
    flute = Part("flute", Role.LEAD, "flute", (Note(0.0, 4.0, 72),))
    drums = Part("drums", Role.DRUMS, "kit_standard", (Note(0.0, 1.0, 36),))
    assert target_of(make_song(flute))(100.0) < target_of(make_song(flute, drums))(100.0)
    assert not holes_db(make_song(flute, drums)).any()


def test_gaps_are_taken_for_what_they_are_in_the_low_end_only(make_song):
    depths = holes_db(make_song(Part("flute", Role.LEAD, "flute", (Note(0.0, 4.0, 72),))))
    assert depths.min() == 0.0
    assert depths.max() <= DEEPEST_DB
    assert not depths[THIRDS_HZ > HOLES_BELOW_HZ].any()


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
