"""``simple``: the cover breathes on its own blurred light; bars, title, progress."""

from dataclasses import dataclass

import numpy as np

from producer.media.video import kernels
from producer.media.video.analysis import FRAMES_PER_SECOND
from producer.media.video.lyrics import Lyrics
from producer.media.video.picture import (
    Floats,
    Picture,
    blurred_ground,
    from_image,
    set_text,
    to_yuv,
    with_shadow,
)
from producer.media.video.stage import WHITE, Draw, Stage


@dataclass(frozen=True, slots=True)
class Layout:
    """Pixels; positions are middles."""

    cover: int
    cover_y: int
    title_y: int
    title_size: int
    caption_y: int
    caption_size: int
    bars_y: int
    bar_pitch: float
    bar_reach: float
    progress_y: int
    margin: int


#: By aspect, without and with captions.
LAYOUTS = {
    ("16:9", False): Layout(412, 252, 508, 38, 0, 0, 604, 7.4, 62, 690, 72),
    ("16:9", True): Layout(352, 214, 428, 34, 486, 34, 626, 7.4, 44, 690, 72),
    ("9:16", False): Layout(560, 450, 800, 46, 0, 0, 990, 6.0, 96, 1190, 72),
    ("9:16", True): Layout(520, 400, 712, 42, 800, 42, 1040, 6.0, 84, 1190, 72),
    ("1:1", False): Layout(590, 390, 752, 46, 0, 0, 896, 8.6, 84, 1030, 84),
    ("1:1", True): Layout(520, 344, 658, 42, 736, 42, 926, 8.6, 70, 1030, 84),
}
BREATH_SECONDS = 9.0
BREATH = 0.018  # of the cover's size
COVER_PIXELS = 640


def build(stage: Stage) -> Draw:
    """Prepare the ground and give back what draws a frame."""
    lay = LAYOUTS[stage.aspect, stage.captions]
    width = stage.size[0]
    ground = _ground(stage, lay)
    cover = from_image(stage.cover.resize((COVER_PIXELS, COVER_PIXELS)))
    white, accent = to_yuv(WHITE), to_yuv(stage.accent)
    levels, loudness = stage.analysis.levels, stage.analysis.loudness
    count = levels.shape[1]
    pitch = lay.bar_pitch
    left = width / 2 - pitch * count
    calm = _smoothed(loudness)
    lyrics = (
        Lyrics(stage.source.lines, size=lay.caption_size, width=width - 2 * lay.margin)
        if stage.captions
        else None
    )
    track = width - 2 * lay.margin

    def draw(picture: Picture, index: int) -> None:
        picture.copy_from(ground)
        seconds = index / FRAMES_PER_SECOND
        swell = 1 - BREATH + BREATH * np.sin(2 * np.pi * seconds / BREATH_SECONDS) + 0.012 * calm[index]
        size = lay.cover * swell
        kernels.place(
            picture.y,
            picture.u,
            picture.v,
            cover.y,
            cover.u,
            cover.v,
            (width - size) / 2,
            lay.cover_y - size / 2,
            size,
            14.0,
        )
        mirrored = np.concatenate([levels[index, ::-1], levels[index]])
        kernels.bars(
            picture.y,
            picture.u,
            picture.v,
            mirrored,
            left,
            pitch,
            pitch * 0.5,
            lay.bars_y,
            lay.bar_reach,
            lay.bar_reach,
            white,
            0.92,
        )
        done = int(track * (index + 1) / stage.analysis.frames) // 2 * 2
        picture.fill(lay.margin, lay.progress_y, done, 4, accent)
        if lyrics is not None:
            line = lyrics.index_at(seconds)
            if lyrics.is_on(line, seconds):
                lyrics.draw(
                    picture, line, seconds, (width // 2, lay.caption_y), (white, white), align="center"
                )

    return draw


def _ground(stage: Stage, lay: Layout) -> Picture:
    """Everything that stands still."""
    width = stage.size[0]
    image = blurred_ground(stage.cover, stage.size, darkness=0.5)
    half = lay.cover // 2
    image = with_shadow(image, (width // 2 - half, lay.cover_y - half, width // 2 + half, lay.cover_y + half))
    ground = from_image(image)
    title = set_text(
        stage.source.title, "inter", lay.title_size, width - 2 * lay.margin, lines=2, align="center"
    )
    ground.paint(title, (width - title.shape[1]) // 2, lay.title_y - title.shape[0] // 2, to_yuv(WHITE))
    ground.fill(lay.margin, lay.progress_y, width - 2 * lay.margin, 4, to_yuv(WHITE), 0.22)
    return ground


def _smoothed(
    curve: Floats,
) -> Floats:
    kernel = np.hanning(17)
    return np.convolve(np.pad(curve, 8, "edge"), kernel / kernel.sum(), "valid").astype(np.float32)
