"""A small Llama in numpy: reads a prefix once, then many continuations of it side by side.

One thread, plain float32: the same machine gives the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from producer.lyricist.model.gguf import Singles
from producer.lyricist.model.weights import Weights

_NEVER = np.float32(-1e9)
_SLICE = 64  # states whose next tokens are weighed at a time: 4 MB
#: Tokens that stand for all when probabilities are reckoned: numbers grow with rarity.
COMMON_TOKENS = 16_384

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Text that was read: what attention needs of it, and the state after its last token."""

    keys: Singles  #: (layers, kv heads, tokens, head width)
    values: Singles  #: same shape
    state: Singles  #: (d,)

    @property
    def tokens(self) -> int:
        """Number of tokens read."""
        return int(self.keys.shape[2])


@dataclass(frozen=True, slots=True)
class Reading:
    """A continuation that was read."""

    log_probabilities: Singles  #: natural, of each token after those before it
    after: Prefix  #: the prefix with it


class Llama:
    """The model over its weights.

    Parameters
    ----------
    weights
        See :class:`Weights`.
    """

    def __init__(self, weights: Weights) -> None:
        self._w = weights
        self._layers, _, self._width = weights.attention_in.shape
        self._heads, self._kv = weights.heads, weights.kv_heads
        self._head = self._width // self._heads
        self._speeds = weights.rope_base ** (-np.arange(0, self._head, 2) / self._head)

    def empty(self) -> Prefix:
        """Nothing read yet."""
        shape = (self._layers, self._kv, 0, self._head)
        return Prefix(
            np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(self._width, np.float32)
        )

    def read(self, tokens: Sequence[int], after: Prefix | None = None) -> Prefix:
        """Read on from a prefix."""
        prefix = after or self.empty()
        states, keys, values = self._run([list(tokens)], prefix)
        return Prefix(
            np.concatenate([prefix.keys, keys[:, 0]], axis=2),
            np.concatenate([prefix.values, values[:, 0]], axis=2),
            states[-1],
        )

    def weigh(self, rows: Sequence[Sequence[int]], prefix: Prefix) -> list[Reading]:
        """Read continuations side by side.

        Parameters
        ----------
        rows
            Continuations, each of one token or more.
        prefix
            What all of them continue; not empty.
        """
        states, keys, values = self._run([list(row) for row in rows], prefix)
        spans = np.split(states, np.cumsum([len(row) for row in rows])[:-1])
        before = np.concatenate([np.concatenate([prefix.state[None], span[:-1]]) for span in spans])
        chosen = self._choose(before, np.concatenate([np.asarray(row, np.int64) for row in rows]))
        found = np.split(chosen, np.cumsum([len(row) for row in rows])[:-1])
        return [
            Reading(
                found[i],
                Prefix(
                    np.concatenate([prefix.keys, keys[:, i, :, : len(row)]], axis=2),
                    np.concatenate([prefix.values, values[:, i, :, : len(row)]], axis=2),
                    spans[i][-1],
                ),
            )
            for i, row in enumerate(rows)
        ]

    def _choose(self, states: Singles, tokens: Places) -> Singles:
        """Log probability of one token after each state, among the commonest tokens and all of `tokens`."""
        rare = np.unique(tokens[tokens >= COMMON_TOKENS])
        head = np.concatenate([self._w.embedding[:COMMON_TOKENS], self._w.embedding[rare]])
        place = np.where(tokens < COMMON_TOKENS, tokens, COMMON_TOKENS + np.searchsorted(rare, tokens))
        return np.concatenate(
            [
                log_softmax(states[i : i + _SLICE] @ head.T)[
                    np.arange(len(place[i : i + _SLICE])), place[i : i + _SLICE]
                ]
                for i in range(0, len(states), _SLICE)
            ]
        )

    def _run(self, rows: list[list[int]], prefix: Prefix) -> tuple[Singles, Singles, Singles]:
        """States of all tokens, row after row; keys and values (layers, rows, kv heads, tokens, width)."""
        grid = _Grid.of([len(row) for row in rows])
        x = self._w.embedding[np.concatenate([np.asarray(row, np.int64) for row in rows])]
        turn = _turns(self._speeds, prefix.tokens + grid.places)
        kept = np.zeros((2, self._layers, len(rows), self._kv, grid.longest, self._head), np.float32)
        for layer in range(self._layers):
            mixed = self._norm(x, 2 * layer) @ self._w.attention_in[layer].T
            past = (prefix.keys[layer], prefix.values[layer])
            attended = self._attend(mixed, turn, grid, past, kept[:, layer])
            x = self._inner(x + attended @ self._w.attention_out[layer].T, layer)
        return self._norm(x, 2 * self._layers), kept[0], kept[1]

    def _norm(self, x: Singles, which: int) -> Singles:
        scale = np.sqrt((x * x).mean(axis=1, keepdims=True) + np.float32(self._w.epsilon))
        normed: Singles = x / scale * self._w.norms[which]
        return normed

    def _inner(self, x: Singles, layer: int) -> Singles:
        """Add the gated inner layer (Shazeer 2020)."""
        inner = self._norm(x, 2 * layer + 1) @ self._w.gate_up[layer].T
        gate, up = np.split(inner, 2, axis=1)
        added: Singles = x + (gate / (1.0 + np.exp(-gate)) * up) @ self._w.down[layer].T
        return added

    def _split(self, mixed: Singles, turn: tuple[Singles, Singles]) -> tuple[Singles, Singles, Singles]:
        """Queries (scaled), keys and values, shape (n, heads, head width)."""
        d, kv = self._width, self._kv * self._head
        q = _rotate(mixed[:, :d].reshape(-1, self._heads, self._head), turn)
        k = _rotate(mixed[:, d : d + kv].reshape(-1, self._kv, self._head), turn)
        return q / np.float32(np.sqrt(self._head)), k, mixed[:, d + kv :].reshape(-1, self._kv, self._head)

    def _far(self, grouped: Singles, keys: Singles) -> Singles:
        """Attention scores over the prefix, shape (n, kv, group, tokens)."""
        n, _, group, _ = grouped.shape
        flat = grouped.transpose(1, 0, 2, 3).reshape(self._kv, n * group, self._head)
        scores: Singles = (flat @ keys.transpose(0, 2, 1)).reshape(self._kv, n, group, -1)
        return scores.transpose(1, 0, 2, 3)

    def _fetch(self, weights: Singles, values: Singles) -> Singles:
        """What attention takes from the prefix, shape (n, kv, group, head width)."""
        n, _, group, tokens = weights.shape
        flat = weights.transpose(1, 0, 2, 3).reshape(self._kv, n * group, tokens) @ values
        return flat.reshape(self._kv, n, group, self._head).transpose(1, 0, 2, 3)

    def _attend(
        self,
        mixed: Singles,
        turn: tuple[Singles, Singles],
        grid: "_Grid",
        past: tuple[Singles, Singles],
        kept: Singles,
    ) -> Singles:
        """Grouped-query attention (Ainslie et al. 2023) of each row over the prefix and itself."""
        q, k, v = self._split(mixed, turn)
        kept[0], kept[1] = grid.spread(k).transpose(0, 2, 1, 3), grid.spread(v).transpose(0, 2, 1, 3)
        grouped = q.reshape(len(mixed), self._kv, -1, self._head)
        group, longest = grouped.shape[2], grid.longest
        padded = grid.spread(grouped).transpose(0, 2, 3, 1, 4)  # rows, kv, group, t, head
        padded = padded.reshape(-1, self._kv, group * longest, self._head)
        near = (padded @ kept[0].transpose(0, 1, 3, 2)).reshape(-1, self._kv, group, longest, longest)
        near = grid.gather((near + grid.mask).transpose(0, 3, 1, 2, 4))  # n, kv, group, longest
        weights = _softmax(np.concatenate([self._far(grouped, past[0]), near], axis=3))
        split = past[0].shape[1]
        inside = grid.spread(weights[..., split:]).transpose(0, 2, 3, 1, 4)
        inside = inside.reshape(-1, self._kv, group * longest, longest) @ kept[1]
        inside = inside.reshape(-1, self._kv, group, longest, self._head).transpose(0, 3, 1, 2, 4)
        out: Singles = self._fetch(weights[..., :split], past[1]) + grid.gather(inside)
        return out.reshape(len(mixed), self._width)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Rows of different lengths laid side by side, and how to get there and back."""

    row_of: Places  #: of each token
    places: Places  #: of each token in its row
    rows: int
    longest: int
    mask: Singles  #: (longest, longest): nothing looks ahead

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "_Grid":
        longest = max(lengths)
        row_of = np.repeat(np.arange(len(lengths)), lengths)
        places = np.concatenate([np.arange(length) for length in lengths])
        mask = np.triu(np.full((longest, longest), _NEVER, np.float32), 1)
        return cls(row_of, places, len(lengths), longest, mask)

    def spread(self, flat: Singles) -> Singles:
        """Shape (n, …) → (rows, longest, …), zeros where a row has ended."""
        out = np.zeros((self.rows, self.longest, *flat.shape[1:]), np.float32)
        out[self.row_of, self.places] = flat
        return out

    def gather(self, padded: Singles) -> Singles:
        """Shape (rows, longest, …) → (n, …)."""
        return padded[self.row_of, self.places]


def _turns(speeds: NDArray[np.float64], places: Places) -> tuple[Singles, Singles]:
    angles = places[:, None] * speeds[None]
    return np.cos(angles).astype(np.float32)[:, None], np.sin(angles).astype(np.float32)[:, None]


def _rotate(x: Singles, turn: tuple[Singles, Singles]) -> Singles:
    """Rotary positions (Su et al. 2021) on neighbouring pairs, as GGUF stores Llama's queries and keys."""
    cosine, sine = turn
    out = np.empty_like(x)
    out[..., 0::2] = x[..., 0::2] * cosine - x[..., 1::2] * sine
    out[..., 1::2] = x[..., 0::2] * sine + x[..., 1::2] * cosine
    return out


def log_softmax(logits: Singles) -> Singles:
    """Natural log probabilities along the last axis; the array is changed in place."""
    logits -= logits.max(axis=1, keepdims=True)
    logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return logits


def _softmax(scores: Singles) -> Singles:
    weights: Singles = np.exp(scores - scores.max(axis=3, keepdims=True))
    weights /= weights.sum(axis=3, keepdims=True)
    return weights
