"""Train the English letter-to-sound model on the packed CMUdict: `python tools/train_letter_to_sound.py`.

Joint-sequence model (Bisani & Ney 2008, *Joint-sequence models for grapheme-to-phoneme conversion*): a
letter is aligned by expectation maximisation to no, one or two phones; n-grams over these pairs are counted
and the rare long ones dropped. `--check` trains on 19 of 20 words and measures on the rest, writing nothing.
"""

import lzma
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

from producer.lyrics import dictionary
from producer.lyrics.letter_to_sound import BOUNDARY, Model, spell_out

TARGET = Path(__file__).parents[1] / "src/producer/lyrics/data/letter_to_sound.xz"
ORDER = 6
KEEP = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2}  # fewest sightings of an n-gram that is kept
ROUNDS = 6  # of expectation maximisation
MAX_PHONES = 2  # for one letter
Pair = tuple[str, tuple[str, ...]]


def training_words() -> list[tuple[str, tuple[str, ...]]]:
    """Spelling and first pronunciation of every word of plain letters."""
    listed = (word for word in dictionary.words() if word.isascii() and word.isalpha())
    return [(word, dictionary.pronunciations(word)[0]) for word in listed]


def align(
    word: str, phones: tuple[str, ...], cost: dict[tuple[str, tuple[str, ...]], float]
) -> list[Pair] | None:
    """Cheapest sharing out of the phones among the letters."""
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for letter in word:
        column: dict[int, tuple[float, int]] = {}
        for done, (total, _) in best[-1].items():
            for take in range(MAX_PHONES + 1):
                if done + take > len(phones):
                    break
                bare = tuple(phone.rstrip("012") for phone in phones[done : done + take])
                price = total + cost.get((letter, bare), 12.0 + take)
                if price < column.get(done + take, (math.inf, 0))[0]:
                    column[done + take] = (price, done)
        best.append(column)
    if len(phones) not in best[-1]:
        return None
    pairs: list[Pair] = []
    end = len(phones)
    for i in range(len(word), 0, -1):
        start = best[i][end][1]
        pairs.append((word[i - 1], phones[start:end]))
        end = start
    return pairs[::-1]


def first_guess(words: list[tuple[str, tuple[str, ...]]]) -> dict[tuple[str, tuple[str, ...]], float]:
    """Costs from how often a phone and a letter stand at about the same place."""
    seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for word, phones in words:
        for i, letter in enumerate(word):
            place = round(i * (len(phones) - 1) / max(1, len(word) - 1))
            for j in range(max(0, place - 1), min(len(phones), place + 2)):
                seen[letter, (phones[j].rstrip("012"),)] += 1
            seen[letter, ()] += 1
    return costs(seen)


def costs(seen: Counter[tuple[str, tuple[str, ...]]]) -> dict[tuple[str, tuple[str, ...]], float]:
    """Negative log probabilities of phones given the letter."""
    totals: Counter[str] = Counter()
    for (letter, _), count in seen.items():
        totals[letter] += count
    return {key: -math.log(count / totals[key[0]]) for key, count in seen.items()}


def align_all(words: list[tuple[str, tuple[str, ...]]]) -> list[list[Pair]]:
    """All words aligned; those that can't be are left out."""
    cost = first_guess(words)
    sample = words[::5]
    for _ in range(ROUNDS):
        seen: Counter[tuple[str, tuple[str, ...]]] = Counter()
        for word, phones in sample:
            for letter, said in align(word, phones, cost) or []:
                seen[letter, tuple(phone.rstrip("012") for phone in said)] += 1
        cost = costs(seen)
    return [pairs for word, phones in words if (pairs := align(word, phones, cost))]


def count_ngrams(aligned: list[list[Pair]]) -> dict[tuple[str, ...], int]:
    """Counts of all n-grams worth keeping, spelled as ``letter:PHONE PHONE``."""
    counts: Counter[tuple[str, ...]] = Counter()
    for pairs in aligned:
        units = [BOUNDARY, *(f"{letter}:{' '.join(said)}" for letter, said in pairs), BOUNDARY]
        for end in range(1, len(units) + 1):
            for length in range(1, min(ORDER, end) + 1):
                counts[tuple(units[end - length : end])] += 1
    rare = {units[0] for units, count in counts.items() if len(units) == 1 and count < 4}
    kept = {u: c for u, c in counts.items() if c >= KEEP[len(u)] and not rare.intersection(u)}
    return {units: count for units, count in kept.items() if len(units) == 1 or units[:-1] in kept}


def pack(counts: dict[tuple[str, ...], int]) -> bytes:
    """Unit names, then three columns in trie order: unit, number of children, count on a log scale."""
    names = sorted({units[0] for units in counts if len(units) == 1})
    number = {name: i for i, name in enumerate(names)}
    children: defaultdict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for units in sorted(counts, key=lambda u: [number[unit] for unit in u]):
        children[units[:-1]].append(units)
    columns: tuple[list[int], list[int], list[int]] = ([], [], [])

    # Breadth first keeps like with like, which packs better.
    level: list[tuple[str, ...]] = [()]
    while level:
        following = [child for parent in level for child in children[parent]]
        for parent in level:
            columns[1].append(len(children[parent]))
        for child in following:
            columns[0].append(number[child[-1]])
            columns[2].append(round(8 * math.log2(counts[child])))
        level = following
    body = "\n".join(
        [
            " ".join(n.replace(" ", "_") for n in names),
            *("".join(map(chr, [c + 32 for c in col])) for col in columns),
        ]
    )
    return lzma.compress(body.encode(), preset=9 | lzma.PRESET_EXTREME)


def measure(model: Model, words: list[tuple[str, tuple[str, ...]]]) -> None:
    """Print phone and word accuracy, without and with stress."""
    edits = total = right = right_stressed = same_syllables = 0
    for word, _ in words:
        said = spell_out(word, model)
        options = dictionary.pronunciations(word)
        bare = [p.rstrip("012") for p in said]
        wrong, size = min((distance(bare, [p.rstrip("012") for p in o]), len(o)) for o in options)
        edits, total = edits + wrong, total + size
        right += wrong == 0
        right_stressed += said in options
        same_syllables += any(
            sum(p[-1].isdigit() for p in said) == sum(p[-1].isdigit() for p in o) for o in options
        )
    n = len(words)
    sys.stdout.write(
        f"{n} words: phones right {1 - edits / total:.3f}, words right {right / n:.3f}, "
        f"with stress {right_stressed / n:.3f}, syllable count right {same_syllables / n:.3f}\n"
    )


def distance(a: list[str], b: list[str]) -> int:
    """Levenshtein distance."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def main() -> None:
    """Train; write the model, or with --check measure it."""
    words = training_words()
    check = "--check" in sys.argv
    aligned = align_all([w for i, w in enumerate(words) if i % 20] if check else words)
    counts = count_ngrams(aligned)
    packed = pack(counts)
    sys.stdout.write(f"{len(counts)} n-grams, {len(packed)} bytes\n")
    if check:
        measure(Model.unpack(packed), words[::20])
    else:
        TARGET.write_bytes(packed)


if __name__ == "__main__":
    main()
