"""Han characters → sounds: kana for Japanese, pinyin for Chinese."""

import lzma
import tomllib
from functools import cache
from importlib.resources import files

from producer.lyrics.alphabet import SpokenSyllable
from producer.lyrics.spelling_rules import say_by_rules

_UNKNOWN = "yi"  # what a character outside the table is read as


@cache
def _kana() -> dict[str, str]:
    text = files("producer.lyrics").joinpath("data/kanji.toml").read_text("utf-8")
    return dict(entry.split("=") for entry in tomllib.loads(text)["words"].split())


@cache
def _pinyin() -> dict[str, str]:
    packed = files("producer.lyrics").joinpath("data/pinyin.txt.xz").read_bytes()
    rows = (line.split("\t") for line in lzma.decompress(packed).decode().split("\n"))
    return {character: syllable for syllable, characters in rows for character in characters}


def split_readable(run: str) -> list[tuple[str, str | None]]:
    """A run of Han characters cut into (characters, kana), longest known word first; None = not known.

    >>> split_readable("未来世界")
    [('未来', 'みらい'), ('世界', 'せかい')]
    """
    known = _kana()
    pieces: list[tuple[str, str | None]] = []
    at = 0
    while at < len(run):
        ends = range(min(len(run), at + 4), at, -1)
        end = next((end for end in ends if run[at:end] in known), at + 1)
        pieces.append((run[at:end], known.get(run[at:end])))
        at = end
    return pieces


def unknown_kanji(text: str) -> list[str]:
    """Han characters of a Japanese text that no entry reads."""
    pieces = split_readable("".join(text.split()))
    return [piece for piece, kana in pieces if kana is None and piece in _pinyin()]


def say_han(character: str) -> tuple[SpokenSyllable, ...]:
    """One Chinese character: always one syllable.

    >>> "".join(say_han("爱")[0].nucleus)
    'I'
    """
    pinyin = _pinyin().get(character, _UNKNOWN)
    return say_by_rules(pinyin, "zh") or say_by_rules(_UNKNOWN, "zh")
