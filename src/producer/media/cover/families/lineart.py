"""Line art: ridges of a signal, contours of a map, threads in a stream, rings that beat against rings."""

import math

import numpy as np
from PIL import Image

from producer.media.cover.canvas import Field, Pen, Scene, grid, letter, paper, small_print, to_mask
from producer.media.cover.palette import RGB, contrast, mix
from producer.media.cover.plan import SIZE

MARGIN = 100


def draw_lineart(scene: Scene) -> Image.Image:
    """Draw lines of one or two inks on a plain ground, and a quiet title."""
    dice, palette = scene.dice, scene.palette
    ground = palette.ground
    if 0.1 < contrast(ground, palette.ink_on(ground)) < 6:
        ground = (
            mix(palette.dark, (0, 0, 0), 0.4) if palette.is_dark else mix(palette.light, (255, 255, 250), 0.5)
        )
    ink = palette.ink_on(ground)
    accent = next((c for c in palette.vivid() if contrast(c, ground) > 2.2), ink)
    image = dice.choice((_ridges, _contours, _threads, _moire))(scene, ground, ink, accent)
    face, tracking = dice.choice((("josefin", 0.16), ("serif", 0.0), ("grotesk", 0.02), ("cinzel", 0.06)))
    box = (MARGIN, 1130, SIZE - 2 * MARGIN, 130)
    align = dice.choice(("left", "center"))
    letter(
        image,
        scene.plan.title,
        face,
        box,
        ink,
        align=align,
        valign="bottom",
        upper=tracking > 0.03,
        max_lines=2,
        max_size=100,
        tracking=tracking,
    )
    small_print(
        image, scene, (MARGIN, SIZE - MARGIN - 6, SIZE - 2 * MARGIN, 24), accent, align=align, size=22
    )
    return paper(image, scene, 0.025)


def _ridges(scene: Scene, ground: RGB, ink: RGB, accent: RGB) -> Image.Image:
    """Rows of a signal, each hiding what is behind it."""
    pen = Pen(ground)
    noise, energy = scene.noise, scene.plan.energy
    t = np.linspace(0, 1, 260, dtype=np.float32)
    rows = int(34 + 22 * energy)
    lead = scene.dice.randrange(rows // 3, rows * 2 // 3)
    for row in range(rows):
        base = 240 + row * 800 / rows
        bumps = sum(
            noise.uniform(0.2, 1)
            * np.exp(-(((t - noise.normal(0.5, 0.12)) / noise.uniform(0.02, 0.07)) ** 2))
            for _ in range(int(5 + 6 * energy))
        )
        jitter = np.convolve(noise.normal(0, 1, 260), np.ones(5) / 5, "same") * (
            0.03 + 0.35 * np.exp(-(((t - 0.5) / 0.2) ** 2))
        )
        y = base - (bumps * 62 + jitter * 14) * (0.7 + 0.6 * energy)
        points = np.stack([190 + t * 1020, y], 1)
        pen.polygon([*points.tolist(), (1210, base + 50), (190, base + 50)], ground)
        pen.line(points, accent if row == lead else ink, 3.0)
    return pen.done()


def _contours(scene: Scene, ground: RGB, ink: RGB, accent: RGB) -> Image.Image:
    """A map's lines of equal height; every fifth is heavier."""
    height = scene.field(scene.dice.choice((2, 3)), 3) * scene.dice.uniform(9, 15)
    dy, dx = np.gradient(height)
    slope = np.hypot(dx, dy) + 1e-6
    fade = np.clip((1105 - np.arange(SIZE, dtype=np.float32)) / 60, 0, 1)[:, None]
    image = Image.new("RGB", (SIZE, SIZE), ground)
    for colour, spacing, width in ((mix(ground, ink, 0.75), 1.0, 1.5), (accent, 5.0, 3.4)):
        away = np.abs(height / spacing - np.rint(height / spacing)) * spacing / slope
        image.paste(colour, mask=to_mask(np.clip(width / 2 + 0.5 - away, 0, 1) * fade))
    return image


def _threads(scene: Scene, ground: RGB, ink: RGB, accent: RGB) -> Image.Image:
    """Particles that followed a stream of noise and left their path."""
    pen = Pen(ground)
    size = 350
    angle = scene.field(2, 3, size) * math.pi * 1.3 + scene.dice.uniform(0, 6)
    count = 1100
    at = scene.noise.uniform((60, 60), (1340, 1080), (count, 2)).astype(np.float32)
    trail = np.empty((46, count, 2), np.float32)
    for step in range(len(trail)):
        trail[step] = at
        cell = np.clip((at / SIZE * size).astype(int), 0, size - 1)
        turn = angle[cell[:, 1], cell[:, 0]]
        at = at + 9 * np.stack([np.cos(turn), np.sin(turn)], 1)
    palette = [mix(ground, ink, share) for share in (0.3, 0.5, 0.8, 1.0)] + [accent]
    for thread in range(count):
        path = trail[: int(scene.noise.integers(12, 46)), thread]
        path = path[(path[:, 0] > 70) & (path[:, 0] < 1330) & (path[:, 1] > 70) & (path[:, 1] < 1085)]
        if len(path) > 3:
            pen.line(
                path,
                palette[int(scene.noise.integers(0, 5))],
                float(scene.noise.choice((1.5, 2.5, 2.5, 5.0))),
            )
    return pen.done()


def _moire(scene: Scene, ground: RGB, ink: RGB, accent: RGB) -> Image.Image:
    """Two systems of rings, one over the other, cut to a disc."""
    dice = scene.dice
    x, y = grid()
    y = y + 0.18
    spacing = dice.uniform(0.022, 0.03)
    image = Image.new("RGB", (SIZE, SIZE), ground)
    inside = np.clip((0.74 - np.hypot(x, y)) * SIZE / 2, 0, 1)
    wobble = 0.05 * scene.field(2, 2)
    for colour, sign in ((ink, 1.0), (accent, -1.0)):
        shift = sign * dice.uniform(0.06, 0.16)
        rings = _ring_lines(np.hypot(x - shift, y + shift * 0.4) + wobble * sign, spacing)
        image.paste(colour, mask=to_mask(rings * inside))
    return image


def _ring_lines(radius: Field, spacing: float) -> Field:
    away = np.abs(radius / spacing - np.rint(radius / spacing)) * spacing * SIZE / 2
    return np.asarray(np.clip(2.6 - away, 0, 1), np.float32)
