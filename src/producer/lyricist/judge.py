"""Which of many candidate stanzas is best: fit to the prompt, fall of the lines, no repetition."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from producer.lyricist.bank import read
from producer.lyricist.cast import cast_of, clash
from producer.lyricist.scan import count_syllables, do_rhyme, words_of

MAX_SONG_LINES = 80
MAX_SPREAD = 1  #: syllables by which lines sung to the same tune may differ


@dataclass(slots=True)
class Memory:
    """What the song has said so far."""

    lines: set[str] = field(default_factory=set)
    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    ends: set[str] = field(default_factory=set)
    cast: frozenset[str] = frozenset()  #: who was sung of and to: he, she, you

    def keep(self, lines: tuple[str, ...]) -> None:
        """Remember lines that were taken."""
        for line in lines:
            words = words_of(line)
            self.lines.add(" ".join(words))
            self.words.update(word for word in words if is_content(word))
            self.pairs.update(pairwise(words))
            self.ends.update(words[-1:])
        self.cast |= cast_of(lines)


def is_content(word: str) -> bool:
    """Whether a word carries meaning, as opposed to *the* or *and*."""
    return len(word) > 2 and word not in _function_words()


@cache
def _function_words() -> frozenset[str]:
    return frozenset(read("words")["function"].split())


def spread(lines: tuple[str, ...], language: str = "en") -> int:
    """Largest difference of syllables between lines that share a tune.

    Four lines match crosswise (1–3, 2–4) or in couplets (1–2, 3–4), whichever is closer; others
    match in couplets.
    """
    counts = [count_syllables(line, language) for line in lines]
    couplets = max((abs(a - b) for a, b in zip(counts[::2], counts[1::2], strict=False)), default=0)
    if len(counts) % 4 == 0 and counts:
        crossed = max(abs(counts[i] - counts[i + 2]) for i in range(len(counts)) if i % 4 < 2)
        return min(couplets, crossed)
    return couplets


def scheme_pairs(lines: tuple[str, ...], language: str = "en") -> tuple[tuple[int, int], ...]:
    """Pairs of lines that the stanza's scheme wants rhymed: ABAB, AABB or xAxA, whichever it follows."""
    if len(lines) == 2:
        return ((0, 1),)
    pairs: list[tuple[int, int]] = []
    for base in range(0, len(lines) - 3, 4):
        quatrain = lines[base : base + 4]
        options: list[tuple[tuple[int, int], ...]] = [((1, 3), (0, 2)), ((0, 1), (2, 3)), ((1, 3),)]
        scored = [
            (sum(do_rhyme(quatrain[a], quatrain[b], language) for a, b in option) / len(option), len(option))
            for option in options
        ]
        best = max(range(3), key=lambda i: (scored[i][0], scored[i][1]))
        pairs += [(a + base, b + base) for a, b in options[best]]
    return tuple(pairs)


def distinct_pairs(stanzas: Iterable[tuple[str, ...]]) -> float:
    """Share of a song's word pairs that are no repetition (distinct-2, Li et al. 2016), 0 … 1.

    What comes back by its form counts once: whole stanzas, refrains, and echoes of a part of a line as dance
    songs have them; asides in brackets don't count.
    """
    told = {" ".join(words_of(line)): None for lines in stanzas for line in lines if line[:1] != "("}
    fresh = [line for line in told if not any(f" {line} " in f" {other} " for other in told if other != line)]
    pairs = list(pairwise(word for line in fresh for word in line.split()))
    return len({*pairs}) / len(pairs) if pairs else 1.0


def is_sound(lines: tuple[str, ...], language: str = "en") -> bool:
    """Whether every pair of the scheme rhymes and lines that share a tune are equally long."""
    pairs = scheme_pairs(lines, language)
    return spread(lines, language) <= MAX_SPREAD and all(
        do_rhyme(lines[a], lines[b], language) for a, b in pairs
    )


def score_stanza(
    lines: tuple[str, ...],
    memory: Memory,
    *,
    wanted: Mapping[str, float],
    shape: tuple[int, ...],
    language: str = "en",
) -> float:
    """How well a stanza goes on with the song; higher is better.

    Parameters
    ----------
    lines
        The candidate.
    memory
        What was sung before.
    wanted
        Weight of each word that the prompt would like to hear.
    shape
        Syllables a line of the stanza whose tune it will share; empty when it is free.
    """
    words = [word for line in lines for word in words_of(line)]
    content = Counter(word for word in words if is_content(word))
    score = min(3.0, sum(wanted.get(word, 0.0) for word in content))
    score -= 0.35 * sum(min(2, memory.words[word]) for word in content if word not in wanted)
    score -= 0.25 * sum(memory.pairs[pair] > 0 for pair in pairwise(words))
    score -= 0.8 * sum(words_of(line)[-1] in memory.ends for line in lines if words_of(line))
    score -= 9.0 * sum(" ".join(words_of(line)) in memory.lines for line in lines)
    score -= 0.0 if is_sound(lines, language) else 4.0
    score -= clash(memory.cast, cast_of(lines)) if language == "en" else 0.0
    score -= 0.5 * sum(count > 2 for count in content.values())
    if shape and len(shape) == len(lines):
        counts = [count_syllables(line, language) for line in lines]
        score -= 0.25 * sum(abs(a - b) for a, b in zip(counts, shape, strict=True))
    return score
