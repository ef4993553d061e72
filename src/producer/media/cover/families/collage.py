"""Collage: painted paper, cut out and glued down, after Matisse."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from producer.media.cover.canvas import OVERSAMPLE, Box, Field, Scene, letter, paper, small_print
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
            image = _glue(image, [_torn(scene, box)], back, scene)
        fronts = sorted((c for c in palette.all if c != back), key=lambda c: -contrast(c, back))[:3]
        image = _glue(
            image,
            dice.choice((_alga, _alga, _pebble, _leaf_sprig, _sun, _wave))(scene, box),
            dice.choice(fronts),
            scene,
        )
    ink = palette.ink_on(ground)
    face = dice.choice(("abril", "shrikhand", "syne", "playfair", "righteous"))
    x, y, w, h = title_box
    letter(
        image,
        scene.plan.title,
        face,
        (x, y, w, h - 46),
        ink,
        valign="middle",
        max_lines=3,
        max_size=190,
        leading=1.0,
    )
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


def _glue(image: Image.Image, shapes: list[Points], colour: RGB, scene: Scene) -> Image.Image:
    """Shapes of painted paper with a thin shadow and brushed colour."""
    every = np.array([point for points in shapes for point in points])
    left, top = (int(v) - 20 for v in every.min(0))
    size = tuple(int(v) + 40 for v in np.ptp(every, 0))
    drawn = Image.new("L", (size[0] * OVERSAMPLE, size[1] * OVERSAMPLE))
    brush = ImageDraw.Draw(drawn)
    for points in shapes:
        brush.polygon([((x - left) * OVERSAMPLE, (y - top) * OVERSAMPLE) for x, y in points], fill=255)
    mask = drawn.reduce(OVERSAMPLE)
    image.paste(
        (10, 8, 12), (left + 3, top + 6), mask.filter(ImageFilter.BoxBlur(4)).point(lambda v: int(v * 0.28))
    )
    tint = mix(colour, (255, 255, 255), 0.08) if scene.dice.random() < 0.5 else mix(colour, (0, 0, 0), 0.05)
    sheet = Image.new("RGB", mask.size, colour)
    strokes = np.clip(
        128 + 60 * scene.noise.standard_normal((max(4, size[1] // 24), max(3, size[0] // 110))), 0, 255
    )
    sheet.paste(
        tint, mask=Image.fromarray(strokes.astype(np.uint8)).resize(mask.size, Image.Resampling.BICUBIC)
    )
    image.paste(sheet, (left, top), mask)
    return image


def _torn(scene: Scene, box: Box) -> Points:
    """A rectangle cut by hand."""
    x, y, w, h = box
    wobble = scene.noise.normal(0, 4, (8, 2))
    corners = [
        (x, y),
        (x + w / 2, y),
        (x + w, y),
        (x + w, y + h / 2),
        (x + w, y + h),
        (x + w / 2, y + h),
        (x, y + h),
        (x, y + h / 2),
    ]
    return [(cx + float(dx), cy + float(dy)) for (cx, cy), (dx, dy) in zip(corners, wobble, strict=True)]


def _alga(scene: Scene, box: Box) -> list[Points]:
    """The frond of many of Matisse's cut-outs: round fingers in pairs on a stem."""
    x, y, w, h = box
    dice = scene.dice
    pairs, size = dice.randint(3, 4), min(w, h) * 0.92
    reach, turn, spread = (
        dice.uniform(0.36, 0.46),
        dice.choice((0.0, 0.0, 0.4, -0.4, 1.57)),
        dice.uniform(0.75, 1.05),
    )
    stem = _finger((0.0, 0.44 * size), (0.0, -0.46 * size), 0.045 * size, 0.062 * size)
    fingers = [stem]
    for pair in range(pairs):
        along = 0.34 - 0.62 * pair / pairs
        long = reach * (1.0 - 0.38 * pair / pairs) * size
        for side in (-1, 1):
            tip = (side * long * math.sin(spread), along * size - long * math.cos(spread))
            fingers.append(_finger((0.0, along * size), tip, 0.042 * size, 0.07 * size))
    return [_placed(np.array(finger), x + w / 2, y + h / 2, turn) for finger in fingers]


