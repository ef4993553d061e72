"""What the writer has before him while a song comes together, and which part of the bank it draws from."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from producer.lyricist.agreement import topic_slots
from producer.lyricist.bank import Theme, Unit, kinds, plain_text, themes, word_set
from producer.lyricist.critic import Critic
from producer.lyricist.hero import CROWDS
from producer.lyricist.judge import Memory
from producer.lyricist.names import own_pronoun
from producer.lyricist.nouns import Noun, singular
from producer.lyricist.scan import is_form_of, words_of
from producer.lyricist.shapes import shape_of_style
from producer.lyricist.tone import BRIGHT, DARK
from producer.lyricist.wish import Wish

SHELVES = 3  #: seeds next to each other draw from different thirds of the bank

#: Styles whose verses stay short.
_BRIEF_STYLES = frozenset({"dance", "lullaby", "children", "lofi", "punk"})

Story = tuple[str, str]


@dataclass(slots=True)
class Desk:
    """What the writer has before him while a song comes together."""

    wish: Wish
    seed: str
    slots: dict[str, str]
    wanted: Mapping[str, float]
    memory: Memory = field(default_factory=Memory)
    used_units: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  #: words of the verses so far
    last_unit: str = ""
    last_lines: tuple[str, ...] = ()
    is_doubled: bool | None = None  #: whether verses have a second half; None before the first verse
    critic: Critic | None = None  #: None where the language model is missing
    beside: tuple[Theme, ...] = ()  #: themes near the prompt that it does not call for
    associates: tuple[str, ...] = ()  #: things that go with the prompt, best first
    dealt: Mapping[Story, int] = field(default_factory=dict)  #: shelf of a story, where the critic dealt it
    attempt: int = 0  #: how often the song was begun before

    def __post_init__(self) -> None:
        """Offer the stanzas what agrees with the noun that the song is about."""
        if self.wish.form.style in _BRIEF_STYLES:
            self.is_doubled = False
        if self.shape == "long":
            self.is_doubled = True
        if self.wish.nouns:
            self.slots.update(topic_slots(self.wish.nouns[0], self.pronoun_of(self.wish.nouns[0])))
        if self.couple:
            self.slots["name"] = self.couple

    def dice(self, stage: str) -> Random:
        """Dice of one stage of the writing."""
        again = f"/again {self.attempt}" if self.attempt else ""
        return Random(f"{self.seed}/lyrics/{stage}{again}")

    @property
    def couple(self) -> str:
        """Two people whom the prompt names together, or ""."""
        return next((n.text for n in self.wish.nouns if n.kind == "name" and n.number == "many"), "")

    @property
    def proper(self) -> frozenset[str]:
        """Words, lower case, that keep their capital inside a line."""
        return frozenset(word for name in (*self.wish.names, *self.wish.places) for word in words_of(name))

    @property
    def shape(self) -> str:
        """The shape of the verses, where the style has one of its own."""
        return shape_of_style(self.wish.form.style) if self.wish.form.rhyme else ""

    @property
    def person(self) -> str:
        """``he``, ``she`` or ``they`` where the song tells of somebody, else ""."""
        hero = self.wish.hero
        return (hero.person or self.dice("pronoun").choice(("he", "she"))) if hero else ""

    def unsung(self) -> tuple[str, ...]:
        """Names and towns of the prompt that no line has yet, in its order."""
        asked = (*self.wish.names, *self.wish.places)
        return tuple(name for name in asked if not self.memory.words[words_of(name)[-1]])

    @property
    def shelf(self) -> int:
        """Which third of the bank this seed draws from."""
        return (shelf_of(self.seed) + zlib.crc32(self.wish.text.encode())) % SHELVES

    @property
    def avoided(self) -> frozenset[str]:
        """Words the song keeps clear of: those forbidden, merry or grim ones where they are out of place."""
        kept_out = word_set("merry") if self.wish.valence <= DARK else frozenset()
        if self.wish.valence >= BRIGHT and not any(theme.is_grim for theme, _ in open_themes(self.wish)):
            kept_out = word_set("grim")
        return self.wish.forbidden | (kept_out - {*self.wish.words})

    def pronoun_of(self, noun: Noun) -> str:
        """A noun's own pronoun, else the prompt's for whom it is about, else one that falls."""
        if self.wish.hero and noun.text == self.wish.hero.noun.text:
            return self.person
        if singular(noun.head)[0] in CROWDS:
            return "they"
        return own_pronoun(noun) or self.wish.pronoun or self.dice("pronoun").choice(("he", "she"))


def shelf_of(seed: str) -> int:
    """Which third of the bank a seed draws from; seeds that follow each other draw from different ones.

    >>> [shelf_of(seed) for seed in ("1", "2", "3")]
    [1, 2, 0]
    """
    number = int(seed[-9:]) if seed.isascii() and seed.isdigit() else zlib.crc32(seed.encode())
    return number % SHELVES


def open_themes(wish: Wish) -> tuple[tuple[Theme, float], ...]:
    """Themes to write from: at most two that the prompt calls for, and the general one of its mood.

    Where no theme is called, or something that is no person sings, the kind of thing it is about leads.
    A style that the prompt names stands before the general theme.
    """
    topics = [pair for pair in wish.themes if not pair[0].is_style]
    called = [pair for pair in topics if pair[1] >= topics[0][1] * 0.45][:2]
    kind = kind_theme(wish.nouns[0], wish) if wish.nouns else None
    if kind and (not called or wish.speaks):
        called = [(kind, 1.0)]
    styles = [pair for pair in wish.themes if pair[0].is_style][:1]
    general = themes()["open_low" if wish.valence < 0 else "open_bright"]
    return (*called, *styles, (general, 0.4 if called else 1.0))


def kind_theme(noun: Noun, wish: Wish) -> Theme | None:
    """Stanzas for a noun by its kind; darker ones when the prompt is dark and there are such."""
    if noun.kind == "name" and noun.number == "many":
        return kinds()["couple"]
    if noun.kind == "name" and wish.hero:
        return kinds()["person" if noun.text == wish.hero.noun.text else "companion"]
    dark = kinds().get(f"{noun.kind}_low") if wish.valence < 0 else None
    return dark or kinds().get(noun.kind)


def deal_stories(wish: Wish, others: Sequence[Theme], critic: Critic) -> dict[Story, int]:
    """Shelves of the stories of all themes in use: dealt out like cards, from the one nearest the prompt on.

    So every seed gets some of the best, and seeds that follow each other still share nothing.
    """
    shelves: dict[Story, int] = {}
    for theme in (*(theme for theme, _ in open_themes(wish)), *others):
        stories: dict[Story, list[str]] = {}
        for units in theme.units.values():
            for unit in units:
                stories.setdefault(story_of(unit.name), []).append(plain_text(unit))
        near = critic.nearness([" ".join(parts) for parts in stories.values()])
        ranked = sorted(zip(near, stories, strict=True), key=lambda pair: (-pair[0], pair[1]))
        shelves.update({story: rank % SHELVES for rank, (_, story) in enumerate(ranked)})
    return shelves


def number_of(unit: Unit) -> int:
    """Place of a unit in its step's part of the bank."""
    return int(unit.name.rsplit("/", 1)[1])


def is_on_shelf(unit: Unit, desk: Desk) -> bool:
    """Whether a unit stands in the third of the bank that the seed draws from."""
    return desk.dealt.get(story_of(unit.name), number_of(unit) % SHELVES) == desk.shelf


def theme_of(unit_name: str) -> str:
    """Name of the theme that a unit belongs to."""
    return unit_name.rsplit("/", 2)[0]


def story_of(unit_name: str) -> Story:
    """Theme and number: units of the same number in a theme's steps were written as one story."""
    parts = unit_name.rsplit("/", 2)
    return parts[0], parts[-1]


def is_allowed(lines: tuple[str, ...], forbidden: frozenset[str]) -> bool:
    """Whether lines keep clear of the words that the prompt forbids, and of their inflections."""
    if not forbidden:
        return True
    words = {word for line in lines for word in words_of(line)}
    return not any(is_form_of(word, bad) for word in words for bad in forbidden)
