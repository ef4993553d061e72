"""What all design families draw with: a scene, fields of noise, paper and print, the title."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from producer.media import typeset
from producer.media.cover.palette import RGB, Palette, as_rgb, luminance
from producer.media.cover.plan import SIZE, CoverPlan

Field = NDArray[np.floating[Any]]
Box = tuple[float, float, float, float]  #: left, top, width, height in pixels
OVERSAMPLE = 2


@dataclass(frozen=True, slots=True)
class Scene:
    """A plan with its colours and dice."""

    plan: CoverPlan
    palette: Palette
    dice: Random
    noise: np.random.Generator

    def field(self, cells: int, octaves: int = 4, size: int = SIZE) -> Field:
        """Smooth noise, mean 0, about ±1: `cells` bumps across, finer ones added octave by octave."""
        total = np.zeros((size, size), np.float32)
        for octave in range(octaves):
            count = cells * 2**octave + 3
            lattice = self.noise.standard_normal((count, count)).astype(np.float32)
            total += (
                np.asarray(Image.fromarray(lattice).resize((size, size), Image.Resampling.BICUBIC))
                / 2**octave
            )
        return np.asarray(total / max(float(np.abs(total).max()), 1e-6), np.float32)


class Family(Protocol):
    """Draws the picture of a cover and sets its title."""

    def __call__(self, scene: Scene) -> Image.Image:
        """Give back the finished cover, ``SIZE`` × ``SIZE``."""
        ...


class Pen:
    """Draws shapes at twice the size; :meth:`done` brings them down, which smooths their edges."""

    def __init__(self, ground: RGB | Image.Image) -> None:
        large = (SIZE * OVERSAMPLE,) * 2
        self._image = (
            ground.resize(large) if isinstance(ground, Image.Image) else Image.new("RGB", large, ground)
        )
        self._brush = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[tuple[float, float]] | Field, fill: RGB) -> None:
        """A filled polygon."""
        self._brush.polygon([(x * OVERSAMPLE, y * OVERSAMPLE) for x, y in points], fill=fill)

    def line(self, points: Sequence[tuple[float, float]] | Field, fill: RGB, width: float) -> None:
        """A line with round bends."""
        scaled = [(x * OVERSAMPLE, y * OVERSAMPLE) for x, y in points]
        self._brush.line(scaled, fill=fill, width=max(1, round(width * OVERSAMPLE)), joint="curve")

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        fill: RGB | None,
        *,
        outline: RGB | None = None,
        width: float = 0,
    ) -> None:
        """A disc, or a ring when it has an outline only."""
        box = [v * OVERSAMPLE for v in (x - radius, y - radius, x + radius, y + radius)]
        self._brush.ellipse(box, fill=fill, outline=outline, width=round(width * OVERSAMPLE))

    def slice(self, x: float, y: float, radius: float, start: float, end: float, fill: RGB) -> None:
        """A piece of pie; degrees clockwise from the right."""
        box = [v * OVERSAMPLE for v in (x - radius, y - radius, x + radius, y + radius)]
        self._brush.pieslice(box, start, end, fill=fill)

    def rectangle(self, box: Box, fill: RGB, *, radius: float = 0) -> None:
        """A filled rectangle, with round corners where asked."""
        x, y, w, h = (v * OVERSAMPLE for v in box)
        self._brush.rounded_rectangle((x, y, x + w - 1, y + h - 1), radius * OVERSAMPLE, fill=fill)

    def done(self) -> Image.Image:
        """The drawing at its real size."""
        return self._image.reduce(OVERSAMPLE)


def coverage(draw: Callable[[ImageDraw.ImageDraw, int], None]) -> Image.Image:
    """A mask drawn by `draw(brush, scale)` at `scale` times the size."""
    sheet = Image.new("L", (SIZE * OVERSAMPLE,) * 2)
    draw(ImageDraw.Draw(sheet), OVERSAMPLE)
    return sheet.reduce(OVERSAMPLE)


def polygon_mask(points: Sequence[tuple[float, float]]) -> Image.Image:
    """A filled polygon as a mask."""
    return coverage(lambda brush, k: brush.polygon([(x * k, y * k) for x, y in points], fill=255))


def disc_mask(x: float, y: float, radius: float) -> Image.Image:
    """A disc as a mask."""
    box = (x - radius, y - radius, x + radius, y + radius)
    return coverage(lambda brush, k: brush.ellipse([value * k for value in box], fill=255))


def grid(size: int = SIZE) -> tuple[Field, Field]:
    """Coordinates −1 … 1, x to the right and y down."""
    axis = np.linspace(-1, 1, size, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    return x, y


def to_image(rgb: Field) -> Image.Image:
    """Floats 0–1, shape ``(h, w, 3)``, as a picture."""
    return Image.fromarray(np.clip(rgb * 255 + 0.5, 0, 255).astype(np.uint8))


def to_mask(values: Field) -> Image.Image:
    """Floats 0–1 as coverage."""
    return Image.fromarray(np.clip(values * 255 + 0.5, 0, 255).astype(np.uint8))


def ramp(top: RGB, bottom: RGB, *, power: float = 1.0) -> Image.Image:
    """A vertical run from one colour to another."""
    share = np.linspace(0, 1, SIZE, dtype=np.float32)[:, None, None] ** power
    a, b = np.array(top, np.float32), np.array(bottom, np.float32)
    column = (a + (b - a) * share).round().astype(np.uint8)
    return Image.fromarray(np.repeat(column, SIZE, axis=1))


def grain(image: Image.Image, scene: Scene, amount: float = 0.035) -> Image.Image:
    """Film grain: the same noise on all colours, less in the lights."""
    noise = scene.noise.standard_normal((SIZE // 2, SIZE // 2)).astype(np.float32)
    fine = np.asarray(Image.fromarray(noise).resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    rgb = np.asarray(image, np.float32) / 255
    strength = amount * (1.15 - rgb.mean(axis=2, keepdims=True))
    return to_image(rgb + fine[:, :, None] * strength)


def paper(image: Image.Image, scene: Scene, amount: float = 0.05) -> Image.Image:
    """Paper that shows through: fibres and clouds darken and lighten the print."""
    clouds = scene.field(5, 3) * 0.5
    fibres = scene.noise.standard_normal((SIZE // 4, SIZE)).astype(np.float32)
    streaks = np.asarray(Image.fromarray(fibres).resize((SIZE, SIZE), Image.Resampling.BILINEAR))
    texture = 1.0 + amount * (clouds + streaks * 0.45)
    return to_image(np.asarray(image, np.float32) / 255 * texture[:, :, None])


def worn(mask: Image.Image, scene: Scene, amount: float = 0.5) -> Image.Image:
    """A mask with specks missing, as in an old print."""
    specks = scene.field(90, 2) + 0.5 * scene.field(7, 2)
    kept = np.clip((specks + 1.15 - amount) * 6, 0, 1)
    return ImageChops.multiply(mask, to_mask(kept))


def glow(image: Image.Image, mask: Image.Image, colour: RGB, radius: float) -> Image.Image:
    """Light of a colour around a mask, added."""
    light = Image.new("RGB", image.size)
    light.paste(colour, mask=mask.reduce(4).filter(ImageFilter.GaussianBlur(radius / 4)).resize(image.size))
    return ImageChops.add(image, light)


def mean_colour(image: Image.Image, box: Box) -> RGB:
    """Average colour of a part of a picture."""
    left, top, width, height = (int(v) for v in box)
    mean = np.asarray(image.crop((left, top, left + width, top + height))).mean(axis=(0, 1))
    return as_rgb(mean / 255)


def letter(
    image: Image.Image,
    text: str,
    face: str,
    box: Box,
    colour: RGB | Image.Image,
    *,
    align: str = "left",
    valign: str = "top",
    upper: bool = False,
    max_lines: int = 4,
    max_size: float = 300.0,
    tracking: float = 0.0,
    leading: float = 1.0,
    wear: Callable[[Image.Image], Image.Image] | None = None,
) -> Box:
    """Set text into a box of a picture, as large as fits; give back the box of its ink."""
    setting = typeset.fit(
        text.upper() if upper else text,
        face,
        box[2:],
        max_lines=max_lines,
        max_size=max_size,
        tracking=tracking,
        leading=leading,
    )
    ink = typeset.draw(setting, align=align)
    if ink.width > box[2] * 1.02 or ink.height > box[3] * 1.02:  # marks above and below the letters
        ink.thumbnail((int(box[2]), int(box[3])), Image.Resampling.LANCZOS)
    x = round(box[0] + (box[2] - ink.width) * {"left": 0.0, "center": 0.5, "right": 1.0}[align])
    y = round(box[1] + (box[3] - ink.height) * {"top": 0.0, "middle": 0.5, "bottom": 1.0}[valign])
    mask = Image.new("L", image.size)
    mask.paste(ink, (x, y))
    image.paste(colour, (0, 0, *image.size), wear(mask) if wear else mask)
    return x, y, ink.width, ink.height


def small_print(
    image: Image.Image,
    scene: Scene,
    box: Box,
    colour: RGB,
    *,
    align: str = "left",
    face: str = "inter",
    size: float = 25.0,
) -> None:
    """A quiet line with style and key, as a label would print it."""
    words = [scene.plan.style.replace("_", " ").strip()[:40], scene.plan.key_name or ""]
    text = "  —  ".join(word for word in words if word)
    letter(
        image,
        text,
        face,
        box,
        colour,
        align=align,
        valign="middle",
        upper=True,
        max_lines=1,
        max_size=size,
        tracking=0.14,
    )


def is_light(colour: RGB) -> bool:
    """Whether dark ink reads better on it."""
    return luminance(colour) > 0.18
