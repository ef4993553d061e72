"""In which language a prompt is written, or asks to be answered."""

import re
import unicodedata

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
    words = re.findall(r"[^\W\d_]+", lowered)
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
