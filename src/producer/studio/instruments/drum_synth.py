"""Drum machines: each drum is built once from ``kits.toml`` and then struck."""

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from producer.score.instrument import Drum
from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.instruments.patch import DrumPatch, read_table
from producer.studio.instruments.performance import Performance
from producer.studio.instruments.synth import velocity_gain
from producer.units import db_to_gain, hz_to_midi

METAL_HZ = (
    205.3,
    304.4,
    369.6,
    522.7,
    540.0,
    800.0,
)  # the TR-808's six square oscillators (service notes 1980)
CHOKE_SAMPLES = 400
ROUND_ROBIN = 3  # takes of each drum
KICKS = (Drum.KICK, Drum.KICK_2)
#: Where a kit lacks a key, its nearest of kin plays.
KIN = {
    Drum.KICK_2: Drum.KICK, Drum.SNARE_2: Drum.SNARE, Drum.CLAP: Drum.SNARE, Drum.RIM: Drum.SNARE,
    Drum.CRASH_2: Drum.CRASH, Drum.CHINA: Drum.CRASH, Drum.SPLASH: Drum.CRASH, Drum.RIDE_2: Drum.RIDE,
    Drum.RIDE_BELL: Drum.RIDE, Drum.CABASA: Drum.SHAKER, Drum.MARACAS: Drum.SHAKER,
    Drum.SHAKER: Drum.HAT_CLOSED, Drum.TAMBOURINE: Drum.HAT_CLOSED, Drum.COWBELL: Drum.RIM,
    Drum.CLAVES: Drum.RIM,
    Drum.WOODBLOCK_HIGH: Drum.RIM, Drum.WOODBLOCK_LOW: Drum.RIM, Drum.BONGO_HIGH: Drum.TOM_HIGH,
    Drum.BONGO_LOW: Drum.TOM_MID_HIGH, Drum.CONGA_MUTE: Drum.TOM_HIGH, Drum.CONGA_OPEN: Drum.TOM_HIGH,
    Drum.CONGA_LOW: Drum.TOM_MID, Drum.TIMBALE_HIGH: Drum.TOM_HIGH, Drum.TIMBALE_LOW: Drum.TOM_MID,
    Drum.AGOGO_HIGH: Drum.COWBELL, Drum.AGOGO_LOW: Drum.COWBELL, Drum.GUIRO_SHORT: Drum.SHAKER,
    Drum.GUIRO_LONG: Drum.SHAKER, Drum.TRIANGLE_MUTE: Drum.HAT_CLOSED, Drum.TRIANGLE: Drum.RIDE,
}  # fmt: skip
PAN = {
    Drum.HAT_CLOSED: 0.25, Drum.HAT_PEDAL: 0.25, Drum.HAT_OPEN: 0.25, Drum.RIDE: -0.35, Drum.CRASH: -0.4,
    Drum.CRASH_2: 0.45, Drum.SHAKER: -0.4, Drum.TAMBOURINE: -0.3, Drum.COWBELL: 0.35, Drum.TOM_HIGH: 0.35,
    Drum.TOM_MID_HIGH: 0.2, Drum.TOM_MID: 0.0, Drum.TOM_LOW: -0.2, Drum.TOM_FLOOR: -0.4,
    Drum.TOM_FLOOR_HIGH: -0.3, Drum.CLAVES: 0.4, Drum.MARACAS: 0.4, Drum.CABASA: -0.45,
}  # fmt: skip


def play_drums(
    out: NDArray[np.float32], patch: DrumPatch, performance: Performance, seed: int, tonic: int = 0
) -> None:
    """Add a performance on a synthesised kit to a stem of shape ``(2, n)``.

    Parameters
    ----------
    tonic
        Pitch class of the key, 0 = C, that the kick drums are tuned to.
    """
    kit = _table(patch.kit)
    dice = np.random.default_rng(seed)
    n = out.shape[1]
    struck = [
        (stroke, found)
        for stroke in performance.strokes
        if (found := _resolve(kit, stroke.pitch)) is not None
    ]
    starts_of_class: dict[int, list[int]] = {}
    for stroke, key in struck:
        group = kit[key].get("choke", 0)
        if group:
            starts_of_class.setdefault(group, []).append(stroke.start_sample)
    for stroke, key in struck:
        shift = kick_shift(kit[key]["tone"]["hz"], tonic) if key in KICKS else 0.0
        sound = _drum(patch.kit, key, int(dice.integers(ROUND_ROBIN)), shift)
        start = stroke.start_sample
        sound = _choked(sound, start, starts_of_class.get(kit[key].get("choke", 0), []))
        sound = sound[:, : max(0, n - start)]
        hard = stroke.velocity / 127.0
        gain = velocity_gain(stroke.velocity) * db_to_gain(patch.gain_db + 0.4 * dice.standard_normal())
        left, right = _sides(PAN.get(stroke.pitch, 0.0))
        # Two rows: the body, and the bright part that a soft stroke hardly wakes.
        struck_sound = sound[0] + sound[1] * np.float32(0.55 + 0.45 * hard)
        out[0, start : start + sound.shape[1]] += struck_sound * np.float32(gain * left)
        out[1, start : start + sound.shape[1]] += struck_sound * np.float32(gain * right)


