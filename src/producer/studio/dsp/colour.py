"""Saturation, chorus and the flaws of old machines."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.dsp.filters import Band, equalize
from producer.studio.dsp.kernel import kernel

AUTO_PAN_SHARE = 0.28  # how far an electric piano's tremolo leans to a side

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Insert:
    """What a stem runs through before it reaches the desk; zeros leave it as it is."""

    drive_db: float = 0.0  #: into a soft clipper
    low_pass_hz: float = 0.0
    high_pass_hz: float = 0.0
    chorus: float = 0.0  #: 0–1 share of a slowly moving double
    tremolo_hz: float = 0.0
    tremolo_depth: float = 0.0
    crush_bits: float = 0.0  #: word length of an old sampler
    auto_pan_hz: float = 0.0


BYPASS = Insert()


@kernel
def saturate(audio: NDArray[np.float32], drive: float) -> None:
    """A soft clipper, in place: unit slope for what is small, ±1/`drive` at most."""
    for channel in range(2):
        for i in range(audio.shape[1]):
            audio[channel, i] = math.tanh(drive * audio[channel, i]) / drive


@kernel
def _chorus(audio: NDArray[np.float32], amount: float) -> None:
    """Each side gets the other's slowly moving double (after the Juno-60's two BBD lines)."""
    n = audio.shape[1]
    ring = np.zeros((2, 1024), np.float32)
    shift = np.zeros(2)
    for i in range(n):
        if i % 16 == 0:
            turn = 2.0 * math.pi * 0.52 * i / 44_100.0
            shift[0] = 330.0 + 120.0 * math.sin(turn)
            shift[1] = 330.0 - 120.0 * math.sin(turn + 0.6)
        ring[0, i & 1023] = audio[0, i]
        ring[1, i & 1023] = audio[1, i]
        for channel in range(2):
            place = i - shift[channel]
            whole = math.floor(place)
            f = place - whole
            y = ring[1 - channel, whole & 1023] * (1.0 - f) + ring[1 - channel, (whole + 1) & 1023] * f
            audio[channel, i] = audio[channel, i] * (1.0 - 0.3 * amount) + y * 0.7 * amount


def run_insert(audio: Stereo, insert: Insert) -> None:
    """Run a stem through an instrument's own effects, in place."""
    if insert.drive_db:
        peak = float(np.abs(audio).max(initial=0.0)) or 1.0
        gain = 10.0 ** (insert.drive_db / 20.0) / peak
        audio *= np.float32(gain)
        saturate(audio, 1.0)
        audio /= np.float32(gain)
    if insert.crush_bits:
        crush(audio, insert.crush_bits)
    bands = [
        Band(kind, hz)
        for kind, hz in (("high_pass", insert.high_pass_hz), ("low_pass", insert.low_pass_hz))
        if hz
    ]
    equalize(audio, bands)
    if insert.chorus:
        _chorus(audio, insert.chorus)
    if insert.tremolo_hz or insert.auto_pan_hz:
        share = AUTO_PAN_SHARE if insert.auto_pan_hz else 0.0
        _sway(audio, insert.tremolo_hz, insert.tremolo_depth, insert.auto_pan_hz, share)


def crush(audio: Stereo, bits: float) -> None:
    """Fewer steps between silence and the loudest sample, in place."""
    peak = float(np.abs(audio).max(initial=0.0))
    if peak:
        step = np.float32(peak * 2.0 ** (1.0 - bits))
        audio /= step
        np.round(audio, out=audio)
        audio *= step


@kernel
def _sway(
    audio: NDArray[np.float32], tremolo_hz: float, depth: float, auto_pan_hz: float, share: float
) -> None:
    """Tremolo and auto-pan, in place."""
    for i in range(audio.shape[1]):
        t = i / 44_100.0
        gain = 1.0 - depth * (0.5 + 0.5 * math.sin(2.0 * math.pi * tremolo_hz * t))
        side = share * math.sin(2.0 * math.pi * auto_pan_hz * t)
        audio[0, i] *= gain * (1.0 + side)
        audio[1, i] *= gain * (1.0 - side)


@kernel
def wow_and_flutter(audio: NDArray[np.float32], depth: float) -> None:
    """A tape machine's unsteady speed, in place: 0.6 Hz and 7 Hz, at most `depth` × 60 samples off."""
    n = audio.shape[1]
    ring = np.zeros((2, 256), np.float32)
    for i in range(n):
        ring[0, i & 255] = audio[0, i]
        ring[1, i & 255] = audio[1, i]
        t = i / 44_100.0
        shift = depth * (
            30.0 + 26.0 * math.sin(2.0 * math.pi * 0.6 * t) + 2.5 * math.sin(2.0 * math.pi * 7.1 * t)
        )
        place = i - shift
        whole = math.floor(place)
        f = place - whole
        audio[0, i] = ring[0, whole & 255] * (1.0 - f) + ring[0, (whole + 1) & 255] * f
        audio[1, i] = ring[1, whole & 255] * (1.0 - f) + ring[1, (whole + 1) & 255] * f
