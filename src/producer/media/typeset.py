"""Setting a title: broken into even lines, as large as its box allows, in any script."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from producer.media import fonts
from producer.media.fonts import Run

_REFERENCE_SIZE = 100
ELLIPSIS = "…"
# Scripts written without spaces: a line may end after any of their letters.
_SPACELESS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
_MANY_LETTERS = 14  # a longer word may be cut rather than shrink the whole title


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines of text at one size."""

    lines: tuple[str, ...]
    face: str
    size: int  #: pixels to the em
    tracking: float  #: extra space between letters, in ems
    leading: float  #: from baseline to baseline, in ems

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(self.lines)


def fit(
    text: str,
    face: str,
    box: tuple[float, float],
    *,
    max_lines: int = 4,
    max_size: float = 400.0,
    min_size: float = 40.0,
    tracking: float = 0.0,
    leading: float = 1.0,
) -> Setting:
    """Break text into lines so that it fills a box (width, height in pixels) as large as it can.

    A text too long for `min_size` is cut and ends with an ellipsis.
    """
    units = _units(fonts.clean(text))
    min_size = min(min_size, 0.6 * max_size)
    while True:
        lines, size = _largest(units, face, box, max_lines, tracking, leading)
        if size >= min_size or len(units) <= 1:
            break
        units = units[: max(1, int(len(units) * 0.9))]
        units[-1] = units[-1].rstrip(" ,.;:–-" + ELLIPSIS) + ELLIPSIS
    return Setting(tuple(lines), face, int(max(4.0, min(size, max_size))), tracking, leading)


def width(text: str, face: str, size: int, tracking: float = 0.0) -> float:
    """Advance of one line in pixels."""
    return sum(_run_width(run, size, tracking) for run in fonts.runs(text, face))


def draw(setting: Setting, *, align: str = "left") -> Image.Image:
    """The lines as coverage (mode ``L``), cropped to their ink; 1 × 1 when there is nothing to draw.

    `align` is ``left``, ``center`` or ``right``; a right-to-left line swaps left and right.
    """
    widths = [width(line, setting.face, setting.size, setting.tracking) for line in setting.lines]
    if setting.is_empty or not any(widths):
        return Image.new("L", (1, 1))
    pad = setting.size
    pitch = setting.leading * setting.size
    wide = int(max(widths)) + 2 * pad
    sheet = Image.new("L", (wide, int(pitch * len(widths)) + 2 * pad))
    brush = ImageDraw.Draw(sheet)
    for index, (line, length) in enumerate(zip(setting.lines, widths, strict=True)):
        x = pad + (max(widths) - length) * _share(align, line)
        y = pad + setting.size + round(index * pitch)
        for run in fonts.runs(line, setting.face):
            _draw_run(brush, (x, y), run, setting)
            x += _run_width(run, setting.size, setting.tracking)
    return sheet.crop(sheet.getbbox() or (0, 0, 1, 1))


def _share(align: str, line: str) -> float:
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    return 1.0 - share if fonts.is_right_to_left(line) else share


def _draw_run(brush: ImageDraw.ImageDraw, at: tuple[float, float], run: Run, setting: Setting) -> None:
    font = _font(run.face, setting.size)
    if not _is_spaced(run, setting.tracking):
        brush.text(
            at, run.text, fill=255, font=font, anchor="ls",
            direction="rtl" if run.right_to_left else "ltr", language=fonts.language_of(run.text),
        )  # fmt: skip
        return
    x = at[0]
    for this, following in zip(run.text, [*run.text[1:], ""], strict=True):
        brush.text((x, at[1]), this, fill=255, font=font, anchor="ls")
        # The pair's advance holds its kerning.
        x += font.getlength(this + following) - font.getlength(following) + setting.tracking * setting.size


@lru_cache(maxsize=4096)
def _run_width(run: Run, size: int, tracking: float) -> float:
    font = _font(run.face, size)
    direction = "rtl" if run.right_to_left else "ltr"
    advance = font.getlength(run.text, direction=direction, language=fonts.language_of(run.text))
    extra = tracking * size * len(run.text) if _is_spaced(run, tracking) else 0.0
    return float(advance + extra)


def _is_spaced(run: Run, tracking: float) -> bool:
    """Whether letters are set one by one; joined scripts never are."""
    return bool(tracking) and run.face in fonts.FACES and not run.right_to_left


def _font(face: str, size: int) -> FreeTypeFont:
    scale = fonts.EMOJI_SCALE if face == "noto emoji" else 1.0
    return fonts.font(face, max(1, round(size * scale)))


def _units(text: str) -> list[str]:
    """What may not be cut: words with the space after them, or letters of scripts without spaces."""
    units: list[str] = []
    for word in text.split(" "):
        pieces: list[str] = []
        for char in word:
            joined = pieces and (unicodedata.category(char)[0] == "M" or char in "\u200d\ufe0f")
            if joined or (pieces and not _may_break(pieces[-1][-1], char)):
                pieces[-1] += char
            else:
                pieces.append(char)
        pieces = [part for piece in pieces for part in _cut_long(piece)]
        if pieces:
            units += [*pieces[:-1], pieces[-1] + " "]
    return units or [""]


def _may_break(before: str, after: str) -> bool:
    if unicodedata.category(after)[0] == "P":
        return False
    return any(unicodedata.name(char, "").startswith(_SPACELESS) for char in (before, after))


def _cut_long(word: str) -> list[str]:
    if len(word) <= _MANY_LETTERS * 1.5:
        return [word]
    return [word[i : i + _MANY_LETTERS] for i in range(0, len(word), _MANY_LETTERS)]


def _largest(
    units: Sequence[str],
    face: str,
    box: tuple[float, float],
    max_lines: int,
    tracking: float,
    leading: float,
) -> tuple[list[str], float]:
    """Lines and size of the number of lines that lets the text be largest."""
    best: tuple[list[str], float] = ([""], 0.0)
    for count in range(1, min(max_lines, len(units)) + 1):
        lines = _balanced(units, count, face, tracking)
        widest = max(width(line, face, _REFERENCE_SIZE, tracking) for line in lines)
        height = 0.8 + leading * (len(lines) - 1)  # ems from the first line's caps to the last's baseline
        size = min(box[0] * _REFERENCE_SIZE / max(widest, 1.0), box[1] / height)
        if size > best[1] * 1.02:
            best = (lines, size)
    return best


def _balanced(units: Sequence[str], count: int, face: str, tracking: float) -> list[str]:
    """Break units into at most `count` lines whose widest is as narrow as can be (by bisection)."""
    widths = [width(unit, face, _REFERENCE_SIZE, tracking) for unit in units]
    low, high = max(widths), sum(widths)
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_greedy(widths, middle)) <= count else (middle, high)
    breaks = _greedy(widths, high)
    return ["".join(units[start:end]).strip() for start, end in breaks]


def _greedy(widths: Sequence[float], limit: float) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start, used = 0, 0.0
    for index, unit in enumerate(widths):
        if used + unit > limit + 0.5 and index > start:
            spans.append((start, index))
            start, used = index, 0.0
        used += unit
    return [*spans, (start, len(widths))]
