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
_DOLLAR_S = re.compile(r"\$(?=[^\W\d_])")
_TENS_AND_ONES = re.compile(r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty-[a-z]+")
_ROMAN = re.compile(r"(X{0,2})(I[XV]|V?I{0,3})")
_STUTTER = 3  # letters said again before a word, at most
MAX_ACRONYM = 5  # letters; longer capitals are shouted words


def spoken_words(words: Sequence[str]) -> list[list[str]]:
    """For each printed word the lower-case words that are said for it; letters named singly end in a dot.

    Stammered consonants end in a hyphen.

    >>> spoken_words(["NYC", "Smith's", "24/7", "R&B!", "b-baby"])
    [['n.', 'y.', 'c.'], ["smith's"], ['twenty', 'four', 'seven'], ['r', 'and', 'b'], ['b-', 'baby']]
    """
    shouting = sum(word.isupper() for word in words if len(word) > 1) > len(words) / 2
    before, following = ["", *words[:-1]], [*words[1:], ""] if words else []
    return [_spoken(*place, shouting) for place in zip(before, words, following, strict=False)]


def fold(word: str) -> str:
    """Compatibility forms and accents resolved to plain letters; apostrophes straight.

    >>> fold("Ｃafé’s")
    "Cafe's"
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).translate(_APOSTROPHES))
    kept = "".join(c for c in plain if not unicodedata.combining(c)).translate(_APOSTROPHES)
    return "".join(_LETTERS.get(c, _LETTERS.get(c.lower(), c)) for c in kept)


def _spoken(before: str, word: str, after: str, shouting: bool) -> list[str]:
    token = _bare(word)
    token = _DOLLAR_S.sub("S" if token.isupper() else "s", token)
    written = english.tables()["written"]
    lower = token.lower()
    if (
        lower == "a"
        and token.isupper()
        and (_is_letter(before) or _is_letter(after) or (before and not after))
    ):
        return ["a."]
    if before[:1].isupper() and (number := _roman(token)):
        return [piece for said in read_number(str(number)) for piece in _pieces(said)]
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
    if _TENS_AND_ONES.fullmatch(lower):
        return lower.split("-")
    if is_listed(lower) or english.is_vocable(lower):
        return [lower]
    if _is_unsayable(lower):
        return [c + "." for c in lower]
    return _pieces(lower)


def _bare(word: str) -> str:
    """Plain letters without the marks around them."""
    return fold(word).strip('.,;:!?…"“”«»()[]{}<>~*_|—–-¿¡^\\')


def _is_letter(word: str) -> bool:
    """Whether it is the name of a letter, as in "A B C"."""
    bare = _bare(word)
    return len(bare) == 1 and bare.isupper() and bare not in "AIO"


def _roman(token: str) -> int:
    """The number of "II" … "XXIX"; 0 for what is a letter, a kiss or no such numeral.

    >>> _roman("XIV"), _roman("IX"), _roman("X"), _roman("XX")
    (14, 9, 0, 0)
    """
    found = _ROMAN.fullmatch(token)
    if not found or len(token) < 2 or not found[2]:
        return 0
    ones = {"IX": 9, "IV": 4}.get(found[2])
    return 10 * len(found[1]) + (5 * found[2].count("V") + found[2].count("I") if ones is None else ones)


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
    pieces = _PIECE.findall(token)
    for index, piece in enumerate(pieces):
        if _is_stutter(piece, pieces[index + 1 :]):
            words.append(piece + "-")
            continue
        bare = piece if is_listed(piece) or piece.endswith("in'") else piece.rstrip("'")
        bare = bare if is_listed(bare) or bare in english.tables()["say"] else bare.lstrip("'")
        words += str(written[piece]).split() if not piece[0].isalpha() and piece in written else [bare]
    return [word for word in words if word]


def _is_stutter(piece: str, following: Sequence[str]) -> bool:
    """Whether consonants begin the word that follows them: "b-b-baby"."""
    word = next((later for later in following if later != piece), "")
    begins = word.startswith(piece) and len(piece) <= _STUTTER
    return begins and not set("aeiou").intersection(piece)
