"""What happens where two words meet: liaison, and mute vowels that are sung all the same."""

import re
from collections.abc import Sequence
from dataclasses import replace

from producer.lyrics.alphabet import SpokenSyllable, SpokenWord
from producer.lyrics.hyphens import part_word
from producer.lyrics.spelling_rules import SpellingRules, load_rules

_BARE = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?")
_MUTE_ENDING = re.compile(r"(?:e|es|ent)$")
_GLIDES, _GLIDE_LETTERS = frozenset("jwɥ"), frozenset("bcdfgjklmnpqrstvwxz")
_CLUSTER = 2  # consonants at a word's end that want a vowel before another consonant


def link(said: list[list[SpokenWord]], words: Sequence[str], language: str) -> list[list[SpokenWord]]:
    """The words of a line with what their neighbours do to them.

    Parameters
    ----------
    said
        For each printed word the words that are said for it.
    words
        The printed words; punctuation behind one keeps it from its neighbour.
    language
        Of the table that has the rules.
    """
    rules = load_rules(language)
    if not rules.links and not rules.mute_vowel:
        return said
    out: list[list[SpokenWord]] = []
    for i, group in enumerate(said):
        following = said[i + 1][0] if i + 1 < len(said) else None
        if not following or words[i][-1:] in ',.;:!?…—)»"':
            out.append(group)
            continue
        spelled, after = _bare(words[i]), _bare(words[i + 1])
        last = _joined(group[-1], spelled, after, following.syllables[0], rules)
        out.append([*group[:-1], last])
    return out


def _bare(word: str) -> str:
    found = _BARE.search(word.lower().replace("’", "'"))
    return found[0] if found else ""


def _joined(
    word: SpokenWord, spelled: str, after: str, following: SpokenSyllable, rules: SpellingRules
) -> SpokenWord:
    """The last word said for `spelled`, before the printed word `after` that begins with `following`."""
    *rest, last = word.syllables
    if not following.onset or (following.onset[0] in _GLIDES and after[:1] not in _GLIDE_LETTERS):
        consonant = rules.links.get(spelled, "")
        if not consonant or after in rules.aspirated or last.coda:
            return word
        return replace(word, syllables=(*rest, replace(last, coda=(consonant,))))
    if not rules.mute_vowel or len(last.coda) < _CLUSTER or not _MUTE_ENDING.search(spelled):
        return word
    kept, moved = _cut(last.coda, rules.onsets)
    mute = SpokenSyllable(moved, (rules.mute_vowel,), (), 0)
    syllables = (*rest, replace(last, coda=kept), mute)
    printed = "".join(text.removesuffix("-") for text in word.texts)
    return SpokenWord(syllables, tuple(part_word(printed, syllables)))


def _cut(coda: tuple[str, ...], onsets: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Consonants that stay, and the longest end of them that may start a syllable."""
    for start in range(len(coda)):
        moved = coda[start:]
        if len(moved) == 1 or "".join(moved) in onsets:
            return coda[:start], moved
    return coda, ()
