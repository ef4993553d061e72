"""Is there life on paper? Counts, style by style, what a produced song should have.

Usage: ``python bench/audit_writing.py [--styles a,b] [--seeds 3]``. Every style writes instrumental songs of
90 s. A row tells, as means over the seeds: how much denser (notes a bar) and higher (semitones) refrains are
than verses, how many places of the form have harmony of their own, how often the drummer fills (bars
between fills), how many bars in a row the whole band plays the same, how much the last refrain adds to the
first, what share of chords is coloured (secondary dominants and borrowed ones; inversions; suspensions), what
share of the bass is not a root, and how far (dB) sections lie apart by their velocities. What looks dead is
named at the end of the row.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import mean

from producer.composition import compose, load_style, parse_brief, style_names
from producer.score.harmony import ChordSpan
from producer.score.lyric import SectionKind
from producer.score.part import Note, Part, Role
from producer.score.pitch import Key
from producer.score.song import Section, Song

SECONDS = 90.0
_REFRAINS = (SectionKind.CHORUS, SectionKind.DROP)
_UNPITCHED = (Role.DRUMS, Role.PERCUSSION, Role.EFFECTS)


def write(style: str, seed: str) -> Song:
    """An instrumental song of a style."""
    brief = parse_brief(load_style(style).title, seed=seed, instrumental=True, length_seconds=SECONDS)
    return compose(brief, None, title="t", seed=seed)


def notes_in(song: Song, section: Section, roles: Sequence[Role] | None = None) -> list[tuple[Part, Note]]:
    """Notes that start in a section, with their parts."""
    start, end = song.beat_of_bar(section.start_bar), song.beat_of_bar(section.end_bar)
    return [
        (part, note)
        for part in song.parts
        if roles is None or part.role in roles
        for note in part.notes
        if start - 0.1 <= note.start_beat < end - 0.1
    ]


def bars_of(song: Song, part: Part, *, relative: bool = True) -> list[tuple]:
    """What a part plays in each bar: places and, where it has pitch, semitones above the bar's bass note."""
    size = song.meter.bar_beats
    table: list[list[tuple[int, int]]] = [[] for _ in range(song.form.bars)]
    for note in part.notes:
        bar = int((note.start_beat + 0.02) // size)
        if bar < len(table):
            table[bar].append((round((note.start_beat - bar * size) * 8), note.pitch))
    return [tuple(sorted(bar)) for bar in table]


def longest_same(song: Song) -> int:
    """Most bars in a row in which the whole band plays exactly the same."""
    tables = [bars_of(song, part) for part in song.parts if part.role is not Role.EFFECTS]
    rows = list(zip(*tables, strict=True))
    longest = run = 1
    for before, row in itertools.pairwise(rows):
        run = run + 1 if row == before and any(row) else 1
        longest = max(longest, run)
    return longest


def bars_between_fills(song: Song) -> float | None:
    """Bars for each bar in which the drummer leaves the groove of its section; None without drums."""
    drums = next((part for part in song.parts if part.role is Role.DRUMS), None)
    if drums is None:
        return None
    table = bars_of(song, drums)
    played = other = 0
    for section in song.form.sections:
        bars = [bar for bar in table[section.start_bar : section.end_bar] if bar]
        if len(bars) < 2:
            continue
        cores = [frozenset(bar) for bar in bars]
        usual = Counter(cores).most_common(1)[0][0]
        played += len(bars)
        other += sum(len(core ^ usual) > 2 for core in cores)
    return played / other if other else math.inf


def colours(spans: Sequence[ChordSpan], key: Key) -> dict[str, float]:
    """Share of chords that are chromatic, inverted and suspended."""
    scale = {*key.scale, (key.tonic + 11) % 12}
    total = len(spans)
    return {
        "chromatic": sum(not set(s.chord.pitch_classes) <= scale for s in spans) / total,
        "inverted": sum(s.chord.bass_pitch_class != s.chord.root for s in spans) / total,
        "suspended": sum("sus" in s.chord.quality or "4" in s.chord.quality for s in spans) / total,
    }


def harmony_of(song: Song, section: Section) -> tuple:
    """The roots of a section's chords with their lengths, up to eight bars."""
    start = song.beat_of_bar(section.start_bar)
    end = song.beat_of_bar(min(section.end_bar, section.start_bar + 4))
    return tuple(
        (round(s.start_beat - start, 2), s.chord)
        for s in song.chords
        if start - 0.01 <= s.start_beat < end - 0.01
    )


def measure(song: Song) -> dict[str, float | None]:
    """One row of the table."""
    density, height, loud = defaultdict(list), defaultdict(list), []
    harmonies: dict[SectionKind, tuple] = {}
    for section in song.form.sections:
        found = notes_in(song, section)
        density[section.kind].append(len(found) / section.bars)
        lead = [note.pitch for part, note in found if part.role is Role.LEAD]
        if lead:
            height[section.kind].append(mean(lead))
        if found:
            power = sum((note.velocity / 127) ** 4 * min(1.0, note.beats) for _, note in found) / section.bars
            loud.append(10 * math.log10(power + 1e-9))
        harmonies.setdefault(section.kind, harmony_of(song, section))
    refrain = next((kind for kind in _REFRAINS if kind in density), None)
    verse = next((kind for kind in (SectionKind.VERSE, SectionKind.BRIDGE) if kind in density), None)
    bass = next((part for part in song.parts if part.role is Role.BASS), None)
    row: dict[str, float | None] = {
        "denser": None, "higher": None, "lift": None,
        "harmonies": len(set(harmonies.values())) / len(harmonies),
        "fills": bars_between_fills(song), "same": longest_same(song),
        "counter": float(any(part.role is Role.COUNTER for part in song.parts)),
        "bass": None if bass is None else moving(song, bass),
        "swing_db": max(loud) - min(loud),
        "sections": len(song.form.sections), "parts": len(song.parts),
    }  # fmt: skip
    if refrain and verse:
        row["denser"] = mean(density[refrain]) / max(0.1, mean(density[verse]))
        if refrain in height and verse in height:
            row["higher"] = mean(height[refrain]) - mean(height[verse])
    if refrain and len(density[refrain]) > 1:
        row["lift"] = density[refrain][-1] / max(0.1, density[refrain][0])
    return row | colours(song.chords[:-1], song.key)


def moving(song: Song, bass: Part) -> float:
    """Share of bass notes that are not their chord's root."""

    def chord(beat: float) -> ChordSpan:
        return max((s for s in song.chords if s.start_beat <= beat + 0.05), key=lambda s: s.start_beat)

    return mean(note.pitch % 12 != chord(note.start_beat).chord.root for note in bass.notes)


def faults(row: dict[str, float | None]) -> Iterator[str]:
    """What looks dead."""
    if row["same"] and row["same"] >= 6:
        yield "same bars"
    if row["fills"] is not None and row["fills"] > 10:
        yield "no fills"
    if row["denser"] is not None and row["denser"] < 1.05:
        yield "thin refrain"
    if row["higher"] is not None and row["higher"] < 0:
        yield "low refrain"
    if row["lift"] is not None and row["lift"] < 1.0:
        yield "no lift"
    if row["swing_db"] is not None and row["swing_db"] < 3:
        yield "flat"
    if not row["counter"]:
        yield "no answers"
    if row["harmonies"] is not None and row["harmonies"] < 0.4:
        yield "one harmony"


def means(rows: Sequence[dict[str, float | None]]) -> dict[str, float | None]:
    """Means over the songs that have a value."""
    out: dict[str, float | None] = {}
    for name in rows[0]:
        values = [min(99.0, value) for row in rows if (value := row[name]) is not None]
        out[name] = mean(values) if values else None
    return out


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--styles", default="")
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    names = args.styles.split(",") if args.styles else style_names()
    head = None
    told: Counter[str] = Counter()
    for name in names:
        songs = [write(name, f"audit/{seed}") for seed in range(args.seeds)]
        row = means([measure(song) for song in songs])
        if head is None:
            head = list(row)
            print(f"{'style':18}", *(f"{title[:8]:>8}" for title in head))
        found = list(faults(row))
        told.update(found)
        cells = (f"{value:8.2f}" if (value := row[title]) is not None else f"{'–':>8}" for title in head)
        print(f"{name:18}", *cells, " ", ", ".join(found), flush=True)
    print(dict(told))


if __name__ == "__main__":
    main()
