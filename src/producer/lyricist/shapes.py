"""Shapes of stanzas that styles are known by, made of the bank's quatrains.

A quatrain of common metre (8/6/8/6 syllables, its second and fourth lines rhyming) holds two lines of seven
feet, the ballad's; the first of them sung twice and answered by the second is a verse of blues (AAB); sung
line by line with a crowd between, it is gospel or a shanty.
"""

from collections.abc import Sequence

from producer.lyricist.bank import read, tidy, word_set
from producer.lyricist.names import known_names
from producer.lyricist.scan import count_syllables, do_rhyme, words_of

LONGEST = 16  #: syllables that one breath carries
MAX_SPREAD = 1  #: syllables by which long lines that share a tune may differ
_SELF = frozenset(
    ("i", "i'm", "i'll", "i've", "i'd", "god", "lord", "mama", "papa", "daddy", "grandma", "grandpa")
)


def shape_of_style(style: str | None) -> str:
    """Name of the shape of a style's verses; "" for quatrains."""
    return str(read("forms")[style].get("shape", "")) if style else ""


def fits(shape: str, lines: Sequence[str]) -> bool:
    """Whether a quatrain can be sung in a shape."""
    if shape not in {"long", "twice"}:
        return True
    if len(lines) != 4:
        return False
    counts = [count_syllables(line) for line in lines]
    first, second = counts[0] + counts[1], counts[2] + counts[3]
    return (
        abs(first - second) <= MAX_SPREAD
        and max(first, second) <= LONGEST
        and do_rhyme(lines[1], lines[3])
        and not any(line.endswith(('"', "?", ".", "!")) for line in (lines[0], lines[2]))
    )


def shaped(shape: str, lines: tuple[str, ...], *, answer: str, proper: frozenset[str]) -> tuple[str, ...]:
    """A verse in a shape.

    Parameters
    ----------
    shape
        ``long``, ``twice``, ``answered``, ``hauled``, or "" for quatrains.
    lines
        Four or eight lines that :func:`fits` likes.
    answer
        What the others sing back; kept in round brackets.
    proper
        Words in lower case that keep their capital inside a line.

    Examples
    --------
    >>> quatrain = ("The rain came down,", "The river rose,", "And no one knows", "How far it goes.")
    >>> shaped("long", quatrain, answer="", proper=frozenset())
    ('The rain came down, the river rose,', 'And no one knows how far it goes.')
    >>> shaped("answered", quatrain, answer="Hold on", proper=frozenset())[:3]
    ('The rain came down,', 'The river rose,', '(Hold on)')
    """
    if shape in {"long", "twice"} and all(fits(shape, lines[i : i + 4]) for i in range(0, len(lines), 4)):
        joined = tuple(join(lines[i], lines[i + 1], proper) for i in range(0, len(lines), 2))
        if shape == "long":
            return joined
        return tuple(line for i in range(0, len(joined), 2) for line in (joined[i], joined[i], joined[i + 1]))
    if shape == "answered":
        return tuple(part for i in range(0, len(lines), 2) for part in (*lines[i : i + 2], f"({answer})"))
    if shape == "hauled":
        return tuple(part for line in lines for part in (line, f"({answer})"))
    return lines


def answers_of(style: str | None) -> tuple[str, ...]:
    """What the others may sing back in a style."""
    return tuple(read("forms")[style].get("answers", "").split("; ")) if style else ()


def join(first: str, second: str, proper: frozenset[str] = frozenset()) -> str:
    """Two short lines as a long one.

    >>> join("The road is long,", "And Tom walks on"), join("The man next door", "Sings low")
    ('The road is long, and Tom walks on', 'The man next door sings low')
    """
    word = words_of(second)[0] if words_of(second) else ""
    keeps = first[-1:] in "?!." or word in _SELF | proper | known_names() | word_set("proper")
    second = second if keeps else second[:1].lower() + second[1:]
    return tidy(f"{first} {second}")


def echo_of(hook: str) -> str:
    """The part of a hook that a dance floor sings back: what follows its last comma, or its last words.

    >>> echo_of("Long live Maya and Theo"), echo_of("Stay with me, stay awake"), echo_of("Higher, higher")
    ('Maya and Theo', 'Stay awake', 'Higher')
    """
    part = hook.rstrip("?!.,").rsplit(", ", 1)
    if len(part) == 2 and part[1]:
        return tidy(part[1])
    words = hook.rstrip("?!.,").split()
    while len(words) > 2 and (words[0].lower() in word_set("function") or len(words) > 3):
        words = words[1:]
    return tidy(" ".join(words))
