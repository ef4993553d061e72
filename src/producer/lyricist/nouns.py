"""The things a prompt is about: noun phrases with the kind of thing they are and their number."""

import re
from dataclasses import dataclass
from functools import cache

from producer.lyricist.bank import read

#: Words that half of all prompts have: there is always something more telling beside them.
_GENERAL = frozenset(
    [
        "love",
        "life",
        "time",
        "day",
        "night",
        "man",
        "woman",
        "friend",
        "heart",
        "world",
        "home",
        "way",
        "town",
        "city",
        "job",
    ]
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun or short noun phrase of the prompt."""

    text: str  #: as it would be sung: ``lighthouse keeper``
    head: str  #: its last word, singular
    kind: str  #: thing, place, person, kin, animal, nature, food, event, time, idea, doing
    number: str  #: one, many, mass
    owner: str  #: ``my``, ``our`` or ""

    @property
    def definite(self) -> str:
        """With the determiner that fits after a preposition: ``the sea``, ``my mother``, ``freedom``."""
        if self.owner:
            return f"{self.owner} {self.text}"
        return self.text if self.number == "mass" else f"the {self.text}"

    @property
    def plain(self) -> str:
        """As it stands alone in a refrain: ``neon nights``, ``freedom``, ``the lighthouse``."""
        return self.text if self.number != "one" and not self.owner else self.definite


@cache
def lexicon() -> dict[str, tuple[str, str]]:
    """Singular noun → (kind, number when singular: one or mass)."""
    out: dict[str, tuple[str, str]] = {}
    for kind, text in read("nouns").items():
        base, _, mass = kind.partition("_")
        for word in text.split():
            out.setdefault(word.replace("_", " "), (base, "mass" if mass else "one"))
    return out


def singular(word: str) -> tuple[str, bool]:
    """A noun's singular and whether it was a plural.

    >>> singular("stories"), singular("glass"), singular("lights")
    (('story', True), ('glass', False), ('light', True))
    """
    known = lexicon()
    irregular = read("words")["plurals"]
    if word in irregular:
        return str(irregular[word]), True
    if word in known:
        return word, False
    for ending, instead in (("ies", "y"), ("ves", "f"), ("ves", "fe"), ("es", ""), ("s", "")):
        base = word[: -len(ending)] + instead
        if word.endswith(ending) and base in known:
            return base, True
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        return word[:-1], True
    return word, False


def find_nouns(text: str, *, names: tuple[str, ...], forbidden: frozenset[str]) -> tuple[Noun, ...]:
    """Nouns of a prompt, the most telling first; words of `names` and `forbidden` are left out."""
    table = read("words")
    skip = frozenset(table["function"].split()) | frozenset(table["meta"].split())
    verbs = frozenset(table["verbs"].split())
    qualities = frozenset(table["qualities"].split())
    named = {part for name in names for part in name.lower().split()}
    tokens = re.findall(r"[a-z]+(?:'[a-z]+)*|[^\sa-z]", text.lower().replace("’", "'"))
    tokens = [part for token in tokens for part in re.sub(r"'s$", " '", token).split()]
    found: dict[str, tuple[float, Noun]] = {}
    start = 0
    while start < len(tokens):
        end = start
        while end < len(tokens) and _may_be_noun(tokens[end], skip, verbs):
            end += 1
        run = tokens[start:end]
        before = tokens[max(0, start - 2) : start]
        noun = _noun_of(run, before, named | forbidden, qualities)
        if noun and not ({*noun.text.split()} & forbidden):
            weight = _weight(noun, before, len(found), tokens)
            old = found.get(noun.head, (-9.0, noun))[0]
            if weight > old:
                found[noun.head] = (weight, noun)
        start = max(end, start + 1)
    ranked = sorted(found.values(), key=lambda pair: -pair[0])
    return tuple(noun for weight, noun in ranked if weight > 0)[:8]


def _may_be_noun(token: str, skip: frozenset[str], verbs: frozenset[str]) -> bool:
    if not token.isalpha() or len(token) < 3 or token in skip:
        return False
    return singular(token)[0] in lexicon() or token not in verbs


def _noun_of(run: list[str], before: list[str], never: set[str], qualities: frozenset[str]) -> Noun | None:
    run = [word for word in run if word not in never]
    while run and not _is_noun(run[-1], qualities):
        run = run[:-1]
    if len(run) > 1 and lexicon().get(run[-1], ("", ""))[0] == "doing" and _is_noun(run[-2], qualities):
        run = run[:-1]  # *my parents dancing* is about the parents
    if not run:
        return None
    head, many = singular(run[-1])
    kind, number = lexicon().get(head, ("thing", "one"))
    lead = [word for word in run[-2:-1] if _is_noun(word, qualities)]
    known = head in lexicon()
    if not known and not _determined(before) and not many:
        number = "mass"
        kind = "idea"
    if before and before[-1] in {"who", "that", "which", "he", "she", "it", "they", "we", "i", "you"}:
        return None  # after these a word such as *fears* or *dreams* is a verb
    owner = before[-1] if before and before[-1] in {"my", "our"} else ""
    if kind == "kin" and not owner:
        owner = "my"  # whoever sings is the one whose mother it is
    proper = frozenset(read("words")["proper"].split())
    words = [word.capitalize() if singular(word)[0] in proper else word for word in (*lead, run[-1])]
    return Noun(" ".join(words), head, kind, "many" if many else number, owner)


def _is_noun(word: str, qualities: frozenset[str]) -> bool:
    if singular(word)[0] in lexicon():
        return True
    return word not in qualities and not word.endswith(
        ("ing", "ed", "ly", "ful", "ous", "est", "ish", "able")
    )


def _determined(before: list[str]) -> bool:
    return bool(before) and before[-1] in {
        "a",
        "an",
        "the",
        "my",
        "our",
        "his",
        "her",
        "their",
        "this",
        "that",
        "your",
    }


def _weight(noun: Noun, before: list[str], order: int, tokens: list[str]) -> float:
    known = noun.head in lexicon()
    weight = (2.0 if known else 0.0) + (0.8 if _determined(before) else 0.0) - 0.25 * order
    weight += 1.2 if "about" in before else 0.0
    weight += 0.8 if order == 0 and noun.head not in _GENERAL else 0.0
    weight += 0.4 * (len(noun.text.split()) > 1) + 0.5 * (tokens.count(noun.text.split()[-1]) > 1)
    weight -= 1.0 if noun.kind == "time" or noun.head in _GENERAL else 0.0
    weight -= 0.0 if known or noun.number != "mass" or "about" in before else 0.9
    return weight
