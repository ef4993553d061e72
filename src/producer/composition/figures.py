"""Numbers in words before units of time and tempo, as figures: *ninety seconds*, *a minute and a half*."""

import re

_ONE_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = {word: value for value, word in enumerate(_ONE_WORDS)}
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS, 2)}
_NUMBER = (
    rf"(?:(?:a|one)\s+hundred(?:\s+(?:and\s+)?)?)?(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_ONES)}))?"
    rf"|(?:{'|'.join(_ONES)}))?"
)
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|bpm|beats per min(?:ute)?)"
_COUNTED = re.compile(rf"\b(?P<number>{_NUMBER})(?=[\s-]+{_UNIT}\b)", re.IGNORECASE)
_PHRASES = (
    (re.compile(r"\b(?:a|one)\s+minutes?\s+and\s+a\s+half\b", re.I), "90 seconds"),
    (re.compile(r"\bhalf\s+a\s+minute\b", re.I), "30 seconds"),
    (re.compile(r"\b(?:a\s+)?couple\s+(?:of\s+)?minutes\b", re.I), "2 minutes"),
    (re.compile(r"\b(\d+)\s+and\s+a\s+half\s+minutes\b", re.I), r"\1.5 minutes"),
    (re.compile(r"\ba\s+minute\b", re.I), "1 minute"),
)
_HALVES = re.compile(rf"\b(?P<number>{'|'.join(_ONES)})(?=\s+and\s+a\s+half\s+minutes\b)", re.IGNORECASE)


def figures(text: str) -> str:
    """The text with counted seconds, minutes and beats in figures.

    >>> figures("ninety-two bpm, two and a half minutes")
    '92 bpm, 2.5 minutes'
    """
    text = _HALVES.sub(lambda match: str(_value(match.group("number"))), text)
    text = _COUNTED.sub(
        lambda match: str(_value(match.group("number"))) if match.group("number") else "", text
    )
    for pattern, figure in _PHRASES:
        text = pattern.sub(figure, text)
    return text


def _value(words: str) -> int:
    tokens = re.split(r"[\s-]+", words.lower().strip())
    hundreds = 0
    if "hundred" in tokens:
        hundreds, tokens = 100, tokens[tokens.index("hundred") + 1 :]
    return hundreds + sum(_TENS.get(token, 0) + _ONES.get(token, 0) for token in tokens)
