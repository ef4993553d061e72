"""The form of songs with words, and how it meets a wished length.

Rules, in this order: every line is sung; a wished length and tempo are met exactly. A song that is
too short for its wished length gets more instrumental bars; one that is too long loses first its
interludes and solo, then its intro and outro, then sings faster (up to 4.4, at last 6.8 syllables a
second), then leaves out repeated stanzas, and only then the last stanzas; whatever is left out is
named in a warning. Without a wish a song may last 240 s, and up to 600 s when its words need it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from producer.composition.form import FormWish, Piece, Plan, sections_of
from producer.composition.layout import Layout, Pace, lay_out
from producer.composition.style import Style
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.song import Form

NATURAL_LIMIT_SECONDS = 240.0
HARD_LIMIT_SECONDS = 600.0
_REFRAINS = frozenset({SectionKind.CHORUS, SectionKind.DROP})
_LONGEST_LEAD = 8  #: bars of an intro, or of a build, that waits for a refrain
LEAST_SUNG_SECONDS = 24.0  #: a song of one word still is a song


@dataclass(frozen=True, slots=True)
class _Draft:
    pieces: tuple[Piece, ...]
    layouts: Mapping[int, Layout]  #: stanza index → layout

    @property
    def bars(self) -> int:
        return sum(piece.bars for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Drafter:
    """Tries forms of one song; stanzas that were laid out before are remembered."""

    sheet: LyricSheet
    style: Style
    wish: FormWish
    solo_bars: int
    known: dict[tuple[int, float, int], Layout] = field(default_factory=dict)

    def draft(self, stanzas: Sequence[int], bpm: float, trim: int) -> _Draft:
        """The form at one tempo; `trim` 0 leaves everything in, 5 nothing but hurried words."""
        bar_seconds = self.wish.bar_seconds(bpm)
        layouts: dict[int, Layout] = {}
        pieces: list[Piece] = []
        for index in stanzas:
            stanza = self.sheet.stanzas[index]
            layouts[index] = self._layout(index, bpm, max(0, trim - 2))
            bars = layouts[index].bars
            if not bars:
                bars = (4 if bar_seconds < 4.5 else 2) if trim == 0 else (2 if trim < 3 else 1)
            pieces.append(Piece(stanza.kind, bars, index, stanza.label))
        framed = _with_frame(pieces, self.style, self.wish, bar_seconds, trim, self.solo_bars)
        return _Draft(tuple(framed), layouts)

    def _layout(self, index: int, bpm: float, squeeze: int) -> Layout:
        origin = self.sheet.stanzas[index].repeat_of
        at = (index if origin is None else origin, bpm, squeeze)
        if at not in self.known:
            pace = Pace(self.wish.bar_seconds(bpm), self.style.melody.rate, squeeze)
            self.known[at] = lay_out(self.sheet.stanzas[at[0]], pace)
        return self.known[at]


def plan_sung(sheet: LyricSheet, style: Style, wish: FormWish, dice: Random) -> Plan:
    """A form for a song with words."""
    stanzas = list(range(len(sheet.stanzas)))
    drafter = _Drafter(sheet, style, wish, dice.choice((4, 8)))
    left_out: list[int] = []
    limit = wish.length_seconds or NATURAL_LIMIT_SECONDS
    while True:
        for trim in range(6):
            tempos = _tempos(wish, style, trim)
            fits = []
            for bpm in tempos:
                draft = drafter.draft(stanzas, bpm, trim)
                seconds = draft.bars * wish.bar_seconds(bpm)
                if seconds + _least_ring(limit) <= limit:
                    fits.append((abs(math.log(bpm / wish.bpm)), bpm, draft))
            if fits:
                _, bpm, draft = min(fits, key=lambda fit: fit[0])
                return _finish(draft, style, wish, bpm, sheet, _warnings(sheet, left_out))
            if wish.length_seconds is None and trim == 3 and limit < HARD_LIMIT_SECONDS:
                limit = HARD_LIMIT_SECONDS
                break
        else:
            if not _drop_one(sheet, stanzas, left_out):
                return _finish_squeezed(sheet, stanzas, style, wish, limit, _warnings(sheet, left_out))


def _tempos(wish: FormWish, style: Style, trim: int) -> list[float]:
    """Tempos to try: only the wished one, or some nearby when a length has to be met."""
    if wish.bpm_fixed or wish.length_seconds is None:
        return [wish.bpm]
    reach = (0.0, 0.06, 0.1, 0.14, 0.2, 0.25)[trim]
    steps = [1.0, 1 + reach / 2, 1 + reach, 1 - reach / 2]
    return sorted({round(min(220.0, wish.bpm * step), 1) for step in steps})


def _least_ring(limit: float) -> float:
    return min(1.6, 0.15 * limit)


def _with_frame(
    pieces: list[Piece], style: Style, wish: FormWish, bar_seconds: float, trim: int, solo_bars: int
) -> list[Piece]:
    """Add intro, interludes, a solo and an outro where the author wrote none."""
    framed: list[Piece] = []
    intro = {
        0: max(1, round(style.intro_bars * min(1.0, 9.0 / (style.intro_bars * bar_seconds)) / 2) * 2),
        1: 2,
    }
    bars = intro.get(trim, 1) * (2 if wish.long_intro else 1)
    if pieces[0].kind is not SectionKind.INTRO and not (wish.no_intro or trim > 4):
        framed.append(Piece(SectionKind.INTRO, bars))
    kinds = [piece.kind for piece in pieces]
    wants_solo = (
        trim == 0 and style.solo and kinds.count(SectionKind.CHORUS) >= 2
        and not {SectionKind.SOLO, SectionKind.BRIDGE, SectionKind.INTERLUDE} & set(kinds)
        and 80.0 < sum(p.bars for p in pieces) * bar_seconds < 130.0
    )  # fmt: skip
    last_chorus = max((i for i, kind in enumerate(kinds) if kind is SectionKind.CHORUS), default=-1)
    for i, piece in enumerate(pieces):
        if wants_solo and i == last_chorus and i > 0:
            framed.append(Piece(SectionKind.SOLO, solo_bars))
        elif trim == 0 and i and piece.kind is SectionKind.VERSE and kinds[i - 1] is SectionKind.CHORUS:
            framed.append(Piece(SectionKind.INTERLUDE, 2 if bar_seconds > 1.7 else 4))
        framed.append(piece)
    if pieces[-1].kind is not SectionKind.OUTRO and trim < 3:
        framed.append(Piece(SectionKind.OUTRO, (4 if bar_seconds < 3 else 2) if trim == 0 else 2))
    return framed


def _drop_one(sheet: LyricSheet, stanzas: list[int], left_out: list[int]) -> bool:
    """Leave out one stanza: the last repeated one first, else the last."""
    if len(stanzas) < 2:
        return False
    repeated = [i for i in stanzas if sheet.stanzas[i].repeat_of in stanzas]
    gone = repeated[-1] if repeated else stanzas[-1]
    stanzas.remove(gone)
    left_out.append(gone)
    return True


def _warnings(sheet: LyricSheet, left_out: Sequence[int]) -> tuple[str, ...]:
    """One sentence about everything that is not sung."""
    if not left_out:
        return ()
    labels = [sheet.stanzas[i].label or sheet.stanzas[i].kind.value for i in sorted(left_out)]
    named = ", ".join(f"[{label}]" for label in labels[:4]) + (" and others" if len(labels) > 4 else "")
    verb = "is" if len(labels) == 1 else "are"
    return (
        f"{named} {verb} left out ({len(labels)} of {len(sheet.stanzas)} stanzas): "
        "the words don't fit the length.",
    )


def _finish_squeezed(
    sheet: LyricSheet,
    stanzas: Sequence[int],
    style: Style,
    wish: FormWish,
    limit: float,
    warnings: Sequence[str],
) -> Plan:
    """One stanza that still is too long: keep its first lines that fit, at least one phrase."""
    bpm = wish.bpm
    draft = _Drafter(sheet, style, wish, 4).draft(stanzas, bpm, 5)
    bar_seconds = wish.bar_seconds(bpm)
    (index,) = stanzas
    phrases = draft.layouts[index].phrases
    room = max(1, math.floor((limit - _least_ring(limit)) / bar_seconds))
    kept = tuple(p for p in phrases if p.end_bar <= room) or phrases[:1]
    bars = max(p.end_bar for p in kept)
    note = "Lines are left out: the words don't fit the length."
    layouts = {index: Layout(kept, bars)}
    stanza = sheet.stanzas[index]
    cut = _Draft((Piece(stanza.kind, bars, index, stanza.label),), layouts)
    notes = (*warnings, note) if len(kept) < len(phrases) else tuple(warnings)
    return _finish(cut, style, wish, bpm, sheet, notes)


def _finish(
    draft: _Draft, style: Style, wish: FormWish, bpm: float, sheet: LyricSheet, warnings: tuple[str, ...]
) -> Plan:
    bar_seconds = wish.bar_seconds(bpm)
    pieces = list(draft.pieces)
    total = sum(p.bars for p in pieces) * bar_seconds
    asked = wish.length_seconds
    wanted = asked if asked is not None else max(total + 4.0, LEAST_SUNG_SECONDS)
    spare = math.floor((wanted - total - min(3.5, 0.15 * wanted)) / bar_seconds)
    drop = wish.drop_bar(bpm)
    if drop is not None:
        before = sum(p.bars for p in pieces)
        pieces = _arriving(pieces, drop, spare if asked is not None else drop)
        grown = sum(p.bars for p in pieces) - before
        total, spare = total + grown * bar_seconds, spare - grown
    if spare > 0:
        fixed = 0 if drop is None else _first_refrain(pieces) or 0
        pieces = [*pieces[:fixed], *_padded(pieces[fixed:], spare)]
        total = sum(p.bars for p in pieces) * bar_seconds
    length = asked if asked is not None else round(total + _ring_seconds(style, bar_seconds), 3)
    form = Form(sections_of(pieces, sheet, style))
    layouts = {
        i: draft.layouts[s.stanza]
        for i, s in enumerate(form.sections)
        if s.stanza is not None and draft.layouts[s.stanza].phrases
    }
    return Plan(form, layouts, bpm, length, warnings)


def _first_refrain(pieces: Sequence[Piece]) -> int | None:
    return next((i for i, piece in enumerate(pieces) if piece.kind in _REFRAINS), None)


def _arriving(pieces: list[Piece], bar: int, most: int) -> list[Piece]:
    """Make the first refrain start in `bar`: by bars without words before it, at most `most` more, or fewer.

    Words are never cut for it, so a refrain may still come late.
    """
    first = _first_refrain(pieces)
    if first is None:
        return pieces
    lead, rest = list(pieces[:first]), pieces[first:]
    missing = min(bar - sum(p.bars for p in lead), most)
    if missing > 0 and lead and lead[0].stanza is None:
        take = min(missing, max(0, _LONGEST_LEAD - lead[0].bars))
        lead[0] = replace(lead[0], bars=lead[0].bars + take)
        missing -= take
    if missing > 0:
        build = min(missing, _LONGEST_LEAD)
        more = [Piece(SectionKind.INTERLUDE, missing - build)] if missing > build else []
        lead += [*more, Piece(SectionKind.BUILD, build)]
    for i, piece in enumerate(lead):
        if missing < 0 and piece.stanza is None:
            take = min(-missing, piece.bars)
            lead[i] = replace(piece, bars=piece.bars - take)
            missing += take
    return [p for p in (*lead, *rest) if p.bars]


def _ring_seconds(style: Style, bar_seconds: float) -> float:
    return max(2.8, min(5.5, bar_seconds * (2.0 if style.ending != "stop" else 1.0)))


def _padded(pieces: list[Piece], spare: int) -> list[Piece]:
    """Spread `spare` instrumental bars over a solo, the intro and the outro."""
    sung = [i for i, p in enumerate(pieces) if p.stanza is not None]
    if spare >= 8 and len(sung) > 2:
        bars = min(16, spare // 2 // 4 * 4)
        pieces.insert(sung[-1], Piece(SectionKind.SOLO, bars))
        spare -= bars
    order = [i for i, p in enumerate(pieces) if p.stanza is None] or [len(pieces)]
    if order == [len(pieces)]:
        pieces.append(Piece(SectionKind.OUTRO, 0))
    turn = 0
    while spare > 0:
        take = min(spare, 2)
        at = order[-1 - turn % len(order)]
        pieces[at] = replace(pieces[at], bars=pieces[at].bars + take)
        spare -= take
        turn += 1
    return [p for p in pieces if p.bars]
