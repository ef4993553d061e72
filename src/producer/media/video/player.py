"""``player``: a card with cover, title, running waveform, times, and the line being sung."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from producer.media.video import kernels
from producer.media.video.analysis import FRAMES_PER_SECOND
from producer.media.video.lyrics import Lyrics
from producer.media.video.picture import (
    Colour,
    Floats,
    Picture,
    Plane,
    blurred_ground,
    even,
    from_image,
    set_text,
    to_yuv,
    with_shadow,
)
from producer.media.video.stage import WHITE, Draw, Stage, clock


@dataclass(frozen=True, slots=True)
class Layout:
    """Pixels; boxes are left, top, width, height."""

    card: tuple[int, int, int, int]
    cover: tuple[int, int, int]
    title: tuple[int, int, int, int]  #: with the size of the letters last instead of a height
    lyrics: tuple[int, int, int, int]  #: likewise
    wave: tuple[int, int, int, int]
    controls_y: int


LAYOUTS = {
    "16:9": Layout(
        (64, 68, 1152, 584),
        (104, 108, 504),
        (652, 118, 440, 42),
        (652, 262, 520, 34),
        (652, 468, 520, 76),
        608,
    ),
    "9:16": Layout(
        (40, 80, 640, 1120), (88, 128, 544), (88, 700, 450, 42), (88, 804, 544, 32), (88, 1010, 544, 80), 1140
    ),
    "1:1": Layout(
        (56, 56, 968, 968),
        (104, 104, 420),
        (560, 116, 330, 44),
        (104, 558, 872, 38),
        (104, 790, 872, 84),
        950,
    ),
}
WAVE_PITCH = 7
PULSE_BARS = 5


def build(stage: Stage) -> Draw:
    """Prepare the card and give back what draws a frame."""
    lay = LAYOUTS[stage.aspect]
    card = _card(stage, lay)
    white, accent = to_yuv(WHITE), to_yuv(stage.accent)
    analysis = stage.analysis
    left, top, wide, tall = lay.wave
    middle, count = top + tall / 2, wide // WAVE_PITCH
    shape = _shape(analysis.overview, count)
    lyrics = Lyrics(stage.source.lines, size=lay.lyrics[3], width=lay.lyrics[2])
    pulse = _pulse(analysis.levels)
    digits = {char: set_text(char, "inter", 22, 40) for char in "0123456789"}
    played = 0

    def draw(picture: Picture, index: int) -> None:
        nonlocal played
        seconds = index / FRAMES_PER_SECOND
        position = (index + 1) / analysis.frames * count
        if int(position) > played:  # what was played stays: it becomes part of the card
            _bars(card, shape[played : int(position)], left + played * WAVE_PITCH, middle, tall, accent, 1.0)
            played = int(position)
        picture.copy_from(card)
        _head(picture, shape, position, analysis.loudness[index], lay, accent)
        _bars(
            picture,
            pulse[index],
            lay.title[0] + lay.title[2] + 28,
            lay.title[1] + 26,
            40,
            accent,
            1.0,
            width=6,
            pitch=10,
        )
        _time(picture, digits, seconds, (left, top + tall + 18), white)
        _sing(picture, lyrics, seconds, lay, (white, accent), analysis.levels[index])

    return draw


def _sing(
    picture: Picture,
    lyrics: Lyrics,
    seconds: float,
    lay: Layout,
    colours: tuple[Colour, Colour],
    levels: Floats,
) -> None:
    """The line being sung and the next one; a spectrum where there are no words at all."""
    x, y, wide, size = lay.lyrics
    if not len(lyrics):
        _bars(
            picture,
            levels,
            x,
            y + 76,
            130,
            colours[0],
            0.8,
            width=wide / len(levels) * 0.55,
            pitch=wide / len(levels),
        )
        return
    now = lyrics.index_at(seconds)
    if now >= 0:
        y += lyrics.draw(
            picture,
            now,
            seconds,
            (x, y),
            (colours[0], colours[0]),
            align="left",
            alpha=1.0 if lyrics.is_on(now, seconds) else 0.4,
        )
        y += round(size * 0.4)
    if now + 1 < len(lyrics):
        lyrics.draw(picture, now + 1, seconds, (x, y), (colours[0], colours[0]), align="left", alpha=0.55)


def _card(stage: Stage, lay: Layout) -> Picture:
    """Everything that stands still."""
    image = blurred_ground(stage.cover, stage.size, darkness=0.35)
    left, top, wide, tall = lay.card
    image = with_shadow(image, (left, top, left + wide, top + tall), strength=0.5)
    image.paste((13, 13, 17), mask=_round(stage.size, lay.card, 30, 184))
    x, y, side = lay.cover
    image.paste(
        stage.cover.resize((side, side), Image.Resampling.LANCZOS),
        (x, y),
        _round((side, side), (0, 0, side, side), 16, 255),
    )
    card = from_image(image)
    x, y, wide, size = lay.title
    title = set_text(stage.source.title, "inter", size, wide, lines=2)
    card.paint(title, x, y, to_yuv(WHITE))
    if stage.source.subtitle:
        card.paint(
            set_text(stage.source.subtitle, "inter light", 22, wide),
            x,
            y + title.shape[0] + 20,
            to_yuv(WHITE),
            0.62,
        )
    x, y, wide, tall = lay.wave
    count = wide // WAVE_PITCH
    _bars(card, _shape(stage.analysis.overview, count), x, y + tall / 2, tall, to_yuv(WHITE), 0.26)
    total = set_text(clock(stage.analysis.seconds), "inter", 22, 140)
    card.paint(total, x + wide - total.shape[1], y + tall + 18, to_yuv(WHITE), 0.7)
    controls = _controls()
    card.paint(
        controls,
        x + (wide - controls.shape[1]) // 2,
        lay.controls_y - controls.shape[0] // 2,
        to_yuv(WHITE),
        0.95,
    )
    return card


def _round(size: tuple[int, int], box: tuple[int, int, int, int], radius: int, value: int) -> Image.Image:
    """A rectangle with round corners as a mask."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    left, top, wide, tall = (2 * v for v in box)
    ImageDraw.Draw(mask).rounded_rectangle(
        (left, top, left + wide - 1, top + tall - 1), 2 * radius, fill=value
    )
    return mask.reduce(2)


