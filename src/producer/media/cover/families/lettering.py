"""Lettering: the title is the picture. Huge, repeated, sliced or printed across a split ground."""

from PIL import Image, ImageChops, ImageDraw

from producer.media import typeset
from producer.media.cover.canvas import Scene, paper, small_print, worn
from producer.media.cover.palette import RGB, contrast
from producer.media.cover.plan import SIZE

MARGIN = 70
LONG_WORD = 5
GAP = 26  # between lines
MAX_STRETCH = 2.0  # type may be pulled to twice its height, no more
FULL = (MARGIN, MARGIN, SIZE - 2 * MARGIN, SIZE - 2 * MARGIN - 60)
FACES = ("anton", "archivo", "unbounded", "bebas", "inter black", "syne", "abril")


def draw_lettering(scene: Scene) -> Image.Image:
    """Draw one of four ways to fill the square with a title."""
    way = scene.dice.choice((_split, _echo, _sliced, _stacked))
    return paper(way(scene), scene, 0.04)


def _sheet(scene: Scene, face: str, box: tuple[float, float, float, float]) -> list[Image.Image]:
    """A mask for each line of the title; every line is as wide as the box, all together fill its height."""
    x, y, width, height = box
    lines = typeset.fit(
        scene.plan.title.upper(), face, (width * 0.4, height), max_lines=6, max_size=2000
    ).lines
    if len(lines) == 1 and len(lines[0]) > LONG_WORD:  # one word is broken to fill the square
        middle = (len(lines[0]) + 1) // 2
        lines = (lines[0][:middle], lines[0][middle:])
    inks = [typeset.draw(typeset.fit(line, face, (width, 2000), max_lines=1, max_size=700)) for line in lines]
    natural = [ink.height * width / max(ink.width, 1) for ink in inks]
    room = height - GAP * (len(inks) - 1)
    stretch = min(MAX_STRETCH, room / max(sum(natural), 1.0))
    y += (room - sum(natural) * stretch) / 2
    masks = []
    for ink, tall in zip(inks, natural, strict=True):
        line = ink.resize((round(width), max(1, round(tall * stretch))), Image.Resampling.LANCZOS)
        masks.append(Image.new("L", (SIZE, SIZE)))
        masks[-1].paste(line, (round(x), round(y)))
        y += line.height + GAP
    return masks


def _joined(masks: list[Image.Image]) -> Image.Image:
    """All lines in one mask."""
    whole = Image.new("L", (SIZE, SIZE))
    for mask in masks:
        whole = ImageChops.lighter(whole, mask)
    return whole


def _pairs(scene: Scene) -> tuple[RGB, RGB, RGB]:
    """Ground, ink that reads on it, and a third colour that reads on neither too badly."""
    palette = scene.palette
    ground = scene.dice.choice((palette.ground, palette.vivid()[0]))
    ink = palette.ink_on(ground)
    third = max(
        (c for c in palette.all if c not in (ground, ink)),
        key=lambda c: min(contrast(c, ground), contrast(c, ink)),
    )
    return ground, ink, third


def _split(scene: Scene) -> Image.Image:
    """Ground and letters change places along a line or a disc."""
    dice = scene.dice
    ground, ink, third = _pairs(scene)
    title = _joined(_sheet(scene, dice.choice(FACES), FULL))
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
    setting = typeset.fit(
        scene.plan.title.upper(),
        dice.choice(("anton", "bebas", "archivo")),
        (SIZE - 2 * MARGIN, height * 0.9),
        max_lines=1,
        max_size=height * 1.15,
    )
    ink_mask = typeset.draw(setting)
    scale = min((SIZE - 2 * MARGIN) / ink_mask.width, height * 0.86 / ink_mask.height)
    word = ink_mask.resize(
        (max(1, round(ink_mask.width * scale)), max(1, round(ink_mask.height * scale))),
        Image.Resampling.LANCZOS,
    )
    image = Image.new("RGB", (SIZE, SIZE), ground)
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
    title = _joined(
        _sheet(
            scene, dice.choice(FACES), (MARGIN + 60, MARGIN, SIZE - 2 * MARGIN - 120, SIZE - 2 * MARGIN - 60)
        )
    )
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
    image = Image.new("RGB", (SIZE, SIZE), ground)
    for index, mask in enumerate(
        _sheet(scene, dice.choice(("anton", "archivo", "bebas", "inter black")), FULL)
    ):
        image.paste(third if index % 2 else ink, mask=worn(mask, scene, 0.3))
    small_print(image, scene, (MARGIN, SIZE - 72, SIZE - 2 * MARGIN, 26), ink)
    return image
