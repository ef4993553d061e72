"""The singers on the roster: what the composer must know to write for them.

Ranges are MIDI numbers. Speech pitch and clean range were measured on the voices themselves
(see docs/singing.md); a tune's median should lie 2 … 9 semitones above the speech pitch.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Singer:
    """A voice with its measured comfort."""

    name: str  #: also the voice file's name
    gender: str  #: "female", "male" or "mixed"
    speech_pitch: float  #: MIDI, median of its speaking voice
    low: int  #: lowest comfortable sung note
    high: int  #: highest comfortable sung note
    tags: tuple[str, ...]  #: words a prompt may ask for


SINGERS: dict[str, Singer] = {
    singer.name: singer
    for singer in (
        Singer("af_heart", "female", 54.8, 55, 76, ("warm", "soft", "gentle", "intimate")),
        Singer("af_bella", "female", 54.0, 54, 75, ("bright", "powerful", "pop", "energetic")),
        Singer("af_kore", "female", 50.6, 52, 74, ("alto", "smoky", "mature", "soulful")),
        Singer("am_michael", "male", 45.0, 42, 66, ("deep", "warm", "baritone", "gentle")),
        Singer("am_fenrir", "male", 47.1, 44, 68, ("strong", "rock", "gritty", "powerful")),
        Singer("am_eric", "male", 49.8, 46, 69, ("tenor", "bright", "pop", "young")),
    )
}

CHOIR, CHILDREN, AIRY = "choir", "children", "af_sky"
#: Not solo voices of every day; a prompt has to ask for them. They sing wherever a singer's name is expected.
ENSEMBLES: dict[str, Singer] = {
    singer.name: singer
    for singer in (
        Singer(CHOIR, "mixed", 54.0, 55, 72, ("choir", "choral", "gospel choir")),
        Singer(CHILDREN, "female", 54.0, 60, 76, ("children", "kids", "child")),
        Singer(AIRY, "female", 50.5, 53, 72, ("airy", "breathy", "ethereal", "whispery")),
    )
}

#: Everybody whose name a song may carry.
ROSTER: dict[str, Singer] = SINGERS | ENSEMBLES
