"""Printed English → spoken words: abbreviations, numbers, symbols, capitals, hyphens."""

import re
import unicodedata
from collections.abc import Sequence

from producer.lyrics import english
from producer.lyrics.dictionary import is_listed
from producer.lyrics.numbers import read_number

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'", "⁄": "/"})
#: Latin letters that no accent explains.
_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "th", "þ": "th", "ł": "l", "đ": "d", "ı": "i",
            "ħ": "h", "ŋ": "ng", "ə": "a", "ſ": "s"}  # fmt: skip
_HALF_DAYS = (["a", "m"], ["p", "m"])
_ACRONYMS = re.compile(r"([A-Z]{2,5})'?s")
_GRADE = re.compile(r"([A-F])([+-])")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){2,}[A-Za-z]?")
_PIECE = re.compile(r"'?[a-z]+(?:'[a-z]+)*'?|[&%@$€£¥+#=°]")
_VOWEL_LETTERS = frozenset("aeiouy")
MAX_ACRONYM = 5  # letters; longer capitals are shouted words


def spoken_words(words: Sequence[str]) -> list[list[str]]:
    """For each printed word the lower-case words that are said for it; letters named singly end in a dot.

    >>> spoken_words(["NYC", "Smith's", "24/7", "R&B!"])
    [['n.', 'y.', 'c.'], ["smith's"], ['twenty', 'four', 'seven'], ['r', 'and', 'b']]
    """
    shouting = sum(word.isupper() for word in words if len(word) > 1) > len(words) / 2
    following = [*words[1:], ""] if words else []
    return [_spoken(word, after, shouting) for word, after in zip(words, following, strict=True)]


def fold(word: str) -> str:
    """Compatibility forms and accents resolved to plain letters; apostrophes straight.

    >>> fold("Ｃafé’s")
    "Cafe's"
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).translate(_APOSTROPHES))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).translate(_APOSTROPHES)
    return "".join(_LETTERS.get(c, _LETTERS.get(c.lower(), c)) for c in kept)


def _spoken(word: str, after: str, shouting: bool) -> list[str]:
    token = fold(word).strip('.,;:!?…"“”«»()[]{}<>~*_|—–-¿¡^\\')
    written = english.tables()["written"]
    lower = token.lower()
    if lower == "st":
        return ["saint"] if after[:1].isupper() else ["street"]
    if lower == "no" and word.endswith(".") and after[:1].isdecimal():
        return ["number"]
    if grade := _GRADE.fullmatch(token):
        return [grade[1].lower() + ".", "plus" if grade[2] == "+" else "minus"]
    if lower in written:
        return str(written[lower]).split()
    if any(c.isdecimal() for c in token):
        words = [piece for said in read_number(token) for piece in _pieces(said.lower())]
        return [*words[:-2], words[-2] + ".", "m."] if words[-2:] in _HALF_DAYS else words
    if (several := _ACRONYMS.fullmatch(token)) and not is_listed(lower):
        base = several[1].lower()
        return [base + "'s"] if is_listed(base) else [*(c + "." for c in base[:-1]), base[-1] + ".'s"]
    if _DOTTED.fullmatch(token + ".") or _is_acronym(token, shouting):
        return [c + "." for c in lower if c.isalpha()]
    if is_listed(lower) or english.is_vocable(lower):
        return [lower]
    if _is_unsayable(lower):
        return [c + "." for c in lower]
    return _pieces(lower)


def _is_acronym(token: str, shouting: bool) -> bool:
    """Capitals that aren't a word: always when they hold no vowel, else unless everything is shouted."""
    if not (token.isascii() and token.isalpha() and token.isupper() and 2 <= len(token) <= MAX_ACRONYM):
        return False
    lower = token.lower()
    if is_listed(lower) or english.is_vocable(lower) or lower in english.tables()["say"]:
        return False
    return not shouting or not _VOWEL_LETTERS.intersection(lower)


def _is_unsayable(lower: str) -> bool:
    """Letters that can only be named one by one: "xkcd"."""
    return 1 < len(lower) <= MAX_ACRONYM and lower.isalpha() and not _VOWEL_LETTERS.intersection(lower)


def _pieces(token: str) -> list[str]:
    """Words inside a token: parts of hyphenated ones, symbols by their names."""
    written = english.tables()["written"]
    words: list[str] = []
    for piece in _PIECE.findall(token):
        bare = piece if is_listed(piece) or piece.endswith("in'") else piece.rstrip("'")
        bare = bare if is_listed(bare) or bare in english.tables()["say"] else bare.lstrip("'")
        words += str(written[piece]).split() if not piece[0].isalpha() and piece in written else [bare]
    return [word for word in words if word]
