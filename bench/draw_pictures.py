"""Draw the pictures of docs/pictures.md: ``python bench/draw_pictures.py``.

Makes two songs, thirty covers and a video of each preset, and lays them out as contact sheets.
"""

import io
import tempfile
from pathlib import Path

import av
from PIL import Image

from producer.engines.base import Commission
from producer.engines.house import HouseEngine
from producer.media.audio_file import encode_wav
from producer.media.cover import CoverPlan, draw_cover
from producer.media.video import (
    PRESETS,
    VideoSource,
    beats_of,
    lines_from_song,
    render_video,
    sections_of,
)

FOLDER = Path(__file__).parents[1] / "docs" / "img"
MOMENTS = (0.04, 0.2, 0.38, 0.55, 0.72, 0.9)
PLANS = [
    ("Back to You", "indie folk", 0.35, 0.2, "G major"),
    ("Neon Rain", "synthwave", 0.8, -0.1, "F# minor"),
    ("Paper Lanterns", "lo-fi hip hop", 0.3, 0.2, "D minor"),
    ("Kingdom of Rust", "heavy metal", 0.95, -0.8, "E minor"),
    ("Sugar Rush", "bubblegum pop", 0.9, 0.9, "C major"),
    ("夜に駆ける", "j-pop", 0.8, 0.4, "A minor"),
    ("Slow River", "ambient", 0.1, 0.0, "Eb major"),
    ("Blue Room, 3 a.m.", "jazz", 0.4, -0.1, "Bb major"),
    ("Ten Thousand Suns", "cinematic orchestral", 0.7, 0.3, "D minor"),
    ("GET UP", "house", 0.9, 0.7, "G minor"),
    ("Hollow", "rock", 0.8, -0.5, "E minor"),
    ("Café de la Lune", "bossa nova", 0.4, 0.5, "F major"),
    ("Wildfire", "drum and bass", 0.95, -0.2, "A minor"),
    ("What We Left Behind", "piano ballad", 0.2, -0.6, "C minor"),
    ("Level 9 🕹️", "chiptune", 0.8, 0.6, "C major"),
    ("Dust and Gold", "country", 0.5, 0.3, "D major"),
    ("Ночной поезд", "techno", 0.8, -0.4, "F minor"),
    ("Amber", "r&b", 0.45, 0.2, "Ab major"),
    ("Low Tide", "ambient", 0.15, -0.3, "B minor"),
    ("Say It Louder", "punk rock", 1.0, 0.1, "A major"),
    ("The Long Way Home", "acoustic singer-songwriter", 0.3, 0.1, "G major"),
    ("Gravity", "trance", 0.85, 0.3, "F# minor"),
    ("حبيبي", "latin pop", 0.7, 0.7, "D minor"),
    ("Disco Saturn", "disco funk", 0.85, 0.9, "E major"),
    ("Bones", "trap", 0.7, -0.6, "C# minor"),
    ("Moonlight Waltz", "waltz", 0.3, 0.2, "A major"),
    ("Little Star Boat", "children lullaby", 0.15, 0.6, "C major"),
    ("사랑의 노래", "k-pop", 0.8, 0.8, "B major"),
    ("Higher Ground", "gospel soul", 0.7, 0.8, "F major"),
    ("Untitled Afternoon", "indie pop", 0.5, 0.5, "D major"),
]
WORDS = """[Verse 1]
Late night drives across the city
Windows down and singing low
[Chorus]
I keep coming back to you
Every road I ever knew
leads me back to you
"""
COMMISSIONS = (
    Commission(
        sound="gentle indie folk with acoustic guitar, warm female vocal",
        lyrics=WORDS,
        title="Back to You",
        seed="12345",
        length_seconds=32,
    ),
    Commission(
        sound="uplifting deep house, 124 bpm, bright synths",
        title="Glass Sunrise",
        seed="77",
        instrumental=True,
        length_seconds=32,
    ),
)


def wall() -> None:
    """Thirty covers side by side, in two sheets."""
    for sheet in range(2):
        page = Image.new("RGB", (5 * 176 + 6, 3 * 176 + 6), (24, 24, 26))
        for index, (title, style, energy, valence, key) in enumerate(PLANS[sheet * 15 : sheet * 15 + 15]):
            seed = str(2026 + sheet * 15 + index)
            plan = CoverPlan(
                title=title, seed=seed, style=style, energy=energy, valence=valence, key_name=key
            )
            cover = Image.open(io.BytesIO(draw_cover(plan))).resize((170, 170), Image.Resampling.LANCZOS)
            page.paste(cover, (6 + index % 5 * 176, 6 + index // 5 * 176))
        few = page.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
        few.save(FOLDER / f"covers-{sheet + 1}.png", optimize=True)


def strips() -> None:
    """Six moments of two songs in every preset."""
    with tempfile.TemporaryDirectory() as name:
        sources = list(map(_source, COMMISSIONS, (Path(name) / "a.wav", Path(name) / "b.wav")))
        for preset in PRESETS:
            page = Image.new("RGB", (3 * 426, 4 * 240))
            for row, source in enumerate(sources):
                out = Path(name) / "video.mp4"
                render_video(source, out, preset=preset, captions=preset != "simple")
                for index, frame in enumerate(_moments(out)):
                    page.paste(frame.resize((426, 240)), (index % 3 * 426, (2 * row + index // 3) * 240))
            page.save(FOLDER / f"video-{preset}.jpg", quality=86, optimize=True)


def _source(commission: Commission, path: Path) -> VideoSource:
    recording = HouseEngine().record(commission, lambda _stage, _share: None)
    encode_wav(recording.audio, path)
    song = recording.song
    assert song is not None
    plan = CoverPlan(
        title=song.title,
        seed=song.seed,
        style=commission.sound or "",
        energy=float(str(recording.brief["energy"])),
        valence=float(str(recording.brief["valence"])),
        key_name=song.key.name,
    )
    return VideoSource(
        audio=path,
        cover_jpeg=draw_cover(plan),
        title=song.title,
        subtitle=f"{song.style.replace('_', ' ')} · {song.key.name}",
        lines=lines_from_song(song),
        beats_seconds=beats_of(song),
        sections_seconds=sections_of(song),
    )


def _moments(path: Path) -> list[Image.Image]:
    with av.open(str(path)) as file:
        total = file.streams.video[0].frames
        wanted = {int(total * share) for share in MOMENTS}
        return [frame.to_image() for index, frame in enumerate(file.decode(video=0)) if index in wanted]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    wall()
    strips()
