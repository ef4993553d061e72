"""What every preset is given, and where things stand in each aspect."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from producer.media.video.analysis import Analysis
from producer.media.video.picture import RGB, Picture
from producer.media.video.source import VideoSource

#: Draws frame number `index` over whatever the picture held before.
Draw = Callable[[Picture, int], None]

WHITE: RGB = (245, 243, 239)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A source, measured, and the frame it is drawn on."""

    source: VideoSource
    analysis: Analysis
    cover: Image.Image
    accent: RGB
    aspect: str
    size: tuple[int, int]
    captions: bool
    beats: NDArray[np.intp]  #: frames
    sections: NDArray[np.intp]  #: frames


def clock(seconds: float) -> str:
    """Elapsed time as a player shows it.

    >>> clock(75.2), clock(3725)
    ('1:15', '1:02:05')
    """
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
