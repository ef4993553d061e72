"""Where a printed word is parted under the notes."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from producer.lyrics.alphabet import SpokenSyllable

_VOWELS = frozenset("aeiouyæœøаеёиоуыэюяєіїαεηιουω")
_NO_VOWEL = 6.0
_TWO_VOWELS = 3.0
_MISFIT = 1.0  # for each consonant letter too many or too few


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
    sounding = [_is_vowel(letter) for letter in spelling]
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for i, syllable in enumerate(syllables):
        last_end = len(spelling) - (count - 1 - i)
        ends = range(i + 1, last_end + 1) if i < count - 1 else [len(spelling)]
        best = {
            end: min(
                (cost + _misfit(sounding[start:end], syllable, is_last=i == count - 1), (*cuts, end))
                for start, (cost, cuts) in best.items()
                if start < end
            )
            for end in ends
        }
    cuts = (0, *best[len(spelling)][1])
    pieces = [spelling[start:end] for start, end in pairwise(cuts)]
    return [*(piece.removesuffix("-") + "-" for piece in pieces[:-1]), pieces[-1]]


def _misfit(sounding: list[bool], syllable: SpokenSyllable, *, is_last: bool) -> float:
    if not any(sounding):
        return _NO_VOWEL + len(sounding)
    first = sounding.index(True)
    core = sounding[first:]
    if is_last and len(core) > 2 and core[-1] and not core[-2]:
        core = core[:-1]  # a silent e
    last = len(core) - 1 - core[::-1].index(True)
    groups = sum(1 for i in range(len(core)) if core[i] and (i == 0 or not core[i - 1]))
    after = len(core) - 1 - last
    return (
        _MISFIT * abs(first - len(syllable.onset))
        + 0.9 * _MISFIT * abs(after - len(syllable.coda))
        + _TWO_VOWELS * (groups - 1)
    )


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter.lower())[0] in _VOWELS
