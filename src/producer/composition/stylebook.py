"""The book of styles: one TOML file each under ``styles/``.

A file may build on another (``extends = "pop"``): tables are merged, lists and numbers replaced,
``[[part]]`` rows replaced or added by name, and names under ``drop`` left out. Everything is
checked on load; a mistake is named with its file and key.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any

from producer.composition.numerals import parse_progression
from producer.composition.style import (
    DRUM_KEYS,
    ENDINGS,
    MANNERS,
    MIX_PRESETS,
    PATTERN_SIGNS,
    PLACES,
    DrumSpec,
    MelodySpec,
    PartSpec,
    Style,
    StyleError,
    parse_meter,
)
from producer.score.instrument import INSTRUMENTS
from producer.score.part import Role
from producer.score.pitch import Mode


def style_names() -> tuple[str, ...]:
    """All styles, in alphabetical order."""
    return tuple(sorted(_raw()))


def ancestors(name: str) -> tuple[str, ...]:
    """The styles that a style's file builds on, nearest first."""
    base = _raw()[name].get("extends")
    return () if base is None else (base, *ancestors(base))


@cache
def load_style(name: str) -> Style:
    """Read a style file.

    Raises
    ------
    StyleError
        There is no such style, or its file is off.
    """
    try:
        return parse_style(name, _resolved(name))
    except (KeyError, TypeError, ValueError) as error:
        raise StyleError(f"styles/{name}.toml: {error}") from error


def parse_style(name: str, data: Mapping[str, Any]) -> Style:
    """Check a style's table and make it a value."""
    data = dict(data)
    for key in ("extends", "drop"):
        data.pop(key, None)
    melody = _build(MelodySpec, data.pop("melody", {}))
    drums = _parse_drums(data.pop("drums", None))
    parts = tuple(_parse_part(row) for row in data.pop("part", ()))
    style: Style = _build(Style, {**data, "name": name, "melody": melody, "drums": drums, "parts": parts})
    _check(style)
    return style


@cache
def _raw() -> dict[str, dict[str, Any]]:
    folder = files("producer.composition") / "styles"
    return {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def _resolved(name: str) -> dict[str, Any]:
    if name not in _raw():
        raise StyleError(f"There is no style {name!r}; see producer.composition.style_names().")
    own = _raw()[name]
    base = own.get("extends")
    return merge_tables(_resolved(base), own) if base else dict(own)


def merge_tables(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one style table over another by the rules above."""
    merged: dict[str, Any] = {**base}
    for key, value in own.items():
        if key == "part":
            continue
        merged[key] = _merge_value(base.get(key), value)
    rows = {row["name"]: dict(row) for row in base.get("part", ())}
    for row in own.get("part", ()):
        rows[row["name"]] = {**rows.get(row["name"], {}), **row}
    dropped = set(own.get("drop", ()))
    merged["part"] = [row for part, row in rows.items() if part not in dropped]
    if "drums" in dropped:
        merged.pop("drums", None)
    return merged


def _merge_value(base: Any, own: Any) -> Any:
    # A drum pattern table is one drummer's bar: mixing two would make neither.
    if isinstance(base, dict) and isinstance(own, dict):
        keep = {k: v for k, v in base.items() if k not in own}
        patterns = {"light", "main", "full"}
        return keep | {k: v if k in patterns else _merge_value(base.get(k), v) for k, v in own.items()}
    return own


def _build(kind: type[Any], data: Mapping[str, Any]) -> Any:
    known = {f.name for f in fields(kind)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}")
    return kind(**{key: _freeze(value) for key, value in data.items()})


def _freeze(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_freeze(item) for item in value)
    return {k: _freeze(v) for k, v in value.items()} if isinstance(value, dict) else value


def _parse_part(row: Mapping[str, Any]) -> PartSpec:
    data = dict(row)
    for key in ("instrument", "pattern", "lift", "only"):
        if isinstance(data.get(key), str):
            data[key] = [data[key]]
    spec: PartSpec = _build(PartSpec, {**data, "role": Role(data["role"])})
    for pattern in (*spec.pattern, *spec.lift):
        _check_pattern(pattern, spec.name)
    for instrument in spec.instrument:
        if instrument not in INSTRUMENTS:
            raise ValueError(f"part {spec.name}: no instrument {instrument!r}")
        shelf = INSTRUMENTS[instrument]
        if spec.manner != "texture" and (spec.low > shelf.high - 7 or spec.high < shelf.low + 7):
            raise ValueError(f"part {spec.name}: {instrument} can't play {spec.low}–{spec.high}")
    if spec.manner not in MANNERS:
        raise ValueError(f"part {spec.name}: no manner {spec.manner!r}")
    return spec


def _parse_drums(data: Mapping[str, Any] | None) -> DrumSpec | None:
    if not data:
        return None
    row = {**data, "kit": [data["kit"]] if isinstance(data["kit"], str) else data["kit"]}
    row["full"] = row.get("full", row["main"])
    row["light"] = row.get("light", row["main"])
    row["fills"] = row.get("fills", [])
    spec: DrumSpec = _build(DrumSpec, row)
    for table in (spec.light, spec.main, spec.full, *spec.fills):
        for drum, pattern in table.items():
            if drum not in DRUM_KEYS:
                raise ValueError(f"no drum {drum!r}")
            _check_pattern(pattern, drum)
    for kit in spec.kit:
        if INSTRUMENTS[kit].family != "drums":
            raise ValueError(f"{kit!r} is not a drum kit")
    return spec


def _check_pattern(pattern: str, where: str) -> None:
    wrong = set(pattern) - PATTERN_SIGNS
    if wrong or not pattern:
        raise ValueError(f"{where}: pattern {pattern!r} has signs {sorted(wrong)}")
    if len(pattern) % 16 and len(pattern) % 12:
        raise ValueError(f"{where}: pattern {pattern!r} has {len(pattern)} steps, not whole bars")


def _check(style: Style) -> None:
    if style.mix not in MIX_PRESETS:
        raise ValueError(f"no mix preset {style.mix!r}")
    if style.ending not in ENDINGS:
        raise ValueError(f"no ending {style.ending!r}")
    if not 30 <= style.bpm[0] <= style.bpm[1] <= 240:
        raise ValueError(f"bpm {style.bpm} is out of 30–240")
    for mode in style.modes:
        Mode(mode)
    for meter in style.meters:
        parse_meter(meter)
    for mode, places in style.harmony.items():
        Mode(mode)
        for place, progressions in places.items():
            if place not in PLACES:
                raise ValueError(f"harmony.{mode}: no place {place!r}")
            for progression in progressions:
                parse_progression(progression)
    for instrument in style.solo:
        if instrument not in INSTRUMENTS:
            raise ValueError(f"solo: no instrument {instrument!r}")
    for form in style.form:
        for entry in form.split():
            kind, _, bars = entry.partition(":")
            if not kind or int(bars) < 1:
                raise ValueError(f"form: {entry!r} is not kind:bars")
