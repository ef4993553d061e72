"""The form of music without words: a style's usual one, fitted to the length."""

import math
from dataclasses import replace
from random import Random

from producer.composition.form import FormWish, Piece, Plan, sections_of
from producer.composition.style import Style
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.song import Form

USUAL_SECONDS = 60.0  #: when no length is asked

_EXPENDABLE = (
    SectionKind.INTERLUDE, SectionKind.BRIDGE, SectionKind.SOLO, SectionKind.VERSE, SectionKind.BUILD,
    SectionKind.PRE_CHORUS, SectionKind.OUTRO, SectionKind.INTRO, SectionKind.POST_CHORUS,
)  # fmt: skip


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
    pieces = _fitted(pieces, target, wish, bar_seconds)
    form = Form(sections_of(pieces, LyricSheet(()), style))
    return Plan(form, {}, wish.bpm, length)


def _pieces_of(text: str) -> list[Piece]:
    return [Piece(SectionKind(kind), int(bars)) for kind, _, bars in (e.partition(":") for e in text.split())]


def _fitted(pieces: list[Piece], target: int, wish: FormWish, bar_seconds: float) -> list[Piece]:
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
