"""Brief → Song: the writing of music; pure and seeded."""

from producer.composition.brief import Brief, parse_brief
from producer.composition.critic import compose_best
from producer.composition.style import StyleError
from producer.composition.stylebook import load_style, style_names
from producer.composition.writing import compose

__all__ = ["Brief", "StyleError", "compose", "compose_best", "load_style", "parse_brief", "style_names"]
