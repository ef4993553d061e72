"""Songs in Spanish, French, German, Italian and Portuguese, from handwritten phrase banks."""

import re
from collections.abc import Sequence
from functools import cache
from random import Random

from producer.lyricist.bank import Unit, fill, parse_units, read
from producer.lyricist.desk import SHELVES, is_allowed, number_of, shelf_of
from producer.lyricist.form import is_played, render
from producer.lyricist.judge import spread
from producer.lyricist.language import find_mood, has_bank
from producer.lyricist.names import known_names
from producer.lyricist.scan import do_rhyme
from producer.lyricist.stanzas import READINGS
from producer.lyricist.title import MAX_CHARS
from producer.lyricist.wish import Wish
from producer.score.lyric import SectionKind

_STEP = {SectionKind.CHORUS: "chorus", SectionKind.BRIDGE: "turn", SectionKind.PRE_CHORUS: "turn"}


def is_written(language: str) -> bool:
    """Whether there is a phrase bank of this language."""
    return has_bank(language)


def write(wish: Wish, plan: Sequence[SectionKind], *, seed: str) -> tuple[str, str]:
    """Lyrics and title of a song in the wish's language."""
    dice = Random(f"{seed}/lyrics/abroad")
    mood = _mood(wish)
    name = _name(wish)
    slots = {"name": name} if name else {}
    topic = _topic(wish)
    if topic:
        slots["topic"] = topic
    hook = wish.hook or _hook(wish, mood, slots, seed, dice)
    slots["hook"] = hook
    used: set[str] = set()
    written: dict[SectionKind, tuple[str, ...]] = {}
    stanzas: list[tuple[str, ...]] = []
    for kind in plan:
        if is_played(kind):
            stanzas.append(())
        elif kind is SectionKind.VERSE:
            step = "scene" if sum(k is kind for k in plan[: len(stanzas)]) % 2 == 0 else "feeling"
            stanzas.append(_draw(wish, mood, step, slots, seed, dice, used))
        elif kind in _STEP:
            if kind not in written:
                written[kind] = _draw(wish, mood, _STEP[kind], slots, seed, dice, used)
            stanzas.append(written[kind])
        else:
            stanzas.append((hook, hook))
    return render(plan, stanzas), hook[:MAX_CHARS].rstrip(" ,.;")


@cache
def _units(language: str, mood: str, step: str) -> tuple[Unit, ...]:
    return parse_units(f"{language}/{mood}/{step}", read(f"languages/{language}")[mood].get(step, ""))


def _mood(wish: Wish) -> str:
    return find_mood(wish.words, wish.language, tuple(theme.name for theme, _ in wish.themes))


def _name(wish: Wish) -> str | None:
    """Somebody to sing to. Where every noun has a capital, only known names are taken for one."""
    known = wish.names if wish.language != "de" else [n for n in wish.names if n.lower() in known_names()]
    return next(iter(known), None)


def _topic(wish: Wish) -> str | None:
    """Article and noun as the prompt wrote them, after its word for *about*."""
    about = read(f"languages/{wish.language}")["about"]
    match = re.search(about, wish.text, re.IGNORECASE)
    if not match:
        return None
    topic = match[1].strip(' .,;:!?"')
    for melted, whole in read(f"languages/{wish.language}").get("articles", {}).items():
        topic = re.sub(f"^{melted}", whole, topic, flags=re.IGNORECASE)
    return (
        topic if 2 < len(topic) <= 28 and not any(word in topic.split() for word in wish.forbidden) else None
    )


def _hook(wish: Wish, mood: str, slots: dict[str, str], seed: str, dice: Random) -> str:
    table = read(f"languages/{wish.language}")
    own = [line for line in table[mood]["hooks"].splitlines() if line.strip()]
    rows = [line for line in table["topic_hooks"].splitlines() if line.strip()] if "topic" in slots else []
    shelf = shelf_of(seed)
    pool = [line for number, line in enumerate(rows or own) if number % SHELVES == shelf] or own
    for line in dice.sample(pool, len(pool)):
        filled = fill((line,), slots, dice, language=wish.language)
        if filled and is_allowed(filled, wish.forbidden):
            return filled[0]
    return fill((own[0],), {**slots, "name": ""}, dice, language=wish.language)[0] if own else ""  # type: ignore[index]


def _draw(
    wish: Wish, mood: str, step: str, slots: dict[str, str], seed: str, dice: Random, used: set[str]
) -> tuple[str, ...]:
    pools = [_units(wish.language, mood, step), _units(wish.language, "open", step)]
    shelf = shelf_of(seed)
    everything = [unit for pool in pools for unit in pool]
    shelved = [unit for unit in pools[0] if number_of(unit) % SHELVES == shelf]
    for units in (shelved, list(pools[0]), everything):
        fresh = [unit for unit in units if unit.name not in used]
        found: list[tuple[float, tuple[str, ...], Unit]] = []
        for unit in dice.sample(fresh, len(fresh)):
            for _ in range(READINGS):
                lines = fill(unit.lines, slots, dice, language=wish.language)
                if lines and is_allowed(lines, wish.forbidden):
                    rhymed = len(lines) < 4 or do_rhyme(lines[1], lines[3], wish.language)
                    uneven = spread(lines, wish.language)
                    found.append((2.0 * rhymed - max(0, uneven - 1) + dice.random(), lines, unit))
        if found:
            _, lines, unit = max(found, key=lambda row: row[0])
            used.add(unit.name)
            return lines
    return ()
