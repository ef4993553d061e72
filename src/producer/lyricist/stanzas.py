"""Stanzas out of the phrase bank: candidates are drawn, filled and judged; the best is sung."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from producer.lyricist import associations
from producer.lyricist.agreement import topic_slots
from producer.lyricist.bank import Theme, Unit, fill, kinds, plain_text, themes
from producer.lyricist.critic import LIKELINESS_WEIGHT, NEARNESS_WEIGHT, Critic
from producer.lyricist.judge import Memory, is_content, score_stanza
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import count_syllables, is_form_of, words_of
from producer.lyricist.wish import Wish

SHELVES = 3  #: seeds next to each other draw from different thirds of the bank
READINGS = 6  #: ways tried to read one unit
CLOSER = 3  #: stanzas that the critic reads word by word
ASSOCIATED = 1  #: stanzas of associated things that a song bears
MAX_TOLD = 4  #: stanzas that may tell of the same thing when no theme knows it

_CALLED = 1.6  #: how welcome a stanza of a theme that the prompt calls for is, beside a general one
_LEANED = 0.8  #: … and of the theme whose turn it is
_ASSOCIATED = 1.2  #: … and one of things that go with a prompt which no theme knows
_BESIDE = 0.3  #: … and of one that is only near the prompt in meaning
_SAME_STORY = 1.3  #: … and one that goes on with the story of an earlier stanza
_SAME_VERSE = 1.6  #: … and, within a verse, one of the theme that the verse began with
#: Kinds that a called theme tells of itself when the noun is one of its keywords.
_TOLD_BY_THEMES = frozenset({"event", "woe", "time", "idea", "nature", "doing", "ordeal"})
_STEPS_OF_THINGS = frozenset({"scene", "feeling", "turn"})


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
        if self.wish.nouns:
            self.slots.update(topic_slots(self.wish.nouns[0], self.pronoun))
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
    def pronoun(self) -> str:
        """The prompt's own pronoun for whom it is about, or one that falls."""
        return self.wish.pronoun or self.dice("pronoun").choice(("he", "she"))


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
    topics = [pair for pair in wish.themes if not is_style(pair[0])]
    called = [pair for pair in topics if pair[1] >= topics[0][1] * 0.45][:2]
    kind = kind_theme(wish.nouns[0], wish) if wish.nouns else None
    if kind and (not called or wish.speaks):
        called = [(kind, 1.0)]
    low = (called[0][0].valence if called and not is_kind(called[0][0]) else wish.valence) < 0
    styles = [pair for pair in wish.themes if is_style(pair[0])][:1]
    general = themes()["open_low" if low else "open_bright"]
    return (*called, *styles, (general, 0.4 if called else 1.0))


def is_style(theme: Theme) -> bool:
    """Whether a theme is what songs of a style tell of when nothing else is asked."""
    return theme.name.startswith("style_")


def is_kind(theme: Theme) -> bool:
    """Whether a theme tells of any one thing by its kind."""
    return theme.name.startswith("details/")


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
    if later and desk.is_doubled is False:
        return ()
    candidates = _of_themes(desk, step, lean, later) + _of_things(desk, step, detail_bonus)
    if step in {"scene", "feeling"}:
        candidates += _associated(desk, stage)
    free = later and desk.is_doubled is None
    if free:  # a second half only where there is more to tell of the same
        candidates = [
            pair
            for pair in candidates
            if not pair[0].name.startswith(("open_", "style_")) and is_on_shelf(pair[0], desk)
        ]
    lines = _best(desk, candidates, stage, shape or (shape_of(desk.last_lines) if later else ()), hooks)
    if later:
        desk.is_doubled = bool(lines) if desk.is_doubled is None else desk.is_doubled
    return lines


def _of_themes(desk: Desk, step: str, lean: int, later: bool) -> list[tuple[Unit, float]]:
    """Units of the themes, with how welcome each is here."""
    found: list[tuple[Unit, float]] = []
    stories = {_story(name) for name in desk.used_units}
    for rank, (theme, weight) in enumerate(open_themes(desk.wish)):
        if theme.name.startswith("open_"):
            bonus = 0.0
        elif is_style(theme):
            bonus = 0.7
        else:
            bonus = _CALLED + _LEANED * (rank == lean) + 0.1 * min(weight, 3.0)
            bonus += _SAME_VERSE * (later and _theme_of(desk.last_unit) == theme.name)
        found += [(unit, bonus + _SAME_STORY * (_story(unit.name) in stories)) for unit in theme.units[step]]
    for theme in desk.beside:
        bonus = _BESIDE + _SAME_VERSE * (later and _theme_of(desk.last_unit) == theme.name)
        found += [(unit, bonus + _SAME_STORY * (_story(unit.name) in stories)) for unit in theme.units[step]]
    return found


