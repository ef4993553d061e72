"""Plays a part from the soundfont: chooses zones, works out each voice's numbers, runs the kernel."""

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.instruments.patch import SampledPatch
from producer.studio.instruments.performance import Performance, Stroke
from producer.studio.instruments.sampler_kernel import P, sampler_voice
from producer.studio.instruments.soundfont import Generator as G
from producer.studio.instruments.soundfont import Sample, Zone, bank

ATTENUATION_DB = 0.04  # a centibel of initial attenuation as E-mu's own hardware, and every bank, has it
NEVER_SECONDS = 1.0e6
DOUBLE_SECONDS = 0.006
DOUBLE_CENTS = 3.0
ROUND_ROBIN_CENTS = 2.5  # standard deviation of a repeated note's tuning
ROUND_ROBIN_DB = 0.35
TILT_LIMIT_DB = 7.0  # from the middle of an instrument's range to its ends
PALM_CUTOFF_CENTS = 9900.0  # of a distorted string damped at the bridge, about 2.5 kHz
PALM_DECAY_SECONDS = 0.55  # by 100 dB
FLAT_RESONANCE = 0.7071
PALM_GAIN_DB = 4.0  # the hand takes the top, the pick hits as hard
SEATED_PITCHES = (50, 76)  # whoever plays between them sits between the sides
CONTROLLERS = {7: 100.0, 10: 64.0, 11: 127.0}  # MIDI controllers at rest (RP-015); all others 0


def play_doubled(out: NDArray[np.float32], patch: SampledPatch, performance: Performance, seed: int) -> None:
    """Add two takes of a performance to a stem, one for each side, as guitars are recorded.

    The takes differ as a player's do: a few milliseconds and cents.
    """
    for side in range(2):
        dice = np.random.default_rng((seed, side))
        late = DOUBLE_SECONDS * dice.standard_normal(len(performance.strokes)).clip(-1.5, 1.5)
        strokes = tuple(
            replace(
                stroke, start_seconds=max(0.0, stroke.start_seconds + by), end_seconds=stroke.end_seconds + by
            )
            for stroke, by in zip(performance.strokes, late.tolist(), strict=True)
        )
        take = np.zeros_like(out)
        detuned = replace(patch, tune_cents=patch.tune_cents + DOUBLE_CENTS * (2 * side - 1))
        play_sampled(take, detuned, replace(performance, strokes=strokes), seed + side)
        out[side] += take[0] + take[1]


def play_sampled(out: NDArray[np.float32], patch: SampledPatch, performance: Performance, seed: int) -> None:
    """Add a performance on a soundfont preset to a stem.

    Parameters
    ----------
    out
        float32, shape ``(2, n)``.
    seed
        Of the small differences between one stroke and the next.
    """
    dice = np.random.default_rng(seed)
    zones = bank().preset(patch.bank, patch.program)
    shift = 12 * patch.octave
    strokes = performance.strokes
    chokes = _chokes(zones, strokes, shift)
    damped = replace(patch, palmed=True, gain_db=patch.gain_db + PALM_GAIN_DB)
    for stroke, choke in zip(strokes, chokes, strict=True):
        key = min(127, max(0, stroke.pitch + shift))
        velocity = patch.velocity(stroke.velocity)
        wobble = dice.standard_normal(2)
        cents = patch.tune_cents + ROUND_ROBIN_CENTS * max(-2.0, min(2.0, wobble[0]))
        tilt_db = patch.tilt_db * (stroke.pitch - patch.tilt_pitch) / 12.0
        tilt_db = max(-TILT_LIMIT_DB, min(TILT_LIMIT_DB, tilt_db))
        hand = damped if stroke.hold_seconds < patch.palm_seconds else patch
        gain = 10.0 ** ((hand.gain_db + tilt_db + ROUND_ROBIN_DB * wobble[1]) / 20.0)
        seat = _seat_gain(patch.seating_db, stroke.pitch)
        for zone in _sounding(zones, key, velocity):
            numbers = _voice(zone, key, velocity, hand).copy()
            numbers[P.INCREMENT] *= 2.0 ** (cents / 1200.0)
            numbers[P.GAIN_LEFT] *= gain * seat
            numbers[P.GAIN_RIGHT] *= gain / seat
            sample = _sample(zone.generators).samples
            timing = (stroke.start_sample, stroke.hold_seconds, choke)
            sampler_voice(out, *timing, sample, numbers, performance.bend)


def _seat_gain(seating_db: float, pitch: int) -> float:
    """Gain of the left side, and its inverse of the right, for where a desk of players sits."""
    low, high = SEATED_PITCHES
    place = max(-1.0, min(1.0, (2.0 * pitch - low - high) / (high - low)))
    return float(10.0 ** (seating_db * place / 20.0))


