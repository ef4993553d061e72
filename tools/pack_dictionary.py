"""Pack CMUdict for the lyrics room: `python tools/pack_dictionary.py INDEX_JS`.

INDEX_JS is `index.js` of the npm package cmu-pronouncing-dictionary 3.0.0. The first line of the packed
file lists the phones; each following line is a word, a tab and its pronunciations, one character a phone.
"""

import lzma
import re
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/producer/lyrics/data/cmudict.txt.xz"
FIRST_CODE = 0x21  # "!"; codes stay printable and never collide with tab, blank or newline


def read_entries(source: str) -> dict[str, list[list[str]]]:
    """Words with all their pronunciations, the usual one first."""
    words: dict[str, list[list[str]]] = {}
    for key, value in re.findall(r'^  "?(.+?)"?: "(.*)",?$', source, re.MULTILINE):
        word = re.sub(r"\(\d+\)$", "", key)
        phones = value.partition("#")[0].split()
        if phones and phones not in words.setdefault(word, []):
            words[word].append(phones)
    return words


def pack(words: dict[str, list[list[str]]]) -> bytes:
    """The packed file."""
    phones = sorted({phone for entries in words.values() for entry in entries for phone in entry})
    code = {phone: chr(FIRST_CODE + i) for i, phone in enumerate(phones)}
    packed = {
        word: " ".join("".join(code[phone] for phone in entry) for entry in entries)
        for word, entries in words.items()
    }
    lines = [" ".join(phones), *(f"{word}\t{packed[word]}" for word in sorted(packed))]
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0}]
    return lzma.compress("\n".join(lines).encode(), filters=filters)


if __name__ == "__main__":
    packed = pack(read_entries(Path(sys.argv[1]).read_text("utf-8")))
    TARGET.write_bytes(packed)
    sys.stdout.write(f"{TARGET}: {len(packed)} bytes\n")
