"""The lexicon: which words of a prompt mean which style, mood, tempo, player and sound.

Named styles weigh most; things, places and feelings pull gently towards the styles people link
with them; a word that is in no list counts as the listed word it is spelled most alike (shared
letter trigrams, Dice coefficient), so that *jazzy* and *melancholia* find their neighbours.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from producer.composition.stylebook import load_style, style_names
from producer.lyrics.dictionary import is_listed

NAMED_WEIGHT = 4.0
NEAR_WEIGHT = 0.5
_LEAST_LIKENESS = 0.5
_FAR = 0.15  #: likeness below which nobody counts letters
_SLIP = 0.6
_MOST_EDITS = 0.24  #: letters that may differ, as a share: *regge* is reggae, *bathroom* no ballroom


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found in the text."""

    phrase: str
    start: int
    stop: int
    value: Any


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """The lists of ``lexicon.toml``."""
    return tomllib.loads((files("producer.composition") / "lexicon.toml").read_text("utf-8"))


@cache
def style_words() -> Mapping[str, str]:
    """Every name by which a style goes → the style."""
    words: dict[str, str] = {}
    for name in style_names():
        for word in (name.replace("_", " "), load_style(name).title.lower(), *load_style(name).words):
            words.setdefault(word.lower(), name)
    return words


@cache
def _pattern(name: str) -> re.Pattern[str]:
    phrases = style_words() if name == "styles" else tables()[name]
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(
        r"(?<![\w&])(?:" + "|".join(re.escape(p) for p in ordered) + r")(?![\w&])", re.IGNORECASE
    )


def mentions(text: str, table: str) -> list[Mention]:
    """Phrases of a list that the text has, in order; longer phrases hide the shorter ones in them."""
    values = style_words() if table == "styles" else tables()[table]
    found = []
    for match in _pattern(table).finditer(text):
        phrase = match.group(0).lower()
        found.append(Mention(phrase, match.start(), match.end(), values[phrase]))
    # "Balkan dance" is no house: words that any style may have say nothing beside a name.
    named = [m for m in found if m.phrase not in tables()["fillers"]["generic"]]
    return named if table == "styles" and named else found


def unknown_words(text: str, known: Iterable[Mention]) -> list[str]:
    """Words that neither the mentions nor any list cover."""
    fillers = tables()["fillers"]["words"]
    covered = [(m.start, m.stop) for m in known]
    words = []
    for match in re.finditer(r"[^\W\d_][\w'’-]*", text):
        word = match.group(0).lower()
        inside = any(a <= match.start() < b for a, b in covered)
        if not inside and word not in fillers and len(word) > 2 and word not in words:
            words.append(word)
    return words


@cache
def _grams(word: str) -> frozenset[str]:
    padded = f" {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _edits(one: str, other: str) -> int:
    """Letters to insert, leave out or change (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, theirs in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != theirs))
    return row[-1]


@cache
def nearest(word: str) -> tuple[str, str] | None:
    """The list and entry whose spelling is nearest to an unknown word; None when nothing is near."""
    own = _grams(word)
    best: tuple[float, str, str] | None = None
    for table in ("styles", "mood", "associations"):
        entries = style_words() if table == "styles" else tables()[table]
        for entry in entries:
            if " " in entry or len(entry) < 4:
                continue
            other = _grams(entry)
            likeness = 2.0 * len(own & other) / (len(own) + len(other))
            edits = _edits(word, entry) if likeness > _FAR else len(word)
            if edits > _MOST_EDITS * max(len(word), len(entry)):
                continue
            if edits == 1 and word[0] == entry[0] and not is_listed(word):
                likeness = max(likeness, _SLIP)  # a slip of the pen: no English word, one letter off
            if likeness < _LEAST_LIKENESS:
                continue
            if best is None or likeness > best[0]:
                best = (likeness, table, entry)
    return None if best is None else (best[1], best[2])
