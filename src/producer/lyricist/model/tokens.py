"""Text → the language model's tokens: byte-level byte-pair encoding (Sennrich et al. 2016; GPT-2's bytes)."""

import re
from collections.abc import Sequence
from itertools import pairwise

_SPECIAL = re.compile(r"(<\|im_start\|>|<\|im_end\|>)")
#: Pieces that are encoded on their own: clitics, words with the space before them, single digits, marks.
_PIECE = re.compile(
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+",
)


def _byte_letters() -> dict[int, str]:
    """The printable character that stands for each byte in the vocabulary."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return {byte: chr(byte) for byte in kept} | {byte: chr(256 + i) for i, byte in enumerate(others)}


_LETTERS = _byte_letters()
_BYTES = {letter: byte for byte, letter in _LETTERS.items()}


class Tokenizer:
    """Encodes text.

    Parameters
    ----------
    vocabulary
        Tokens in the order of their numbers.
    merges
        Pairs written with a space between, the first to be merged first.
    """

    def __init__(self, vocabulary: Sequence[str], merges: Sequence[str]) -> None:
        self._ids = {token: number for number, token in enumerate(vocabulary)}
        self._ranks = {tuple(pair.split(" ")): rank for rank, pair in enumerate(merges)}
        self._known: dict[str, tuple[int, ...]] = {}
        self.pieces = tuple(_spell(token) for token in vocabulary)  #: what each token writes

    def encode(self, text: str) -> list[int]:
        """Numbers of the tokens of a text; chat marks are tokens of their own."""
        out: list[int] = []
        for part in _SPECIAL.split(text):
            if _SPECIAL.fullmatch(part):
                out.append(self._ids[part])
            else:
                for piece in _PIECE.findall(part):
                    out += self._encode_piece(piece)
        return out

    def _encode_piece(self, piece: str) -> tuple[int, ...]:
        if piece not in self._known:
            parts = [_LETTERS[byte] for byte in piece.encode("utf-8")]
            while len(parts) > 1:
                ranked = [
                    (self._ranks.get(pair, len(self._ranks)), i) for i, pair in enumerate(pairwise(parts))
                ]
                rank, at = min(ranked)
                if rank == len(self._ranks):
                    break
                parts[at : at + 2] = [parts[at] + parts[at + 1]]
            self._known[piece] = tuple(self._ids[part] for part in parts)
        return self._known[piece]


def _spell(token: str) -> str:
    if any(letter not in _BYTES for letter in token):
        return token
    return bytes(_BYTES[letter] for letter in token).decode("utf-8", "replace")
