"""The form of music without words: a style's usual one, fitted to the length."""

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from producer.composition.form import FormWish, Piece, Plan, sections_of
from producer.composition.style import Style
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.song import Form

USUAL_SECONDS = 60.0  #: when no length is asked

_REFRAINS = frozenset({SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP})
_FRAME = frozenset({SectionKind.INTRO, SectionKind.OUTRO})
_LEAD_INS = frozenset({SectionKind.PRE_CHORUS, SectionKind.BUILD})
_UNIT = 4  #: bars of the shortest section that still is one
_LONGEST_TAIL = 6  #: bars by which the frame may grow to meet a length


def plan_instrumental(style: Style, wish: FormWish, dice: Random, sheet: LyricSheet | None = None) -> Plan:
    """A form for music without words; section marks of a sheet are followed when there is one."""
    length = wish.length_seconds or USUAL_SECONDS
    bar_seconds = wish.bar_seconds(wish.bpm)
    ring = min(4.0, 0.12 * length + 0.4)
    target = max(1, math.floor((length - ring) / bar_seconds + 0.25))
    if target * bar_seconds > length - 0.3:
        target = max(1, target - 1)
    if sheet and sheet.stanzas:
        pieces = [Piece(s.kind, max(4, 2 * len(s.lines)), i, s.label) for i, s in enumerate(sheet.stanzas)]
        if wish.length_seconds is None:
            target = max(sum(piece.bars for piece in pieces), math.ceil(20.0 / bar_seconds))
            length = target * bar_seconds + 4.0
    else:
        pieces = _pieces_of(style.form[dice.randrange(len(style.form))])
    pieces = _fitted(_with_intro(pieces, wish), target, wish)
    form = Form(sections_of(pieces, LyricSheet(()), style))
    return Plan(form, {}, wish.bpm, length)


def _pieces_of(text: str) -> list[Piece]:
    return [Piece(SectionKind(kind), int(bars)) for kind, _, bars in (e.partition(":") for e in text.split())]


def _with_intro(pieces: list[Piece], wish: FormWish) -> list[Piece]:
    """A long intro, or none, where that is asked for."""
    rest = [piece for piece in pieces if piece.kind is not SectionKind.INTRO]
    if wish.no_intro:
        return rest or pieces
    return [Piece(SectionKind.INTRO, 4 * _UNIT), *rest] if wish.long_intro else pieces


def _fitted(pieces: list[Piece], target: int, wish: FormWish) -> list[Piece]:
    """Shorten or lengthen an instrumental form to exactly `target` bars."""
    if sum(piece.bars for piece in pieces) > target:
        pieces = _shortened(pieces, target)
    else:
        pieces = _lengthened(pieces, target)
    pieces = _filled(pieces, target, begins=not wish.no_intro)
    drop = wish.drop_bar(wish.bpm)
    return pieces if drop is None else _with_drop_at(pieces, drop, target)


