"""Stanzas out of the phrase bank: candidates are drawn, filled and judged; the best is sung."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from producer.lyricist import associations
from producer.lyricist.agreement import topic_slots
from producer.lyricist.bank import Theme, Unit, fill, kinds, plain_text, themes, word_set
from producer.lyricist.critic import LIKELINESS_WEIGHT, NEARNESS_WEIGHT, Critic
from producer.lyricist.judge import Memory, is_content, score_stanza
from producer.lyricist.names import own_pronoun
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import count_syllables, is_form_of, words_of
from producer.lyricist.wish import Wish

SHELVES = 3  #: seeds next to each other draw from different thirds of the bank
READINGS = 6  #: ways tried to read one unit
CLOSER = 2  #: stanzas that the critic reads word by word
ASSOCIATED = 1  #: stanzas of associated things that a song bears

_CALLED = 1.6  #: how welcome a stanza of a theme that the prompt calls for is, beside a general one
_LEANED = 0.8  #: … and of the theme whose turn it is
_ASSOCIATED = 1.2  #: … and one of things that go with a prompt which no theme knows
_BESIDE = 0.3  #: … and of one that is only near the prompt in meaning
_SAME_STORY = 1.3  #: … and one that goes on with the story of an earlier stanza
_SAME_VERSE = 1.6  #: … and, within a verse, one of the theme that the verse began with
_LAST_CHANCE = 5.0  #: … and of one that names a person or town no verse has named yet
#: Styles whose verses stay short.
_BRIEF_STYLES = frozenset({"dance", "lullaby", "children", "lofi", "punk"})
#: Mood from which on a song keeps clear of death and blood unless its prompt or its theme is grim itself.
_HAPPY = 0.4
#: Kinds of things that are told of even when they are not what a song is about.
_GUESTS = frozenset({"place", "animal", "kin"})
_STEPS_OF_THINGS = frozenset({"scene", "feeling"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that could be sung next."""

    unit: Unit
    bonus: float  #: how welcome it is, beside a general one
    slots: Mapping[str, str]  #: what fills the places left open in it


_Story = tuple[str, str]
_Found = tuple[float, tuple[str, ...], Unit]


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
    dealt: Mapping[_Story, int] = field(default_factory=dict)  #: shelf of a story, where the critic dealt it

    def __post_init__(self) -> None:
        """Offer the stanzas what agrees with the noun that the song is about."""
        if self.wish.form.style in _BRIEF_STYLES:
            self.is_doubled = False
        if self.wish.nouns:
            self.slots.update(topic_slots(self.wish.nouns[0], self.pronoun_of(self.wish.nouns[0])))
        if len(self.wish.names) > 1:
            self.slots["couple"] = " and ".join(name.split()[0] for name in self.wish.names[:2])

    def dice(self, stage: str) -> Random:
        """Dice of one stage of the writing."""
        return Random(f"{self.seed}/lyrics/{stage}")

    @property
    def shelf(self) -> int:
        """Which third of the bank this seed draws from."""
        return (shelf_of(self.seed) + zlib.crc32(self.wish.text.encode())) % SHELVES

    @property
    def avoided(self) -> frozenset[str]:
        """Words the song keeps clear of: those forbidden, and grim ones in a happy song."""
        grim = word_set("grim")
        is_grim = bool(grim & set(self.wish.words)) or any(
            theme.is_grim for theme, _ in open_themes(self.wish)
        )
        return self.wish.forbidden | (grim if self.wish.valence >= _HAPPY and not is_grim else frozenset())

    def pronoun_of(self, noun: Noun) -> str:
        """A noun's own pronoun, else the prompt's for whom it is about, else one that falls."""
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
    low = (called[0][0].valence if called and not called[0][0].is_kind else wish.valence) < 0
    styles = [pair for pair in wish.themes if pair[0].is_style][:1]
    general = themes()["open_low" if low else "open_bright"]
    return (*called, *styles, (general, 0.4 if called else 1.0))


def kind_theme(noun: Noun, wish: Wish) -> Theme | None:
    """Stanzas for a noun by its kind; darker ones when the prompt is dark and there are such."""
    dark = kinds().get(f"{noun.kind}_low") if wish.valence < 0 else None
    return dark or kinds().get(noun.kind)


