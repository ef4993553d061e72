"""MP3 on every core: the sound is cut, the cuts are encoded at once, their frames are joined.

Without the bit reservoir every MP3 frame stands alone (ISO 11172-3, 2.4.3.4: ``main_data_begin`` is 0),
so frames of several encoders make one stream. An encoder remembers a little of what came before,
hence each cut starts some frames early and ends some late, and those frames are thrown away.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from producer.studio.audio import SAMPLE_RATE_HZ, Samples

FRAME_SAMPLES = 1152
CUT_FRAMES = 384  # about ten seconds
LAP_FRAMES = 8  # covers the encoder's delay, its overlap and the settling of its ear model
BITS_PER_SECOND = 320_000
THREADS = 2
OPTIONS = {"compression_level": "7", "reservoir": "0"}
TIME_BASE = Fraction(1, SAMPLE_RATE_HZ)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of sound with its laps."""

    samples: Samples
    first_frame: int  #: of the frames that are kept, counted from the start of the sound
    lead_frames: int  #: thrown away before them
    is_last: bool


def encode(out: OutputContainer, stream: AudioStream, pieces: Iterable[Samples]) -> None:
    """Encode 44.1 kHz sound, pieces of shape ``(2, n)``, into an MP3 stream made with :data:`OPTIONS`."""
    with ThreadPoolExecutor(THREADS) as pool:
        running: deque[Future[list[Packet[AudioStream]]]] = deque()
        for cut in _cuts(pieces):
            running.append(pool.submit(_encode_cut, cut))
            if len(running) > THREADS:
                _mux(out, stream, running.popleft().result())
        while running:
            _mux(out, stream, running.popleft().result())


def _cuts(pieces: Iterable[Samples]) -> Iterator[_Cut]:
    body = CUT_FRAMES * FRAME_SAMPLES
    lap = LAP_FRAMES * FRAME_SAMPLES
    held: list[Samples] = [np.zeros((2, 0), np.float32)]
    length = 0
    first, lead = 0, 0
    for piece in pieces:
        held.append(piece)
        length += piece.shape[1]
        # A cut is let go only when more follows, for the last one must close the stream.
        while length > lead * FRAME_SAMPLES + body + lap:
            whole = np.concatenate(held, axis=1)
            end = lead * FRAME_SAMPLES + body
            yield _Cut(whole[:, : end + lap], first, lead, is_last=False)
            held = [whole[:, end - lap :]]
            length = held[0].shape[1]
            first += CUT_FRAMES
            lead = LAP_FRAMES
    yield _Cut(np.concatenate(held, axis=1), first, lead, is_last=True)


def _encode_cut(cut: _Cut) -> list[Packet[AudioStream]]:
    encoder = av.AudioCodecContext.create("libmp3lame", "w")
    encoder.sample_rate = SAMPLE_RATE_HZ
    encoder.layout = "stereo"
    encoder.format = "fltp"
    encoder.bit_rate = BITS_PER_SECOND
    encoder.time_base = TIME_BASE
    encoder.options = OPTIONS
    packets: list[Packet[AudioStream]] = []
    if cut.samples.shape[1]:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(cut.samples), format="fltp", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = TIME_BASE
        frame.pts = 0
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    kept = packets[cut.lead_frames :] if cut.is_last else packets[cut.lead_frames :][:CUT_FRAMES]
    for index, packet in enumerate(kept):
        packet.pts = packet.dts = (cut.first_frame + index) * FRAME_SAMPLES
        packet.time_base = TIME_BASE
    return kept


def _mux(out: OutputContainer, stream: AudioStream, packets: Iterable[Packet[AudioStream]]) -> None:
    for packet in packets:
        packet.stream = stream
        out.mux(packet)
