"""What each model name means to the house engine: a way of finishing a song."""

from dataclasses import dataclass, replace

from producer.score.song import MixPlan


@dataclass(frozen=True, slots=True)
class Edition:
    """How a song is finished, and from how many takes it is chosen."""

    sounds_like: str  #: one line for the documentation
    mastered: bool = True
    width: float = 1.0  #: factor on the plan's stereo width
    reverb: float = 1.0  #: factor on the plan's sends
    brightness_db: float = 0.0  #: added to the plan's tilt at 8 kHz
    lofi: float = 0.0  #: at least so much tape and vinyl, 0–1
    takes: int = 1  #: songs written on paper, of which the critic keeps the best


#: Every model of the published API, and the two guests it accepts.
EDITIONS: dict[str, Edition] = {
    "FUZZ-3-Demo": Edition("wide and glossy", width=1.2, reverb=1.1, brightness_db=1.0),
    "FUZZ-2.0": Edition("the house sound"),
    "FUZZ-2.0 Pro": Edition(
        "the best of eight takes; wider, a little more air", width=1.1, brightness_db=0.8, takes=8
    ),
    "FUZZ-2.0 Raw": Edition("the unmastered mix, for your own mastering", mastered=False),
    "FUZZ-1.1 Pro": Edition(
        "the best of four takes; closer, drier, open top", reverb=0.75, brightness_db=0.5, takes=4
    ),
    "FUZZ-1.1": Edition("closer and drier", reverb=0.75),
    "FUZZ-1.0 Pro": Edition(
        "the best of four takes; warm, soft top, roomy", reverb=1.2, brightness_db=-1.0, takes=4
    ),
    "FUZZ-1.0": Edition("warm and narrow", width=0.8, brightness_db=-1.5),
    "FUZZ-0.8": Edition("a demo tape", width=0.6, lofi=0.45),
    "Lyria 3 preview": Edition("intimate and dry", width=0.9, reverb=0.5),
    "Lyria 3 Pro": Edition("large hall", width=1.15, reverb=1.4),
}


_BY_NAME = {name.casefold(): edition for name, edition in EDITIONS.items()}


def apply_edition(plan: MixPlan, model: str) -> MixPlan:
    """A song's mix plan as the named model finishes it; small and capital letters are the same.

    Raises
    ------
    KeyError
        No such model; the desk lets none through.
    """
    edition = _BY_NAME[model.casefold()]
    return replace(
        plan,
        mastered=plan.mastered and edition.mastered,
        width=plan.width * edition.width,
        reverb=plan.reverb * edition.reverb,
        brightness_db=plan.brightness_db + edition.brightness_db,
        lofi=max(plan.lofi, edition.lofi),
    )


def takes_of(model: str) -> int:
    """From how many takes the named model chooses its song; raises KeyError as above."""
    return _BY_NAME[model.casefold()].takes
