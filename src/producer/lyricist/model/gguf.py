"""Reading of GGUF files: settings, vocabulary and tensors of a language model.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (version 3, little endian).
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from producer.errors import AssetError

Singles = NDArray[np.float32]

_MAGIC = b"GGUF"
_ALIGNMENT = 32  # bytes, unless the file says otherwise
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_BLOCK = 32  # weights that share a scale
_F32, _Q4_1, _Q8_0 = 0, 3, 8


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where one tensor lies."""

    shape: tuple[int, ...]  #: rows first
    kind: int  #: ggml type
    offset: int  #: bytes from the start of the file


class GgufFile:
    """An open GGUF file.

    Raises
    ------
    AssetError
        It is no GGUF file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = np.memmap(path, np.uint8, mode="r")
        self._at = 8
        if bytes(self._bytes[:4]) != _MAGIC:
            raise AssetError(f"{path} is no GGUF model. Remove it and run `producer assets`.")
        tensors, fields = self._scalar("Q"), self._scalar("Q")
        self.fields: dict[str, Any] = {}
        for _ in range(fields):
            name = self._string()
            self.fields[name] = self._value(self._scalar("I"))
        self.tensors = dict(self._tensor_header() for _ in range(tensors))
        step = int(self.fields.get("general.alignment", _ALIGNMENT))
        self._data_start = -(-self._at // step) * step

    def read(self, name: str) -> Singles:
        """One tensor as float32, shape rows first.

        Raises
        ------
        AssetError
            Its storage type is not known here.
        """
        tensor = self.tensors[name]
        count = int(np.prod(tensor.shape))
        start = self._data_start + tensor.offset
        decode, block_bytes, block_size = _DECODERS.get(tensor.kind, (None, 0, 1))
        if decode is None:
            raise AssetError(f"{self._path} stores {name} as type {tensor.kind}, which is not understood.")
        raw = np.asarray(self._bytes[start : start + count // block_size * block_bytes])
        found: Singles = decode(raw.reshape(-1, block_bytes)).reshape(tensor.shape)
        return found

    def _scalar(self, code: str) -> Any:
        size = struct.calcsize("<" + code)
        (value,) = struct.unpack_from("<" + code, self._bytes[self._at : self._at + size].tobytes())
        self._at += size
        return value

    def _string(self) -> str:
        size = self._scalar("Q")
        text = bytes(self._bytes[self._at : self._at + size]).decode("utf-8", "replace")
        self._at += size
        return text

    def _value(self, kind: int) -> Any:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            inner, count = self._scalar("I"), self._scalar("Q")
            return [self._value(inner) for _ in range(count)]
        return self._scalar(_SCALARS[kind])

    def _tensor_header(self) -> tuple[str, Tensor]:
        name = self._string()
        shape = tuple(self._scalar("Q") for _ in range(self._scalar("I")))[::-1]
        kind, offset = self._scalar("I"), self._scalar("Q")
        return name, Tensor(shape, kind, offset)


def _halves(raw: NDArray[np.uint8]) -> Singles:
    return np.ascontiguousarray(raw).view(np.float16).astype(np.float32)


def _nibbles(raw: NDArray[np.uint8]) -> Singles:
    """Packed 4-bit numbers: the low halves are the first 16 weights, the high halves the others."""
    return np.concatenate([raw & 15, raw >> 4], axis=1).astype(np.float32)


def _decode_f32(raw: NDArray[np.uint8]) -> Singles:
    return np.ascontiguousarray(raw).view(np.float32)


def _decode_q4_1(raw: NDArray[np.uint8]) -> Singles:
    """Scale and least value of a block as float16, then its numbers."""
    return _nibbles(raw[:, 4:]) * _halves(raw[:, :2]) + _halves(raw[:, 2:4])


def _decode_q8_0(raw: NDArray[np.uint8]) -> Singles:
    return np.ascontiguousarray(raw[:, 2:]).view(np.int8).astype(np.float32) * _halves(raw[:, :2])


#: How a block is read, its bytes and its number of weights, by ggml type.
_DECODERS: dict[int, Any] = {
    _F32: (_decode_f32, 4, 1),
    _Q4_1: (_decode_q4_1, 20, _BLOCK),
    _Q8_0: (_decode_q8_0, 34, _BLOCK),
}
