"""Which script a text is written in, and how scripts without a reader of their own are spelled in Latin."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

#: Script → the reader's language; ``latin`` depends on the song.
SCRIPT_LANGUAGES = {
    "hangul": "ko", "kana": "ja", "devanagari": "hi", "cyrillic": "ru", "greek": "el",
}  # fmt: skip

_RANGES = (
    ("kana", 0x3040, 0x30FF), ("kana", 0x31F0, 0x31FF), ("han", 0x3400, 0x4DBF), ("han", 0x4E00, 0x9FFF),
    ("han", 0xF900, 0xFAFF), ("han", 0x20000, 0x3134F), ("han", 0x3005, 0x3007),
    ("hangul", 0xAC00, 0xD7A3), ("hangul", 0x1100, 0x11FF), ("hangul", 0x3130, 0x318F),
    ("devanagari", 0x0900, 0x097F), ("cyrillic", 0x0400, 0x052F), ("greek", 0x0370, 0x03FF),
    ("greek", 0x1F00, 0x1FFF), ("latin", 0x0041, 0x024F), ("latin", 0x1E00, 0x1EFF),
)  # fmt: skip
_NEUTRAL = "neutral"  # punctuation, marks and digits: they join what stands before them
#: Letters of scripts that leave vowels out, by the first letters of their Unicode names.
_ABJAD_VOWELS = {
    "ALEF": "a",
    "ALIF": "a",
    "WAW": "u",
    "VAV": "o",
    "YEH": "i",
    "FARSI": "i",
    "YOD": "i",
    "HEH": "e",
    "AIN": "a",
    "AYIN": "a",
}
_THAI = ("THAI", "LAO")
_ABJADS = ("ARABIC", "HEBREW", "SYRIAC", "THAANA")
_NAME = re.compile(
    r"(?:LETTER|SIGN|SYLLABLE|CHARACTER|LIGATURE|DIGIT)\s+(?:SMALL |CAPITAL |FINAL )?"
    r"(?:VOWEL (?:SIGN )?)?([A-Z]+(?: [A-Z]+)?)"
)


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """A name of :data:`_RANGES`, ``other`` for letters beyond them, ``neutral`` for what is no letter."""
    point = ord(character)
    if character == "ー" or (not character.isalpha() and not unicodedata.category(character).startswith("M")):
        return "kana" if character == "ー" else "han" if character in "々〇" else _NEUTRAL
    for name, first, last in _RANGES:
        if first <= point <= last:
            return name
    return _NEUTRAL if unicodedata.category(character).startswith("M") else "other"


def script_runs(text: str) -> list[tuple[str, str]]:
    """A text cut into (script, run); neutral characters stay with the run before them, or after at the start.

    >>> script_runs("Love사랑!")
    [('latin', 'Love'), ('hangul', '사랑!')]
    """
    runs: list[tuple[str, str]] = []
    for script, group in groupby(text, script_of):
        run = "".join(group)
        if runs and (script in (_NEUTRAL, runs[-1][0])):
            runs[-1] = (runs[-1][0], runs[-1][1] + run)
        elif runs and runs[-1][0] == _NEUTRAL:
            runs[-1] = (script, runs[-1][1] + run)
        else:
            runs.append((script, run))
    return runs


@lru_cache(maxsize=4096)
def latin_of(word: str) -> str:
    """A word of any script in Latin letters, from the Unicode names of its characters; may be empty.

    >>> latin_of("שלום"), latin_of("ასე")
    ('shalom', 'ase')
    """
    spelled = ""
    for character in _vowels_behind(unicodedata.normalize("NFKD", word)):
        name = unicodedata.name(character, "")
        found = _NAME.search(name)
        if not found or unicodedata.category(character)[0] not in "LM":
            continue
        letter = _thai_letter(found[1]) if name.startswith(_THAI) else found[1].split()[0]
        if "VOWEL SIGN" in name or "VIRAMA" in name:
            spelled = spelled.removesuffix("A")  # the consonant's own vowel gives way
            letter = "" if "VIRAMA" in name else letter
        spelled += _abjad_letter(letter, spelled) if name.startswith(_ABJADS) else _sound_of(letter, name)
    # names tell length by doubling, as in the Bengali sign AA or the Tamil letter NNA
    return re.sub(r"(.)\1+", r"\1", spelled.lower())


def _vowels_behind(word: str) -> str:
    """Thai and Lao vowels that are printed before their consonant, put behind it."""
    return re.sub("([\u0e40-\u0e44\u0ec0-\u0ec4])(.)", r"\2\1", word)


def _thai_letter(name: str) -> str:
    """A vowel by its name (SARA AA, MAI HAN), a consonant by the start of its (KO KAI); tones are mute."""
    first, _, second = name.partition(" ")
    if first == "SARA":
        return second.split(" ")[0]
    if first == "MAI":
        return "A" if second.startswith("HAN") else ""
    return first if first == "O" else first.rstrip("O")


def _abjad_letter(letter: str, before: str) -> str:
    vowel = next((v for name, v in _ABJAD_VOWELS.items() if letter.startswith(name)), None)
    if vowel:
        return vowel
    consonant = re.match(r"SH|TH|KH|GH|DH|TS|[^AEIOU]", letter)
    # A vowel between two consonants isn't written: an open one is the safest guess.
    gap = "a" if before and before[-1] not in "aeiou" else ""
    return gap + (consonant[0].lower() if consonant else letter[:1].lower())


def _sound_of(letter: str, name: str) -> str:
    if not letter:
        return ""
    if name.startswith(_THAI):
        return letter
    if name.startswith(("GEORGIAN", "ARMENIAN", "COPTIC", "GOTHIC")):
        return letter[0] if letter[0] in "AEIOU" else re.match(r"[^AEIOU]+", letter)[0]  # type: ignore[index]
    return letter
