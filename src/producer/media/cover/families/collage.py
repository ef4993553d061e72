"""Collage: painted paper, cut out and glued down, after Matisse."""

import math

import numpy as np
from PIL import Image, ImageFilter

from producer.media.cover.canvas import Box, Pen, Scene, coverage, letter, paper, small_print
from producer.media.cover.palette import RGB, contrast, mix
from producer.media.cover.plan import SIZE

Points = list[tuple[float, float]]
MARGIN = 80


def draw_collage(scene: Scene) -> Image.Image:
    """Lay sheets of paper, glue a cut-out on each, keep one calm for the title."""
    dice, palette = scene.dice, scene.palette
    ground = mix(palette.light, (255, 250, 240), 0.35) if dice.random() < 0.6 else palette.ground
    image = Image.new("RGB", (SIZE, SIZE), ground)
    sheets, title_box = dice.choice((_quilt, _frieze, _scatter))(scene)
    last = ground
    for box, bare in sheets:
        back = dice.choice([c for c in palette.all if c != last]) if not bare else ground
        last = back
        if not bare:
            image = _glue(image, _torn(scene, box), back, scene)
        fronts = sorted((c for c in palette.all if c != back), key=lambda c: -contrast(c, back))[:3]
        image = _glue(image, dice.choice((_alga, _alga, _pebble, _leaf_sprig, _sun, _wave))(scene, box), dice.choice(fronts), scene)
    ink = palette.ink_on(ground)
    face = dice.choice(("abril", "shrikhand", "syne", "playfair", "righteous"))
    x, y, w, h = title_box
    letter(image, scene.plan.title, face, (x, y, w, h - 46), ink, valign="middle", max_lines=3, max_size=190, leading=1.0)
    small_print(image, scene, (x, y + h - 30, w, 26), ink)
    return paper(image, scene, 0.05)


Layout = tuple[list[tuple[Box, bool]], Box]


def _quilt(scene: Scene) -> Layout:
    """A grid of sheets, three across, over the title."""
    columns = scene.dice.choice((3, 4))
    w, h = (SIZE - 2 * MARGIN) / columns, 940 / (columns - 1)
    sheets = [
        ((MARGIN + c * w, MARGIN + r * h, w, h), False) for r in range(columns - 1) for c in range(columns)
    ]
    return sheets, (MARGIN, 1075, SIZE - 2 * MARGIN, 255)


def _frieze(scene: Scene) -> Layout:
    """Tall sheets of different heights side by side, the title above."""
    count = scene.dice.randint(3, 5)
    w = (SIZE - 2 * MARGIN) / count
    sheets = []
    for index in range(count):
        y = scene.dice.uniform(400, 560)
        sheets.append(((MARGIN + index * w, y, w - 14, SIZE - MARGIN - y), False))
    return sheets, (MARGIN, MARGIN, SIZE - 2 * MARGIN, 290)


