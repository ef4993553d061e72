"""Digits → words, as they are said in each language (``data/numbers.toml``)."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_FIRST_YEAR, _LAST_YEAR = 1100, 2099
_HUNDRED = 100
_SIZES = (10**3, 10**6, 10**9)  # of the scales, where a table has no others
MAX_CARDINAL_DIGITS = 12  # longer rows of digits are said one by one, as telephone numbers are

_MONEY = re.compile(r"([$€£¥])(\d[\d,]*)(?:\.(\d{1,2}))?(k|m)?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)\s*([ap])?\.?m?\.?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})\s*([ap])\.?m\.?", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)", re.IGNORECASE)
_DECADE = re.compile(r"['’]?(\d\d)?(\d0)['’]?s", re.IGNORECASE)
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:([,.\u202f’ ])\d{3})(?:\1\d{3})*")
_TIMES = re.compile(r"(\d+)x", re.IGNORECASE)
_COINS = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "pence"), "¥": ("yen", "sen")}


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("producer.lyrics").joinpath("data/numbers.toml").read_text("utf-8"))


def has_words(language: str) -> bool:
    """Whether numbers can be said in a language."""
    return language in _tables()


def cardinal(number: int, language: str = "en") -> list[str]:
    """A whole number in words; a language without a table reads it in English.

    >>> cardinal(1984), cardinal(71, "fr")
    (['one', 'thousand', 'nine', 'hundred', 'eighty', 'four'], ['soixante', 'et', 'onze'])
    """
    table = _tables().get(language, _tables()["en"])
    below = [entry.replace("_", " ") for entry in table["below_hundred"].split()]
    words: list[str] = []
    gap = table.get("gap", "").split()
    left = number
    for size, (one, many) in list(zip(table.get("sizes", _SIZES), table["scales"], strict=True))[::-1]:
        count, left = divmod(left, size)
        if count:
            words += one.split() if count == 1 else [*cardinal(count, language), *many.split()]
    if left or not words:
        if words:
            words += gap if left < _HUNDRED else []
            words += table["join"].split() if left < _HUNDRED else []
        words += _below_thousand(left, below, table)
    return _melted(words, table)


def _melted(words: list[str], table: dict[str, Any]) -> list[str]:
    said = " ".join(words)
    for apart, together in table.get("melt", ()):
        said = said.replace(apart, together)
    return said.split()


def _below_thousand(number: int, below: list[str], table: dict[str, Any]) -> list[str]:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return below[rest].split()
    if not rest:
        return str(table["hundreds_alone"][hundreds - 1]).split()
    gap = table.get("gap", "").split() if rest < 10 else []
    return [*table["hundreds"][hundreds - 1].split(), *table["join"].split(), *gap, *below[rest].split()]


def kanji_numeral(number: int) -> str:
    """A whole number below ten thousand in the characters that Japanese counts with.

    >>> kanji_numeral(365), kanji_numeral(24), kanji_numeral(0)
    ('三百六十五', '二十四', '零')
    """
    said = ""
    for size, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        count, number = divmod(number, size)
        if count:
            said += ("" if count == 1 and sign else "一二三四五六七八九"[count - 1]) + sign
    return said or "零"


def digits(row: str, language: str = "en") -> list[str]:
    """Digits one by one."""
    return [word for digit in row for word in cardinal(int(digit), language)]


def year(number: int) -> list[str]:
    """An English year from 1100 to 2099.

    >>> year(1984), year(2005), year(1900)
    (['nineteen', 'eighty', 'four'], ['two', 'thousand', 'five'], ['nineteen', 'hundred'])
    """
    century, rest = divmod(number, 100)
    if century == 20 and rest < 10:
        return cardinal(number)
    tail = ["hundred"] if not rest else ["oh", *cardinal(rest)] if rest < 10 else cardinal(rest)
    return cardinal(century) + tail


def ordinal(number: int) -> list[str]:
    """An English ordinal.

    >>> ordinal(22)
    ['twenty', 'second']
    """
    words = cardinal(number)
    irregular = _tables()["en"]["ordinals"]
    last = words[-1]
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return [*words[:-1], irregular.get(last, regular)]


def read_number(token: str, language: str = "en") -> list[str]:
    """A printed token that holds digits, in words.

    >>> read_number("$1.50"), read_number("'90s"), read_number("10:30")
    (['one', 'dollar', 'fifty'], ['nineties'], ['ten', 'thirty'])
    """
    if language != "en":
        return _read_plain(token, language)
    for pattern, reader in _ENGLISH:
        if match := pattern.fullmatch(token):
            return reader(match)
    return _read_plain(token, "en")


def _read_plain(token: str, language: str) -> list[str]:
    """Numbers and letters of a token in the order they stand."""
    table = _tables().get(language, _tables()["en"])
    token = _GROUPED.sub(lambda match: re.sub(r"\D", "", match[0]), token)
    words: list[str] = []
    for piece in re.findall(r"\d+[.,]\d+|\d+|[^\W\d_]+(?:'[^\W\d_]+)?|[%&+@#°]", token):
        if match := _DECIMAL.fullmatch(piece):
            words += [*_whole(match[1], language), *table["point"].split(), *digits(match[2], language)]
        elif piece[0].isdecimal():
            words += _whole(piece, language)
        else:
            words += table.get("symbols", {}).get(piece, piece).split()
    return words


def _whole(row: str, language: str) -> list[str]:
    row = "".join(str(int(digit)) for digit in row)  # any script's digits
    if len(row) > MAX_CARDINAL_DIGITS or (len(row) > 1 and row[0] == "0"):
        return digits(row, language)
    table = _tables().get(language, {})
    if table.get("years_by_digits") and _FIRST_YEAR <= int(row) <= _LAST_YEAR:
        return digits(row, language)
    return cardinal(int(row), language)


def _money(match: re.Match[str]) -> list[str]:
    coin, cent = _COINS[match[1]]
    whole = int(match[2].replace(",", ""))
    scale = {"k": ["thousand"], "m": ["million"]}.get((match[4] or "").lower(), [])
    plural = coin if coin == "yen" or (whole == 1 and not scale) else coin + "s"
    cents = int((match[3] or "0").ljust(2, "0"))
    if not whole and cents:
        return [*cardinal(cents), cent if cents == 1 or cent in ("pence", "sen") else cent + "s"]
    return [*_whole(str(whole), "en"), *scale, plural, *(cardinal(cents) if cents else [])]


def _time(match: re.Match[str]) -> list[str]:
    minutes = int(match[2])
    tail = ["oh", *cardinal(minutes)] if 0 < minutes < 10 else cardinal(minutes) if minutes else []
    half = [match[3].lower(), "m"] if match[3] else []
    return cardinal(int(match[1])) + (tail or ([] if half else ["o'clock"])) + half


def _decade(match: re.Match[str]) -> list[str]:
    if match[2] == "00":
        return digits("00") if not match[1] else _hundreds(int(match[1]))
    tens = cardinal(int(match[2]))[0]
    return (cardinal(int(match[1])) if match[1] else []) + [tens[:-1] + "ies" if tens != "ten" else "tens"]


def _hundreds(century: int) -> list[str]:
    return ["two", "thousands"] if century == 20 else [*cardinal(century), "hundreds"]


def _integer(match: re.Match[str]) -> list[str]:
    row = match[0]
    if len(row) == 4 and 1100 <= int(row) <= 2099:
        return year(int(row))
    return digits(row) if row in ("911", "411", "101", "808", "303") else _whole(row, "en")


_ENGLISH = (
    (_MONEY, _money),
    (_TIME, _time),
    (_CLOCK, lambda match: [*cardinal(int(match[1])), match[2].lower(), "m"]),
    (_ORDINAL, lambda match: ordinal(int(match[1][:MAX_CARDINAL_DIGITS]))),
    (_DECADE, _decade),
    (_TIMES, lambda match: [*_whole(match[1], "en"), "times"]),
    (re.compile(r"\d+"), _integer),
    (
        re.compile(r"(\d{3})-(\d{4})|(\d{3})-(\d{3})-(\d{4})"),
        lambda match: digits(re.sub(r"\D", "", match[0])),
    ),
)
