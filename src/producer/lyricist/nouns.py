"""The things a prompt is about: noun phrases with the kind of thing they are and their number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from producer.lyricist.bank import read, word_set
from producer.lyrics.dictionary import is_listed

_DETERMINERS = frozenset({"a", "an", "the", "my", "our", "his", "her", "their", "this", "that", "your"})
_SUBJECTS = frozenset({"who", "that", "which", "he", "she", "it", "they", "we", "i", "you"})
#: What may stand before a gerund that is a topic of its own: *about brushing teeth*.
_BEFORE_DOING = frozenset(
    {"about", "of", "like", "love", "loves", "loved", "on", "for", "and", "hate", "hates"}
)
_MAX_DOING_WORDS = 4

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
    kind: str  #: thing, place, person, kin, name, animal, nature, food, event, time, idea, doing, ordeal, woe
    number: str  #: one, many, mass
    owner: str  #: ``my``, ``our``, ``the`` before a possessive, or ""

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
    tokens = re.findall(r"[a-z]+(?:'[a-z]+)*|[^\sa-z]", text.lower().replace("’", "'"))
    tokens = [part for token in tokens for part in re.sub(r"'s$|(?<=s)'$", " '", token).split()]
    proper = frozenset(part for name in names for part in name.lower().split())
    found: dict[str, tuple[float, Noun]] = {}
    for noun, before in _phrases(tokens, proper):
        if not ({*noun.text.split()} & forbidden):
            weight = _weight(noun, before, len(found), tokens)
            if weight > found.get(noun.head, (-9.0, noun))[0]:
                found[noun.head] = (weight, noun)
    ranked = sorted(found.values(), key=lambda pair: -pair[0])
    return tuple(noun for weight, noun in ranked if weight > 0 or noun is ranked[0][1])[:8]


def _phrases(tokens: list[str], proper: frozenset[str]) -> Iterator[tuple[Noun, list[str]]]:
    """Noun phrases and gerunds in the order of the prompt, each with the words right before it."""
    owner: tuple[Noun, list[str]] | None = None
    start = 0
    while start < len(tokens):
        before = tokens[max(0, start - 2) : start]
        doing = _doing_at(tokens, start, proper)
        if doing:
            yield doing, before
            start += len(doing.text.split())
            continue
        end = start
        while end < len(tokens) and _may_be_noun(tokens, end):
            end += 1
        noun = _noun_of(tokens[start:end], before, proper)
        if noun and owner and start and tokens[start - 1] == "'":
            yield _owned(noun, owner[0]), owner[1]
        elif noun:
            yield noun, before
        if tokens[start] != "'":
            owner = (noun, before) if noun and noun.kind in {"kin", "person", "animal"} else None
        start = max(end, start + 1)


def _owned(noun: Noun, owner: Noun) -> Noun:
    """*my grandmother's sewing machine*, of *my grandmother* and *sewing machine*."""
    possessive = owner.text + ("'" if owner.text.endswith("s") else "'s")
    return Noun(f"{possessive} {noun.text}", noun.head, noun.kind, noun.number, owner.owner or "the")


def _doing_at(tokens: list[str], start: int, proper: frozenset[str]) -> Noun | None:
    """A gerund with its object or particle, where it is what the prompt is about."""
    word = tokens[start]
    before = tokens[start - 1] if start else "about"
    known = lexicon().get(word, ("doing", ""))[0]
    if not word.endswith("ing") or len(word) < 5 or before not in _BEFORE_DOING or known != "doing":
        return None
    if word in proper or word in word_set("meta") or word in {"nothing", "something", "everything"}:
        return None
    end = start + 1
    end += 2 * (tokens[end : end + 2] == ["in", "love"])
    while tokens[end : end + 1] and tokens[end] in word_set("particles") and end - start < _MAX_DOING_WORDS:
        end += 1
    if end == start + 1:
        object_start = end + (tokens[end : end + 1] != [] and tokens[end] in {"a", "the", "my", "our"})
        end = object_start
        while end < len(tokens) and _may_be_noun(tokens, end) and end - start < _MAX_DOING_WORDS:
            end += 1
        if end == object_start or not _is_noun(tokens[end - 1], word_set("qualities")):
            end = start + 1
    text = tokens[start:end]
    if (len(text) == 1 and word not in lexicon()) or proper & {*text}:
        return None
    dark = word in word_set("dark_doings") and text[-1] != "love"
    return Noun(" ".join(text), text[-1], "ordeal" if dark else "doing", "mass", "")


def _may_be_noun(tokens: Sequence[str], at: int) -> bool:
    token = tokens[at]
    if token in word_set("leads"):  # *the last bus*, *first snow*, but not *at last*
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        return singular(following)[0] in lexicon() and following not in word_set("meta")
    if not token.isalpha() or len(token) < 3 or token in word_set("function"):
        return False
    if at and f"{tokens[at - 1]} {singular(token)[0]}" in lexicon():
        return True
    if token in word_set("meta"):
        return token in word_set("two_faced") and not is_musical(tokens, at)
    if (
        at
        and token.endswith("ed")
        and not _is_noun(token, word_set("qualities"))
        and _is_living(tokens[at - 1])
    ):
        return False  # *my grandfather fixed radios*
    bare = not (at and tokens[at - 1] in _DETERMINERS)
    followed = at + 1 < len(tokens) and tokens[at + 1] in word_set("after_verbs")
    if token in word_set("verb_like") and bare and followed:
        return False  # *dance all night*, *I still love them*
    return singular(token)[0] in lexicon() or token not in word_set("verbs")


