"""Drafts are drawn by how real tunes are, not by rank; their traits are those that the bench measures."""

import math
import sys
import warnings
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from producer.composition import arrangement, compose, parse_brief, vocal
from producer.composition.audition import Ear, chosen, ear_for
from producer.composition.traits import Tune, traits
from producer.lyrics.sheet import parse_sheet
from producer.score.meter import Meter

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))
from melody_features import features, make_tune

FOUR = Meter(4, 4)
KINDS = (
    [("sung", "pop", "4/4"), ("played", "pop", "4/4")]
    + [("played", "folk", meter) for meter in ("4/4", "3/4", "6/8", "2/4")]
    + [("sung", "folk", meter) for meter in ("4/4", "3/4")]
)


def walk(seed, meter=FOUR, count=60):
    """A random tune of eighths and quarters."""
    dice, at, pitch, notes = Random(seed), 0.0, 64, []
    for _ in range(count):
        beats = dice.choice((0.25, 0.5, 0.5, 1.0, 1.5))
        notes.append((at, beats, pitch))
        at += beats * dice.choice((1, 1, 1, 2))
        pitch = max(50, min(84, pitch + dice.choice((-7, -4, -3, -2, -1, 0, 0, 1, 2, 3, 5))))
    return Tune.of(notes, meter, dice.randrange(12), most_bars=32)


def test_traits_of_a_scale_can_be_told_by_hand():
    pitches = [60, 62, 64, 65, 67, 69, 71, 72] * 2
    found = traits(Tune.of([(i / 2, 0.5, p) for i, p in enumerate(pitches)], FOUR, 0, most_bars=32))
    assert found["step"] == pytest.approx(14 / 15)
    assert found["int_8p"] == pytest.approx(1 / 15)  # the way back down
    assert found["range"] == 12
    assert found["bar_exact_reuse"] == found["motif_reuse"] == 1.0
    assert found["notes_per_bar"] == 8
    assert found["climax_n"] == pytest.approx(2 / 16)
    assert found["final_tonic"] == found["final_step"] == found["downbeat_onset"] == 1.0
    assert found["H_ioi"] == 0.0


@pytest.mark.parametrize("meter", [FOUR, Meter(3, 4), Meter(6, 8), Meter(2, 4)], ids=lambda m: m.name)
def test_traits_are_the_features_of_the_bench(meter):
    for seed in range(12):
        tune = walk(seed, meter, 12 + 9 * seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            wanted = features(make_tune(tune.notes, meter.name, meter.bar_beats, tune.tonic, most_bars=32))
        found = traits(tune)
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            assert found[name] == pytest.approx(value, abs=1e-9, nan_ok=True), name


def test_too_few_notes_are_no_tune():
    with pytest.raises(ValueError, match="5 notes"):
        traits(walk(1, count=5))


@pytest.mark.parametrize("kind", KINDS, ids=" ".join)
def test_every_counted_kind_has_an_ear_for_all_traits(kind):
    ear = ear_for(*kind)
    assert ear is not None
    assert ear.weights.keys() == traits(walk(1)).keys() - {"diatonic", "syncop"}
    for mean, deviation, *weights in ear.weights.values():
        assert deviation > 0
        assert all(map(math.isfinite, (mean, *weights)))


def test_what_was_not_counted_has_no_ear():
    assert ear_for("sung", "pop", "7/8") is None


def test_drafts_are_drawn_by_their_odds():
    low, high = walk(3), walk(4)
    a, b = (traits(tune)["notes_per_bar"] for tune in (low, high))
    ear = Ear({"notes_per_bar": (a, b - a, math.log(3.0), 0.0)})
    taken = Counter(chosen(ear, [low, high], Random(f"dice/{i}")) for i in range(800))
    assert taken[1] / 800 == pytest.approx(0.75, abs=0.05)
    deaf = Ear({})
    taken = Counter(chosen(deaf, [low, high], Random(f"dice/{i}")) for i in range(800))
    assert taken[1] / 800 == pytest.approx(0.5, abs=0.05)


def test_far_traits_count_no_more_than_far_enough():
    ear = Ear({"notes_per_bar": (0.0, 1e-6, 1.0, 1.0)})
    assert ear.odds(walk(3)) == pytest.approx(5.0 + 9.0)
    assert ear.odds(walk(3, count=20)) == 0.0  # too short to judge


WORDS = (
    "[Verse]\n"
    + "I see the light on the water\nA little song of home and sea\n" * 3
    + """[Chorus]
Carry me over, carry me over
Carry me home to the sea
"""
)


@pytest.mark.parametrize("sound", ["pop 4/4", "celtic 6/8 instrumental", "house 4/4 instrumental"])
def test_songs_take_another_draft_than_the_first_more_often_than_not(monkeypatch, sound):
    sheet = None if "instrumental" in sound else parse_sheet(WORDS)

    def write(seed):
        brief = parse_brief(sound, seed=seed, sheet=sheet, instrumental=sheet is None, length_seconds=40.0)
        return compose(brief, sheet, title="t", seed=seed)

    taken = [write(str(seed)) for seed in range(4)]
    assert taken == [write(str(seed)) for seed in range(4)]
    monkeypatch.setattr(vocal, "ear_for", lambda *_: None)
    monkeypatch.setattr(arrangement, "ear_for", lambda *_: None)
    first = [write(str(seed)) for seed in range(4)]
    assert sum(a != b for a, b in zip(taken, first, strict=True)) >= 3
    assert [song.form for song in taken] == [song.form for song in first]
