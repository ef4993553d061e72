"""Raw text → stanzas of raw lines: which words stand under which mark, and how often."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from producer.lyrics.marks import MAX_TIMES, PLAYED_KINDS, Mark, read_mark
from producer.lyrics.scripts import script_of
from producer.lyrics.tokens import clean, is_sayable, printable_words
from producer.score.lyric import Delivery, SectionKind

#: A line of more words than this is sung in several breaths.
MAX_LINE_WORDS = 14
#: … and of more characters than this in scripts where each is a syllable.
MAX_DENSE = 30
MIN_WORDS_TO_CUT = 4
_DENSE = frozenset({"han", "kana", "hangul"})
#: A text without any gap and with more lines than this falls into stanzas of four.
MAX_STANZA_LINES = 8

_TAG = re.compile(
    r"</?(?:b|i|u|s|em|strong|p|div|span|font|a|h[1-6]|ul|ol|li|small|sup|sub|center|pre|code|hr)\b[^<>\n]{0,80}>",
    re.IGNORECASE,
)
_LINE_TIMES = re.compile(
    r"\s*[(\[（]\s*(?:[x×]\s*(\d{1,2})|(\d{1,2})\s*(?:[x×]|times))\s*[)\]）]\s*$|(?<=\S)\s+(?-i:x|×)\s?(\d{1,2})$",
    re.IGNORECASE,
)
_DECORATION = re.compile(r"^[\s>#*_~`|•·♪♫🎵🎶-]+(?=\S)|[\s*_~`|•♪♫🎵🎶]+$")
_DIRECTION = re.compile(r"\[([^\[\]]*)\]")
_CHORD = re.compile(r"N\.?C\.?|[A-H][#b♯♭]?(?:maj|min|mi|m|M|dim|aug|sus|add|[+°ø]|\d|[#b♯♭()]|/[A-H])*")
_EMOTICON = re.compile(r"(?<!\w)(?:</?3+|[:;=]['’-]?[DPOpo3](?!\w)|[xX]D+(?!\w))")
# Brackets inside a Latin word, as in "(be)cause", belong to it.
_ASIDE = re.compile(r"(?:(?<![A-Za-zÀ-ɏ])\(|（)([^()（）]*)(?:\)(?![A-Za-zÀ-ɏ])|）)")
_EMPHASIS = re.compile(r"(?<!\w)([*_~]{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")


@dataclass(frozen=True, slots=True)
class RawLine:
    """Words of one line before they are read."""

    text: str
    backing: bool = False

    @property
    def key(self) -> str:
        """Equal for lines that say the same."""
        return "".join(c for c in self.text.casefold() if c.isalnum()) + "()" * self.backing


@dataclass(slots=True)
class RawStanza:
    """Lines under one mark, still being collected."""

    kind: SectionKind | None = None
    label: str = ""
    delivery: Delivery = Delivery.SUNG
    times: int = 1
    lines: list[RawLine] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for stanzas with the same words."""
        return tuple(line.key for line in self.lines)


def lay_out(text: str) -> tuple[list[RawStanza], list[str]]:
    """Stanzas in order with kinds decided and repetitions written out; and the directions left unsung."""
    collector = _Collector()
    starts_paragraph = True
    for line in _plain_text(text).split("\n"):
        stripped = line.strip()
        if not stripped:
            collector.end_paragraph()
        else:
            mark = read_mark(stripped, starts_paragraph=starts_paragraph)
            collector.add_mark(mark) if mark else collector.add_words(stripped)
        starts_paragraph = not stripped
    stanzas = collector.stanzas
    if not collector.marked:
        stanzas = _in_fours(stanzas)
    stanzas = [s for s in stanzas if s.lines or s.kind]
    _guess_kinds(stanzas)
    return _repeat(stanzas), collector.directions


