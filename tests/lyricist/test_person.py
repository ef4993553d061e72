"""Songs tell of the one whom the prompt tells of, with pronouns and verbs that agree, and sing every name."""

import re

import pytest

from producer.lyricist import write_lyrics
from producer.lyricist.person import named, retell
from producer.lyricist.scan import words_of
from producer.lyricist.wish import read_wish

HEROES = (
    ("a sailor called Tom who drinks alone in Marseille", "Tom", "he"),
    ("a waitress named Rosie who dreams of singing in Nashville", "Rosie", "she"),
    ("Maya and Theo dancing in the supermarket", "Maya and Theo", "they"),
    ("refugees crossing the sea looking for a home", "refugees", "they"),
    ("he was a boxer who lost everything and started again", "boxer", "he"),
    ("the old clockmaker who stopped all his clocks the day his wife died", "clockmaker", "he"),
    ("a pirate queen named Esmeralda", "Esmeralda", "she"),
    ("Elena is a nurse and Marco waits for her every morning", "Elena", "she"),
)
SUNG_BY_ONESELF = (
    "my father never said he loved me",
    "from the perspective of a lighthouse keeper",
    "lullaby for twins named Otto and Lily",
    "love song for Maria",
    "a lighthouse keeper",
    "a road trip with Zoe, Marcus and Ingrid to Lisbon",
    "I am a nurse on the night shift",
    "a cat who thinks she is a king",
)
NAMED = (
    ("lullaby for twins named Otto and Lily", ("Otto", "Lily")),
    ("birthday song for my twins Ada and Ben and their dog Pickles", ("Ada", "Ben", "Pickles")),
    ("wedding song for Priya and Sam, first dance under the chestnut tree", ("Priya", "Sam")),
    ("a road trip with Zoe, Marcus and Ingrid to Lisbon", ("Zoe", "Marcus", "Ingrid", "Lisbon")),
    ("a sailor called Tom who writes to his daughter Nell", ("Tom", "Nell")),
    ("Elena is a nurse and Marco waits for her every morning", ("Elena", "Marco")),
    ("Zuri and Theo moving into their first flat in Leeds", ("Zuri", "Theo")),
)


def body(prompt: str, seed: str) -> str:
    text = write_lyrics(prompt, seed=seed).lyrics
    return re.sub(r"^\[[^\]]+\]$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "person", "told"),
    [
        ("I carry water and I never rest", "he", "He carries water and he never rests"),
        ("I'm tired and go home", "she", "She's tired and goes home"),
        ("What do I know, what have I got?", "they", "What do they know, what have they got?"),
        ("I've got my mother's hands", "she", "She's got her mother's hands"),
        ('They say, "I told you so," and I believe', "he", 'They say, "I told you so," and he believes'),
        ("We raised the flag, our hands were cold", "she", "They raised the flag, their hands were cold"),
        ("I can't stop singing to myself", "they", "They can't stop singing to themselves"),
        ("The morning came too soon for me", "he", "The morning came too soon for him"),
        ("They say to save. I saved", "she", "They say to save. She saved"),
    ],
)
def test_persons_and_verbs_are_turned(line, person, told):
    assert retell((line,), person) == (told,)


@pytest.mark.parametrize(
    "line",
    [
        "I love you more than I can say",  # sung to somebody
        "I set the table by the door",  # *sets* or *set*?
        "I have to stand and wait a while",  # *and waits*, or *to stand and wait*?
        "He took my hand, I held it tight",  # two men in one
        "Good night, my love, I close the door",
        "I flibber all the day",
    ],
)
def test_what_cannot_be_turned_for_certain_is_refused(line):
    assert retell((line,), "he") is None


def test_a_name_stands_where_the_first_pronoun_would():
    assert named(("He climbs the stair",), "he", "Tom") == ("Tom climbs the stair",)
    assert named(("And so he climbs", "He's cold"), "he", "Tom") == ("And so he climbs", "He's cold")


@pytest.mark.parametrize(("prompt", "who", "person"), HEROES)
def test_heroes_are_found(prompt, who, person):
    hero = read_wish(prompt).hero
    assert hero
    assert (hero.noun.text, hero.person) == (who, person)


@pytest.mark.parametrize("prompt", SUNG_BY_ONESELF)
def test_prompts_without_a_hero(prompt):
    assert read_wish(prompt).hero is None


@pytest.mark.parametrize(("prompt", "who", "person"), HEROES)
def test_the_song_tells_of_its_hero(prompt, who, person):
    """The onlooker of a stanza (*I saw her there*) may speak; whoever sings has no story of his own."""
    cases = {"he": {"he", "him", "his", "he's"}, "she": {"she", "her", "hers", "she's"}}
    cases["they"] = {"they", "them", "their", "they've", "they're"}
    for seed in ("1", "2", "3", "4"):
        verses = re.split(r"\n\n", body(prompt, seed))
        words = words_of(re.sub(r'"[^"]*"', " ", " ".join(verses)).replace("\n", " "))
        told = sum(word in cases[person] for word in words) + sum(word == who.lower() for word in words)
        own = sum(word in {"i", "my", "me", "i'm", "i've"} for word in words)
        assert told > own, (prompt, seed)
        other = {"he": "she", "she": "he"}.get(person)
        assert other is None or sum(word in cases[other] for word in words) <= 2


@pytest.mark.parametrize(("prompt", "names"), NAMED)
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_every_name_is_sung(prompt, names, seed):
    text = body(prompt, seed)
    assert [name for name in names if name not in text] == []


def test_a_relative_of_the_hero_is_not_the_singers():
    nouns = read_wish("the old clockmaker who stopped all his clocks the day his wife died").nouns
    assert [noun.definite for noun in nouns if noun.head == "wife"] == ["his wife"]


@pytest.mark.parametrize(
    ("prompt", "person"),
    [
        ("a lighthouse keeper named Ana", "she"),
        ("a baker named Tomas", "he"),
        ("a pilot named Chiara", "she"),
    ],
)
def test_names_of_other_countries_have_their_pronoun(prompt, person):
    assert read_wish(prompt).hero.person == person
