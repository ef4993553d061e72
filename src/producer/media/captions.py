"""When every word is sung: timing markers, LRC and SubRip, exact because they come from the score."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from producer.score.meter import TempoMap
from producer.score.part import SungLine
from producer.score.song import Song


@dataclass(frozen=True, slots=True)
class TimedText:
    """Words with the seconds between which they sound."""

    text: str
    start_seconds: float
    end_seconds: float

    def as_dict(self) -> dict[str, Any]:
        """As the wire shows it, seconds with 3 decimals."""
        return {"text": self.text, "start": round(self.start_seconds, 3), "end": round(self.end_seconds, 3)}


@dataclass(frozen=True, slots=True)
class TimedLine:
    """A line with its words."""

    whole: TimedText
    words: tuple[TimedText, ...]
    backing: bool


def timed_lines(song: Song) -> list[TimedLine]:
    """All sung lines in the order in which they start; what several sing at once is listed once.

    A word lasts from its first vowel's onset (with the singer's nudge) to the end of its last note, but not
    into the next word nor beyond the song. Words are printed words with their punctuation, in Japanese
    phrases, in Chinese characters.
    """
    timed = [line for sung in song.vocal if (line := _time(sung, song.tempo, song.length_seconds))]
    unique = {(line.whole.text, round(line.whole.start_seconds, 3)): line for line in reversed(timed)}
    return sorted(unique.values(), key=lambda line: (line.whole.start_seconds, line.backing, line.whole.text))


def timing_markers(song: Song) -> dict[str, Any]:
    """Lines and words with their seconds from the start of the recording.

    Returns
    -------
    dict
        ``{"lines": [{"text", "start", "end", "words": [{"text", "start", "end"}]}]}``
    """
    lines = [
        {**line.whole.as_dict(), "words": [word.as_dict() for word in line.words]}
        for line in timed_lines(song)
    ]
    return {"lines": lines}


def lrc(song: Song, *, words: bool = False) -> str:
    """Lyrics as an LRC file; `words` adds a time before every word (the enhanced format of A2 Media Player).

    Backing lines stand in round brackets.
    """
    rows = [f"[ti:{' '.join(song.title.split())}]", f"[length:{_lrc_time(song.length_seconds)[:-3]}]"]
    for line in timed_lines(song):
        text = (
            "".join(f"{gap}<{_lrc_time(word.start_seconds)}>{word.text}" for gap, word in _spaced(line))
            if words
            else _shown(line)
        )
        rows.append(f"[{_lrc_time(line.whole.start_seconds)}]{text}")
    return "\n".join(rows) + "\n"


def srt(song: Song) -> str:
    """Lyrics as SubRip subtitles; "" when nobody sings. Backing lines stand in round brackets."""
    cues = (
        f"{number}\n{_srt_time(line.whole.start_seconds)} --> {_srt_time(line.whole.end_seconds)}\n"
        f"{_shown(line)}\n"
        for number, line in enumerate(timed_lines(song), start=1)
    )
    return "\n".join(cues)


def _spaced(line: TimedLine) -> Iterator[tuple[str, TimedText]]:
    """Each word with what stands before it: a blank only where the author wrote one."""
    at = 0
    for word in line.words:
        found = line.whole.text.find(word.text, at)
        yield line.whole.text[at:found] if found >= 0 else " " * (at > 0), word
        at = (found if found >= 0 else at) + len(word.text)


def _time(sung: SungLine, tempo: TempoMap, length_seconds: float) -> TimedLine | None:
    words = _in_order(_timed_words(sung, tempo), length_seconds)
    if not words:
        return None
    text = " ".join(sung.line.text.split())
    whole = TimedText(text, words[0].start_seconds, max(word.end_seconds for word in words))
    return TimedLine(whole, words, sung.backing)


def _in_order(words: Iterable[TimedText], length_seconds: float) -> tuple[TimedText, ...]:
    """Words that neither overlap nor outlast the song: human timing may push neighbours into each other."""
    ordered: list[TimedText] = []
    for word in words:
        start = min(max(word.start_seconds, ordered[-1].start_seconds if ordered else 0.0), length_seconds)
        if ordered and ordered[-1].end_seconds > start:
            ordered[-1] = replace(ordered[-1], end_seconds=start)
        ordered.append(TimedText(word.text, start, min(max(word.end_seconds, start), length_seconds)))
    return tuple(ordered)


def _timed_words(sung: SungLine, tempo: TempoMap) -> Iterator[TimedText]:
    spans: dict[int, tuple[float, float]] = {}
    for note in sung.notes:
        if note.syllable is None or note.syllable >= len(sung.line.syllables):
            continue
        word = sung.line.syllables[note.syllable].word
        start = max(0.0, tempo.seconds_at(note.start_beat) + note.nudge_seconds)
        end = max(start, tempo.seconds_at(note.end_beat) + note.nudge_seconds)
        first, last = spans.get(word, (start, end))
        spans[word] = (min(first, start), max(last, end))
    for word in sorted(spans):
        yield TimedText(sung.line.words[word], *spans[word])


def _shown(line: TimedLine) -> str:
    return f"({line.whole.text})" if line.backing else line.whole.text


def _lrc_time(seconds: float) -> str:
    hundredths = round(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    return f"{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"


def _srt_time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d},{rest % 1000:03d}"