def _sounding(zones: tuple[Zone, ...], key: int, velocity: int) -> list[Zone]:
    """Zones of a note; beyond a preset's compass its outermost samples are stretched."""
    found = [zone for zone in zones if zone.holds(key, velocity)]
    if found or not zones:
        return found
    nearest = min(max(zone.key_low - key, key - zone.key_high, 0) for zone in zones)
    return [
        zone
        for zone in zones
        if max(zone.key_low - key, key - zone.key_high, 0) == nearest
        and zone.velocity_low <= velocity <= zone.velocity_high
    ]


def _chokes(zones: Iterable[Zone], strokes: tuple[Stroke, ...], shift: int) -> list[float]:
    """Seconds after which each stroke is cut by a later one of its exclusive class (§8.1.2, generator 57)."""
    classes: dict[int, int] = {}
    for zone in zones:
        group = int(zone.generators[G.EXCLUSIVE_CLASS])
        if group:
            classes.update(dict.fromkeys(range(zone.key_low, zone.key_high + 1), group))
    chokes = [NEVER_SECONDS] * len(strokes)
    last: dict[int, int] = {}
    for i in sorted(range(len(strokes)), key=lambda i: (strokes[i].start_seconds, i)):
        found = classes.get(strokes[i].pitch + shift)
        if found is None:
            continue
        if found in last:
            before = strokes[last[found]]
            chokes[last[found]] = max(0.001, strokes[i].start_seconds - before.start_seconds)
        last[found] = i
    return chokes


@lru_cache(maxsize=4096)
def _voice(zone: Zone, key: int, velocity: int, patch: SampledPatch) -> NDArray[np.float64]:
    """All numbers of a voice, by :class:`P`."""
    g = zone.generators.copy()
    key = int(g[G.KEY_NUMBER]) if g[G.KEY_NUMBER] >= 0 else key
    velocity = int(g[G.VELOCITY]) if g[G.VELOCITY] >= 0 else velocity
    extra_db = 0.0
    for modulator in zone.modulators:
        amount = modulator.amount * _source(modulator.source, key, velocity)
        amount *= _source(modulator.amount_source, key, velocity) if modulator.amount_source else 1.0
        if modulator.destination == G.ATTENUATION:
            extra_db += amount / 10.0
        elif modulator.destination < len(g):
            g[modulator.destination] += amount
    p = np.zeros(P.SIZE)
    _set_sample(p, g, zone, key)
    _set_gain(p, g, extra_db)
    _set_envelopes(p, g, key, patch)
    _set_oscillators(p, g, patch)
    p[P.CUTOFF_CENTS] = min(13_500.0, max(1500.0, g[G.FILTER_CUTOFF]) + patch.brightness_cents)
    p[P.RESONANCE] = 10.0 ** ((min(960.0, max(0.0, g[G.FILTER_Q])) / 10.0 - 3.01) / 20.0)
    if patch.palmed:
        _damp(p)
    return p


def _damp(p: NDArray[np.float64]) -> None:
    """The edge of the hand on the strings: dark from the start, and soon over."""
    p[P.CUTOFF_CENTS] = min(p[P.CUTOFF_CENTS], PALM_CUTOFF_CENTS)
    p[P.MOD_TO_FILTER] = p[P.LFO_TO_FILTER] = 0.0
    p[P.RESONANCE] = FLAT_RESONANCE
    p[P.HOLD], p[P.DECAY], p[P.SUSTAIN_DB] = 0.0, PALM_DECAY_SECONDS, 144.0


def _set_sample(p: NDArray[np.float64], g: NDArray[np.float64], zone: Zone, key: int) -> None:
    sample = _sample(g)
    length = len(sample.samples)
    root = g[G.ROOT_KEY] if g[G.ROOT_KEY] >= 0 else sample.root_key
    tune = g[G.COARSE_TUNE] * 100.0 + g[G.FINE_TUNE] + sample.correction_cents
    cents = (key - root) * g[G.SCALE_TUNING] + tune
    p[P.INCREMENT] = 2.0 ** (cents / 1200.0) * sample.sample_rate_hz / SAMPLE_RATE_HZ
    p[P.POSITION] = max(0.0, g[G.START_OFFSET] + 32_768.0 * g[G.START_COARSE])
    p[P.END] = min(length, length + g[G.END_OFFSET] + 32_768.0 * g[G.END_COARSE])
    p[P.LOOP_START] = sample.loop_start + g[G.LOOP_START_OFFSET] + 32_768.0 * g[G.LOOP_START_COARSE]
    p[P.LOOP_END] = min(
        length - 2.0, sample.loop_end + g[G.LOOP_END_OFFSET] + 32_768.0 * g[G.LOOP_END_COARSE]
    )
    loops = p[P.LOOP_END] - p[P.LOOP_START] >= 2.0
    p[P.LOOP_MODE] = int(g[G.SAMPLE_MODES]) & 3 if loops else 0


def _sample(g: NDArray[np.float64]) -> Sample:
    return bank().sample(int(g[G.SAMPLE]), int(g[G.SAMPLE_MODES]) & 3)


