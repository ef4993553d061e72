"""What prompts ask for is understood."""

import pytest

from producer.lyricist.form import labels, plan_stanzas, read_form
from producer.lyricist.language import detect_language
from producer.lyricist.wish import read_wish
from producer.score.lyric import SectionKind

V, C, B = SectionKind.VERSE, SectionKind.CHORUS, SectionKind.BRIDGE


@pytest.mark.parametrize(
    ("prompt", "theme"),
    [
        ("a lighthouse keeper watching the storm at sea", "lighthouse"),
        ("neon nights", "city"),
        ("my grandfather died last winter", "grief"),
        ("a lullaby for our newborn", "lullaby"),
        ("missing my wife overseas", "missing"),
        ("a robot learning to feel", "machine"),
        ("song about pizza", "pizza"),
        ("what my mother cooked for dinner", "food"),
        ("a fishing boat coming home from the sea", "sea"),
        ("Christmas eve at home", "christmas"),
        ("the factory poisoned our river, protest song", "protest"),
        ("happy birthday to my aunt", "birthday"),
        ("our wedding day", "wedding"),
        ("never give up, believe in yourself", "hope"),
    ],
)
def test_themes(prompt, theme):
    assert read_wish(prompt).themes[0][0].name == theme


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("a song about an old pickup truck", "pickup truck"),
        ("neon nights", "neon nights"),
        ("write me a happy pop song about my cat", "cat"),
        ("my stapler broke", "stapler"),
        ("a sea shanty about a whale", "whale"),
    ],
)
def test_nouns(prompt, first):
    assert read_wish(prompt).nouns[0].text == first


def test_names_and_places():
    wish = read_wish("A ballad for my sister Ingrid who moved from Oslo to a farm near Galway")
    assert wish.names == ("Ingrid",)
    assert set(wish.places) == {"Oslo", "Galway"}
    assert read_wish("a dragon named Bartholomew").names == ("Bartholomew",)
    assert read_wish("Sad song in English for Christmas").names == ()


@pytest.mark.parametrize(
    ("prompt", "forbidden"),
    [
        ("a love song without the word love", {"love"}),
        ("don't use the words heart or fire, please", {"heart", "fire"}),
        ("a winter song, avoid snow", {"snow"}),
        ("a song without you", set()),
    ],
)
def test_forbidden_words(prompt, forbidden):
    assert read_wish(prompt).forbidden == forbidden


@pytest.mark.parametrize(
    ("prompt", "hook"),
    [
        ('power ballad "hold the line" about courage', "Hold the line"),
        ("a song with the chorus “we are the morning”", "We are the morning"),
        ('a song without the word "baby"', None),
        ("no quotes here", None),
    ],
)
def test_quoted_hooks(prompt, hook):
    assert read_wish(prompt).hook == hook


@pytest.mark.parametrize(
    ("prompt", "plan"),
    [
        ("a song", (V, C, V, C, B, C)),
        ("two verses and a chorus, no bridge", (V, C, V, C)),
        ("three verses, no chorus", (V, V, V)),
        ("one verse, a chorus and a bridge", (V, C, B, C)),
        ("rap, 16 bars", (V, C, V, C)),
        ("haiku about frogs", (V, V, V)),
    ],
)
def test_forms(prompt, plan):
    assert plan_stanzas(read_form(prompt), None) == plan


def test_a_plan_wins_over_the_prompt():
    plan = (SectionKind.INTRO, V, C, SectionKind.SOLO, C, SectionKind.OUTRO)
    assert plan_stanzas(read_form("three verses, no chorus"), plan) == plan
    assert labels(plan) == ("Intro", "Verse", "Chorus", "Solo", "Chorus", "Outro")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a song about the sea", "en"),
        ("una canción sobre el mar", "es"),
        ("une chanson d'amour pour Claire", "fr"),
        ("ein Lied über den Sommer", "de"),
        ("una canzone triste sulla pioggia", "it"),
        ("uma canção sobre a saudade do meu avô", "pt"),
        ("夏の海の歌", "ja"),
        ("песня о море", "ru"),
        ("a love song in Spanish", "es"),
        ("", "en"),
        ("🎸🎸", "en"),
    ],
)
def test_languages(text, language):
    assert detect_language(text) == language
