"""In which language a prompt is written, or asks to be answered."""

import re
import unicodedata
from importlib.resources import files

from producer.lyricist.bank import listed, read

#: Scripts that tell a language; Latin ones are told by their small words.
_SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "CYRILLIC": "ru", "GREEK": "el",
    "ARABIC": "ar", "HEBREW": "he", "DEVANAGARI": "hi", "THAI": "th",
}  # fmt: skip


def asked_language(text: str) -> str | None:
    """ISO 639-1 code of the language that a prompt asks for (*in Spanish*, *auf Deutsch*), if it does.

    >>> asked_language("a slow bolero, sung in Spanish")
    'es'
    """
    lowered = text.lower()
    asked = read("words")["asked_language"].items()
    return next((str(code) for phrase, code in asked if re.search(rf"\b{phrase}\b", lowered)), None)


def detect_language(text: str) -> str:
    """ISO 639-1 code of the language that the words should be in; English when nothing tells.

    A wish such as *in Spanish* or *auf Deutsch* wins over the language of the prompt itself.

    >>> detect_language("una canción sobre el mar y la noche")
    'es'
    """
    if asked := asked_language(text):
        return asked
    lowered = text.lower()
    by_script = _script_language(text)
    if by_script:
        return by_script
    return _latin_language(lowered)


def is_written_in_english(text: str) -> bool:
    """Whether a prompt itself is in English, whatever language it asks for."""
    return _script_language(text) is None and _latin_language(text.lower()) == "en"


def has_bank(language: str) -> bool:
    """Whether there is a phrase bank of a language other than English."""
    return files("producer.lyricist").joinpath("data", "languages", f"{language}.toml").is_file()


def find_mood(words: tuple[str, ...], language: str, themes: tuple[str, ...] = ()) -> str:
    """Which part of a language's phrase bank fits a prompt.

    Parameters
    ----------
    words
        Words of the prompt, lower case.
    language
        ISO 639-1 code of a language that has a bank.
    themes
        Names of English themes that the prompt calls for, heaviest first; they decide where no word of
        the language does.
    """
    parts = [part for word in words for part in word.split("'")]
    scores = {
        name: sum(any(part.startswith(key) for key in row["keywords"].split()) for part in parts)
        for name, row in read(f"languages/{language}").items()
        if isinstance(row, dict) and "keywords" in row
    }
    if not any(scores.values()):
        table = read("words")["moods_abroad"]
        return next(
            (mood for theme in themes for mood, names in table.items() if theme in names.split()), "open"
        )
    return max(scores, key=lambda name: (scores[name], name != "open", name == "sad"))


def theme_of_mood(mood: str) -> str:
    """The English theme whose music suits a mood of another language's bank."""
    return str(read("words")["moods_abroad"].get(mood, "open_bright")).split()[0]


def _latin_language(lowered: str) -> str:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", lowered)  # *lo-fi* is no Spanish *lo*
    scores = {
        code: sum(word in frozenset(listed(small.replace(" ", ","))) for word in words)
        for code, small in read("words")["small_words"].items()
    }
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    return best if scores[best] > scores["en"] else "en"


def _script_language(text: str) -> str | None:
    counts: dict[str, int] = {}
    letters = [c for c in text if c.isalpha()]
    for letter in letters:
        script = unicodedata.name(letter, "").split(" ")[0]
        if script in _SCRIPTS:
            counts[_SCRIPTS[script]] = counts.get(_SCRIPTS[script], 0) + 1
    if not letters or sum(counts.values()) * 2 < len(letters):
        return None
    if counts.get("ja"):  # Japanese mixes its kana with Chinese characters
        return "ja"
    return max(counts, key=lambda code: counts[code])
