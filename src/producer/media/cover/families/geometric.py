"""Geometric: tiles, giants and columns after Swiss and Bauhaus posters and jazz sleeves of the fifties."""

import math

from PIL import Image, ImageChops, ImageDraw

from producer.media.cover.canvas import Pen, Scene, coverage, letter, paper, small_print
from producer.media.cover.palette import RGB, contrast, mix
from producer.media.cover.plan import SIZE

MARGIN = 84


def draw_geometric(scene: Scene) -> Image.Image:
    """Draw one of three layouts."""
    return paper(scene.dice.choice((_tiles, _tiles, _giants, _columns))(scene), scene, 0.03)


def _tiles(scene: Scene) -> Image.Image:
    """A mosaic of quarter circles, leaves and rays above a calm band with the title."""
    dice, palette = scene.dice, scene.palette
    across = dice.choice((3, 4, 4, 5))
    down = across - 1 if across < 5 else 4
    bleeds = dice.random() < 0.5
    cell = (SIZE if bleeds else SIZE - 2 * MARGIN) / across
    edge = 0 if bleeds else MARGIN
    pen = Pen(palette.ground)
    for row in range(down):
        for column in range(across):
            back = dice.choice((palette.ground, *palette.colours))
            fronts = sorted(palette.colours, key=lambda c: -contrast(c, back))[:3]
            _tile(
                pen,
                dice.choice(_MOTIFS),
                (edge + column * cell, edge + row * cell),
                cell,
                back,
                dice.choice(fronts),
                dice.randrange(4),
            )
    image = pen.done()
    top = edge + down * cell + 56
    ink = palette.ink_on(palette.ground)
    box = (MARGIN, top, SIZE - 2 * MARGIN, SIZE - top - MARGIN - 44)
    letter(
        image,
        scene.plan.title,
        dice.choice(("grotesk", "inter black", "syne")),
        box,
        ink,
        max_lines=2,
        max_size=150,
    )
    small_print(image, scene, (MARGIN, SIZE - MARGIN - 24, SIZE - 2 * MARGIN, 28), ink)
    return image


_MOTIFS = (
    "quarter",
    "quarter",
    "leaf",
    "leaf",
    "half",
    "disc",
    "triangle",
    "rings",
    "dots",
    "stripes",
    "eye",
)