def _controls() -> Plane:
    """Back, pause and forward."""
    k = 4
    sheet = Image.new("L", (220 * k, 44 * k))
    brush = ImageDraw.Draw(sheet)
    for x, turn in ((30, -1), (190, 1)):
        for step in (0, 13):
            tip = x + turn * (8 + step - 6)
            brush.polygon(
                [
                    (v * k, w * k)
                    for v, w in ((tip + turn * 6, 22), (tip - turn * 7, 12), (tip - turn * 7, 32))
                ],
                fill=255,
            )
    brush.ellipse([v * k for v in (88, 0, 132, 44)], fill=255)
    for x in (102, 113):
        brush.rounded_rectangle([v * k for v in (x, 13, x + 5, 31)], 2 * k, fill=0)
    return even(sheet.reduce(k))


def _shape(overview: Floats, count: int) -> Floats:
    """Heights of the waveform's bars, with more difference between soft and loud."""
    edges = np.linspace(0, len(overview), count + 1)[:-1].astype(int)
    return (np.maximum.reduceat(overview, edges) ** 1.3 * 0.95 + 0.02).astype(np.float32)


def _pulse(
    levels: Floats,
) -> Floats:
    """A few bars that stand for the whole spectrum."""
    groups = np.array_split(np.arange(levels.shape[1]), PULSE_BARS)
    return np.stack([levels[:, group].mean(axis=1) for group in groups], axis=1).astype(np.float32)


def _bars(
    picture: Picture, heights: Floats, left: float, middle: float, tall: float,
    colour: Colour, alpha: float, *, width: float = 4.0, pitch: float = float(WAVE_PITCH),
) -> None:  # fmt: skip
    half = tall / 2 - width / 2
    kernels.bars(
        picture.y,
        picture.u,
        picture.v,
        np.ascontiguousarray(heights, np.float32),
        float(left),
        float(pitch),
        float(width),
        float(middle),
        half,
        half,
        colour,
        alpha,
    )


def _head(
    picture: Picture,
    shape: Floats,
    position: float,
    loudness: float,
    lay: Layout,
    accent: Colour,
) -> None:
    """The bar at the playhead moves with the sound."""
    left, top, _, tall = lay.wave
    bar = min(len(shape) - 1, int(position))
    height = np.array([max(float(shape[bar]) * 0.5, float(loudness))], np.float32)
    _bars(picture, height, left + bar * WAVE_PITCH, top + tall / 2, tall, accent, 1.0)


def _time(
    picture: Picture,
    digits: dict[str, Plane],
    seconds: float,
    at: tuple[int, int],
    colour: Colour,
) -> None:
    """Elapsed time, digit by digit on a fixed pitch so that it does not tremble."""
    x, y = at
    for char in clock(seconds):
        if char == ":":
            picture.fill(x, y + 4, 2, 4, colour, 0.9)
            picture.fill(x, y + 12, 2, 4, colour, 0.9)
            x += 8
            continue
        picture.paint(digits[char], x, y, colour, 0.9)
        x += 14
