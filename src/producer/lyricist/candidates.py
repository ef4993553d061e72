"""Which units of the bank a song could sing next, and how welcome each is."""

from collections.abc import Mapping
from dataclasses import dataclass

from producer.lyricist import associations
from producer.lyricist.agreement import topic_slots
from producer.lyricist.bank import Theme, Unit, read, word_set
from producer.lyricist.desk import Desk, is_on_shelf, kind_theme, open_themes, story_of, theme_of
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import words_of

ASSOCIATED = 1  #: stanzas of associated things that a song bears

_CALLED = 1.6  #: how welcome a stanza of a theme that the prompt calls for is, beside a general one
_LEANED = 0.8  #: … and of the theme whose turn it is
_ASSOCIATED = 1.2  #: … and one of things that go with a prompt which no theme knows
_BESIDE = 0.3  #: … and of one that is only near the prompt in meaning
_SAME_STORY = 1.3  #: … and one that goes on with the story of an earlier stanza
_SAME_VERSE = 3.0  #: … and, within a verse, one of the theme that the verse began with
_OF_HERO = -2.0  #: … and one that holds for any hero
_LAST_CHANCE = 5.0  #: … and of one that names a person or town no verse has named yet
#: Kinds of things that are told of even when they are not what a song is about.
_GUESTS = frozenset({"place", "animal", "kin"})
_STEPS_OF_THINGS = frozenset({"scene", "feeling"})
#: Kinds of things whose stanzas tell of somebody as they are: an onlooker sings.
_TOLD_AS_THEY_ARE = frozenset({"person", "couple", "companion"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that could be sung next."""

    unit: Unit
    bonus: float  #: how welcome it is, beside a general one
    slots: Mapping[str, str]  #: what fills the places left open in it
    person: str = ""  #: he, she or they, where it is told of somebody instead of sung by *I*


def of_themes(desk: Desk, step: str, lean: int, later: bool) -> list[Candidate]:
    """Units of the themes, with how welcome each is here."""
    found: list[Candidate] = []
    stories = {story_of(name) for name in desk.used_units}
    opened = open_themes(desk.wish)
    people = [name for name in desk.unsung() if name in desk.wish.names]
    own_name = {"name": people[0].split()[0]} if step != "chorus" and people else {}
    for rank, (theme, weight) in enumerate(opened):
        if theme.is_general:
            bonus = -1.2 * (step == "chorus" and rank > 0)
        elif theme.is_style:
            bonus = _CALLED if rank == 0 else 0.7
        else:
            bonus = _CALLED + _LEANED * (rank == lean) + 0.1 * min(weight, 3.0)
            bonus += _SAME_VERSE * (later and theme_of(desk.last_unit) == theme.name)
        found += [
            Candidate(
                unit,
                bonus + _SAME_STORY * (story_of(unit.name) in stories),
                {**desk.slots, **own_name},
                _person(theme, desk),
            )
            for unit in theme.units[step]
        ]
    for theme in desk.beside:
        bonus = _BESIDE + _SAME_VERSE * (later and theme_of(desk.last_unit) == theme.name)
        found += [
            Candidate(
                unit,
                bonus + _SAME_STORY * (story_of(unit.name) in stories),
                {**desk.slots, **own_name},
                _person(theme, desk),
            )
            for unit in theme.units[step]
        ]
    return found


def _person(theme: Theme, desk: Desk) -> str:
    """In which person a theme's stanzas are told; "" where they stay as they are."""
    hero = desk.wish.hero
    told = _TOLD_AS_THEY_ARE | ({"kin"} if hero and hero.is_kin else frozenset())
    if not hero or theme.name in {f"details/{kind}" for kind in told}:
        return ""
    is_own = theme.is_general or theme.name in read("persons")["verbs"]["relations"].split()
    return "" if hero.is_kin and is_own else desk.person


def of_things(desk: Desk, step: str, bonus: float) -> list[Candidate]:
    """Units about a thing of the prompt that the themes don't tell of."""
    pressed = step == "feeling" or (step == "turn" and bool(desk.unsung())) or len(desk.unsung()) > 1
    steps = _STEPS_OF_THINGS | ({"turn"} if desk.unsung() else frozenset())
    noun = next_detail(desk, proper_first=pressed) if step in steps else None
    theme = kind_theme(noun, desk.wish) if noun else None
    if noun is None or theme is None:
        return []
    if pressed and is_proper(noun):
        bonus = max(bonus, _LAST_CHANCE)
    slots = {**desk.slots, **slots_about(noun, desk)}
    return [Candidate(unit, bonus, slots, _person(theme, desk)) for unit in theme.units[step]]


def of_hero(desk: Desk, step: str) -> list[Candidate]:
    """Units about the one whom the song tells of: there is always something to tell of him."""
    hero = desk.wish.hero
    theme = kind_theme(hero.noun, desk.wish) if hero else None
    if hero is None or hero.is_kin or theme is None:  # of one's own people the themes tell enough
        return []
    slots = {**desk.slots, **slots_about(hero.noun, desk)}
    return [Candidate(unit, _OF_HERO, slots, _person(theme, desk)) for unit in theme.units[step]]


def slots_about(noun: Noun, desk: Desk) -> dict[str, str]:
    """Slots of a stanza about one noun; a companion's stanza agrees with the hero, to whom he belongs."""
    if noun.kind != "name":
        return topic_slots(noun, desk.pronoun_of(noun))
    if noun.number == "many":
        one, _, two = noun.text.partition(" and ")
        return {"one": one.split()[0], "two": two.split()[0]} | topic_slots(noun, "they")
    hero = desk.wish.hero
    whose = hero.noun if hero else noun
    return topic_slots(whose, desk.pronoun_of(whose)) | {"name": noun.text.split()[0], "topic": noun.text}


def associated(desk: Desk, stage: str) -> list[Candidate]:
    """Frames for things that go with a prompt which no theme knows."""
    led = any(theme.is_kind for theme, _ in open_themes(desk.wish))
    if not led:  # a theme's own stanzas say it better
        return []
    fresh = tuple(word for word in desk.associates if not desk.memory.words[word])
    taken = sum(name.startswith("scenes/") for name in desk.used_units)
    if not fresh or taken >= ASSOCIATED:
        return []
    slots = {**desk.slots, **associations.slots_for(fresh, desk.dice(f"{stage}/things"))}
    units = associations.units_for(desk.wish.valence, slots)
    return [Candidate(unit, _ASSOCIATED, slots, desk.person) for unit in units]


def can_double(desk: Desk) -> bool:
    """Whether the second verse, too, will have enough of its own for two stanzas."""
    called = [theme for theme, _ in open_themes(desk.wish) if not (theme.is_general or theme.is_style)]
    ready = [sum(is_on_shelf(unit, desk) for unit in theme.units["feeling"]) for theme in called]
    known = {key for theme in called for key in theme.keywords}
    things = [
        noun
        for rank, noun in enumerate(desk.wish.nouns[:4])
        if kind_theme(noun, desk.wish) and _is_worth_telling(noun, rank, known, desk)
    ]
    return sum(ready) > 1 or (bool(ready) and len(things) > 1)


def is_proper(noun: Noun) -> bool:
    """Whether a noun is the name of a person or a town."""
    return noun.number == "mass" and noun.kind in {"name", "place"}


def next_detail(desk: Desk, *, proper_first: bool = False) -> Noun | None:
    """The most important thing of the prompt that no verse has told of and that has stanzas of its kind."""
    wish = desk.wish
    led = any(theme.is_kind for theme, _ in open_themes(wish))  # by the first noun's kind
    known = {key for theme, _ in open_themes(wish) for key in theme.keywords}
    ranked = list(enumerate(wish.nouns[:4]))[1 if led else 0 :]
    for rank, noun in sorted(ranked, key=lambda pair: not (proper_first and is_proper(pair[1]))):
        if kind_theme(noun, wish) and _is_worth_telling(noun, rank, known, desk):
            return noun
    return None


def _is_worth_telling(noun: Noun, rank: int, known: set[str], desk: Desk) -> bool:
    """Whether a stanza about a noun adds something to what the themes tell."""
    word = words_of(noun.text)[-1]
    if word in desk.told:
        return False
    if noun.kind == "name":  # a name in the hook is enough
        return noun.number == "many" or not desk.memory.words[word]
    if noun.kind == "kin" and desk.wish.names:  # a name says more than *my daughter*
        return False
    if {word, noun.head, noun.text} & known or (rank and noun.head in word_set("vague")):
        return False
    if noun.kind == "kin" and noun.number == "many" and not noun.owner:
        return rank == 0
    return rank == 0 or bool(noun.owner) or noun.kind in _GUESTS