def raw_lines(line: str) -> list[RawLine]:
    """A line as the lead sings it, then each of its asides in round brackets as backing.

    >>> [raw.text for raw in raw_lines("Hold on (hold on) to me (oh yeah)")]
    ['Hold on to me', 'hold on', 'oh yeah']
    """
    times = _LINE_TIMES.search(line)
    count = min(MAX_TIMES, int(times[1] or times[2] or times[3])) if times else 1
    line = _EMOTICON.sub(" ", _DIRECTION.sub(" ", _LINE_TIMES.sub("", line)))
    line = _unnested(_DECORATION.sub("", _EMPHASIS.sub(r"\2", line)))
    asides = [" ".join(aside.split()) for aside in _ASIDE.findall(line)]
    lead = " ".join(_ASIDE.sub(" ", line).split())
    lines = [RawLine(part) for part in _breaths(lead) if is_sayable(part)]
    lines += [RawLine(part, backing=True) for a in asides for part in _breaths(a) if is_sayable(part)]
    return lines * max(1, count)


def _unnested(line: str) -> str:
    """Round brackets inside round brackets left out: an aside in an aside is one aside."""
    depth, kept = 0, []
    for character in line:
        depth -= character in ")）"
        if depth < 0:
            return line  # they don't pair, so nothing is nested
        if depth == 0 or character not in "(（)）":
            kept.append(character)
        depth += character in "(（"
    return "".join(kept) if depth == 0 else line


class _Collector:
    """Takes marks and lines in order."""

    def __init__(self) -> None:
        self.stanzas: list[RawStanza] = [RawStanza()]
        self.directions: list[str] = []
        self.marked = False

    @property
    def current(self) -> RawStanza:
        return self.stanzas[-1]

    def add_words(self, line: str) -> None:
        self.current.lines += raw_lines(line)
        inside = (" ".join(found.split()) for found in _DIRECTION.findall(_LINE_TIMES.sub("", line)))
        self.directions += [found for found in inside if found and not _CHORD.fullmatch(found)]

    def end_paragraph(self) -> None:
        # Words after a gap under a played mark, or in a text without marks, are a stanza of their own.
        played = self.current.kind in PLAYED_KINDS
        if (self.current.lines and not self.marked) or (played and not self.current.lines):
            self.stanzas.append(RawStanza())

    def add_mark(self, mark: Mark) -> None:
        if mark.kind or mark.repeats:
            self.marked = True
            delivery = mark.delivery or Delivery.SUNG
            self.stanzas.append(RawStanza(mark.kind, mark.label, delivery, mark.times))
        elif mark.delivery:
            self._deliver(mark)
        elif mark.times > 1 and not mark.label:
            self._again(mark.times)
        elif mark.label:
            self.directions.append(mark.label)
        if mark.rest:
            self.add_words(mark.rest)

    def _deliver(self, mark: Mark) -> None:
        assert mark.delivery is not None
        self.marked = True
        if self.current.kind and not self.current.lines and self.current.kind not in PLAYED_KINDS:
            self.current.delivery = mark.delivery
            return
        kind = self.current.kind if self.current.kind not in PLAYED_KINDS else None
        self.stanzas.append(RawStanza(kind or SectionKind.VERSE, mark.label, mark.delivery, mark.times))

    def _again(self, times: int) -> None:
        """A lone "x2": the stanza above it, once more."""
        above = next((s for s in reversed(self.stanzas) if s.lines or s.kind), None)
        if above is not None:
            above.times = times


def _plain_text(text: str) -> str:
    if "\n" not in text and "\r" not in text:
        text = text.replace("\\r\\n", "\n").replace("\\n", "\n")
    text = re.sub(r"<br\s*/?>", "\n", text, flags=re.IGNORECASE)
    return _TAG.sub("", html.unescape(clean(text)))


