"""Titles: the hook, or the image it turns on."""

import re
from collections import Counter
from random import Random

from producer.lyricist.bank import fill, read
from producer.lyricist.desk import Desk
from producer.lyricist.judge import is_content
from producer.lyricist.nouns import Noun, find_nouns
from producer.lyricist.scan import words_of
from producer.lyricist.wish import read_wish
from producer.score.lyric import LyricSheet, SectionKind

MAX_CHARS = 80
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "but",
        "nor",
        "by",
        "from",
        "with",
        "as",
        "is",
    ]
)
_WEAK_STARTS = frozenset(
    [
        "and",
        "but",
        "or",
        "so",
        "cause",
        "because",
        "than",
        "that",
        "if",
        "when",
        "while",
        "oh",
        "yeah",
        "hey",
        "well",
    ]
)


def title_of(desk: Desk, hook: str, stanzas: tuple[tuple[str, ...], ...]) -> str:
    """Title of a song that was written here; always something the prompt is about when it names anything."""
    if hook and (desk.wish.hook or not desk.wish.nouns or _is_named(hook, desk)):
        shortened = _strip_calls(hook)
        parts = [part for part in shortened.split(",") if is_content_phrase(part)]
        return capitalize(shortened if len(words_of(shortened)) <= 7 or not parts else parts[-1])
    if desk.wish.nouns:
        return capitalize(_as_title(desk.wish.nouns[0]))
    first = next((lines[0] for lines in stanzas if lines), "Untitled")
    return capitalize(first)


def _is_named(hook: str, desk: Desk) -> bool:
    """Whether a hook has a word of what the prompt is about."""
    said = set(words_of(hook))
    asked = {word for noun in desk.wish.nouns[:3] for word in words_of(noun.text) if is_content(word)}
    return bool(said & asked)


def _as_title(noun: Noun) -> str:
    return noun.text if noun.kind in {"doing", "ordeal", "name"} else noun.plain


def pick_title(sheet: LyricSheet, *, seed: str) -> str:
    """Title of a song whose words came from someone else.

    The line that comes back most often wins; then the chorus' first line; then the first line. Long
    lines are cut where a phrase ends. ≤ 80 characters, in title case; ``Untitled`` without words.
    """
    lines = [line.text for line in sheet.lines if line.syllables and not line.backing]
    if not lines:
        return "Untitled"
    counted = Counter(" ".join(words_of(line)) or line for line in lines)
    chorus = [
        line.text
        for stanza in sheet.stanzas
        if stanza.kind in {SectionKind.CHORUS, SectionKind.POST_CHORUS}
        for line in stanza.lines
        if line.syllables and not line.backing
    ]
    dice = Random(f"{seed}/lyrics/title")
    rated: list[tuple[float, float, str]] = []
    for place, line in enumerate(dict.fromkeys([*chorus, *lines])):
        key = " ".join(words_of(line)) or line
        rate = min(3, counted[key]) + 2.0 * (bool(chorus) and line == chorus[0]) + 0.5 * (line in chorus)
        rate += 0.5 * (line == lines[0]) - 0.4 * (len(words_of(line)) > 7) - 0.01 * place
        rated.append((rate, dice.random(), line))
    return capitalize(_short_phrase(max(rated)[2]))


def invent_title(sound: str, *, seed: str) -> str:
    """Title of a piece without words, out of what its description is about."""
    wish = read_wish(sound)
    dice = Random(f"{seed}/lyrics/title")
    if wish.hook:
        return capitalize(wish.hook)
    table = read("titles")
    nouns = find_nouns(wish.text, names=(), forbidden=wish.forbidden)
    slots = {"place": wish.places[0]} if wish.places else {}
    if nouns:
        slots.update(noun=nouns[0].text, the_noun=nouns[0].definite)
    key = "place" if wish.places else ("noun" if nouns else ("low" if wish.valence < 0 else "bright"))
    rows = [row.strip() for row in table[key].splitlines() if row.strip()]
    filled = fill((dice.choice(rows),), slots, dice)
    return capitalize(filled[0] if filled else "Untitled")


def capitalize(text: str) -> str:
    """Title case with small words in lower case, no mark at the end, ≤ 80 characters.

    >>> capitalize("take me back to the river,")
    'Take Me Back to the River'
    """
    words = text.strip().strip(' .,;:-–—"“”').split()
    out = []
    for index, word in enumerate(words):
        small = word.lower() in _SMALL and 0 < index < len(words) - 1
        out.append(word.lower() if small else word[:1].upper() + word[1:])
    title = " ".join(out)
    if len(title) > MAX_CHARS:
        title = title[: MAX_CHARS + 1].rpartition(" ")[0] or title[:MAX_CHARS]
    return title or "Untitled"


def is_content_phrase(text: str) -> bool:
    """Whether a phrase says something."""
    return any(is_content(word) for word in words_of(text))


def _strip_calls(hook: str) -> str:
    return re.sub(r"^(?:oh|hey|yeah|ooh|and|so(?! long| many| far)|well)[, ]+", "", hook, flags=re.IGNORECASE)


def _short_phrase(line: str) -> str:
    line = re.sub(r"\([^)]*\)", " ", line).strip() or line
    parts = [
        part.strip() for part in re.split(r"[,;:.!?—–]", line) if any(is_content(w) for w in words_of(part))
    ]
    phrase = line if len(words_of(line)) <= 7 else (parts[0] if parts else line)
    words = phrase.split()
    while len(words) > 2 and words[0].lower() in _WEAK_STARTS:
        words = words[1:]
    while len(words) > 8:
        words = words[:8]
    while len(words) > 2 and words[-1].lower() in _SMALL:
        words = words[:-1]
    return " ".join(words)
