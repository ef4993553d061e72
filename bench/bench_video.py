"""How long pictures take: ``python bench/bench_video.py [seconds]`` (`make bench-video`).

Draws thirty covers, then makes a video of a synthetic song with every preset. Prints the realtime factor on
the wall clock and in processor seconds, what encoding alone costs (the same frames, drawn beforehand), what
drawing adds to it, and the process's memory.
"""

import resource
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from producer.media import warm
from producer.media.audio_file import encode_mp3, encode_wav
from producer.media.captions import TimedLine, TimedText
from producer.media.cover import CoverPlan, draw_cover
from producer.media.video import PRESETS, VideoSource, render, render_video
from producer.media.video.picture import Picture
from producer.studio.audio import SAMPLE_RATE_HZ, Audio

COVERS = 30
REPLAYED_FRAMES = 150
TEMPO = 0.5  # seconds to a beat


def song(seconds: float) -> Audio:
    """Kick, snare, hats, chords and a tune with soft and loud halves; only a sound to draw to."""
    n = round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(n, dtype=np.float32) / SAMPLE_RATE_HZ
    since = t % TEMPO
    loud = np.where(t % 16 < 8, 0.5, 1.0)
    kick = np.sin(2 * np.pi * 55 * since) * np.exp(-since * 16)
    noise = np.random.default_rng(1).normal(0, 1, n).astype(np.float32)
    snare = noise * np.exp(-since * 22) * ((t // TEMPO) % 2)
    hats = noise * np.exp(-(t % (TEMPO / 2)) * 90)
    root = np.array([220.0, 174.6, 130.8, 196.0])[(t // 2 % 4).astype(int)]
    pad = sum(np.sin(2 * np.pi * root * ratio * t) for ratio in (1, 1.25, 1.5))
    step = np.array([2, 2.25, 2.5, 3])[(t // TEMPO % 4).astype(int)]
    tune = np.sin(2 * np.pi * root * step * t) * np.exp(-since * 3)
    mono = loud * (0.4 * kick + 0.12 * snare + 0.05 * hats + 0.06 * pad + 0.1 * tune)
    return Audio(np.stack([mono, mono]).astype(np.float32))


def lines(seconds: float) -> tuple[TimedLine, ...]:
    """A line every four seconds."""
    words = ("late", "night", "drives", "across", "the", "city")
    return tuple(
        TimedLine(
            TimedText(" ".join(words), start, start + 3),
            tuple(TimedText(w, start + i * 0.5, start + i * 0.5 + 0.45) for i, w in enumerate(words)),
            False,
        )
        for start in np.arange(1.0, seconds - 4, 4.0).tolist()
    )


def encoding_alone(source: VideoSource, preset: str, out: Path) -> float:
    """Processor seconds a frame for encoding frames that were drawn beforehand."""
    stage = render._set_stage(source, "16:9", captions=False)
    draw, picture = render._BUILDERS[preset](stage), Picture(*stage.size)
    frames = []
    for index in range(min(REPLAYED_FRAMES, stage.analysis.frames)):
        draw(picture, index)
        frames.append(picture.buffer.copy())
    started = time.process_time()
    with av.open(str(out), "w") as container:
        options = render.X264_OPTIONS | render.X264_PRESETS.get(preset, {})
        stream = render._add_video(container, stage.size, options)
        for index, planes in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 30)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return (time.process_time() - started) / len(frames)


def drawing_alone(source: VideoSource, preset: str) -> float:
    """Processor seconds a frame for drawing."""
    stage = render._set_stage(source, "16:9", captions=False)
    draw, picture = render._BUILDERS[preset](stage), Picture(*stage.size)
    started = time.process_time()
    for index in range(stage.analysis.frames):
        draw(picture, index)
    return (time.process_time() - started) / stage.analysis.frames


def main() -> None:
    """Print all figures."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    warm()
    took = []
    for seed in range(COVERS):
        started = time.process_time()
        jpeg = draw_cover(CoverPlan(title="Late Night Drives", seed=str(seed), energy=seed / COVERS))
        took.append(time.process_time() - started)
    print(
        f"{COVERS} covers: {np.mean(took):.2f} s each, the slowest {max(took):.2f} s; {len(jpeg) // 1024} KB"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound = song(seconds)
        encode_wav(sound, folder / "song.wav")
        started = time.perf_counter()
        encode_mp3(folder / "song.wav", folder / "song.mp3", cover_jpeg=jpeg)
        print(f"mp3 of {seconds:g} s with cover: {time.perf_counter() - started:.2f} s")
        beats = np.arange(0, seconds, TEMPO).tolist()
        source = VideoSource(
            audio=folder / "song.wav",
            cover_jpeg=jpeg,
            title="Late Night Drives",
            lines=lines(seconds),
            beats_seconds=beats,
            sections_seconds=(0, 8, 16),
        )
        print("preset   realtime: wall  processor   ms a frame: drawing  encoding  added   MB/min   memory")
        for preset in PRESETS:
            out = folder / f"{preset}.mp4"
            wall, processor = time.perf_counter(), time.process_time()
            render_video(source, out, preset=preset)
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            drawn = drawing_alone(source, preset) * 1000
            encoded = encoding_alone(source, preset, folder / "replay.mp4") * 1000
            size = out.stat().st_size / 1e6 / seconds * 60
            print(
                f"{preset:8} {seconds / wall:14.1f} {seconds / processor:10.1f} {drawn:20.2f} {encoded:9.2f} "
                f"{100 * drawn / encoded:5.0f} % {size:8.1f} {memory:6} MB"
            )


if __name__ == "__main__":
    main()
