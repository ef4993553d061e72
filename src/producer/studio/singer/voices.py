"""Who stands behind a singer's name: one throat, or several for an ensemble."""

from dataclasses import dataclass, replace

from producer.score.singer import ROSTER, native_singer

DEFAULT = "af_heart"


@dataclass(frozen=True, slots=True)
class Member:
    """One throat of a singer."""

    voice: str  #: voice file
    male: bool = False
    transpose: int = 0  #: semitones against the written notes
    detune_cents: float = 0.0
    delay_seconds: float = 0.0
    formant: float = 1.0  #: factor on all formants
    breath_db: float = 3.0
    pan: float = 0.0  #: −1 left … 1 right
    gain_db: float = 0.0


def _spread(
    voice: str, *rows: tuple[int, float, float, float, float], breath_db: float, male: bool
) -> tuple[Member, ...]:
    return tuple(
        Member(voice, male, transpose, cents, delay, formant, breath_db, pan, -4.0)
        for transpose, cents, delay, formant, pan in rows
    )


_WOMEN = _spread(
    "af_bella",
    (0, -9.0, 0.000, 1.00, -0.7), (0, 7.0, 0.018, 1.04, 0.35), (0, 14.0, 0.027, 0.97, 0.75),
    breath_db=6.0, male=False,
)  # fmt: skip
_MEN = _spread(
    "am_michael",
    (-12, -6.0, 0.009, 1.00, 0.55), (-12, 11.0, 0.022, 0.96, -0.35), (-12, -15.0, 0.030, 1.04, -0.8),
    breath_db=6.0, male=True,
)  # fmt: skip
_CHILDREN = _spread(
    "af_sky",
    (0, -9.0, 0.000, 1.16, -0.75), (0, 7.0, 0.018, 1.20, 0.35), (0, 14.0, 0.027, 1.13, 0.8),
    (0, -15.0, 0.012, 1.10, -0.35),
    breath_db=5.0, male=False,
)  # fmt: skip

#: Names that mean several throats, or one that is not as its file has it.
ENSEMBLES: dict[str, tuple[Member, ...]] = {
    "choir": _WOMEN + _MEN,
    "children": _CHILDREN,
    "af_sky": (Member("af_sky", breath_db=8.0),),
    "ff_siwis_low": (Member("ff_siwis", male=True, formant=0.86),),
}

#: How a second, third … singer of the same line differs from the first: a double, not a copy.
_TAKES = ((0.0, 0.0, 0.0), (7.0, 0.014, 0.8), (-8.0, 0.021, -0.8), (12.0, 0.028, 0.4), (-13.0, 0.033, -0.4))


def members(name: str, language: str = "en") -> tuple[Member, ...]:
    """The throats behind a singer's name.

    An unknown name is sung by the default voice; in other languages a native voice of the same sex sings.
    """
    name = native_singer(name if name in ROSTER else DEFAULT, language)
    return ENSEMBLES.get(name) or (Member(name, ROSTER[name].gender == "male"),)


def take_of(member: Member, take: int) -> Member:
    """The same throat recorded again for a double; take 0 is the member itself."""
    if not take:
        return member
    cents, delay, pan = _TAKES[1 + (take - 1) % (len(_TAKES) - 1)]
    return replace(
        member,
        detune_cents=member.detune_cents + cents,
        delay_seconds=member.delay_seconds + delay,
        pan=-member.pan if member.pan else pan,  # those of an ensemble change sides
        gain_db=member.gain_db - 5.0,
    )
