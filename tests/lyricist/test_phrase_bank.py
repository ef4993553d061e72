"""Every unit of the phrase bank must have readings that rhyme and fall evenly."""

from random import Random

import pytest

from producer.lyricist.bank import STEPS, Unit, fill, parse_units, read, themes, tidy
from producer.lyricist.judge import scheme_pairs, spread
from producer.lyricist.scan import count_syllables, do_rhyme
from producer.lyricist.wish import weigh_themes

SLOTS = {"topic": "the river", "it": "the river", "plain": "the river", "place": "Dublin", "name": "Anna"}
SLOTS |= {"kin": "Mama", "m": "", "f": "", "hook": "Stay beside the river"}
GENERAL = {"open_bright", "open_low"}
STYLES = {name for name in themes() if name.startswith("style_")}


def readings(unit: Unit) -> list[tuple[str, ...]]:
    plain = {"hook": SLOTS["hook"], "m": "", "f": "", "topic": "the sea"}
    found = dict.fromkeys(fill(unit.lines, SLOTS if i % 2 else plain, Random(i)) for i in range(12))
    return [lines for lines in found if lines]


@pytest.mark.parametrize("name", sorted(themes()))
def test_every_unit_of_a_theme_can_rhyme_and_fall_evenly(name):
    for step in STEPS:
        for unit in themes()[name].units[step]:
            lines_found = readings(unit)
            assert lines_found, unit.name
            good = [
                lines
                for lines in lines_found
                if all(do_rhyme(lines[a], lines[b]) for a, b in scheme_pairs(lines))
                and (step == "chorus" or spread(lines) <= 1)
            ]
            assert good, (unit.name, lines_found[0])


@pytest.mark.parametrize("name", sorted(set(themes()) - GENERAL))
def test_a_theme_has_three_of_everything_so_that_neighbouring_seeds_differ(name):
    theme = themes()[name]
    assert all(len(theme.units[step]) >= 3 for step in ("scene", "feeling", "turn", "chorus"))
    assert len(theme.hooks) >= 6


@pytest.mark.parametrize("name", sorted(set(themes()) - GENERAL - STYLES))
def test_a_theme_is_called_by_each_of_its_keywords(name):
    for keyword in themes()[name].keywords:
        assert name in {theme.name for theme, _ in weigh_themes(tuple(keyword.lower().split()))}, keyword


def test_no_line_of_the_bank_is_written_twice():
    lines = [
        line
        for theme in themes().values()
        for step in ("scene", "feeling", "turn")
        for unit in theme.units[step]
        for line in unit.lines
    ]
    assert len(lines) > 1500
    assert len(lines) - len(set(lines)) <= 3


@pytest.mark.parametrize("part", ["rap_scene", "rap_feeling"])
def test_rap_couplets_rhyme_and_fill_a_bar(part):
    for unit in parse_units(part, read("special")[part]):
        assert any(do_rhyme(*lines) for lines in readings(unit)), unit.name
        assert any(10 <= count_syllables(line) <= 17 for line in readings(unit)[0]), unit.name


@pytest.mark.parametrize("language", ["es", "fr", "de", "it", "pt"])
def test_languages_have_three_units_of_everything(language):
    table = read(f"languages/{language}")
    moods = [name for name, row in table.items() if isinstance(row, dict) and "hooks" in row]
    assert len(moods) >= 9
    for mood in moods:
        for step in ("scene", "feeling", "turn", "chorus"):
            assert len(parse_units("x", table[mood][step])) >= 3, (mood, step)


def test_offers_with_an_empty_slot_are_not_made_and_filled_ones_come_first():
    lines = ("[{name}|darling], stay",)
    assert fill(lines, {}, Random(1)) == ("Darling, stay",)
    assert {fill(lines, {"name": "Ada"}, Random(i)) for i in range(9)} == {("Ada, stay",)}
    assert fill(("Dear {name}",), {}, Random(1)) is None


def test_tied_offers_agree():
    for number in range(20):
        (line,) = fill(("[1:summer|winter] and [1:sun|snow]",), {}, Random(number))
        assert line in {"Summer and sun", "Winter and snow"}


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("a apple", "An apple"),
        ("a unicorn", "A unicorn"),
        ("so  it is ,", "So it is,"),
        ("a hour", "An hour"),
    ],
)
def test_tidy(raw, tidied):
    assert tidy(raw) == tidied
