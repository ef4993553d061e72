"""Japanese text → words with their readings.

The cheapest way through a lattice of dictionary words, each with a cost of its own and one for every
pair of neighbours (Kudo, Yamamoto & Matsumoto 2004, "Applying conditional random fields to Japanese
morphological analysis"); words and costs are IPADIC's (``tools/pack_japanese.py``). So 今日は is きょうわ and
particles are read as they are said.
"""

import lzma
import sys
import tomllib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from producer.lyrics.scripts import script_of

_COST_STEP = 48  # of the packed costs
_LONGEST = 12  # characters of a dictionary word looked for
#: Prices of what no dictionary has: a run of katakana, hiragana (of each and to begin with), a kanji.
_FOREIGN, _EACH_KANA, _LOOSE_KANA, _LOOSE_KANJI = 6000, 1500, 7500, 15000
_LONGEST_LOOSE = 6  # kana
_OWN = -4000  # of the words in ``data/kanji.toml``: cheaper than any other way through them
#: Lengthen or cut off what is before them, whatever it is.
_STRETCHES = frozenset("ー〜～っッぁぃぅぇぉァィゥェォ")


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A dictionary word as it stands in a line."""

    spelling: str
    kana: str | None  #: how it is said, in hiragana with ー for length; None = nobody knows
    starts_phrase: bool  #: False for particles, endings and what follows a prefix
    starts_word: bool  #: False for endings that are said in one breath with the word before


@dataclass(frozen=True, slots=True)
class _Word:
    context: int
    cost: int
    kana: str | None


@dataclass(frozen=True, slots=True)
class _Dictionary:
    kinds: str  #: of each context: ``c`` starts a phrase, ``p`` goes on with one, ``x`` is a prefix
    noun: int  #: context of common nouns
    rows: dict[str, str]
    costs: "array[int]"

    def words(self, spelling: str) -> Iterator[_Word]:
        """What is spelled so."""
        for entry in self.rows[spelling].split("\t") if spelling in self.rows else ():
            context, cost, *kana = entry.split(" ")
            yield _Word(int(context), int(cost), kana[0] if kana else hiragana(spelling))

    def between(self, left: int, right: int) -> int:
        """Cost of two contexts in a row."""
        return _COST_STEP * self.costs[left * len(self.kinds) + right]


@cache
def _dictionary() -> _Dictionary:
    folder = files("producer.lyrics").joinpath("data")
    text = lzma.decompress(folder.joinpath("japanese.txt.xz").read_bytes()).decode()
    header, _, body = text.partition("\n")
    kinds, noun = header.split("\t")
    costs = array("h")
    costs.frombytes(lzma.decompress(folder.joinpath("japanese_costs.xz").read_bytes()))
    if sys.byteorder == "big":
        costs.byteswap()
    rows = {word: rest for word, _, rest in (line.partition("\t") for line in body.split("\n"))}
    return _Dictionary(kinds, int(noun), rows, costs)


@cache
def _own() -> dict[str, str]:
    text = files("producer.lyrics").joinpath("data/kanji.toml").read_text("utf-8")
    return dict(entry.split("=") for entry in tomllib.loads(text)["words"].split())


def hiragana(text: str) -> str:
    """Katakana as hiragana; all else as it is.

    >>> hiragana("カラオケ")
    'からおけ'
    """
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


@lru_cache(maxsize=512)
def morphemes(runs: tuple[str, ...]) -> tuple[tuple[Morpheme, ...], ...]:
    """Runs of kanji and kana that follow each other in a line, each in words; none reaches over its end.

    >>> ["".join(m.kana or "?" for m in run) for run in morphemes(("今日は", "海へ行こう"))]
    ['きょうわ', 'うみえいこう']
    """
    words = _cheapest(runs)
    out: list[tuple[Morpheme, ...]] = []
    for run in runs:
        here: list[Morpheme] = []
        left, after_prefix = len(run), False
        while left:
            spelling, word = next(words)
            kind = "e" if spelling in _STRETCHES else _dictionary().kinds[word.context]
            starts_phrase = not here or (kind in "cx" and not after_prefix)
            here.append(Morpheme(spelling, word.kana, starts_phrase, starts_phrase or kind == "p"))
            left -= len(spelling)
            after_prefix = kind == "x"
        out.append(tuple(here))
    return tuple(out)


def phrases(run: str) -> list[str]:
    """A run of kanji and kana cut where a phrase starts: a word with the particles and endings behind it.

    >>> phrases("君の声が聞こえる")
    ['君の', '声が', '聞こえる']
    """
    pieces: list[str] = []
    for morpheme in morphemes((run,))[0]:
        if morpheme.starts_phrase:
            pieces.append("")
        pieces[-1] += morpheme.spelling
    return pieces


_Place = dict[int, tuple[int, str, _Word | None, int]]


def _reach(place: _Place, price: int, spelling: str, word: _Word, came: int) -> None:
    """Come to a place by a word, if nothing cheaper did with the same context; in place."""
    if word.context not in place or price < place[word.context][0]:
        place[word.context] = (price, spelling, word, came)


def _stretch(mark: str) -> str:
    return "ー" if mark in "〜～" else hiragana(mark)


def _cheapest(runs: Sequence[str]) -> Iterator[tuple[str, _Word]]:
    """The words of the cheapest way through all runs, in order."""
    # At each place: for each last context the price so far, the word that led there and the context before.
    best: list[_Place] = [{0: (0, "", None, 0)}]
    between = _dictionary().between
    text = "".join(runs)
    best += [{} for _ in text]
    start = 0
    for run in runs:
        for at in range(start, start + len(run)):
            if at > start and text[at] in _STRETCHES:
                for context, (cost, *_) in best[at].items():
                    _reach(best[at + 1], cost, text[at], _Word(context, 0, _stretch(text[at])), context)
            for spelling, word in _candidates(text, at, start + len(run)) if best[at] else ():
                price, came = min(
                    (cost + between(context, word.context), context)
                    for context, (cost, *_) in best[at].items()
                )
                _reach(best[at + len(spelling)], price + word.cost, spelling, word, came)
        start += len(run)
    context = min(best[-1], key=lambda c: best[-1][c][0] + between(c, 0))
    back: list[tuple[str, _Word]] = []
    at = len(text)
    while at:
        _, spelling, step, context = best[at][context]
        assert step is not None
        back.append((spelling, step))
        at -= len(spelling)
    return reversed(back)


def _candidates(text: str, at: int, end: int) -> Iterator[tuple[str, _Word]]:
    """Dictionary words that start here, and one way on if there were none."""
    words = _dictionary()
    for stop in range(at + 1, min(end, at + _LONGEST) + 1):
        spelling = text[at:stop]
        if spelling in _own():
            yield spelling, _Word(words.noun, _OWN, _own()[spelling])
        for word in words.words(spelling):
            yield spelling, word
    yield from _unlisted(text, at, end)


def _unlisted(text: str, at: int, end: int) -> Iterator[tuple[str, _Word]]:
    noun = _dictionary().noun
    stop = at
    while stop < end and _is_katakana(text[stop]):
        stop += 1
    if stop > at:
        yield text[at:stop], _Word(noun, _FOREIGN, hiragana(text[at:stop]))
    elif script_of(text[at]) != "kana":
        yield text[at], _Word(noun, _LOOSE_KANJI, None)
    while stop < min(end, at + _LONGEST_LOOSE) and script_of(text[stop]) == "kana":
        stop += 1
        yield text[at:stop], _Word(noun, _LOOSE_KANA + _EACH_KANA * (stop - at), hiragana(text[at:stop]))


def _is_katakana(character: str) -> bool:
    return "ァ" <= character <= "ヺ" or character == "ー"
