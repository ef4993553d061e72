"""Song ↔ JSON: golden scores, stored scores, and what a video needs to know."""

import dataclasses
import json
import types
import typing
from enum import Enum
from typing import Any, TypeVar

from producer.score.song import Song

T = TypeVar("T")
FORMAT = 1


def dump_song(song: Song, *, indent: int | None = None) -> str:
    """Write a song as JSON; :func:`load_song` gives an equal value back."""
    return json.dumps({"format": FORMAT, "song": _plain(song)}, ensure_ascii=False, indent=indent)


def load_song(text: str) -> Song:
    """Read a song written by :func:`dump_song`.

    Raises
    ------
    ValueError
        The text is not a song of this format.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"not a song of format {FORMAT}")
    return _value(Song, data["song"])


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: _plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if not _is_default(f, getattr(value, f.name))
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _is_default(f: "dataclasses.Field[Any]", value: Any) -> bool:
    return f.default is not dataclasses.MISSING and bool(f.default == value)


def _value(kind: type[T], data: Any) -> T:
    origin = typing.get_origin(kind)
    if origin is tuple:
        (item, _) = typing.get_args(kind)
        return tuple(_value(item, entry) for entry in data)  # type: ignore[return-value]
    if origin is types.UnionType:
        if data is None:
            return None  # type: ignore[return-value]
        (inner,) = (arg for arg in typing.get_args(kind) if arg is not types.NoneType)
        return typing.cast(T, _value(inner, data))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: _value(hints[name], entry) for name, entry in data.items()})
    return kind(data) if issubclass(kind, Enum) else typing.cast(T, data)
