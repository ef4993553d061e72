"""Retro: stripes of the seventies, a sun over a neon grid, rays and discs of old labels."""

import math

import numpy as np
from PIL import Image, ImageDraw

from producer.media.cover.canvas import (
    Box,
    Pen,
    Scene,
    coverage,
    glow,
    grain,
    letter,
    mean_colour,
    ramp,
    small_print,
    worn,
)
from producer.media.cover.palette import RGB, contrast, luminance, mix
from producer.media.cover.plan import SIZE

MARGIN = 90
NEON_STYLES = ("synth", "disco", "wave", "80s", "electro", "trance")


def draw_retro(scene: Scene) -> Image.Image:
    """Draw the neon grid (for the styles of the eighties in dark colours), stripes, rays or arches."""
    neon = any(word in scene.plan.style.casefold() for word in NEON_STYLES)
    ways = (_grid,) if neon else (_stripes, _rays, _stripes, _rainbow)
    return scene.dice.choice(ways)(scene)


def _bands(scene: Scene, ground: RGB, count: int) -> list[RGB]:
    """Stripe colours that stand out from the ground, dark to light."""
    found = [c for c in scene.palette.all if contrast(c, ground) > 1.25]
    while len(found) < count:
        found.append(mix(found[0], found[-1], len(found) / count))
    return sorted(found, key=luminance)[:count]


def _stripes(scene: Scene) -> Image.Image:
    """Parallel stripes that come in, turn a corner round, and leave."""
    dice, palette = scene.dice, scene.palette
    ground = mix(palette.light, (255, 244, 220), 0.4) if not palette.is_dark else palette.dark
    pen = Pen(ground)
    colours = _bands(scene, ground, 4)
    wide = dice.uniform(52, 74)
    x, y = dice.uniform(600, 760), dice.uniform(420, 520)
    for index, colour in enumerate(colours + [ground]):
        r = 120 + (len(colours) - index) * wide
        pen.rectangle((x - 2000, y - r, 2000, r), colour)
        pen.rectangle((x, y, r, 2000), colour)
        pen.slice(x, y, r, 270, 360, colour)
    pen.rectangle((x - 2000, y - 120, 2000, 1800), ground)
    pen.rectangle((x - 2000, y, 2120, 1800), ground)
    pen.slice(x, y, 120, 270, 360, ground)
    image = pen.done()
    free = x + 120 - 50 - MARGIN  # from the margin to the stripes that go down
    left = dice.random() < 0.5
    if not left:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return _signed(scene, image, ground, (MARGIN if left else SIZE - MARGIN - free, 860, free, 420))


def _signed(scene: Scene, image: Image.Image, ground: RGB, box: Box) -> Image.Image:
    """The title low on the free side, worn like an old sleeve."""
    dice = scene.dice
    ink = scene.palette.ink_on(ground)
    face = dice.choice(("shrikhand", "righteous", "pacifico", "abril"))
    align = "left" if box[0] == MARGIN else "right"
    wear = dice.uniform(0.25, 0.45)
    letter(
        image,
        scene.plan.title,
        face,
        box,
        ink,
        align=align,
        valign="bottom",
        max_lines=4,
        max_size=200,
        leading=1.12,
        wear=lambda m: worn(m, scene, wear),
    )
    small_print(image, scene, (box[0], SIZE - MARGIN - 4, box[2], 26), ink, align=align)
    return grain(image, scene, 0.06)


def _rainbow(scene: Scene) -> Image.Image:
    """Arches one in the other, standing on the lower edge."""
    dice, palette = scene.dice, scene.palette
    ground = palette.ground
    pen = Pen(ground)
    colours = _bands(scene, ground, 4)
    wide = dice.uniform(70, 95)
    x, base = dice.choice((700.0, 1080.0, 320.0)), 1000.0
    for index, colour in enumerate(colours + [ground]):
        r = 150 + (len(colours) - index) * wide
        pen.slice(x, base, r, 180, 360, colour)
    pen.rectangle((0, base, SIZE, 400), ground)
    for index, colour in enumerate(colours):
        pen.rectangle((0, base + 14 + index * 9, SIZE, 4), colour)
    pen.circle(x, base - 60, 62, colours[-1] if colours[-1] != ground else colours[0])
    pen.rectangle((0, base, SIZE, 13), ground)
    return _signed(scene, pen.done(), ground, (MARGIN, 1070, SIZE - 2 * MARGIN, 210))


