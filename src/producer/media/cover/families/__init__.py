"""Design families: each draws a whole cover in its own manner."""

from producer.media.cover.canvas import Family
from producer.media.cover.families.brush import draw_brush
from producer.media.cover.families.collage import draw_collage
from producer.media.cover.families.cosmos import draw_cosmos
from producer.media.cover.families.fluid import draw_fluid
from producer.media.cover.families.geometric import draw_geometric
from producer.media.cover.families.halftone import draw_halftone
from producer.media.cover.families.landscape import draw_landscape
from producer.media.cover.families.lettering import draw_lettering
from producer.media.cover.families.lineart import draw_lineart
from producer.media.cover.families.mesh import draw_mesh
from producer.media.cover.families.pixel import draw_pixel
from producer.media.cover.families.retro import draw_retro
from producer.media.cover.families.sigil import draw_sigil

FAMILIES: dict[str, Family] = {
    "brush": draw_brush,
    "collage": draw_collage,
    "cosmos": draw_cosmos,
    "fluid": draw_fluid,
    "geometric": draw_geometric,
    "halftone": draw_halftone,
    "landscape": draw_landscape,
    "lettering": draw_lettering,
    "lineart": draw_lineart,
    "mesh": draw_mesh,
    "pixel": draw_pixel,
    "retro": draw_retro,
    "sigil": draw_sigil,
}

__all__ = ["FAMILIES"]
