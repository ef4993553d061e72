"""Brief → Song: the writing of music; pure and seeded."""

from producer.composition.brief import Brief, parse_brief
from producer.composition.critic import pick_take
from producer.composition.style import StyleError
from producer.composition.stylebook import load_style, style_names
from producer.composition.writing import compose

__all__ = ["Brief", "StyleError", "compose", "load_style", "parse_brief", "pick_take", "style_names"]
