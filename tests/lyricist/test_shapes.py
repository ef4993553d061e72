"""Styles have stanzas of their own: long lines, blues, answers, limericks, short lines to dance to."""

import pytest

from producer.lyricist import write_lyrics
from producer.lyricist.sayings import own_words
from producer.lyricist.scan import count_syllables, do_rhyme
from producer.lyricist.shapes import LONGEST, fits, join, shaped
from producer.lyricist.wish import read_wish

SEEDS = ("1", "2", "3", "4")


def stanzas(prompt: str, seed: str) -> list[tuple[str, list[str]]]:
    blocks = (block.split("\n") for block in write_lyrics(prompt, seed=seed).lyrics.split("\n\n"))
    return [(mark.strip("[]"), lines) for mark, *lines in blocks]


def verses(prompt: str, seed: str) -> list[list[str]]:
    return [lines for mark, lines in stanzas(prompt, seed) if mark.startswith("Verse")]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("prompt", ["twelve bar blues about my car breaking down", "blues about rain"])
def test_blues_sings_its_first_line_twice(prompt, seed):
    for lines in verses(prompt, seed):
        for a, again, b in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
            assert a == again
            assert do_rhyme(a, b)
            assert abs(count_syllables(a) - count_syllables(b)) <= 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "prompt", ["a folk ballad about a coal mine", "a piano ballad about the letter I never sent"]
)
def test_ballads_have_long_lines(prompt, seed):
    for lines in verses(prompt, seed):
        counts = [count_syllables(line) for line in lines]
        assert all(11 <= count <= LONGEST for count in counts)
        for a, b in zip(lines[::2], lines[1::2], strict=True):
            assert do_rhyme(a, b)
            assert abs(count_syllables(a) - count_syllables(b)) <= 1


@pytest.mark.parametrize(
    ("prompt", "every"), [("gospel song about hope", 3), ("a sea shanty about a whale", 2)]
)
def test_the_others_sing_back(prompt, every):
    for seed in SEEDS:
        for lines in verses(prompt, seed):
            assert [line for line in lines if line.startswith("(")] == lines[every - 1 :: every]
            assert len({*lines[every - 1 :: every]}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_limericks(seed):
    found = verses("limerick about a goat from Dundee", seed)
    assert len(found) == 3
    for lines in found:
        assert len(lines) == 5
        assert do_rhyme(lines[0], lines[1])
        assert do_rhyme(lines[1], lines[4])
        assert do_rhyme(lines[2], lines[3])
    assert "goat" in str(found)


def test_dance_songs_echo_their_hook():
    parts = dict(stanzas("house music about friday night", "1"))
    assert parts["Post-Chorus"][0] == parts["Post-Chorus"][1]
    assert parts["Post-Chorus"][0].lower() in parts["Chorus"][0].lower()


def test_other_styles_keep_their_quatrains():
    assert {len(lines) for lines in verses("a pop song about the sea", "1")} <= {4, 8}


def test_a_quatrain_that_is_uneven_is_not_joined():
    even = ("The rain came down all night", "The river rose,", "And no one in the valley", "Can say it goes.")
    uneven = ("The rain came down all night", "The river rose,", "And no", "One knows.")
    assert fits("long", even)
    assert not fits("long", uneven)
    assert shaped("long", uneven, answer="", proper=frozenset()) == uneven


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("The man next door", "Has sat there", "The man next door has sat there"),
        ("He stopped.", "The rain went on", "He stopped. The rain went on"),
        ("And there,", "Marseille, you sleep", "And there, Marseille, you sleep"),
    ],
)
def test_joined_lines_keep_their_marks_and_names(first, second, joined):
    assert join(first, second, frozenset({"marseille"})) == joined


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("my stapler broke", "My stapler broke"),
        ("my houseplant is dying and so is my marriage", "My houseplant is dying"),
        ("our old dog Biscuit is going blind", "Our old dog Biscuit is going blind"),
        ("the cruise ship sank but everyone survived", ""),  # the song is a glad one
        ("a sad song about rain", ""),
        ("neon nights", ""),
    ],
)
def test_a_short_sentence_of_the_prompt_is_a_hook(prompt, said):
    assert own_words(read_wish(prompt)) == said
