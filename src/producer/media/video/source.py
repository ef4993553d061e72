"""What a video is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from producer.media.captions import TimedLine, TimedText, timed_lines
from producer.score.song import Song

#: Width and height in pixels by the name of the aspect.
SIZES = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (1080, 1080)}
PRESETS = ("simple", "modern", "player")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSource:
    """A clip's sound and what is known about it. Uploads have neither lines nor beats nor sections."""

    audio: Path
    cover_jpeg: bytes
    title: str
    subtitle: str = ""  #: a small line below the title
    lines: Sequence[TimedLine] = ()
    beats_seconds: Sequence[float] = ()
    sections_seconds: Sequence[float] = ()  #: where sections start


def lines_from_markers(markers: Mapping[str, Any]) -> tuple[TimedLine, ...]:
    """Lines from what :func:`producer.media.captions.timing_markers` gives, after a trip through JSON."""
    return tuple(
        TimedLine(
            _timed(line), tuple(_timed(word) for word in line.get("words", ())), bool(line.get("backing"))
        )
        for line in markers.get("lines", ())
    )


def lines_from_song(song: Song) -> tuple[TimedLine, ...]:
    """The sung lines of a song; nothing for an instrumental."""
    return tuple(timed_lines(song))


def beats_of(song: Song) -> tuple[float, ...]:
    """Seconds of every felt pulse of a song."""
    pulse = song.meter.pulse_beats
    count = int(song.form.bars * song.meter.bar_beats / pulse + 0.5)
    return tuple(song.tempo.seconds_at(index * pulse) for index in range(count))


def sections_of(song: Song) -> tuple[float, ...]:
    """Seconds at which the sections of a song start."""
    return tuple(song.seconds_of_bar(section.start_bar) for section in song.form.sections)


def _timed(row: Mapping[str, Any]) -> TimedText:
    return TimedText(str(row["text"]), float(row["start"]), float(row["end"]))
