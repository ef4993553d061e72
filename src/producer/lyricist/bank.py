"""The phrase bank: units of whole handwritten lines, read once from ``data/*.toml``.

A *unit* is a stanza (or half of one) that was written as a whole: its lines belong together and its
end rhymes are real. Inside a line, ``[a|b|c]`` offers words that fit equally well, ``[1:a|b]`` ties
two such places of one unit to the same choice, and ``{slot}`` waits for something of the prompt.
An offer whose slot stays empty is not made; one whose slot is filled comes first.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

#: What a unit is for: where we are, what it does to us, what changes, what leads up, what we sing.
STEPS = ("scene", "feeling", "turn", "lift", "chorus")

_OFFER = re.compile(r"\[(?:(\d):)?([^\[\]]*)\]")
#: Spelling that depends on the next word, by language: the pattern and what stands instead.
_MELTS = {
    "en": (
        (r"\b([Aa]) (?=(?!on(?:e|ce)\b|one-|eu)[aeio]|un(?!i)|hour|honest)", r"\1n "),
        (r"([,?!]),", r"\1"),
    ),
    "es": ((r"\ba el\b", "al"), (r"\bde el\b", "del")),
}
_SLOT = re.compile(r"\{([a-z0-9_]+)\}")


#: What a theme without a sound of its own has.
_PLAIN: Mapping[str, Any] = {
    "keywords": "", "images": "", "mood": "warm", "genres": "indie folk", "instruments": "acoustic guitar",
    "tempo": "mid-tempo", "valence": 0.0, "hooks": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """Lines written together."""

    name: str  #: theme/step/number: stable, for dice and for telling units apart
    lines: tuple[str, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """Slots that have to be filled: those outside any offer."""
        return tuple(_SLOT.findall(_OFFER.sub("", "\n".join(self.lines))))


@dataclass(frozen=True, slots=True)
class Theme:
    """One field of songs: its triggers, its images, its music and its words."""

    name: str
    keywords: tuple[str, ...]  #: words, or phrases of several words, that call for it
    images: tuple[str, ...]  #: words that are at home in it
    mood: tuple[str, ...]
    genres: tuple[str, ...]
    instruments: tuple[str, ...]
    tempo: str
    valence: float  #: −1 sad … 1 happy
    hooks: tuple[str, ...]
    units: Mapping[str, tuple[Unit, ...]]  #: by step
    unless: tuple[str, ...] = ()  #: words of a prompt that keep the theme away
    weight: float = 1.0  #: how much its call counts beside those of other themes
    is_grim: bool = False  #: whether death and blood are at home in it however merry it is

    @property
    def is_style(self) -> bool:
        """Whether it is what songs of a style tell of when nothing else is asked."""
        return self.name.startswith("style_")

    @property
    def is_kind(self) -> bool:
        """Whether it tells of any one thing by its kind."""
        return self.name.startswith("details/")

    @property
    def is_general(self) -> bool:
        """Whether it is what no other theme covers."""
        return self.name.startswith("open_")


def parse_units(name: str, text: str) -> tuple[Unit, ...]:
    """Units of a block of text: lines, with an empty line between units.

    >>> [unit.lines for unit in parse_units("x", "one\\ntwo\\n\\nthree\\nfour\\n")]
    [('one', 'two'), ('three', 'four')]
    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return tuple(
        Unit(f"{name}/{number}", tuple(line.strip() for line in block.splitlines()))
        for number, block in enumerate(blocks)
    )


def fill(
    lines: tuple[str, ...], slots: Mapping[str, str], dice: Random, *, language: str = "en"
) -> tuple[str, ...] | None:
    """One reading of a unit: an offer taken at every place, slots filled; None when one stays empty."""
    tied: dict[str, int] = {}

    def take(match: re.Match[str]) -> str:
        offers = match[2].split("|")
        if match[1] and match[1] in tied:
            return offers[tied[match[1]] % len(offers)]
        open_ = [i for i, offer in enumerate(offers) if all(s in slots for s in _SLOT.findall(offer))]
        asked = [i for i in open_ if _SLOT.search(offers[i])]
        index = dice.choice(asked or open_ or [0])
        if match[1]:
            tied[match[1]] = index
        return offers[index]

    filled = []
    for line in lines:
        text = _OFFER.sub(take, line)
        if any(slot not in slots for slot in _SLOT.findall(text)):
            return None
        text = _SLOT.sub(lambda m: slots[m[1]], text)
        filled.append(tidy(text, language))
    return tuple(filled)


def tidy(line: str, language: str = "en") -> str:
    """Single spaces, a capital at the start, and what sounds melt into: ``an hour``, ``al mar``.

    >>> tidy("like a apple"), tidy("vuelve a el mar", "es")
    ('Like an apple', 'Vuelve al mar')
    """
    line = re.sub(r"\s+([,.?!])", r"\1", re.sub(r"\s+", " ", line).strip())
    for pattern, instead in _MELTS.get(language, ()):
        line = re.sub(pattern, instead, line)
    return line[:1].upper() + line[1:]


@cache
def plain_text(unit: Unit, topic: str = "") -> str:
    """A unit's words with the first offer of each place; only the topic's slot is filled.

    >>> plain_text(Unit("x", ("The [old|new] {topic} [|again]", "is {they}")), "ship")
    'The old ship is'
    """
    text = _OFFER.sub(lambda match: match[2].split("|")[0], " ".join(unit.lines)).replace("{topic}", topic)
    return " ".join(_SLOT.sub("", text).split())


@cache
def read(name: str) -> dict[str, Any]:
    """A data file of this room as a mapping; `name` without its suffix."""
    text = files("producer.lyricist").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def word_set(name: str) -> frozenset[str]:
    """A list of single words in ``data/words.toml``."""
    return frozenset(read("words")[name].split())


@cache
def themes() -> dict[str, Theme]:
    """All themes by name, in the order of their files' names."""
    return _read_themes("themes", "")


@cache
def kinds() -> dict[str, Theme]:
    """Stanzas about any one thing, by its kind; their units wait for ``{topic}`` and what agrees with it."""
    return _read_themes("kinds", "details/")


def _read_themes(folder_name: str, prefix: str) -> dict[str, Theme]:
    folder = files("producer.lyricist").joinpath("data", folder_name)
    found: dict[str, Theme] = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            for name, row in tomllib.loads(entry.read_text("utf-8")).items():
                found[name] = _theme(prefix + name, {**_PLAIN, **row})
    return found


def _theme(name: str, row: Mapping[str, Any]) -> Theme:
    return Theme(
        name=name,
        keywords=listed(row["keywords"]),
        images=tuple(row["images"].split()),
        mood=listed(row["mood"]),
        genres=listed(row["genres"]),
        instruments=listed(row["instruments"]),
        tempo=row["tempo"],
        valence=float(row["valence"]),
        hooks=tuple(line.strip() for line in row["hooks"].splitlines() if line.strip()),
        units={step: parse_units(f"{name}/{step}", row.get(step, "")) for step in STEPS},
        unless=listed(row.get("unless", "")),
        weight=float(row.get("weight", 1.0)),
        is_grim=bool(row.get("grim", False)),
    )


def listed(text: str) -> tuple[str, ...]:
    """Entries of a list written with commas or line ends.

    >>> listed("rain, old town\\nsnow")
    ('rain', 'old town', 'snow')
    """
    return tuple(entry.strip() for entry in re.split(r"[,\n]", text) if entry.strip())