def _breaths(line: str) -> list[str]:
    """The line cut where a singer breathes, until no piece is too long; near the middle, best at a comma."""
    words = printable_words(line)
    dense = sum(script_of(c) in _DENSE for c in line)
    if len(words) <= MAX_LINE_WORDS and (dense <= MAX_DENSE or len(words) < MIN_WORDS_TO_CUT):
        return [line]
    middle = len(words) / 2
    margin = min(3, len(words) // 2)
    cuts = range(margin, len(words) - margin + 1)
    cut = min(cuts, key=lambda i: abs(i - middle) * (0.5 if words[i - 1][-1] in ".!?;:—" else 0.7)
              + (0 if words[i - 1][-1] in ",.!?;:—…、。，！？" else middle * 0.6))  # fmt: skip
    return _breaths(" ".join(words[:cut])) + _breaths(" ".join(words[cut:]))


def _in_fours(stanzas: Sequence[RawStanza]) -> list[RawStanza]:
    filled = [stanza for stanza in stanzas if stanza.lines]
    if len(filled) != 1 or len(filled[0].lines) <= MAX_STANZA_LINES:
        return filled
    lines = filled[0].lines
    starts = list(range(0, len(lines), 4))
    if len(lines) - starts[-1] == 1:
        starts.pop()
    ends = [*starts[1:], len(lines)]
    return [RawStanza(lines=lines[a:b]) for a, b in zip(starts, ends, strict=True)]


def _guess_kinds(stanzas: list[RawStanza]) -> None:
    """Give unmarked stanzas a kind: words that come again are a chorus, the rest verses.

    Of two repeated stanzas that always stand together the first is a pre-chorus; a stanza that comes
    once between the last two choruses is a bridge.
    """
    known = {stanza.key: stanza.kind for stanza in reversed(stanzas) if stanza.kind and stanza.lines}
    counts = Counter(stanza.key for stanza in stanzas if stanza.lines)
    unmarked = [i for i, stanza in enumerate(stanzas) if stanza.kind is None]
    for i in unmarked:
        repeated = counts[stanzas[i].key] > 1
        stanzas[i].kind = known.get(stanzas[i].key) or (SectionKind.CHORUS if repeated else SectionKind.VERSE)
    if len(unmarked) == len(stanzas):
        _find_pre_choruses(stanzas)
        _find_bridge(stanzas)


def _find_pre_choruses(stanzas: list[RawStanza]) -> None:
    followers: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for this, following in zip(stanzas, [*stanzas[1:], RawStanza()], strict=False):
        followers.setdefault(this.key, set()).add(following.key)
    for this, following in pairwise(stanzas):
        chorus = this.kind is following.kind is SectionKind.CHORUS and this.key != following.key
        if chorus and followers[this.key] == {following.key} and len(this.lines) <= len(following.lines):
            for stanza in stanzas:
                if stanza.key == this.key:
                    stanza.kind = SectionKind.PRE_CHORUS


def _find_bridge(stanzas: list[RawStanza]) -> None:
    choruses = [i for i, stanza in enumerate(stanzas) if stanza.kind is SectionKind.CHORUS]
    if len(choruses) >= 3 and choruses[-1] - choruses[-2] == 2:
        between = stanzas[choruses[-1] - 1]
        if between.kind is SectionKind.VERSE:
            between.kind = SectionKind.BRIDGE


def _repeat(stanzas: list[RawStanza]) -> list[RawStanza]:
    """Fill in the words of marks that only refer to an earlier stanza, and write out "x2"."""
    written: list[RawStanza] = []
    for stanza in stanzas:
        lines, kind = stanza.lines, stanza.kind
        if not lines and kind not in PLAYED_KINDS:
            source = _earlier(written, stanza)
            lines = source.lines if source else []
            kind = kind or (source.kind if source else SectionKind.CHORUS)
        written += [replace(stanza, kind=kind, lines=lines, times=1)] * stanza.times
    return written


def _earlier(written: Sequence[RawStanza], stanza: RawStanza) -> RawStanza | None:
    with_words = [s for s in reversed(written) if s.lines]
    same_name = (s for s in with_words if s.label.casefold() == stanza.label.casefold() and s.label)
    same_kind = (s for s in with_words if s.kind is (stanza.kind or s.kind))
    return next(same_name, None) or next(same_kind, None)
