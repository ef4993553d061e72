"""Typefaces: faces for titles, and the ones that step in where a script is lacking."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont

from producer import assets
from producer.errors import AssetError

#: Face name → asset below ``fonts/`` and, in variable fonts, the weight.
FACES: dict[str, tuple[str, int | None]] = {
    "abril": ("abril-fatface.ttf", None),
    "anton": ("anton.ttf", None),
    "archivo": ("archivo-black.ttf", None),
    "bebas": ("bebas-neue.ttf", None),
    "blackletter": ("unifraktur-maguntia.woff2", None),
    "cinzel": ("cinzel.ttf", 600),
    "grotesk": ("space-grotesk.ttf", 700),
    "inter": ("inter.ttf", 600),
    "inter black": ("inter.ttf", 900),
    "inter light": ("inter.ttf", 400),
    "josefin": ("josefin-sans.ttf", 600),
    "josefin light": ("josefin-sans.ttf", 300),
    "marker": ("permanent-marker.ttf", None),
    "mono": ("space-mono.ttf", None),
    "monoton": ("monoton.woff2", None),
    "pacifico": ("pacifico.ttf", None),
    "pixel": ("press-start-2p.ttf", None),
    "playfair": ("playfair-display.ttf", 800),
    "righteous": ("righteous.ttf", None),
    "serif": ("instrument-serif.ttf", None),
    "serif italic": ("instrument-serif-italic.ttf", None),
    "shrikhand": ("shrikhand.woff2", None),
    "syne": ("syne.ttf", 800),
    "unbounded": ("unbounded.ttf", 800),
}

# In the order in which they are asked. Emoji come before symbols, for ♥ and ☀ look better there.
_SCRIPTS = (
    "hebrew", "arabic", "devanagari", "thai", "bengali", "tamil", "telugu", "gujarati", "gurmukhi",
    "kannada", "malayalam", "sinhala", "oriya", "georgian", "armenian", "ethiopic", "khmer", "lao", "myanmar",
)  # fmt: skip
FALLBACKS: dict[str, tuple[str, int | None]] = {
    "noto": ("noto-sans.ttf", 700),
    "noto cjk": ("noto-sans-cjk.otf", None),
    **{f"noto {script}": (f"noto-sans-{script}.ttf", 700) for script in _SCRIPTS},
    "noto emoji": ("noto-emoji.ttf", 600),
    "noto symbols": ("noto-sans-symbols.ttf", 600),
}
EMOJI_SCALE = 0.86  # emoji fill their em square; letters do not
_PROBE_SIZE = 32
# Characters that belong to the one before or after them and need no glyph of their own.
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that one face sets in one direction."""

    text: str
    face: str
    right_to_left: bool


def clean(text: str) -> str:
    """Text fit for setting: composed, one line, without control characters and lone surrogates."""
    printable = (
        char
        for char in unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode("utf-8"))
        if char in _JOINERS or char.isspace() or not unicodedata.category(char).startswith("C")
    )
    words = " ".join("".join(printable).split())
    return "" if _JOINERS.issuperset(words) else words


@lru_cache(maxsize=128)
def font(face: str, size: int) -> FreeTypeFont:
    """A face at a size in pixels; Pillow's own face where the asset was not fetched."""
    name, weight = (FACES | FALLBACKS)[face]
    try:
        found = ImageFont.truetype(str(assets.find(f"fonts/{name}")), size)
    except AssetError:
        built_in = ImageFont.load_default(size)
        assert isinstance(built_in, FreeTypeFont)
        return built_in.font_variant(layout_engine=ImageFont.Layout.RAQM)
    if weight is not None:
        axes = found.get_variation_axes()
        wanted = [float(weight if axis["name"] == b"Weight" else axis["default"] or 0) for axis in axes]
        found.set_variation_by_axes(wanted)
    return found


@cache
def has_glyph(face: str, char: str) -> bool:
    """Whether a face can draw a character: it differs from what the face draws for a character it lacks."""
    probe = font(face, _PROBE_SIZE)
    return bytes(probe.getmask(char)) != bytes(probe.getmask("\U0010ffff"))


def runs(text: str, face: str) -> tuple[Run, ...]:
    """Cut text into runs in the order they stand on the line, left to right.

    A character that no face has is left out. In a text whose first strong character is written right to
    left, the runs are turned around (the first rule of the Unicode bidirectional algorithm, UAX #9, P2–P3,
    L2 on two levels); within a run the shaper orders the letters.
    """
    placed: list[tuple[str, str, bool]] = []
    right_to_left = is_right_to_left(text)
    direction = right_to_left
    for char in text:
        strong = unicodedata.bidirectional(char)
        direction = strong in {"R", "AL"} if strong in {"L", "R", "AL"} else direction
        if placed and (char in _JOINERS or unicodedata.category(char)[0] == "M" or char == " "):
            placed.append((char, placed[-1][1], placed[-1][2]))
            continue
        chosen = _face_for(char, face)
        if chosen is not None:
            placed.append((char, chosen, direction))
    found = [
        Run("".join(char for char, _, _ in group), key[0], key[1])
        for key, group in groupby(placed, key=lambda item: (item[1], item[2]))
    ]
    return tuple(_in_visual_order(found, right_to_left))


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph starts at the right, by its first strong character."""
    strong = (kind for char in text if (kind := unicodedata.bidirectional(char)) in {"L", "R", "AL"})
    return next(strong, "L") != "L"


def language_of(text: str) -> str | None:
    """OpenType language that picks the right shapes of Han characters; None where there are none."""
    names = {unicodedata.name(char, "").split(" ")[0] for char in text}
    if names & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    if "HANGUL" in names:
        return "ko"
    return "zh-Hans" if "CJK" in names else None


@cache
def _face_for(char: str, face: str) -> str | None:
    if char.isspace() or has_glyph(face, char):
        return face
    return next((name for name in FALLBACKS if has_glyph(name, char)), None)


def _in_visual_order(found: list[Run], right_to_left: bool) -> list[Run]:
    """Turn groups of one direction around: the groups in a right-to-left text, the runs in such a group."""
    groups = [
        list(group)[::-1] if backwards else list(group)
        for backwards, group in groupby(found, key=lambda run: run.right_to_left)
    ]
    return [run for group in (groups[::-1] if right_to_left else groups) for run in group]
