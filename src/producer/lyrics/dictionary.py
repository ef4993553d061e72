"""The CMU Pronouncing Dictionary: how 126,000 English words are said.

The data is CMUdict (Carnegie Mellon University, BSD-style licence, see ``data/CMUDICT-LICENSE.txt``),
packed by ``tools/pack_dictionary.py``. It is unpacked on first use.
"""

import lzma
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

Phones = tuple[str, ...]

_FIRST_CODE = 0x21


@lru_cache(maxsize=1)
def _load() -> tuple[tuple[str, ...], dict[str, str]]:
    packed = files("producer.lyrics").joinpath("data/cmudict.txt.xz").read_bytes()
    header, _, body = lzma.decompress(packed).decode().partition("\n")
    entries = dict(line.split("\t") for line in body.split("\n"))
    return tuple(header.split(" ")), entries


@lru_cache(maxsize=4096)
def pronunciations(word: str) -> tuple[Phones, ...]:
    """All ways to say an English word, the usual one first; none when it isn't listed.

    Parameters
    ----------
    word
        Spelling in any case; both kinds of apostrophe are understood.

    Returns
    -------
    tuple of tuples
        ARPAbet phones; vowels end in their stress, ``1`` primary, ``2`` secondary, ``0`` none.

    Examples
    --------
    >>> pronunciations("Voices")
    (('V', 'OY1', 'S', 'AH0', 'Z'), ('V', 'OY1', 'S', 'IH0', 'Z'))
    """
    phones, entries = _load()
    packed = entries.get(word.lower().replace("’", "'"))
    if packed is None:
        return ()
    return tuple(tuple(phones[ord(code) - _FIRST_CODE] for code in entry) for entry in packed.split(" "))


def is_listed(word: str) -> bool:
    """Whether the dictionary has the word (lower case, straight apostrophe)."""
    return word in _load()[1]


def words() -> Iterator[str]:
    """Every listed word in alphabetical order, lower case."""
    return iter(_load()[1])
