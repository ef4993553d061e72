"""Japanese words as they are sung: morae, with the spelling that stands under each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from producer.lyrics.alphabet import SpokenWord
from producer.lyrics.hanzi import say_han
from producer.lyrics.japanese import Morpheme, hiragana, morphemes
from producer.lyrics.scripts import script_of
from producer.lyrics.spelling_rules import say_by_rules

#: A note's worth: a mora with the length, ん and っ behind it.
_MORA = re.compile(r"[ぁ-ゖ][ゃゅょぁぃぅぇぉゎ]?[ーっん〜～]*")
_LONG = re.compile(r"(?<=[おこそとのほもよろごぞどぼぽょゅ])う")


def say_runs(runs: Sequence[str]) -> list[list[SpokenWord]]:
    """Runs of kanji and kana that follow each other in a line; endings are said with their word."""
    return [list(_words(morphemes_of)) for morphemes_of in morphemes(tuple(runs))]


def say_kana(reading: str, printed: str, *, stress: int = 2) -> SpokenWord:
    """A word by its reading in hiragana; `printed` is kana of the same length, or else the reading.

    >>> say_kana("がっこー", "がっこう").texts
    ('がっ', 'こう')
    """
    sung = _LONG.sub("ー", reading)
    spans = [match.span() for match in _MORA.finditer(sung)]
    syllables = say_by_rules("".join(sung[a:b] for a, b in spans), "ja")
    texts = [printed[a:b] for a, b in spans]
    if len(syllables) != len(texts):
        texts = [printed, *[""] * len(syllables)][: len(syllables)]
    stressed = (replace(s, stress=0 if i else stress) for i, s in enumerate(syllables))
    return SpokenWord(tuple(stressed), tuple(texts))


def _words(run: Sequence[Morpheme]) -> Iterator[SpokenWord]:
    reading = printed = ""
    stress = 2
    for morpheme in run:
        if morpheme.starts_word and reading:
            yield say_kana(reading, printed, stress=stress)
            reading = printed = ""
        if morpheme.kana is None:
            yield from (SpokenWord(say_han(c), (c,)) for c in morpheme.spelling if c.isalpha())
            continue
        if not reading:
            stress = 2 if morpheme.starts_phrase else 0
        reading += morpheme.kana
        printed += _under_notes(morpheme.spelling, morpheme.kana)
    if reading:
        yield say_kana(reading, printed, stress=stress)


def _under_notes(spelling: str, kana: str) -> str:
    """The author's kana where they fit the reading, else the reading itself."""
    is_kana = all(script_of(character) == "kana" for character in spelling)
    return spelling if is_kana and len(spelling) == len(kana) else kana


def unknown_kanji(text: str) -> list[str]:
    """Han characters of a Japanese text that no entry reads."""
    runs = tuple(re.findall(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+", text))
    return [m.spelling for run in morphemes(runs) for m in run if m.kana is None and m.spelling.isalpha()]


def reading_of(text: str) -> str:
    """All that is said of a Japanese text, in hiragana; unknown kanji stay.

    >>> reading_of("空へ")
    'そらえ'
    """
    runs = tuple(re.findall(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+", text))
    return "".join(hiragana(m.kana or m.spelling) for run in morphemes(runs) for m in run)
