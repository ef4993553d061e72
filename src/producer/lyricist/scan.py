"""How a line falls: its syllables and what it rhymes with."""

import re
import unicodedata
from functools import lru_cache

from producer.lyrics.dictionary import pronunciations
from producer.lyrics.syllables import make_line

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: Vowels that singers don't tell apart: near–here, poor–door, dawn–on (Wells 1982, General American).
_MERGERS = {"IH R": "IY R", "UH R": "AO R", "AO": "AA", "AO R": "AO R"}
_MERGED = re.compile(r"\b(?:IH R|UH R|AO R|AO)\b")


def words_of(line: str) -> tuple[str, ...]:
    """Words of a line in lower case with straight apostrophes.

    >>> words_of("Don’t go, Anna!")
    ("don't", 'go', 'anna')
    """
    return tuple(word.lower().replace("’", "'") for word in _WORD.findall(line))


@lru_cache(maxsize=16384)
def count_syllables(line: str, language: str = "en") -> int:
    """Syllables of a line as the singer will count them."""
    return len(make_line(line, language=language).syllables)


@lru_cache(maxsize=16384)
def rhyme_classes(word: str) -> frozenset[str]:
    """All endings of an English word that can rhyme: phones from its last stressed vowel on.

    Two words rhyme perfectly when they share one (Holtman 1996); every listed pronunciation counts.
    """
    found = set()
    for phones in pronunciations(word):
        stressed = [i for i, phone in enumerate(phones) if phone[-1] in "12"]
        vowels = [i for i, phone in enumerate(phones) if phone[-1].isdigit()]
        if vowels:
            start = stressed[-1] if stressed else vowels[-1]
            key = " ".join(phone.rstrip("012") for phone in phones[start:])
            found.add(_MERGED.sub(lambda m: _MERGERS[m[0]], key))
    return frozenset(found or {_spelled_ending(word)})


def do_rhyme(one: str, other: str, language: str = "en") -> bool:
    """Whether the last words of two lines rhyme and are not the same word."""
    a, b = words_of(one)[-1:], words_of(other)[-1:]
    if not a or not b or a == b:
        return False
    if language == "en":
        return bool(rhyme_classes(a[0]) & rhyme_classes(b[0]))
    if _spelled_ending(a[0]) == _spelled_ending(b[0]):
        return True
    heard = _heard_ending(a[0], language)
    return bool(heard) and heard == _heard_ending(b[0], language)


@lru_cache(maxsize=4096)
def _heard_ending(word: str, language: str) -> str:
    """Phonemes of a word from its last stressed vowel on, as the singer will say them."""
    return make_line(word, language=language).rhyme


def is_form_of(word: str, other: str) -> bool:
    """Whether a word is another one or grown from it.

    >>> is_form_of("loving", "love"), is_form_of("warm", "war")
    (True, False)
    """
    root = other[:-1] if other.endswith("e") else other
    return word == other or (len(other) > 3 and word.startswith(root))


def _spelled_ending(word: str) -> str:
    """Letters from the last spelled vowel group on, a mute final e aside; accents don't count."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    groups = [m.start() for m in re.finditer(r"[aeiouy]+", plain)]
    if not groups:
        return plain
    final_vowel = groups[-1] == len(plain) - 1 or plain[groups[-1] :] in {"es", "os", "as", "en", "er"}
    return plain[groups[-2] :] if final_vowel and len(groups) > 1 else plain[groups[-1] :]
