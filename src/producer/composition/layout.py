"""How many bars the lines of a stanza take, before a note is written."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from producer.score.lyric import Delivery, Line, SectionKind, Stanza

#: Syllables a second that are never exceeded on purpose: sung words stay clear up to about here.
FASTEST_RATE = {Delivery.SUNG: 4.4, Delivery.SPOKEN: 5.0, Delivery.RAP: 6.2}
SQUEEZED_RATE = 6.8  #: the limit when a fixed length leaves no other way
#: Sung phrases of pop have 3–22 notes (5–95 %), so longer lines take a breath inside.
LONGEST_PHRASE = 15
GAP_SECONDS = 0.85  #: a phrase's last note and the breath after it, beyond its own syllables
BACKING_GAP_SECONDS = 0.45

# Against the style's rate: choruses have fewer notes a bar than verses (3.8 : 4.3 in RS200).
_KIND_RATE = {
    SectionKind.CHORUS: 0.9,
    SectionKind.PRE_CHORUS: 1.05,
    SectionKind.BRIDGE: 0.93,
    SectionKind.OUTRO: 0.85,
}
_DELIVERY_RATE = {Delivery.SUNG: 1.0, Delivery.SPOKEN: 1.35, Delivery.RAP: 1.9}


@dataclass(frozen=True, slots=True)
class Phrase:
    """Syllables `first` … `stop` of a line, sung in one breath."""

    line: int  #: index into the stanza's lines
    first: int
    stop: int
    start_bar: int  #: inside the section
    bars: int
    backing: bool = False
    tail_seconds: float = 0.0  #: kept free at the end, for backing phrases that follow

    @property
    def end_bar(self) -> int:
        """The bar in which the next phrase starts."""
        return self.start_bar + self.bars


@dataclass(frozen=True, slots=True)
class Pace:
    """What decides how long words take."""

    bar_seconds: float
    rate: float  #: the style's syllables a second
    squeeze: int = 0  #: 0 natural … 3 as fast as words can be sung


@dataclass(frozen=True, slots=True)
class Layout:
    """A stanza's phrases and the bars they take in all."""

    phrases: tuple[Phrase, ...]
    bars: int


def lay_out(stanza: Stanza, pace: Pace) -> Layout:
    """Give every line its bars; the stanza's length is a multiple of four bars where that is natural."""
    rate = pace.rate * _KIND_RATE.get(stanza.kind, 1.0) * _DELIVERY_RATE[stanza.delivery]
    limit = FASTEST_RATE[stanza.delivery]
    if pace.squeeze:
        rate = min(SQUEEZED_RATE, max(rate * (1.0, 1.35, 1.8, 9.0)[pace.squeeze], 1.0))
        limit = (limit, limit, limit * 1.15, SQUEEZED_RATE)[pace.squeeze]
    rate = min(rate, limit)
    groups = _breaths(stanza)
    common = _common_bars(groups, rate, limit, pace)
    phrases: list[Phrase] = []
    bar = 0
    for group in groups:
        bars = max(common, _fitting_bars(group, limit, pace))
        phrases.extend(_place(group, bar, bars, rate))
        bar += bars
    return Layout(tuple(phrases), bar if pace.squeeze >= 2 else _square(bar))


@dataclass(frozen=True, slots=True)
class _Breath:
    line: int
    first: int
    stop: int
    backing: tuple[tuple[int, int], ...]  #: (line, syllables) answered after it
    alone: bool = False  #: itself a backing line


def _breaths(stanza: Stanza) -> list[_Breath]:
    breaths: list[_Breath] = []
    for index, line in enumerate(stanza.lines):
        count = len(line.syllables)
        if not count:
            continue
        if line.backing and breaths and not breaths[-1].alone and count <= LONGEST_PHRASE:
            host = breaths[-1]
            breaths[-1] = _Breath(host.line, host.first, host.stop, (*host.backing, (index, count)))
            continue
        cuts = phrase_cuts(line)
        breaths.extend(
            _Breath(index, first, stop, (), line.backing) for first, stop in itertools.pairwise(cuts)
        )
    return breaths


def phrase_cuts(line: Line) -> list[int]:
    """Syllable indexes at which a line may be cut into breaths, 0 and the end included."""
    count = len(line.syllables)
    pieces = math.ceil(count / LONGEST_PHRASE)
    cuts = [0]
    starts = [i for i, s in enumerate(line.syllables) if i and s.starts_word]
    for piece in range(1, pieces):
        ideal = count * piece / pieces
        options = [i for i in starts if cuts[-1] + 2 < i < count - 2]
        if options:
            cuts.append(min(options, key=lambda i: abs(i - ideal) - 3 * _ends_clause(line, i)))
    return sorted(set(cuts)) + [count]


def _ends_clause(line: Line, syllable: int) -> bool:
    word = line.syllables[syllable].word - 1
    return 0 <= word < len(line.words) and line.words[word][-1:] in ",;:.!?—–"


def _usable(bars: int, group: _Breath, rate: float, pace: Pace) -> float:
    gap = GAP_SECONDS
    return bars * pace.bar_seconds - gap - _backing_seconds(group, rate)


def _backing_seconds(group: _Breath, rate: float) -> float:
    return sum(BACKING_GAP_SECONDS + 0.35 + count / max(rate, 2.8) for _, count in group.backing)


def _fitting_bars(group: _Breath, limit: float, pace: Pace) -> int:
    bars = 1
    while _usable(bars, group, limit, pace) * limit < group.stop - group.first:
        bars += 1
    return bars


def _common_bars(groups: Sequence[_Breath], rate: float, limit: float, pace: Pace) -> int:
    """The bars that most breaths of the stanza are happy with; even stanzas sound like stanzas."""
    if not groups:
        return 0
    best, lowest = 1, math.inf
    for bars in (1, 2, 3, 4, 6, 8):
        cost = (0.0, 0.0, 0.0, 0.5, 0.1, 0.9, 0.8, 0.9, 0.4)[bars] * (pace.squeeze < 2)
        for group in groups:
            usable = _usable(bars, group, rate, pace)
            if usable * limit < group.stop - group.first:
                cost += 1.5 / len(groups)
                continue
            ratio = math.log(max(2, group.stop - group.first) / usable / rate)
            cost += (1.5 * ratio if ratio > 0 else -ratio) / len(groups)
        if cost < lowest - 1e-9:
            best, lowest = bars, cost
    return best


def _place(group: _Breath, bar: int, bars: int, rate: float) -> list[Phrase]:
    tail = _backing_seconds(group, rate)
    placed = [Phrase(group.line, group.first, group.stop, bar, bars, group.alone, tail)]
    for line, count in group.backing:
        tail -= BACKING_GAP_SECONDS + 0.35 + count / max(rate, 2.8)
        placed.append(Phrase(line, 0, count, bar, bars, backing=True, tail_seconds=max(0.0, tail)))
    return placed


def _square(bars: int) -> int:
    if bars <= 2:
        return 4 if bars else 0
    return bars if bars % 4 == 0 else bars + (4 - bars % 4 if bars % 4 != 2 or bars < 8 else 0)
