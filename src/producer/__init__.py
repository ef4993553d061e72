"""Producer makes songs: a prompt or words in, a finished sung recording out.

>>> import producer
>>> song = producer.compose("gentle folk", lyrics="[Verse]\\nHello again", seed="7")  # doctest: +SKIP
>>> producer.save(producer.render(song), "song.wav")  # doctest: +SKIP

This is the front window: everything promised to callers of the library is in ``__all__``.
The rooms behind it are imported when first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from producer.engines.base import Commission, Progress, Recording
    from producer.errors import ProducerError
    from producer.score.json import dump_song, load_song
    from producer.score.song import Song
    from producer.studio.audio import Audio

__all__ = [
    "Audio",
    "Commission",
    "ProducerError",
    "Recording",
    "Song",
    "compose",
    "dump_song",
    "load_song",
    "record",
    "render",
    "save",
]

_HOMES = {
    "Audio": "producer.studio.audio",
    "Commission": "producer.engines.base",
    "ProducerError": "producer.errors",
    "Recording": "producer.engines.base",
    "Song": "producer.score.song",
    "dump_song": "producer.score.json",
    "load_song": "producer.score.json",
}


def compose(
    sound: str = "",
    *,
    lyrics: str | None = None,
    title: str | None = None,
    seed: str = "0",
    instrumental: bool = False,
    length_seconds: float | None = None,
    bpm: float | None = None,
) -> Song:
    """Write a song: nothing sounds yet.

    Parameters
    ----------
    sound
        Free text: style, mood, instruments, tempo, key, voice.
    lyrics
        Words with ``[Verse]``, ``[Chorus]`` … marks; written from `sound` when absent.
    title
        Invented from the song when absent.
    seed
        Decimal digits; the same seed and words give an equal song.
    instrumental
        Nobody sings, even when `lyrics` are given.
    length_seconds, bpm
        Obeyed exactly when given.
    """
    from producer.engines.base import Commission
    from producer.engines.house import write_song

    commission = Commission(
        sound=sound,
        lyrics=lyrics,
        title=title,
        seed=seed,
        instrumental=instrumental,
        length_seconds=length_seconds,
        bpm=bpm,
    )
    return write_song(commission).song


def render(song: Song, progress: Progress | None = None) -> Audio:
    """Sing, play, mix and master a song: stereo at 44.1 kHz, −14 LUFS unless its mix plan says otherwise."""
    from producer.engines.house import render

    return render(song, progress or (lambda stage, share: None))


def record(commission: Commission, progress: Progress | None = None) -> Recording:
    """Carry out a whole commission: words, song, stems and the finished audio.

    Raises
    ------
    EngineError
        The song can't be made.
    """
    from producer.engines.house import HouseEngine

    return HouseEngine().record(commission, progress or (lambda stage, share: None))


def save(audio: Audio, path: str | Path) -> Path:
    """Write audio as .wav, .m4a or .mp3, as the name says.

    Raises
    ------
    InvalidInputError
        Another suffix.
    """
    from producer.errors import InvalidInputError
    from producer.media import audio_file

    target = Path(path)
    encoders: dict[str, Callable[[Audio, Path], object]] = {
        ".wav": audio_file.encode_wav,
        ".m4a": audio_file.encode_m4a,
        ".mp3": audio_file.encode_mp3,
    }
    if target.suffix.lower() not in encoders:
        raise InvalidInputError(f"{target.name} should end in .wav, .m4a or .mp3.", field="path")
    encoders[target.suffix.lower()](audio, target)
    return target


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
