"""Cosmos: a planet in the dark, its rings and orbits, dust and stars."""

import math

import numpy as np
from PIL import Image, ImageChops

from producer.media.cover.canvas import (
    Field,
    Scene,
    disc_mask,
    grain,
    grid,
    letter,
    small_print,
    to_image,
    to_mask,
)
from producer.media.cover.palette import RGB, mix
from producer.media.cover.plan import SIZE

MARGIN = 100


def draw_cosmos(scene: Scene) -> Image.Image:
    """Draw dust and stars, orbits, and one body that carries the colours."""
    dice, palette = scene.dice, scene.palette
    night = mix(palette.dark, (4, 5, 14), 0.72)
    image = _dust(scene, night, palette.vivid()[0])
    image = ImageChops.add(image, _stars(scene))
    cx, cy = dice.uniform(-0.25, 0.25), dice.uniform(-0.05, 0.15)
    radius = dice.uniform(0.34, 0.5)
    tilt = dice.uniform(-0.5, 0.5)
    ringed = dice.random() < 0.6
    line = mix(night, palette.light, 0.55)
    if not ringed:
        _orbits(scene, image, cx, cy, radius, line)
    if ringed:
        image = _ring(scene, image, cx, cy, radius, tilt, front=False)
    image = _planet(scene, image, cx, cy, radius)
    if ringed:
        image = _ring(scene, image, cx, cy, radius, tilt, front=True)
    image = grain(image, scene, 0.035)
    face, tracking = dice.choice(
        (("josefin light", 0.22), ("cinzel", 0.1), ("unbounded", 0.02), ("serif", 0.02))
    )
    ink = palette.ink_on(night)
    letter(
        image,
        scene.plan.title,
        face,
        (MARGIN, MARGIN, SIZE - 2 * MARGIN, 190),
        ink,
        align="center",
        upper=True,
        max_lines=2,
        max_size=105,
        tracking=tracking,
        leading=1.15,
    )
    small_print(
        image,
        scene,
        (MARGIN, SIZE - MARGIN, SIZE - 2 * MARGIN, 24),
        mix(night, palette.light, 0.7),
        align="center",
        size=21,
    )
    return image


