"""The line that comes back: quoted by the prompt, or built around what it is about."""

from dataclasses import replace

import numpy as np

from producer.lyricist.agreement import topic_slots
from producer.lyricist.bank import fill, read
from producer.lyricist.critic import Critic
from producer.lyricist.desk import SHELVES, Desk, is_allowed, open_themes
from producer.lyricist.judge import is_content
from producer.lyricist.nouns import Noun
from producer.lyricist.person import is_sung_by_me, retell, speaks_to_others
from producer.lyricist.sayings import SYLLABLES, own_words
from producer.lyricist.scan import count_syllables, words_of
from producer.lyricist.wish import Wish

CONTENDERS = 8  #: hooks that are tried with the chorus
ODDNESS_WEIGHT = 1.2  #: points lost for each standard deviation below the others
HOOK_NEARNESS_WEIGHT = 3.0  #: points for a meaning like the prompt's (cosine)
_OWN_WORDS = 3.2  #: how good a short sentence of the prompt's own is
_OF_THEME = 0.6  #: how good a theme's own hook is; more when it names what the prompt names
#: How good a line about a noun is by its kind: what can be called or held makes the better hooks.
_OF_KIND = {
    "name": 1.7,
    "speaker": 3.0,
    "role": 1.0,
    "thing": 1.0,
    "animal": 1.0,
    "place": 1.1,
    "woe": 0.4,
    "kin": 0.7,
}


def rank_hooks(desk: Desk) -> tuple[tuple[float, str], ...]:
    """Lines that could lead the chorus and how good they are, best first; a quoted one stands alone."""
    if desk.wish.hook:
        return ((0.0, desk.wish.hook),)
    dice, avoided = desk.dice("hook"), desk.avoided
    rated = [
        (rate + 0.6 * dice.random(), line) for rate, line in _candidates(desk) if is_allowed((line,), avoided)
    ]
    ranked = sorted(rated, key=lambda pair: (-pair[0], pair[1]))
    if desk.critic:
        ranked = _reread(ranked[: 2 * CONTENDERS], desk.critic)
    return tuple(ranked)[:CONTENDERS]


def _reread(ranked: list[tuple[float, str]], critic: Critic) -> list[tuple[float, str]]:
    """Hooks with those put back that the language model finds odd, and those put forward that are near.

    Being less odd than the others counts nothing: the likeliest lines are what everybody says.
    """
    lines = [line for _, line in ranked]
    fluency = np.array(critic.fluency(lines))
    standard = (fluency - fluency.mean()) / (fluency.std() or 1.0)
    points = ODDNESS_WEIGHT * np.minimum(0.0, standard + 0.2)
    points += HOOK_NEARNESS_WEIGHT * np.array(critic.nearness(lines))
    rated = [(rate + float(more), line) for (rate, line), more in zip(ranked, points, strict=True)]
    return sorted(rated, key=lambda pair: (-pair[0], pair[1]))


def _candidates(desk: Desk) -> list[tuple[float, str]]:
    dice = desk.dice("hook/reading")
    out: list[tuple[float, str]] = []
    for rank, (theme, _) in enumerate(open_themes(desk.wish)):
        general = theme.is_general
        for number, line in enumerate(theme.hooks):
            filled = fill((line,), desk.slots, dice)
            if filled:
                about = (not general and _is_about(filled[0], desk)) + 0.4 * any(
                    name in filled[0] for name in desk.wish.names
                )
                rate = 1.6 * about - 0.5 * rank - 1.2 * general
                out.append((_OF_THEME + rate + _on_shelf(number, desk), filled[0]))
    said = own_words(desk.wish)
    if said:
        out.append((_OWN_WORDS + _on_shelf(len(said), desk), said))
    called = any(not (theme.is_general or theme.is_kind) for theme, _ in open_themes(desk.wish))
    for rank, noun in enumerate(_hooked(desk.wish, 1 if called else 2)):
        for number, line in enumerate(frames_for(_as_told(noun, desk.wish), low=desk.wish.valence < 0)):
            slots = {**desk.slots, **topic_slots(noun, desk.pronoun_of(noun))}
            slots |= {"it": noun.definite, "plain": noun.plain}
            filled = fill((line,), slots, dice)
            if filled:
                rate = _OF_KIND.get(noun.kind, 0.9) - 0.7 * rank
                out.append((rate + _on_shelf(number, desk), filled[0]))
    told = ((rate, _told(line, desk)) for rate, line in out)
    return [(rate - 0.5 * _too_long(line), line) for rate, line in told if line]


def _told(line: str, desk: Desk) -> str:
    """A hook as it is sung of the one the song tells of; "" where it is another's."""
    hero = desk.wish.hero
    if not hero or hero.is_kin or any(name in line for name in desk.wish.names):
        return line
    if not is_sung_by_me((line,)):
        return "" if speaks_to_others((line,)) else line
    return (retell((line,), desk.person) or ("",))[0]


def _too_long(line: str) -> int:
    """Syllables that a line has beyond what can be remembered in one breath, or wants."""
    count = count_syllables(line)
    return max(0, count - SYLLABLES[-1], SYLLABLES[0] - count)


def frames_for(noun: Noun, *, low: bool = False) -> tuple[str, ...]:
    """Hook lines that a noun of this kind can stand in; for a dark prompt those that suit it."""
    table = read("frames")
    name = f"{noun.kind}_{noun.number}"
    rows = table.get(f"{name}_low") if low else None
    rows = rows or table.get(name) or table.get(f"{noun.kind}_one") or table["thing_one"]
    return tuple(line.strip() for line in rows.splitlines() if line.strip())


def _hooked(wish: Wish, most: int) -> tuple[Noun, ...]:
    """Nouns that a hook may turn on: the most important ones, and the hero."""
    hero = wish.hero.noun if wish.hero else None
    return tuple(n for i, n in enumerate(wish.nouns) if i < most or (hero and n.text == hero.text))


def _as_told(noun: Noun, wish: Wish) -> Noun:
    """A hero's name is told, not called."""
    is_hero = wish.hero and noun.text == wish.hero.noun.text and noun.kind == "name" and noun.number == "mass"
    return replace(noun, kind="told") if is_hero else noun


def _on_shelf(number: int, desk: Desk) -> float:
    return 7.0 if number % SHELVES == desk.shelf else 0.0


def _is_about(line: str, desk: Desk) -> bool:
    spoken = set(words_of(line))
    own = {w for name in (*desk.wish.names, *desk.wish.places) for w in words_of(name)}
    own |= {w for noun in desk.wish.nouns[:2] for w in words_of(noun.text) if is_content(w)}
    return bool(spoken & own)
