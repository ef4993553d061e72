"""Fluid: marbled ink, bands that fold into one another."""

import numpy as np
from PIL import Image, ImageFilter

from producer.media.cover.canvas import Scene, grain, grid, letter, small_print, to_image, to_mask
from producer.media.cover.palette import mix
from producer.media.cover.plan import SIZE

MARGIN = 90
WORK = 1000


def draw_fluid(scene: Scene) -> Image.Image:
    """Warp noise by noise (Quilez, "Domain warping"), cut it into bands of colour, shade their folds."""
    dice, palette = scene.dice, scene.palette
    x, y = grid(WORK)
    energy = scene.plan.energy
    first, second = scene.field(2, 2, WORK), scene.field(2, 2, WORK)
    swirl = np.sin(2.2 * x + 4.0 * first) + np.cos(2.2 * y + 4.0 * second)
    height = 0.9 * swirl + 0.5 * np.sin(3 * (x * first - y * second) + 3 * swirl)
    bands = (3.0 + 5.0 * energy) * (height + 2.5)
    colours = list(palette.all)
    dice.shuffle(colours)
    table = np.array(colours, np.float32) / 255
    index = np.floor(bands).astype(int) % len(colours)
    within = bands - np.floor(bands)
    dy, dx = np.gradient(bands)
    soft = np.clip(within / (np.hypot(dx, dy) * 1.6 + 1e-5), 0, 1)[:, :, None]
    rgb = table[index] * soft + table[index - 1] * (1 - soft)
    if dice.random() < 0.6:  # folds catch light on one side
        relief = np.clip(0.88 + 0.24 * within[:, :, None] ** 1.2, 0, 1.12)
        rgb = rgb * relief
    image = to_image(rgb.astype(np.float32)).resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return _titled(scene, grain(image, scene, 0.03))


def _titled(scene: Scene, image: Image.Image) -> Image.Image:
    """Title in a calm shape cut from the marbling, or in white with a soft shadow."""
    dice, palette = scene.dice, scene.palette
    plate = dice.choice((palette.dark, palette.light))
    ink = palette.ink_on(plate)
    face = dice.choice(("unbounded", "syne", "righteous", "anton", "grotesk"))
    kind = dice.choice(("disc", "band", "pill"))
    x, y = grid()
    if kind == "disc":
        inside = np.clip((0.52 - np.hypot(x, y)) * SIZE / 2, 0, 1)
        box = (420.0, 470.0, 560.0, 430.0)
    elif kind == "band":
        inside = np.clip((0.27 - np.abs(y - 0.45)) * SIZE / 2, 0, 1)
        box = (MARGIN, 860.0, SIZE - 2.0 * MARGIN, 280.0)
    else:
        far = np.hypot(np.maximum(np.abs(x) - 0.52, 0), np.abs(y + 0.0))
        inside = np.clip((0.3 - far) * SIZE / 2, 0, 1)
        box = (230.0, 560.0, 940.0, 260.0)
    mask = to_mask(inside.astype(np.float32))
    shadow = (
        mask.reduce(4).filter(ImageFilter.GaussianBlur(9)).resize((SIZE, SIZE)).point(lambda v: int(v * 0.5))
    )
    image.paste(mix(palette.dark, (0, 0, 0), 0.5), (0, 10, SIZE, SIZE + 10), shadow)
    image.paste(plate, mask=mask)
    letter(
        image,
        scene.plan.title,
        face,
        box,
        ink,
        align="center",
        valign="middle",
        max_lines=3,
        max_size=190,
        upper=face in ("anton", "unbounded"),
        leading=1.05,
    )
    low = (box[0], box[1] + box[3] + 36, box[2], 24)
    small_print(image, scene, low, ink, align="center", size=21)
    return image
