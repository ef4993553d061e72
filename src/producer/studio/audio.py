"""Sound in memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 44_100

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Samples and their rate.

    Parameters
    ----------
    samples
        float32, shape ``(channels, n)``, full scale ±1.
    sample_rate_hz
        Samples a second of each channel.
    """

    samples: Samples
    sample_rate_hz: int = SAMPLE_RATE_HZ

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return int(self.samples.shape[1]) / self.sample_rate_hz
