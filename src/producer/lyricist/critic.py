"""What the language model makes of a song while it is written: nearness to the prompt, and sense.

Likelihood alone prefers what everybody says ("Here we are, here we are"), so a stanza is judged by how much
likelier the prompt and the song so far make it than no prompt does (pointwise mutual information, Church and
Hanks 1990), and by the nearness of its meaning to the prompt's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from producer.lyricist.model import Model
from producer.lyricist.model.gguf import Singles
from producer.lyricist.model.llama import Prefix

MAX_TOPIC_CHARS = 400
#: How much one unit of nearness (cosine) and of likeliness (nats a token) weighs against the judge's points.
NEARNESS_WEIGHT = 9.0
LIKELINESS_WEIGHT = 5.0

_CHAT = (
    "<|im_start|>system\nYou are a gifted songwriter.<|im_end|>\n"
    "<|im_start|>user\nWrite a song{about}.<|im_end|>\n<|im_start|>assistant\n"
)


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """A stanza that was read."""

    nats: float  #: mean of what the song adds to the log probability of a token
    after: Prefix  #: the song with it


class Critic:
    """Reads along with one song.

    Parameters
    ----------
    model
        The loaded model.
    topic
        What the song is about, as the prompt says it.
    gist
        The same without what is said about the song as such: *song* is near every song's theme.
    """

    def __init__(self, model: Model, topic: str, *, gist: str) -> None:
        self._model = model
        self.topic = " ".join(topic.split())[:MAX_TOPIC_CHARS]
        self._prompt = self._read(_CHAT.format(about=f" about {self.topic}" if self.topic else ""))
        self._so_far = self._prompt
        self._vector = _embed(model, gist[:MAX_TOPIC_CHARS])

    def nearness(self, texts: Sequence[str]) -> list[float]:
        """Cosine of each text's meaning with the prompt's, −1 … 1."""
        return [float(_embed(self._model, text) @ self._vector) for text in texts]

    def likeliness(self, mark: str, stanzas: Sequence[Sequence[str]]) -> list[Judgement]:
        """How much likelier the prompt and the song so far make each stanza."""
        rows = [self._model.tokenizer.encode(f"[{mark}]\n" + "\n".join(lines) + "\n\n") for lines in stanzas]
        told = self._model.llama.weigh(rows, self._so_far)
        untold = self._model.llama.weigh(rows, _blank(self._model))
        return [
            Judgement(float((a.log_probabilities - b.log_probabilities).mean()), a.after)
            for a, b in zip(told, untold, strict=True)
        ]

    def fluency(self, texts: Sequence[str]) -> list[float]:
        """Mean log probability of a token of each text at the start of the song."""
        rows = [self._model.tokenizer.encode(text + "\n") for text in texts]
        return [float(row.log_probabilities.mean()) for row in self._model.llama.weigh(rows, self._so_far)]

    def associate(self, words: Sequence[str], *, most: int) -> list[tuple[float, str]]:
        """Words that go with the prompt, best first, with how well they do (0 = as well as any).

        The nearest in meaning are asked for again as *The song is about … It mentions the*.
        """
        near = np.array(self.nearness(words))
        top = np.argsort(-near, kind="stable")[: 6 * most]
        asked = [words[i] for i in top]
        said = _mention(self._model, asked, self._read(f"The song is about {self.topic}. It mentions the"))
        usual = _mention(self._model, asked, _usual(self._model))
        rated = _standard(said - usual) + _standard(near[top])
        order = np.argsort(-rated, kind="stable")[:most]
        return [(float(rated[i]), asked[i]) for i in order]

    def take(self, judgement: Judgement) -> None:
        """Go on from a stanza: it is sung now."""
        self._so_far = judgement.after

    def begin_again(self) -> None:
        """Forget what was sung."""
        self._so_far = self._prompt

    def _read(self, text: str, after: Prefix | None = None) -> Prefix:
        return self._model.llama.read(self._model.tokenizer.encode(text), after)


@lru_cache(maxsize=2)
def _usual(model: Model) -> Prefix:
    return model.llama.read(model.tokenizer.encode("The song is about life. It mentions the"))


@lru_cache(maxsize=2)
def _blank(model: Model) -> Prefix:
    return model.llama.read(model.tokenizer.encode(_CHAT.format(about="")))


@lru_cache(maxsize=16384)
def _embed(model: Model, text: str) -> Singles:
    return model.encoder.embed(text)


def _mention(model: Model, words: Sequence[str], after: Prefix) -> Singles:
    rows = [model.tokenizer.encode(f" {word}") for word in words]
    return np.array([row.log_probabilities.sum() for row in model.llama.weigh(rows, after)], np.float32)


def _standard(values: Singles) -> Singles:
    spread = float(values.std())
    scaled: Singles = (values - values.mean()) / np.float32(spread or 1.0)
    return scaled