def _dust(scene: Scene, night: RGB, tint: RGB) -> Image.Image:
    clouds = np.clip(scene.field(2, 4, SIZE // 2) * 1.3, 0, 1) ** 1.4 * 0.4
    image = Image.new("RGB", (SIZE, SIZE), night)
    image.paste(tint, mask=to_mask(clouds).resize((SIZE, SIZE), Image.Resampling.BICUBIC))
    return image


def _stars(scene: Scene) -> Image.Image:
    sky = np.zeros((SIZE, SIZE), np.float32)
    places = scene.noise.integers(0, SIZE, (2, 900))
    sky[places[0], places[1]] = scene.noise.uniform(0.1, 1, 900) ** 2.5
    for y, x in places[:, :26].T:
        sky[max(0, y - 5) : y + 6, x] = np.maximum(sky[max(0, y - 5) : y + 6, x], 0.35)
        sky[y, max(0, x - 5) : x + 6] = np.maximum(sky[y, max(0, x - 5) : x + 6], 0.35)
        sky[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2] = 0.9
    return Image.merge("RGB", [to_mask(sky)] * 3)


def _planet(scene: Scene, image: Image.Image, cx: float, cy: float, radius: float) -> Image.Image:
    """A ball lit from one side, banded or clouded, with a rim of air (Lambert's cosine law)."""
    dice, palette = scene.dice, scene.palette
    part = _around(cx, cy, radius * 1.5)
    x, y = (axis[part] for axis in grid())
    u, v = (x - cx) / radius, (y - cy) / radius
    square = u * u + v * v
    height = np.sqrt(np.clip(1 - square, 0, 1))
    angle = dice.uniform(-2.6, -0.5)
    light = np.clip(math.cos(angle) * u + math.sin(angle) * v + 0.45 * height, 0, 1) ** 0.8
    stretch = dice.choice((0.15, 1.0))
    noise = scene.field(4, 4)[part]
    bands = v * dice.uniform(3, 6) + noise * (0.4 + stretch * 1.6)
    table = np.array([*palette.colours, palette.ground], np.float32) / 255
    position = (bands - bands.min()) / (np.ptp(bands) + 1e-6) * (len(table) - 1.001)
    low = np.floor(position).astype(int)
    share = (position - low)[:, :, None]
    surface = table[low] * (1 - share) + table[low + 1] * share
    air = np.exp(-np.clip(np.sqrt(square) - 1, 0, 9) * 14)[:, :, None] * light.max() * 0.35
    rim = np.array(palette.light, np.float32) / 255
    side = np.clip(math.cos(angle) * u + math.sin(angle) * v, 0, 1)[:, :, None]
    sky = np.asarray(image, np.float32)[part] / 255 + air * rim * side * 0.9
    inside = np.clip((1 - np.sqrt(square)) * radius * SIZE / 2 + 0.5, 0, 1)[:, :, None]
    lit = surface * (0.04 + light[:, :, None]) + rim * (square[:, :, None] ** 6) * side * 0.35
    image.paste(to_image(sky * (1 - inside) + lit * inside), (part[1].start, part[0].start))
    return image


def _around(cx: float, cy: float, reach: float) -> tuple[slice, slice]:
    """The part of the cover, rows and columns, within `reach` of a point."""
    rows, columns = (
        slice(max(0, int((c - reach + 1) * SIZE / 2)), min(SIZE, int((c + reach + 1) * SIZE / 2)))
        for c in (cy, cx)
    )
    return rows, columns


def _ring(
    scene: Scene, image: Image.Image, cx: float, cy: float, radius: float, tilt: float, *, front: bool
) -> Image.Image:
    """Rings around the equator, seen aslant; the front half is drawn after the planet."""
    part = _around(cx, cy, radius * 2)
    x, y = grid()
    u, v = x[part] - cx, y[part] - cy
    along = u * math.cos(tilt) + v * math.sin(tilt)
    across = (-u * math.sin(tilt) + v * math.cos(tilt)) / 0.24
    distance = np.hypot(along, across) / radius
    stripes: Field = 0.55 + 0.45 * np.sin(distance * 46) * np.sin(distance * 17 + 1)
    inside = np.clip((distance - 1.28) * 60, 0, 1) * np.clip((1.95 - distance) * 30, 0, 1)
    half = np.clip(across * 200 + 0.5, 0, 1) if front else np.clip(-across * 200 + 0.5, 0, 1)
    share = (inside * stripes * half * 0.8)[:, :, None]
    colour = np.array(mix(scene.palette.light, scene.palette.vivid()[0], 0.25), np.float32) / 255
    below = np.asarray(image, np.float32)[part] / 255
    image.paste(to_image(below * (1 - share) + colour * share), (part[1].start, part[0].start))
    return image


def _orbits(scene: Scene, image: Image.Image, cx: float, cy: float, radius: float, colour: RGB) -> None:
    """Thin circles with small bodies on them."""
    x, y = (cx + 1) * SIZE / 2, (cy + 1) * SIZE / 2
    for index in range(scene.dice.randint(3, 6)):
        r = radius * SIZE / 2 * (1.25 + 0.28 * index)
        angle = scene.dice.uniform(0, 6.28)
        bx, by, size = x + r * math.cos(angle), y + r * math.sin(angle), scene.dice.uniform(5, 18)
        line = ImageChops.subtract(disc_mask(x, y, r + 0.8), disc_mask(x, y, r - 0.8))
        image.paste(colour, mask=line.point(lambda value: int(value * 0.6)))
        image.paste(scene.palette.colours[index % len(scene.palette.colours)], mask=disc_mask(bx, by, size))
