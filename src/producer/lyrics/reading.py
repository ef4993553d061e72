"""Printed words → spoken syllables: every word goes to the reader of its script and language."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from producer.lyrics import english
from producer.lyrics.alphabet import SpokenSyllable, SpokenWord, sounds_of_arpabet, split_sounds
from producer.lyrics.hanzi import is_han, say_han
from producer.lyrics.hyphens import part_word
from producer.lyrics.japanese import hiragana
from producer.lyrics.kana import say_kana, say_runs
from producer.lyrics.languages import reading_language
from producer.lyrics.linking import link
from producer.lyrics.numbers import has_words, kanji_numeral, read_number
from producer.lyrics.scripts import SCRIPT_LANGUAGES, latin_of, script_of, script_runs
from producer.lyrics.spelling_rules import known_languages, load_rules, lone_consonants, say_by_rules
from producer.lyrics.transliteration import transliterated_words
from producer.lyrics.verbal import fold, spoken_words

#: Reads five plain vowels and every consonant, when nothing better is known.
PLAIN_LANGUAGE = "id"

_SUNG_SOUND = re.compile(r"[^aeiouy]+|.*[aeou]h.*|y+e+a+h*|o{2,}|m+|(.)\1{2,}")
_COUNTED = re.compile(r"(?<![\d.,])(?!0\d)\d{1,4}(?![\d.,])")  # a number that a counter may follow
_SYLLABIC = frozenset({"ko"})  # languages in which a character said again is a syllable more
_NO_LETTERS = SpokenSyllable((), ("ə",), (), 0)


def read_words(words: Sequence[str], language: str) -> list[list[SpokenWord]]:
    """For each printed word the words that are said for it; every printed word has a syllable."""
    spelled = transliterated_words(words, language)
    runs = [
        (i, reader, "".join(run for _, run in group))
        for i, word in enumerate(words)
        if i not in spelled
        for reader, group in groupby(script_runs(word), lambda pair: _reader(pair[0], language))
    ]
    together: dict[str, Iterator[list[SpokenWord]]] = {
        reader: iter(read([run for _, other, run in runs if other == reader]))
        for reader, read in (("en", _read_english), ("ja", _read_japanese), ("zh", _read_chinese))
    }
    said: list[list[SpokenWord]] = [[spelled[i]] if i in spelled else [] for i in range(len(words))]
    for i, reader, run in runs:
        said[i] += next(together[reader]) if reader in together else _read_run(run, reader)
    sung = [_never_silent(group, word) for group, word in zip(said, words, strict=True)]
    return link(sung, words, language) if language in known_languages() else sung


def _reader(script: str, language: str) -> str:
    if script == "han":
        return "ja" if language == "ja" else "zh"
    if script == "other":
        return PLAIN_LANGUAGE
    if script == "neutral" and language in {*SCRIPT_LANGUAGES.values(), "zh"}:
        return language
    return SCRIPT_LANGUAGES.get(script) or reading_language(language)


def _never_silent(group: list[SpokenWord], word: str) -> list[SpokenWord]:
    if any(spoken.syllables for spoken in group):
        return [spoken for spoken in group if spoken.syllables]
    return [SpokenWord((_NO_LETTERS,), (word,))]


def _read_english(words: Sequence[str]) -> list[list[SpokenWord]]:
    spoken = spoken_words(words)
    said = iter(english.say_all([word for group in spoken for word in group]))
    return [
        [_english_word(word, next(said), printed) for word in group]
        for printed, group in zip(words, spoken, strict=True)
    ]


def _english_word(word: str, phones: tuple[str, ...], printed: str) -> SpokenWord:
    syllables = split_sounds(sounds_of_arpabet(phones), english.onsets())
    if len(syllables) == 1 and word in english.weak_words():
        syllables = (replace(syllables[0], stress=0),)
    return SpokenWord(syllables, tuple(part_word(_as_printed(word.rstrip("."), printed), syllables)))


def _as_printed(word: str, printed: str) -> str:
    """The word in the author's letters and capitals, where they can be found in the printed form."""
    folded = fold(printed).lower()
    start = folded.find(word) if len(folded) == len(printed) else -1
    return printed[start : start + len(word)] if start >= 0 else word


def _read_run(run: str, language: str) -> list[SpokenWord]:
    words: list[SpokenWord] = []
    short = load_rules(language).short.get(run.lower().rstrip(",;:!?…"))
    for kind, piece in [("letter", word) for word in short.split()] if short else _pieces(run):
        words += _read_letters(piece, language) if kind == "letter" else _read_number(piece, language)
    return words


