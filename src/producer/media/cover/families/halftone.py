"""Halftone: a shape printed in coarse dots, two inks a little out of register."""

import math

import numpy as np
from PIL import Image, ImageChops

from producer.media.cover.canvas import Field, Scene, grid, letter, paper, small_print, to_mask
from producer.media.cover.palette import RGB, contrast, mix
from producer.media.cover.plan import SIZE

MARGIN = 80


def draw_halftone(scene: Scene) -> Image.Image:
    """Print a tone in two inks over a ground, with a heavy title."""
    dice, palette = scene.dice, scene.palette
    ground = palette.light if dice.random() < 0.55 else palette.vivid()[0]
    inks = sorted(palette.all, key=lambda c: -contrast(c, ground))
    first, second = (
        inks[0],
        next(
            (c for c in palette.vivid() if c not in (ground, inks[0]) and contrast(c, ground) > 1.25), inks[1]
        ),
    )
    x, y = grid()
    tone = dice.choice((_sphere, _burst, _folds, _moons, _bloom))(scene, x, y)
    cell = dice.choice((20.0, 26.0, 34.0))
    angle = dice.uniform(12, 40)
    image = Image.new("RGB", (SIZE, SIZE), ground)
    shift = dice.randint(10, 26)
    under = np.roll(np.clip(tone * 1.1 + 0.08, 0, 1), (shift, -shift), (0, 1))
    image = _print(image, _dots(x, y, under, cell, angle + 45), second)
    image = _print(image, _dots(x, y, np.clip(tone**1.25 - 0.04, 0, 1), cell, angle), first)
    return paper(_titled(scene, image, ground, first), scene, 0.04)


def _titled(scene: Scene, image: Image.Image, ground: RGB, ink: RGB) -> Image.Image:
    dice = scene.dice
    face = dice.choice(("anton", "archivo", "inter black", "anton"))
    height = 300
    if dice.random() < 0.5:  # a solid block with the title knocked out; else the picture moves down for it
        image.paste(ink, (0, SIZE - height, SIZE, SIZE))
        paint = ground if contrast(ground, ink) > 3 else scene.palette.ink_on(ink)
        box = (MARGIN, SIZE - height + 44, SIZE - 2 * MARGIN, height - 120)
        letter(
            image,
            scene.plan.title,
            face,
            box,
            paint,
            upper=True,
            max_lines=2,
            max_size=250,
            leading=1.02,
            valign="middle",
        )
        small_print(image, scene, (MARGIN, SIZE - 58, SIZE - 2 * MARGIN, 26), paint)
        return image
    image = ImageChops.offset(image, 0, 150)
    image.paste(ground, (0, 0, SIZE, 330))
    paint = scene.palette.ink_on(ground)
    letter(
        image,
        scene.plan.title,
        face,
        (MARGIN, 64, SIZE - 2 * MARGIN, 216),
        paint,
        upper=True,
        valign="middle",
        max_lines=2,
        max_size=260,
        leading=1.04,
    )
    return image


def _dots(x: Field, y: Field, tone: Field, cell: float, degrees: float) -> Image.Image:
    """Dots as large as the tone is dark; the cosine screen gives round dots that join like real ones."""
    turn = math.radians(degrees)
    scale = SIZE / 2 * 2 * math.pi / cell
    u = (x * math.cos(turn) + y * math.sin(turn)) * scale
    v = (-x * math.sin(turn) + y * math.cos(turn)) * scale
    screen = 0.5 - 0.25 * (np.cos(u) + np.cos(v))
    return to_mask(np.clip((tone - screen) * cell * 0.55 + 0.5, 0, 1) * (tone > 0.015))


def _print(image: Image.Image, dots: Image.Image, ink: RGB) -> Image.Image:
    layer = Image.new("RGB", image.size, (255, 255, 255))
    layer.paste(ink, mask=dots)
    multiplied = ImageChops.multiply(image, layer)
    return Image.composite(mix_image(multiplied, ink), image, dots)


def mix_image(image: Image.Image, ink: RGB) -> Image.Image:
    """Ink that covers more than it lets through."""
    return Image.blend(image, Image.new("RGB", image.size, mix(ink, (0, 0, 0), 0.05)), 0.75)


def _sphere(scene: Scene, x: Field, y: Field) -> Field:
    """A ball lit from one side, with its shadow."""
    cx, cy, radius = (
        scene.dice.uniform(-0.15, 0.15),
        scene.dice.uniform(-0.12, 0.08),
        scene.dice.uniform(0.58, 0.7),
    )
    u, v = (x - cx) / radius, (y - cy) / radius
    inside = u * u + v * v < 1
    height = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
    light = np.clip(0.6 * -u + 0.5 * -v + 0.62 * height, 0, 1)
    return np.where(inside, 1.0 - 0.95 * light, 0.16 * np.clip(1 + y, 0, 1)).astype(np.float32)


def _burst(scene: Scene, x: Field, y: Field) -> Field:
    """Rays around a dark sun."""
    cy = scene.dice.uniform(-0.1, 0.25)
    angle, radius = np.arctan2(y - cy, x), np.hypot(x, y - cy)
    rays = 0.5 + 0.5 * np.sign(np.cos(angle * scene.dice.choice((9, 12, 16))))
    outside = rays * np.clip(1.15 - radius * 0.8, 0, 1) * 0.85
    return np.where(
        radius < 0.38, np.clip(0.95 - (cy + 0.4 - y), 0.1, 1), np.where(radius < 0.43, 0, outside)
    ).astype(np.float32)


def _folds(scene: Scene, x: Field, y: Field) -> Field:
    """Cloth in the wind."""
    warp = scene.field(2, 3)
    lean = scene.dice.uniform(-1, 1)
    return np.asarray(0.5 + 0.48 * np.sin(5.5 * (x * lean + y) + 4.5 * warp), np.float32)


def _moons(scene: Scene, x: Field, y: Field) -> Field:
    """Phases of a moon, side by side."""
    tone = np.full_like(x, 0.06)
    for index in range(9):
        cx, cy = (index % 3 - 1) * 0.62, (index // 3 - 1) * 0.56 - 0.06
        u, v = (x - cx) / 0.25, (y - cy) / 0.25
        inside = u * u + v * v < 1
        height = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
        turn = math.pi * (index / 8)
        light = np.clip(math.cos(turn) * height + math.sin(turn) * u, -1, 1)
        tone = np.where(inside, np.clip(0.55 - light * 0.75, 0.02, 1), tone)
    return tone.astype(np.float32)


def _bloom(scene: Scene, x: Field, y: Field) -> Field:
    """A flower with shaded petals (a rose curve)."""
    petals = scene.dice.choice((5, 6, 8))
    angle, radius = np.arctan2(y + 0.05, x), np.hypot(x, y + 0.05)
    edge = 0.42 + 0.34 * np.abs(np.cos(angle * petals / 2 + scene.dice.uniform(0, 3)))
    petal = np.clip(radius / edge, 0, 1) ** 1.4
    crease = 0.3 * np.exp(-((np.sin(angle * petals / 2) / 0.18) ** 2))
    tone = np.where(radius < edge, 0.12 + 0.75 * petal - crease * (radius > 0.15), 0.05)
    return np.where(radius < 0.15, 0.95 - radius * 3, np.clip(tone, 0, 1)).astype(np.float32)
