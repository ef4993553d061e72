"""Forms of their own: haiku, rap, and stanzas that must not rhyme."""

from collections.abc import Sequence

from producer.lyricist.agreement import topic_slots
from producer.lyricist.bank import Unit, fill, parse_units, read
from producer.lyricist.desk import SHELVES, Desk, is_allowed, number_of
from producer.lyricist.nouns import Noun
from producer.lyricist.scan import count_syllables, do_rhyme, words_of
from producer.lyricist.shapes import join
from producer.lyricist.stanzas import draw_stanza
from producer.score.lyric import SectionKind

RAP_SYLLABLES = range(11, 18)  #: a bar of rap in sixteenth and eighth notes


def write_haikus(desk: Desk, plan: Sequence[SectionKind]) -> tuple[tuple[str, ...], ...]:
    """One stanza of 5, 7 and 5 syllables a section."""
    dice = desk.dice("haiku")
    units = parse_units("haiku", read("special")["haiku"])
    out: list[tuple[str, ...]] = []
    for _ in plan:
        best: tuple[float, tuple[str, ...], str] = (-99.0, (), "")
        for unit in units:
            for _ in range(8):
                lines = fill(unit.lines, desk.slots, dice)
                if not lines or not is_allowed(lines, desk.avoided):
                    continue
                off = sum(abs(count_syllables(a) - n) for a, n in zip(lines, (5, 7, 5), strict=True))
                own = sum(desk.wanted.get(word, 0.0) for line in lines for word in words_of(line))
                fresh = unit.name not in desk.used_units
                score = (
                    2.0 * min(own, 1.6) + 4.0 * fresh - 2.0 * off + _shelved(unit, desk) + 0.5 * dice.random()
                )
                if score > best[0]:
                    best = (score, lines, unit.name)
        desk.used_units.add(best[2])
        out.append(best[1])
    return tuple(out)


def write_limericks(desk: Desk, plan: Sequence[SectionKind]) -> tuple[tuple[str, ...], ...]:
    """One limerick a section (AABBA) about what the prompt names first."""
    units = parse_units("limerick", read("special")["limerick"])
    noun = desk.wish.nouns[0] if desk.wish.nouns else Noun("goat", "goat", "animal", "one", "")
    slots = {**desk.slots, **topic_slots(noun, desk.pronoun_of(noun))}
    dice = desk.dice("limerick")
    order = sorted(units, key=lambda unit: (-_shelved(unit, desk), dice.random()))
    drawn = (fill(unit.lines, slots, dice) for unit in order)
    allowed = [lines for lines in drawn if lines and is_allowed(lines, desk.avoided)]
    return tuple(allowed[number % len(allowed)] for number, _ in enumerate(plan)) if allowed else ()


def write_rap_verse(desk: Desk, number: int) -> tuple[str, ...]:
    """Bars in rhymed couplets: half from the rap bank, half long lines made of the themes' stanzas."""
    bars = desk.wish.form.rap_bars or 12
    dice = desk.dice(f"rap {number}")
    step = "scene" if number % 2 == 0 else "feeling"
    couplets: list[tuple[str, ...]] = []
    own = parse_units(f"rap/{step}", read("special")[f"rap_{step}"])
    order = sorted(own, key=lambda unit: (-_shelved(unit, desk), dice.random()))
    for unit in order:
        lines = fill(unit.lines, desk.slots, dice)
        if lines and unit.name not in desk.used_units and is_allowed(lines, desk.avoided):
            couplets.append(lines)
            desk.used_units.add(unit.name)
        if len(couplets) * 2 >= bars * 0.75:
            break
    asked = 0
    while len(couplets) * 2 < bars and asked < bars:
        asked += 1
        long_lines = _as_bars(
            draw_stanza(desk, step if asked % 2 else "turn", f"rap {number}/{asked}"), desk.proper
        )
        at = dice.randrange(1, len(couplets) + 1) if couplets else 0
        if long_lines:
            couplets.insert(at, long_lines)
    for couplet in couplets:
        desk.memory.keep(couplet)
    return tuple(line for couplet in couplets for line in couplet)[:bars]


def _as_bars(lines: tuple[str, ...], proper: frozenset[str]) -> tuple[str, ...]:
    """Four short lines as two long ones when they then rhyme and fill a bar."""
    if len(lines) != 4:
        return lines if len(lines) == 2 and count_syllables(lines[0]) >= RAP_SYLLABLES.start else ()
    joined = tuple(join(lines[i], lines[i + 1], proper) for i in (0, 2))
    fits = all(count_syllables(line) in RAP_SYLLABLES for line in joined)
    return joined if fits and do_rhyme(*joined) else ()


def without_rhyme(lines: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """A stanza without end rhymes: the unrhymed halves of two that rhyme."""
    mixed = (*lines[:2], *other[:2]) if len(other) >= 2 else lines[:2]
    out: list[str] = []
    for line in mixed:
        if not any(do_rhyme(line, earlier) for earlier in out):
            out.append(line)
    return (*out[:-1], out[-1].rstrip(",;") + ("" if out[-1][-1:] in "?!." else "."))


def _shelved(unit: Unit, desk: Desk) -> float:
    return 3.0 if number_of(unit) % SHELVES == desk.shelf else 0.0
