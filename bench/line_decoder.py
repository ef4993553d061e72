"""The language model alone, to compare with: lines word by word under metre and rhyme.

Twelve lines grow side by side; every word must fit the syllables left, the last one the rhyme. The
likeliest line that is also likely to be finished is taken. No part of the product: see docs/lyrics.md.
"""

from dataclasses import dataclass, field

import numpy as np
from line_words import CLITICS, WORDS, Word, endings, list_words

from producer.lyricist.bank import read
from producer.lyricist.model import Model
from producer.lyricist.scan import rhyme_classes

PARTICLES = 12
TEMPERATURE = 0.85
TOP = 40
PLAN = (
    ("Verse 1", (8, 6, 8, 6)),
    ("Chorus", (6, 6, 6, 6)),
    ("Verse 2", (8, 6, 8, 6)),
    ("Bridge", (8, 6, 8, 6)),
)
_CHAT = (
    "<|im_start|>system\nYou are a gifted songwriter. "
    "You write simple, heartfelt lyrics in plain words.<|im_end|>\n"
    "<|im_start|>user\nWrite a song about {prompt}.<|im_end|>\n<|im_start|>assistant\n"
)


@dataclass
class Line:
    tokens: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    syllables: int = 0
    logs: list[float] = field(default_factory=list)

    def grown(self, token: int, text: str, syllables: int, log: float) -> "Line":
        return Line([*self.tokens, token], [*self.words, text], self.syllables + syllables, [*self.logs, log])


