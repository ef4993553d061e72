"""Landscape: hills behind hills, a sun or moon, and whatever the mood puts before them."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from producer.media.cover.canvas import (
    OVERSAMPLE,
    Field,
    Scene,
    disc_mask,
    grain,
    letter,
    mean_colour,
    polygon_mask,
    ramp,
    small_print,
)
from producer.media.cover.palette import RGB, luminance, mix
from producer.media.cover.plan import SIZE

MARGIN = 96


def draw_landscape(scene: Scene) -> Image.Image:
    """Draw sky, light, hills, and water or trees in front; the title stands in the sky."""
    dice, palette = scene.dice, scene.palette
    night = palette.is_dark
    tones = palette.all
    top, low = (tones[0], tones[2]) if night else (tones[-1], tones[-3])
    if not night and dice.random() < 0.5:
        top, low = tones[-2], tones[-1]
    image = ramp(top, low, power=0.8)
    if night:
        _stars(scene, image)
    horizon = dice.uniform(700, 820)
    light = tones[-1] if night else max(palette.vivid()[:2], key=luminance)
    image = _sun(scene, image, light, horizon)
    water = dice.random() < 0.4
    near = mix(tones[0], (0, 0, 0), 0.25)
    _hills(scene, image, horizon, low, near, count=3 if water else 6)
    if water:
        image = _water(scene, image, int(horizon + 330))
    else:
        _trees(scene, image, near)
    image = grain(image, scene, 0.04)
    return _titled(scene, image)


def _titled(scene: Scene, image: Image.Image) -> Image.Image:
    dice = scene.dice
    face, tracking, upper = dice.choice(
        (("josefin", 0.10, True), ("serif", 0.0, False), ("cinzel", 0.04, True), ("playfair", 0.0, False))
    )
    box = (MARGIN, MARGIN, SIZE - 2 * MARGIN, 270)
    ink = scene.palette.ink_on(mean_colour(image, box))
    align = dice.choice(("left", "center"))
    letter(
        image,
        scene.plan.title,
        face,
        box,
        ink,
        align=align,
        upper=upper,
        max_lines=3,
        max_size=150,
        tracking=tracking,
        leading=1.05,
    )
    rest = (MARGIN, SIZE - MARGIN - 14, SIZE - 2 * MARGIN, 26)
    small_print(image, scene, rest, scene.palette.ink_on(mean_colour(image, rest)), align=align)
    return image


def _stars(scene: Scene, image: Image.Image) -> None:
    brush = ImageDraw.Draw(image)
    for x, y, size in zip(*scene.noise.uniform(0, 1, (3, 420)).tolist(), strict=True):
        glow = mix(image.getpixel((int(x * 1399), int(y * 800))), (255, 250, 235), 0.25 + 0.75 * size**4)  # type: ignore[arg-type]
        radius = 0.6 + 2.0 * size**8
        brush.ellipse((x * 1400 - radius, y * 800 - radius, x * 1400 + radius, y * 800 + radius), fill=glow)


def _sun(scene: Scene, image: Image.Image, light: RGB, horizon: float) -> Image.Image:
    """A disc near the horizon with a wide glow."""
    dice = scene.dice
    x, radius = dice.uniform(300, 1100), dice.uniform(90, 210)
    y = horizon - dice.uniform(-40, 200)
    disc = disc_mask(x, y, radius)
    halo = (
        disc.resize((350, 350))
        .filter(ImageFilter.GaussianBlur(40))
        .resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    )
    image.paste(light, mask=halo.point(lambda v: int(v * 0.6)))
    image.paste(light, mask=disc)
    return image


def _ridge(scene: Scene, rough: float) -> Field:
    """A skyline by adding ever finer noise, rougher for mountains than for hills."""
    total = np.zeros(SIZE + 1, np.float32)
    axis = np.linspace(0, 1, SIZE + 1)
    for octave in range(8):
        count = 3 * 2**octave
        knots = scene.noise.normal(0, 1, count + 3)
        position = axis * count
        index = position.astype(int)
        share = position - index
        share = share * share * (3 - 2 * share)
        total += (knots[index] * (1 - share) + knots[index + 1] * share) * rough**octave
    return total / 2


def _hills(scene: Scene, image: Image.Image, horizon: float, far: RGB, near: RGB, *, count: int) -> None:
    """Layers from pale and far to dark and near (aerial perspective)."""
    rough = 0.38 + 0.2 * scene.plan.energy
    middle = scene.dice.choice(scene.palette.colours)
    for layer in range(count):
        depth = (layer + 1) / count
        base = horizon + (SIZE - horizon) * 0.9 * (depth - 1 / count) * 0.95
        skyline = base - _ridge(scene, rough - 0.14 * depth) * (150 - 70 * depth)
        colour = mix(mix(far, middle, min(1.0, depth * 1.3)), near, depth**1.5)
        mask = polygon_mask([*enumerate(skyline.tolist()), (SIZE, SIZE), (0, SIZE)])
        top_of_layer = max(0, int(skyline.min()))
        mist = Image.new("RGB", (SIZE, SIZE), colour)
        haze = Image.linear_gradient("L").resize((SIZE, 420)).point(lambda v: int(v * 0.45))
        mist.paste(mix(colour, far, 0.7), (0, min(SIZE - 1, top_of_layer + 60)), haze)
        image.paste(mist, mask=mask)


def _water(scene: Scene, image: Image.Image, shore: int) -> Image.Image:
    """Below the shore everything once more, upside down, broken by waves."""
    height = SIZE - shore
    rows = np.arange(height)
    ripple = (scene.noise.normal(0, 1, height) * (1 + rows / 40)).astype(int)
    pixels = np.asarray(image)
    mirrored = pixels[np.clip(shore - 1 - (rows * 1.6).astype(int), 0, SIZE - 1)]
    waved = np.stack([np.roll(row, shift, axis=0) for row, shift in zip(mirrored, ripple, strict=True)])
    deep = np.array(scene.palette.dark, np.float32)
    share = 0.25 + 0.4 * (rows / height)[:, None, None]
    result = pixels.copy()
    result[shore:] = (waved * (1 - share) + deep * share).astype(np.uint8)
    return Image.fromarray(result)


def _trees(scene: Scene, image: Image.Image, colour: RGB) -> None:
    """Firs along the lower edge, in groups."""
    sheet = Image.new("L", (SIZE * OVERSAMPLE,) * 2)
    brush = ImageDraw.Draw(sheet)
    noise = scene.noise
    for x in np.sort(noise.uniform(-40, 1440, int(noise.integers(30, 70)))):
        group = 0.5 + 0.5 * np.sin(x / 210 + noise.uniform(0, 0.5))
        height = (90 + 240 * group * noise.uniform(0.5, 1.0)) * OVERSAMPLE
        foot, wide, left = SIZE * OVERSAMPLE, height * noise.uniform(0.14, 0.2), x * OVERSAMPLE
        for level in range(9):
            y = foot - height * (level + 1.4) / 10.4
            half = wide * (1.05 - level / 9) * noise.uniform(0.85, 1.1)
            brush.polygon(
                [
                    (left, y - height * 0.13),
                    (left - half, y + height * 0.05),
                    (left, y + height * 0.02),
                    (left + half, y + height * 0.05),
                ],
                fill=255,
            )
        brush.rectangle((left - height * 0.01, foot - height * 0.2, left + height * 0.01, foot), fill=255)
    image.paste(colour, mask=sheet.reduce(OVERSAMPLE))
