"""Which stanzas a song of words has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from producer.lyricist.bank import listed, read
from producer.score.lyric import SectionKind

_NUMBERS = {"one": 1, "a": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COUNT = r"(\d+|one|a|single|two|three|four|five)"
_PLAYED = frozenset(
    {SectionKind.SOLO, SectionKind.INTERLUDE, SectionKind.INTRO, SectionKind.BUILD, SectionKind.DROP}
)

V, C, B = SectionKind.VERSE, SectionKind.CHORUS, SectionKind.BRIDGE
USUAL = (V, C, V, C, B, C)
#: Forms of songs that must be short: up to so many seconds.
SHORTER = ((50, (V, C)), (105, (V, C, V, C)))


@dataclass(frozen=True, slots=True)
class FormWish:
    """What a prompt says about the form; None and False where it says nothing."""

    verses: int | None = None
    chorus: bool | None = None
    bridge: bool | None = None
    rhyme: bool = True
    haiku: bool = False
    rap_bars: int | None = None  #: lines of a rap verse
    prechorus: bool = False
    outro: bool = False
    style: str | None = None  #: a style with a usual form of its own
    seconds: int | None = None  #: wished length


def read_form(text: str) -> FormWish:
    """Wishes about the form in a prompt.

    >>> wish = read_form("two verses and a chorus, no bridge")
    >>> wish.verses, wish.chorus, wish.bridge
    (2, True, False)
    """
    low = text.lower()
    verses = re.search(rf"\b{_COUNT}[ -](?:short |long )?(?:verses?|stanzas?|strophes?)\b", low)
    bars = re.search(r"\b(\d+)[ -](?:bars?|lines? of rap)\b", low)
    rap = bool(re.search(r"\b(?:rap|rapper|rapped|raps|hip[- ]?hop|trap|drill|boom bap|freestyle)\b", low))
    return FormWish(
        verses=min(5, _number(verses[1])) if verses else None,
        chorus=_yes_or_no(low, r"(?:chorus|refrain|hook)(?:es)?"),
        bridge=_yes_or_no(low, r"bridge"),
        rhyme=not re.search(
            r"\b(?:no|without|don'?t|not|un|avoid)[ -]?(?:any |use )?rhym|free verse|unrhymed", low
        ),
        haiku=bool(re.search(r"\bhaikus?\b", low)),
        rap_bars=max(4, min(32, int(bars[1]))) if bars and rap else (12 if rap else None),
        prechorus=bool(re.search(r"\bpre-?chorus", low)),
        outro=bool(re.search(r"\boutro\b", low)),
        style=_find_style(low),
        seconds=_find_seconds(low),
    )


def _find_style(low: str) -> str | None:
    for style, row in read("forms").items():
        if any(re.search(rf"\b{re.escape(word)}\b", low) for word in listed(row["words"])):
            return style
    return None


def _find_seconds(low: str) -> int | None:
    match = re.search(r"\b(\d{1,3}|one|two|three|four)[ -]?(s|secs?|seconds?|min|mins|minutes?)\b", low)
    if not match:
        return None
    return _number(match[1]) * (60 if match[2].startswith("m") else 1)


def plan_stanzas(wish: FormWish, stanza_plan: Sequence[SectionKind] | None) -> tuple[SectionKind, ...]:
    """Kinds of the stanzas in order; an explicit plan wins over the prompt, the prompt over habit."""
    if stanza_plan:
        plan = tuple(stanza_plan)
        return plan if any(kind not in _PLAYED for kind in plan) else (V, C)
    if wish.haiku:
        return (V,) * (wish.verses or 3)
    asked = wish.verses is not None or wish.chorus is not None
    if not asked and wish.bridge is None and not wish.prechorus and not wish.outro:
        return _usual(wish)
    with_chorus = wish.chorus is not False
    bridge = wish.bridge if wish.bridge is not None else not asked
    plan_: list[SectionKind] = []
    for _ in range(wish.verses or 2):
        plan_.append(V)
        if wish.prechorus and with_chorus:
            plan_.append(SectionKind.PRE_CHORUS)
        if with_chorus:
            plan_.append(C)
    if bridge:
        plan_ += [B, C] if with_chorus else [B]
    return tuple(plan_ + ([SectionKind.OUTRO] if wish.outro else []))


def _usual(wish: FormWish) -> tuple[SectionKind, ...]:
    """Habit of the style, cut to the wished length."""
    plan: tuple[SectionKind, ...] = USUAL
    if wish.style:
        plan = tuple(SectionKind(name) for name in read("forms")[wish.style]["form"].split())
    for most, short in SHORTER:
        if wish.seconds is not None and wish.seconds <= most and len(plan) > len(short):
            return short
    return plan


def is_played(kind: SectionKind) -> bool:
    """Whether a section usually has no words."""
    return kind in _PLAYED


def labels(plan: Sequence[SectionKind]) -> tuple[str, ...]:
    """Section marks without brackets: verses are numbered when there are several.

    >>> labels((V, C, V, C))
    ('Verse 1', 'Chorus', 'Verse 2', 'Chorus')
    """
    out = []
    verses = 0
    many = list(plan).count(V) > 1
    for kind in plan:
        verses += kind is V
        name = "-".join(part.capitalize() for part in kind.value.split("-"))
        out.append(f"Verse {verses}" if kind is V and many else name)
    return tuple(out)


def render(plan: Sequence[SectionKind], stanzas: Sequence[tuple[str, ...]]) -> str:
    """Stanzas with their marks, an empty line between them."""
    marks = labels(plan)
    return "\n\n".join("\n".join((f"[{mark}]", *lines)) for mark, lines in zip(marks, stanzas, strict=True))


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdigit() else _NUMBERS[text]


def _yes_or_no(low: str, what: str) -> bool | None:
    if re.search(rf"\b(?:no|without(?: a| any)?|skip the|omit the) {what}\b", low):
        return False
    return True if re.search(rf"\b{what}\b", low) else None
