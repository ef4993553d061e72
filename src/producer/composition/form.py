"""Form: which sections a song has, how long they are, and how it meets a wished length.

Rules, in this order: every line is sung; a wished length and tempo are met exactly. A song that is
too short for its wished length gets more instrumental bars; one that is too long loses first its
interludes and solo, then its intro and outro, then sings faster (up to 4.4, at last 6.8 syllables a
second), then leaves out repeated stanzas, and only then the last stanzas; whatever is left out is
named in a warning. Without a wish a song may last 240 s, and up to 600 s when its words need it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from producer.composition.layout import Layout, Pace, lay_out
from producer.composition.style import Style
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.meter import Meter
from producer.score.song import Form, Section
from producer.units import beats_to_seconds

USUAL_SECONDS = 60.0  #: of music without words, when no length is asked
NATURAL_LIMIT_SECONDS = 240.0
HARD_LIMIT_SECONDS = 600.0
LEAST_SUNG_SECONDS = 24.0  #: a song of one word still is a song

#: Energy of a section by its kind, before occurrence and mood.
ENERGY: Mapping[SectionKind, float] = {
    SectionKind.INTRO: 0.4,
    SectionKind.VERSE: 0.5,
    SectionKind.PRE_CHORUS: 0.62,
    SectionKind.CHORUS: 0.82,
    SectionKind.POST_CHORUS: 0.85,
    SectionKind.BRIDGE: 0.52,
    SectionKind.SOLO: 0.75,
    SectionKind.INTERLUDE: 0.55,
    SectionKind.BUILD: 0.6,
    SectionKind.DROP: 0.95,
    SectionKind.OUTRO: 0.45,
}
_LABELS = {SectionKind.PRE_CHORUS: "Pre-Chorus", SectionKind.POST_CHORUS: "Post-Chorus"}


@dataclass(frozen=True, slots=True)
class FormWish:
    """What the form has to obey."""

    meter: Meter
    bpm: float  #: quarter notes a minute
    bpm_fixed: bool
    length_seconds: float | None
    long_intro: bool = False
    no_intro: bool = False
    drop_at_seconds: float | None = None

    def bar_seconds(self, bpm: float) -> float:
        """Seconds of a bar at `bpm`."""
        return beats_to_seconds(self.meter.bar_beats, bpm)


@dataclass(frozen=True, slots=True)
class Plan:
    """A form that meets its wishes."""

    form: Form
    layouts: Mapping[int, Layout]  #: section index → where its lines are
    bpm: float
    length_seconds: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: SectionKind
    bars: int
    stanza: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Draft:
    pieces: tuple[_Piece, ...]
    layouts: Mapping[int, Layout]  #: stanza index → layout

    @property
    def bars(self) -> int:
        return sum(piece.bars for piece in self.pieces)


def plan_sung(sheet: LyricSheet, style: Style, wish: FormWish, dice: Random) -> Plan:
    """A form for a song with words."""
    stanzas = list(range(len(sheet.stanzas)))
    solo_bars = dice.choice((4, 8))
    left_out: list[int] = []
    limit = wish.length_seconds or NATURAL_LIMIT_SECONDS
    while True:
        for trim in range(6):
            tempos = _tempos(wish, style, trim)
            fits = []
            for bpm in tempos:
                draft = _draft(sheet, stanzas, style, wish, bpm, trim, solo_bars)
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


def plan_instrumental(style: Style, wish: FormWish, dice: Random, sheet: LyricSheet | None = None) -> Plan:
    """A form for music without words; section marks of a sheet are followed when there is one."""
    length = wish.length_seconds or USUAL_SECONDS
    bar_seconds = wish.bar_seconds(wish.bpm)
    ring = min(4.0, 0.12 * length + 0.4)
    target = max(1, math.floor((length - ring) / bar_seconds + 0.25))
    if target * bar_seconds > length - 0.3:
        target = max(1, target - 1)
    if sheet and sheet.stanzas:
        pieces = [_Piece(s.kind, max(4, 2 * len(s.lines)), i, s.label) for i, s in enumerate(sheet.stanzas)]
        if wish.length_seconds is None:
            target = max(sum(piece.bars for piece in pieces), math.ceil(20.0 / bar_seconds))
            length = target * bar_seconds + 4.0
    else:
        pieces = _pieces_of(style.form[dice.randrange(len(style.form))])
    pieces = _fitted(pieces, target, wish, bar_seconds)
    form = Form(_sections(pieces, LyricSheet(()), style))
    return Plan(form, {}, wish.bpm, length)


def _pieces_of(text: str) -> list[_Piece]:
    return [
        _Piece(SectionKind(kind), int(bars)) for kind, _, bars in (e.partition(":") for e in text.split())
    ]


_EXPENDABLE = (
    SectionKind.INTERLUDE, SectionKind.BRIDGE, SectionKind.SOLO, SectionKind.VERSE, SectionKind.BUILD,
    SectionKind.PRE_CHORUS, SectionKind.OUTRO, SectionKind.INTRO, SectionKind.POST_CHORUS,
)  # fmt: skip


def _fitted(pieces: list[_Piece], target: int, wish: FormWish, bar_seconds: float) -> list[_Piece]:
    """Shorten or lengthen an instrumental form to exactly `target` bars."""
    pieces = list(pieces)
    while sum(p.bars for p in pieces) > target and len(pieces) > 1:
        kind = next((k for k in _EXPENDABLE if sum(p.kind is k for p in pieces)), pieces[0].kind)
        places = [i for i, p in enumerate(pieces) if p.kind is kind]
        excess = sum(p.bars for p in pieces) - target
        longest = max(range(len(pieces)), key=lambda i: (pieces[i].bars, i))
        if pieces[longest].bars > 4 and (excess < 4 or len(places) < 2):
            pieces[longest] = replace(pieces[longest], bars=max(4, pieces[longest].bars - 4))
        else:
            del pieces[places[-1]]
    if len(pieces) == 1:
        pieces[0] = replace(pieces[0], bars=min(pieces[0].bars, target))
    middle = [p for p in pieces if p.kind not in (SectionKind.INTRO, SectionKind.OUTRO)] or pieces
    turn = 0
    while target - sum(p.bars for p in pieces) >= 8:
        extra = middle[turn % len(middle)]
        at = len(pieces) - (pieces[-1].kind is SectionKind.OUTRO)
        pieces.insert(at, replace(extra, bars=min(8, extra.bars) if extra.bars > 4 else extra.bars))
        turn += 1
    rest = target - sum(p.bars for p in pieces)
    if rest > 0:
        last = len(pieces) - 1
        pieces[last] = replace(pieces[last], bars=pieces[last].bars + rest)
    if wish.drop_at_seconds is not None:
        pieces = _with_drop_at(pieces, round(wish.drop_at_seconds / bar_seconds), target)
    return pieces


def _with_drop_at(pieces: list[_Piece], bar: int, target: int) -> list[_Piece]:
    """Make a drop start in `bar`, led into by a build."""
    if not 1 <= bar < target:
        return pieces
    before: list[_Piece] = []
    build = 4 if bar >= 8 else max(1, bar // 2)
    room = bar - build
    for kind in (SectionKind.INTRO, SectionKind.VERSE, SectionKind.CHORUS, SectionKind.VERSE) * 8:
        if room <= 0:
            break
        take = min(room, 8) if room - min(room, 8) != 1 else room
        before.append(_Piece(kind, take))
        room -= take
    after = target - bar
    tail = [_Piece(SectionKind.DROP, after)] if after <= 12 else [
        _Piece(SectionKind.DROP, 8), _Piece(SectionKind.INTERLUDE, (after - 8) // 2),
        _Piece(SectionKind.OUTRO, after - 8 - (after - 8) // 2),
    ]  # fmt: skip
    return [*before, _Piece(SectionKind.BUILD, build), *tail]


def _tempos(wish: FormWish, style: Style, trim: int) -> list[float]:
    """Tempos to try: only the wished one, or some nearby when a length has to be met."""
    if wish.bpm_fixed or wish.length_seconds is None:
        return [wish.bpm]
    reach = (0.0, 0.06, 0.1, 0.14, 0.2, 0.25)[trim]
    steps = [1.0, 1 + reach / 2, 1 + reach, 1 - reach / 2]
    return sorted({round(min(220.0, wish.bpm * step), 1) for step in steps})


def _least_ring(limit: float) -> float:
    return min(1.6, 0.15 * limit)


def _draft(
    sheet: LyricSheet,
    stanzas: Sequence[int],
    style: Style,
    wish: FormWish,
    bpm: float,
    trim: int,
    solo_bars: int,
) -> _Draft:
    """The sung form at one tempo; `trim` 0 leaves everything in, 5 nothing but hurried words."""
    bar_seconds = wish.bar_seconds(bpm)
    pace = Pace(bar_seconds, style.melody.rate, max(0, trim - 2))
    layouts: dict[int, Layout] = {}
    pieces: list[_Piece] = []
    for index in stanzas:
        stanza = sheet.stanzas[index]
        origin = stanza.repeat_of if stanza.repeat_of is not None else index
        if origin not in layouts:
            layouts[origin] = lay_out(sheet.stanzas[origin], pace)
        layouts[index] = layouts[origin]
        bars = layouts[index].bars
        if not bars:
            bars = 4 if bar_seconds < 4.5 else 2
            bars = bars if trim == 0 else (2 if trim < 3 else 1)
        pieces.append(_Piece(stanza.kind, bars, index, stanza.label))
    return _Draft(tuple(_with_frame(pieces, style, wish, bar_seconds, trim, solo_bars)), layouts)


def _with_frame(
    pieces: list[_Piece], style: Style, wish: FormWish, bar_seconds: float, trim: int, solo_bars: int
) -> list[_Piece]:
    """Add intro, interludes, a solo and an outro where the author wrote none."""
    framed: list[_Piece] = []
    intro = {
        0: max(1, round(style.intro_bars * min(1.0, 9.0 / (style.intro_bars * bar_seconds)) / 2) * 2),
        1: 2,
    }
    bars = intro.get(trim, 1) * (2 if wish.long_intro else 1)
    if pieces[0].kind is not SectionKind.INTRO and not (wish.no_intro or trim > 4):
        framed.append(_Piece(SectionKind.INTRO, bars))
    kinds = [piece.kind for piece in pieces]
    wants_solo = (
        trim == 0 and style.solo and kinds.count(SectionKind.CHORUS) >= 2
        and not {SectionKind.SOLO, SectionKind.BRIDGE, SectionKind.INTERLUDE} & set(kinds)
        and 80.0 < sum(p.bars for p in pieces) * bar_seconds < 130.0
    )  # fmt: skip
    last_chorus = max((i for i, kind in enumerate(kinds) if kind is SectionKind.CHORUS), default=-1)
    for i, piece in enumerate(pieces):
        if wants_solo and i == last_chorus and i > 0:
            framed.append(_Piece(SectionKind.SOLO, solo_bars))
        elif trim == 0 and i and piece.kind is SectionKind.VERSE and kinds[i - 1] is SectionKind.CHORUS:
            framed.append(_Piece(SectionKind.INTERLUDE, 2 if bar_seconds > 1.7 else 4))
        framed.append(piece)
    if pieces[-1].kind is not SectionKind.OUTRO and trim < 3:
        framed.append(_Piece(SectionKind.OUTRO, (4 if bar_seconds < 3 else 2) if trim == 0 else 2))
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
        f"{named} {verb} left out ({len(labels)} of {len(sheet.stanzas)} stanzas): the words don't fit the length.",
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
    draft = _draft(sheet, stanzas, style, wish, bpm, 5, 4)
    bar_seconds = wish.bar_seconds(bpm)
    (index,) = stanzas
    phrases = draft.layouts[index].phrases
    room = max(1, math.floor((limit - _least_ring(limit)) / bar_seconds))
    kept = tuple(p for p in phrases if p.end_bar <= room) or phrases[:1]
    bars = max(p.end_bar for p in kept)
    note = "Lines are left out: the words don't fit the length."
    layouts = {index: Layout(kept, bars)}
    stanza = sheet.stanzas[index]
    cut = _Draft((_Piece(stanza.kind, bars, index, stanza.label),), layouts)
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
    if spare > 0:
        pieces = _padded(pieces, spare)
        total = sum(p.bars for p in pieces) * bar_seconds
    length = asked if asked is not None else round(total + _ring_seconds(style, bar_seconds), 3)
    form = Form(_sections(pieces, sheet, style))
    layouts = {
        i: draft.layouts[s.stanza]
        for i, s in enumerate(form.sections)
        if s.stanza is not None and draft.layouts[s.stanza].phrases
    }
    return Plan(form, layouts, bpm, length, warnings)


def _ring_seconds(style: Style, bar_seconds: float) -> float:
    return max(2.8, min(5.5, bar_seconds * (2.0 if style.ending != "stop" else 1.0)))


def _padded(pieces: list[_Piece], spare: int) -> list[_Piece]:
    """Spread `spare` instrumental bars over a solo, the intro and the outro."""
    sung = [i for i, p in enumerate(pieces) if p.stanza is not None]
    if spare >= 8 and len(sung) > 2:
        bars = min(16, spare // 2 // 4 * 4)
        pieces.insert(sung[-1], _Piece(SectionKind.SOLO, bars))
        spare -= bars
    order = [i for i, p in enumerate(pieces) if p.stanza is None] or [len(pieces)]
    if order == [len(pieces)]:
        pieces.append(_Piece(SectionKind.OUTRO, 0))
    turn = 0
    while spare > 0:
        take = min(spare, 2)
        at = order[-1 - turn % len(order)]
        pieces[at] = replace(pieces[at], bars=pieces[at].bars + take)
        spare -= take
        turn += 1
    return [p for p in pieces if p.bars]


def _sections(pieces: Sequence[_Piece], sheet: LyricSheet, style: Style) -> tuple[Section, ...]:
    sections: list[Section] = []
    bar = 0
    kinds = [piece.kind for piece in pieces]
    for i, piece in enumerate(pieces):
        seen = kinds[:i].count(piece.kind)
        label = piece.label or _LABELS.get(piece.kind, piece.kind.value.title())
        sections.append(
            Section(
                kind=piece.kind,
                label=label,
                start_bar=bar,
                bars=piece.bars,
                energy=_energy(piece.kind, seen, piece.kind not in kinds[i + 1 :], style),
                stanza=piece.stanza,
                repeat_of=_repeats(piece, sections, sheet),
            )
        )
        bar += piece.bars
    return tuple(sections)


def _energy(kind: SectionKind, seen: int, is_last: bool, style: Style) -> float:
    """Later verses and the last chorus play more than the first ones (the last-chorus lift)."""
    base = ENERGY[kind] + min(0.12, 0.06 * seen)
    if kind in (SectionKind.CHORUS, SectionKind.DROP) and is_last and seen:
        base += 0.08
    # The style's dynamics pull the sections apart from, or together at, its own level.
    level = 0.35 + 0.5 * style.energy
    spread = 0.35 + 0.9 * style.dynamics
    return round(min(1.0, max(0.05, level + (base - 0.62) * spread + 0.0)), 3)


def _repeats(piece: _Piece, sections: Sequence[Section], sheet: LyricSheet) -> int | None:
    if piece.stanza is not None and piece.stanza < len(sheet.stanzas):
        origin = sheet.stanzas[piece.stanza].repeat_of
        return next((i for i, s in enumerate(sections) if s.stanza is not None and s.stanza == origin), None)
    if piece.stanza is None and piece.kind in (SectionKind.VERSE, SectionKind.CHORUS, SectionKind.DROP):
        return next(
            (i for i, s in enumerate(sections) if s.kind is piece.kind and s.bars >= piece.bars), None
        )
    return None