def _finger(root: tuple[float, float], tip: tuple[float, float], thin: float, thick: float) -> Points:
    """A club with round ends from a thin root to a thick tip."""
    angle = math.atan2(tip[1] - root[1], tip[0] - root[0])
    ends = ((tip, thick, -math.pi / 2), (root, thin, math.pi / 2))
    return [
        (
            end[0] + r * math.cos(angle + start + math.pi * i / 14),
            end[1] + r * math.sin(angle + start + math.pi * i / 14),
        )
        for end, r, start in ends
        for i in range(15)
    ]


def _pebble(scene: Scene, box: Box) -> list[Points]:
    """A blob."""
    x, y, w, h = box
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radius = np.ones(90)
    for wave in (2, 3, 4):
        radius += scene.noise.normal(0, 0.26 / wave) * np.cos(wave * angle + scene.noise.uniform(0, 6))
    radius *= 0.36 * min(w, h)
    return [_placed(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), x + w / 2, y + h / 2, 0)]


def _leaf_sprig(scene: Scene, box: Box) -> list[Points]:
    """A stem with pointed leaves in pairs."""
    x, y, w, h = box
    size = min(w, h) * 0.92
    pairs, turn = scene.dice.randint(3, 4), scene.dice.uniform(-0.6, 0.6)
    shapes = [
        _finger((0.0, 0.47 * size), (0.0, -0.3 * size), 0.018 * size, 0.012 * size),
        _blade((0.0, -0.2 * size), (0.0, -0.48 * size), 0.3),
    ]
    for pair in range(pairs):
        along = 0.3 - 0.5 * pair / pairs
        long = (0.4 - 0.1 * pair / pairs) * size
        for side in (-1, 1):
            tip = (side * long * 0.82, along * size - long * 0.58)
            shapes.append(_blade((0.0, along * size), tip, 0.32))
    return [_placed(np.array(shape), x + w / 2, y + h / 2, turn) for shape in shapes]


def _blade(root: tuple[float, float], tip: tuple[float, float], fat: float) -> Points:
    """A leaf, pointed at both ends."""
    dx, dy = tip[0] - root[0], tip[1] - root[1]
    t = np.linspace(0, 1, 16)
    half = fat * np.sin(np.pi * t) / 2
    there = [(root[0] + dx * a - dy * b, root[1] + dy * a + dx * b) for a, b in zip(t, half, strict=True)]
    back = [
        (root[0] + dx * a + dy * b, root[1] + dy * a - dx * b)
        for a, b in zip(t[::-1], half[::-1], strict=True)
    ]
    return [(float(px), float(py)) for px, py in there + back]


def _sun(scene: Scene, box: Box) -> list[Points]:
    """A star with soft rays."""
    x, y, w, h = box
    rays = scene.dice.choice((8, 10, 14))
    angle = np.linspace(0, 2 * np.pi, rays * 16, endpoint=False)
    radius = min(w, h) * (0.27 + 0.13 * np.sign(np.cos(rays * angle)) * np.abs(np.cos(rays * angle)) ** 0.5)
    return [
        _placed(
            np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1),
            x + w / 2,
            y + h / 2,
            scene.dice.uniform(0, 1),
        )
    ]


def _wave(scene: Scene, box: Box) -> list[Points]:
    """A thick snake across the sheet."""
    x, y, w, h = box
    t = np.linspace(0, 1, 80)
    middle = 0.17 * h * np.sin(2 * np.pi * (t * scene.dice.choice((1.0, 1.5, 2.0)) + scene.dice.random()))
    thick = 0.11 * h
    top = np.stack([(t - 0.5) * w * 0.86, middle - thick], 1)
    low = np.stack([(t - 0.5) * w * 0.86, middle + thick], 1)[::-1]
    return [
        _placed(
            np.concatenate([top, low]),
            x + w / 2,
            y + h / 2,
            scene.dice.choice((0.0, math.pi / 2 if abs(w - h) < 0.3 * w else 0.0)),
        )
    ]


def _placed(points: Field, x: float, y: float, turn: float) -> Points:
    c, s = math.cos(turn), math.sin(turn)
    return [(x + float(px) * c - float(py) * s, y + float(px) * s + float(py) * c) for px, py in points]
