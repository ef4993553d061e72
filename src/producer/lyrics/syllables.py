"""A line of text → a Line of syllables."""

import re
from itertools import pairwise

from producer.lyrics import english
from producer.lyrics.alphabet import SpokenSyllable, sounds_of_arpabet, split_sounds
from producer.lyrics.tokens import printable_words
from producer.score.lyric import Line, Syllable


def make_line(text: str, *, language: str = "en", backing: bool = False) -> Line:
    """Read a line aloud on paper.

    Parameters
    ----------
    text
        One line of lyrics, any characters.
    language
        ISO 639-1 code that decides how Latin letters are read.
    backing
        Whether it is sung behind the lead.
    """
    words = printable_words(text)
    syllables: list[Syllable] = []
    for index, word in enumerate(words):
        for spelling in re.findall(r"[^\W_]+(?:'[^\W_]+)*'?", word.lower().replace("’", "'")):
            spoken = split_sounds(sounds_of_arpabet(english.say(spelling)), english.onsets())
            weak = len(spoken) == 1 and spelling in english.weak_words()
            pieces = split_spelling(spelling, len(spoken))
            syllables += [
                Syllable(piece, s.onset, s.nucleus, s.coda, 0 if weak else s.stress, index, i == 0)
                for i, (piece, s) in enumerate(zip(pieces, spoken, strict=True))
            ]
    return Line(text, words, tuple(syllables), backing, rhyme_key(syllables))


def rhyme_key(syllables: list[Syllable]) -> str:
    """Phonemes from the last stressed vowel on."""
    key = ""
    for syllable in reversed(syllables):
        key = "".join(syllable.nucleus + syllable.coda) + key
        if syllable.stress or syllable.starts_word:
            return key
        key = "".join(syllable.onset) + key
    return key


def split_spelling(spelling: str, count: int) -> list[str]:
    """Letters shared out among `count` syllables, hyphens where a word goes on."""
    if count <= 1:
        return [spelling] * count
    cuts = [round(i * len(spelling) / count) for i in range(count + 1)]
    pieces = [spelling[a:b] for a, b in pairwise(cuts)]
    return [piece + "-" for piece in pieces[:-1]] + pieces[-1:]


__all__ = ["SpokenSyllable", "make_line", "rhyme_key"]
