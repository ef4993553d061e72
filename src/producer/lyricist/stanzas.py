"""Stanzas out of the phrase bank: candidates are drawn, filled and judged; the best is sung."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from producer.lyricist.bank import Theme, Unit, fill, parse_units, read, themes
from producer.lyricist.judge import Memory, score_stanza
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import count_syllables, words_of
from producer.lyricist.wish import Wish

SHELVES = 3  #: seeds next to each other draw from different thirds of the bank
READINGS = 6  #: ways tried to read one unit


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

    def dice(self, stage: str) -> Random:
        """Dice of one stage of the writing."""
        return Random(f"{self.seed}/lyrics/{stage}")

    @property
    def shelf(self) -> int:
        """Which third of the bank this seed draws from."""
        return (shelf_of(self.seed) + zlib.crc32(self.wish.text.encode())) % SHELVES


def shelf_of(seed: str) -> int:
    """Which third of the bank a seed draws from; seeds that follow each other draw from different ones.

    >>> [shelf_of(seed) for seed in ("1", "2", "3")]
    [1, 2, 0]
    """
    number = int(seed[-9:]) if seed.isascii() and seed.isdigit() else zlib.crc32(seed.encode())
    return number % SHELVES


def open_themes(wish: Wish) -> tuple[tuple[Theme, float], ...]:
    """Themes to write from: at most two that the prompt calls for, and the general one of its mood."""
    called = [pair for pair in wish.themes if pair[1] >= wish.themes[0][1] * 0.45][:2]
    low = (called[0][0].valence if called else wish.valence) < 0
    general = themes()["open_low" if low else "open_bright"]
    return (*called, (general, 0.4 if called else 1.0))


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
        Name of the dice.
    shape
        Syllables of the lines whose tune it shares.
    lean
        Which of the prompt's themes it should prefer: 0 the first, 1 the second.
    hooks
        Lines that could lead a chorus, with how good they are; chorus units only.
    detail_bonus
        How welcome a stanza about a single thing of the prompt is.
    """
    candidates: list[tuple[Unit, float]] = []
    for rank, (theme, weight) in enumerate(open_themes(desk.wish)):
        called = theme.name not in {"open_bright", "open_low"}
        bonus = (1.6 if called else 0.0) + (0.8 if called and rank == lean else 0.0) + 0.1 * min(weight, 3.0)
        candidates += [(unit, bonus) for unit in theme.units[step]]
    if step in {"scene", "feeling"}:
        noun = next_detail(desk)
        if noun:
            desk.slots["topic"] = noun.definite
            units = parse_units(f"details/{noun.kind}", read("details")[noun.kind])
            candidates += [(unit, detail_bonus) for unit in units]
    return _best(desk, candidates, stage, shape, hooks)


def next_detail(desk: Desk) -> Noun | None:
    """The most important thing of the prompt that no verse has told of and that has stanzas of its kind."""
    table = read("details")
    for noun in desk.wish.nouns:
        word = words_of(noun.text)[-1]
        said = word in desk.told
        if noun.kind == "kin":  # a name in the hook is enough, and a name says more than *my daughter*
            said |= bool(desk.memory.words[word]) if noun.number == "mass" else bool(desk.wish.names)
        if noun.kind in table and not said:
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
    fresh = [pair for pair in candidates if pair[0].name not in desk.used_units]
    on_shelf = [pair for pair in fresh if number_of(pair[0]) % SHELVES == desk.shelf]
    for pool in (on_shelf, fresh, candidates):
        found: list[tuple[float, tuple[str, ...], Unit]] = []
        for unit, bonus in pool:
            for rate, lines in _all_readings(unit, desk, hooks, dice):
                score = rate + bonus + score_stanza(lines, desk.memory, wanted=desk.wanted, shape=shape)
                found.append((score + 0.9 * dice.random(), lines, unit))
        if found:
            _, lines, unit = max(found, key=lambda row: row[0])
            desk.used_units.add(unit.name)
            desk.memory.keep(lines)
            if not hooks:
                desk.told.update(word for line in lines for word in words_of(line))
            return lines
    return ()


def _all_readings(
    unit: Unit, desk: Desk, hooks: Sequence[tuple[float, str]], dice: Random
) -> Iterable[tuple[float, tuple[str, ...]]]:
    """Readings of a unit that keep clear of forbidden words, under each hook there may be."""
    for rate, hook in hooks or ((0.0, ""),):
        slots = {**desk.slots, "hook": hook} if hook else desk.slots
        for lines in _readings(unit, slots, dice):
            if is_allowed(lines, desk.wish.forbidden):
                yield rate, lines


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


def is_allowed(lines: tuple[str, ...], forbidden: frozenset[str]) -> bool:
    """Whether lines keep clear of the words that the prompt forbids, and of their inflections."""
    if not forbidden:
        return True
    words = {word for line in lines for word in words_of(line)}
    return not any(is_form_of(word, bad) for word in words for bad in forbidden)


def is_form_of(word: str, other: str) -> bool:
    """Whether a word is another one or grown from it.

    >>> is_form_of("loving", "love"), is_form_of("warm", "war")
    (True, False)
    """
    root = other[:-1] if other.endswith("e") else other
    return word == other or (len(other) > 3 and word.startswith(root))


def shape_of(lines: tuple[str, ...]) -> tuple[int, ...]:
    """Syllables of each line."""
    return tuple(count_syllables(line) for line in lines)