def _pieces(run: str) -> list[tuple[str, str]]:
    """("letter" or "number", text) of a run, without its punctuation."""
    groups = [(kind, "".join(g)) for kind, g in groupby(unicodedata.normalize("NFKC", run), _kind)]
    stripped = [(k, t.lstrip("'’") if k == "letter" else t.strip(".,")) for k, t in groups if k]
    return [(kind, text) for kind, text in stripped if text]


def _kind(character: str) -> str:
    if unicodedata.category(character)[0] in "LM" or character in "'’":
        return "letter"
    return "number" if character.isdecimal() or character in ".,%&+@" else ""


def _read_number(piece: str, language: str) -> list[SpokenWord]:
    if not has_words(language):
        return [_english_word(word, english.say(word), word) for word in read_number(piece)]
    said = read_number(piece, language)
    return [word for number_word in said for word in _read_letters(number_word.lower(), language)]


def _read_letters(piece: str, language: str) -> list[SpokenWord]:
    return _read_elided(_parts(piece), language)


def _read_japanese(runs: Sequence[str]) -> list[list[SpokenWord]]:
    """Words of a line in Japanese: neighbours decide how kanji, particles and small numbers are read."""
    pieces = [_pieces(_COUNTED.sub(lambda m: kanji_numeral(int(m[0])), run)) for run in runs]
    letters = iter(say_runs([text for run in pieces for kind, text in run if kind == "letter"]))
    return [
        [
            word
            for kind, text in run
            for word in (
                next(letters)
                if kind == "letter"
                else [say_kana(kana, kana) for kana in _in_kana(read_number(text, "ja"))]
            )
        ]
        for run in pieces
    ]


def _in_kana(words: Sequence[str]) -> list[str]:
    return [hiragana(word) for word in words if all(script_of(c) == "kana" for c in word)]


def _read_chinese(runs: Sequence[str]) -> list[list[SpokenWord]]:
    """Characters of a line in Chinese: neighbours decide how they are read."""
    spelled = [
        "".join(text if kind == "letter" else "".join(read_number(text, "zh")) for kind, text in _pieces(run))
        for run in runs
    ]
    characters = [[c for c in run if is_han(c)] for run in spelled]
    said = iter(say_han("".join(c for run in characters for c in run)))
    return [[SpokenWord((next(said),), (c,)) for c in run] for run in characters]


def _parts(piece: str) -> list[str]:
    """Halves of an elided word, the apostrophe kept with the first: l'amour → l', amour."""
    return re.findall(r"[^'’]+['’]?", piece) if re.search(r"['’]", piece) else [piece]


def _read_elided(parts: Sequence[str], language: str) -> list[SpokenWord]:
    """Parts in a row; one without a vowel lends its consonants to the next (l'amour is said *lamour*)."""
    words: list[SpokenWord] = []
    waiting = ""
    for part in parts:
        lower = part.lower().replace("’", "'")
        if part is not parts[-1] and lower.endswith("'") and not say_by_rules(lower, language):
            waiting += part
            continue
        said = _read_spelled(part, language)
        if waiting:
            onset = tuple(lone_consonants((waiting + part[0]).lower().replace("’", "'"), language))
            first = said[0]
            syllable = replace(first.syllables[0], onset=onset + first.syllables[0].onset)
            texts = (waiting + first.texts[0], *first.texts[1:])
            said[0] = SpokenWord((syllable, *first.syllables[1:]), texts)
            waiting = ""
        words += said
    return words


def _read_spelled(word: str, language: str) -> list[SpokenWord]:
    lower = word.lower().replace("’", "'")
    if language not in _SYLLABIC:
        lower = re.sub(r"(.)\1{2,}", r"\1", lower)
    if _SUNG_SOUND.fullmatch(word.lower()) and english.is_vocable(word.lower()):
        return [_english_word(word.lower(), english.say(word.lower()), word)]
    syllables = say_by_rules(lower, language)
    if not syllables and not lone_consonants(lower, language):
        lower, language = latin_of(word), PLAIN_LANGUAGE
        syllables = say_by_rules(lower, language)
    syllables = syllables or _consonants(lower, language)
    if language == "ko" and len(word) == len(syllables):
        return [SpokenWord(syllables, tuple(word))]
    return [SpokenWord(syllables, tuple(part_word(word, syllables)))]


@lru_cache(maxsize=1024)
def _consonants(word: str, language: str) -> tuple[SpokenSyllable, ...]:
    """A word without vowels borrows a neutral one behind its consonants."""
    sounds = lone_consonants(word, language)
    return (SpokenSyllable(tuple(sounds[:2]), ("ə",), tuple(sounds[2:]), 0),)