def _shortened(pieces: Sequence[Piece], target: int) -> list[Piece]:
    """The pieces a form can't do without, as long as there is room for: contrast comes before length."""
    bars = dict.fromkeys(range(len(pieces)), 0)
    ranked = _by_need(pieces)
    for i in ranked:
        if pieces[i].kind in _LEAD_INS and not (i + 1 < len(pieces) and bars[i + 1]):
            continue  # it would lead nowhere
        short = pieces[i].kind in _FRAME | _LEAD_INS
        least = min(pieces[i].bars, max(2, pieces[i].bars // 4) if short else _UNIT)
        if sum(bars.values()) + least <= target:
            bars[i] = least
    if not any(bars.values()):
        bars[ranked[0]] = target
    for longest in (2 * _UNIT, 4 * _UNIT):
        for i in ranked:
            asked = pieces[i].kind is SectionKind.INTRO and pieces[i].bars >= 4 * _UNIT
            grown = min(pieces[i].bars, 4 * _UNIT if asked and target >= 6 * _UNIT else longest)
            if bars[i] and grown > bars[i] and sum(bars.values()) - bars[i] + grown <= target:
                bars[i] = grown
    return [replace(piece, bars=bars[i]) for i, piece in enumerate(pieces) if bars[i]]


def _by_need(pieces: Sequence[Piece]) -> list[int]:
    """Places of pieces from the one that matters most: the last refrain, the first verse, a start, …"""
    refrain = max((i for i, p in enumerate(pieces) if p.kind in _REFRAINS), default=len(pieces) - 1)
    if pieces[refrain].kind in _FRAME:
        refrain = max((i for i, p in enumerate(pieces) if p.kind not in _FRAME), default=refrain)
    verses = [
        i for i, p in enumerate(pieces) if p.kind not in _REFRAINS | _FRAME | _LEAD_INS and i != refrain
    ]
    starts = [i for i, p in enumerate(pieces) if p.kind is SectionKind.INTRO]
    leads = [refrain - 1] if refrain and pieces[refrain - 1].kind in _LEAD_INS else []
    first = [i for i, p in enumerate(pieces) if p.kind in _REFRAINS][:1]
    # A long intro is there because it was asked for.
    wished = [i for i in starts if pieces[i].bars >= 4 * _UNIT]
    order = [*wished, refrain, *verses[:1], *starts, *leads, *first, *verses[1:], *range(len(pieces))]
    return list(dict.fromkeys(order))


def _lengthened(pieces: Sequence[Piece], target: int) -> list[Piece]:
    """Go round the middle of a form again until fewer than eight bars are missing."""
    pieces = list(pieces)
    middle = [p for p in pieces if p.kind not in _FRAME] or list(pieces)
    turn = 0
    while target - sum(p.bars for p in pieces) >= 2 * _UNIT:
        extra = middle[turn % len(middle)]
        at = len(pieces) - (pieces[-1].kind is SectionKind.OUTRO)
        pieces.insert(at, replace(extra, bars=min(2 * _UNIT, extra.bars)))
        turn += 1
    return pieces


def _filled(pieces: list[Piece], target: int, *, begins: bool = True) -> list[Piece]:
    """Bars that are still missing go to the frame: sections keep their even lengths.

    Where no beginning is wanted, the end takes them all.
    """
    rest = target - sum(piece.bars for piece in pieces)
    if rest > 1 and pieces[-1].kind is not SectionKind.OUTRO and len(pieces) > 1:
        pieces.append(Piece(SectionKind.OUTRO, 0))
    if rest > 0 and pieces[-1].kind is SectionKind.OUTRO:
        take = min(rest, _LONGEST_TAIL) if begins else rest
        pieces[-1] = replace(pieces[-1], bars=pieces[-1].bars + take)
        rest -= take
    if rest > 0 and not begins:
        pieces[-1] = replace(pieces[-1], bars=pieces[-1].bars + rest)
    elif rest > 0:
        if pieces[0].kind is not SectionKind.INTRO:
            pieces.insert(0, Piece(SectionKind.INTRO, 0))
        pieces[0] = replace(pieces[0], bars=pieces[0].bars + rest)
    return pieces


def _with_drop_at(pieces: list[Piece], bar: int, target: int) -> list[Piece]:
    """Make a drop start in `bar`, led into by a build."""
    if not 1 <= bar < target:
        return pieces
    before: list[Piece] = []
    build = 4 if bar >= 8 else max(1, bar // 2)
    room = bar - build
    for kind in (SectionKind.INTRO, SectionKind.VERSE, SectionKind.CHORUS, SectionKind.VERSE) * 8:
        if room <= 0:
            break
        take = min(room, 8) if room - min(room, 8) != 1 else room
        before.append(Piece(kind, take))
        room -= take
    after = target - bar
    tail = [Piece(SectionKind.DROP, after)] if after <= 12 else [
        Piece(SectionKind.DROP, 8), Piece(SectionKind.INTERLUDE, (after - 8) // 2),
        Piece(SectionKind.OUTRO, after - 8 - (after - 8) // 2),
    ]  # fmt: skip
    return [*before, Piece(SectionKind.BUILD, build), *tail]
