"""Gradient mesh: colours that melt into one another, plain, through reeded glass or in an orb."""

import numpy as np
from PIL import Image

from producer.media.cover.canvas import (
    Field,
    Scene,
    grain,
    grid,
    letter,
    mean_colour,
    small_print,
    to_image,
    to_mask,
)
from producer.media.cover.palette import from_oklab, mix, to_oklab
from producer.media.cover.plan import SIZE

MARGIN = 90
WORK = 700  # drawn at half size: there is nothing sharp in it


def draw_mesh(scene: Scene) -> Image.Image:
    """Draw the melt, look at it through something, and set the title large."""
    dice, palette = scene.dice, scene.palette
    melt = _melt(scene)
    kind = dice.choice(("plain", "reeded", "orb", "reeded"))
    if kind == "reeded":
        melt = _reeded(melt, dice.choice((14, 22, 34)))
    image = to_image(melt).resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    if kind == "orb":
        image = _orb(scene, image)
    image = grain(image, scene, 0.05)
    face = dice.choice(("serif", "serif italic", "syne", "inter", "grotesk"))
    top = dice.random() < 0.5 and kind != "orb"
    box = (MARGIN, MARGIN if top else 760, SIZE - 2 * MARGIN, 550)
    if kind == "orb":
        box = (MARGIN, 1090, SIZE - 2 * MARGIN, 220)
    ink = palette.ink_on(mean_colour(image, box))
    letter(
        image,
        scene.plan.title,
        face,
        box,
        ink,
        valign="top" if top else "bottom",
        max_size=330,
        max_lines=3,
        leading=0.95,
        tracking=-0.02,
    )
    rest = (MARGIN, SIZE - MARGIN - 20 if top else MARGIN, SIZE - 2 * MARGIN, 28)
    small_print(image, scene, rest, palette.ink_on(mean_colour(image, rest)))
    return image


def _melt(scene: Scene) -> Field:
    """Inverse-distance weighing of colours at loose points (Shepard 1968), the plane bent by noise."""
    dice = scene.dice
    x, y = grid(WORK)
    bend = 0.3 + 0.35 * scene.plan.energy
    u = x + bend * scene.field(2, 2, WORK)
    v = y + bend * scene.field(2, 2, WORK)
    colours = [scene.palette.ground, *scene.palette.colours] * 2
    dice.shuffle(colours)
    total = np.zeros((WORK, WORK, 1), np.float32)
    summed = np.zeros((WORK, WORK, 3), np.float32)
    for colour in colours[: dice.randint(5, 8)]:
        px, py = dice.uniform(-1.1, 1.1), dice.uniform(-1.1, 1.1)
        weight = 1.0 / ((u - px) ** 2 + (v - py) ** 2 + 0.03)[:, :, None] ** 2.2
        summed += weight * to_oklab(np.array(colour, np.float32) / 255)
        total += weight
    return from_oklab(summed / total)


def _reeded(melt: Field, ribs: int) -> Field:
    """As through reeded glass: every rib shows a wider strip, with a light and a dark edge."""
    position = np.arange(WORK) / WORK * ribs
    inside = position - np.floor(position)
    strip = WORK / ribs
    shift = (inside - 0.5) * strip * 3.4
    columns = np.clip(np.arange(WORK) + shift, 0, WORK - 1).astype(int)
    shade = 1.0 + 0.10 * np.cos(inside * np.pi) - 0.10 * inside**6
    return np.asarray(melt[:, columns] * shade[None, :, None], np.float32)


def _orb(scene: Scene, image: Image.Image) -> Image.Image:
    """The melt only inside a soft disc, on a calm ground."""
    palette = scene.palette
    x, y = grid()
    radius = np.hypot(x, y + 0.17)
    size = scene.dice.uniform(0.56, 0.64)
    halo = to_mask(np.clip(1.25 - radius / size, 0, 1) ** 1.6 * 0.7)
    ground = Image.new(
        "RGB", (SIZE, SIZE), mix(palette.dark, (0, 0, 0), 0.35) if palette.is_dark else palette.light
    )
    ground.paste(image.resize((8, 8)).resize((SIZE, SIZE), Image.Resampling.BICUBIC), mask=halo)
    ground.paste(image, mask=to_mask(np.clip((size - radius) * SIZE / 2, 0, 1)))
    return ground
