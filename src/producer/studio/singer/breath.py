"""The breath a singer takes before a phrase.

Breath noise is broad with weak resonances of the open tract near 1.6, 2.8 and 4 kHz and lasts 0.2–0.5 s
before a phrase: Nakano et al. 2008, "Analysis and automatic detection of breath sounds in
unaccompanied singing voice".
"""

import numpy as np

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.singer.analysis import BIN_HZ, BINS
from producer.studio.singer.speech import Floats
from producer.studio.singer.synthesis import noise
from producer.studio.singer.voicing import FRAME_SECONDS

SHORTEST_SECONDS, LONGEST_SECONDS = 0.18, 0.45
REST_SECONDS = 0.05  #: between the breath and the first sound
_RESONANCES = ((700.0, 300.0, 4.0), (1650.0, 260.0, 9.0), (2800.0, 350.0, 7.0), (4100.0, 500.0, 5.0))


def breathe(seconds: float, rng: np.random.Generator, *, formant: float = 1.0) -> Floats:
    """Inhale for `seconds`, RMS 1, shape (n,), 44.1 kHz."""
    count = max(8, round(seconds / FRAME_SECONDS))
    hz = np.arange(BINS) * BIN_HZ
    level = np.interp(hz, [0, 250, 600, 2000, 5000, 9000, 12_000], [-40, -26, -6, 0, -5, -12, -18])
    for centre, width, height in _RESONANCES:
        level = level + height * np.exp(
            -0.5 * ((hz - centre * formant * rng.uniform(0.95, 1.05)) / width) ** 2
        )
    place = (np.arange(count) + 0.5) / count
    swell = np.sin(np.pi * place**1.4) ** 1.2
    flutter = 1.0 + 0.15 * np.convolve(rng.standard_normal(count + 8), np.ones(9) / 3, "valid")[:count]
    magnitude = 10.0 ** (level / 20.0)[None] * (swell * flutter)[:, None]
    starts = np.round(np.arange(count + 1) * FRAME_SECONDS * SAMPLE_RATE_HZ).astype(np.int64)
    air = noise(magnitude, starts, rng)
    scaled: Floats = air / max(float(np.sqrt((air**2).mean())), 1e-9)
    return scaled
