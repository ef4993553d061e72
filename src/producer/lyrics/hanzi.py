"""Chinese characters → syllables, by the words they stand in."""

import lzma
from functools import cache
from importlib.resources import files

from producer.lyrics.alphabet import SpokenSyllable
from producer.lyrics.spelling_rules import say_by_rules

_UNKNOWN = "yi1"  # what a character outside the table is read as
_LONGEST = 4  # characters of a word in the table
_NEUTRAL = "5"  # the tone of particles and endings


@cache
def _tables() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Pinyin of single characters, and of words that are read otherwise."""
    packed = files("producer.lyrics").joinpath("data/pinyin.txt.xz").read_bytes()
    singly, _, together = lzma.decompress(packed).decode().partition("\n\n")
    rows = (line.split("\t") for line in singly.split("\n"))
    words = (line.split("\t") for line in together.split("\n"))
    return (
        {character: syllable for syllable, characters in rows for character in characters},
        {word: syllables.split(" ") for word, syllables in words},
    )


def is_han(character: str) -> bool:
    """Whether a character has a Chinese reading."""
    return character in _tables()[0]


def pinyin(text: str) -> list[str]:
    """A syllable with its tone (5 = neutral) for each character; the longest known word decides.

    >>> pinyin("快乐的音乐")
    ['kuai4', 'le4', 'de5', 'yin1', 'yue4']
    """
    singly, together = _tables()
    said: list[str] = []
    at = 0
    while at < len(text):
        ends = range(min(len(text), at + _LONGEST), at + 1, -1)
        end = next((end for end in ends if text[at:end] in together), at + 1)
        said += together.get(text[at:end]) or [singly.get(text[at], _UNKNOWN)]
        at = end
    return said


def say_han(text: str) -> tuple[SpokenSyllable, ...]:
    """Chinese characters, a syllable each; particles and endings are weak.

    >>> ["".join(s.nucleus) for s in say_han("爱了")]
    ['ai↘', 'ɤ']
    """
    return tuple(_say(syllable) for syllable in pinyin(text))


def _say(syllable: str) -> SpokenSyllable:
    said = (say_by_rules(syllable, "zh") or say_by_rules(_UNKNOWN, "zh"))[0]
    weak = syllable.endswith(_NEUTRAL)
    return SpokenSyllable(said.onset, said.nucleus, said.coda, 0 if weak else 2)
