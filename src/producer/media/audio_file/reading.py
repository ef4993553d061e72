"""Sound out of files of any origin, in one shape: float32, 44.1 kHz, one or two channels."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from producer.errors import MediaError
from producer.studio.audio import SAMPLE_RATE_HZ, Audio, Samples

# Files come from strangers. Playlists, concatenations and the like may name other files and
# addresses, so only plain containers are opened and nothing but the file itself is read.
FORMATS = "wav,w64,aiff,mp3,aac,mov,ogg,flac,matroska"
OPEN_OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
# Containers whose header may only guess the length: it is counted packet by packet.
GUESSING_FORMATS = frozenset({"mp3", "aac"})
# A file may have a scratch: so many bad packets for each good one are still music.
BAD_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a sound file holds."""

    seconds: float
    sample_rate_hz: int
    channels: int
    codec: str  #: FFmpeg's name: "aac", "mp3", "pcm_s16le", "vorbis", "flac" …


def probe(path: Path) -> AudioInfo:
    """Length and kind of a sound file, without decoding it.

    Raises
    ------
    MediaError
        There is no sound in it.
    """
    with _opened(path) as (container, stream):
        seconds = _header_seconds(container, stream)
        context = stream.codec_context
        return AudioInfo(seconds, context.sample_rate, context.channels, context.name)


def decode(path: Path, *, max_seconds: float | None = None) -> Audio:
    """All sound of a file: float32, shape ``(2, n)``, 44.1 kHz; mono is put on both sides.

    Raises
    ------
    MediaError
        There is no sound in it, or it lasts longer than `max_seconds`.
    """
    parts = list(blocks(path, max_seconds=max_seconds))
    samples = np.concatenate(parts, axis=1)
    return Audio(np.repeat(samples, 2, axis=0) if samples.shape[0] == 1 else samples)


def blocks(path: Path, *, max_seconds: float | None = None) -> Iterator[Samples]:
    """The sound of a file piece by piece: float32, shape ``(1 or 2, n)``, 44.1 kHz.

    Takes no more memory for an hour than for a second. More than two channels are mixed down.

    Raises
    ------
    MediaError
        There is no sound in it, it is damaged, or it lasts longer than `max_seconds`.
    """
    with _opened(path) as (container, stream):
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE_HZ)
        length = 0
        for frame in _decoded(container, stream, path):
            for piece in resampler.resample(frame):
                samples = samples_of(piece)
                length += samples.shape[1]
                _check_length(length / SAMPLE_RATE_HZ, max_seconds)
                if samples.shape[1]:
                    yield samples
        if length == 0:
            raise MediaError(f"{path.name} holds no sound: nothing in it could be decoded.")


def samples_of(frame: AudioFrame) -> Samples:
    """Samples of a planar float frame; what is no number becomes silence."""
    return np.nan_to_num(frame.to_ndarray()).astype(np.float32, copy=False)


def _decoded(container: InputContainer, stream: AudioStream, path: Path) -> Iterator[AudioFrame | None]:
    """Frames of a stream, then None to flush; forgives a few damaged packets."""
    good = bad = 0
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError as error:
            bad += 1
            if bad > 8 and bad > BAD_SHARE * good:
                raise MediaError(f"{path.name} is damaged: its sound can't be decoded.") from error
            continue
        good += 1
        for frame in frames:
            assert isinstance(frame, AudioFrame)
            frame.pts = None  # a resampler stumbles over gaps in the clock of a damaged file
            yield frame
    yield None


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    """A file and its first sound stream; FFmpeg's errors become ours."""
    try:
        container = av.open(str(path), "r", options=OPEN_OPTIONS, metadata_errors="replace")
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(f"{path.name} can't be read as sound: {_reason(error)}.") from error
    with container:
        if not container.streams.audio:
            raise MediaError(f"{path.name} holds no sound.")
        stream = container.streams.audio[0]
        if stream.codec_context is None or not stream.codec_context.channels:
            raise MediaError(f"{path.name} has sound of an unknown kind.")
        try:
            yield container, stream
        except av.error.FFmpegError as error:
            raise MediaError(f"{path.name} is damaged: {_reason(error)}.") from error


def _reason(error: OSError | av.error.FFmpegError) -> str:
    return (error.strerror or "unknown format").rstrip(".")


def _header_seconds(container: InputContainer, stream: AudioStream) -> float:
    if container.format.name not in GUESSING_FORMATS:
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        if container.duration is not None:
            return container.duration / av.time_base
    ticks = sum(packet.duration or 0 for packet in container.demux(stream))
    return float(ticks * (stream.time_base or 0))


def _check_length(seconds: float, max_seconds: float | None) -> None:
    if max_seconds is not None and seconds > max_seconds:
        raise MediaError(f"The sound lasts longer than the {max_seconds:g} seconds that are allowed.")
