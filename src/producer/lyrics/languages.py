"""Which language lyrics are written in, and what can be done about it."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from producer.lyrics.english import everyday_words, is_vocable
from producer.lyrics.scripts import SCRIPT_LANGUAGES, script_of
from producer.lyrics.spelling_rules import known_languages
from producer.lyrics.transliteration import TRANSLITERATED, is_spelled, pinyin_of, telling_words
from producer.score.singer import NATIVES

MIN_KANA_SHARE = 0.05  # of kana and Han together that makes it Japanese
MIN_SCORE = 0.12  # hits a word below which nothing is certain
MIN_WORDS = 2  # a text of more must show two words of a language
_LETTER_WEIGHT = 2.0  # a telling letter weighs as much as this many words
_ENDING_WEIGHT = 0.35  # … a telling ending
_PLAIN_WEIGHT = 0.8  # … a word whose accents the author left out
_ENGLISH_WEIGHT = 0.6  # … an everyday English word that isn't among the telling ones
_BESIDE_ENGLISH = 0.5  # share that is left of a foreign word that is English too
_LEAD = 1.25  # times the usual language's score that another needs
_MIN_SPELLED = 0.8  # share of words that must be spelled as romaji or pinyin are


@cache
def _profiles() -> dict[str, dict[str, Any]]:
    rows = tomllib.loads(files("producer.lyrics").joinpath("data/languages.toml").read_text("utf-8"))
    return {
        code: {
            **row,
            "words": frozenset(row["words"].split()),
            "plain": frozenset(_plain(word) for word in row["words"].split() if len(word) > 2),
            "endings": re.compile(f"..(?:{row['endings']})$") if "endings" in row else None,
        }
        for code, row in rows.items()
    }


@cache
def _weights() -> dict[str, float]:
    """A word that many languages share says little."""
    counts = Counter(word for row in _profiles().values() for word in row["words"] | row["plain"])
    return {word: 1.0 / count for word, count in counts.items()}


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def detect_language(text: str, *, usual: str = "en") -> str:
    """ISO 639-1 code of a text's language; ``und`` for a script without any; `usual` when nothing tells.

    >>> detect_language("Te quiero más que ayer"), detect_language("さくらの空"), detect_language("la la")
    ('es', 'ja', 'en')
    """
    scripts = Counter(script for c in text if (script := script_of(c)) != "neutral")
    if not scripts:
        return usual
    # One Han character says as much as two letters do.
    eastern = scripts["kana"] + scripts["han"]
    scripts["kana"], scripts["han"] = (
        (2 * eastern, 0) if scripts["kana"] > MIN_KANA_SHARE * eastern else (0, 2 * eastern)
    )
    script = max(scripts, key=lambda name: (scripts[name], name))
    if script == "latin":
        return _detect_latin(text, usual)
    if script == "cyrillic":
        return _best(text, _words(text), ("ru", "uk", "bg")) or "ru"
    return {"han": "zh", **SCRIPT_LANGUAGES}.get(script) or _by_script_name(text)


def _by_script_name(text: str) -> str:
    """The language of the script that most letters are of, by their Unicode names; own letters decide."""
    names = Counter(unicodedata.name(c, "").split(" ")[0] for c in text if script_of(c) == "other")
    script = names.most_common(1)[0][0]
    fitting = [code for code, row in _profiles().items() if row.get("script") == script]
    marked = (c for c in fitting if set(_profiles()[c].get("letters", "")) & set(text))
    return next(marked, None) or next((c for c in fitting if "letters" not in _profiles()[c]), "und")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower().replace("’", "'"))


def _detect_latin(text: str, usual: str) -> str:
    words = [word for word in _words(text) if not is_vocable(word)]
    if not words:
        return usual
    if spelled := _transliterated(words):
        return spelled
    in_latin = [code for code in _profiles() if code not in _other_scripts()]
    scores = {code: _score(code, text, words) for code in in_latin}
    best = max(scores, key=lambda code: (scores[code], code == usual))
    certain = scores[best] >= MIN_SCORE and scores[best] > _LEAD * scores.get(usual, 0.0)
    return best if certain else usual


@cache
def _other_scripts() -> frozenset[str]:
    """Languages that aren't written in Latin letters, or only for readers who know no others."""
    named = {code for code, row in _profiles().items() if "script" in row}
    return frozenset({*SCRIPT_LANGUAGES.values(), "zh", "uk", "bg", *named})


