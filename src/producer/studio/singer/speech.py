"""The voice model speaking: phonemes in, waveform with its exact pitch and token times out.

Kokoro-82M (Apache-2.0), a StyleTTS 2 decoder with an iSTFTNet generator: Li et al. 2023,
"StyleTTS 2"; Kaneko et al. 2022, "iSTFTNet". The graph pieces come from
:mod:`producer.studio.singer.graphs`; the harmonic source and the inverse transform are done here.
"""

import json
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numba import njit
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from producer import assets
from producer.studio.singer import graphs

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

RATE_HZ = 24_000
PITCH_RATE_HZ = 80  # frames a second of the model's pitch and energy
TOKEN_RATE_HZ = 40  # frames a second of token durations
PAUSE = "$"  # the model's padding token
VOICED_ABOVE_HZ = 10.0  # as the model's own source decides
_FFT, _HOP = 20, 5  # the generator's transform
_STEP = RATE_HZ // PITCH_RATE_HZ
_BACK_FRAMES = 6  # token frames of silence kept behind the words; those in front can't be cut unheard

_WINDOW = np.hanning(_FFT + 1)[:_FFT]
_ANGLE = 2.0 * np.pi * np.arange(_FFT)[:, None] * np.arange(_FFT // 2 + 1)[None] / _FFT
_TO_REAL = (_WINDOW[:, None] * np.cos(_ANGLE)).astype(np.float32)
_TO_IMAGINARY = (-_WINDOW[:, None] * np.sin(_ANGLE)).astype(np.float32)
_FROM_REAL = np.cos(_ANGLE).T * np.where(np.isin(np.arange(11), (0, 10)), 1, 2)[:, None] / _FFT * _WINDOW
_FROM_IMAGINARY = (
    -np.sin(_ANGLE).T * np.where(np.isin(np.arange(11), (0, 10)), 1, 2)[:, None] / _FFT * _WINDOW
)
_FROM = np.concatenate([_FROM_REAL, _FROM_IMAGINARY]).astype(np.float32)
_GAIN = 1.5  # the packaged inverse transform leaves out the window's overlap sum


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Words as the model speaks them."""

    wave: Floats  #: shape (n,), 24 kHz
    pitch_hz: Floats  #: shape (frames,), 80 Hz; 0 where unvoiced
    token_edges_seconds: Floats  #: shape (tokens + 1,)
    tokens: tuple[str, ...]


class VoiceModel:
    """The loaded pieces; safe to use from several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._text = _session(folder / "text.onnx")
        self._prosody = _session(folder / "prosody.onnx")
        self._decoder = _session(folder / "decoder.onnx")
        with np.load(folder / "source.npz") as source:
            self._weight = source["weight"].astype(np.float64)
            self._bias = float(source["bias"][0])
        self.vocabulary: dict[str, int] = json.loads(assets.find("kokoro/vocab.json").read_text("utf-8"))[
            "vocab"
        ]

    def speak(self, tokens: tuple[str, ...], voice: str, *, speed: float = 1.0) -> Speech:
        """Speak phonemes.

        Parameters
        ----------
        tokens
            Characters of the vocabulary, or ``$`` for the padding at both ends; at most 510.
        voice
            Name of a voice file.
        speed
            1 = as the model likes; below is slower.
        """
        ids = [0 if token == PAUSE else self.vocabulary[token] for token in tokens]
        style = _voice(voice)[min(len(ids) - 2, 509)][None]
        durations, prosody_states, text_states = self._text.run(
            None,
            {
                "tokens": np.array([ids], np.int64),
                "style": style,
                "speed": np.array([speed], np.float32),
            },
        )
        frames = np.maximum(1, np.round(durations.ravel())).astype(np.int64)
        frames[-2] = min(frames[-2], _BACK_FRAMES)
        spread = np.repeat(np.arange(len(frames)), frames)
        pitch, energy = self._prosody.run(
            None,
            {
                graphs.PROSODY_FRAMES: np.ascontiguousarray(
                    prosody_states.reshape(-1, 640).T[None, :, spread]
                ),
                "style": style,
            },
        )
        (spectrum,) = self._decoder.run(
            None,
            {
                graphs.TEXT_FRAMES: np.ascontiguousarray(text_states[0][None, :, spread]),
                "style": style,
                graphs.PITCH: pitch.reshape(1, -1),
                graphs.ENERGY: energy.reshape(1, -1),
                graphs.HARMONICS: self._source(pitch.ravel().astype(np.float64)),
            },
        )
        edges = np.concatenate([[0], np.cumsum(frames)]) / TOKEN_RATE_HZ
        return Speech(_to_wave(spectrum), pitch.ravel().astype(np.float64), edges, tokens)

    def _source(self, pitch_hz: Floats) -> Singles:
        """|STFT| and angle of the harmonic excitation, shape (1, 22, 60·frames + 1)."""
        excitation = _excite(frame_pitch(pitch_hz), pitch_hz > VOICED_ABOVE_HZ, self._weight, self._bias)
        frames = sliding_window_view(np.pad(excitation, _FFT // 2, mode="reflect"), _FFT)[::_HOP]
        real, imaginary = frames @ _TO_REAL, frames @ _TO_IMAGINARY
        return np.ascontiguousarray(
            np.concatenate([np.hypot(real, imaginary), np.arctan2(imaginary, real)], axis=1).T[None]
        )


@cache
def _voice(name: str) -> Singles:
    """Style vectors of a voice, shape (510, 256): one row for each number of tokens."""
    return np.fromfile(assets.find(f"voices/{name}.bin"), "<f4").reshape(-1, 256)


_loading = threading.Lock()
_loaded: dict[Path, VoiceModel] = {}


def model() -> VoiceModel:
    """The voice model, loaded once a process.

    Raises
    ------
    AssetError
        The packaged model is missing.
    """
    with _loading:
        folder = graphs.ensure()
        if folder not in _loaded:
            _loaded[folder] = VoiceModel(folder)
        return _loaded[folder]


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # lines run side by side instead
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def frame_pitch(pitch_hz: Floats) -> Floats:
    """The pitch curve without holes: unvoiced frames take the line between their neighbours."""
    voiced = np.flatnonzero(pitch_hz > VOICED_ABOVE_HZ)
    if not len(voiced):
        return np.full(len(pitch_hz), 120.0)
    return np.interp(np.arange(len(pitch_hz)), voiced, pitch_hz[voiced])


@njit(cache=True, fastmath=True, nogil=True)
def _excite(pitch_hz: Floats, voiced: NDArray[np.bool_], weight: Floats, bias: float) -> Singles:
    """Nine harmonics of the pitch, merged by the model's linear layer and squashed, at 24 kHz."""
    count = len(pitch_hz)
    out = np.empty(count * _STEP, np.float32)
    phase = 0.0
    for i in range(count * _STEP):
        place = min(max((i + 0.5) / _STEP - 0.5, 0.0), count - 1.0)
        left = int(place)
        right = min(left + 1, count - 1)
        frequency = pitch_hz[left] + (pitch_hz[right] - pitch_hz[left]) * (place - left)
        phase = (phase + 2.0 * np.pi * frequency / RATE_HZ) % (2.0 * np.pi)
        total = 0.0
        if voiced[i // _STEP]:
            # sin((h+1)p) = 2·cos(p)·sin(hp) − sin((h−1)p)
            twice, before, now = 2.0 * np.cos(phase), 0.0, np.sin(phase)
            for h in range(len(weight)):
                total += weight[h] * now
                before, now = now, twice * now - before
        out[i] = np.tanh(0.1 * total + bias)
    return out


def _to_wave(spectrum: Singles) -> Floats:
    """The generator's log magnitudes and phase arguments, shape (1, 22, frames), as a wave."""
    magnitude, phase = np.exp(spectrum[0, :11].T), np.sin(spectrum[0, 11:].T)
    frames = np.concatenate([magnitude * np.cos(phase), magnitude * np.sin(phase)], axis=1) @ _FROM
    count = len(frames)
    wave, overlap = np.zeros((count + 3, _HOP)), np.zeros((count + 3, _HOP))
    for part in range(_FFT // _HOP):
        piece = slice(part * _HOP, (part + 1) * _HOP)
        wave[part : part + count] += frames[:, piece]
        overlap[part : part + count] += _WINDOW[piece] ** 2
    half = _FFT // 2
    joined: Floats = (_GAIN * wave / np.maximum(overlap, 1e-8)).ravel()
    return joined[half : half + _HOP * (count - 1)]
