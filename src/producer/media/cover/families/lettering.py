"""Lettering: the title is the picture. Huge, repeated, sliced or printed across a split ground."""

from PIL import Image, ImageChops, ImageDraw

from producer.media import typeset
from producer.media.cover.canvas import Pen, Scene, letter, paper, small_print, worn
from producer.media.cover.palette import RGB, contrast
from producer.media.cover.plan import SIZE

MARGIN = 70
FACES = ("anton", "archivo", "unbounded", "bebas", "inter black", "syne", "abril")


def draw_lettering(scene: Scene) -> Image.Image:
    """Draw one of four ways to fill the square with a title."""
    way = scene.dice.choice((_split, _echo, _sliced, _stacked))
    return paper(way(scene), scene, 0.04)


def _sheet(scene: Scene, face: str, box: tuple[float, float, float, float], *, leading: float = 0.94) -> Image.Image:
    """The title as a mask, filling the box."""
    mask = Image.new("RGB", (SIZE, SIZE))
    letter(mask, scene.plan.title, face, box, (255, 255, 255), upper=True, max_lines=6, max_size=900, leading=leading, valign="middle")
    return mask.getchannel(0)


def _pairs(scene: Scene) -> tuple[RGB, RGB, RGB]:
    """Ground, ink that reads on it, and a third colour that reads on neither too badly."""
    palette = scene.palette
    ground = scene.dice.choice((palette.ground, palette.vivid()[0]))
    ink = palette.ink_on(ground)
    third = max((c for c in palette.all if c not in (ground, ink)), key=lambda c: min(contrast(c, ground), contrast(c, ink)))
    return ground, ink, third


