"""Cover art: one drawn, seeded picture a song."""

import hashlib
from io import BytesIO
from random import Random

import numpy as np

from producer.media.cover.canvas import Scene
from producer.media.cover.families import FAMILIES
from producer.media.cover.palette import choose_palette
from producer.media.cover.plan import SIZE, CoverPlan, choose_family

__all__ = ["SIZE", "CoverPlan", "choose_family", "draw_cover"]

JPEG_QUALITY = 90


def draw_cover(plan: CoverPlan, *, family: str | None = None) -> bytes:
    """Draw a cover: a JPEG of 1400 × 1400 pixels; the same plan gives the same picture.

    Family, palette, layout and texture follow style, mood, key and seed; `family` asks for one by name.
    """
    seed = int.from_bytes(hashlib.sha256(f"{plan.seed}/cover noise".encode()).digest()[:8], "big")
    scene = Scene(plan, choose_palette(plan), Random(f"{plan.seed}/cover"), np.random.default_rng(seed))
    image = FAMILIES[family or choose_family(plan)](scene)
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()
