"""Whom a prompt tells about, where it tells of somebody and not of whoever sings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from producer.lyricist.bank import read, word_set
from producer.lyricist.nouns import Noun, singular

_FIRST = frozenset(
    ["i", "i'm", "i've", "i'd", "i'll", "me", "we", "we're", "we've", "us", "our", "ours", "mine", "myself"]
)
_PERSONS = frozenset({"person", "role", "kin", "name"})
#: Words for many people at once.
CROWDS = frozenset({"team", "crew", "crowd", "band", "choir", "orchestra", "couple", "family"})
_DOER = re.compile(r"(?:maker|keeper|man|woman|ist|ian|er|or|eer)$")
_NAMELESS = {"he": "man", "she": "woman"}
_THEIRS = r"\b(?:his|her|their) (?:\w+ ){0,3}?"


@dataclass(frozen=True, slots=True)
class Hero:
    """The one a song tells of."""

    noun: Noun
    person: str  #: he, she or they; "" where neither the prompt nor a name tells
    is_kin: bool = False  #: whether whoever sings is near: *my grandmother*, *my best friend Priya*

    def among(self, nouns: tuple[Noun, ...]) -> tuple[Noun, ...]:
        """The nouns of the prompt with the hero in the place of what names him."""
        own = {self.noun.text, *self.noun.text.split(" and ")}
        rest = tuple(self._owned(noun) for noun in nouns if noun.text not in own)
        place = next((i for i, noun in enumerate(nouns) if noun.text in own), len(nouns))
        return (*rest[:place], self.noun, *rest[place:])

    def _owned(self, noun: Noun) -> Noun:
        """A relative of the hero, not of whoever sings: *his wife*."""
        if noun.kind != "kin" or noun.owner != "my" or self.is_kin:
            return noun
        return replace(noun, owner={"he": "his", "she": "her", "they": "their"}.get(self.person, "the"))


def find_hero(text: str, words: tuple[str, ...], nouns: tuple[Noun, ...]) -> Hero | None:
    """The hero of a prompt that tells of somebody; None where somebody sings of himself or to somebody.

    Parameters
    ----------
    text
        The prompt without what it says of the song as such.
    words
        Its words, lower case.
    nouns
        What it is about, most important first.
    """
    if _FIRST & {*words}:
        return None
    low = text.lower()
    pronoun = _pronoun(words)
    for noun in nouns[:4]:
        said = re.escape(noun.text.lower())
        told = re.search(rf"\b{said}\b(?: \w+)? (?:who|whose)\b", low)
        if told and noun.kind == "animal":
            return None
        noun = replace(noun, kind="person") if (told and _is_doer(noun)) or noun.kind == "role" else noun
        if noun.kind in _PERSONS and not re.search(rf"{_THEIRS}{said}\b", low) and _tells(low, said, pronoun):
            near = (
                noun.kind == "kin"
                or noun.owner != ""
                or re.search(rf"\b(?:my|our) (?:\w+ ){{1,2}}{said}\b", low)
            )
            return Hero(noun, _person(noun, pronoun), bool(near))
    return None


def _tells(low: str, name: str, pronoun: str) -> bool:
    """Whether a prompt says what somebody does or is called, and does not speak to him."""
    if re.search(rf"\bto (?:my|our) (?:\w+ ){{0,3}}{name}\b", low):
        return False
    if re.search(rf"\b{name}\b,? (?:who|whose)\b", low):
        return True
    if re.search(rf"\b(?:for|to|dear|thanks?|thank you|with)(?: \w+){{0,6}}? {name}\b", low):
        return False
    does = re.search(
        rf"\b{name}\b,?(?: (?:the|an?) [\w ]+?,?)?"
        r"(?: (?:in|from|on|at|of|with) (?:the |an? )?\w+(?: \w+)?,?)?"
        r" (who|whose|named|called|is|was|has|had|does|never|always|\w+ing|\w+ed|\w+s)\b",
        low,
    )
    does = None if does and does[1] in word_set("names_he") | word_set("names_she") else does
    return bool(does or pronoun or re.search(rf"\b(?:named|called) {name}\b", low))


def _is_doer(noun: Noun) -> bool:
    return noun.kind in {"thing", "idea"} and bool(_DOER.search(noun.head))


def with_couple(nouns: tuple[Noun, ...], text: str) -> tuple[Noun, ...]:
    """Nouns of a prompt with two people that it joins (*Maya and Theo*) as one."""
    names = [noun for noun in nouns if noun.kind == "name"]
    for one in names:
        for other in names:
            said = f"{one.text} and {other.text}"
            if one is not other and re.search(rf"\b{re.escape(said)}\b", text):
                couple = Noun(said, said.lower(), "name", "many", "")
                return (couple, *(noun for noun in nouns if noun not in (one, other)))
    return nouns


def _pronoun(words: tuple[str, ...]) -> str:
    counts = {
        "he": sum(word in {"he", "his", "him", "himself", "he's"} for word in words),
        "she": sum(word in {"she", "her", "hers", "herself", "she's"} for word in words),
        "they": sum(word in {"they", "their", "themselves", "they're"} for word in words),
    }
    best = max(counts, key=lambda key: counts[key])
    return best if counts[best] and list(counts.values()).count(counts[best]) == 1 else ""


def _person(noun: Noun, pronoun: str) -> str:
    """The pronoun of somebody: by number, by what the word or the name tells, by the prompt."""
    if noun.number == "many" or singular(noun.head)[0] in CROWDS:
        return "they"
    table: Mapping[str, str] = read("words")["pronoun"]
    own = next((key for key in ("she", "he") if noun.head in table[key].split()), "")
    if noun.kind == "name" and not own:
        first = noun.text.lower().split()[0]
        own = next((key for key in ("she", "he") if first in word_set(f"names_{key}")), "")
    return own or pronoun
