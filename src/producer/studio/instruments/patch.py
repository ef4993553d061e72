"""What makes each instrument's sound: ``patches.toml`` (how) and ``levels.toml`` (how loud)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from producer.studio.dsp.colour import BYPASS, Insert


@dataclass(frozen=True, slots=True)
class SampledPatch:
    """A soundfont preset and how it is bent to our use."""

    preset: tuple[int, int]  #: bank and program
    octave: int = 0
    tune_cents: float = 0.0
    gain_db: float = 0.0
    attack_seconds: float = 0.0  #: at least this long
    decay: float = 1.0  #: factor on the preset's own
    release: float = 1.0
    vibrato_cents: float = 0.0
    brightness_cents: float = 0.0  #: added to the filter's cutoff
    doubled: bool = False  #: two takes, left and right, when it accompanies
    velocity_scale: float = 1.0
    velocity_offset: int = 0
    early_seconds: float = 0.0  #: played ahead of the beat, so that a slow attack is heard on it
    swell_db: float = 0.0  #: each phrase grows and falls by so much
    tilt_db: float = 0.0  #: louder by so much for each octave above `tilt_pitch`
    tilt_pitch: int = 60
    palm_seconds: float = 0.0  #: strokes shorter than this are muted with the edge of the hand
    palmed: bool = False  #: whether all are
    seating_db: float = 0.0  #: high notes so much to the left and low ones to the right, as orchestras sit
    insert: Insert = BYPASS

    @property
    def bank(self) -> int:
        """Bank number, 128 for kits."""
        return self.preset[0]

    @property
    def program(self) -> int:
        """Program number from 0."""
        return self.preset[1]

    def velocity(self, played: int) -> int:
        """Velocity as the preset sees it, 1–127."""
        return min(127, max(1, round(played * self.velocity_scale) + self.velocity_offset))


@dataclass(frozen=True, slots=True)
class TonePatch:
    """A subtractive voice: detuned oscillators, a filter, two envelopes, a slow oscillator."""

    saw: float = 1.0
    pulse: float = 0.0
    triangle: float = 0.0
    sine: float = 0.0
    sub: float = 0.0  #: a sine an octave below, in the middle
    noise: float = 0.0
    pulse_width: float = 0.5
    voices: int = 1  #: oscillators in unison, 1–9
    detune_cents: float = 0.0  #: of the outermost pair
    width: float = 0.0  #: 0 all in the middle … 1 outermost pair hard left and right
    octave: int = 0
    cutoff_hz: float = 18_000.0
    resonance: float = 0.7
    poles: int = 2  #: 2 or 4
    key_track: float = 0.3  #: octaves the filter opens for each octave above middle C
    filter_octaves: float = 0.0  #: how far the filter's envelope opens it
    filter_attack: float = 0.001
    filter_decay: float = 0.3
    filter_sustain: float = 0.0
    velocity_octaves: float = 1.0  #: filter, from velocity 64 to 127
    attack: float = 0.005
    decay: float = 0.3
    sustain: float = 1.0
    release: float = 0.1
    lfo_hz: float = 0.0
    lfo_beats: float = 0.0  #: one turn in so many beats; wins over `lfo_hz`
    lfo_octaves: float = 0.0  #: of the filter
    vibrato_cents: float = 0.0
    drop_semitones: float = 0.0  #: the pitch starts so much higher
    drop_seconds: float = 0.02
    glide_seconds: float = 0.0  #: above 0 the patch has one voice, and slurred notes slide
    early_seconds: float = 0.0  #: played ahead of the beat, so that a slow attack is heard on it
    drive: float = 0.0
    gain_db: float = 0.0
    insert: Insert = BYPASS


@dataclass(frozen=True, slots=True)
class Operator:
    """A carrier and its modulator (Chowning 1973)."""

    ratio: float = 1.0
    modulator_ratio: float = 1.0
    index: float = 1.0
    index_decay: float = 0.3
    index_sustain: float = 0.0
    level: float = 1.0
    decay: float = 1.0
    detune_cents: float = 0.0
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class FmPatch:
    """A few operator pairs under one envelope."""

    operators: tuple[Operator, ...]
    octave: int = 0
    attack: float = 0.002
    sustain: float = 0.0
    release: float = 0.2
    velocity_index: float = 0.6  #: share of the index that velocity commands
    gain_db: float = 0.0
    insert: Insert = BYPASS


@dataclass(frozen=True, slots=True)
class DrumPatch:
    """A synthesised kit of ``kits.toml``."""

    kit: str
    gain_db: float = 0.0
    insert: Insert = BYPASS


@dataclass(frozen=True, slots=True)
class EffectPatch:
    """A sound without a pitch, made for its length."""

    effect: str
    gain_db: float = 0.0
    insert: Insert = BYPASS


Patch = SampledPatch | TonePatch | FmPatch | DrumPatch | EffectPatch

_KINDS: dict[str, type[Patch]] = {
    "sampled": SampledPatch, "tone": TonePatch, "fm": FmPatch, "drums": DrumPatch, "effect": EffectPatch,
}  # fmt: skip


@cache
def shelf() -> dict[str, Patch]:
    """Every instrument's patch by name."""
    levels = read_table("levels.toml")
    gains_db, tilts = levels["gain_db"], levels.get("tilt", {})
    return {
        name: _patch(
            kind, {**row, "gain_db": row.get("gain_db", 0.0) + gains_db.get(name, 0.0), **tilts.get(name, {})}
        )
        for kind, rows in read_table("patches.toml").items()
        for name, row in rows.items()
    }


def read_table(name: str) -> dict[str, Any]:
    """A TOML table that lies beside this module."""
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _patch(kind: str, row: Mapping[str, Any]) -> Patch:
    values = dict(row)
    if "insert" in values:
        values["insert"] = Insert(**values["insert"])
    if "preset" in values:
        values["preset"] = tuple(values["preset"])
    if "operators" in values:
        values["operators"] = tuple(Operator(**operator) for operator in values["operators"])
    return _KINDS[kind](**values)
