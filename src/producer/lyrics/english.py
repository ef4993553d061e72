"""English words → ARPAbet: dictionary first, then what a word is made of, then its letters."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

from producer.lyrics.dictionary import Phones, is_listed, pronunciations
from producer.lyrics.letter_to_sound import spell_out

_SIBILANTS = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_STRETCHED = re.compile(r"(.)\1{2,}")
_MIN_PART = 3  # letters of a compound's halves
#: What an apostrophe joins to a word; None where the sound before decides.
_CLITICS: tuple[tuple[str, Phones | None], ...] = (
    ("'s", None), ("s'", None), ("in'", ("IH0", "N")), ("'ve", ("AH0", "V")), ("'ll", ("AH0", "L")),
    ("'d", None), ("'re", ("ER0",)), ("n't", ("AH0", "N", "T")),
)  # fmt: skip
#: Ending, what the stem may have lost before it, its phones ("Z" and "D" change with the sound before).
_ENDINGS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ies", ("y",), "Z"), ("es", ("e", ""), "Z"), ("s", ("",), "Z"), ("ied", ("y",), "D"),
    ("ed", ("e", ""), "D"),
    ("ing", ("", "e"), "IH0 NG"), ("in", ("ing",), ""), ("er", ("", "e"), "ER0"), ("ers", ("", "e"), "ER0 Z"),
    ("est", ("", "e"), "AH0 S T"), ("ly", ("",), "L IY0"), ("less", ("",), "L AH0 S"),
    ("ness", ("",), "N AH0 S"),
    ("ful", ("",), "F AH0 L"), ("y", ("", "e"), "IY0"),
)  # fmt: skip


@cache
def tables() -> dict[str, Any]:
    """Everything in ``data/english.toml``."""
    return tomllib.loads(files("producer.lyrics").joinpath("data/english.toml").read_text("utf-8"))


@cache
def onsets() -> frozenset[str]:
    """Clusters that may start a syllable, in the singer's alphabet."""
    return frozenset(tables()["onsets"].split())


@cache
def weak_words() -> frozenset[str]:
    """Function words: unstressed in a phrase."""
    return frozenset(tables()["weak"].split())


@cache
def everyday_words() -> frozenset[str]:
    """Words that tell English from other languages (``tools/list_english.py``)."""
    return frozenset(files("producer.lyrics").joinpath("data/english_words.txt").read_text("utf-8").split())


def say_all(words: Sequence[str]) -> list[Phones]:
    """Phones of lower-case words in a row; neighbours decide between two readings of a spelling.

    >>> say_all(["close", "your", "eyes"])[0][-1], say_all(["hold", "me", "close"])[2][-1]
    ('Z', 'S')
    """
    said = [say(word) for word in words]
    for i, word in enumerate(words):
        choice = tables()["homograph"].get(word)
        if choice is not None:
            before = words[i - 1] if i else "."
            after = words[i + 1] if i + 1 < len(words) else "."
            vowel_follows = i + 1 < len(words) and said[i + 1][:1] != () and said[i + 1][0][-1].isdigit()
            other = _is_in(before, choice["after"]) or _is_in(after, choice["before"])
            other = other or (vowel_follows and choice["before"] == "@vowel")
            said[i] = tuple(choice["other" if other else "usual"].split())
    for i in reversed(range(len(words) - 1)):
        if words[i].endswith("-"):  # stammered: the next word's first consonants
            said[i] = (*takewhile(lambda phone: not phone[-1].isdigit(), said[i + 1]), "AH0")
    return said


def _is_in(word: str, names: str) -> bool:
    lists = tables()["lists"]
    listed = names.split()
    return word in listed or any(
        word in lists.get(name[1:], "").split() for name in listed if name[:1] == "@"
    )


@lru_cache(maxsize=4096)
def say(word: str) -> Phones:
    """Phones of one lower-case word with straight apostrophes; always at least one vowel.

    >>> say("moonlightin'")
    ('M', 'UW1', 'N', 'L', 'AY2', 'T', 'IH0', 'N')
    """
    found = _known(word) or _vocable(word) or _stretched(word) or _from_parts(word)
    return _with_vowel(found or spell_out(_ascii_letters(word)))


