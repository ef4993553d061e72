"""How glad or sorry a prompt is, read from the whole of it, and which themes go with that.

What the prompt asks of the song (*a happy song about …*) goes before what it tells; of what it tells the part
after a turn (*but*, *until*, *now*) counts double, and a negation turns a word round.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from producer.lyricist.bank import Theme, read, themes, word_set
from producer.lyricist.genres import is_style_only

#: From which valence on a theme may not be as sorry, or as glad, as it likes.
DARK, BRIGHT = -0.2, 0.2
_TOO_GLAD = 0.45  #: valence of themes that a dark prompt does not bear
_TOO_SORRY = -0.15  #: … and a bright one
_TELLING = 0.4  #: own weight from which what a prompt tells outweighs the mood of its theme
_REACH = 3  #: words over which a negation reaches
_TOKEN = re.compile(r"[a-z][a-z'-]*")
_OVER = re.compile(r"\b([a-z]+) (?:is|was|are|were|'s) (?:finally |now )?over\b")
_MADE = re.compile(
    r"\b(?:make|keep) (?:it|this|the song) ((?:not |not too |never )?[a-z-]+)"
    r"|\bshould (?:be|feel|sound) ((?:not |not too )?[a-z-]+)"
    r"|\b((?:nothing|not|not too) [a-z-]+)\b(?= ?(?:[,.;:!]|$|please))"
)


@dataclass(frozen=True, slots=True)
class Tone:
    """What a prompt says of its mood, without what its themes bring."""

    asked: float | None  #: of the song as such, −1 … 1; None where nothing is asked
    told: float  #: of what happens; 0 where nothing tells

    def with_theme(self, valence: float) -> float:
        """Valence of a song: −1 sad … 1 happy.

        >>> Tone(0.8, -1.0).with_theme(-0.5), Tone(None, -1.0).with_theme(0.9)
        (0.6, -0.8)
        """
        told = max(-1.0, min(1.0, self.told))
        if self.asked is not None:
            mixed = self.asked + 0.2 * told
        else:
            mixed = 0.8 * told if abs(told) >= _TELLING else valence + 0.5 * told
        return round(max(-1.0, min(1.0, mixed)), 3)


def read_tone(text: str) -> Tone:
    """The tone of a prompt in English.

    >>> read_tone("a cheerful song about my broken umbrella").asked, read_tone("not a sad song").asked
    (0.8, 0.35)
    >>> read_tone("I lost my job but found love").told > 0 > read_tone("my plant is dying").told
    True
    """
    low = re.sub(r"[“”\"]", "", text.lower().replace("’", "'"))
    return Tone(_asked(low), _told(_without_style(low)))


def suit_themes(weighed: tuple[tuple[Theme, float], ...], valence: float) -> tuple[tuple[Theme, float], ...]:
    """Themes that go with a mood; those that do not are left out, or give way to one that does."""
    found: dict[str, tuple[Theme, float]] = {}
    for theme, weight in weighed:
        fits = suits(theme, valence)
        table: Mapping[str, str] = read("tone")["when_dark" if valence < 0 else "when_bright"]
        name = theme.name if fits else table.get(theme.name, "")
        if name and name not in found:
            found[name] = (themes()[name], weight if fits else 0.8 * weight)
    return tuple(sorted(found.values(), key=lambda pair: (-pair[1], pair[0].name)))


def suits(theme: Theme, valence: float) -> bool:
    """Whether a theme may be sung in a song of this mood."""
    if theme.is_style or theme.name in read("tone")["reading"]["consoling"].split():
        return valence > DARK or theme.name != "style_dance"
    if valence <= DARK:
        return theme.valence <= _TOO_GLAD
    return valence < BRIGHT or theme.valence >= _TOO_SORRY


def _asked(low: str) -> float | None:
    found = [_asked_by(said) for said in _framing(low)]
    found += [_asked_by(next(filter(None, m.groups()))) for m in _MADE.finditer(low)]
    values = [value for value in found if value is not None]
    return max(values, key=abs) if values else None


def _framing(low: str) -> list[str]:
    """Parts of a prompt that speak of the song: *an upbeat pop song* about …; *hopeful, gentle*."""
    out = []
    for chunk in re.split(r"[,.;:!?\n]", low):
        said, about, _ = chunk.partition(" about ")
        music = (word_set("music_words") - {"party"}) | word_set("song_words")
        tokens = _TOKEN.findall(said)
        at = next((i for i, token in enumerate(tokens) if token in music), None)
        if at is not None and (about or at < 6):
            out.append(" ".join(tokens[: at + 1] if not about else tokens))
        elif tokens and is_style_only(tokens):
            out.append(" ".join(tokens))
    return out


def _asked_by(said: str) -> float | None:
    tokens = _TOKEN.findall(said)
    moods = _weights("asked")
    values = []
    for at, token in enumerate(tokens):
        if token in moods and token + "".join(tokens[at + 1 : at + 2]) not in {"happybirthday", "partysong"}:
            turned = any(before in _negations() | {"nothing"} for before in tokens[max(0, at - _REACH) : at])
            values.append(-0.5 * moods[token] if turned else moods[token])
    return max(values, key=abs) if values else None


def _without_style(low: str) -> str:
    """A prompt without what only says how the song should sound."""
    chunks = re.split(r"(?<=[,.;:!?\n])", low)
    kept = [c for c in chunks if not (_TOKEN.findall(c) and is_style_only(_TOKEN.findall(c)))]
    kept = [re.sub(r"^[^.;:]*?\b(?:songs?|ballad|anthem|tune|track|lullaby) about\b", " ", c) for c in kept]
    return "".join(kept)


def _told(low: str) -> float:
    for pattern, weight in _phrases():  # first, since some hold a turn themselves: *everyone but me*
        low = pattern.sub(f" ;{weight}; ", low)
    pivots = "|".join(read("tone")["reading"]["pivots"].split())
    clauses = re.split(rf"\b(?=(?:{pivots})\b)", low)
    total, turned = 0.0, False
    for at, clause in enumerate(clauses):
        if at and re.match(r"but not any ?more\b", clause):
            total, turned = -total, True
            continue
        weight = _weigh(clause)
        total = total + weight if not at or not weight else 0.4 * total + 1.6 * weight
    return 0.0 if not turned and abs(total) < 0.05 else total


def _weigh(clause: str) -> float:
    total = sum(float(weight) for weight in {*re.findall(r";(-?[\d.]+);", clause)})
    for match in _OVER.finditer(clause):
        total += 1.5 if _weights("words").get(match[1], 0.0) < 0 else -1.2
    clause = _OVER.sub(" ", clause)
    tokens = re.findall(r"[a-z][a-z'-]*|[;,]", clause)
    for at, token in enumerate(tokens):
        weight = _weights("words").get(token, 0.0) or _weights("words").get(token.removesuffix("'s"), 0.0)
        near = tokens[max(0, at - _REACH) : at]
        turned = weight and any(before in _negations() for before in near) and ";" not in near
        total += weight * (-0.8 if turned else 0.5 if "after" in near else 1.0)
    return total


@cache
def _negations() -> frozenset[str]:
    return frozenset(read("tone")["reading"]["negations"].split())


@cache
def _weights(table: str) -> dict[str, float]:
    rows: Mapping[str, Any] = read("tone")[table]
    return {word: float(weight) for weight, words in rows.items() for word in words.split()}


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], float], ...]:
    return tuple(
        (re.compile(rf"\b(?:{pattern})"), float(weight)) for weight, pattern in read("tone")["phrases"]
    )
