"""Videos of clips: three presets, three aspects, captions."""

from producer.media.video.render import Progress, render_video
from producer.media.video.source import (
    PRESETS,
    SIZES,
    VideoSource,
    beats_of,
    lines_from_markers,
    lines_from_song,
    sections_of,
)
from producer.media.video.warming import warm

__all__ = [
    "PRESETS",
    "SIZES",
    "Progress",
    "VideoSource",
    "beats_of",
    "lines_from_markers",
    "lines_from_song",
    "render_video",
    "sections_of",
    "warm",
]
