"""Old machines: what a lo-fi wish does to a finished mix."""

import numpy as np
from numpy.typing import NDArray

from producer.studio.dsp.colour import crush, saturate, wow_and_flutter
from producer.studio.dsp.filters import Band, equalize
from producer.studio.dsp.space import corner_of, widen

HISS_GAIN = 0.0009  # −61 dBFS at full age


def age(audio: NDArray[np.float32], amount: float) -> None:
    """Make a recording sound worn, in place.

    Parameters
    ----------
    amount
        0 leaves it clean; 1 is a fourth-generation cassette: narrow, dull, unsteady, warm.
    """
    amount = min(1.0, max(0.0, amount))
    wow_and_flutter(audio, amount)
    saturate(audio, 1.0 + 1.6 * amount)
    if amount > 0.3:
        crush(audio, 14.0 - 4.0 * amount)
    dice = np.random.default_rng(1978)
    audio += dice.standard_normal(audio.shape, dtype=np.float32) * np.float32(HISS_GAIN * amount)
    equalize(audio, worn_bands(amount))
    widen(audio, 1.0 - 0.45 * amount, 0.0, corner_of(140.0))


def worn_bands(amount: float) -> tuple[Band, Band]:
    """What is left of the band on a machine so worn, 0–1."""
    amount = min(1.0, max(0.0, amount))
    low_pass_hz = 16_000.0 * (3_600.0 / 16_000.0) ** amount
    high_pass_hz = 25.0 * (110.0 / 25.0) ** amount
    return Band("low_pass", low_pass_hz), Band("high_pass", high_pass_hz)
