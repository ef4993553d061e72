"""English words that no dictionary lists: letters → ARPAbet.

A joint-sequence model (Bisani & Ney 2008, *Joint-sequence models for grapheme-to-phoneme conversion*,
Speech Communication 50): pairs of a letter and its phones follow each other by n-gram statistics, with
absolute discounting (Ney, Essen & Kneser 1994). Trained on CMUdict by ``tools/train_letter_to_sound.py``.
"""

import lzma
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

BOUNDARY = "|"
BEAM = 24  # hypotheses kept after each letter
DISCOUNT = 0.6
_FLOOR = 1e-7

Context = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Counts of pairs in context."""

    letters: tuple[str, ...]  #: of each pair
    phones: tuple[tuple[str, ...], ...]  #: of each pair
    counts: dict[Context, float]  #: of each run of pairs
    kept: dict[Context, tuple[float, int]]  #: per context: sum and number of the continuations counted
    order: int

    @classmethod
    def unpack(cls, packed: bytes) -> "Model":
        """Read the file that the training tool packs: names and a breadth-first trie in three columns."""
        names, units, sizes, logs = lzma.decompress(packed).decode().split("\n")
        counts: dict[Context, float] = {}
        kept: dict[Context, tuple[float, int]] = {}
        level: list[Context] = [()]
        entries = (
            (ord(unit) - 32, 2.0 ** ((ord(log) - 32) / 8)) for unit, log in zip(units, logs, strict=True)
        )
        for position, size in enumerate(sizes):
            context = level[position]
            total = 0.0
            for _ in range(ord(size) - 32):
                unit, count = next(entries)
                level.append((*context, unit))
                counts[level[-1]] = count
                total += count
            if size != " ":
                kept[context] = (total, ord(size) - 32)
        pairs = [name.replace("_", " ").partition(":") for name in names.split(" ")]
        letters = tuple(pair[0] for pair in pairs)
        phones = tuple(tuple(pair[2].split()) for pair in pairs)
        return cls(letters, phones, counts, kept, max(map(len, counts)))

    def probability(self, unit: int, context: Context) -> float:
        """Of a pair after others; contexts never seen fall back on shorter ones."""
        weight, result = 1.0, 0.0
        for start in range(len(context) + 1):
            history = context[start:]
            if history not in self.kept:
                continue
            total, kinds = self.kept[history]
            seen = max(total, self.counts.get(history, total))
            result += weight * max(0.0, self.counts.get((*history, unit), 0.0) - DISCOUNT) / seen
            weight *= (seen - total + DISCOUNT * kinds) / seen
        return result + weight * _FLOOR


@lru_cache(maxsize=1)
def shipped() -> Model:
    """The model in the package, read on first use."""
    return Model.unpack(files("producer.lyrics").joinpath("data/letter_to_sound.xz").read_bytes())


def spell_out(word: str, model: Model | None = None) -> tuple[str, ...]:
    """Most likely ARPAbet phones of a word in lower-case ASCII letters, with one primary stress.

    The word may come out without any vowel; other characters are passed over.
    """
    model = model or shipped()
    boundary = model.letters.index(BOUNDARY)
    beam: list[tuple[float, Context]] = [(0.0, (boundary,))]
    for letter in [*(c for c in word if c in model.letters), BOUNDARY]:
        beam = _extend(beam, [i for i, known in enumerate(model.letters) if known == letter], model)
    return _one_primary([phone for unit in beam[0][1] for phone in model.phones[unit]])


def _extend(beam: list[tuple[float, Context]], units: list[int], model: Model) -> list[tuple[float, Context]]:
    reach = model.order - 1
    longer = [
        (score + math.log(model.probability(unit, path[-reach:])), (*path, unit))
        for score, path in beam
        for unit in units
    ]
    # Paths that agree on what the model can still see differ no more: keep the better one.
    best: dict[Context, tuple[float, Context]] = {}
    for entry in sorted(longer, reverse=True):
        best.setdefault(entry[1][-reach:], entry)
    return list(best.values())[:BEAM]


def _one_primary(phones: list[str]) -> tuple[str, ...]:
    primaries = [i for i, phone in enumerate(phones) if phone.endswith("1")]
    for i in primaries[1:]:
        phones[i] = phones[i][:-1] + "2"
    vowels = [i for i, phone in enumerate(phones) if phone[-1] in "02"]
    if not primaries and vowels:
        strong = next((i for i in vowels if phones[i].endswith("2")), vowels[0])
        phones[strong] = phones[strong][:-1] + "1"
    return tuple(phones)