def is_musical(tokens: Sequence[str], at: int) -> bool:
    """Whether a word that is both a thing and a word of music is the latter here.

    >>> is_musical("an empty house".split(), 2), is_musical("deep house".split(), 1)
    (False, True)
    >>> is_musical("a country song".split(), 1)
    True
    """
    if at + 1 < len(tokens) and tokens[at + 1] in word_set("music_words"):
        return True
    qualities, moods = word_set("qualities"), word_set("musical_qualities")
    place = at - 1
    while place >= 0 and tokens[place] in qualities and tokens[place] not in moods:
        place -= 1
    return place < 0 or tokens[place] not in _DETERMINERS | {"of", "about", "in", "my", "with", "to", "at"}


def _noun_of(run: list[str], before: list[str], proper: frozenset[str]) -> Noun | None:
    qualities = word_set("qualities")
    run, way_home = _trimmed(run, qualities, proper)
    if not run or (before and before[-1] in _SUBJECTS and before[-1] != "that"):
        return None  # after *who* or *she* a word such as *fears* or *dreams* is a verb
    head, many = singular(run[-1])
    pair = " ".join((*run[-2:-1], head))
    kind, number = lexicon().get(pair if pair in lexicon() else head, ("thing", "one"))
    if before and before[-1] == "to" and (head in word_set("verb_like") or head not in lexicon()):
        return None  # *learning to swim*
    if head not in lexicon() and pair not in lexicon() and not _determined(before):
        listed = is_listed(head)  # a plural of nothing is a name: *kubernetes*
        many, head = (many, head) if listed else (False, run[-1])
        kind, number = ("idea", "mass") if listed and not many else ("thing", "one" if many else "mass")
    if head in word_set("proper") and not many and not _determined(before):
        number = "mass"  # *Saturday*
    owner = next((word for word in _before_qualities(before) if word in {"my", "our"}), "")
    if kind == "kin" and not owner and not many and before[-1:] in (["a"], ["an"], ["the"]):
        kind = "person"  # *a mother who …* is not the singer's
    if kind == "kin" and not owner and not many:
        owner = "my"  # whoever sings is the one whose mother it is
    lead = [] if kind == "idea" else _lead(run, qualities, pair in lexicon(), proper)
    text = " ".join(_printed(word, proper) for word in (*lead, run[-1], *way_home))
    return Noun(text, head, kind, "many" if many else number, owner)


def _trimmed(
    run: list[str], qualities: frozenset[str], proper: frozenset[str]
) -> tuple[list[str], list[str]]:
    """A run of words up to its last noun, and *home* where it belongs to that: *the last bus home*."""
    carried = len(run) > 1 and run[-1] == "home" and lexicon().get(singular(run[-2])[0], ("",))[0]
    way_home = ["home"] if carried in {"thing", "event"} else []
    run = run[:-1] if len(run) > 1 and run[-1] == "home" else run
    while run and (run[-1] in proper or not _is_noun(run[-1], qualities, run[-2:-1])):
        run = run[:-1]
    if len(run) > 1 and " ".join(run[-2:]) not in lexicon():
        does = run[-1] in word_set("verbs") and _is_living(run[-2])  # *my daughter leaves*
        doing = lexicon().get(run[-1], ("", ""))[0] == "doing" and _is_noun(run[-2], qualities)
        run = run[:-1] if does or doing else run  # *my parents dancing* is about the parents
    return run, way_home


def _is_living(word: str) -> bool:
    return lexicon().get(singular(word)[0], ("",))[0] in {"kin", "person", "animal"}


def _lead(run: list[str], qualities: frozenset[str], is_pair: bool, proper: frozenset[str]) -> list[str]:
    """Words worth keeping before a noun: *lighthouse* keeper, *haunted* house, *last* bus."""
    if is_pair:
        return run[-2:-1]
    kept = word_set("vivid") | word_set("leads") | proper
    lead = [word for word in run[-2:-1] if word in kept or _is_noun(word, qualities)]
    if lead and len(run) > 2 and run[-3] in lexicon() and run[-2] in lexicon():
        lead = [run[-3], *lead]
    return lead


def _printed(word: str, proper: frozenset[str]) -> str:
    return word.capitalize() if singular(word)[0] in word_set("proper") | proper else word


def _is_noun(word: str, qualities: frozenset[str], lead: Sequence[str] = ()) -> bool:
    head = singular(word)[0]
    if head in lexicon() or " ".join((*lead, head)) in lexicon():
        return True
    return word not in qualities and not word.endswith(
        ("ing", "ed", "ly", "ful", "ous", "est", "ish", "able")
    )


def _determined(before: list[str]) -> bool:
    return any(word in _DETERMINERS for word in _before_qualities(before))


def _before_qualities(before: list[str]) -> list[str]:
    """The word right before a noun, seen through one that only describes: *my* first apartment."""
    described = before[-1:] and before[-1] in word_set("leads") | word_set("qualities")
    return before[-2:-1] if described else before[-1:]


def _weight(noun: Noun, before: list[str], order: int, tokens: list[str]) -> float:
    known = noun.head in lexicon() or noun.kind in {"doing", "ordeal"}
    weight = (2.0 if known else 0.0) + (0.8 if _determined(before) else 0.0) - 0.25 * order
    weight += 1.2 if "about" in before else 0.0
    weight += 1.2 if "'" in noun.text else 0.0  # what somebody's is about more than who has it
    weight += 0.8 if order == 0 and noun.head not in _GENERAL else 0.0
    weight += 0.4 * (len(noun.text.split()) > 1) + 0.5 * (tokens.count(noun.text.split()[-1]) > 1)
    weight -= 1.0 if noun.kind == "time" or noun.head in _GENERAL else 0.0
    weight -= 0.0 if known or noun.number != "mass" or "about" in before else 0.9
    return weight
