"""Voice against band: two faders that are ridden phrase by phrase, and the level they end at.

A verse over a lone piano and a chorus over everybody differ by 15 dB of band. With one gain for the whole
song the voice would either drown in the one or stand naked in the other; so a hand moves both faders
towards each other, mostly the band's, and keeps a part of the difference.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.dsp.dynamics import Curve, flat_curve, line_curve
from producer.studio.dsp.loudness import HOP

SHARE = 0.8  # of what a phrase stands off the song's mean that one look takes away
BAND_SHARE = 2.0 / 3.0  # of it by the band's fader, the rest by the voice's
MOST_DB = 9.0  # that one look moves both faders together
GAP_SECONDS = 0.6  # a shorter silence is sung through
LONGEST_SECONDS = 6.0  # of a phrase
_SINGING = 0.01  # of the loudest block's power
_BLOCK_SECONDS = 0.4  # that a block is long, see :func:`producer.studio.dsp.loudness.block_powers`
_HOP_SECONDS = HOP / SAMPLE_RATE_HZ

Powers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Faders:
    """Gain curves of the voices and of the band, as :mod:`.dsp.dynamics` has them."""

    voice: Curve
    band: Curve

    def then(self, more: "Faders") -> "Faders":
        """This ride with a second one on top."""
        return Faders(self.voice * more.voice, self.band * more.band)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch in which somebody sings."""

    start_seconds: float
    end_seconds: float
    over_db: float  #: lead over band, K-weighted
    weight: float  #: blocks that are sung


def find_phrases(lead: Powers, band: Powers) -> tuple[Phrase, ...]:
    """Where the lead sings, and how far above the band.

    Parameters
    ----------
    lead, band
        K-weighted powers of the same blocks, shape (blocks,).
    """
    singing = np.flatnonzero(lead > max(float(lead.max(initial=0.0)) * _SINGING, 1e-12))
    if not len(singing):
        return ()
    # blocks overlap: a silence loses one block's length less one hop
    most = round((GAP_SECONDS - _BLOCK_SECONDS) / _HOP_SECONDS) + 1
    runs = np.split(singing, np.flatnonzero(np.diff(singing) > most) + 1)
    longest = round(LONGEST_SECONDS / _HOP_SECONDS)
    pieces = [piece for run in runs for piece in np.array_split(run, -(-len(run) // longest))]
    return tuple(
        Phrase(
            float(piece[0]) * _HOP_SECONDS,
            float(piece[-1]) * _HOP_SECONDS + _BLOCK_SECONDS,
            10.0 * float(np.log10(lead[piece].mean() / max(float(band[piece].mean()), 1e-10))),
            float(len(piece)),
        )
        for piece in pieces
        if band[piece].mean() > 1e-10
    )


def mean_over_db(phrases: tuple[Phrase, ...]) -> float:
    """Lead over band of all phrases in dB, weighted by their length."""
    return float(np.average([p.over_db for p in phrases], weights=[p.weight for p in phrases]))


def ride(phrases: tuple[Phrase, ...], wanted_db: float, n: int) -> Faders:
    """Faders for `n` samples that put the lead about `wanted_db` above the band in every phrase.

    Outside of phrases they move on in a straight line in dB towards the next.
    """
    if not phrases:
        return Faders(flat_curve(n), flat_curve(n))
    mean = mean_over_db(phrases)
    voice, band = [], []
    for phrase in phrases:
        moved = float(np.clip(SHARE * (mean - phrase.over_db), -MOST_DB, MOST_DB))
        for seconds in (phrase.start_seconds, phrase.end_seconds):
            voice.append((seconds, wanted_db - mean + (1.0 - BAND_SHARE) * moved))
            band.append((seconds, -BAND_SHARE * moved))
    return Faders(line_curve(n, voice), line_curve(n, band))
