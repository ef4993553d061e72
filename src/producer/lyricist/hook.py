"""The line that comes back: quoted by the prompt, or built around what it is about."""

import numpy as np

from producer.lyricist.bank import fill, read
from producer.lyricist.critic import Critic
from producer.lyricist.judge import is_content
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import count_syllables, words_of
from producer.lyricist.stanzas import SHELVES, Desk, is_allowed, open_themes

CONTENDERS = 8  #: hooks that are tried with the chorus
ODDNESS_WEIGHT = 1.5  #: points lost for each standard deviation below the others
SYLLABLES = range(4, 10)  #: a hook that can be remembered in one breath


def rank_hooks(desk: Desk) -> tuple[tuple[float, str], ...]:
    """Lines that could lead the chorus and how good they are, best first; a quoted one stands alone."""
    if desk.wish.hook:
        return ((0.0, desk.wish.hook),)
    dice = desk.dice("hook")
    rated = [
        (rate + 0.6 * dice.random(), line)
        for rate, line in _candidates(desk)
        if is_allowed((line,), desk.wish.forbidden)
    ]
    ranked = sorted(rated, key=lambda pair: (-pair[0], pair[1]))
    if desk.critic:
        ranked = _without_odd_ones(ranked[: 2 * CONTENDERS], desk.critic)
    return tuple(ranked)[:CONTENDERS]


def _without_odd_ones(ranked: list[tuple[float, str]], critic: Critic) -> list[tuple[float, str]]:
    """Hooks with those put back that the language model finds odd among the others; praise counts nothing."""
    fluency = np.array(critic.fluency([line for _, line in ranked]))
    standard = (fluency - fluency.mean()) / (fluency.std() or 1.0)
    rated = [
        (rate + ODDNESS_WEIGHT * min(0.0, float(z) + 0.2), line)
        for (rate, line), z in zip(ranked, standard, strict=True)
    ]
    return sorted(rated, key=lambda pair: (-pair[0], pair[1]))


def _candidates(desk: Desk) -> list[tuple[float, str]]:
    dice = desk.dice("hook/reading")
    out: list[tuple[float, str]] = []
    for rank, (theme, _) in enumerate(open_themes(desk.wish)):
        for number, line in enumerate(theme.hooks):
            filled = fill((line,), desk.slots, dice)
            if filled:
                about = _is_about(filled[0], desk) + 0.4 * any(name in filled[0] for name in desk.wish.names)
                out.append((2.2 * about - 0.9 * rank + _on_shelf(number, desk), filled[0]))
    for rank, noun in enumerate(desk.wish.nouns[:2]):
        for number, line in enumerate(frames_for(noun)):
            slots = {**desk.slots, "it": noun.definite, "plain": noun.plain, "bare": noun.text}
            filled = fill((line,), slots, dice)
            if filled:
                out.append((1.9 - 0.5 * rank + _on_shelf(number, desk), filled[0]))
    return [(rate - 0.5 * (count_syllables(line) not in SYLLABLES), line) for rate, line in out]


def frames_for(noun: Noun) -> tuple[str, ...]:
    """Hook lines that a noun of this kind can stand in."""
    table = read("frames")
    rows = table.get(f"{noun.kind}_{noun.number}") or table.get(f"{noun.kind}_one") or table["thing_one"]
    return tuple(line.strip() for line in rows.splitlines() if line.strip())


def _on_shelf(number: int, desk: Desk) -> float:
    return 2.6 if number % SHELVES == desk.shelf else 0.0


def _is_about(line: str, desk: Desk) -> bool:
    spoken = set(words_of(line))
    own = {w for name in (*desk.wish.names, *desk.wish.places) for w in words_of(name)}
    own |= {w for noun in desk.wish.nouns[:2] for w in words_of(noun.text) if is_content(w)}
    return bool(spoken & own)
