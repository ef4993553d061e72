"""Whom a stanza speaks of and to: a song that speaks to *you* should not tell of *her* in its next breath."""

import re
from functools import lru_cache

from producer.lyricist.scan import words_of

_HE = frozenset({"he", "he's", "he'd", "he'll", "him", "his"})
_SHE = frozenset({"she", "she's", "she'd", "she'll", "her", "hers"})
_YOU = frozenset({"you", "you're", "you've", "you'd", "you'll", "your", "yours"})
_LEAST = 2  #: words from which somebody is told of rather than passed on the street

SWAPPED, TURNED = 3.0, 1.5  #: points lost when he becomes she, and when *you* becomes he or she


@lru_cache(maxsize=16384)
def cast_of(lines: tuple[str, ...]) -> frozenset[str]:
    """Which of *he*, *she*, *you* a stanza is about; what is said in quotation marks doesn't count.

    >>> sorted(cast_of(("She climbs the stairs,", "Her lamp is lit,", 'She says, "You came."')))
    ['she']
    >>> sorted(cast_of(("You know his name",)))
    ['you']
    """
    words = words_of(re.sub(r'"[^"]*"', " ", " ".join(lines)))
    found = {who for who, own in (("he", _HE), ("she", _SHE)) if sum(word in own for word in words) >= _LEAST}
    return frozenset(found | ({"you"} if any(word in _YOU for word in words) else set()))


def clash(before: frozenset[str], after: frozenset[str]) -> float:
    """Points a stanza loses beside those already sung, 0 … 3, by whom both are about.

    >>> clash(frozenset({"he"}), frozenset({"she"})), clash(frozenset({"you"}), frozenset({"he"}))
    (3.0, 1.5)
    >>> clash(frozenset(), frozenset({"he"})), clash(frozenset({"he", "you"}), frozenset({"he"}))
    (0.0, 0.0)
    """
    others, now = before - {"you"}, after - {"you"}
    if others and now - others:
        return SWAPPED
    new = (now and not others and "you" in before) or ("you" in after - before and others and not now)
    return TURNED if new else 0.0
