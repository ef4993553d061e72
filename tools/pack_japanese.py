"""Pack the Japanese dictionary for the lyrics room: `python tools/pack_japanese.py`.

Needs the PyPI package janome 0.5.1, which carries IPADIC 2.7.0-20070801: entries with a context number
and a cost each, and the cost of every pair of contexts (Kudo, Yamamoto & Matsumoto 2004, "Applying
conditional random fields to Japanese morphological analysis"). Organisations, works and long place names
stay behind. The first line of the packed file tells for each context whether it starts a phrase (``c``),
goes on with one (``p``) or is a prefix (``x``); each following line is a spelling, then a tab and
``context cost reading`` for each of its words, the reading left out where it is the spelling itself.
Costs of pairs, divided by :data:`COST_STEP`, are a square of little-endian 16-bit numbers.
"""

import lzma
import sys
from array import array
from collections import defaultdict
from pathlib import Path

from janome.sysdic import connections, entries  # type: ignore[import-not-found]

DATA = Path(__file__).parents[1] / "src/producer/lyrics/data"
COST_STEP = 48
COMMON_NOUN = 1285  # its context number in IPADIC
MAX_PLACE, MAX_PLACE_COST = 3, 9000  # characters of a place name, and how rare it may be
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "pb": 0}]
#: How words of a part of speech join: ``e`` an ending, ``p`` a particle, ``x`` a prefix; all others ``c``.
KINDS = (
    ("助詞,接続助詞", "e"), ("助動詞", "e"), ("動詞,非自立", "e"), ("動詞,接尾", "e"), ("形容詞,非自立", "e"),
    ("形容詞,接尾", "e"), ("名詞,接尾", "e"), ("助詞", "p"), ("名詞,非自立", "p"), ("接頭詞", "x"),
)  # fmt: skip


def hiragana(text: str) -> str:
    """Katakana as hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def is_wanted(spelling: str, cost: int, part: str) -> bool:
    """Whether a song may need it."""
    if part.startswith(("記号", "名詞,固有名詞,組織", "名詞,固有名詞,一般")):
        return False
    return not part.startswith("名詞,固有名詞,地域") or (
        len(spelling) <= MAX_PLACE and cost <= MAX_PLACE_COST
    )


def kind(part: str) -> str:
    """One of :data:`KINDS`."""
    return next((kind for start, kind in KINDS if part.startswith(start)), "c")


def main() -> None:
    """Write both files."""
    words: dict[tuple[str, int, str], int] = {}
    kinds = {0: "c"}
    for spelling, left, right, cost, part, _, _, _, _, sound in entries().values():
        assert left == right
        if is_wanted(spelling, cost, part):
            key = (spelling, left, hiragana(sound))
            words[key] = min(cost, words.get(key, cost))
            kinds[left] = kind(part)
    contexts = sorted(kinds)
    number = {context: i for i, context in enumerate(contexts)}
    rows = defaultdict(list)
    for (spelling, context, sound), cost in sorted(words.items()):
        reading = "" if sound == hiragana(spelling) else sound
        rows[spelling].append(f"{number[context]} {cost} {reading}".rstrip())
    header = "".join(kinds[c] for c in contexts) + f"\t{number[COMMON_NOUN]}"
    lines = [header, *("\t".join([s, *rows[s]]) for s in sorted(rows))]
    costs = array("h", (round(connections[a][b] / COST_STEP) for a in contexts for b in contexts))
    if sys.byteorder == "big":
        costs.byteswap()
    packed = lzma.compress("\n".join(lines).encode(), filters=FILTERS)
    (DATA / "japanese.txt.xz").write_bytes(packed)
    packed_costs = lzma.compress(costs.tobytes(), filters=FILTERS)
    (DATA / "japanese_costs.xz").write_bytes(packed_costs)
    sys.stdout.write(f"{len(rows)} spellings, {len(packed)} + {len(packed_costs)} bytes\n")


if __name__ == "__main__":
    main()
