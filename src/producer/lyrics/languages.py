"""Which language lyrics are written in, and what can be done about it."""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from producer.lyrics.english import is_vocable
from producer.lyrics.scripts import SCRIPT_LANGUAGES, script_of
from producer.lyrics.spelling_rules import known_languages

MIN_KANA_SHARE = 0.05  # of kana and Han together that makes it Japanese
MIN_SCORE = 0.08  # hits a word below which nothing is certain
MIN_WORDS = 2  # a text of more must show two words of a language
_LETTER_WEIGHT = 2.0  # a telling letter weighs as much as this many words


@cache
def _profiles() -> dict[str, dict[str, Any]]:
    rows = tomllib.loads(files("producer.lyrics").joinpath("data/languages.toml").read_text("utf-8"))
    return {code: {**row, "words": frozenset(row["words"].split())} for code, row in rows.items()}


@cache
def _weights() -> dict[str, float]:
    """A word that many languages share says little."""
    counts = Counter(word for row in _profiles().values() for word in row["words"])
    return {word: 1.0 / count for word, count in counts.items()}


def detect_language(text: str, *, usual: str = "en") -> str:
    """ISO 639-1 code of a text's language; ``und`` for a script without any; `usual` when nothing tells.

    >>> detect_language("Te quiero más que ayer"), detect_language("さくらの空"), detect_language("la la")
    ('es', 'ja', 'en')
    """
    scripts = Counter(script for c in text if (script := script_of(c)) != "neutral")
    if not scripts:
        return usual
    # One Han character says as much as two letters do.
    eastern = scripts["kana"] + scripts["han"]
    scripts["kana"], scripts["han"] = (
        (2 * eastern, 0) if scripts["kana"] > MIN_KANA_SHARE * eastern else (0, 2 * eastern)
    )
    script = max(scripts, key=lambda name: (scripts[name], name))
    if script == "latin":
        return _detect_latin(text, usual)
    return {"han": "zh", **SCRIPT_LANGUAGES}.get(script, "und")


def _detect_latin(text: str, usual: str) -> str:
    lower = text.lower().replace("’", "'")
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", lower)
    if all(is_vocable(word) for word in words):
        return usual
    weights = _weights()
    scores: dict[str, float] = {}
    for code, row in _profiles().items():
        telling = sum(lower.count(letter) for letter in row.get("letters", ""))
        hits = [word for word in words if word in row["words"]]
        # One word alone, however often it comes, may be a "la la la".
        enough = telling or len(set(hits)) > 1 or len(words) <= MIN_WORDS
        score = sum(weights[word] for word in hits) + _LETTER_WEIGHT * telling
        scores[code] = score / max(1, len(words)) if enough else 0.0
    best = max(scores, key=lambda code: (scores[code], code == usual, code))
    certain = scores[best] >= MIN_SCORE and scores[best] > 1.25 * scores.get(usual, 0.0)
    return best if certain else usual


def reading_language(language: str) -> str:
    """The language whose rules read Latin letters of a text in `language`."""
    if language == "en" or (language in known_languages() and language in _profiles()):
        return language
    row = _profiles().get(language)
    return str(row["read_as"]) if row else "en"


def language_warning(text: str, language: str) -> str | None:
    """What to tell the author when a language can only be approximated."""
    row = _profiles().get(language)
    if row and "read_as" in row:
        near = _profiles()[row["read_as"]]["name"]
        return f"{row['name']} is sung by its nearest sounds, read like {near}."
    others = [c for c in text if script_of(c) == "other"]
    if language == "und" or others:
        return (
            "Some of the words are in a script without rules of its own; they are sung by the nearest sounds."
        )
    return None
