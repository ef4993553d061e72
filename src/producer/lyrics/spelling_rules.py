"""Languages whose spelling tells the sound: one table of rules each in ``data/languages``.

A table has ``rules`` (pattern of letters → phonemes; the first that fits wins, look-around tells context,
``{NAME}`` stands for a class of letters), ``before`` (rewritings of the whole word), ``stress`` (where it
falls when no rule wrote a stress mark), ``accents`` (words spelled with the stress that print leaves out),
``words`` (readings no rule gives), ``short`` (abbreviations), ``weak`` (function words), ``onsets`` (clusters
that start syllables), and ``links``, ``aspirated``, ``mute_vowel`` for what happens between words.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from producer.lyrics.alphabet import Sound, SpokenSyllable, sounds_of_ipa, split_sounds

#: Letters that no mark explains → how their neighbours write them.
NEAREST_LETTERS = {"ı": "i", "ł": "l", "ø": "ö", "å": "o", "đ": "d", "æ": "ä", "ð": "d", "þ": "t", "ő": "ö",
                   "ű": "ü",
                   "ơ": "ö", "ư": "u", "ə": "e"}  # fmt: skip

#: Of a long vowel that is nasal only *e* and *o* stay long in the voices' Hindi.
_LONG_NASAL = re.compile("(.)ː\u0303")

NormalForm = Literal["NFC", "NFD"]


@dataclass(frozen=True, slots=True)
class StressRule:
    """Words whose spelling fits `pattern` are stressed on the syllable `position` (−1 = the last)."""

    pattern: re.Pattern[str]
    position: int


@dataclass(frozen=True, slots=True)
class SpellingRules:
    """A language's table, ready to use."""

    letters: re.Pattern[str]
    phonemes: tuple[str, ...]
    before: tuple[tuple[re.Pattern[str], str], ...]
    stress: tuple[StressRule, ...]
    accents: dict[str, str]
    words: dict[str, str]
    short: dict[str, str]  #: abbreviations as they are printed, and what is said
    weak: frozenset[str]
    onsets: frozenset[str]
    links: dict[str, str]  #: words that lend a mute consonant to a vowel behind them
    aspirated: frozenset[str]  #: … but not to these words
    mute_vowel: str  #: sung behind several consonants of a mute ending; "" = never
    normal_form: NormalForm  #: "NFC", or "NFD" where rules work on parts of a character


