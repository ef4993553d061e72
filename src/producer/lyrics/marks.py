"""Section marks: ``[Verse 1]``, ``(Chorus)``, ``**Bridge:**``, ``【サビ】`` …"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from producer.score.lyric import Delivery, SectionKind

#: Kinds that are played when no words stand under their mark; the others repeat earlier words.
PLAYED_KINDS = frozenset({
    SectionKind.INTRO, SectionKind.SOLO, SectionKind.INTERLUDE, SectionKind.BUILD, SectionKind.DROP,
    SectionKind.OUTRO,
})  # fmt: skip
MAX_TIMES = 8  # "x99" is a slip or a prank
MAX_LABEL = 40  # characters; longer ones are words in brackets

_BRACKETS = r"[\[{【［〔《〈<]\s*(?P<square>[^\]}】］〕》〉>]*?)\s*[\]}】］〕》〉>]"
_ROUND = r"[(（「]\s*(?P<round>[^()（）「」]*?)\s*[)）」]"
_DECORATION = r"[\s*_#=~`>|•·♪♫♬🎵🎶–—-]*"
_BRACKETED = re.compile(rf"{_DECORATION}(?:{_BRACKETS}|{_ROUND})[*_]*\s*:?{_DECORATION}(?P<rest>.*)")
_HEADING = re.compile(
    r"(?P<fence>[#*_=~\s-]*)(?P<name>[^:：]{1,40}?)[\s*_=~-]*(?:(?P<colon>[:：])[*_=~\s-]*(?P<rest>.*))?"
)
_TIMES = re.compile(
    r"[\s(,:–—-]*(?:\b[x×]\s*(\d{1,2})|\b(\d{1,2})\s*(?:[x×]\b|times\b|×))[)\s]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A section mark, understood."""

    label: str  #: as written, without brackets and "x2"
    kind: SectionKind | None  #: None for a delivery alone, or a direction that isn't a section
    delivery: Delivery | None
    times: int = 1
    repeats: bool = False  #: says "repeat"
    rest: str = ""  #: words after the mark on its line


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = files("producer.lyrics").joinpath("data/marks.toml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return table


@cache
def _listed(list_name: str) -> frozenset[str]:
    return frozenset(_fold(name) for name in _table()["lists"][list_name])


@cache
def _names() -> tuple[tuple[str, str, str], ...]:
    """All known (name, group, meaning), longest name first."""
    rows = {
        (_fold(name), group, meaning)
        for group in ("kinds", "deliveries", "directions")
        for meaning, names in _table()[group].items()
        for name in names
    }
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row)))


def _fold(text: str) -> str:
    """Lower case without accents, hyphens and the like; single blanks."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", plain)).split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    # Scripts without blanks between words have no word edges either.
    return re.compile(rf"(?<![^\W\d_]){re.escape(name)}(?![^\W\d_])" if name.isascii() else re.escape(name))


@cache
def understand(label: str) -> Mark:
    """What a mark says; its kind and delivery are None where it says nothing of the sort.

    >>> understand("Pre-Chorus x2: spoken")
    Mark(label='Pre-Chorus: spoken', kind=<SectionKind.PRE_CHORUS: 'pre-chorus'>, \
delivery=<Delivery.SPOKEN: 'spoken'>, times=2, repeats=False, rest='')
    """
    times = _TIMES.search(label)
    count = min(MAX_TIMES, max(1, int(times[1] or times[2]))) if times else 1
    written = " ".join((label[: times.start()] + (" " if label[times.end() :][:1].isalnum() else "")
                        + label[times.end() :] if times else label).split()).strip(" :：-–—|,")  # fmt: skip
    left = _fold(label)
    found: dict[str, list[str]] = {}
    for name, group, meaning in _names():
        left, hits = _pattern(name).subn(" / ", left)
        if hits:
            found.setdefault(group, []).append(meaning)
    kind = _weigh([SectionKind(meaning) for meaning in found.get("kinds", ())])
    delivery = next((Delivery(meaning) for meaning in found.get("deliveries", ())), None)
    return Mark(written, kind, delivery, count, "directions" in found)


def _weigh(kinds: list[SectionKind]) -> SectionKind | None:
    """ "Instrumental Chorus" and "Verse Solo" are played; "Intro Verse" is a verse."""
    played = [kind for kind in kinds if kind in (SectionKind.SOLO, SectionKind.INTERLUDE)]
    sung = [kind for kind in kinds if kind not in PLAYED_KINDS]
    return next(iter([*played, *sung, *kinds]), None)


def read_mark(line: str, *, starts_paragraph: bool) -> Mark | None:
    """The mark on a cleaned line, or None when the line is words.

    Square brackets are always a mark (an unknown one is a direction to the band); round ones, headings
    and bare names only when they name a section, a delivery or a repetition and nothing but that.
    """
    if _TIMES.fullmatch(line):
        return understand(line)
    bracketed = _BRACKETED.fullmatch(line)
    if bracketed and bracketed["square"] is not None:
        return replace(understand(bracketed["square"]), rest=bracketed["rest"].strip())
    if bracketed:
        return _if_plain(bracketed["round"]) if not bracketed["rest"] else None
    heading = _HEADING.fullmatch(line)
    return _read_heading(heading, starts_paragraph) if heading and heading["name"].strip() else None


def _read_heading(heading: re.Match[str], starts_paragraph: bool) -> Mark | None:
    name, rest = heading["name"].strip(), (heading["rest"] or "").strip()
    folded = _fold(name)
    fenced = heading["fence"].strip(" -") != "" and not rest
    bare = starts_paragraph and not rest and re.sub(r"[ \d]", "", folded) in _listed("bare")
    repeat = not rest and folded.split()[0:1] == ["repeat"]
    if not (heading["colon"] or fenced or bare or repeat):
        return None
    mark = _if_plain(name)
    return replace(mark, rest=rest) if mark else None


def _if_plain(label: str) -> Mark | None:
    """What a label says, if it names something known and nothing else ("Chorus 2", "x2", "Guitar Solo")."""
    if not label or len(label) > MAX_LABEL:
        return None
    if _TIMES.fullmatch(label):
        return understand(label)
    left = _fold(_TIMES.sub(" ", label))
    if left in _listed("only_in_square_brackets"):
        return None
    for name, _, _ in _names():
        left = _pattern(name).sub(" ", left)
    if any(not word.isdigit() and word not in _listed("fillers") for word in left.split()):
        return None
    mark = understand(label)
    return mark if mark.kind or mark.delivery or mark.repeats else None
