"""Printed words → spoken syllables: every word goes to the reader of its script and language."""

from collections.abc import Sequence
from dataclasses import dataclass

from producer.lyrics import english
from producer.lyrics.alphabet import SpokenSyllable, sounds_of_arpabet, split_sounds
from producer.lyrics.hyphens import part_word
from producer.lyrics.verbal import fold, spoken_words


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it is said: syllables, and what stands under each of their notes."""

    syllables: tuple[SpokenSyllable, ...]
    texts: tuple[str, ...]


def read_words(words: Sequence[str], language: str) -> list[list[SpokenWord]]:
    """For each printed word the words that are said for it; every one has a syllable."""
    return _read_english(words)


def _read_english(words: Sequence[str]) -> list[list[SpokenWord]]:
    spoken = spoken_words(words)
    flat = [word for group in spoken for word in group]
    said = iter(english.say_all(flat))
    return [
        [_english_word(word, next(said), printed) for word in group]
        for printed, group in zip(words, spoken, strict=True)
    ]


def _english_word(word: str, phones: tuple[str, ...], printed: str) -> SpokenWord:
    syllables = split_sounds(sounds_of_arpabet(phones), english.onsets())
    if len(syllables) == 1 and word in english.weak_words():
        (only,) = syllables
        syllables = (SpokenSyllable(only.onset, only.nucleus, only.coda, 0),)
    return SpokenWord(syllables, tuple(part_word(as_printed(word, printed), syllables)))


def as_printed(word: str, printed: str) -> str:
    """The word in the author's letters and capitals, where they can be found in the printed form."""
    start = fold(printed).lower().find(word)
    same_length = len(fold(printed)) == len(printed)
    return printed[start : start + len(word)] if start >= 0 and same_length else word
