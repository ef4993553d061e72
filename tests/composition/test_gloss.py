"""Prompts in other languages, as far as the band must understand them."""

import pytest

from producer.composition import parse_brief
from producer.composition.gloss import gloss


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("una canción triste", "una song sad"),
        ("fröhliche Musik", "happy music"),
        ("грустная песня", "sad song"),
        ("悲しい歌", " sad  song "),
        ("a march to the estate, he lied", "a march to the estate, he lied"),
        ("lovely rocky road", "lovely rocky road"),
    ],
)
def test_telling_words_are_put_into_english(text, english):
    assert gloss(text) == english


@pytest.mark.parametrize(
    ("text", "sad"),
    [
        ("ein trauriges Lied", True),
        ("una canción muy alegre", False),
        ("une chanson joyeuse", False),
        ("печальная песня", True),
        ("楽しい曲", False),
        ("슬픈 사랑 노래", True),
    ],
)
def test_moods_are_read_in_other_languages(text, sad):
    brief = parse_brief(text, seed="1")
    assert brief.mood
    assert (brief.valence < -0.2) is sad
    assert (brief.valence > 0.2) is not sad


def test_players_are_read_too():
    assert parse_brief("guitarra española", seed="1").band.wanted == ("steel_guitar",)
    assert "drums" in parse_brief("Pop ohne Schlagzeug", seed="1").band.refused