@cache
def known_languages() -> frozenset[str]:
    """ISO 639-1 codes of all tables."""
    folder = files("producer.lyrics").joinpath("data/languages")
    return frozenset(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


@cache
def load_rules(language: str) -> SpellingRules:
    """The table of a language of :func:`known_languages`."""
    path = files("producer.lyrics").joinpath(f"data/languages/{language}.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    form: NormalForm = table.get("normal_form", "NFC")

    def expand(pattern: str, *, capturing: bool = False) -> str:
        for name, letters in table.get("classes", {}).items():
            pattern = pattern.replace("{" + name + "}", letters)
        pattern = unicodedata.normalize(form, pattern)
        return pattern if capturing else re.sub(r"\((?!\?)", "(?:", pattern)

    rows = [row for group in table["rules"] for row in group.items()]
    accented = table.get("accents", "").split()
    return SpellingRules(
        letters=re.compile("|".join(f"({expand(pattern)})" for pattern, _ in rows)),
        phonemes=tuple(_with_loose_tildes(phonemes) for _, phonemes in rows),
        before=tuple((re.compile(expand(a, capturing=True)), b) for a, b in table.get("before", ())),
        stress=tuple(StressRule(re.compile(expand(a)), position) for a, position in table.get("stress", ())),
        accents={_bare(word): word for word in accented},
        words={expand(word): _with_loose_tildes(ipa) for word, ipa in table.get("words", {}).items()},
        short=table.get("short", {}),
        weak=frozenset(table.get("weak", "").split()),
        onsets=frozenset(table.get("onsets", "").split()),
        links={word: consonant for consonant, row in table.get("links", {}).items() for word in row.split()},
        aspirated=frozenset(table.get("aspirated", "").split()),
        mute_vowel=table.get("mute_vowel", ""),
        normal_form=form,
    )


def _with_loose_tildes(ipa: str) -> str:
    """Nasal vowels as two characters, the way the alphabet has them; ``ç`` stays whole."""
    return "".join(unicodedata.normalize("NFD", c) if c in "ãẽĩõũ" else c for c in ipa)


def _bare(word: str) -> str:
    plain = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", plain.replace("\u0301", "").replace("\u0300", ""))


@lru_cache(maxsize=8192)
def say_by_rules(word: str, language: str) -> tuple[SpokenSyllable, ...]:
    """Syllables of one lower-case word; none when it holds no vowel of the language.

    >>> ["".join(s.onset + s.nucleus + s.coda) for s in say_by_rules("corazón", "es")]
    ['ko', 'ɾa', 'son']
    """
    rules = load_rules(language)
    word = unicodedata.normalize(rules.normal_form, word)
    word = _with_known_letters(word, rules)
    ipa = rules.words.get(word) or _transcribe(rules.accents.get(word, word), rules)
    syllables = split_sounds(sounds_of_ipa(ipa), rules.onsets)
    if not any(syllable.stress for syllable in syllables):
        syllables = _stressed(syllables, word, rules)
    if len(syllables) == 1 and word in rules.weak:
        syllables = (_with_stress(syllables[0], 0),)
    return syllables


def _with_known_letters(word: str, rules: SpellingRules) -> str:
    """Letters of other alphabets as the nearest that the table has, without their marks."""
    return "".join(c if not c.isalpha() or _is_read(c, rules) else _nearest(c, rules) for c in word)


def _is_read(letter: str, rules: SpellingRules) -> bool:
    return any(letter in pattern for pattern in (rules.letters.pattern, *rules.words))


def _nearest(letter: str, rules: SpellingRules) -> str:
    other = NEAREST_LETTERS.get(letter, letter)
    bare = unicodedata.normalize("NFD", other)[0]
    return other if other != letter and _is_read(other, rules) else bare


def lone_consonants(word: str, language: str) -> str:
    """Phonemes of a word that has no vowel, to be said with its neighbour (French *l'*, Russian *в*)."""
    rules = load_rules(language)
    known = _with_known_letters(unicodedata.normalize(rules.normal_form, word), rules)
    sounds: Sequence[Sound] = sounds_of_ipa(_transcribe(known, rules))
    return "".join(sound.phonemes for sound in sounds if not sound.is_vowel)


def _transcribe(word: str, rules: SpellingRules) -> str:
    for pattern, replacement in rules.before:
        word = pattern.sub(replacement, word)
    said: list[str] = []
    at = 0
    while at < len(word):
        match = rules.letters.match(word, at)
        if match is None or match.end() == at:
            at += 1
            continue
        assert match.lastindex is not None
        said.append(rules.phonemes[match.lastindex - 1])
        at = match.end()
    return _LONG_NASAL.sub(lambda m: m[1] + "\u0303" + ("ː" if m[1] in "eo" else ""), "".join(said))


def _stressed(
    syllables: tuple[SpokenSyllable, ...], word: str, rules: SpellingRules
) -> tuple[SpokenSyllable, ...]:
    if not syllables:
        return ()
    position = next((rule.position for rule in rules.stress if rule.pattern.search(word)), -1)
    strong = position if position >= 0 else len(syllables) + position
    strong = min(max(strong, 0), len(syllables) - 1)
    return tuple(_with_stress(s, 2 if i == strong else 0) for i, s in enumerate(syllables))


def _with_stress(syllable: SpokenSyllable, stress: int) -> SpokenSyllable:
    return SpokenSyllable(syllable.onset, syllable.nucleus, syllable.coda, stress)
