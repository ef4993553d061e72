"""Plays a part on the synthesisers: one compiled voice for each note."""

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from producer.studio.instruments.patch import FmPatch, TonePatch
from producer.studio.instruments.performance import Performance, Stroke
from producer.studio.instruments.tone_kernel import T, fm_voice, tone_voice
from producer.units import db_to_gain, midi_to_hz

SLUR_SECONDS = 0.03  # a gap up to here still slides
_DIRECT = {
    T.SAW: "saw", T.PULSE: "pulse", T.TRIANGLE: "triangle", T.SINE: "sine", T.SUB: "sub", T.NOISE: "noise",
    T.PULSE_WIDTH: "pulse_width", T.VOICES: "voices", T.DETUNE_CENTS: "detune_cents", T.WIDTH: "width",
    T.RESONANCE: "resonance", T.POLES: "poles", T.FILTER_OCTAVES: "filter_octaves",
    T.FILTER_ATTACK: "filter_attack", T.FILTER_DECAY: "filter_decay", T.FILTER_SUSTAIN: "filter_sustain",
    T.ATTACK: "attack", T.DECAY: "decay", T.SUSTAIN: "sustain", T.RELEASE: "release",
    T.LFO_OCTAVES: "lfo_octaves", T.VIBRATO_CENTS: "vibrato_cents", T.DROP_SEMITONES: "drop_semitones",
    T.DROP_SECONDS: "drop_seconds", T.DRIVE: "drive",
}  # fmt: skip


def play_tone(out: NDArray[np.float32], patch: TonePatch, performance: Performance, seed: int) -> None:
    """Add a performance on a subtractive patch to a stem of shape ``(2, n)``."""
    base = np.zeros(T.SIZE)
    for place, name in _DIRECT.items():
        base[place] = getattr(patch, name)
    base[T.LFO_HZ] = performance.bpm / 60.0 / patch.lfo_beats if patch.lfo_beats else patch.lfo_hz
    base[T.GLIDE_SECONDS] = 0.02
    strokes = _slurred(performance.strokes) if patch.glide_seconds else performance.strokes
    for i, stroke in enumerate(strokes):
        p = base.copy()
        hz = midi_to_hz(stroke.pitch + 12 * patch.octave)
        hard = (stroke.velocity - 64) / 63.0
        p[T.HZ] = hz
        p[T.GAIN] = velocity_gain(stroke.velocity) * db_to_gain(patch.gain_db)
        tracked = patch.key_track * (stroke.pitch - 60) / 12.0
        p[T.CUTOFF_HZ] = patch.cutoff_hz * 2.0 ** (tracked + patch.velocity_octaves * hard * 0.5)
        p[T.LFO_PHASE] = -0.25 if patch.lfo_beats else (0.37 * i) % 1.0
        if patch.glide_seconds and i and stroke.start_seconds - strokes[i - 1].end_seconds < SLUR_SECONDS:
            p[T.GLIDE_FROM_SEMITONES] = strokes[i - 1].pitch - stroke.pitch
            p[T.GLIDE_SECONDS] = patch.glide_seconds / 2.0
            p[T.DROP_SEMITONES] = 0.0
        numba_seed = (seed + 7919 * i) % 2**31
        arguments = (performance.bend, performance.brightness, numba_seed)
        tone_voice(out, stroke.start_sample, stroke.hold_seconds, p, *arguments)


def play_fm(out: NDArray[np.float32], patch: FmPatch, performance: Performance, seed: int) -> None:
    """Add a performance on an FM patch to a stem of shape ``(2, n)``."""
    dice = np.random.default_rng(seed)
    for stroke in performance.strokes:
        hard = stroke.velocity / 100.0
        gain = velocity_gain(stroke.velocity) * db_to_gain(patch.gain_db)
        wobble_cents = 1.5 * max(-2.0, min(2.0, dice.standard_normal()))
        for operator in patch.operators:
            index = operator.index * (1.0 - patch.velocity_index + patch.velocity_index * hard)
            angle = (operator.pan + 1.0) * math.pi / 4.0
            level = gain * operator.level
            # High notes of struck things die sooner: half as long for each two octaves.
            decay = operator.decay * 2.0 ** ((60 - stroke.pitch) / 24.0)
            row = (
                *(
                    operator.ratio,
                    operator.modulator_ratio,
                    index,
                    operator.index_decay,
                    operator.index_sustain,
                ),
                *(level, decay, level * math.cos(angle), level * math.sin(angle)),
            )
            hz = midi_to_hz(stroke.pitch + 12 * patch.octave + (operator.detune_cents + wobble_cents) / 100.0)
            envelope = (patch.attack, patch.sustain, patch.release)
            timing = (stroke.start_sample, stroke.hold_seconds)
            fm_voice(out, *timing, hz, np.array(row), *envelope, performance.bend)


def velocity_gain(velocity: int) -> float:
    """Gain of a velocity: 40 log₁₀(v/127) dB as SoundFont 2.04 §8.4.1, so that all instruments agree."""
    return (velocity / 127.0) ** 2


def _slurred(strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """One voice only: a note ends where the next one starts."""
    ordered = sorted(strokes, key=lambda stroke: (stroke.start_seconds, stroke.pitch))
    cut = [
        Stroke(one.start_seconds, min(one.end_seconds, following.start_seconds), one.pitch, one.velocity)
        for one, following in pairwise(ordered)
    ]
    return tuple(stroke for stroke in cut if stroke.hold_seconds > 0.0) + tuple(ordered[-1:])
