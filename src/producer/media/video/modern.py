"""``modern``: flowing light over the whole frame, driven by bands, onsets, beats and sections."""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from producer.media.cover.palette import from_oklab, to_oklab
from producer.media.video import kernels
from producer.media.video.analysis import FRAMES_PER_SECOND
from producer.media.video.lyrics import Lyrics
from producer.media.video.picture import Colour, Picture, Plane, set_text, to_yuv
from producer.media.video.stage import WHITE, Draw, Stage

Curve = NDArray[np.floating[Any]]

SPARKS = 240
# Three flashes a second is what WCAG 2.2, 2.3.1 allows; fewer leaves room for what the field does itself.
FLASH_GAP_FRAMES = 11
FLASH_FALL = 0.74
GENTLE_RISE = 0.05  # of light a frame: too little to be a flash
FADE_FRAMES = 40  # of a palette into the next


def build(stage: Stage) -> Draw:
    """Prepare palettes, motion and sparks, and give back what draws a frame."""
    width, height = stage.size
    motion = _Motion(stage)
    swarm = _Swarm(stage)
    sines = np.sin(np.linspace(0, 2 * np.pi, 1024, endpoint=False)).astype(np.float32)
    field = np.empty((height // 4, width // 4, 3), np.float32)
    levels = stage.analysis.levels
    centre, radius = (width / 2, height * (0.41 if stage.captions else 0.5)), min(width, height) * 0.185
    beams, circle = _beams(centre, radius, levels.shape[1], stage.size), _circle(radius)
    title = set_text(stage.source.title, "inter", 34, width - 160)
    shade = _halo(title)
    lyrics = Lyrics(stage.source.lines, size=40, width=width - 160) if stage.captions else None
    white, black = to_yuv(WHITE), to_yuv((0, 0, 0))

    def draw(picture: Picture, index: int) -> None:
        table, time, zoom, warp, shift, light = motion.at(index)
        kernels.stream(field, table, time, zoom, warp, shift, light, sines)
        for channel, plane in enumerate((picture.y, picture.u, picture.v)):
            kernels.enlarge(field, channel, plane, 2 if channel else 4)
        kernels.sparks(picture.y, picture.u, picture.v, *swarm.step(index))
        strength = 0.45 + 0.5 * float(stage.analysis.loudness[index])
        kernels.corona(picture.y, *beams, levels[index], radius * 1.06, radius * 0.8, strength)
        picture.paint(
            circle,
            round(centre[0]) - circle.shape[1] // 2,
            round(centre[1]) - circle.shape[0] // 2,
            white,
            strength,
        )
        left, top = 72, height - 72 - title.shape[0]
        picture.paint(shade, left - 40, top - 40, black, 0.55)
        picture.paint(title, left, top, white, 0.95)
        if lyrics is not None:
            _caption(picture, lyrics, index / FRAMES_PER_SECOND, (width // 2, height - 160), (white, black))

    return draw


Beams = tuple[NDArray[np.int16], NDArray[np.int16], Curve, Curve, NDArray[np.int32]]


def _beams(centre: tuple[float, float], radius: float, count: int, size: tuple[int, int]) -> Beams:
    """Pixels of the beams around a circle, as :func:`kernels.corona` wants them.

    Low notes are at its foot; both sides are alike.
    """
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    dx, dy = columns + 0.5 - centre[0], rows + 0.5 - centre[1]
    distance = np.hypot(dx, dy)
    angle = np.arccos(np.clip(dy / np.maximum(distance, 1e-3), -1, 1))
    step = np.pi / count
    band = np.minimum(angle / step, count - 1).astype(int)
    side = np.abs(angle - (band + 0.5) * step) * distance
    cover = np.clip(0.3 * step * radius - side + 0.5, 0, 1) * np.clip(distance - radius - 7, 0, 1)
    chosen = np.flatnonzero((cover > 0) & (distance < radius * 1.9))
    order = chosen[np.lexsort((distance.flat[chosen], band.flat[chosen]))]
    starts = np.searchsorted(band.flat[order], np.arange(count + 1))
    return (
        rows.flat[order].astype(np.int16), columns.flat[order].astype(np.int16),
        cover.flat[order].astype(np.float32), distance.flat[order].astype(np.float32),
        starts.astype(np.int32),
    )  # fmt: skip


def _circle(radius: float) -> Plane:
    """A thin ring as a mask."""
    half = int(radius) + 4
    y, x = np.mgrid[-half:half, -half:half] + 0.5
    cover = np.clip(1.9 - np.abs(np.hypot(x, y) - radius), 0, 1)
    return np.asarray(cover * 255, np.uint8)


def _caption(
    picture: Picture,
    lyrics: Lyrics,
    seconds: float,
    at: tuple[int, int],
    colours: tuple[Colour, Colour],
) -> None:
    line = lyrics.index_at(seconds)
    if not lyrics.is_on(line, seconds):
        return
    white, black = colours
    y = at[1] - 53 * len(lyrics.rows(line))
    top = y
    for row in lyrics.rows(line):
        picture.paint(_halo(row.mask), at[0] - row.mask.shape[1] // 2 - 40, y - 40, black, 0.6)
        y += 52
    lyrics.draw(picture, line, seconds, (at[0], top), (white, white), align="center")


def _halo(mask: Plane) -> Plane:
    """A soft dark cloud around letters, 40 pixels wider on each side."""
    small = Image.new("L", ((mask.shape[1] + 80) // 8, (mask.shape[0] + 80) // 8))
    small.paste(
        Image.fromarray(mask).resize(
            (max(1, mask.shape[1] // 8), max(1, mask.shape[0] // 8)), Image.Resampling.BOX
        ),
        (5, 5),
    )
    wide: Curve = np.asarray(small, np.float32)
    for axis in (0, 1):
        for _ in range(2):
            wide = (
                np.roll(wide, 2, axis)
                + np.roll(wide, 1, axis)
                + wide
                + np.roll(wide, -1, axis)
                + np.roll(wide, -2, axis)
            ) / 5
    soft = Image.fromarray(np.clip(wide * 2.6, 0, 255).astype(np.uint8))
    return np.asarray(soft.resize((small.width * 8, small.height * 8), Image.Resampling.BICUBIC)).copy()


class _Motion:
    """All curves that move the field, frame by frame."""

    def __init__(self, stage: Stage) -> None:
        analysis = stage.analysis
        low, middle = _smooth(analysis.low, 9), _smooth(analysis.middle, 15)
        self._time = np.cumsum(0.25 + 1.5 * low) / FRAMES_PER_SECOND + 3.0
        self._zoom = 1.25 - 0.28 * _smooth(analysis.low, 7)
        self._warp = 0.65 + 0.75 * middle
        self._light = _calmed(0.45 + 0.62 * analysis.loudness + 0.35 * _flashes(stage))
        self._sections = stage.sections[stage.sections > FRAMES_PER_SECOND]
        self._shift = np.arange(analysis.frames) / FRAMES_PER_SECOND * 0.012
        base = _palette(stage.cover)
        self._tables = [_table(base, turn) for turn in range(4)]

    def at(self, index: int) -> tuple[Curve, float, float, float, float, float]:
        """Colours, time, zoom, warp, shift and light of a frame."""
        section = int(np.searchsorted(self._sections, index, side="right"))
        table = self._tables[section % 4]
        if section:
            share = min(1.0, (index - int(self._sections[section - 1])) / FADE_FRAMES)
            table = self._tables[(section - 1) % 4] * np.float32(1 - share) + table * np.float32(share)
        return (
            table, float(self._time[index]), float(self._zoom[index]), float(self._warp[index]),
            float(self._shift[index]), float(self._light[index]),
        )  # fmt: skip


def _flashes(stage: Stage) -> Curve:
    """Light that jumps up on beats (of the score) or strong onsets, never more than three times a second."""
    analysis = stage.analysis
    frames = stage.beats if len(stage.beats) else analysis.onsets
    light = np.zeros(analysis.frames, np.float32)
    last = -FLASH_GAP_FRAMES
    for frame in frames:
        strength = float(analysis.loudness[frame : frame + 2].max())
        if frame - last >= FLASH_GAP_FRAMES and strength > 0.25:
            light[frame] = strength
            last = int(frame)
    for index in range(1, len(light)):
        light[index] = max(light[index], light[index - 1] * FLASH_FALL)
    return light


def _calmed(light: Curve) -> Curve:
    """Light that jumps up at most once in :data:`FLASH_GAP_FRAMES`; between, it rises gently."""
    calm = light.copy()
    last = -FLASH_GAP_FRAMES
    for index in range(1, len(calm)):
        rise = calm[index] - calm[index - 1]
        if rise > GENTLE_RISE:
            if index - last >= FLASH_GAP_FRAMES:
                last = index
            elif index - last > 1:  # a jump may take two frames
                calm[index] = calm[index - 1] + GENTLE_RISE
    return calm


def _palette(cover: Image.Image) -> Curve:
    """Five colours of the cover in OKLab, dark to light, made a little stronger."""
    few = cover.resize((96, 96), Image.Resampling.BOX).quantize(6, Image.Quantize.MEDIANCUT)
    colours = np.array(few.getpalette()[: 3 * 6], np.float32).reshape(-1, 3) / 255  # type: ignore[index]
    lab = to_oklab(colours)
    lab = lab[np.argsort(lab[:, 0])]
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    lab[:, 1:] *= np.clip(0.085 / (chroma + 1e-3), 1.0, 3.0)[:, None]
    if chroma.mean() < 0.012:  # a grey cover lends no hue: a cool one and a warm one step in
        lab[:3, 1:] += (-0.03, -0.08)
        lab[3:, 1:] += (0.06, 0.06)
    lab[:, 0] = np.clip(np.linspace(0.22, 0.86, len(lab)) * 0.6 + lab[:, 0] * 0.4, 0.15, 0.9)
    return lab


def _table(lab: Curve, turn: int) -> Curve:
    """256 colours in a circle, as y, u, v; `turn` gives a section's own light on the same colours."""
    angle = np.float32([0.0, 0.9, -0.8, 1.9][turn])
    turned = lab.copy()
    turned[:, 1] = lab[:, 1] * np.cos(angle) - lab[:, 2] * np.sin(angle)
    turned[:, 2] = lab[:, 1] * np.sin(angle) + lab[:, 2] * np.cos(angle)
    stops = np.concatenate([turned, turned[-2:0:-1], turned[:1]])
    position = np.linspace(0, len(stops) - 1, 256)
    blended = np.stack([np.interp(position, np.arange(len(stops)), stops[:, axis]) for axis in range(3)], 1)
    rgb = from_oklab(blended.astype(np.float32)) * 255
    return np.array([to_yuv((int(r), int(g), int(b))) for r, g, b in rgb], np.float32)


class _Swarm:
    """Sparks that drift, rise with the treble and scatter on onsets."""

    def __init__(self, stage: Stage) -> None:
        seed = int.from_bytes(
            hashlib.sha256(stage.source.title.encode("utf-8", "replace")).digest()[:8], "big"
        )
        dice = np.random.default_rng(seed)
        self._size = np.array(stage.size, np.float32)
        self._places = dice.uniform(0, 1, (SPARKS, 2)).astype(np.float32) * self._size
        self._speed = dice.normal(0, 0.5, (SPARKS, 2)).astype(np.float32)
        self._radius = (1.2 + 4.2 * dice.random(SPARKS) ** 3).astype(np.float32) * (min(stage.size) / 720)
        self._phase = dice.uniform(0, 6.28, SPARKS).astype(np.float32)
        self._high = _smooth(stage.analysis.high, 5)
        self._onsets = frozenset(stage.analysis.onsets.tolist())
        self._kick = 0.0

    def step(self, index: int) -> tuple[Curve, Curve, Curve]:
        """Places, radii and strengths of the next frame."""
        high = float(self._high[index])
        self._kick = 7.0 if index in self._onsets else self._kick * 0.86
        away = self._places - self._size / 2
        outward = away / (np.hypot(away[:, 0], away[:, 1])[:, None] + 1.0)
        self._places += self._speed * (0.6 + 2.2 * high) + outward * np.float32(0.25 + self._kick)
        outside = ((self._places < -20) | (self._places > self._size + 20)).any(axis=1)
        self._places[outside] = self._size / 2 + (self._places[outside] - self._size / 2) * np.float32(-0.25)
        strength = (0.25 + 0.75 * high) * (0.55 + 0.45 * np.sin(self._phase + index * 0.11))
        return self._places, self._radius, strength.astype(np.float32)


def _smooth(curve: Curve, width: int) -> Curve:
    kernel = np.hanning(width + 2)[1:-1]
    return np.convolve(np.pad(curve, width // 2, "edge"), kernel / kernel.sum(), "valid").astype(np.float32)
