"""Reading explicit wishes from free text: tempo, key, metre, length, voices, players, endings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from producer.score.meter import Meter
from producer.score.pitch import Mode

BPM_RANGE = (30.0, 240.0)
LENGTH_RANGE = (1.0, 600.0)

_NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS = {"#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1, "": 0}
_MODES: Mapping[str, Mode] = {
    "major": Mode.MAJOR, "maj": Mode.MAJOR, "ionian": Mode.MAJOR, "dur": Mode.MAJOR,
    "minor": Mode.MINOR, "min": Mode.MINOR, "aeolian": Mode.MINOR, "natural minor": Mode.MINOR,
    "moll": Mode.MINOR,
    "harmonic minor": Mode.HARMONIC_MINOR, "dorian": Mode.DORIAN, "phrygian": Mode.PHRYGIAN,
    "lydian": Mode.LYDIAN, "mixolydian": Mode.MIXOLYDIAN, "locrian": Mode.LOCRIAN,
    "hijaz": Mode.HIJAZ, "hicaz": Mode.HIJAZ, "phrygian dominant": Mode.HIJAZ, "freygish": Mode.HIJAZ,
    "double harmonic": Mode.DOUBLE_HARMONIC, "hijaz kar": Mode.DOUBLE_HARMONIC,
    "byzantine scale": Mode.DOUBLE_HARMONIC,
}  # fmt: skip
_CHURCH_MODES = (
    "ionian|dorian|phrygian dominant|phrygian|lydian|mixolydian|aeolian|locrian|harmonic minor|natural minor"
    "|hijaz kar|hijaz|hicaz|freygish|double harmonic|byzantine scale"
)
_MODE_WORDS = "|".join(sorted(_MODES, key=len, reverse=True))
_KEY = re.compile(
    rf"\b([A-Ga-g])\s?(#|♯|b(?![a-z])|♭|[\s-]?sharp|[\s-]?flat)?[\s-]*({_MODE_WORDS})\b", re.IGNORECASE
)
_KEY_SHORT = re.compile(
    r"\b(?:in|key(?: of)?:?)\s+(?:the key of\s+)?([A-G])\s?(#|♯|b|♭|[\s-]?sharp|[\s-]?flat)?(m)?(?![\w'])"
)
_SHORT_MINOR = re.compile(r"(?<![\w#])([A-G])(#|♯|b|♭)?m(?![\w'])")
# "Minor" and "major" are everyday words; the church modes are not.
_MODE_ALONE = re.compile(
    rf"\b({_CHURCH_MODES})\b|\b({_MODE_WORDS})"
    rf"(?=\s+(?:key|scale|mode|chords?|tonality)\b|\s*(?:[,.;)]|$))|\bin\s+({_MODE_WORDS})\b",
    re.IGNORECASE,
)
_BPM = re.compile(
    r"\b(\d{2,3}(?:\.\d+)?)\s*-?\s*(?:bpm|beats per min(?:ute)?)\b"
    r"|\b(?:bpm|tempo)\s*(?:of|:|=|at|is)?\s*(\d{2,3}(?:\.\d+)?)\b",
    re.IGNORECASE,
)
# "techno 135", "house @ 124", "… at 90": a bare number where a tempo stands.
_BPM_BARE = re.compile(
    r"(?:@\s*|\bat\s+)(\d{2,3})\s*(?=$|[,.;)])"
    r"|(?<!\d )(?<!of )(?<!route )(?<!area )(?<!number )(?<!studio )(?<!blink )(?<![:/.\d])\b(\d{2,3})$"
    r"|\b(?:[a-z]*(?:techno|trance|house|step|core|style|bass|trap|drill|garage|dnb|beat))\s+(\d{2,3})\s*(?=$|[,.;)])",
    re.IGNORECASE,
)
_METER = re.compile(r"(?<!\d)(2|3|4|5|6|7|9|12)\s?/\s?(2|4|8)(?:\s*time)?(?!\d)")
_METER_WORDS = (
    (re.compile(r"\bwaltz(?:es)?\b|\btriple (?:meter|metre|time)\b|\bin three\b", re.I), "3/4"),
    (re.compile(r"\bin five\b|\bquintuple\b", re.I), "5/4"),
    (re.compile(r"\bin seven\b|\bseptuple\b", re.I), "7/8"),
    (re.compile(r"\b(?:six[- ]eight|jigs?)\b", re.I), "6/8"),
    (re.compile(r"\btwelve[- ]eight\b", re.I), "12/8"),
    (re.compile(r"\bcommon time\b", re.I), "4/4"),
)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])")
_MINUTES = re.compile(
    r"\b(\d+(?:\.\d+)?|one|two|three|four|five|half a)[\s-]*(?:minutes?|mins?)\b"
    r"(?:\s*(?:and\s*)?(\d+|a half)\s*(?:seconds?|secs?|s)?)?",
    re.IGNORECASE,
)
# "80s" is a decade, "45s" a length, "30s long" too.
_SECONDS = re.compile(
    r"\b(\d+(?:\.\d+)?)[\s-]*(?:seconds?|secs?)\b"
    r"|\b(\d+)\s?s\b(?=\s*(?:long|clip|loop|track|song|piece|jingle|intro|version))|\b(\d*[1-9])\s?s\b",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:drops?|chorus|beat drops?)\s+(?:comes? in\s+|hits?\s+|starts?\s+)?(?:at|after|around)\s+"
    r"(?:(\d{1,2}):([0-5]\d)|(\d+(?:\.\d+)?)\s*(?:s\b|sec|seconds))",
    re.IGNORECASE,
)
_COUNTS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "half a": 0.5}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the text says outright; None where it says nothing."""

    bpm: float | None = None
    tonic: int | None = None
    mode: Mode | None = None
    meter: Meter | None = None
    length_seconds: float | None = None
    drop_at_seconds: float | None = None


