"""Meaning of a short text as a vector: all-MiniLM-L6-v2 (Reimers and Gurevych 2019) through ONNX."""

import json
import re
import unicodedata

import numpy as np
import onnxruntime

from producer import assets
from producer.lyricist.model.gguf import Singles

MAX_TOKENS = 128
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
_START, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"


class Encoder:
    """A text → a unit vector of 384 numbers; the dot product of two tells how near their meanings are.

    Raises
    ------
    AssetError
        The packaged model is missing.
    """

    def __init__(self) -> None:
        table = json.loads(assets.find("minilm/tokenizer.json").read_text("utf-8"))
        self._ids: dict[str, int] = table["model"]["vocab"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one order of adding, so the same numbers every time
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(assets.find("minilm/model.onnx")), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, text: str) -> Singles:
        """Vector of a text, shape (384,).

        One at a time: int8 scales are found for a whole batch, so neighbours would change the numbers.
        """
        ids = np.array([self._tokens(text)], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, feed)
        mean = states[0].mean(axis=0)
        vector: Singles = (mean / np.linalg.norm(mean)).astype(np.float32)
        return vector

    def _tokens(self, text: str) -> list[int]:
        """WordPiece (Wu et al. 2016): the longest known pieces of each word, from its start."""
        plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
        pieces: list[int] = []
        for word in _WORD.findall(plain):
            pieces += self._pieces(word)
        return [self._ids[_START], *pieces[: MAX_TOKENS - 2], self._ids[_END]]

    def _pieces(self, word: str) -> list[int]:
        out: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            end = next((e for e in range(len(word), start, -1) if mark + word[start:e] in self._ids), start)
            if end == start:
                return [self._ids[_UNKNOWN]]
            out.append(self._ids[mark + word[start:end]])
            start = end
        return out