def _scatter(scene: Scene) -> Layout:
    """Cut-outs strewn on the bare ground."""
    dice = scene.dice
    sheets: list[tuple[Box, bool]] = []
    for index in range(9):
        size = dice.uniform(300, 430)
        x, y = 90 + (index % 3) * 410 + dice.uniform(-40, 40), 70 + (index // 3) * 325 + dice.uniform(-30, 30)
        sheets.append(((x, y, size, size * 0.85), True))
    return sheets, (MARGIN, 1110, SIZE - 2 * MARGIN, 220)


def _glue(image: Image.Image, points: Points, colour: RGB, scene: Scene) -> Image.Image:
    """A shape of painted paper with a thin shadow and brushed colour."""
    mask = coverage(lambda brush, k: brush.polygon([(x * k, y * k) for x, y in points], fill=255))
    shadow = mask.reduce(2).filter(ImageFilter.GaussianBlur(3)).resize((SIZE, SIZE)).point(lambda v: int(v * 0.28))
    image.paste((10, 8, 12), (3, 6, SIZE + 3, SIZE + 6), shadow)
    tint = mix(colour, (255, 255, 255), 0.08) if scene.dice.random() < 0.5 else mix(colour, (0, 0, 0), 0.05)
    sheet = Image.new("RGB", (SIZE, SIZE), colour)
    strokes = scene.noise.standard_normal((60, 12)).astype(np.float32)
    wash = Image.fromarray(np.clip(128 + strokes * 60, 0, 255).astype(np.uint8)).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    sheet.paste(tint, mask=wash)
    image.paste(sheet, mask=mask)
    return image


def _torn(scene: Scene, box: Box) -> Points:
    """A rectangle cut by hand."""
    x, y, w, h = box
    wobble = scene.noise.normal(0, 4, (8, 2))
    corners = [(x, y), (x + w / 2, y), (x + w, y), (x + w, y + h / 2), (x + w, y + h), (x + w / 2, y + h), (x, y + h), (x, y + h / 2)]
    return [(cx + float(dx), cy + float(dy)) for (cx, cy), (dx, dy) in zip(corners, wobble, strict=True)]


def _alga(scene: Scene, box: Box) -> Points:
    """The frond of many of Matisse's cut-outs: round fingers on both sides of a bent stem."""
    x, y, w, h = box
    dice = scene.dice
    fingers = dice.randint(4, 6)
    lean, size = dice.uniform(-0.35, 0.35), min(w, h)
    reach = dice.uniform(0.26, 0.36) * size
    turn = dice.choice((0.0, 0.0, 0.35, -0.35, 1.57))
    t = np.linspace(0, 1, fingers * 26)
    swing = (0.5 + 0.5 * np.cos(2 * np.pi * fingers * t)) ** 0.75
    half = size * 0.055 + reach * swing * np.sin(np.pi * np.clip(t * 0.9 + 0.08, 0, 1)) ** 0.8
    along = (0.5 - t) * size * 0.86
    lift = size * 0.1 * swing
    bend = lean * size * np.sin(np.pi * t) * 0.4
    left = np.stack([bend - half, along - lift], 1)
    right = np.stack([bend + half, along - np.roll(lift, 9)], 1)[::-1]
    return _placed(np.concatenate([left, right]), x + w / 2, y + h / 2 + size * 0.04, turn)


def _pebble(scene: Scene, box: Box) -> Points:
    """A blob."""
    x, y, w, h = box
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radius = np.ones(90)
    for wave in (2, 3, 4):
        radius += scene.noise.normal(0, 0.26 / wave) * np.cos(wave * angle + scene.noise.uniform(0, 6))
    radius *= 0.36 * min(w, h)
    return _placed(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), x + w / 2, y + h / 2, 0)


def _leaf_sprig(scene: Scene, box: Box) -> Points:
    """A stem with pointed leaves in pairs."""
    x, y, w, h = box
    size = min(w, h)
    pairs = scene.dice.randint(3, 5)
    t = np.linspace(0, 1, pairs * 30)
    phase = (t * pairs) % 1
    half = size * (0.018 + 0.34 * (np.sin(np.pi * phase) ** 0.8) * (1 - phase) * (1.15 - 0.75 * t))
    along = size * (0.42 - 0.84 * t)
    points = np.concatenate([np.stack([-half, along], 1), np.stack([half, along], 1)[::-1]])
    return _placed(points, x + w / 2, y + h / 2, scene.dice.uniform(-0.5, 0.5))


def _sun(scene: Scene, box: Box) -> Points:
    """A star with soft rays."""
    x, y, w, h = box
    rays = scene.dice.choice((8, 10, 14))
    angle = np.linspace(0, 2 * np.pi, rays * 16, endpoint=False)
    radius = min(w, h) * (0.27 + 0.13 * np.sign(np.cos(rays * angle)) * np.abs(np.cos(rays * angle)) ** 0.5)
    return _placed(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), x + w / 2, y + h / 2, scene.dice.uniform(0, 1))


def _wave(scene: Scene, box: Box) -> Points:
    """A thick snake across the sheet."""
    x, y, w, h = box
    t = np.linspace(0, 1, 80)
    middle = 0.17 * h * np.sin(2 * np.pi * (t * scene.dice.choice((1.0, 1.5, 2.0)) + scene.dice.random()))
    thick = 0.11 * h
    top = np.stack([(t - 0.5) * w * 0.86, middle - thick], 1)
    low = np.stack([(t - 0.5) * w * 0.86, middle + thick], 1)[::-1]
    return _placed(np.concatenate([top, low]), x + w / 2, y + h / 2, scene.dice.choice((0.0, math.pi / 2 if abs(w - h) < 0.3 * w else 0.0)))


def _placed(points, x: float, y: float, turn: float) -> Points:  # type: ignore[no-untyped-def]
    c, s = math.cos(turn), math.sin(turn)
    return [(x + float(px) * c - float(py) * s, y + float(px) * s + float(py) * c) for px, py in points]


__all__ = ["Pen", "draw_collage"]
