"""Prompts in other languages: their telling words put into English before they are read.

The lexicon is English. A few hundred stems of the commonest words for moods, tempi, seasons and
instruments (``foreign.toml``) let a prompt in another language be understood as far as it matters
to the band; words that are not listed stay as they are.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("producer.composition") / "foreign.toml").read_text("utf-8"))


@cache
def _stems() -> re.Pattern[str]:
    stems = sorted(_tables()["stems"], key=len, reverse=True)
    # Short Latin stems are whole words, lest they start English ones; Cyrillic ones can't.
    whole = [stem for stem in stems if len(stem) <= _WHOLE and stem.isascii()]
    long = "|".join(re.escape(stem) for stem in stems if stem not in whole)
    short = "|".join(map(re.escape, whole))
    return re.compile(rf"\b(?:(?P<short>{short})|(?P<long>{long})[^\W\d_]{{0,4}})\b", re.IGNORECASE)


@cache
def _anywhere() -> re.Pattern[str]:
    phrases = sorted(_tables()["anywhere"], key=len, reverse=True)
    return re.compile("|".join(re.escape(phrase) for phrase in phrases))


_WHOLE = 4  #: letters up to which a stem must be the whole word


def gloss(text: str) -> str:
    """The text with known foreign words in English.

    >>> gloss("una canción triste")
    'una song sad'
    """
    known = _tables()
    english = _stems().sub(
        lambda match: known["stems"][(match.group("short") or match.group("long")).lower()], text
    )
    return _anywhere().sub(lambda match: f" {known['anywhere'][match.group(0)]} ", english)
