"""Whole words that the language model can write as one token, with how they are said and sung."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from producer.lyricist.bank import read
from producer.lyricist.scan import rhyme_classes
from producer.lyrics.dictionary import is_listed, pronunciations

WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_SPACE = "Ġ"  # how the vocabulary writes the space before a word
_RARE_WORD, _RARE_START = 36_000, 16_000  # token numbers grow with rarity
#: What may hang on a word, and after which words.
CLITICS: dict[str, frozenset[str]] = {
    "'m": frozenset({"i"}),
    "'re": frozenset({"you", "we", "they"}),
    "'ve": frozenset({"i", "you", "we", "they"}),
    "'ll": frozenset({"i", "you", "we", "they", "he", "she", "it"}),
    "'d": frozenset({"i", "you", "we", "they", "he", "she"}),
    "'s": frozenset({"it", "he", "she", "that", "there", "what", "here", "let"}),
    "'t": frozenset({"don", "can", "won", "didn", "isn", "wasn", "couldn", "wouldn", "doesn", "ain"}),
}
_STEMS = {"don": 1, "won": 1, "didn": 2, "isn": 2, "wasn": 2, "couldn": 2, "wouldn": 2, "doesn": 2, "ain": 1}
_ENDINGS = ("Ċ", ".", ",", "!", "?")


@dataclass(frozen=True, slots=True)
class Word:
    """One token that is a word."""

    token: int
    text: str  #: lower case
    syllables: int
    stress: str  #: 1 strong, 0 weak, a syllable each
    starts: bool  #: stands at the start of a line
    stem: bool = False  #: waits for *'t*

    @property
    def classes(self) -> frozenset[str]:
        """What it rhymes with."""
        return rhyme_classes(self.text)


def list_words(tokens: Sequence[str]) -> tuple[Word, ...]:
    """Words among the model's tokens: in the pronouncing dictionary, common, and fit for any song."""
    banned = frozenset(read("words")["meta"].split()) | frozenset(WORDS["never"].split())
    function = frozenset(read("words")["function"].split())
    out: list[Word] = []
    for number, token in enumerate(tokens):
        starts = not token.startswith(_SPACE)
        text = token.removeprefix(_SPACE)
        low = text.lower()
        fits = text == "I" or (text == low.capitalize() if starts else text == low)
        if not (fits and low.isascii() and low.isalpha()) or low in banned:
            continue
        if len(low) == 1 and low not in {"i", "a", "o"}:
            continue
        if number > (_RARE_START if starts else _RARE_WORD):
            continue
        if low in _STEMS and (not is_listed(low) or low in {"don", "won"}):
            out.append(Word(number, low, _STEMS[low], "1" + "0" * (_STEMS[low] - 1), starts, stem=True))
        elif is_listed(low) and not (len(low) <= 2 and low not in function):
            stress = _stress(low, low in function)
            out.append(Word(number, low, len(stress), stress, starts))
    return tuple(out)


def _stress(word: str, is_function: bool) -> str:
    phones = pronunciations(word)[0]
    pattern = "".join("0" if phone[-1] == "0" else "1" for phone in phones if phone[-1].isdigit())
    return "0" if len(pattern) == 1 and is_function else pattern


def endings(tokens: Sequence[str]) -> tuple[int, ...]:
    """Tokens that tell that a line is complete."""
    return tuple(i for i, token in enumerate(tokens) if token in _ENDINGS)
