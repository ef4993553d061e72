"""Sung lines on screen: set once each, then coloured word by word as they are sung."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from producer.media import fonts, typeset
from producer.media.captions import TimedLine, TimedText
from producer.media.video.picture import Colour, Picture, Plane, even

FACE = "inter"
LINGER_SECONDS = 0.8  # a line stays so long when nothing follows
DIM = 0.45


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of a set line: its mask, the seconds and pixels at which each word starts and ends."""

    mask: Plane
    words: tuple[tuple[float, float, int, int], ...]
    backwards: bool


class Lyrics:
    """The lines of a song, in order, set to a width."""

    def __init__(self, lines: Sequence[TimedLine], *, size: int, width: int) -> None:
        lead = sorted((line for line in lines if not line.backing), key=lambda line: line.whole.start_seconds)
        self._lines = tuple(lead)
        self._starts = [line.whole.start_seconds for line in lead]
        self._size, self._width = size, width
        # Only the lines near the one being sung are kept: a long song must not fill the memory.
        self.rows = lru_cache(maxsize=8)(self._set)

    def __len__(self) -> int:
        return len(self._lines)

    def index_at(self, seconds: float) -> int:
        """The line that was begun last; −1 before the first."""
        return bisect_right(self._starts, seconds) - 1

    def is_on(self, index: int, seconds: float) -> bool:
        """Whether a line is being sung, or was until just now."""
        return index >= 0 and seconds < self._lines[index].whole.end_seconds + LINGER_SECONDS

    def draw(
        self,
        picture: Picture,
        index: int,
        seconds: float,
        place: tuple[int, int],
        colours: tuple[Colour, Colour],
        *,
        align: str,
        alpha: float = 1.0,
    ) -> int:
        """Draw a line at ``(x, y)``: dim in the first colour, sung in the second; give back its height.

        `x` is the middle or, with `align` ``left``, the left edge.
        """
        x, y = place
        for row in self.rows(index):
            left = x - row.mask.shape[1] // 2 if align == "center" else x
            sung = _sung_pixels(row, seconds)
            picture.paint(
                row.mask,
                left,
                y,
                colours[0],
                alpha * (DIM if sung < row.mask.shape[1] else 0.0) if sung else alpha * DIM,
            )
            if sung:
                part = row.mask[:, -sung:] if row.backwards else row.mask[:, :sung]
                picture.paint(
                    part, left + (row.mask.shape[1] - sung if row.backwards else 0), y, colours[1], alpha
                )
            y += round(self._size * 1.32)
        return y - place[1]

    def _set(self, index: int) -> tuple[Row, ...]:
        """A line broken into rows with the pixels of its words."""
        line = self._lines[index]
        words = line.words or (TimedText(line.whole.text, line.whole.start_seconds, line.whole.end_seconds),)
        text = fonts.clean(" ".join(word.text for word in words))
        setting = typeset.fit(
            text,
            FACE,
            (self._width, self._size * 2.4),
            max_lines=2,
            max_size=self._size,
            min_size=self._size * 0.55,
            leading=1.2,
        )
        rows, taken = [], 0
        for shown in setting.lines:
            count = max(1, len(shown.split()))
            here = words[taken : taken + count] or words[-1:]
            taken += count
            single = typeset.Setting((shown,), FACE, setting.size, 0.0, 1.0)
            mask = even(typeset.draw(single))
            whole = max(typeset.width(shown, FACE, setting.size), 1.0)
            ends = [
                typeset.width(" ".join(shown.split()[: n + 1]), FACE, setting.size) / whole
                for n in range(len(here))
            ]
            pixels = [round(end * mask.shape[1] / 2) * 2 for end in ends]
            spans = tuple(
                (word.start_seconds, word.end_seconds, first, last)
                for word, first, last in zip(here, [0, *pixels], pixels, strict=False)
            )
            rows.append(Row(mask, spans, fonts.is_right_to_left(shown)))
        return tuple(rows)


def _sung_pixels(row: Row, seconds: float) -> int:
    """How far into a row the voice has come, in pixels, even; moves on within a word as it is held."""
    reached = 0.0
    for start, end, first, last in row.words:
        if seconds < start:
            break
        # Light the first letters at once, for the eye waits for the word's beginning.
        share = min(1.0, 0.35 + 0.65 * (seconds - start) / max(min(end - start, 0.6), 1e-3))
        reached = first + (last - first) * share
    return min(int(row.mask.shape[1]), int(reached) // 2 * 2)