def _set_gain(p: NDArray[np.float64], g: NDArray[np.float64], extra_db: float) -> None:
    gain = 10.0 ** (-(max(0.0, g[G.ATTENUATION]) * ATTENUATION_DB + max(0.0, extra_db)) / 20.0)
    angle = (min(500.0, max(-500.0, g[G.PAN])) / 1000.0 + 0.5) * math.pi / 2.0
    p[P.GAIN_LEFT] = gain * math.cos(angle)
    p[P.GAIN_RIGHT] = gain * math.sin(angle)


def _set_envelopes(p: NDArray[np.float64], g: NDArray[np.float64], key: int, patch: SampledPatch) -> None:
    below = 60 - key  # key tracking: timecents for each key below middle C (§8.1.2, generators 31–32, 39–40)
    p[P.DELAY] = _seconds(g[G.VOL_ENV_DELAY])
    p[P.ATTACK] = max(_seconds(g[G.VOL_ENV_ATTACK]), patch.attack_seconds)
    p[P.HOLD] = _seconds(g[G.VOL_ENV_HOLD] + below * g[G.KEY_TO_VOL_HOLD])
    p[P.DECAY] = max(0.001, _seconds(g[G.VOL_ENV_DECAY] + below * g[G.KEY_TO_VOL_DECAY]) * patch.decay)
    p[P.SUSTAIN_DB] = min(144.0, max(0.0, g[G.VOL_ENV_SUSTAIN] / 10.0))
    p[P.RELEASE] = max(0.01, _seconds(g[G.VOL_ENV_RELEASE]) * patch.release)
    p[P.MOD_DELAY] = _seconds(g[G.MOD_ENV_DELAY])
    p[P.MOD_ATTACK] = _seconds(g[G.MOD_ENV_ATTACK])
    p[P.MOD_HOLD] = _seconds(g[G.MOD_ENV_HOLD] + below * g[G.KEY_TO_MOD_HOLD])
    p[P.MOD_DECAY] = max(0.001, _seconds(g[G.MOD_ENV_DECAY] + below * g[G.KEY_TO_MOD_DECAY]))
    p[P.MOD_SUSTAIN] = 1.0 - min(1000.0, max(0.0, g[G.MOD_ENV_SUSTAIN])) / 1000.0
    p[P.MOD_RELEASE] = max(0.001, _seconds(g[G.MOD_ENV_RELEASE]))
    p[P.MOD_TO_PITCH] = g[G.MOD_ENV_TO_PITCH]
    p[P.MOD_TO_FILTER] = g[G.MOD_ENV_TO_FILTER]


def _set_oscillators(p: NDArray[np.float64], g: NDArray[np.float64], patch: SampledPatch) -> None:
    p[P.LFO_DELAY] = _seconds(g[G.MOD_LFO_DELAY])
    p[P.LFO_HZ] = 8.176 * 2.0 ** (g[G.MOD_LFO_FREQUENCY] / 1200.0)
    p[P.LFO_TO_PITCH] = g[G.MOD_LFO_TO_PITCH]
    p[P.LFO_TO_FILTER] = g[G.MOD_LFO_TO_FILTER]
    p[P.LFO_TO_VOLUME] = g[G.MOD_LFO_TO_VOLUME] / 10.0
    p[P.VIBRATO_DELAY] = _seconds(g[G.VIB_LFO_DELAY])
    p[P.VIBRATO_HZ] = 8.176 * 2.0 ** (g[G.VIB_LFO_FREQUENCY] / 1200.0)
    p[P.VIBRATO_TO_PITCH] = g[G.VIB_LFO_TO_PITCH]
    if patch.vibrato_cents:  # a player's own, on notes long enough to bear it
        p[P.VIBRATO_DELAY] = 0.28
        p[P.VIBRATO_HZ] = 5.4
        p[P.VIBRATO_TO_PITCH] = patch.vibrato_cents


def _seconds(timecents: float) -> float:
    return 0.0 if timecents <= -11_999.0 else float(2.0 ** (min(timecents, 8000.0) / 1200.0))


def _source(code: int, key: int, velocity: int) -> float:
    """Value of a modulator source between 0 and 1, or −1 and 1 (§8.2.1, §9.5.3)."""
    index, is_controller, kind = code & 127, code & 128, code >> 10
    if is_controller:
        value = CONTROLLERS.get(index, 0.0) / 127.0
    elif index == 0:
        return 1.0
    else:
        value = {2: velocity, 3: key}.get(index, 0) / 127.0
    if code & 256:
        value = 1.0 - value
    if code & 512:
        position = 2.0 * value - 1.0
        return math.copysign(_bow(abs(position), kind), position)
    return _bow(value, kind)


def _bow(value: float, kind: int) -> float:
    """Linear, concave, convex or switch (§9.5.3)."""
    if kind == 1:
        return min(1.0, -(40.0 / 96.0) * math.log10(max(1e-6, 1.0 - value)))
    if kind == 2:
        return max(0.0, 1.0 + (40.0 / 96.0) * math.log10(max(1e-6, value)))
    return float(value >= 0.5) if kind == 3 else value
