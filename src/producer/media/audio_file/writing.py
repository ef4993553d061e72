"""Sound into files: wav bit for bit the same on every run, m4a and mp3 with tags and cover."""

import hashlib
import sys
import wave
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import av.error
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition
from numpy.typing import NDArray
from PIL import Image

from producer.errors import MediaError
from producer.media.audio_file import mp3, reading
from producer.media.audio_file.reading import AudioInfo
from producer.studio.audio import SAMPLE_RATE_HZ, Audio, Samples

BLOCK_SAMPLES = 1 << 16
FULL_SCALE_16_BIT = 32768.0
AAC_BITS_PER_SECOND = 256_000

#: Called with the seconds of sound done so far. May raise to stop.
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a music player shows beside a file."""

    title: str = ""
    artist: str = ""
    album: str = ""
    genre: str = ""
    comment: str = ""
    lyrics: str = ""

    def as_metadata(self) -> dict[str, str]:
        """The tags that say something, by FFmpeg's names."""
        fields = ("title", "artist", "album", "genre", "comment", "lyrics")
        said = ((name, _storable(getattr(self, name))) for name in fields)
        return {name: text for name, text in said if text}


def _storable(text: str) -> str:
    """Text without what a tag can't hold: NULs and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8").strip()


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of compressed file is made."""

    container: str
    container_options: dict[str, str]
    codec: str
    codec_options: dict[str, str]
    bits_per_second: int


_KINDS = {
    # The index goes to the front, so that a browser can start before it has all.
    ".m4a": _Kind("mp4", {"movflags": "+faststart", "brand": "M4A "}, "aac", {}, AAC_BITS_PER_SECOND),
    ".mp3": _Kind("mp3", {"id3v2_version": "3"}, "libmp3lame", mp3.OPTIONS, mp3.BITS_PER_SECOND),
}


def encode_wav(audio: Audio, path: Path, *, bits: int = 16) -> None:
    """Write PCM at the sound's own rate and channels, dithered when it has 16 bits.

    The dither is triangular, two least significant bits wide (Lipshitz, Wannamaker & Vanderkooy,
    "Quantization and Dither", JAES 40(5), 1992), from fixed dice: the same sound gives the same bytes.
    Sounds that will be added up want 24 bits: the same dither in each of them would add up too.

    Parameters
    ----------
    bits
        16, or 24 without dither.

    Raises
    ------
    MediaError
        The samples hold no number, or the disk refuses.
    """
    pieces = _sliced(_checked(audio).samples)
    _write_wav(pieces, path, audio.samples.shape[0], audio.sample_rate_hz, bits)


def encode_m4a(
    audio: Audio, path: Path, *, tags: Tags | None = None, cover_jpeg: bytes | None = None
) -> None:
    """Write AAC, 256 kbit/s, 44.1 kHz stereo, index first, with tags and cover art.

    Raises
    ------
    MediaError
        The samples hold no number, the cover is no JPEG, or the disk refuses.
    """
    _compress(_sliced(_checked(audio).samples), audio.sample_rate_hz, path, ".m4a", tags, cover_jpeg)


def encode_mp3(
    source: Audio | Path, path: Path, *, tags: Tags | None = None, cover_jpeg: bytes | None = None
) -> None:
    """Write MP3, 320 kbit/s, 44.1 kHz stereo, with ID3v2.3 tags and cover art, from sound or a sound file.

    Raises
    ------
    MediaError
        The source can't be read, the cover is no JPEG, or the disk refuses.
    """
    if isinstance(source, Path):
        _compress(reading.blocks(source), SAMPLE_RATE_HZ, path, ".mp3", tags, cover_jpeg)
    else:
        _compress(_sliced(_checked(source).samples), source.sample_rate_hz, path, ".mp3", tags, cover_jpeg)


def transcode(
    source: Path,
    target: Path,
    *,
    tags: Tags | None = None,
    cover_jpeg: bytes | None = None,
    max_seconds: float | None = None,
    progress: Progress | None = None,
) -> AudioInfo:
    """Turn a sound file into another kind, named by the target's suffix: ``.wav``, ``.m4a`` or ``.mp3``.

    The file flows through piece by piece, so memory does not grow with its length. What comes back
    is the exact length, counted sample by sample.

    Raises
    ------
    MediaError
        The source holds no sound, is damaged or lasts longer than `max_seconds`, or the disk refuses.
    """
    if target.exists() and target.samefile(source):
        raise MediaError(f"{source.name} can't be written over itself.")
    counter = _Counter(reading.blocks(source, max_seconds=max_seconds), progress)
    if target.suffix == ".wav":
        channels = min(2, reading.probe(source).channels)
        _write_wav(iter(counter), target, channels, SAMPLE_RATE_HZ)
        return AudioInfo(counter.seconds, SAMPLE_RATE_HZ, channels, "pcm_s16le")
    _compress(iter(counter), SAMPLE_RATE_HZ, target, target.suffix, tags, cover_jpeg)
    return AudioInfo(counter.seconds, SAMPLE_RATE_HZ, 2, "aac" if target.suffix == ".m4a" else "mp3float")


class _Counter:
    """Counts the samples that flow by and tells how far they are."""

    def __init__(self, source: Iterable[Samples], progress: Progress | None) -> None:
        self._source = source
        self._progress = progress
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Samples]:
        length = 0
        for block in self._source:
            yield block
            length += block.shape[1]
            self.seconds = length / SAMPLE_RATE_HZ
            if self._progress is not None:
                self._progress(self.seconds)


