"""English words → ARPAbet."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from producer.lyrics.dictionary import Phones, pronunciations


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


def say(word: str) -> Phones:
    """Phones of a lower-case word."""
    chosen = tables()["say"].get(word)
    if chosen is not None:
        return tuple(chosen.split())
    listed = pronunciations(word) or pronunciations(word.strip("'"))
    return listed[0] if listed else _guess(word)


def _guess(word: str) -> Phones:
    simple = {"a": "AE1", "e": "EH1", "i": "IH1", "o": "AA1", "u": "AH1", "y": "IY1"}
    table = dict(
        zip("bcdfghjklmnpqrstvwxz", "B K D F G HH JH K L M N P K R S T V W K Z".split(), strict=True)
    )
    out = [simple.get(c) or table.get(c) for c in word]
    phones = [p for p in out if p]
    if not any(p[-1] == "1" for p in phones):
        phones.insert(max(len(phones) - 1, 0), "AH1")
    return tuple(phones)
