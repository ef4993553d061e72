"""Compiling the drawing kernels once, at set-up."""

import tempfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from producer.media.audio_file import encode_wav
from producer.media.captions import TimedLine, TimedText
from producer.media.video.render import render_video
from producer.media.video.source import PRESETS, VideoSource
from producer.studio.audio import Audio


def warm() -> None:
    """Make a very short video with every preset, so that all kernels are compiled and cached on disk."""
    jpeg = BytesIO()
    Image.new("RGB", (64, 64), (120, 60, 30)).save(jpeg, "JPEG")
    words = TimedText("la", 0.0, 0.2)
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "a.wav"
        encode_wav(Audio(np.full((2, 8820), 0.1, np.float32)), audio)
        source = VideoSource(
            audio=audio, cover_jpeg=jpeg.getvalue(), title="a", lines=(TimedLine(words, (words,), False),)
        )
        for preset in PRESETS:
            render_video(source, Path(folder) / "a.mp4", preset=preset, captions=True)
