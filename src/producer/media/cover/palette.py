"""Colours by mood: hand-picked palettes, turned a little by the key.

Colours are mixed and turned in OKLab (Björn Ottosson, "A perceptual color space for image processing", 2020),
contrast is that of WCAG 2.2, 1.4.3.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from producer.media.cover.plan import CoverPlan
from producer.score.pitch import FLAT_NAMES, SHARP_NAMES

RGB = tuple[int, int, int]
Colours = NDArray[np.floating[Any]]

_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                 [0.0883024619, 0.2817188376, 0.6299787005]], np.float32)  # fmt: skip
_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                 [0.0259040371, 0.7827717662, -0.8086757660]], np.float32)  # fmt: skip
_CANDIDATES = 5  # palettes near the mood among which the seed chooses
_BLACK_AND_WHITE: tuple[RGB, RGB] = ((4, 4, 6), (255, 255, 252))
_KEY_TURN_DEGREES = 5.0  # a step on the circle of fifths


@dataclass(frozen=True, slots=True)
class Palette:
    """A ground and four colours that go with it."""

    ground: RGB
    colours: tuple[RGB, ...]

    @property
    def all(self) -> tuple[RGB, ...]:
        """Ground and colours, dark to light."""
        return tuple(sorted((self.ground, *self.colours), key=luminance))

    @property
    def dark(self) -> RGB:
        """The darkest."""
        return self.all[0]

    @property
    def light(self) -> RGB:
        """The lightest."""
        return self.all[-1]

    @property
    def is_dark(self) -> bool:
        """Whether the ground is dark."""
        return luminance(self.ground) < 0.18

    def vivid(self) -> tuple[RGB, ...]:
        """The colours, most colourful first."""
        return tuple(sorted(self.colours, key=lambda colour: -_chroma(colour)))

    def ink_on(self, ground: RGB) -> RGB:
        """The colour that reads best on a ground; pushed to black or white where that is too weak."""
        best = max((self.ground, *self.colours), key=lambda colour: contrast(colour, ground))
        if contrast(best, ground) >= 4.5:
            return best
        target = max(_BLACK_AND_WHITE, key=lambda colour: contrast(colour, ground))
        tinted = mix(best, target, 0.85)
        return tinted if contrast(tinted, ground) >= 4.5 else target


def choose_palette(plan: CoverPlan) -> Palette:
    """A palette near the plan's mood, turned by the key; dice may put another colour on the ground."""
    dice = Random(f"{plan.seed}/cover palette")
    ranked = sorted(_palettes(), key=lambda p: ((p[0] - plan.valence) / 2) ** 2 + (p[1] - plan.energy) ** 2)
    colours = list(dice.choice(ranked[:_CANDIDATES])[2])
    if dice.random() < 0.3:
        other = dice.randrange(1, len(colours))
        colours[0], colours[other] = colours[other], colours[0]
    turn = _key_turn(plan.key_name) + dice.uniform(-6, 6)
    turned = [_turned(colour, turn) for colour in colours]
    return Palette(turned[0], tuple(turned[1:]))


@cache
def _palettes() -> tuple[tuple[float, float, tuple[RGB, ...]], ...]:
    text = files("producer.media.cover").joinpath("palettes.toml").read_text("utf-8")
    rows = tomllib.loads(text)["palette"]
    return tuple((row["valence"], row["energy"], tuple(map(_parse, row["colours"]))) for row in rows)


def _parse(text: str) -> RGB:
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def _key_turn(key_name: str | None) -> float:
    """Degrees of hue for a key: sharps turn one way, flats the other; minor is cooler."""
    name, _, mode = (key_name or "").partition(" ")
    names = {name: i for table in (SHARP_NAMES, FLAT_NAMES) for i, name in enumerate(table)}
    if name not in names:
        return 0.0
    fifths = (names[name] * 7 + 5) % 12 - 5
    return fifths * _KEY_TURN_DEGREES * 0.5 - (4.0 if "minor" in mode else 0.0)


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 black … 1 white."""
    red, green, blue = to_linear(np.array(colour, np.float32) / 255)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(one: RGB, other: RGB) -> float:
    """Contrast ratio, 1 … 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """A colour between two, evenly for the eye; `share` 0 gives the first, 1 the other."""
    a, b = to_oklab(np.array([one, other], np.float32) / 255)
    return as_rgb(from_oklab(a + (b - a) * np.float32(share)))


def as_rgb(colour: Colours) -> RGB:
    """Floats 0–1 as whole numbers 0–255."""
    red, green, blue = np.clip(np.rint(colour * 255), 0, 255).astype(int).tolist()
    return red, green, blue


def to_linear(srgb: Colours) -> Colours:
    """Light from sRGB values 0–1 (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4).astype(np.float32)


def from_linear(light: Colours) -> Colours:
    """SRGB values 0–1 from light."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


def to_oklab(srgb: Colours) -> Colours:
    """OKLab of sRGB values 0–1, shape ``(…, 3)``."""
    return np.asarray(np.cbrt(to_linear(srgb) @ _LMS.T) @ _LAB.T, np.float32)


def from_oklab(lab: Colours) -> Colours:
    """SRGB values 0–1 of OKLab, shape ``(…, 3)``."""
    return from_linear(((lab @ np.linalg.inv(_LAB).T) ** 3) @ np.linalg.inv(_LMS).T)


def _chroma(colour: RGB) -> float:
    lab = to_oklab(np.array(colour, np.float32) / 255)
    return float(np.hypot(lab[1], lab[2]))


def _turned(colour: RGB, degrees: float) -> RGB:
    lab = to_oklab(np.array(colour, np.float32) / 255)
    angle = np.deg2rad(degrees)
    a, b = lab[1], lab[2]
    lab[1] = a * np.cos(angle) - b * np.sin(angle)
    lab[2] = a * np.sin(angle) + b * np.cos(angle)
    return as_rgb(from_oklab(lab))
