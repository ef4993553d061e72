"""Mix presets: ``presets/base.toml`` and what each preset has otherwise."""

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from producer.studio.dsp.dynamics import Compressor
from producer.studio.dsp.filters import Band
from producer.studio.dsp.space import Echo, Room

VOCALS = "vocals"
BACKING_VOCALS = "backing_vocals"


@dataclass(frozen=True, slots=True)
class Ducking:
    """How the band makes way for the kick."""

    depth_db: float
    release_beats: float
    roles: Mapping[str, float]  #: share of the depth by role


@dataclass(frozen=True, slots=True)
class MixPreset:
    """A desk's settings; tables go by role, or by ``vocals`` and ``backing_vocals``."""

    name: str
    voice_over_band_db: float
    spread: float
    levels: Mapping[str, float]
    bands: Mapping[str, tuple[Band, ...]]
    compressors: Mapping[str, Compressor]
    drive_db: Mapping[str, float]
    spreads: Mapping[str, float]
    reverb: Mapping[str, float]
    room: Room
    echoes: Mapping[str, float]
    echo: Echo
    duck: Ducking
    drum_bus: Compressor
    drum_parallel: float
    drum_punch_db: float  #: most that the first moments of a hit are lifted
    glue: Compressor
    master: Compressor
    master_drive_db: float
    target: str  #: name of a curve of ``targets.toml``

    def target_db(self, hz: float) -> float:
        """Level that the preset's long-term spectrum has in the third of an octave around `hz`."""
        return spectrum_curve(self.target)(hz)


@cache
def mix_preset(name: str) -> MixPreset:
    """A mix preset by its name.

    Raises
    ------
    KeyError
        There is no such preset.
    """
    if name not in preset_names():
        raise KeyError(f"no mix preset is called {name!r}; there are {', '.join(preset_names())}")
    row = _merge(_read("base.toml"), _read(f"{name}.toml"))
    drum_bus = dict(row["drum_bus"])
    parallel, punch_db = drum_bus.pop("parallel"), drum_bus.pop("punch_db")
    master = dict(row["master"])
    drive_db = master.pop("drive_db")
    return MixPreset(
        name=name,
        voice_over_band_db=row["voice_over_band_db"],
        spread=row["spread"],
        levels=row["levels"],
        bands={role: tuple(Band(**band) for band in bands) for role, bands in row["bands"].items()},
        compressors={role: Compressor(**knobs) for role, knobs in row["compressors"].items()},
        drive_db=row["drive_db"],
        spreads=row["spreads"],
        reverb=row["reverb"],
        room=Room(**row["room"]),
        echoes=row["echoes"],
        echo=Echo(**row["echo"]),
        duck=Ducking(**row["duck"]),
        drum_bus=Compressor(**drum_bus),
        drum_parallel=parallel,
        drum_punch_db=punch_db,
        glue=Compressor(**row["glue"]),
        master=Compressor(**master),
        master_drive_db=drive_db,
        target=row["target"],
    )


@cache
def spectrum_curve(name: str) -> Callable[[float], float]:
    """A curve of ``targets.toml``: from Hz to the level in dB of the third of an octave around it.

    Raises
    ------
    KeyError
        There is no such curve.
    """
    points = tuple((float(hz), float(level)) for hz, level in _read("targets.toml")["curves"][name])
    return lambda hz: _interpolate(points, hz)


@cache
def preset_names() -> tuple[str, ...]:
    """All mix presets, in alphabetical order."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n not in ("base.toml", "targets.toml")))


def _folder() -> Any:
    return files(__package__).joinpath("presets")


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(_folder().joinpath(name).read_text("utf-8"))


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        whole = key == "roles"  # a preset's own list of ducked roles stands for itself
        merged[key] = _merge(known, value) if isinstance(known, Mapping) and not whole else value
    return merged


def _interpolate(points: tuple[tuple[float, float], ...], hz: float) -> float:
    if hz <= points[0][0]:
        return points[0][1]
    for (low_hz, low_db), (high_hz, high_db) in pairwise(points):
        if hz <= high_hz:
            share = math.log(hz / low_hz) / math.log(high_hz / low_hz)
            return low_db + share * (high_db - low_db)
    return points[-1][1]