def kick_shift(hz: float, tonic: int) -> float:
    """Semitones from a kick's last pitch to the key's tonic or fifth, whichever is nearer.

    Drum machines are tuned so by hand: a kick a semitone beside the bass beats with it. The tonic is taken
    unless the fifth is nearer by more than a semitone, so that no kick moves by more than 4.
    """
    at = hz_to_midi(hz)
    to_tonic, to_fifth = (((pitch_class - at + 6.0) % 12.0) - 6.0 for pitch_class in (tonic, tonic + 7))
    return to_tonic if abs(to_tonic) <= abs(to_fifth) + 1.0 else to_fifth


@cache
def _table(kit: str) -> dict[int, dict[str, Any]]:
    return {int(key): row for key, row in read_table("kits.toml")[kit].items()}


def _resolve(kit: dict[int, dict[str, Any]], key: int) -> int | None:
    while key not in kit:
        if key not in KIN:
            return Drum.RIM if Drum.RIM in kit else None
        key = KIN[key]
    return key


def _choked(sound: NDArray[np.float32], start: int, starts: list[int]) -> NDArray[np.float32]:
    later = next((other for other in starts if other > start), None)
    if later is None or later - start >= sound.shape[1]:
        return sound
    cut = sound[:, : later - start + CHOKE_SAMPLES].copy()
    fade = min(CHOKE_SAMPLES, cut.shape[1])
    cut[:, -fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return cut


def _sides(pan: float) -> tuple[float, float]:
    angle = (pan + 1.0) * math.pi / 4.0
    return math.cos(angle), math.sin(angle)


@cache
def _drum(kit: str, key: int, take: int, shift: float) -> NDArray[np.float32]:
    """Body and bright part of a drum, shape ``(2, n)``.

    `take` varies its noise and tuning, `shift` tunes it by semitones.
    """
    row = _table(kit)[key]
    tune = 2.0 ** ((shift + (take - 1) * 0.06) / 12.0)
    layers = [row[name] for name in ("tone", "noise", "metal") if name in row]
    spread = 0.035 if "claps" in row else 0.0
    n = int(SAMPLE_RATE_HZ * (max(layer["decay"] for layer in layers) * 1.15 + spread)) + 64
    sound = np.zeros((2, n))
    seed = key * 16 + take
    if "tone" in row:
        sound[0] += _tone(n, tune=tune, **row["tone"])
    if "noise" in row:
        sound[1] += _noise(n, seed, claps=row.get("claps", 1), **row["noise"])
    if "metal" in row:
        sound[1] += _metal(n, tune, **row["metal"])
    sound *= row["gain"]
    sound[:, -64:] *= np.linspace(1.0, 0.0, 64)
    result = sound.astype(np.float32)
    result.setflags(write=False)
    return result


def _decay(n: int, seconds: float) -> NDArray[np.float64]:
    return np.asarray(10.0 ** (-3.0 * np.arange(n) / SAMPLE_RATE_HZ / seconds))


def _tone(
    n: int, *, tune: float, hz: float, rise_hz: float, fall: float, decay: float, drive: float,
    second: float = 0.0, click_hz: float = 0.0, wave: str = "sine",
) -> NDArray[np.float64]:  # fmt: skip
    t = np.arange(n) / SAMPLE_RATE_HZ
    sweep = hz + rise_hz * np.exp(-t / fall) + click_hz * np.exp(-t / 0.004)
    turns = np.cumsum(sweep * tune) / SAMPLE_RATE_HZ
    if wave == "triangle":  # in 16 steps, as the NES's triangle channel
        y = np.round(15.0 * np.abs(2.0 * (turns % 1.0) - 1.0)) / 7.5 - 1.0
    else:
        y = np.sin(2.0 * np.pi * turns)
    if second:
        y = 0.65 * y + 0.35 * np.sin(2.0 * np.pi * turns * second)
    y = np.tanh(drive * y * _decay(n, decay * 1.3)) / math.tanh(drive) * _decay(n, decay * 4.0)
    y[:24] *= np.linspace(0.0, 1.0, 24)
    return np.asarray(y)


def _noise(
    n: int, seed: int, *, low: float, high: float, decay: float, level: float, claps: int = 1, hold: int = 1
) -> NDArray[np.float64]:
    white = np.random.default_rng(seed).standard_normal(n // hold + 1)
    white = np.repeat(white, hold)[:n]  # a slow shift register's steps
    band = butter(2, [low, min(high, 20_000.0)], "band", fs=SAMPLE_RATE_HZ, output="sos")
    y = np.asarray(sosfilt(band, white))
    y /= np.sqrt(np.mean(y**2)) * 2.5
    envelope = np.zeros(n)
    gap = int(0.0105 * SAMPLE_RATE_HZ)
    for i in range(claps - 1):  # hands that don't quite meet, then the room
        end = min(n, (i + 1) * gap)
        envelope[i * gap : end] += _decay(end - i * gap, 0.03)
    tail = (claps - 1) * gap
    envelope[tail:] += _decay(n - tail, decay)
    return y * envelope * level


def _metal(n: int, tune: float, *, high_pass: float, decay: float, level: float) -> NDArray[np.float64]:
    t = np.arange(2 * n) / (2.0 * SAMPLE_RATE_HZ)  # twice the rate, for the squares' overtones
    turns = np.outer(np.array(METAL_HZ) * tune, t) + np.arange(len(METAL_HZ))[:, None] / 6.0
    y = np.sign(np.sin(2.0 * np.pi * turns)).mean(axis=0)
    band = butter(4, [high_pass, 17_000.0], "band", fs=2 * SAMPLE_RATE_HZ, output="sos")
    y = np.asarray(sosfilt(band, y))[::2]
    return np.asarray(y / (np.sqrt(np.mean(y**2)) * 2.5) * _decay(n, decay) * level)
