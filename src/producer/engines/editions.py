"""What each model name means to the house engine: how many takes it makes, and a way of finishing a song."""

from dataclasses import dataclass, replace

from producer.score.song import MixPlan


@dataclass(frozen=True, slots=True)
class Edition:
    """How a song is made and finished."""

    sounds_like: str  #: one line for the documentation
    takes: int = 1  #: written, of which the critic keeps one; the first is what the other models play
    mastered: bool = True
    width: float = 1.0  #: factor on the plan's stereo width
    reverb: float = 1.0  #: factor on the plan's sends
    brightness_db: float = 0.0  #: added to the plan's tilt at 8 kHz
    lofi: float = 0.0  #: at least so much tape and vinyl, 0–1
    layered: bool = False  #: choruses have doubles of the lead and harmonies


TAKES = 8  # of the Pro models

#: Every model of the published API, and the two guests it accepts.
EDITIONS: dict[str, Edition] = {
    "FUZZ-3-Demo": Edition("wide and glossy", width=1.2, reverb=1.1, brightness_db=1.0),
    "FUZZ-2.0": Edition("the house sound"),
    "FUZZ-2.0 Pro": Edition(
        "best of eight takes, choruses doubled and in harmony, wider, more air",
        TAKES,
        width=1.1,
        brightness_db=0.8,
        layered=True,
    ),
    "FUZZ-2.0 Raw": Edition("the unmastered mix, for your own mastering", mastered=False),
    "FUZZ-1.1 Pro": Edition("best of eight takes, dry, open top", TAKES, reverb=0.6, brightness_db=0.8),
    "FUZZ-1.1": Edition("closer and drier", reverb=0.6),
    "FUZZ-1.0 Pro": Edition("best of eight takes, warm, roomy", TAKES, reverb=1.35, brightness_db=-1.2),
    "FUZZ-1.0": Edition("warm and narrow", width=0.7, brightness_db=-2.0),
    "FUZZ-0.8": Edition("a demo tape", width=0.6, lofi=0.45),
    "Lyria 3 preview": Edition("intimate and dry", width=0.9, reverb=0.5),
    "Lyria 3 Pro": Edition("best of eight takes, in a large hall", TAKES, width=1.15, reverb=1.7),
}


_BY_NAME = {name.casefold(): edition for name, edition in EDITIONS.items()}


def edition_of(model: str) -> Edition:
    """How the named model finishes a song; small and capital letters are the same.

    Raises
    ------
    KeyError
        No such model; the desk lets none through.
    """
    return _BY_NAME[model.casefold()]


def apply_edition(plan: MixPlan, model: str) -> MixPlan:
    """A song's mix plan as the named model finishes it; small and capital letters are the same.

    Raises
    ------
    KeyError
        No such model; the desk lets none through.
    """
    edition = edition_of(model)
    return replace(
        plan,
        mastered=plan.mastered and edition.mastered,
        width=plan.width * edition.width,
        reverb=plan.reverb * edition.reverb,
        brightness_db=plan.brightness_db + edition.brightness_db,
        lofi=max(plan.lofi, edition.lofi),
    )
