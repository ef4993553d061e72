"""The mood of a prompt is read from the whole of it: negations, turns, troubles and good ends."""

import re

import pytest

from producer.lyricist import write_lyrics
from producer.lyricist.bank import word_set
from producer.lyricist.desk import open_themes
from producer.lyricist.scan import words_of
from producer.lyricist.wish import read_wish

DARK = (
    "my houseplant is dying and so is my marriage",
    "our kubernetes cluster goes down on friday night",
    "my best friend stopped talking to me at her birthday party",
    "the summer I lost my brother",
    "nobody came to my birthday",
    "everyone is dancing but me",
    "christmas without my mother",
    "I used to love the summer, now I can't stand it",
    "she said yes and then she changed her mind",
    "the bride never showed up",
    "my dog ran away and never came back",
    "I got everything I wanted and I'm still not happy",
    "the bakery on our corner has closed for good",
    "my son won't speak to me",
    "the garden is overgrown since you left",
    "a clown who can't laugh anymore",
    "our band broke up the night before the festival",
    "they cut down the old oak where we had our first kiss",
    "it was a good marriage until it wasn't",
    "not a happy song: my daughter's wedding and I wasn't invited",
    "the party is over and everyone has gone home",
    "my grandmother doesn't remember my name",
    "I failed my exam for the third time",
    "our team lost the final in the last minute",
    "I'm so tired of pretending to be fine",
    "he promised he would stop drinking but he didn't",
)
BRIGHT = (
    "not a sad song, please: saying goodbye to a friend who moves on to her dream job",
    "I lost my job and I have never been happier",
    "the cruise ship sank but everyone survived",
    "my cat ran away and came back",
    "happy song about my grandpa's funeral party, he'd have wanted us to dance",
    "I was afraid of the dark but not anymore",
    "two years after the divorce I finally feel alive",
    "the doctors said she would never walk, today she danced",
    "cancer free after eight months",
    "I'm not lonely, I love living alone",
    "we lost every game this season and still had the best time",
    "a cheerful tune about a hopeless cook who burns everything",
    "the storm is over and the sun is out",
    "my ex is getting married and I couldn't be happier for her",
    "no more tears, I'm done crying over you",
    "an upbeat pop song about surviving heartbreak",
    "the war is over and my father comes home",
    "it rained on our wedding and we danced anyway",
    "I quit drinking and got my life back",
    "funny song about my broken washing machine",
    "my brother and I made up after ten years of silence",
    "they said we'd never make it and look at us now",
    "goodbye to a bad year, hello to a better one",
    "lullaby for a baby who is no longer sick",
)
PLAIN = ("rain", "neon nights", "my stapler", "a train ride to Oslo", "the sea")

#: Themes in which nobody should find himself by mistake.
_PARTIES = {"party", "joy", "birthday", "wedding", "kids", "summer", "style_dance", "festival"}
_SORROWS = {"grief", "heartbreak", "goodbye", "loneliness", "dementia", "depression", "babyloss"}


def body(prompt: str, seed: str) -> set[str]:
    text = write_lyrics(prompt, seed=seed).lyrics
    return set(words_of(re.sub(r"^\[[^\]]+\]$", "", text, flags=re.MULTILINE).replace("\n", " ")))


@pytest.mark.parametrize("prompt", DARK)
def test_dark_prompts_are_read_as_dark(prompt):
    wish = read_wish(prompt)
    assert wish.valence <= -0.2
    assert not {theme.name for theme, _ in open_themes(wish)} & (_PARTIES | {"open_bright"})


@pytest.mark.parametrize("prompt", BRIGHT)
def test_bright_prompts_are_read_as_bright(prompt):
    wish = read_wish(prompt)
    assert wish.valence >= 0.2
    assert not {theme.name for theme, _ in open_themes(wish)} & (_SORROWS | {"open_low"})


@pytest.mark.parametrize("prompt", PLAIN)
def test_prompts_that_say_nothing_of_their_mood_keep_their_themes(prompt):
    assert -0.3 <= read_wish(prompt).valence <= 0.5


@pytest.mark.parametrize("prompt", DARK[:8])
def test_merry_words_stay_out_of_dark_songs(prompt):
    asked = set(words_of(prompt))
    for seed in ("1", "2", "3"):
        assert not body(prompt, seed) & (word_set("merry") - asked)


@pytest.mark.parametrize("prompt", BRIGHT[:8])
def test_grim_words_stay_out_of_bright_songs(prompt):
    asked = set(words_of(prompt))
    for seed in ("1", "2", "3"):
        assert not body(prompt, seed) & (word_set("grim") - asked)
