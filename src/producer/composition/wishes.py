"""Wishes about the band: who plays, who doesn't, who sings, how it begins and ends."""

import re
from dataclasses import dataclass

from producer.composition.lexicon import Mention, mentions, tables
from producer.score.instrument import INSTRUMENTS

_REFUSAL = re.compile(
    r"\b(?:no|without(?:\s+any)?|minus|don't\s+use|avoid|except|not?\s+any)\s+"
    r"((?:(?!(?:just|only|solo|but|with|instead|rather|please|make|it's|its)\b)"
    r"[\w'&-]+(?:\s*(?:,|or|and|nor|&)\s*(?:no\s+)?|\s+)?){1,6})",
    re.IGNORECASE,
)
_ALONE_BEFORE = re.compile(
    r"\b(?:solo|only|just|nothing but|unaccompanied)\s+(?:an?\s+|the\s+|one\s+)?$", re.IGNORECASE
)
_ALONE_AFTER = re.compile(r"^\s*(?:only|alone|unaccompanied|duo|trio)\b", re.IGNORECASE)
_PIECE = re.compile(r"^\s*pieces?\b", re.IGNORECASE)
_NO_SINGING = re.compile(
    r"\binstrumental\b|\b(?:no|without(?: any)?|zero) (?:vocals?|singing|singers?|voices?|lyrics|words)\b"
    r"|\bbackground music\b",
    re.IGNORECASE,
)
_SINGING = re.compile(
    r"\b(?:vocals?|sung|sings?|singer|singing|voice|duet|choir|rap(?:per|ped)?|lyrics about"
    r"|(?:song|ballad|anthem|tune) about|a ?capp?ell?a)\b",
    re.IGNORECASE,
)
_ENDINGS = (
    (re.compile(r"\bfad(?:e|es|ing)[- ]?(?:out|away)?\b", re.I), "fade"),
    (
        re.compile(
            r"\b(?:abrupt|sudden|hard|cold) (?:end(?:ing)?|stop)\b"
            r"|\b(?:end(?:s|ing)?|stops?|stopping|cuts? off) (?:abruptly|suddenly|cold|dead|at once)\b"
            r"|\bcuts? off at the end\b",
            re.I,
        ),
        "stop",
    ),
    (re.compile(r"\b(?:ritardando|slows? down|slowing) (?:at the )?(?:end)?\b", re.I), "ritard"),
    (re.compile(r"\brings? out\b|\blong (?:ending|outro)\b", re.I), "ring"),
)
_INTROS = (
    (re.compile(r"\b(?:long|slow|extended|atmospheric) (?:intro|introduction|build[- ]?up)\b", re.I), "long"),
    (
        re.compile(
            r"\b(?:no|without(?: an)?|skip the) (?:intro|introduction)\b"
            r"|\bstarts? (?:right away|immediately|with the (?:vocals?|verse|chorus))\b",
            re.I,
        ),
        "none",
    ),
)


@dataclass(frozen=True, slots=True)
class BandWishes:
    """Who plays and sings, as far as the text says."""

    wanted: tuple[str, ...] = ()  #: instrument names
    refused: tuple[str, ...] = ()  #: instrument names and groups of them
    alone: bool = False  #: nobody plays but those wanted
    no_singing: bool = False
    singing: bool = False  #: a voice is asked for
    choir: bool = False
    rap: bool = False
    ending: str = ""
    intro: str = ""

    @property
    def no_drums(self) -> bool:
        """Whether drums are refused."""
        return "drums" in self.refused


def read_band(sound: str) -> BandWishes:
    """Read wishes about players, singers, beginning and end."""
    refused, rest = _refusals(sound)
    # The bass of "drum and bass" is part of a name.
    styles = mentions(rest, "styles")
    players = [m for m in mentions(rest, "instruments") if not any(_covers(style, m) for style in styles)]
    wanted = list(dict.fromkeys(m.value[0] for m in players))
    alone = any(_plays_alone(rest, mention) for mention in players)
    if not styles and any(_PIECE.match(rest[mention.stop :]) for mention in players):
        alone = True  # a piano piece is for piano; a blues guitar piece may have a band
    if not wanted and re.search(r"\ba ?capp?ell?a\b", rest, re.I):
        alone = True
    return BandWishes(
        wanted=tuple(wanted), refused=refused, alone=alone,
        no_singing=bool(_NO_SINGING.search(sound)),
        singing=bool(_SINGING.search(rest)) and not _NO_SINGING.search(sound),
        choir=bool(re.search(r"\bchoirs?\b|\bharmon(?:y|ies) vocals?\b|\bvocal harmon", rest, re.I)),
        rap=bool(re.search(r"\brap(?:s|ped|per|ping)?\b", rest, re.I)),
        ending=next((name for pattern, name in _ENDINGS if pattern.search(sound)), ""),
        intro=next((name for pattern, name in _INTROS if pattern.search(sound)), ""),
    )  # fmt: skip


def _covers(style: Mention, player: Mention) -> bool:
    """Whether a player is only part of a style's name; who is called a solo player in it is meant."""
    inside = style.start <= player.start and player.stop <= style.stop and style.phrase != player.phrase
    return inside and not style.phrase.startswith("solo ")


def _plays_alone(text: str, mention: Mention) -> bool:
    return bool(_ALONE_BEFORE.search(text[: mention.start]) or _ALONE_AFTER.match(text[mention.stop :]))


def _refusals(sound: str) -> tuple[tuple[str, ...], str]:
    """What is refused, and the text without the refusals."""
    refused: list[str] = []
    rest = sound
    if re.search(r"\bdrumless\b|\bbeatless\b", sound, re.I):
        refused.append("drums")
    for match in _REFUSAL.finditer(sound):
        words = match.group(1).lower()
        hit = False
        for group, names in tables()["groups"].items():
            if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in names):
                refused.append(group)
                hit = True
        for mention in mentions(words, "instruments"):
            refused.extend(mention.value)
            hit = True
        if hit:
            rest = rest.replace(match.group(0), " ")
    groups = tuple(name for name in refused if name not in INSTRUMENTS)
    named = [name for name in refused if name not in INSTRUMENTS or not is_refused(name, groups)]
    return tuple(dict.fromkeys(named)), rest


def is_refused(instrument: str, refused: tuple[str, ...]) -> bool:
    """Whether an instrument, or its whole group, is refused."""
    family = INSTRUMENTS[instrument].family
    groups = {family, *_GROUP_OF_NAME.get(instrument, ())}
    if family == "drums":
        groups.add("drums")
    return instrument in refused or bool(groups & set(refused))


_GROUP_OF_NAME = {
    "harp": ("harp",), "drawbar_organ": ("keys",), "supersaw": ("synth",), "synth_bass": ("bass", "synth"),
    "synth_strings": ("strings", "synth"), "synth_brass": ("brass", "synth"),
    "wobble_bass": ("bass", "synth"),
    "contrabass": ("strings",), "cello": ("strings",),
}  # fmt: skip