class LineDecoder:
    def __init__(self, model: Model) -> None:
        self.model = model
        tokens = model.weights.vocabulary
        self.words: tuple[Word, ...] = list_words(tokens)
        self.clitics = [clitic for clitic in CLITICS if clitic in tokens]
        self.ends = endings(tokens)
        clitic_ids = [tokens.index(clitic) for clitic in self.clitics]
        self.ids = np.array([*(word.token for word in self.words), *clitic_ids, *self.ends])
        self.head = np.ascontiguousarray(model.weights.embedding[self.ids])
        self.syllables = np.array([word.syllables for word in self.words])
        self.starts = np.array([word.starts for word in self.words])
        weak = frozenset(WORDS["weak_ends"].split())
        self.closes = np.array([not (w.starts or w.stem or w.text in weak) for w in self.words])
        self.function = frozenset(read("words")["function"].split())
        self.metre = [np.array([_clash(word.stress, place) for word in self.words]) for place in (0, 1)]
        self.by_text: dict[str, list[int]] = {}
        for i, word in enumerate(self.words):
            self.by_text.setdefault(word.text, []).append(i)
        classes: dict[str, list[int]] = {}
        for i in np.flatnonzero(self.closes):
            for name in self.words[i].classes:
                classes.setdefault(name, []).append(int(i))
        self.classes = classes
        self.rich = np.zeros(len(self.words), bool)
        self.rich[[i for members in classes.values() if len(members) >= 12 for i in members]] = True

    def write(self, prompt: str, seed: int) -> str:
        """A song; lines that can't be finished are left out."""
        rng = np.random.default_rng(seed)
        encode, llama = self.model.tokenizer.encode, self.model.llama
        so_far = llama.read(encode(_CHAT.format(prompt=prompt)))
        used: dict[str, int] = {}
        blocks: list[str] = []
        for mark, counts in PLAN:
            so_far = llama.read(encode(f"[{mark}]\n"), so_far)
            lines: list[str] = []
            rhyme: frozenset[str] | None = None
            for place, count in enumerate(counts):
                wanted = rhyme if place == 3 else None
                line = self._line(so_far, count, rng, used, rhyme=wanted, rich=place == 1)
                if line is None:
                    continue
                rhyme = rhyme_classes(line.words[-1]) if place == 1 else rhyme
                for word in line.words:
                    used[word] = used.get(word, 0) + (word not in self.function)
                lines.append(_spell(line.words))
                so_far = llama.read(encode(lines[-1] + "\n"), so_far)
            blocks.append("\n".join((f"[{mark}]", *lines)))
        return "\n\n".join((*blocks[:3], blocks[1], blocks[3], blocks[1]))

    def _line(self, so_far, count, rng, used, *, rhyme, rich):
        lines, finished = [Line() for _ in range(PARTICLES)], []
        closes = self.closes.copy()
        if rhyme is not None:
            allowed = np.zeros(len(closes), bool)
            allowed[[i for name in rhyme for i in self.classes.get(name, [])]] = True
            closes &= allowed
        elif rich:
            closes &= self.rich
        for word in used:
            closes[[i for i in self.by_text.get(word, []) if used[word]]] = False
        states = np.repeat(so_far.state[None], PARTICLES, axis=0)
        for _ in range(2 * count):
            logs = _log_softmax(states @ self.head.T)
            lines = [new for line, row in zip(lines, logs, strict=True)
                     for new in self._grow(line, row, count, closes, used, rng, finished)]  # fmt: skip
            if not lines:
                break
            found, _, _ = self.model.llama._run([line.tokens for line in lines], so_far)
            states = found[np.cumsum([len(line.tokens) for line in lines]) - 1]
        return self._best(finished, so_far, used)

    def _grow(self, line, logs, count, closes, used, rng, finished):
        size, left = len(self.words), count - line.syllables
        last = line.words[-1] if line.words else ""
        base = logs[:size] + self.metre[line.syllables % 2]
        fits = (self.starts == (not line.words)) & (self.syllables <= left)
        if last in {"a", "an"}:
            fits &= np.array([(w.text[0] in "aeiou") == (last == "an") for w in self.words])
        for word in {w for w in line.words if w not in self.function} | {last}:
            fits[self.by_text.get(word, [])] = False
        stem = last in CLITICS["'t"] and last not in {"can"} and bool(line.words)
        if line.words and not stem:
            ends = np.flatnonzero(fits & (self.syllables == left) & closes)
            for i in ends[np.argsort(-base[ends])[:3]]:
                finished.append(line.grown(self.words[i].token, self.words[i].text, left, float(logs[i])))
        options = np.full(size + len(self.clitics), -1e9)
        if not stem:
            inner = fits & (self.syllables < left)
            options[:size][inner] = base[inner]
            for word, times in used.items():
                options[self.by_text.get(word, [])] -= 0.9 * min(3, times)
        for j, clitic in enumerate(self.clitics):
            if last in CLITICS[clitic]:
                options[size + j] = 0.0 if clitic == "'t" else logs[size + j]
        scaled = options / TEMPERATURE
        if scaled.max() < -1e6:
            return []
        floor = np.partition(scaled, -TOP)[-TOP]
        odds = np.where(scaled >= floor, np.exp(scaled - scaled.max()), 0.0)
        i = int(rng.choice(len(odds), p=odds / odds.sum()))
        text = self.words[i].text if i < size else self.clitics[i - size]
        syllables = int(self.syllables[i]) if i < size else 0
        return [line.grown(int(self.ids[i]), text, syllables, float(logs[i]))]

    def _best(self, finished, so_far, used):
        unique = {tuple(line.words): line for line in finished}
        rated = sorted(
            ((self._rate(line, used), line) for line in unique.values()), key=lambda pair: -pair[0]
        )[:12]
        if not rated:
            return None
        found, _, _ = self.model.llama._run([line.tokens for _, line in rated], so_far)
        logs = _log_softmax(found[np.cumsum([len(line.tokens) for _, line in rated]) - 1] @ self.head.T)
        done = np.log(np.exp(logs[:, -len(self.ends) :]).sum(axis=1) + 1e-6)
        return max(zip(rated, done, strict=True), key=lambda pair: pair[0][0] + 0.45 * max(pair[1], -6.0))[0][
            1
        ]

    def _rate(self, line, used):
        content = [word for word in line.words if len(word) > 2 and word not in self.function]
        rate = float(np.mean(line.logs)) + 0.28 * min(0.0, line.logs[-1] + 3.0)
        return rate - 0.25 * sum(min(2, used.get(word, 0)) for word in content) - (len(content) < 2)


def _clash(stress: str, place: int) -> float:
    if len(stress) > 1:
        return -1.6 * sum(mark == "1" and (place + i) % 2 == 0 for i, mark in enumerate(stress))
    return -0.5 if (stress == "1") == (place == 0) else 0.0


def _log_softmax(logits):
    logits = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


def _spell(words: list[str]) -> str:
    out = ""
    for word in words:
        out += word if word.startswith("'") else (" " if out else "") + ("I" if word == "i" else word)
    return out[:1].upper() + out[1:]