def _tile(
    pen: Pen, motif: str, at: tuple[float, float], cell: float, back: RGB, front: RGB, turn: int
) -> None:
    x, y = at
    pen.rectangle((x, y, cell + 1, cell + 1), back)
    corners = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)]
    near, far = corners[turn], corners[(turn + 2) % 4]
    middle = (x + cell / 2, y + cell / 2)
    if motif == "quarter":
        pen.slice(*near, cell, turn * 90, turn * 90 + 90, front)
    elif motif == "leaf":
        pen.polygon(_leaf(near, far, cell, turn), front)
    elif motif == "half":
        pen.slice(middle[0], middle[1], cell / 2, turn * 90, turn * 90 + 180, front)
    elif motif == "disc":
        pen.circle(*middle, cell * 0.36, front)
    elif motif == "triangle":
        pen.polygon([near, corners[(turn + 1) % 4], far], front)
    elif motif == "rings":
        for step in range(4):
            pen.slice(
                *near, cell * (1 - step / 4), turn * 90, turn * 90 + 90, front if step % 2 == 0 else back
            )
    elif motif == "dots":
        for i in range(16):
            pen.circle(x + cell * (i % 4 + 0.5) / 4, y + cell * (i // 4 + 0.5) / 4, cell * 0.075, front)
    elif motif == "stripes":
        for i in range(0, 8, 2):
            box = (x, y + cell * i / 8, cell, cell / 8) if turn % 2 else (x + cell * i / 8, y, cell / 8, cell)
            pen.rectangle(box, front)
    else:
        pen.polygon(_leaf(near, far, cell, turn), front)
        pen.circle(*middle, cell * 0.17, back)
        pen.circle(*middle, cell * 0.08, front)


def _leaf(
    near: tuple[float, float], far: tuple[float, float], cell: float, turn: int
) -> list[tuple[float, float]]:
    """Two quarter circles around the other corners, from one corner to the opposite."""
    points = []
    for centre, start in (
        ((far[0], near[1]) if turn % 2 == 0 else (near[0], far[1]), 0),
        ((near[0], far[1]) if turn % 2 == 0 else (far[0], near[1]), 1),
    ):
        first, last = (near, far) if start == 0 else (far, near)
        a = math.atan2(first[1] - centre[1], first[0] - centre[0])
        b = math.atan2(last[1] - centre[1], last[0] - centre[0])
        sweep = (b - a + math.pi) % (2 * math.pi) - math.pi
        points += [
            (centre[0] + cell * math.cos(a + sweep * i / 24), centre[1] + cell * math.sin(a + sweep * i / 24))
            for i in range(25)
        ]
    return points


def _giants(scene: Scene) -> Image.Image:
    """Three to five huge shapes printed over one another; their inks multiply."""
    dice, palette = scene.dice, scene.palette
    ground = palette.light if dice.random() < 0.75 else mix(palette.light, palette.ground, 0.3)
    image = Image.new("RGB", (SIZE, SIZE), ground)
    inks = [colour for colour in palette.vivid() if contrast(colour, ground) > 1.3][:4] or [palette.dark]
    for index in range(dice.randint(3, 5)):
        x, y = dice.uniform(200, 1200), dice.uniform(160, 900)
        radius, turn = dice.uniform(230, 430), dice.randrange(4) * 90
        kind = dice.choice(("disc", "half", "bar", "quarter", "ring"))
        layer = Image.new("RGB", (SIZE, SIZE), (255, 255, 255))
        layer.paste(inks[index % len(inks)], mask=_giant(kind, x, y, radius, turn))
        image = ImageChops.multiply(image, layer)
    image.paste(ground, (0, 985, SIZE, SIZE))
    ink = palette.ink_on(ground)
    face = dice.choice(("archivo", "inter black", "bebas", "grotesk"))
    letter(
        image,
        scene.plan.title,
        face,
        (MARGIN, 1010, SIZE - 2 * MARGIN, 260),
        ink,
        valign="bottom",
        max_lines=2,
        max_size=230,
        leading=0.92,
        upper=face == "bebas",
    )
    small_print(image, scene, (MARGIN, SIZE - MARGIN - 14, SIZE - 2 * MARGIN, 28), ink)
    return image


def _giant(kind: str, x: float, y: float, radius: float, turn: int) -> Image.Image:
    def draw(brush: ImageDraw.ImageDraw, scale: int) -> None:
        box = [v * scale for v in (x - radius, y - radius, x + radius, y + radius)]
        if kind == "disc":
            brush.ellipse(box, fill=255)
        elif kind == "half":
            brush.pieslice(box, turn, turn + 180, fill=255)
        elif kind == "quarter":
            brush.pieslice(
                [v * scale for v in (x - 1.4 * radius, y - 1.4 * radius, x + 1.4 * radius, y + 1.4 * radius)],
                turn,
                turn + 90,
                fill=255,
            )
        elif kind == "ring":
            brush.ellipse(box, outline=255, width=int(radius * 0.42 * scale))
        else:
            flat = [0, (y - radius * 0.22) * scale, SIZE * scale, (y + radius * 0.22) * scale]
            brush.rectangle(
                flat
                if turn % 180
                else [(x - radius * 0.22) * scale, 0, (x + radius * 0.22) * scale, SIZE * 0.72 * scale],
                fill=255,
            )

    return coverage(draw)


def _columns(scene: Scene) -> Image.Image:
    """Bars like a keyboard or a band on stage, one of them in another colour."""
    dice, palette = scene.dice, scene.palette
    count = dice.randint(7, 13)
    pen = Pen(palette.ground)
    main, accent = sorted(palette.colours, key=lambda c: -contrast(c, palette.ground))[:2]
    odd = dice.randrange(count)
    pitch = (SIZE - 2 * MARGIN) / count
    phase = dice.uniform(0, 6.28)
    for index in range(count):
        wave = 0.5 + 0.5 * math.sin(phase + index * dice.uniform(0.7, 0.9))
        height = 220 + 560 * (0.6 * wave + 0.4 * dice.random())
        x = MARGIN + index * pitch
        pen.rectangle(
            (x, 960 - height, pitch * 0.72, height),
            accent if index == odd else main,
            radius=pitch * 0.36 if count % 2 else 0,
        )
        if index != odd and dice.random() < 0.3:
            pen.circle(x + pitch * 0.36, 960 - height - pitch * 0.6, pitch * 0.3, accent)
    image = pen.done()
    ink = palette.ink_on(palette.ground)
    face = dice.choice(("bebas", "josefin", "archivo"))
    letter(
        image,
        scene.plan.title,
        face,
        (MARGIN, 1010, SIZE - 2 * MARGIN, 250),
        ink,
        upper=True,
        max_lines=2,
        max_size=240,
        leading=0.95,
    )
    small_print(image, scene, (MARGIN, SIZE - MARGIN - 14, SIZE - 2 * MARGIN, 28), ink)
    return image