def _rays(scene: Scene) -> Image.Image:
    """Sunburst with a disc that carries the title."""
    dice, palette = scene.dice, scene.palette
    first, second = palette.vivid()[0], palette.light
    if contrast(first, second) < 1.4:
        second = mix(second, (255, 255, 255), 0.7)
    pen = Pen(second)
    count = dice.choice((12, 16, 20))
    y = dice.choice((600.0, 700.0, 760.0))
    for index in range(count):
        a, b = (2 * math.pi * (index + k) / count for k in (0, 0.5))
        pen.polygon(
            [
                (700, y),
                (700 + 1600 * math.cos(a), y + 1600 * math.sin(a)),
                (700 + 1600 * math.cos(b), y + 1600 * math.sin(b)),
            ],
            first,
        )
    plate = palette.dark
    for radius, colour in ((470, second), (452, plate), (434, second), (426, plate)):
        pen.circle(700, y, radius, colour)
    image = pen.done()
    ink = palette.ink_on(plate)
    face = dice.choice(("shrikhand", "pacifico", "abril", "righteous"))
    letter(
        image,
        scene.plan.title,
        face,
        (370, y - 230, 660, 400),
        ink,
        align="center",
        valign="middle",
        max_lines=4,
        max_size=200,
        leading=1.05,
    )
    small_print(image, scene, (430, y + 262, 540, 24), mix(plate, ink, 0.75), align="center", size=22)
    return grain(image, scene, 0.07)


def _grid(scene: Scene) -> Image.Image:
    """A striped sun over mountains and a glowing grid that runs to the horizon."""
    dice, palette = scene.dice, scene.palette
    night = mix(palette.dark, (4, 0, 14), 0.6)
    bright = [c for c in palette.vivid() if luminance(c) > 0.08] or [palette.light]
    hot, cool = bright[0], bright[1 % len(bright)]
    image = ramp(night, mix(night, hot, 0.55), power=1.6)
    horizon, radius, x = 860, dice.uniform(270, 340), 700.0
    y = horizon - radius * 0.55
    sun = coverage(lambda brush, k: _sun_with_slits(brush, k, x, y, radius))
    image = glow(image, sun, mix(hot, (0, 0, 0), 0.3), 90)
    image.paste(ramp(palette.light, hot), mask=sun)
    t = np.linspace(0, SIZE, 60)
    peaks = horizon - 40 - np.abs(scene.noise.normal(0, 1, 60)) * 75 * np.clip(np.abs(t - 700) / 500, 0.05, 1)
    ridge = coverage(
        lambda brush, k: brush.polygon(
            [
                *((a * k, b * k) for a, b in zip(t, peaks, strict=True)),
                (SIZE * k, horizon * k),
                (0, horizon * k),
            ],
            fill=255,
        )
    )
    image.paste(mix(night, (0, 0, 0), 0.3), mask=ridge)
    image.paste(mix(night, (0, 0, 0), 0.45), (0, horizon, SIZE, SIZE))
    lines = coverage(lambda brush, k: _floor(brush, k, horizon))
    image = glow(image, lines, mix(cool, (0, 0, 0), 0.2), 14)
    image.paste(cool, mask=lines)
    face = dice.choice(("monoton", "righteous", "pacifico", "unbounded"))
    ink = palette.ink_on(mean_colour(image, (MARGIN, 90, 1220, 240)))
    letter(
        image,
        scene.plan.title,
        face,
        (MARGIN, 90, SIZE - 2 * MARGIN, 230),
        ink,
        align="center",
        valign="middle",
        max_lines=2,
        max_size=190,
        leading=1.1,
        upper=face == "monoton",
    )
    small_print(image, scene, (MARGIN, SIZE - 80, SIZE - 2 * MARGIN, 26), palette.light, align="center")
    return grain(image, scene, 0.04)


def _sun_with_slits(brush: ImageDraw.ImageDraw, k: int, x: float, y: float, radius: float) -> None:
    brush.ellipse([v * k for v in (x - radius, y - radius, x + radius, y + radius)], fill=255)
    for slit in range(7):
        top = y + radius * (-0.05 + slit * 0.15)
        brush.rectangle((0, top * k, SIZE * k, (top + 5 + slit * 4.5) * k), fill=0)


def _floor(brush: ImageDraw.ImageDraw, k: int, horizon: int) -> None:
    for row in range(16):
        y = horizon + (SIZE - horizon) * (row / 15) ** 2.2
        brush.line((0, y * k, SIZE * k, y * k), fill=255, width=int((1 + 3 * row / 15) * k))
    for column in range(-24, 25):
        brush.line(
            ((700 + column * 26) * k, horizon * k, (700 + column * 190) * k, SIZE * k), fill=255, width=2 * k
        )