def draw_stanza(
    desk: Desk,
    step: str,
    stage: str,
    *,
    shape: tuple[int, ...] = (),
    lean: int = 0,
    hooks: Sequence[tuple[float, str]] = (),
    detail_bonus: float = 1.3,
) -> tuple[str, ...]:
    """The best stanza of a narrative step.

    Parameters
    ----------
    desk
        The song so far; it remembers what is taken.
    step
        ``scene``, ``feeling``, ``turn``, ``chorus`` or ``lift``.
    stage
        Name of the dice; one that ends in *later* is the second half of a verse, which may come out
        empty when there is nothing more to tell.
    shape
        Syllables of the lines whose tune it shares.
    lean
        Which of the prompt's themes it should prefer: 0 the first, 1 the second.
    hooks
        Lines that could lead a chorus, with how good they are; chorus units only.
    detail_bonus
        How welcome a stanza about a single thing of the prompt is.
    """
    later = stage.endswith("later")
    if later and desk.is_doubled is None and not can_double(desk):
        desk.is_doubled = False
    if later and desk.is_doubled is False:
        return ()
    candidates = _of_themes(desk, step, lean, later) + _of_things(desk, step, detail_bonus)
    if step in {"scene", "feeling"}:
        candidates += _associated(desk, stage)
    free = later and desk.is_doubled is None
    if free:  # a second half only where there is more to tell of the same
        candidates = [
            one
            for one in candidates
            if not one.unit.name.startswith(("open_", "style_"))
            and one.unit.name not in desk.used_units
            and is_on_shelf(one.unit, desk)
        ]
    lines = _best(desk, candidates, stage, shape or (shape_of(desk.last_lines) if later else ()), hooks)
    if later:
        desk.is_doubled = bool(lines) if desk.is_doubled is None else desk.is_doubled
    return lines


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


def _of_themes(desk: Desk, step: str, lean: int, later: bool) -> list[Candidate]:
    """Units of the themes, with how welcome each is here."""
    found: list[Candidate] = []
    stories = {_story(name) for name in desk.used_units}
    opened = open_themes(desk.wish)
    for rank, (theme, weight) in enumerate(opened):
        if theme.is_general:
            bonus = -1.2 * (step == "chorus" and rank > 0)
        elif theme.is_style:
            bonus = _CALLED if rank == 0 else 0.7
        else:
            bonus = _CALLED + _LEANED * (rank == lean) + 0.1 * min(weight, 3.0)
            bonus += _SAME_VERSE * (later and _theme_of(desk.last_unit) == theme.name)
        found += [
            Candidate(unit, bonus + _SAME_STORY * (_story(unit.name) in stories), desk.slots)
            for unit in theme.units[step]
        ]
    for theme in desk.beside:
        bonus = _BESIDE + _SAME_VERSE * (later and _theme_of(desk.last_unit) == theme.name)
        found += [
            Candidate(unit, bonus + _SAME_STORY * (_story(unit.name) in stories), desk.slots)
            for unit in theme.units[step]
        ]
    return found


def _of_things(desk: Desk, step: str, bonus: float) -> list[Candidate]:
    """Units about a thing of the prompt that the themes don't tell of."""
    noun = next_detail(desk, proper_first=step == "feeling") if step in _STEPS_OF_THINGS else None
    theme = kind_theme(noun, desk.wish) if noun else None
    if noun is None or theme is None:
        return []
    if step == "feeling" and is_proper(noun):
        bonus = max(bonus, _LAST_CHANCE)
    slots = {**desk.slots, **topic_slots(noun, desk.pronoun_of(noun))}
    return [Candidate(unit, bonus, slots) for unit in theme.units[step]]


def _associated(desk: Desk, stage: str) -> list[Candidate]:
    """Frames for things that go with the prompt; more welcome when no theme knows it."""
    fresh = tuple(word for word in desk.associates if not desk.memory.words[word])
    taken = sum(name.startswith("scenes/") for name in desk.used_units)
    if not fresh or taken >= ASSOCIATED:
        return []
    slots = {**desk.slots, **associations.slots_for(fresh, desk.dice(f"{stage}/things"))}
    led = any(theme.is_kind for theme, _ in open_themes(desk.wish))
    bonus = _ASSOCIATED if led else 0.0
    return [Candidate(unit, bonus, slots) for unit in associations.units_for(desk.wish.valence, slots)]


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
        return not desk.memory.words[word]
    if noun.kind == "kin" and desk.wish.names:  # a name says more than *my daughter*
        return False
    if {word, noun.head, noun.text} & known or (rank and noun.head in word_set("vague")):
        return False
    if noun.kind == "kin" and noun.number == "many" and not noun.owner:
        return rank == 0
    return rank == 0 or bool(noun.owner) or noun.kind in _GUESTS


def _best(
    desk: Desk,
    candidates: list[Candidate],
    stage: str,
    shape: tuple[int, ...],
    hooks: Sequence[tuple[float, str]],
) -> tuple[str, ...]:
    dice = desk.dice(stage)
    if desk.critic:
        candidates = _weigh(candidates, desk.critic)
    fresh = [one for one in candidates if one.unit.name not in desk.used_units]
    on_shelf = [one for one in fresh if is_on_shelf(one.unit, desk)]
    for pool in (on_shelf, fresh, candidates):
        found: list[_Found] = []
        for one in pool:
            for rate, lines in _all_readings(one, desk, hooks, dice):
                score = rate + one.bonus + score_stanza(lines, desk.memory, wanted=desk.wanted, shape=shape)
                found.append((score + 0.9 * dice.random(), lines, one.unit))
        if found:
            best = _reread(found, stage, desk.critic) if desk.critic else max(found, key=lambda row: row[0])
            _, lines, unit = best
            _keep(desk, unit, lines, is_chorus=bool(hooks))
            return lines
    return ()


