"""Brush: a few dry strokes of paint on paper, each drawn bristle by bristle."""

import math

import numpy as np
from PIL import Image, ImageDraw

from producer.media.cover.canvas import OVERSAMPLE, Field, Scene, letter, paper, small_print
from producer.media.cover.palette import RGB, contrast, mix
from producer.media.cover.plan import SIZE

MARGIN = 90
STEPS = 70


def draw_brush(scene: Scene) -> Image.Image:
    """Draw strokes, a circle in one sweep, or a field of dabs."""
    dice, palette = scene.dice, scene.palette
    ground = (
        palette.ground if palette.is_dark or dice.random() < 0.5 else mix(palette.light, (255, 252, 245), 0.4)
    )
    sheet = Image.new("RGB", (SIZE * OVERSAMPLE,) * 2, ground)
    brush = ImageDraw.Draw(sheet)
    inks = sorted(palette.colours, key=lambda c: -contrast(c, ground))[:4]
    for path, width, index in dice.choice((_sweeps, _circle, _waves, _dabs))(scene):
        _stroke(scene, brush, path, width, inks[index % len(inks)], ground)
    _spatter(scene, brush, inks[0])
    image = paper(sheet.reduce(OVERSAMPLE), scene, 0.06)
    face = dice.choice(("marker", "serif italic", "marker", "abril"))
    ink = palette.ink_on(ground)
    letter(
        image,
        scene.plan.title,
        face,
        (MARGIN, 1040, SIZE - 2 * MARGIN, 240),
        ink,
        valign="bottom",
        max_lines=2,
        max_size=190,
        leading=1.0,
    )
    small_print(image, scene, (MARGIN, SIZE - MARGIN - 10, SIZE - 2 * MARGIN, 26), ink)
    return image


Path = list[tuple[Field, float, int]]


def _sweeps(scene: Scene) -> Path:
    """Broad strokes across, slightly bowed, one under the other."""
    dice = scene.dice
    count = dice.randint(3, 5)
    found: Path = []
    for index in range(count):
        y = 170 + index * 800 / count + dice.uniform(-20, 40)
        lean, bow = dice.uniform(-70, 70), dice.uniform(-70, 70)
        t = np.linspace(0, 1, STEPS, dtype=np.float32)
        x0, x1 = dice.uniform(60, 260), dice.uniform(1120, 1340)
        points = np.stack([x0 + (x1 - x0) * t, y + lean * (t - 0.5) + bow * np.sin(np.pi * t)], 1)
        found.append((points if dice.random() < 0.7 else points[::-1], dice.uniform(110, 760 / count), index))
    return found


def _circle(scene: Scene) -> Path:
    """Round sweeps that do not quite close, one in the other."""
    dice = scene.dice
    t = np.linspace(0, 1, STEPS * 2, dtype=np.float32)
    x, y, size = dice.uniform(560, 840), dice.uniform(500, 600), dice.uniform(250, 400)
    found: Path = []
    for index in range(dice.choice((1, 1, 2, 3))):
        angle = dice.uniform(0, 2 * math.pi) + t * dice.uniform(4.6, 6.1) * dice.choice((-1, 1))
        radius = size * (1 - 0.36 * index) * (1 + 0.06 * t)
        ring = np.stack([x + radius * np.cos(angle), y + radius * 0.97 * np.sin(angle)], 1)
        found.append((ring.astype(np.float32), dice.uniform(0.2, 0.42) * size * (1 - 0.25 * index), index))
    return found


def _dabs(scene: Scene) -> Path:
    """Short strokes in rows, each in the next colour, leaning like rain or rising like reeds."""
    dice = scene.dice
    columns, rows = dice.choice(((3, 5), (4, 4), (6, 2), (7, 1)))
    lean = dice.uniform(-0.6, 0.6)
    wide, high = 1150 / columns, 860 / rows
    t = np.linspace(0, 1, STEPS, dtype=np.float32) - 0.5
    found: Path = []
    for row in range(rows):
        for column in range(columns):
            x, y = 125 + (column + 0.5) * wide, 110 + (row + 0.5) * high + dice.uniform(-14, 14)
            if columns >= 6:
                long = high * dice.uniform(0.5, 0.9)
                line = np.stack([x + lean * 90 * t, y - long * t], 1)
            else:
                line = np.stack([x + wide * 0.86 * t, y + lean * 70 * t], 1)
            found.append((line.astype(np.float32), min(wide, high) * dice.uniform(0.42, 0.62), row + column))
    return found


def _waves(scene: Scene) -> Path:
    """Strokes that rise and fall together."""
    dice = scene.dice
    t = np.linspace(0, 1, STEPS * 2, dtype=np.float32)
    turns, phase = dice.uniform(1.0, 2.2), dice.uniform(0, 6)
    return [
        (
            np.stack(
                [60 + 1290 * t, 260 + i * 165 + 95 * np.sin(phase + i * 0.5 + turns * 2 * np.pi * t)], 1
            ).astype(np.float32),
            112,
            i,
        )
        for i in range(5)
    ]


def _stroke(
    scene: Scene, brush: ImageDraw.ImageDraw, path: Field, width: float, ink: RGB, ground: RGB
) -> None:
    """Bristles side by side; each starts and lifts at its own moment, and runs dry towards the end."""
    noise = scene.noise
    direction = np.gradient(path, axis=0)
    normal = np.stack([-direction[:, 1], direction[:, 0]], 1) / (np.hypot(*direction.T)[:, None] + 1e-6)
    count = int(width / 2.4)
    steps = len(path)
    swell = 0.86 + 0.14 * np.sin(np.linspace(0.3, 2.9, steps))[:, None]
    for offset in np.linspace(-0.5, 0.5, count):
        lane = path + normal * (offset * width * swell) + np.cumsum(noise.normal(0, 0.25, (steps, 2)), 0)
        load = noise.uniform(0.55, 1.25) * (1.05 - 0.5 * abs(offset))
        wet = load - np.linspace(0, 1, steps) ** 1.5 + 0.25 * np.cumsum(noise.normal(0, 0.12, steps)) / 2
        first, shade = int(abs(noise.normal(0, 2.5))), float(noise.normal(0, 0.07))
        colour = mix(ink, (255, 255, 255) if shade > 0 else (0, 0, 0), min(abs(shade), 0.3))
        start = first
        for i in range(first, steps):
            if wet[i] > 0.12 and i < steps - 1:
                continue
            if i - start > 1:
                points = [(float(x) * OVERSAMPLE, float(y) * OVERSAMPLE) for x, y in lane[start:i]]
                brush.line(points, fill=colour, width=int(noise.integers(4, 9)), joint="curve")
            start = i + 1


def _spatter(scene: Scene, brush: ImageDraw.ImageDraw, ink: RGB) -> None:
    """Drops that flew off, more of them in a driving song."""
    noise = scene.noise
    for _ in range(int(10 + 70 * scene.plan.energy)):
        x, y = noise.normal(1400, 560), noise.normal(1100, 420)
        radius = abs(noise.normal(0, 5)) + 1.5
        brush.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