def _known(word: str) -> Phones | None:
    tables_ = tables()
    chosen = tables_["say"].get(word) or tables_["homograph"].get(word, {}).get("usual")
    if chosen:
        return tuple(chosen.split())
    # A vowel is what makes a word singable: "hmm" and "shh" are listed without.
    listed = [p for p in pronunciations(word) if any(phone[-1].isdigit() for phone in p)]
    if listed and word not in tables_["letters"]:
        return listed[0]
    letter = tables_["letters"].get(word)
    return tuple(letter.split()) if letter else None


def is_vocable(word: str) -> bool:
    """Whether it is a sung sound such as "ooh" or "uh-huh" rather than a word."""
    return _vocable(word) is not None


def _vocable(word: str) -> Phones | None:
    for row in tables()["vocable"]:
        if len(word) >= row.get("min_length", 1) and re.fullmatch(row["match"], word):
            if "say" in row:
                return tuple(row["say"].split())
            return tuple(row["say_each"].split()) * word.count(row["unit"])
    return None


def _stretched(word: str) -> Phones | None:
    """ "sooo", "loooove", "yesss": the word without its stretch."""
    if not _STRETCHED.search(word):
        return None
    once, twice = _STRETCHED.sub(r"\1", word), _STRETCHED.sub(r"\1\1", word)
    inner_first = (twice, once) if re.search(r"([eo])\1{2,}[^\1]|e{3,}$", word) else (once, twice)
    return next((found for w in inner_first if (found := _known(w))), None) or _from_parts(once)


def _from_parts(word: str) -> Phones | None:
    """Endings, and two listed words written as one."""
    bare = word.strip("'")
    if bare != word and (found := _known(bare)):
        return found
    for ending, phones in _CLITICS:
        if word.endswith(ending) and len(word) > len(ending):
            stem = word[: -len(ending)]
            if ending == "in'" and (found := _known(stem + "ing")):
                return (*found[:-1], "N")
            return say(stem) + (phones or _ending(say(stem), "D" if ending == "'d" else "Z"))
    return _inflected(bare) or _compound(bare)


def _ending(stem: Phones, ending: str) -> Phones:
    """Plural and past endings by the sound before them (Ladefoged 2006, *A Course in Phonetics*, ch. 3)."""
    last = stem[-1] if stem else ""
    if ending == "Z":
        return ("IH0", "Z") if last in _SIBILANTS else ("S",) if last in _VOICELESS else ("Z",)
    voiceless = last in _VOICELESS or last in {"S", "SH", "CH"}
    return ("IH0", "D") if last in {"T", "D"} else ("T",) if voiceless else ("D",)


def _inflected(word: str) -> Phones | None:
    for ending, replacements, phones in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _MIN_PART:
            continue
        doubled = (stem[:-1],) if len(stem) > _MIN_PART and stem[-1] == stem[-2] else ()
        for root in (*(stem + r for r in replacements), *doubled):
            if found := _known(root):
                if ending == "in":
                    return (*found[:-1], "N")
                return found + (_ending(found, phones) if phones in ("Z", "D") else tuple(phones.split()))
    return None


def _compound(word: str) -> Phones | None:
    cuts = range(_MIN_PART, len(word) - _MIN_PART + 1)
    for cut in sorted(cuts, key=lambda i: abs(i - len(word) / 2)):
        first, second = word[:cut], word[cut:]
        if is_listed(first) and is_listed(second):
            return say(first) + tuple(phone.replace("1", "2") for phone in say(second))
    return None


def _ascii_letters(word: str) -> str:
    return "".join(c for c in word if "a" <= c <= "z")


def _with_vowel(phones: Phones) -> Phones:
    """Consonants alone get a neutral vowel before the last of them."""
    if any(phone[-1].isdigit() for phone in phones):
        return phones
    cut = max(0, len(phones) - 1)
    return (*phones[:cut], "AH1", *phones[cut:])
