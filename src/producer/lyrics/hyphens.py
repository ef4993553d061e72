"""Where a printed word is parted under the notes."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from producer.lyrics.alphabet import SpokenSyllable

_VOWELS = frozenset("aeiouyæœøаеёиоуыэюяєіїαεηιουω")
_CHECKED = frozenset("æɛɪʌʊ")  # when stressed they keep a consonant: nev-er, fish-ing
_NO_VOWEL = 6.0
_TWO_VOWELS = 3.0
_TOO_MANY_BEFORE, _TOO_MANY_AFTER = 1.0, 0.9  # for each consonant too many or too few
_TORN = 0.8  # for a cut inside letters that mostly are one sound (but: hot-house)
_DOUBLE = 1.0  # for a double letter that is not parted: fal-ling

_ONE_SOUND = re.compile("tch|th|sh|ch|ph|wh|gh|ck|qu")
_TWICE = re.compile(r"([^\W\d_aeiouy])\1")
_CONSONANT_Y = re.compile("(?<![bcdfghjklmnpqrstvwxz])y(?=[aeiou])")  # new-year, but sky-ing
_SYLLABIC_LE = re.compile("(?<=[bcdfgkptz])le(?=s?$)")  # ta-bles: the vowel is heard before the l
_MUTE = re.compile("(?<=[^aeiouy])e(?=[ds]$)")  # be-comes


def part_word(spelling: str, syllables: Sequence[SpokenSyllable]) -> list[str]:
    """One piece of the spelling for each syllable, with a hyphen where the word goes on.

    The cuts are those whose consonant letters fit the sounds best.

    >>> syllables = SpokenSyllable(("v",), ("Y",), (), 2), SpokenSyllable(("s",), ("ə",), ("z",), 0)
    >>> part_word("voices", syllables)
    ['voi-', 'ces']
    """
    count = len(syllables)
    if count <= 1 or len(spelling) < count:
        return [spelling, *[""] * (count - 1)][:count]
    letters = _letters(spelling)
    closed = _closed(syllables)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for i, (onset, coda) in enumerate(closed):
        last_end = len(spelling) - (count - 1 - i)
        ends = range(i + 1, last_end + 1) if i < count - 1 else [len(spelling)]
        best = {
            end: min(
                (cost + _misfit(letters[start:end], onset, coda), (*cuts, end))
                for start, (cost, cuts) in best.items()
                if start < end
            )
            for end in ends
        }
    cuts = (0, *best[len(spelling)][1])
    pieces = [spelling[start:end] for start, end in pairwise(cuts)]
    return [*(piece.removesuffix("-") + "-" for piece in pieces[:-1]), pieces[-1]]


def _closed(syllables: Sequence[SpokenSyllable]) -> list[tuple[int, int]]:
    """How many consonants stand before and behind each vowel when stressed checked vowels keep one."""
    counts = [[len(syllable.onset), len(syllable.coda)] for syllable in syllables]
    for syllable, (here, after) in zip(syllables, pairwise(counts), strict=False):
        if syllable.stress and not syllable.coda and syllable.nucleus[0] in _CHECKED and after[0]:
            here[1], after[0] = 1, after[0] - 1
    return [(onset, coda) for onset, coda in counts]


def _letters(spelling: str) -> str:
    """What each letter is.

    ``V`` a vowel, ``E`` an e and ``M`` an e that may be mute, ``C`` a consonant, ``-`` more of the
    sound before, ``=`` the letter before once more.

    >>> _letters("mothers"), _letters("bottle"), _letters("homes")
    ('CVC-ECC', 'CVC=VC', 'CVCMC')
    """
    lower = spelling.lower()
    letters = ["E" if letter == "e" else "V" if _is_vowel(letter) else "C" for letter in lower]
    for match in _TWICE.finditer(lower):
        letters[match.start() + 1] = "="
    for match in _ONE_SOUND.finditer(lower):
        letters[match.start() + 1 : match.end()] = "-" * (len(match[0]) - 1)
    for match in _CONSONANT_Y.finditer(lower):
        letters[match.start()] = "C"
    for match in _SYLLABIC_LE.finditer(lower):
        letters[match.start() : match.end()] = "VC"
    for match in _MUTE.finditer(lower):
        letters[match.start()] = "M"
    return "".join(letters)


def _misfit(letters: str, onset: int, coda: int) -> float:
    return min(_misread(reading, onset, coda) for reading in _readings(letters))


def _readings(letters: str) -> list[str]:
    """A piece as it stands and without an e that may be mute behind its vowel: home-town, be-comes."""
    mute = re.fullmatch("(.*[VEM].*[C=-])(?:E|M(C))", letters)
    return [letters, mute[1] + (mute[2] or "")] if mute else [letters]


def _misread(letters: str, onset: int, coda: int) -> float:
    vowels = list(re.finditer("[VEM]+", letters))
    if not vowels:
        return _NO_VOWEL + len(letters)
    before, after = letters[: vowels[0].start()], letters[vowels[-1].end() :]
    early = before.count("C") + before.startswith("-")
    missing = abs(early - onset)
    if before.startswith("="):
        missing = min(missing, abs(early + 1 - onset))
    return (
        _TORN * before.startswith("-")
        + _DOUBLE * letters.count("=", 1)
        + _TOO_MANY_BEFORE * missing
        + _TOO_MANY_AFTER * abs(after.count("C") - coda)
        + _TWO_VOWELS * (len(vowels) - 1)
    )


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0] in _VOWELS
