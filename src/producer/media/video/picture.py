"""A picture in YUV planes, and what is turned into one."""

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from producer.media import typeset
from producer.media.video import kernels
from producer.media.video.kernels import Colour, Floats, Plane

__all__ = ["RGB", "Colour", "Floats", "Picture", "Plane"]

RGB = tuple[int, int, int]


class Picture:
    """One frame: planes that are views of one buffer, laid out as FFmpeg's ``yuv420p`` wants it.

    Width and height are multiples of 4.
    """

    __slots__ = ("buffer", "height", "u", "v", "width", "y")

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.buffer: Plane = np.full((height * 3 // 2, width), 128, np.uint8)
        flat = self.buffer.reshape(-1)
        luma, chroma = width * height, width * height // 4
        self.y: Plane = flat[:luma].reshape(height, width)
        self.u: Plane = flat[luma : luma + chroma].reshape(height // 2, width // 2)
        self.v: Plane = flat[luma + chroma :].reshape(height // 2, width // 2)
        self.y[:] = 16

    def copy_from(self, other: "Picture") -> None:
        """Take over all pixels of a picture of the same size."""
        np.copyto(self.buffer, other.buffer)

    def paint(self, mask: Plane, left: int, top: int, colour: Colour, alpha: float = 1.0) -> None:
        """Paint a colour through a mask; its corner is moved to even coordinates."""
        kernels.blend(self.y, self.u, self.v, mask, left // 2 * 2, top // 2 * 2, colour, alpha)

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour, alpha: float = 1.0) -> None:
        """Fill a rectangle."""
        if width > 0 and height > 0:
            self.paint(np.full((height, width), 255, np.uint8), left, top, colour, alpha)


def to_yuv(rgb: RGB) -> Colour:
    """A colour in BT.709, limited range (Rec. ITU-R BT.709-6, 3.2–3.5)."""
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


def from_image(image: Image.Image) -> Picture:
    """An RGB picture in planes; chroma is the mean of 2 × 2 pixels."""
    picture = Picture(*image.size)
    rgb = np.asarray(image.convert("RGB"), np.float32) / 255
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    picture.y[:] = np.rint(16 + 219 * luma)
    small = rgb.reshape(picture.height // 2, 2, picture.width // 2, 2, 3).mean(axis=(1, 3))
    dim = small @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    picture.u[:] = np.rint(128 + 224 * (small[..., 2] - dim) / 1.8556)
    picture.v[:] = np.rint(128 + 224 * (small[..., 0] - dim) / 1.5748)
    return picture


def blurred_ground(cover: Image.Image, size: tuple[int, int], *, darkness: float) -> Image.Image:
    """The cover, spread over the whole frame, out of focus and darkened towards the edges."""
    width, height = size
    side = max(size)
    small = cover.resize((64, 64), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(9))
    mean = cover.resize((1, 1), Image.Resampling.BOX).resize((64, 64))
    small = ImageEnhance.Color(Image.blend(small, mean, 0.35)).enhance(1.5)
    spread = small.resize((side, side), Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    rgb = np.asarray(spread.crop((left, top, left + width, top + height)), np.float32)
    x, y = np.meshgrid(
        np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    )
    shade = (1 - darkness) * (1 - 0.45 * np.clip((x * x + y * y) / 2, 0, 1))
    # A little noise keeps the encoder from cutting the soft ground into bands.
    dither = np.random.default_rng(1).uniform(-1.2, 1.2, (height, width)).astype(np.float32)
    return Image.fromarray(np.clip(rgb * shade[:, :, None] + 6 + dither[:, :, None], 0, 255).astype(np.uint8))


def with_shadow(image: Image.Image, box: tuple[int, int, int, int], *, strength: float = 0.55) -> Image.Image:
    """A soft shadow below a box (left, top, right, bottom)."""
    scale = 8
    mask = Image.new("L", (image.width // scale, image.height // scale))
    left, top, right, bottom = (value // scale for value in box)
    mask.paste(255, (left, top + 3, right, bottom + 3))
    soft = mask.filter(ImageFilter.GaussianBlur(5)).resize(image.size, Image.Resampling.BICUBIC)
    image.paste((0, 0, 0), mask=soft.point(lambda value: int(value * strength)))
    return image


def set_text(text: str, face: str, size: int, width: float, *, lines: int = 1, align: str = "left") -> Plane:
    """Text as a mask, at most `size` pixels to the em and `width` pixels wide, even in both directions."""
    setting = typeset.fit(
        text,
        face,
        (width, size * 1.25 * lines),
        max_lines=lines,
        max_size=size,
        min_size=size * 0.6,
        leading=1.22,
    )
    return even(typeset.draw(setting, align=align))


def even(mask: Image.Image) -> Plane:
    """A mask as an array whose sides are even."""
    padded = Image.new("L", (mask.width + mask.width % 2, mask.height + mask.height % 2))
    padded.paste(mask)
    return np.asarray(padded).copy()


def accent_of(cover: Image.Image) -> RGB:
    """The most telling colour of a cover, light enough to shine on a dark ground."""
    pixels = np.asarray(cover.resize((48, 48), Image.Resampling.BOX).convert("HSV"), np.float32).reshape(
        -1, 3
    )
    weight = (pixels[:, 1] / 255) ** 1.5 * (0.25 + pixels[:, 2] / 255)
    if weight.max() < 0.06:
        return 236, 232, 226
    hues = np.histogram(pixels[:, 0], 24, (0, 256), weights=weight)[0]
    near = np.abs((pixels[:, 0] - (hues.argmax() + 0.5) * 256 / 24 + 128) % 256 - 128) < 9
    hue, saturation = np.average(pixels[near, 0], weights=weight[near] + 1e-6), np.average(pixels[near, 1])
    bright = Image.new("HSV", (1, 1), (int(hue), int(min(saturation, 170)), 250)).convert("RGB")
    red, green, blue = np.asarray(bright)[0, 0].tolist()
    return red, green, blue
