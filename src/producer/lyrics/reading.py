"""Printed words → spoken syllables: every word goes to the reader of its script and language."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from producer.lyrics import english
from producer.lyrics.alphabet import SpokenSyllable, sounds_of_arpabet, split_sounds
from producer.lyrics.hyphens import part_word
from producer.lyrics.kanji import say_han, split_readable
from producer.lyrics.languages import reading_language
from producer.lyrics.numbers import has_words, read_number
from producer.lyrics.scripts import SCRIPT_LANGUAGES, latin_of, script_of, script_runs
from producer.lyrics.spelling_rules import lone_consonants, say_by_rules
from producer.lyrics.verbal import fold, spoken_words

#: Read by its five plain vowels when nothing better is known.
PLAIN_LANGUAGE = "es"

_MORA = re.compile(r"[ぁ-ゖ][ゃゅょぁぃぅぇぉゎ]?[ーっん〜]*")
_LONG_O = re.compile(r"(?<=[おこそとのほもよろごぞどぼぽょ])う")
_SUNG_SOUND = re.compile(r"[^aeiouy]+|.*[aeou]h.*|y+e+a+h*|o{2,}|m+|(.)\1{2,}")
_NO_LETTERS = SpokenSyllable((), ("ə",), (), 0)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it is said: syllables, and what stands under each of their notes."""

    syllables: tuple[SpokenSyllable, ...]
    texts: tuple[str, ...]


def read_words(words: Sequence[str], language: str) -> list[list[SpokenWord]]:
    """For each printed word the words that are said for it; every printed word has a syllable."""
    runs = [
        (i, reader, "".join(run for _, run in group))
        for i, word in enumerate(words)
        for reader, group in groupby(script_runs(word), lambda pair: _reader(pair[0], language))
    ]
    in_english = iter(_read_english([run for _, reader, run in runs if reader == "en"]))
    said: list[list[SpokenWord]] = [[] for _ in words]
    for i, reader, run in runs:
        said[i] += next(in_english) if reader == "en" else _read_run(run, reader)
    return [_never_silent(group, word) for group, word in zip(said, words, strict=True)]


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
    run = unicodedata.normalize("NFKC", run)
    words: list[SpokenWord] = []
    for kind, group in groupby(run, _kind):
        piece = "".join(group)
        if kind == "letter" and piece.strip("'’"):
            words += _read_letters(piece.lstrip("'’"), language)
        elif kind == "number":
            words += _read_number(piece.strip(".,"), language)
    return words


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
    if language == "zh":
        return [SpokenWord(say_han(character), (character,)) for character in piece if character.isalpha()]
    if language == "ja":
        return _read_japanese(piece)
    return _read_elided(_parts(piece), language)


def _read_japanese(piece: str) -> list[SpokenWord]:
    words: list[SpokenWord] = []
    for is_kana, group in groupby(_hiragana(piece), lambda c: script_of(c) == "kana"):
        run = "".join(group)
        if is_kana:
            words.append(_morae(_particle(run, after_kanji=bool(words)), None))
            continue
        for characters, kana in split_readable(run):
            if kana:
                words.append(_morae(kana, characters))
            else:
                words += [SpokenWord(say_han(c), (c,)) for c in characters if c.isalpha()]
    return words


def _hiragana(text: str) -> str:
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def _particle(run: str, *, after_kanji: bool) -> str:
    """The topic particle は is said わ, the direction へ え: behind kanji, or ending a long enough run."""
    if after_kanji and run[0] in "はへ":
        run = ("わ" if run[0] == "は" else "え") + run[1:]
    return run[:-1] + "わ" if len(run) > 2 and run[-1] == "は" else run


def _morae(reading: str, printed: str | None) -> SpokenWord:
    syllables: list[SpokenSyllable] = []
    texts: list[str] = []
    for mora in _MORA.findall(_LONG_O.sub("お", reading)):
        for syllable in say_by_rules(mora, "ja"):
            syllables.append(replace(syllable, stress=0 if syllables else 2))
            texts.append(mora)
    if printed and len(printed) == len(texts):
        texts = list(printed)
    return SpokenWord(tuple(syllables), tuple(texts))


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
            onset = tuple(lone_consonants(waiting.lower().replace("’", "'"), language))
            first = said[0]
            syllable = replace(first.syllables[0], onset=onset + first.syllables[0].onset)
            texts = (waiting + first.texts[0], *first.texts[1:])
            said[0] = SpokenWord((syllable, *first.syllables[1:]), texts)
            waiting = ""
        words += said
    return words


def _read_spelled(word: str, language: str) -> list[SpokenWord]:
    lower = re.sub(r"(.)\1{2,}", r"\1", word.lower().replace("’", "'"))
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