def _best(text: str, words: Sequence[str], codes: Iterable[str]) -> str | None:
    scores = {code: _score(code, text, words) for code in codes}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > 0 else None


def _score(code: str, text: str, words: Sequence[str]) -> float:
    """How much a word of the text, on average, speaks for a language."""
    row = _profiles()[code]
    telling = sum(text.lower().count(letter) for letter in row.get("letters", ""))
    hits = {word: weight for word in set(words) if (weight := _hit(code, word))}
    # One word alone, however often it comes, may be a "la la la".
    short = len(words) <= MIN_WORDS and not everyday_words().intersection(words)
    enough = telling or len(hits) > 1 or short or code == "en"
    total = sum(hits.get(word, 0.0) for word in words) + _LETTER_WEIGHT * telling
    return total / len(words) if enough else 0.0


def _hit(code: str, word: str) -> float:
    row = _profiles()[code]
    if code == "en":
        return _weights()[word] if word in row["words"] else _ENGLISH_WEIGHT * (word in everyday_words())
    weight = 0.0
    if word in row["words"]:
        weight = _weights()[word]
    elif word in row["plain"]:
        weight = _PLAIN_WEIGHT * _weights()[word]
    elif row["endings"] and row["endings"].search(word) and word not in everyday_words():
        weight = _ENDING_WEIGHT
    return weight * (_BESIDE_ENGLISH if word in everyday_words() else 1.0)


def _transliterated(words: Sequence[str]) -> str | None:
    """Japanese, Chinese or Hindi written in Latin letters, when the words leave little doubt."""
    found: dict[str, float] = {}
    for code in TRANSLITERATED:
        hits = [word for word in words if _plain(word) in telling_words(code)]
        telling = {word for word in hits if word not in everyday_words()}
        spelled = sum(is_spelled(word, code) for word in words) / len(words)
        toned = code == "zh" and any(c in "ǎǐǒǔǚǜ" for word in words for c in word)
        if spelled >= _MIN_SPELLED and (toned or (len(telling) > 1 and 2 * len(hits) >= len(words))):
            found[code] = len(hits) / len(words)
    lone = all(len(pinyin_of(word) or "  ") == 1 for word in words)  # Chinese is spelled by the syllable
    best = max(found, key=lambda code: (found[code], (code == "zh") == lone), default=None)
    european = max(
        (_score(code, "", words) for code in _profiles() if code not in _other_scripts()), default=0.0
    )
    return best if best and found[best] >= european else None


def reading_language(language: str) -> str:
    """The language whose rules read Latin letters of a text in `language`."""
    if language in _other_scripts():
        return "en"
    if language == "en" or (language in known_languages() and language in _profiles()):
        return language
    row = _profiles().get(language)
    return str(row["read_as"]) if row else "en"


def language_warning(text: str, language: str) -> str | None:
    """What to tell the author when a language can only be approximated."""
    row = _profiles().get(language)
    if row and "script" in row:
        return f"{row['name']} is sung by its nearest sounds, letter by letter; unwritten vowels are guessed."
    if row and "read_as" in row:
        near = _profiles()[row["read_as"]]["name"]
        return f"{row['name']} is sung by its nearest sounds, read like {near}."
    if row and language != "en" and language not in NATIVES:
        return f"{row['name']} is sung by its nearest sounds: no voice grew up with it."
    others = [c for c in text if script_of(c) == "other"]
    if language == "und" or others:
        return (
            "Some of the words are in a script without rules of its own; they are sung by the nearest sounds."
        )
    return None