def deal_stories(wish: Wish, others: Sequence[Theme], critic: Critic) -> dict[_Story, int]:
    """Shelves of the stories of all themes in use: dealt out like cards, from the one nearest the prompt on.

    So every seed gets some of the best, and seeds that follow each other still share nothing.
    """
    shelves: dict[_Story, int] = {}
    for theme in (*(theme for theme, _ in open_themes(wish)), *others):
        stories: dict[_Story, list[str]] = {}
        for units in theme.units.values():
            for unit in units:
                stories.setdefault(_story(unit.name), []).append(plain_text(unit))
        near = critic.nearness([" ".join(parts) for parts in stories.values()])
        ranked = sorted(zip(near, stories, strict=True), key=lambda pair: (-pair[0], pair[1]))
        shelves.update({story: rank % SHELVES for rank, (_, story) in enumerate(ranked)})
    return shelves


def _weigh(candidates: list[Candidate], critic: Critic) -> list[Candidate]:
    """Candidates with the nearness of their meaning to the prompt's among their points."""
    near = critic.nearness([plain_text(one.unit, one.slots.get("topic", "")) for one in candidates])
    return [
        replace(one, bonus=one.bonus + NEARNESS_WEIGHT * cosine)
        for one, cosine in zip(candidates, near, strict=True)
    ]


def _reread(found: list[_Found], stage: str, critic: Critic) -> _Found:
    """The stanza that fits best after the critic has read the judge's best word by word."""
    best: dict[tuple[str, str], _Found] = {}
    for row in sorted(found, key=lambda row: (-row[0], row[1])):
        best.setdefault((row[2].name, row[1][0]), row)
    closer = list(best.values())[:CLOSER]
    judged = critic.likeliness(stage.title(), [row[1] for row in closer])
    points = [row[0] + LIKELINESS_WEIGHT * said.nats for row, said in zip(closer, judged, strict=True)]
    chosen = max(range(len(points)), key=lambda i: (points[i], closer[i][1]))
    critic.take(judged[chosen])
    return closer[chosen]


def _keep(desk: Desk, unit: Unit, lines: tuple[str, ...], *, is_chorus: bool) -> None:
    desk.used_units.add(unit.name)
    desk.memory.keep(lines)
    desk.last_unit, desk.last_lines = unit.name, lines
    if not is_chorus:
        desk.told.update(word for line in lines for word in words_of(line))


def _all_readings(
    one: Candidate, desk: Desk, hooks: Sequence[tuple[float, str]], dice: Random
) -> Iterable[tuple[float, tuple[str, ...]]]:
    """Readings of a unit that keep clear of forbidden words, under each hook there may be."""
    avoided = desk.avoided
    for rate, hook in hooks or ((0.0, ""),):
        slots = {**one.slots, "hook": hook} if hook else one.slots
        for lines in _readings(one.unit, slots, dice):
            if is_allowed(lines, avoided) and not (hook and _echoes(hook, lines)):
                yield rate, lines


def _echoes(hook: str, lines: tuple[str, ...]) -> bool:
    """Whether a line beside the hook ends on a word of it or repeats two of its words."""
    own = {word for word in words_of(hook) if is_content(word)}
    others = [words_of(line) for line in lines if words_of(line) != words_of(hook)]
    return any(words and (words[-1] in own or len(own & set(words)) > 1) for words in others)


def _readings(unit: Unit, slots: Mapping[str, str], dice: Random) -> Iterable[tuple[str, ...]]:
    if any(slot not in slots for slot in unit.slots):
        return
    for _ in range(READINGS * (1 + any("topic" in slot for slot in unit.slots))):
        lines = fill(unit.lines, slots, dice)
        if lines:
            yield lines


def number_of(unit: Unit) -> int:
    """Place of a unit in its step's part of the bank."""
    return int(unit.name.rsplit("/", 1)[1])


def is_on_shelf(unit: Unit, desk: Desk) -> bool:
    """Whether a unit stands in the third of the bank that the seed draws from."""
    return desk.dealt.get(_story(unit.name), number_of(unit) % SHELVES) == desk.shelf


def _theme_of(unit_name: str) -> str:
    return unit_name.rsplit("/", 2)[0]


def _story(unit_name: str) -> _Story:
    """Theme and number: units of the same number in a theme's steps were written as one story."""
    parts = unit_name.rsplit("/", 2)
    return parts[0], parts[-1]


def is_allowed(lines: tuple[str, ...], forbidden: frozenset[str]) -> bool:
    """Whether lines keep clear of the words that the prompt forbids, and of their inflections."""
    if not forbidden:
        return True
    words = {word for line in lines for word in words_of(line)}
    return not any(is_form_of(word, bad) for word in words for bad in forbidden)


def shape_of(lines: tuple[str, ...]) -> tuple[int, ...]:
    """Syllables of each line."""
    return tuple(count_syllables(line) for line in lines)
