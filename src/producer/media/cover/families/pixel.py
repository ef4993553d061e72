"""Pixel: a scene of an old console, 100 × 100 pixels in few colours."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from producer.media.cover.canvas import Field, Scene, letter, mean_colour, small_print
from producer.media.cover.palette import RGB, mix
from producer.media.cover.plan import SIZE

Art = NDArray[np.uint8]

PIXELS = 100
# Bayer's 4 × 4 threshold matrix (1973): ordered dithering.
BAYER = (np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]) + 0.5) / 16


def draw_pixel(scene: Scene) -> Image.Image:
    """Dithered sky, moon, skyline or hills, and a title in the console's face."""
    dice, palette = scene.dice, scene.palette
    tones = palette.all
    dark = mix(tones[0], (6, 4, 20), 0.3)
    sky = [dark, tones[1], tones[2], tones[3]] if palette.is_dark else [tones[-1], tones[-2], tones[-3]]
    art = _dithered(sky)
    _moon(scene, art, tones[-1] if palette.is_dark else palette.vivid()[0])
    if dice.random() < 0.5:
        _city(scene, art, dark, palette.vivid()[0] if palette.is_dark else tones[-1])
    else:
        _hills(scene, art, [mix(tones[1], tones[2], 0.5), tones[1], dark])
    image = Image.fromarray(art).resize((SIZE, SIZE), Image.Resampling.NEAREST)
    box = (98, 98, SIZE - 196, 340)
    ink = palette.ink_on(mean_colour(image, box))
    shade = palette.ink_on(ink)
    letter(
        image,
        scene.plan.title,
        "pixel",
        (box[0] + 8, box[1] + 8, box[2], box[3]),
        shade,
        max_lines=4,
        max_size=112,
        leading=1.3,
        align="center",
    )
    letter(image, scene.plan.title, "pixel", box, ink, max_lines=4, max_size=112, leading=1.3, align="center")
    small_print(
        image, scene, (98, SIZE - 84, SIZE - 196, 28), tones[-1], align="center", face="pixel", size=22
    )
    return image


def _dithered(colours: list[RGB]) -> Art:
    """Bands of colour that meet in a pattern of dots."""
    position = np.linspace(0, len(colours) - 1.001, PIXELS)[:, None] + np.zeros((1, PIXELS))
    threshold = np.tile(BAYER, (PIXELS // 4, PIXELS // 4))
    index = np.floor(position) + ((position % 1) > threshold)
    return np.asarray(np.array(colours, np.uint8)[index.astype(int)], np.uint8)


def _moon(scene: Scene, art: Art, colour: RGB) -> None:
    y, x = np.mgrid[0:PIXELS, 0:PIXELS]
    cx, cy, radius = scene.dice.randint(24, 76), scene.dice.randint(42, 55), scene.dice.randint(9, 15)
    disc = (x - cx) ** 2 + (y - cy) ** 2 < radius**2
    art[disc] = colour
    crater = (x - cx - radius * 0.3) ** 2 + (y - cy + radius * 0.2) ** 2 < (radius * 0.28) ** 2
    art[disc & crater] = mix(colour, scene.palette.dark, 0.25)
    for _ in range(40):
        sx, sy = scene.dice.randrange(PIXELS), scene.dice.randrange(0, 66)
        if not disc[sy, sx]:
            art[sy, sx] = scene.palette.light


def _city(scene: Scene, art: Art, wall: RGB, lamp: RGB) -> None:
    """Two rows of towers with lit windows."""
    for depth, (base, tint) in enumerate(((62, 0.35), (74, 0.0))):
        x = -scene.dice.randint(0, 5)
        while x < PIXELS:
            width, top = scene.dice.randint(6, 13), base + scene.dice.randint(-12, 8)
            left, right = max(0, x), min(PIXELS, x + width)
            art[top:, left:right] = mix(wall, scene.palette.all[2], tint)
            if depth:
                for wy in range(top + 2, PIXELS - 2, 3):
                    for wx in range(left + 1, right - 1, 3):
                        if scene.dice.random() < 0.45:
                            art[wy : wy + 2, wx] = lamp
            x += width + scene.dice.choice((0, 0, 1))


def _hills(scene: Scene, art: Art, colours: list[RGB]) -> None:
    axis: Field = np.arange(PIXELS, dtype=np.float32)
    for layer, colour in enumerate(colours):
        wave = np.zeros_like(axis)
        for n in range(3):
            wave += (5 - 2 * n) * np.sin(axis / (14 - 4 * n) + scene.dice.uniform(0, 6))
        top = (66 + layer * 11 + wave * 0.8).astype(int)
        for column in range(PIXELS):
            art[top[column] :, column] = colour
            art[top[column] : top[column] + 1, column] = mix(colour, scene.palette.light, 0.35)
