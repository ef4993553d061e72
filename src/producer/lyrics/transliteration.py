"""Japanese, Chinese and Hindi in Latin letters: romaji, pinyin and everyday Hindi spelling."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from producer.lyrics.alphabet import SpokenSyllable, SpokenWord
from producer.lyrics.dictionary import is_listed
from producer.lyrics.english import everyday_words
from producer.lyrics.hyphens import part_word
from producer.lyrics.kana import say_kana
from producer.lyrics.scripts import script_of
from producer.lyrics.spelling_rules import say_by_rules

TRANSLITERATED = ("ja", "zh", "hi")
_MIN_SPELLED, _MIN_OWN = 0.8, 0.5  # of a line's words: spelled so, and no everyday English
_MIN_LONE = 4  # letters of a word that is taken for one among words in their own script

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
    "h": "はひふへほ", "m": "まみむめも", "y": "や ゆ よ", "r": "らりるれろ", "w": "わ   を",
    "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_PALATAL = {
    "ky": "き", "sh": "し", "sy": "し", "ch": "ち", "ty": "ち", "cy": "ち", "ny": "に", "hy": "ひ",
    "my": "み", "ry": "り", "gy": "ぎ", "j": "じ", "jy": "じ", "zy": "じ", "by": "び", "py": "ぴ",
}  # fmt: skip
_SMALL = {"a": "ゃ", "u": "ゅ", "o": "ょ"}
_FLAT = str.maketrans(
    {"ā": "aa", "ī": "ii", "ū": "uu", "ē": "ei", "ō": "ou", "â": "aa", "î": "ii", "û": "uu", "ô": "ou"}
)
_INITIALS = "zh|ch|sh|[bpmfdtnlgkhjqxrzcs]"
_FINALS = (
    "iang|iong|uang|ueng|iao|ian|ang|eng|ing|ong|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|uo|ui|ue|ve|van"
    "|er|a|o|e|i|u|v"
)
_SYLLABLE = re.compile(
    rf"(?:(?:{_INITIALS})(?:{_FINALS})|y(?:ang|ong|uan|ao|an|in|ing|ou|ue|un|a|e|i|o|u)|w(?:ang|eng|ai|ei|an|en|a|o|u)"
    r"|ang|eng|ai|ei|ao|ou|an|en|er|a|e|o)"
)
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}


@cache
def telling_words(language: str) -> frozenset[str]:
    """Everyday words of a language of :data:`TRANSLITERATED` in Latin letters."""
    table = tomllib.loads(files("producer.lyrics").joinpath("data/languages.toml").read_text("utf-8"))
    return frozenset(table[language]["latin"].split())


@cache
def _romaji() -> dict[str, str]:
    table = {
        consonant + vowel: kana
        for consonant, row in _ROWS.items()
        for vowel, kana in zip("aiueo", row.ljust(5), strict=False)
        if kana != " "
    }
    for spelled, kana in _PALATAL.items():
        table |= {spelled + vowel: kana + small for vowel, small in _SMALL.items()}
    return table | {
        "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "fa": "ふぁ", "fi": "ふぃ",
        "fe": "ふぇ",
        "fo": "ふぉ", "she": "しぇ", "che": "ちぇ", "je": "じぇ", "o": "お",
    }  # fmt: skip


def kana_of(word: str) -> str | None:
    """A word in romaji (Hepburn or plain) as hiragana; None when it is none.

    >>> kana_of("issho"), kana_of("ten'in"), kana_of("love")
    ('いっしょ', 'てんいん', None)
    """
    left = word.lower().translate(_FLAT)
    said = ""
    while left:
        size = next((n for n in (3, 2, 1) if left[:n] in _romaji()), 0)
        if size:
            said, left = said + _romaji()[left[:size]], left[size:]
        elif re.match(r"([kstpgdbz])\1|tch", left):
            said, left = said + "っ", left[1:]
        elif re.match(r"[nm](?![aiueoy])", left) and said:
            said, left = said + "ん", left[1:].removeprefix("'")
        else:
            return None
    return said


def pinyin_of(word: str) -> list[str] | None:
    """A word in pinyin, with or without marks of tone, as syllables with a digit; None when it is none.

    >>> pinyin_of("zhōngguó"), pinyin_of("nimen"), pinyin_of("love")
    (['zhong1', 'guo2'], ['ni5', 'men5'], None)
    """
    plain, tones = "", []
    for character in unicodedata.normalize("NFD", word.lower()).replace("u\u0308", "v"):
        if character in _TONES:
            tones.append((len(plain), _TONES[character]))
        else:
            plain += character
    cut = _cut(plain)
    if cut is None:
        return None
    at, said = 0, []
    for syllable in cut:
        tone = next((tone for place, tone in tones if at < place <= at + len(syllable)), "5")
        said.append(syllable + tone)
        at += len(syllable)
    return said


def _cut(word: str) -> list[str] | None:
    """The word in syllables, long ones first."""
    if not word:
        return []
    for end in range(min(len(word), 6), 0, -1):
        if _SYLLABLE.fullmatch(word[:end]):
            rest = _cut(word[end:])
            if rest is not None:
                return [word[:end], *rest]
    return None


def is_spelled(word: str, language: str) -> bool:
    """Whether a word could be one of a language of :data:`TRANSLITERATED` in Latin letters."""
    if language == "ja":
        return kana_of(word) is not None
    if language == "zh":
        return pinyin_of(word) is not None
    return bool(say_by_rules(word.lower(), "hi-latn"))


def say_transliterated(word: str, language: str) -> SpokenWord | None:
    """A word in Latin letters as a language of :data:`TRANSLITERATED` says it; None if it is none of it."""
    syllables: tuple[SpokenSyllable, ...] = ()
    if language == "ja":
        kana = kana_of(word)
        syllables = say_kana(kana, kana).syllables if kana else ()
    elif language == "zh":
        syllables = tuple(s for spelled in pinyin_of(word) or () for s in say_by_rules(spelled, "zh"))
    elif language == "hi":
        syllables = say_by_rules(word.lower(), "hi-latn")
    return SpokenWord(syllables, tuple(part_word(word, syllables))) if syllables else None


def transliterated_words(words: Sequence[str], language: str) -> dict[int, SpokenWord]:
    """Which printed words of a line are of its language in Latin letters, and how they are said.

    English words stay English: a line is taken whole or not at all, a lone word only if English lacks it.
    """
    if language not in TRANSLITERATED:
        return {}
    bare = {i: re.sub(r"[^\w']|[\d_]", "", word).strip("'") for i, word in enumerate(words)}
    latin = {
        i: word for i, word in bare.items() if word and all(script_of(c) in "latin neutral" for c in word)
    }
    spelled = {i: word for i, word in latin.items() if is_spelled(word, language)}
    own = [word for word in spelled.values() if _is_own(word.lower(), language)]
    whole = len(latin) == sum(map(bool, bare.values())) and (
        len(spelled) >= _MIN_SPELLED * len(latin) and len(own) >= _MIN_OWN * len(latin)
    )
    said = {
        i: say_transliterated(word, language)
        for i, word in spelled.items()
        if (whole and _is_own(word.lower(), language))
        or (language != "hi" and len(word) >= _MIN_LONE and not is_listed(word.lower()))
    }
    return {i: word for i, word in said.items() if word}


def _is_own(word: str, language: str) -> bool:
    return word not in everyday_words() or word in telling_words(language)
