"""Stanzas out of the phrase bank: candidates are filled and judged; the best is sung."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random

from producer.lyricist.bank import Unit, fill, plain_text
from producer.lyricist.candidates import Candidate, associated, can_double, of_hero, of_themes, of_things
from producer.lyricist.critic import LIKELINESS_WEIGHT, NEARNESS_WEIGHT, Critic
from producer.lyricist.desk import Desk, is_allowed, is_on_shelf
from producer.lyricist.judge import is_content, score_stanza
from producer.lyricist.person import is_sung_by_me, named, retell, speaks_to, speaks_to_others
from producer.lyricist.scan import count_syllables, words_of
from producer.lyricist.shapes import fits

READINGS = 6  #: ways tried to read one unit
CLOSER = 2  #: stanzas that the critic reads word by word

_JOINED = 2.5  #: points lost by a verse or chorus that begins as if something had gone before
_JOINTS = frozenset({("and",), ("but",), ("so",), ("or",)})

#: Slots that are as long as the prompt's words are.
_FITTED = frozenset({"topic", "topic_plain", "a_topic", "one", "two", "name"})

_Found = tuple[float, tuple[str, ...], Unit]


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
    candidates = of_themes(desk, step, lean, later) + of_things(desk, step, detail_bonus)
    candidates += of_hero(desk, step)
    if step in {"scene", "feeling"}:
        candidates += associated(desk, stage)
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


def _best(
    desk: Desk,
    candidates: list[Candidate],
    stage: str,
    shape: tuple[int, ...],
    hooks: Sequence[tuple[float, str]],
) -> tuple[str, ...]:
    dice = desk.dice(stage)
    opens = stage.startswith(("verse", "chorus")) and not stage.endswith("later")
    if desk.critic:
        candidates = _weigh(candidates, desk.critic)
    fresh = [one for one in candidates if one.unit.name not in desk.used_units]
    on_shelf = [one for one in fresh if is_on_shelf(one.unit, desk)]
    for pool in (on_shelf, fresh, candidates):
        found: list[_Found] = []
        for one in pool:
            for rate, lines in _all_readings(one, desk, hooks, dice):
                score = rate + one.bonus + score_stanza(lines, desk.memory, wanted=desk.wanted, shape=shape)
                score -= 4.0 * (stage.startswith("verse") and not fits(desk.shape, lines))
                score -= _JOINED * (opens and words_of(lines[0])[:1] in _JOINTS)
                found.append((score + 0.9 * dice.random(), lines, one.unit))
        if found:
            best = _reread(found, stage, desk.critic) if desk.critic else max(found, key=lambda row: row[0])
            _, lines, unit = best
            _keep(desk, unit, lines, is_chorus=bool(hooks))
            return lines
    return ()


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
        for lines in _readings(one, slots, desk, dice):
            if is_allowed(lines, avoided) and not (hook and _echoes(hook, lines)):
                yield rate, lines


def _echoes(hook: str, lines: tuple[str, ...]) -> bool:
    """Whether a line beside the hook ends on a word of it or repeats two of its words."""
    own = {word for word in words_of(hook) if is_content(word)}
    others = [words_of(line) for line in lines if words_of(line) != words_of(hook)]
    return any(words and (words[-1] in own or len(own & set(words)) > 1) for words in others)


def _readings(
    one: Candidate, slots: Mapping[str, str], desk: Desk, dice: Random
) -> Iterable[tuple[str, ...]]:
    if any(slot not in slots for slot in one.unit.slots):
        return
    fitted = any(slot in _FITTED for slot in one.unit.slots)  # lines as long as a noun or name leaves them
    for _ in range(READINGS * (1 + fitted)):
        lines = fill(one.unit.lines, slots, dice)
        if lines and one.person:
            yield from _told(lines, one.person, desk, hook=slots.get("hook", ""))
        elif lines:
            yield lines


def _told(lines: tuple[str, ...], person: str, desk: Desk, hook: str) -> Iterable[tuple[str, ...]]:
    """A stanza sung by *I* told of the hero, with his name for the first pronoun if no verse has it yet."""
    spoken_to = bool(hook) and speaks_to(hook, desk.wish.names)
    if spoken_to and speaks_to_others(lines) and not is_sung_by_me(lines):
        yield lines
        return
    told = retell(lines, person)
    if told is None:
        return
    yield told
    hero = desk.wish.hero
    told_words = {word.removesuffix("'s") for word in desk.told}
    if hero and hero.noun.kind == "name" and not {*words_of(hero.noun.text)} & told_words:
        yield named(told, person, hero.noun.text.split()[0] if hero.noun.number == "mass" else hero.noun.text)


def shape_of(lines: tuple[str, ...]) -> tuple[int, ...]:
    """Syllables of each line."""
    return tuple(count_syllables(line) for line in lines)