def read_wishes(text: str) -> Wishes:
    """Read tempo, key, metre and times.

    >>> read_wishes("sad waltz in F# minor, 92 bpm, 1:30 long").bpm
    92.0
    """
    tonic, mode = _read_key(text)
    drop, rest = _read_drop(text)
    return Wishes(_read_bpm(text), tonic, mode, _read_meter(text), _read_length(rest), drop)


def _read_bpm(text: str) -> float | None:
    for match in (*_BPM.finditer(text), *_BPM_BARE.finditer(text)):
        bpm = float(next(filter(None, match.groups())))
        if BPM_RANGE[0] <= bpm <= BPM_RANGE[1]:
            return bpm
    return None


def _read_key(text: str) -> tuple[int | None, Mode | None]:
    for match in _KEY.finditer(text):
        # "a major hit", "a minor setback": an article, unless written as a key is.
        if (
            match.group(1) == "a"
            and not match.group(2)
            and not re.match(r"\s*(?:$|[,.;)]|\d|at\b|with\b|and\b)", text[match.end() :])
        ):
            continue
        return _tonic(match.group(1), match.group(2)), _MODES[match.group(3).lower()]
    short = _KEY_SHORT.search(text)
    if short:
        return _tonic(short.group(1), short.group(2)), Mode.MINOR if short.group(3) else None
    minor = _SHORT_MINOR.search(text)
    if minor:
        return _tonic(minor.group(1), minor.group(2)), Mode.MINOR
    alone = _MODE_ALONE.search(text)
    return None, _MODES[next(filter(None, alone.groups())).lower()] if alone else None


def _tonic(letter: str, accidental: str | None) -> int:
    return (_NOTES[letter.lower()] + _ACCIDENTALS[(accidental or "").strip(" -").lower()]) % 12


def _read_meter(text: str) -> Meter | None:
    match = _METER.search(text)
    if match:
        numerator, denominator = int(match.group(1)), int(match.group(2))
        if denominator == 2:
            return Meter(4, 4) if numerator == 2 else Meter(numerator * 2, 4) if numerator < 4 else None
        return Meter(numerator, denominator)
    for pattern, name in _METER_WORDS:
        if pattern.search(text):
            numerator_text, _, denominator_text = name.partition("/")
            return Meter(int(numerator_text), int(denominator_text))
    return None


def _read_drop(text: str) -> tuple[float | None, str]:
    match = _AT.search(text)
    if not match:
        return None, text
    minutes, seconds, plain = match.groups()
    at = float(plain) if plain else int(minutes) * 60.0 + int(seconds)
    return at, text[: match.start()] + text[match.end() :]


def _read_length(text: str) -> float | None:
    clock = _CLOCK.search(text)
    minutes, seconds = _MINUTES.search(text), _SECONDS.search(text)
    length = None
    if clock:
        length = int(clock.group(1)) * 60.0 + int(clock.group(2))
    elif minutes:
        count = minutes.group(1).lower()
        length = 60.0 * (_COUNTS[count] if count in _COUNTS else float(count))
        extra = minutes.group(2)
        length += 30.0 if extra == "a half" else float(extra or 0)
    elif seconds:
        length = float(seconds.group(1) or seconds.group(2) or seconds.group(3))
    return length if length is not None and LENGTH_RANGE[0] <= length <= LENGTH_RANGE[1] else None
