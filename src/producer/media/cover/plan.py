"""What a cover is made from, and which design family and palette it gets."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

SIZE = 1400  #: pixels on each side


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPlan:
    """What the cover is to say."""

    title: str
    seed: str
    style: str = ""  #: name of the style, or any words about it
    energy: float = 0.5  #: 0 hushed … 1 driving
    valence: float = 0.0  #: −1 sad … 1 glad
    key_name: str | None = None  #: "F# minor"; turns the colours a little


@cache
def _tables() -> tuple[dict[str, list[str]], list[str]]:
    text = files("producer.media.cover").joinpath("families.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return data["words"], data["any"]


def choose_family(plan: CoverPlan) -> str:
    """Name of the design family: those that suit the style's words, weighed, drawn by the seed."""
    words, anything = _tables()
    style = plan.style.casefold().replace("_", " ")
    weights: dict[str, float] = {}
    for word, names in words.items():
        if word in style:
            for rank, name in enumerate(names):
                weights[name] = weights.get(name, 0.0) + 1.0 / (1.0 + 0.35 * rank)
    if not weights:
        weights = dict.fromkeys(anything, 1.0)
    dice = Random(f"{plan.seed}/cover family")
    return dice.choices(list(weights), list(weights.values()))[0]