def _checked(audio: Audio) -> Audio:
    if audio.samples.ndim != 2 or audio.samples.shape[0] not in (1, 2):
        raise MediaError(f"Sound must have shape (1 or 2, n), not {audio.samples.shape}.")
    if not np.isfinite(audio.samples).all():
        raise MediaError("The sound holds samples that are no numbers; it can't be written.")
    return audio


def _sliced(samples: Samples) -> Iterator[Samples]:
    for start in range(0, samples.shape[1], BLOCK_SAMPLES):
        yield samples[:, start : start + BLOCK_SAMPLES]


def _write_wav(
    pieces: Iterable[Samples], path: Path, channels: int, sample_rate_hz: int, bits: int = 16
) -> None:
    dice = np.random.default_rng(int.from_bytes(hashlib.sha256(b"wav dither").digest()[:8], "big"))
    try:
        with path.open("wb") as raw, wave.open(raw, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(bits // 8)
            file.setframerate(sample_rate_hz)
            for piece in pieces:
                frames = _to_16_bit(piece, dice).T.tobytes() if bits == 16 else _to_24_bit(piece)
                file.writeframes(frames)
    except OSError as error:
        raise MediaError(f"{path.name} can't be written: {error.strerror or error}.") from error


def _to_16_bit(samples: Samples, dice: np.random.Generator) -> NDArray[np.int16]:
    """Samples as 16-bit integers; what lies on their grid already, such as silence, stays as it is."""
    scaled = samples * np.float32(FULL_SCALE_16_BIT)
    on_grid = np.rint(scaled)
    if not np.array_equal(scaled, on_grid):
        noise = dice.random((2, *samples.shape), dtype=np.float32)
        on_grid = np.rint(scaled + noise[0] - noise[1])
    whole: NDArray[np.int16] = np.clip(on_grid, -FULL_SCALE_16_BIT, FULL_SCALE_16_BIT - 1).astype(np.int16)
    return whole if sys.byteorder == "little" else whole.byteswap()


def _to_24_bit(samples: Samples) -> bytes:
    """Interleaved frames of three bytes, least significant first."""
    limit = float(1 << 23)
    whole = np.clip(np.rint(samples.T.astype(np.float64) * limit), -limit, limit - 1.0).astype("<i4")
    return np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _compress(
    pieces: Iterable[Samples],
    sample_rate_hz: int,
    path: Path,
    suffix: str,
    tags: Tags | None,
    cover_jpeg: bytes | None,
) -> None:
    if suffix not in _KINDS:
        raise MediaError(f"Sound can't be written as {suffix!r}; use .wav, .m4a or .mp3.")
    kind = _KINDS[suffix]
    try:
        with av.open(str(path), "w", format=kind.container, options=kind.container_options) as out:
            out.metadata.update((tags or Tags()).as_metadata())
            stream = out.add_stream(kind.codec, rate=SAMPLE_RATE_HZ, options=kind.codec_options)
            assert isinstance(stream, AudioStream)
            stream.layout = "stereo"
            stream.bit_rate = kind.bits_per_second
            if cover_jpeg is not None:
                _attach(out, cover_jpeg)
            if kind.codec == "libmp3lame":
                mp3.encode(out, stream, _at_house_rate(pieces, sample_rate_hz))
            else:
                encode_stream(out, stream, pieces, sample_rate_hz)
    except (av.error.FFmpegError, OSError) as error:
        raise MediaError(f"{path.name} can't be written: {error.strerror or error}.") from error


def encode_stream(
    out: OutputContainer, stream: AudioStream, pieces: Iterable[Samples], sample_rate_hz: int
) -> None:
    """Encode pieces of sound, shape ``(1 or 2, n)``, into one stream of an open container."""
    position = 0
    for piece in pieces:
        both = np.ascontiguousarray(np.broadcast_to(piece, (2, piece.shape[1])))
        frame = av.AudioFrame.from_ndarray(both, format="fltp", layout="stereo")
        frame.sample_rate = sample_rate_hz
        frame.time_base = Fraction(1, sample_rate_hz)
        frame.pts = position
        position += piece.shape[1]
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def _at_house_rate(pieces: Iterable[Samples], sample_rate_hz: int) -> Iterator[Samples]:
    """The pieces as 44.1 kHz stereo."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE_HZ)
    for piece in pieces:
        both = np.broadcast_to(piece, (2, piece.shape[1]))
        if sample_rate_hz == SAMPLE_RATE_HZ:
            yield both
            continue
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(both), format="fltp", layout="stereo")
        frame.sample_rate = sample_rate_hz
        yield from map(reading.samples_of, resampler.resample(frame))
    if sample_rate_hz != SAMPLE_RATE_HZ:
        yield from map(reading.samples_of, resampler.resample(None))


def _attach(out: OutputContainer, jpeg: bytes) -> None:
    """Put a picture beside the sound; must come before the first sound is written."""
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
            width, height = image.size
    except OSError as error:
        raise MediaError("The cover is not a JPEG picture.") from error
    picture = out.add_mux_stream("mjpeg", width=width, height=height)
    picture.disposition = Disposition.attached_pic
    packet = Packet(jpeg)
    packet.stream = picture
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    out.mux(packet)
