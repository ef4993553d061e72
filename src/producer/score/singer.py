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

#: Who sings in a language of their own, by language and gender. Speech pitches are medians of four lines,
#: but where that is far from the other voices the tune goes only half of the way: im_nicola speaks at 44.0,
#: jm_kumo at 42.0, hf_alpha at 56.4, if_sara at 57.6, jf_alpha at 59.7, zf_xiaoxiao at 57.9; words of high
#: tunes are understood worse. There is no Frenchman: ``ff_siwis_low`` is the Frenchwoman with a longer
#: throat.
NATIVES: dict[str, dict[str, Singer]] = {
    language: {singer.gender: singer for singer in singers}
    for language, singers in {
        "es": (Singer("ef_dora", "female", 52.2, 53, 74, ()), Singer("em_alex", "male", 47.2, 44, 67, ())),
        "fr": (
            Singer("ff_siwis", "female", 55.1, 55, 75, ()),
            Singer("ff_siwis_low", "male", 48.0, 46, 67, ()),
        ),
        "hi": (Singer("hf_alpha", "female", 54.0, 56, 76, ()), Singer("hm_omega", "male", 46.9, 44, 66, ())),
        "it": (Singer("if_sara", "female", 56.0, 56, 76, ()), Singer("im_nicola", "male", 47.0, 44, 67, ())),
        "ja": (Singer("jf_alpha", "female", 57.0, 57, 74, ()), Singer("jm_kumo", "male", 46.0, 43, 66, ())),
        "pt": (Singer("pf_dora", "female", 52.8, 53, 74, ()), Singer("pm_alex", "male", 47.6, 44, 67, ())),
        "zh": (
            Singer("zf_xiaoxiao", "female", 56.0, 56, 70, ()),
            Singer("zm_yunxi", "male", 50.2, 47, 69, ()),
        ),
    }.items()
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

#: All whose name may stand in a song.
ROSTER: dict[str, Singer] = (
    SINGERS | ENSEMBLES | {s.name: s for pair in NATIVES.values() for s in pair.values()}
)


def native_singer(name: str, language: str) -> str:
    """Who sings in `name`'s place in a language: one of the same gender who grew up with it, if there is.

    >>> native_singer("af_heart", "ja"), native_singer("am_eric", "de")
    ('jf_alpha', 'am_eric')
    """
    natives = NATIVES.get(language, {})
    gender = ROSTER[name].gender
    return natives[gender].name if gender in natives and name in SINGERS else name
