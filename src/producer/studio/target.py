"""The long-term spectrum a song should have: its preset's curve, or that of the players who play alone."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from producer.score.song import MixPlan, Song
from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.filters import Band, coefficients
from producer.studio.dsp.tape import worn_bands
from producer.studio.preset import mix_preset, spectrum_curve
from producer.units import gain_to_db

Target = Callable[[float], float]
BRIGHTNESS_HZ = 5000.0


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Players who have a spectrum of their own when nobody else joins in."""

    curve: str
    instruments: frozenset[str]


def target_of(song: Song) -> Target:
    """Level in dB that the third of an octave around a frequency has in such a song, wishes aside.

    A curve of chart hits asks a solo piano for cymbals that it doesn't have; so whoever plays without
    voices and drums is held against a curve of their own (``ensembles`` of ``presets/targets.toml``).
    """
    played = frozenset(part.instrument for part in song.parts if part.notes)
    if played and not song.vocal:
        for ensemble in _ensembles():
            if played <= ensemble.instruments:
                return spectrum_curve(ensemble.curve)
    return mix_preset(song.mix.preset).target_db


def wished_db(plan: MixPlan, hz: float) -> float:
    """What the wishes of a mix plan add to the target at a frequency: brightness and wear."""
    bands = list(worn_bands(plan.lofi)) if plan.lofi > 0.0 and plan.mastered else []
    if plan.brightness_db:
        bands.append(brightness_band(plan.brightness_db))
    return sum(_response_db(band, hz) for band in bands)


def brightness_band(gain_db: float) -> Band:
    """The shelf that a wish for brightness turns."""
    return Band("high_shelf", BRIGHTNESS_HZ, gain_db, 0.6)


def _response_db(band: Band, hz: float) -> float:
    b0, b1, b2, a1, a2 = coefficients(band)
    z = np.exp(-2j * np.pi * hz / SAMPLE_RATE_HZ)
    return gain_to_db(float(abs((b0 + b1 * z + b2 * z * z) / (1.0 + a1 * z + a2 * z * z))))


@cache
def _ensembles() -> tuple[Ensemble, ...]:
    text = files(__package__).joinpath("presets", "targets.toml").read_text("utf-8")
    return tuple(
        Ensemble(row["curve"], frozenset(row["instruments"])) for row in tomllib.loads(text)["ensembles"]
    )
