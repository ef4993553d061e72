"""Every style file is sound, has a groove of its own, and plays in every metre it claims."""

import itertools

import pytest

from producer.composition import StyleError, compose, load_style, parse_brief, style_names
from producer.composition.stylebook import merge_tables, parse_style
from producer.score.instrument import INSTRUMENTS

LEAST_STYLES = 48


def test_there_are_many_styles():
    assert len(style_names()) >= LEAST_STYLES


@pytest.mark.parametrize("name", style_names())
def test_the_style_plays_in_every_metre_it_claims(name):
    style = load_style(name)
    for meter, seed in itertools.product(style.meters, ("1", "2")):
        brief = parse_brief(f"{style.title}, {meter}, instrumental", seed=seed, length_seconds=24.0)
        song = compose(brief, None, title="Test", seed=seed)
        assert brief.style == name
        assert song.meter.name == meter
        check_band(song)


def check_band(song):
    end = song.tempo.beat_at(song.length_seconds) + 1e-3
    names = [part.name for part in song.parts]
    assert len(names) == len(set(names))
    for part in song.parts:
        shelf = INSTRUMENTS[part.instrument]
        assert -1.0 <= part.pan <= 1.0
        for note in part.notes:
            assert note.start_beat >= 0
            assert note.beats > 0
            assert note.end_beat <= end
            assert 1 <= note.velocity <= 127
            assert abs(note.nudge_seconds) < 0.3
            assert part.role.value == "drums" or shelf.low <= note.pitch <= shelf.high, (part.name, note)


def test_no_two_styles_share_groove_harmony_and_ensemble():
    seen = {}
    for name in style_names():
        style = load_style(name)
        groove = style.drums and (tuple(style.drums.main.items()), tuple(style.drums.full.items()))
        parts = tuple((p.name, p.instrument, p.pattern) for p in style.parts)
        verse = tuple(sorted((mode, places.get("verse")) for mode, places in style.harmony.items()))
        for other, (their_groove, their_parts, their_verse) in seen.items():
            same = (groove == their_groove) + (parts == their_parts) + (verse == their_verse)
            assert same <= 1, (name, other)
        seen[name] = (groove, parts, verse)


def test_mistakes_in_a_style_are_named():
    good = merge_tables(
        {},
        {
            "title": "T",
            "words": ["t"],
            "bpm": [90, 100],
            "meters": ["4/4"],
            "modes": ["major"],
            "energy": 0.5,
            "valence": 0,
            "mix": "pop",
            "harmony": {},
            "form": ["verse:4"],
        },
    )
    parse_style("t", good)
    for key, value, message in (
        ("mix", "nope", "mix preset"),
        ("ending", "nope", "ending"),
        ("bpm", [10, 20], "bpm"),
        ("modes", ["happy"], "happy"),
        ("colour", "red", "unknown key 'colour'"),
        ("harmony", {"major": {"verse": ["I H V"]}}, "'H' is not a roman numeral"),
        ("part", [{"name": "p", "role": "bass", "instrument": "kazoo", "manner": "bass"}], "kazoo"),
        (
            "part",
            [{"name": "p", "role": "bass", "instrument": "tuba", "manner": "bass", "pattern": "R--"}],
            "3 steps",
        ),
    ):
        with pytest.raises(ValueError, match=message):
            parse_style("t", {**good, key: value})


def test_an_unknown_style_is_an_error_of_ours():
    with pytest.raises(StyleError, match="no style 'polka-core'"):
        load_style("polka-core")
