"""Chords over the words, as a player reads them; straight from the score."""

from bisect import bisect_right

from producer.score.harmony import Chord, ChordSpan
from producer.score.lyric import Line
from producer.score.part import SungLine
from producer.score.pitch import Key, spell
from producer.score.song import Section, Song

BARS_A_ROW = 4  # of sections that nobody sings


def chord_symbol(chord: Chord, key: Key) -> str:
    """A chord as it is written, with the key's accidentals.

    >>> from producer.score.pitch import Mode
    >>> chord_symbol(Chord(9, "m7", bass=7), Key(0, Mode.MAJOR))
    'Am7/G'
    """
    bass = "" if chord.bass in (None, chord.root) else f"/{spell(chord.bass_pitch_class, key)}"
    return f"{spell(chord.root, key)}{chord.quality}{bass}"


def chord_sheet(song: Song) -> str:
    """The whole song: title, key and tempo, then each section with its chords.

    Sung lines have their chords above the syllables on which they change; what is only played is
    written in bars.
    """
    head = f"{song.title}\n{song.key.name} · {song.meter.name} · {song.tempo.bpm:g} bpm\n"
    sections = [_section(song, index, section) for index, section in enumerate(song.form.sections)]
    return "\n".join([head, *sections])


def _section(song: Song, index: int, section: Section) -> str:
    start, end = song.beat_of_bar(section.start_bar), song.beat_of_bar(section.end_bar)
    spans = [span for span in song.chords if span.start_beat < end and span.end_beat > start]
    sung = [line for line in song.vocal if line.section == index and not line.backing]
    mark = f"[{section.label or section.kind.value.title()}]"
    if not sung:
        return "\n".join([mark, *_bars(song, section, spans), ""])
    rows = [mark]
    for position, line in enumerate(sung):
        until = sung[position + 1].notes[0].start_beat if position + 1 < len(sung) else end
        rows += _line(song.key, line, spans, until)
    return "\n".join([*rows, ""])


def _bars(song: Song, section: Section, spans: list[ChordSpan]) -> list[str]:
    """Bars in rows of four; a bar in which nothing changes holds a repeat sign."""
    cells = []
    for bar in range(section.start_bar, section.end_bar):
        start, end = song.beat_of_bar(bar), song.beat_of_bar(bar + 1)
        new = [chord_symbol(s.chord, song.key) for s in spans if start <= s.start_beat < end]
        if not new and bar == section.start_bar:
            new = [chord_symbol(s.chord, song.key) for s in spans if s.start_beat <= start < s.end_beat]
        cells.append(" ".join(new) or "%")
    rows = [cells[i : i + BARS_A_ROW] for i in range(0, len(cells), BARS_A_ROW)]
    return [f"| {' | '.join(row)} |" for row in rows]


def _line(key: Key, sung: SungLine, spans: list[ChordSpan], until: float) -> list[str]:
    """A line of words and, above it, the chords from its first note to the next line's."""
    columns, starts = _columns(sung.line), [note.start_beat for note in sung.notes]
    above = ""
    for span in spans:
        if not (span.start_beat < until and span.end_beat > starts[0]):
            continue
        note = sung.notes[max(0, bisect_right(starts, span.start_beat) - 1)]
        past_the_words = span.start_beat >= sung.notes[-1].end_beat
        column = len(sung.line.text) + 1 if past_the_words else columns[note.syllable or 0]
        gap = max(column, len(above) + (1 if above else 0)) - len(above)
        above += " " * gap + chord_symbol(span.chord, key)
    return [above, sung.line.text]


def _columns(line: Line) -> list[int]:
    """Column at which each syllable of a line is printed."""
    columns, cursor, word_start = [], 0, 0
    for position, syllable in enumerate(line.syllables):
        text = syllable.text.rstrip("-")
        if position == 0 or syllable.word != line.syllables[position - 1].word:
            word_start = line.text.find(line.words[syllable.word], cursor)
            word_start = cursor = word_start if word_start >= 0 else cursor
        columns.append(min(cursor, max(len(line.text) - 1, 0)))
        cursor += len(text)
    return columns
