"""Who and where a prompt is about: people, places, relatives, and who sings."""

import re
from collections.abc import Mapping
from functools import cache

from producer.lyricist.bank import listed, read, word_set
from producer.lyricist.nouns import Noun, find_nouns

_NAMED = re.compile(
    r"\b(?:named|called|name is|name's|by the name of)\s+[\"“]?([A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)"
)
#: Two people at the start of a prompt: *Zuri and Theo dancing*.
_PAIR = re.compile(r"(?:^|(?<=[.!?:\n]\s))([A-Z][a-zà-ÿ]+) (?:and|&) ([A-Z][a-zà-ÿ]+)\b")
_CAPITAL = re.compile(
    r"(?<![.!?:\n]\s)(?<!^)\b([A-Z][a-zà-ÿ'’]+(?:\s(?:of\s(?=[A-Z]))?[A-Z][a-zà-ÿ'’]+){0,2})"
)
_TITLED = re.compile(r"\b((?:Mrs|Mr|Ms|Miss|Dr|Coach|Sister|Father|Uncle|Aunt|Auntie)\.? [A-Z][\w'-]+)")
_SPEAKER = re.compile(
    r"\b(?:from the (?:point of view|perspective|viewpoint|pov|eyes) of|in the voice of|narrated by"
    r"|(?:as )?told by|point of view:?)\s+(.{3,60})",
    re.IGNORECASE,
)
_POSSESSED = re.compile(
    r"(?:from )?(?:the |an? )?([a-z]+(?: [a-z]+)?)'s (?:point of view|perspective|pov)", re.IGNORECASE
)
_PLACE_BEFORE = r"\b(?:in|to|from|near|of|through|leaving|around|across) "


def find_names(text: str, hook: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """People and places: capitalised words that are neither sentence starts nor common words."""
    known_places = _known_places()
    never = word_set("not_names") | word_set("function")
    names: dict[str, None] = dict.fromkeys(m[1] for m in _TITLED.finditer(text))
    places: dict[str, None] = {}
    for phrase in _capitalised(text):
        bare = re.sub(r"['’]s?$", "", phrase)
        parts = bare.lower().split()
        if any(part in never for part in parts) or bare.isupper() or (hook and bare in hook):
            continue
        known = bare.lower() in known_places
        if not known and re.search(rf"\b(?:[Aa]n?|[Tt]he) {re.escape(bare)}\b", text):
            continue  # *an Amazon warehouse* names no person
        at = bool(re.search(rf"{_PLACE_BEFORE}{re.escape(bare)}\b", text))
        is_place = known or (at and not any(part in known_names() for part in parts))
        if not any(bare in other for other in (*names, *places)):
            (places if is_place else names)[bare] = None
    order = sorted(names, key=lambda name: text.find(name))
    return tuple(order)[:4], tuple(places)[:4]


@cache
def known_names() -> frozenset[str]:
    """First names that are known, lower case."""
    return word_set("names_she") | word_set("names_he") | word_set("names_any")


def _capitalised(text: str) -> dict[str, None]:
    """Phrases that may be names, surest first: known places, those introduced as names, capitals."""
    lowered = text.lower()
    towns = [p for p in _known_places() if re.search(rf"\b{re.escape(p)}\b", lowered)]
    found = dict.fromkeys(m[1] for m in _NAMED.finditer(text))
    found.update(dict.fromkeys(p.title() for p in sorted(towns, key=lambda p: (lowered.index(p), -len(p)))))
    for pair in _PAIR.finditer(text):
        found.update(dict.fromkeys(pair.groups()))
    found.update(dict.fromkeys(m[1] for m in _CAPITAL.finditer(text)))
    found.update(dict.fromkeys(w for w in re.findall(r"\b[A-Z][a-z]+\b", text) if w.lower() in known_names()))
    return found


@cache
def _known_places() -> frozenset[str]:
    return frozenset(listed(read("words")["places"].lower()))


def with_proper(nouns: tuple[Noun, ...], names: tuple[str, ...], places: tuple[str, ...]) -> tuple[Noun, ...]:
    """Things to sing of with people first and places after the most important thing."""
    people = tuple(Noun(name, name.lower(), "name", "mass", "") for name in names)
    towns = tuple(Noun(place, place.lower(), "place", "mass", "") for place in places)
    return (*people, *nouns[:1], *towns, *nouns[1:])


def as_role(noun: Noun, text: str) -> Noun:
    """Somebody whom the song may speak for: *a lighthouse keeper who …* can be sung as the keeper."""
    told = re.search(
        rf"\b(?:the|my|our|her|his|this|that) (?:[a-z]+ ){{0,2}}{re.escape(noun.text)}\b", text.lower()
    )
    if noun.kind != "person" or noun.number != "one" or noun.owner or told:
        return noun
    return Noun(noun.text, noun.head, "role", noun.number, "")


def find_speaker(text: str, forbidden: frozenset[str]) -> Noun | None:
    """Who sings, where the prompt says so: *from the point of view of the ocean*."""
    match = _SPEAKER.search(text) or _POSSESSED.search(text)
    if not match:
        return None
    nouns = find_nouns("about the " + re.split(r"[,.;:!?\n]", match[1])[0], names=(), forbidden=forbidden)
    if not nouns:
        return None
    noun = nouns[0]
    kind = "role" if noun.kind in {"person", "kin"} else "speaker"
    return Noun(noun.text, noun.head, kind, noun.number, "")


def without_framing(text: str) -> str:
    """The prompt without what it says about the song as such: whose view, for whom, which style.

    >>> without_framing("a children's song about the sea, male vocals").split()
    ['a', 'about', 'the', 'sea,']
    """
    for pattern in read("words")["framing"].strip().splitlines():
        text = re.sub(pattern.strip(), " ", text, flags=re.IGNORECASE)
    return text


def find_pronoun(words: tuple[str, ...], nouns: tuple[Noun, ...]) -> str:
    """``he``, ``she`` or "" for the one the prompt tells about."""
    counts = {"he": 0, "she": 0}
    for word in words:
        counts["he"] += word in {"he", "his", "him", "himself", "he's"}
        counts["she"] += word in {"she", "her", "hers", "herself", "she's"}
    if counts["he"] != counts["she"]:
        return max(counts, key=lambda key: counts[key])
    return next((pronoun for noun in nouns if (pronoun := own_pronoun(noun))), "")


def own_pronoun(noun: Noun) -> str:
    """``he`` or ``she`` for words that tell, such as *queen*; "" for others."""
    table: Mapping[str, str] = read("words")["pronoun"]
    return next((key for key in table if noun.head in table[key].split()), "")


def find_gender(words: tuple[str, ...]) -> str:
    """``f``, ``m`` or ``fm``: of the relatives a prompt is about."""
    table: Mapping[str, str] = read("words")["gender"]
    bare = {word.removesuffix("'s") for word in words}
    found = "".join(sorted({gender for gender in table if bare & set(table[gender].split())}))
    return found or "fm"


def find_kin(words: tuple[str, ...]) -> str | None:
    """How the relative a prompt is about would be called: ``Mama``."""
    table: Mapping[str, str] = read("words")["kin"]
    bare = (word.removesuffix("'s") for word in words)
    return next((table[word] for word in bare if word in table), None)
