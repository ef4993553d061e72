"""Stanzas out of the phrase bank: candidates are drawn, filled and judged; the best is sung."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from producer.lyricist import associations
from producer.lyricist.bank import Theme, Unit, fill, parse_units, plain_text, read, themes
from producer.lyricist.critic import LIKELINESS_WEIGHT, NEARNESS_WEIGHT, Critic
from producer.lyricist.judge import Memory, score_stanza
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import count_syllables, is_form_of, words_of
from producer.lyricist.wish import Wish

SHELVES = 3  #: seeds next to each other draw from different thirds of the bank
READINGS = 6  #: ways tried to read one unit
LATER = ", later"  #: ends the stage of a verse's second half
CLOSER = 3  #: stanzas that the critic reads word by word
BESIDE = 0.4  #: points of a stanza of a theme that is only near the prompt
SAME_THEME = 0.7  #: points for going on with the theme of the stanza before, within a verse
ASSOCIATED = 2  #: stanzas of associated things that a song bears


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
    last_unit: str = ""  #: name of the unit taken last
    critic: Critic | None = None  #: None where the language model is missing
    beside: tuple[Theme, ...] = ()  #: themes near the prompt that it does not call for
    associates: tuple[str, ...] = ()  #: things that go with the prompt, best first

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
    for theme in desk.beside:
        candidates += [(unit, BESIDE) for unit in theme.units[step]]
    if step in {"scene", "feeling"}:
        noun = next_detail(desk)
        if noun:
            desk.slots["topic"] = noun.definite
            units = parse_units(f"details/{noun.kind}", read("details")[noun.kind])
            candidates += [(unit, detail_bonus) for unit in units]
        candidates += _associated(desk, stage)
    if stage.endswith(LATER):
        same = desk.last_unit.split("/")[0] + "/"
        candidates = [(unit, bonus + SAME_THEME * unit.name.startswith(same)) for unit, bonus in candidates]
    return _best(desk, candidates, stage, shape, hooks)


def _associated(desk: Desk, stage: str) -> list[tuple[Unit, float]]:
    """Frames for things that go with the prompt; more welcome when no theme knows it."""
    fresh = tuple(word for word in desk.associates if not desk.memory.words[word])
    taken = sum(name.startswith("scenes/") for name in desk.used_units)
    if not fresh or taken >= ASSOCIATED:
        return []
    desk.slots.update(associations.slots_for(fresh, desk.dice(f"{stage}/things")))
    bonus = 1.4 if desk.wish.themes else 2.0
    return [(unit, bonus) for unit in associations.units_for(desk.wish.valence, desk.slots)]


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
    weighed = _weigh(candidates, desk.critic) if desk.critic else candidates
    fresh = [pair for pair in weighed if pair[0].name not in desk.used_units]
    for pool in (_dealt(weighed, desk), fresh, weighed):
        found: list[_Found] = []
        for unit, bonus in pool:
            if unit.name in desk.used_units and pool is not weighed:
                continue
            for rate, lines in _all_readings(unit, desk, hooks, dice):
                score = rate + bonus + score_stanza(lines, desk.memory, wanted=desk.wanted, shape=shape)
                found.append((score + 0.9 * dice.random(), lines, unit))
        if found:
            _, lines, unit = _reread(found, stage, desk.critic) if desk.critic else max(found, key=lambda row: row[0])
            _take(desk, unit, lines, told=not hooks)
            return lines
    return ()


def _dealt(candidates: list[tuple[Unit, float]], desk: Desk) -> list[tuple[Unit, float]]:
    """This seed's share of the stanzas; seeds that follow each other get different ones.

    Without a critic the bank itself is divided. With one, stanzas are dealt out like cards from the
    fittest on, so that every seed gets some of the best.
    """
    if desk.critic is None:
        return [pair for pair in candidates if number_of(pair[0]) % SHELVES == desk.shelf]
    ranked = sorted(candidates, key=lambda pair: (-pair[1], pair[0].name))
    return ranked[desk.shelf :: SHELVES]


def _weigh(candidates: list[tuple[Unit, float]], critic: Critic) -> list[tuple[Unit, float]]:
    """Candidates with the nearness of their meaning to the prompt's among their points."""
    near = critic.nearness([plain_text(unit) for unit, _ in candidates])
    return [(unit, bonus + NEARNESS_WEIGHT * cosine) for (unit, bonus), cosine in zip(candidates, near, strict=True)]


def _take(desk: Desk, unit: Unit, lines: tuple[str, ...], *, told: bool) -> None:
    desk.used_units.add(unit.name)
    desk.last_unit = unit.name
    desk.memory.keep(lines)
    if told:
        desk.told.update(word for line in lines for word in words_of(line))


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


def shape_of(lines: tuple[str, ...]) -> tuple[int, ...]:
    """Syllables of each line."""
    return tuple(count_syllables(line) for line in lines)
