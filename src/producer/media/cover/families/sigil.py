"""Sigil: an engraved emblem, spikes and rings in perfect symmetry, on worn black."""

import math

import numpy as np
from PIL import Image, ImageDraw

from producer.media.cover.canvas import (
    OVERSAMPLE,
    Scene,
    coverage,
    grain,
    letter,
    small_print,
    to_image,
    worn,
)
from producer.media.cover.palette import mix
from producer.media.cover.plan import SIZE

CENTRE = (700.0, 800.0)


def draw_sigil(scene: Scene) -> Image.Image:
    """Draw smoke, the emblem, and a title in blackletter or roman capitals."""
    dice, palette = scene.dice, scene.palette
    night = mix(palette.dark, (6, 6, 7), 0.75)
    bone = mix(palette.light, (224, 218, 205), 0.4)
    smoke = np.clip(scene.field(3, 6) * 0.9 + 0.1, 0, 1)[:, :, None]
    tint = np.array(palette.vivid()[0], np.float32) / 255
    image = to_image(np.array(night, np.float32) / 255 * (0.8 + 0.4 * smoke) + tint * smoke**2 * 0.28)
    emblem = coverage(lambda brush, k: _emblem(scene, brush, k))
    moon = dice.random() < 0.4
    if moon:
        disc = coverage(lambda brush, k: _disc(brush, k, dice.uniform(500, 540)))
        image.paste(palette.vivid()[0], mask=worn(disc, scene, 0.3))
    image.paste(night if moon else bone, mask=worn(emblem, scene, 0.5))
    if not moon and dice.random() < 0.6:
        heart = coverage(lambda brush, k: _disc(brush, k, dice.uniform(60, 110)))
        image.paste(palette.vivid()[0], mask=worn(heart, scene, 0.35))
    face = dice.choice(("blackletter", "blackletter", "cinzel", "anton"))
    letter(
        image,
        scene.plan.title,
        face,
        (100, 80, SIZE - 200, 250),
        bone,
        align="center",
        valign="middle",
        upper=face != "blackletter",
        max_lines=2,
        max_size=230,
        leading=1.0,
        wear=lambda mask: worn(mask, scene, 0.4),
    )
    small_print(
        image, scene, (100, SIZE - 78, SIZE - 200, 24), mix(night, bone, 0.7), align="center", size=20
    )
    return grain(image, scene, 0.07)


def _disc(brush: ImageDraw.ImageDraw, k: int, radius: float) -> None:
    x, y = CENTRE
    brush.ellipse([v * k for v in (x - radius, y - radius, x + radius, y + radius)], fill=255)


def _emblem(scene: Scene, brush: ImageDraw.ImageDraw, k: int) -> None:
    """Rays, thorned spikes, star polygons and rings with marks, from the outside in."""
    dice = scene.dice
    count = dice.choice((6, 8, 9, 12, 13))
    outer = dice.uniform(360, 490)
    for index in range(count * 12):
        angle = 2 * math.pi * index / (count * 12)
        start = outer * (0.72 if index % 12 else 0.62)
        end = outer * (0.80 + 0.24 * abs(math.cos(angle * count / 2)) ** 3)
        brush.line(
            [*_at(angle, start, k), *_at(angle, end, k)], fill=255, width=int((1.6 if index % 3 else 3) * k)
        )
    for index in range(count):
        _spike(
            brush,
            2 * math.pi * index / count - math.pi / 2,
            outer * 0.3,
            outer * 1.12,
            dice.uniform(20, 21),
            k,
        )
    for radius, width in ((0.72, 4), (0.69, 1.6), (0.36, 3), (0.62, 1.5)):
        r = outer * radius
        x, y = CENTRE
        brush.ellipse([v * k for v in (x - r, y - r, x + r, y + r)], outline=255, width=int(width * k))
    step = dice.choice([s for s in range(2, count // 2 + 1) if math.gcd(s, count) == 1] or [2])
    star = [
        _at(2 * math.pi * ((i * step) % count) / count - math.pi / 2, outer * 0.62, k)
        for i in range(count + 1)
    ]
    brush.line(star, fill=255, width=int(3.4 * k), joint="curve")
    for index in range(count * 3):
        angle = 2 * math.pi * (index + 0.5) / (count * 3)
        x, y = _at(angle, outer * 0.655, k)
        size = (4 if index % 3 else 7) * k
        brush.ellipse((x - size, y - size, x + size, y + size), fill=255)


def _spike(brush: ImageDraw.ImageDraw, angle: float, inner: float, outer: float, half: float, k: int) -> None:
    """A blade with a hollow and two thorns."""
    side = half / inner
    middle = (inner + outer) / 2
    blade = [
        _at(angle - side, inner, k),
        _at(angle - side * 0.35, middle, k),
        _at(angle, outer, k),
        _at(angle + side * 0.35, middle, k),
        _at(angle + side, inner, k),
    ]
    brush.polygon(blade, fill=255)
    brush.line([_at(angle, inner * 1.1, k), _at(angle, middle * 1.1, k)], fill=0, width=int(2.2 * k))
    for turn in (-1, 1):
        thorn = [
            _at(angle + turn * side * 0.3, middle * 0.98, k),
            _at(angle + turn * side * 1.9, middle * 1.1, k),
            _at(angle + turn * side * 0.25, middle * 1.12, k),
        ]
        brush.polygon(thorn, fill=255)


def _at(angle: float, radius: float, k: int) -> tuple[float, float]:
    return (CENTRE[0] + radius * math.cos(angle)) * k, (CENTRE[1] + radius * math.sin(angle)) * k


assert OVERSAMPLE == 2, "line widths were chosen for it"