def _split(scene: Scene) -> Image.Image:
    """Ground and letters change places along a line or a disc."""
    dice = scene.dice
    ground, ink, third = _pairs(scene)
    title = _sheet(scene, dice.choice(FACES), (MARGIN, MARGIN, SIZE - 2 * MARGIN, SIZE - 2 * MARGIN - 60), leading=1.0)
    area = Image.new("L", (SIZE, SIZE))
    brush = ImageDraw.Draw(area)
    kind = dice.choice(("disc", "slope", "half"))
    if kind == "disc":
        x, y, r = dice.uniform(350, 1050), dice.uniform(400, 1000), dice.uniform(380, 560)
        brush.ellipse((x - r, y - r, x + r, y + r), fill=255)
    elif kind == "slope":
        a, b = dice.uniform(200, 1200), dice.uniform(200, 1200)
        brush.polygon([(0, a), (SIZE, b), (SIZE, SIZE), (0, SIZE)], fill=255)
    else:
        brush.rectangle((SIZE // 2, 0, SIZE, SIZE), fill=255)
    image = Image.new("RGB", (SIZE, SIZE), ground)
    image.paste(third, mask=area)
    image.paste(ink, mask=title)
    if contrast(third, ink) < 2.2:
        image.paste(scene.palette.ink_on(third), mask=ImageChops.multiply(title, area))
    low = scene.palette.ink_on(image.getpixel((MARGIN, SIZE - 50)))  # type: ignore[arg-type]
    small_print(image, scene, (MARGIN, SIZE - 74, 620, 26), low)
    return image


def _echo(scene: Scene) -> Image.Image:
    """The title in rows; one row is solid, the others are outlines."""
    dice = scene.dice
    ground, ink, third = _pairs(scene)
    rows = dice.choice((5, 6, 7))
    height = (SIZE - 2 * MARGIN - 50) / rows
    setting = typeset.fit(scene.plan.title.upper(), dice.choice(("anton", "bebas", "archivo")), (SIZE - 2 * MARGIN, height * 0.9), max_lines=1, max_size=height * 1.15)
    ink_mask = typeset.draw(setting)
    scale = min((SIZE - 2 * MARGIN) / ink_mask.width, height * 0.86 / ink_mask.height)
    word = ink_mask.resize((max(1, round(ink_mask.width * scale)), max(1, round(ink_mask.height * scale))), Image.Resampling.LANCZOS)
    pen = Pen(ground)
    image = pen.done()
    solid = dice.randrange(rows)
    for row in range(rows):
        x = MARGIN
        y = round(MARGIN + row * height + (height - word.height) / 2)
        while x < SIZE - MARGIN * 0.5:
            if row == solid:
                image.paste(third if contrast(third, ground) > 3 else ink, (x, y), word)
            else:
                image.paste(ink, (x, y), _outline(word))
            x += word.width + 50
    small_print(image, scene, (MARGIN, SIZE - 78, SIZE - 2 * MARGIN, 26), ink)
    return image


def _outline(mask: Image.Image) -> Image.Image:
    padded = Image.new("L", mask.size)
    padded.paste(mask)
    inner = padded
    for dx, dy in ((3, 0), (-3, 0), (0, 3), (0, -3), (2, 2), (-2, -2), (2, -2), (-2, 2)):
        inner = ImageChops.darker(inner, ImageChops.offset(padded, dx, dy))
    return ImageChops.subtract(padded, inner)


def _sliced(scene: Scene) -> Image.Image:
    """The title cut into strips that slipped sideways."""
    dice = scene.dice
    ground, ink, third = _pairs(scene)
    title = _sheet(scene, dice.choice(FACES), (MARGIN + 60, MARGIN, SIZE - 2 * MARGIN - 120, SIZE - 2 * MARGIN - 60), leading=1.02)
    ghost, slipped = Image.new("L", (SIZE, SIZE)), Image.new("L", (SIZE, SIZE))
    y = 0
    while y < SIZE:
        height = dice.randint(24, 130)
        shift = round(dice.gauss(0, 22 + 34 * scene.plan.energy)) if dice.random() < 0.6 else 0
        shift = max(-90, min(90, shift))
        strip = title.crop((0, y, SIZE, min(SIZE, y + height)))
        slipped.paste(strip, (shift, y))
        ghost.paste(strip, (shift - round(shift * 0.7) - 14, y + 6))
        y += height
    image = Image.new("RGB", (SIZE, SIZE), ground)
    image.paste(third, mask=ghost)
    image.paste(ink, mask=slipped)
    small_print(image, scene, (MARGIN, SIZE - 78, SIZE - 2 * MARGIN, 26), ink)
    return image


def _stacked(scene: Scene) -> Image.Image:
    """Each word as wide as the sheet, in alternating colours."""
    dice = scene.dice
    ground, ink, third = _pairs(scene)
    if contrast(third, ground) < 2.5:
        third = ink
    face = dice.choice(("anton", "archivo", "bebas", "inter black"))
    words = typeset.fit(scene.plan.title.upper(), face, (500, 1180), max_lines=5, max_size=2000).lines
    masks = [typeset.draw(typeset.fit(word, face, (SIZE - 2 * MARGIN, 2000), max_lines=1, max_size=700)) for word in words]
    sizes = [(SIZE - 2 * MARGIN) / max(mask.width, 1) for mask in masks]
    heights = [mask.height * scale for mask, scale in zip(masks, sizes, strict=True)]
    room = SIZE - 2 * MARGIN - 70 - 26 * (len(masks) - 1)
    squeeze = min(1.0, room / max(sum(heights), 1))
    stretch = min(2.2, room / max(sum(heights), 1)) if squeeze == 1.0 else squeeze
    image = Image.new("RGB", (SIZE, SIZE), ground)
    y = float(MARGIN)
    for index, (mask, height) in enumerate(zip(masks, heights, strict=True)):
        line = mask.resize((SIZE - 2 * MARGIN, max(1, round(height * stretch))), Image.Resampling.LANCZOS)
        full = Image.new("L", (SIZE, SIZE))
        full.paste(line, (MARGIN, round(y)))
        image.paste(third if index % 2 else ink, mask=worn(full, scene, 0.3))
        y += line.height + 26
    small_print(image, scene, (MARGIN, SIZE - 72, SIZE - 2 * MARGIN, 26), ink)
    return image
