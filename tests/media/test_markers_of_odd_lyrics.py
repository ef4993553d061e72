"""Whatever is written under a mark has a marker: in order, nothing lost, nothing added."""

import re

import pytest

import producer
from producer.media.captions import timing_markers

SHEETS = """\
digits
I was born in 1987 at 7:30 pm
Call 555-0199 or 911 now
3 a.m. and 24/7 for $5.99
The 21st, 100%

abbreviations
Dr. Jones and Mr. Smith went to L.A.
The FBI, the U.S.A., NASA and the DJ
St. Mary's vs. etc.

capitals
I WANT YOU BACK RIGHT NOW
DON'T STOP
SOS SOS, A B C
MC's love A$AP, Louis XIV

hyphens
Twenty-one well-worn merry-go-rounds
Uh-huh, na-na-na, b-b-baby st-stay
Rock-'n'-roll n' roll 'til

sounds
Oooh ooooooh ahhhh yeahhhhh
la la la la la
mmm hmm mmmmmm shh
noooooooo woah-oh-oh

pictures
I love you ❤️ so much 😂😂
🔥🔥🔥
Stars ✨ are ⭐ falling ☔ down

brackets
Stay {with me} tonight baby
Unclosed (bracket here
closing) only here
“odd” «ones»

one word
Go
Now
Stay
I
A
Rhythm

tongues
Te quiero baby, je t'aime mon amour
Привет, hello, 안녕 friend
שלום and مرحبا to you

symbols
@home #blessed www.example.com
me & you = love + 1
½ cup 5°C
A/C and/or he/she
zxcvb pfft tsk

very long words
Supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis
hahahahahaha
"""
LONG = "and the river ran and the people sang and nobody ever told me what the river really wanted " * 2
SONGS = {block.split("\n")[0]: block.split("\n", 1)[1] for block in SHEETS.strip().split("\n\n")}
SONGS["a very long line"] = f"{LONG}\nshort"


def spelled(text):
    return re.findall(r"[^\W_]+", text.casefold())


@pytest.mark.parametrize("name", SONGS)
@pytest.mark.parametrize("mark", ["Verse", "Spoken"])
def test_every_word_has_its_marker(name, mark):
    song = producer.compose("pop, female vocal", lyrics=f"[{mark}]\n{SONGS[name]}", seed="3")
    lines = timing_markers(song)["lines"]
    assert [word for line in lines for word in spelled(line["text"])] == spelled(SONGS[name])
    for line in lines:
        assert spelled(" ".join(word["text"] for word in line["words"])) == spelled(line["text"])
        edges = [edge for word in line["words"] for edge in (word["start"], word["end"])]
        assert edges == sorted(edges)
        assert all(word["end"] > word["start"] for word in line["words"])


def test_ad_libs_have_markers_behind_their_lines():
    words = "(Hey!) I said (what?) come on (come (on) now)\n(Only backing here)\nLove (love) love"
    song = producer.compose("pop", lyrics=f"[Verse]\n{words}", seed="3")
    shown = [line["text"] for line in timing_markers(song)["lines"]]
    assert shown == [
        "I said come on", "Hey!", "what?", "come on now", "Only backing here", "Love love", "love",
    ]  # fmt: skip
