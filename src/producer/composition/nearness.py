"""How near a style is to a band that was asked for: by who plays in it already."""

from functools import cache

from producer.composition.stylebook import load_style
from producer.composition.wishes import BandWishes
from producer.score.instrument import INSTRUMENTS

_SAME, _KIN = 0.8, 0.2  #: for the very instrument, for one of its family
_DRUMMER_SENT_AWAY = 0.6


@cache
def _players(style: str) -> frozenset[str]:
    """Every instrument that a style's parts, tunes and drummers may have in hand."""
    spec = load_style(style)
    own = {name for part in spec.parts for name in part.instrument} | set(spec.solo)
    return frozenset(own | set(spec.drums.kit if spec.drums else ()))


def band_nearness(style: str, band: BandWishes) -> float:
    """What a style gains by having the wanted players, and loses by a drummer nobody wants."""
    players = _players(style)
    families = {INSTRUMENTS[name].family for name in players}
    gain = sum(
        _SAME if name in players else _KIN if INSTRUMENTS[name].family in families else 0.0
        for name in band.wanted
    )
    gain /= max(1, len(band.wanted))
    sent_away = band.no_drums and not band.alone and load_style(style).drums is not None
    return gain - _DRUMMER_SENT_AWAY * sent_away
