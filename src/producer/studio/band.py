"""The band plays: each part of a Song becomes a stereo stem."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from producer.score.part import Part, Role
from producer.score.song import Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio
from producer.studio.dsp.colour import run_insert
from producer.studio.dsp.dynamics import GAIN_BLOCK, apply_curve, curve_length
from producer.studio.dsp.filters import moving_low_pass
from producer.studio.instruments.drum_synth import play_drums
from producer.studio.instruments.effect_sounds import play_effect
from producer.studio.instruments.patch import DrumPatch, EffectPatch, FmPatch, SampledPatch, TonePatch, shelf
from producer.studio.instruments.performance import Performance, ahead, perform, swelled
from producer.studio.instruments.sampler import play_doubled, play_sampled
from producer.studio.instruments.sampler_kernel import BEND_BLOCK
from producer.studio.instruments.synth import play_fm, play_tone

Stereo = NDArray[np.float32]
ACCOMPANYING = (Role.CHORDS, Role.ARPEGGIO, Role.PAD)
KEPT_BYTES = 300_000_000  # about fourteen stems of a minute
PLAYERS = 2  # parts that are played at once; kernels don't hold the interpreter's lock


def play(song: Song, *, progress: Callable[[float], None] | None = None) -> dict[str, Audio]:
    """Play all parts of a song.

    Parameters
    ----------
    progress
        Called with the share done, 0–1, from the calling thread; may raise to stop.

    Returns
    -------
    dict of str to Audio
        Stems by part name, in the score's order; float32, shape ``(2, n)`` with n the song's length.
    """
    n = round(song.length_seconds * SAMPLE_RATE_HZ)
    stems: dict[str, Audio] = {}
    with ThreadPoolExecutor(PLAYERS) as players:
        jobs = [(part.name, players.submit(play_part, part, song, n)) for part in song.parts]
        try:
            for done, (name, job) in enumerate(jobs, start=1):
                stems[name] = job.result()
                if progress is not None:
                    progress(done / len(jobs))
        finally:
            for _, job in jobs:
                job.cancel()
    return stems


class Band(Mapping[str, Audio]):
    """All stems of a song by name; parts are played when they are asked for.

    A song of four minutes with a dozen stems would fill a gigabyte, and the mixer needs each for a
    moment only. What fits into :data:`KEPT_BYTES` is kept, the rest is played anew (bit for bit the
    same) when it is asked for again.

    Parameters
    ----------
    sung
        Stems that are there already.
    """

    def __init__(self, song: Song, sung: Mapping[str, Audio]) -> None:
        self._song = song
        self._parts = {part.name: part for part in song.parts}
        self._kept = dict(sung)
        self._names = (*sung, *(name for name in self._parts if name not in sung))
        self._room_bytes = KEPT_BYTES
        self._lock = Lock()

    def __getitem__(self, name: str) -> Audio:
        if name in self._kept:
            return self._kept[name]
        stem = play_part(self._parts[name], self._song, round(self._song.length_seconds * SAMPLE_RATE_HZ))
        with self._lock:
            if stem.samples.nbytes <= self._room_bytes:
                self._room_bytes -= stem.samples.nbytes
                self._kept[name] = stem
        return stem

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def play_part(part: Part, song: Song, n: int) -> Audio:
    """Play one part into a stem `n` samples long."""
    patch = shelf()[part.instrument]
    performance = perform(part, song.tempo, n)
    if isinstance(patch, SampledPatch | TonePatch):
        performance = ahead(performance, patch.early_seconds)
    if isinstance(patch, SampledPatch):
        performance = swelled(performance, patch.swell_db)
    out = np.zeros((2, n), np.float32)
    seed = stable_seed(f"{song.seed}/playing/{part.name}")
    match patch:
        case SampledPatch() if patch.doubled and part.role in ACCOMPANYING:
            play_doubled(out, patch, performance, seed)
        case SampledPatch():
            play_sampled(out, patch, performance, seed)
        case TonePatch():
            play_tone(out, patch, performance, seed)
        case FmPatch():
            play_fm(out, patch, performance, seed)
        case DrumPatch():
            play_drums(out, patch, performance, seed, song.key.tonic)
        case EffectPatch():
            play_effect(out, patch, performance, seed)
    if performance.strokes:
        run_insert(out, patch.insert)
        _shape(out, performance, darkens=not isinstance(patch, TonePatch))
    return Audio(_halved(out))


def stable_seed(text: str) -> int:
    """A 31-bit number that depends on nothing but the text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def _halved(out: Stereo) -> Stereo:
    """The same array in half the memory where both channels are equal (a read-only view)."""
    if np.array_equal(out[0], out[1]):
        return np.broadcast_to(out[0].copy(), out.shape)
    return out


def _shape(
    out: "np.ndarray[tuple[int, int], np.dtype[np.float32]]", played: Performance, *, darkens: bool
) -> None:
    """Put the part's expression and brightness curves on its stem."""
    if played.expression.shape[0] > 1 or played.expression[0] != 1.0:
        clock = (np.arange(curve_length(played.n)) + 1) * GAIN_BLOCK / BEND_BLOCK
        apply_curve(
            out, np.interp(clock, np.arange(played.expression.shape[0]), played.expression).astype(np.float32)
        )
    if darkens and (played.brightness.shape[0] > 1 or played.brightness[0] < 0.5):
        moving_low_pass(out, played.brightness, BEND_BLOCK)