def _of_things(desk: Desk, step: str, bonus: float) -> list[tuple[Unit, float]]:
    """Units about a thing of the prompt; its slots are laid ready."""
    if step not in _STEPS_OF_THINGS:
        return []
    noun = next_detail(desk)
    theme = kind_theme(noun, desk.wish) if noun else None
    if noun is None or theme is None:
        return []
    desk.slots.update(topic_slots(noun, desk.pronoun))
    if theme.name in {known.name for known, _ in open_themes(desk.wish)} or step == "turn":
        return []
    return [(unit, bonus) for unit in theme.units[step]]


def _associated(desk: Desk, stage: str) -> list[tuple[Unit, float]]:
    """Frames for things that go with the prompt; more welcome when no theme knows it."""
    fresh = tuple(word for word in desk.associates if not desk.memory.words[word])
    taken = sum(name.startswith("scenes/") for name in desk.used_units)
    if not fresh or taken >= ASSOCIATED:
        return []
    for slot in [slot for slot in desk.slots if slot[-1].isdigit()]:
        del desk.slots[slot]
    desk.slots.update(associations.slots_for(fresh, desk.dice(f"{stage}/things")))
    led = any(is_kind(theme) for theme, _ in open_themes(desk.wish))
    bonus = _ASSOCIATED if led else 0.0
    return [(unit, bonus) for unit in associations.units_for(desk.wish.valence, desk.slots)]


def next_detail(desk: Desk) -> Noun | None:
    """The most important thing of the prompt that no verse has told of and that has stanzas of its kind.

    Where nothing but a kind of thing leads the song, the first thing may be told of again.
    """
    wish = desk.wish
    led = any(is_kind(theme) for theme, _ in open_themes(wish))
    if led and sum(name.startswith("details/") for name in desk.used_units) < MAX_TOLD:
        return wish.nouns[0]
    known = {key for theme, _ in open_themes(wish) for key in theme.keywords}
    for noun in wish.nouns[:4]:
        word = words_of(noun.text)[-1]
        said = word in desk.told
        if noun.kind == "name":  # a name in the hook is enough
            said |= bool(desk.memory.words[word])
        if noun.kind == "kin":  # a name says more than *my daughter*
            said |= bool(wish.names) or bool({word, noun.head} & known)
        said |= noun.kind in _TOLD_BY_THEMES and bool({word, noun.head, noun.text} & known)
        if kind_theme(noun, wish) and not said:
            return noun
    return None


def _best(
    desk: Desk,
    candidates: list[tuple[Unit, float]],
    stage: str,
    shape: tuple[int, ...],
    hooks: Sequence[tuple[float, str]],
) -> tuple[str, ...]:
    dice = desk.dice(stage)
    if desk.critic:
        candidates = _weigh(candidates, desk, desk.critic)
    fresh = [pair for pair in candidates if pair[0].name not in desk.used_units]
    on_shelf = [pair for pair in fresh if is_on_shelf(pair[0], desk)]
    for pool in (on_shelf, fresh, candidates):
        found: list[_Found] = []
        for unit, bonus in pool:
            for rate, lines in _all_readings(unit, desk, hooks, dice):
                score = rate + bonus + score_stanza(lines, desk.memory, wanted=desk.wanted, shape=shape)
                found.append((score + 0.9 * dice.random(), lines, unit))
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


def _weigh(candidates: list[tuple[Unit, float]], desk: Desk, critic: Critic) -> list[tuple[Unit, float]]:
    """Candidates with the nearness of their meaning to the prompt's among their points."""
    near = critic.nearness([plain_text(unit, desk.slots.get("topic", "")) for unit, _ in candidates])
    return [
        (unit, bonus + NEARNESS_WEIGHT * cosine)
        for (unit, bonus), cosine in zip(candidates, near, strict=True)
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
    unit: Unit, desk: Desk, hooks: Sequence[tuple[float, str]], dice: Random
) -> Iterable[tuple[float, tuple[str, ...]]]:
    """Readings of a unit that keep clear of forbidden words, under each hook there may be."""
    for rate, hook in hooks or ((0.0, ""),):
        slots = {**desk.slots, "hook": hook} if hook else desk.slots
        for lines in _readings(unit, slots, dice):
            if is_allowed(lines, desk.wish.forbidden) and not (hook and _echoes(hook, lines)):
                yield rate, lines


def _echoes(hook: str, lines: tuple[str, ...]) -> bool:
    """Whether a line beside the hook ends on a word of it or repeats two of its words."""
    own = {word for word in words_of(hook) if is_content(word)}
    others = [words_of(line) for line in lines if words_of(line) != words_of(hook)]
    return any(words and (words[-1] in own or len(own & set(words)) > 1) for words in others)


def _readings(unit: Unit, slots: Mapping[str, str], dice: Random) -> Iterable[tuple[str, ...]]:
    if any(slot not in slots for slot in unit.slots):
        return
    for _ in range(READINGS * (1 + ("topic" in unit.slots))):
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
