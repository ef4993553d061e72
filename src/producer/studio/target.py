"""The long-term spectrum a song should have: its preset's curve, or that of the players who play alone."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from producer.score.instrument import Drum
from producer.score.part import Role
from producer.score.song import MixPlan, Song
from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.filters import Band, coefficients
from producer.studio.dsp.spectrum import THIRDS_HZ
from producer.studio.dsp.tape import worn_bands
from producer.studio.preset import mix_preset, spectrum_curve
from producer.units import gain_to_db, midi_to_hz

Target = Callable[[float], float]
BRIGHTNESS_HZ = 5000.0
KICKS = (Drum.KICK, Drum.KICK_2)
RHYTHM = (Role.DRUMS, Role.PERCUSSION, Role.EFFECTS)
HOLES_BELOW_HZ = 260.0  # above, overtones of many notes leave no third of an octave empty
PARTIALS = 6
PARTIAL_FALL_DB = 6.0  # for each octave above the fundamental
SKIRT_DB = 24.0  # lost in a third of an octave beside a partial: attacks, vibrato, rooms
REACH_DB = 7.0  # what equalisers raise without harm
DEEPEST_DB = 9.0  # that a gap is taken for: hands and wood sound in it too


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Players who have a spectrum of their own when nobody else joins in."""

    curve: str
    instruments: frozenset[str]
    skirt_db: float = SKIRT_DB
    deepest_db: float = DEEPEST_DB


def target_of(song: Song) -> Target:
    """Level in dB that the third of an octave around a frequency has in such a song, wishes aside.

    A curve of chart hits asks a solo piano for cymbals that it doesn't have; so whoever plays without
    voices and drums is held against a curve of their own (``ensembles`` of ``presets/targets.toml``).
    Where no note of the score lies, in the lowest thirds of an octave, nothing is asked that an equaliser
    could only make out of noise: see :func:`holes_db`.
    """
    curve = _curve_of(song)
    hz, depths = np.log(THIRDS_HZ), holes_db(song)
    return lambda at: curve(at) - float(np.interp(np.log(at), hz, depths))


def holes_db(song: Song) -> NDArray[np.float64]:
    """How far each third of an octave stays below its curve because nobody plays there.

    Below :data:`HOLES_BELOW_HZ` a third holds four neighbouring keys. A choir of men has nothing below its
    lowest note, a drone leaves a gap under its octave; the score tells both. Kicks and singers fill the
    gaps, so songs that have them keep their curve.

    Returns
    -------
    ndarray
        dB, 0 and above, shape of :data:`~producer.studio.dsp.spectrum.THIRDS_HZ`.
    """
    held = [
        (note.pitch, note.beats * (note.velocity / 127.0) ** 2)
        for part in song.parts
        if part.role not in RHYTHM
        for note in part.notes
    ]
    drummed = any(
        note.pitch in KICKS for part in song.parts if part.role is Role.DRUMS for note in part.notes
    )
    if not held or drummed or song.vocal:
        return np.zeros(len(THIRDS_HZ))
    pitches, weights = np.array(held).T
    weight = np.bincount(pitches.astype(int), weights)
    ensemble = _ensemble_of(song)
    skirt_db, deepest_db = (ensemble.skirt_db, ensemble.deepest_db) if ensemble else (SKIRT_DB, DEEPEST_DB)
    partial = np.arange(1, PARTIALS + 1)
    hz = midi_to_hz(0.0) * np.exp2(np.arange(len(weight)) / 12.0)[:, None] * partial
    beside = (
        np.abs(10.0 * np.log10(hz[..., None] / THIRDS_HZ)) - 0.5
    )  # thirds of an octave from a band's edge
    fallen_db = PARTIAL_FALL_DB * np.log2(partial)[:, None] + skirt_db * np.maximum(0.0, beside)
    level_db = 10.0 * np.log10(np.einsum("p,phb->b", weight, 10.0 ** (-fallen_db / 10.0)) + 1e-12)
    usual = float(
        np.median(level_db[(THIRDS_HZ > HOLES_BELOW_HZ / 2.0) & (THIRDS_HZ < 4.0 * HOLES_BELOW_HZ)])
    )
    depths = np.clip(usual - level_db - REACH_DB, 0.0, deepest_db)
    return np.where(THIRDS_HZ < HOLES_BELOW_HZ, depths, 0.0)


def _curve_of(song: Song) -> Target:
    ensemble = _ensemble_of(song)
    return spectrum_curve(ensemble.curve) if ensemble else mix_preset(song.mix.preset).target_db


def _ensemble_of(song: Song) -> Ensemble | None:
    """Who plays alone, if anybody does."""
    played = frozenset(part.instrument for part in song.parts if part.notes)
    if not played or song.vocal:
        return None
    return next((ensemble for ensemble in _ensembles() if played <= ensemble.instruments), None)


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
        Ensemble(
            row["curve"],
            frozenset(row["instruments"]),
            row.get("skirt_db", SKIRT_DB),
            row.get("deepest_db", DEEPEST_DB),
        )
        for row in tomllib.loads(text)["ensembles"]
    )
