"""Reads SoundFont banks: SF2 2.04 and its Ogg-compressed form SF3.

Everything here follows the *SoundFont Technical Specification 2.04* (E-mu/Creative 2006): chunks §5–7,
zones §7.3–7.9 and §9.4, generators §8.1. SF3 (MuseScore) differs in one bit: a sample whose type has
bit 4 set is an Ogg Vorbis stream, and its loop points count from the stream's start.
"""

import io
import mmap
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from producer import assets
from producer.errors import AssetError
from producer.studio.instruments.loops import led_on, sealed

LOOPS_ON = 1  # sample mode: the loop goes round until the voice is over
OGG_SAMPLE = 16  # bit of the sample type, SF3 only
_CHUNKS = (b"phdr", b"pbag", b"pmod", b"pgen", b"inst", b"ibag", b"imod", b"igen", b"shdr")
_RECORDS = {
    b"phdr": "<20sHHHIII", b"pbag": "<HH", b"pmod": "<HHhHH", b"pgen": "<HH",
    b"inst": "<20sH", b"ibag": "<HH", b"imod": "<HHhHH", b"igen": "<HH", b"shdr": "<20sIIIIIBbHH",
}  # fmt: skip


class Generator(IntEnum):
    """Generator numbers, spec §8.1.2; those that a player acts upon."""

    START_OFFSET = 0
    END_OFFSET = 1
    LOOP_START_OFFSET = 2
    LOOP_END_OFFSET = 3
    START_COARSE = 4
    MOD_LFO_TO_PITCH = 5
    VIB_LFO_TO_PITCH = 6
    MOD_ENV_TO_PITCH = 7
    FILTER_CUTOFF = 8
    FILTER_Q = 9
    MOD_LFO_TO_FILTER = 10
    MOD_ENV_TO_FILTER = 11
    END_COARSE = 12
    MOD_LFO_TO_VOLUME = 13
    PAN = 17
    MOD_LFO_DELAY = 21
    MOD_LFO_FREQUENCY = 22
    VIB_LFO_DELAY = 23
    VIB_LFO_FREQUENCY = 24
    MOD_ENV_DELAY = 25
    MOD_ENV_ATTACK = 26
    MOD_ENV_HOLD = 27
    MOD_ENV_DECAY = 28
    MOD_ENV_SUSTAIN = 29
    MOD_ENV_RELEASE = 30
    KEY_TO_MOD_HOLD = 31
    KEY_TO_MOD_DECAY = 32
    VOL_ENV_DELAY = 33
    VOL_ENV_ATTACK = 34
    VOL_ENV_HOLD = 35
    VOL_ENV_DECAY = 36
    VOL_ENV_SUSTAIN = 37
    VOL_ENV_RELEASE = 38
    KEY_TO_VOL_HOLD = 39
    KEY_TO_VOL_DECAY = 40
    INSTRUMENT = 41
    KEY_RANGE = 43
    VELOCITY_RANGE = 44
    LOOP_START_COARSE = 45
    KEY_NUMBER = 46
    VELOCITY = 47
    ATTENUATION = 48
    LOOP_END_COARSE = 50
    COARSE_TUNE = 51
    FINE_TUNE = 52
    SAMPLE = 53
    SAMPLE_MODES = 54
    SCALE_TUNING = 56
    EXCLUSIVE_CLASS = 57
    ROOT_KEY = 58


GENERATORS = 61
_SUBSTITUTED = (Generator.KEY_NUMBER, Generator.VELOCITY, Generator.ROOT_KEY)
_INSTANT = -12_000  # timecents: 1 ms

#: Values that hold where neither zone names a generator (spec §8.1.3).
DEFAULTS: dict[int, int] = {
    Generator.FILTER_CUTOFF: 13_500,
    **dict.fromkeys((21, 23, 25, 26, 27, 28, 30, 33, 34, 35, 36, 38), _INSTANT),
    **dict.fromkeys(_SUBSTITUTED, -1),
    Generator.SCALE_TUNING: 100,
}


@dataclass(frozen=True, slots=True)
class Modulator:
    """A connection from a controller to a generator (spec §8.2); sources in their coded form."""

    source: int
    destination: int
    amount: float
    amount_source: int = 0

    @property
    def identity(self) -> tuple[int, int]:
        """Two modulators with the same one replace each other inside an instrument (spec §9.5).

        The amount source is left out: banks written for SF 2.01 switch off the default
        velocity-to-filter modulator under its older amount source (spec 2.01 §8.4.2).
        """
        return (self.source, self.destination)


#: Default modulators that react to a note itself (spec §8.4.1–2); the others wait for controllers.
DEFAULT_MODULATORS = (
    Modulator(0x0502, Generator.ATTENUATION, 960.0),
    Modulator(0x0102, Generator.FILTER_CUTOFF, -2400.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """One sample's stretch of keys and velocities, presets' offsets added."""

    key_low: int
    key_high: int
    velocity_low: int
    velocity_high: int
    generators: NDArray[np.float64]  #: shape (61,), by generator number
    modulators: tuple[Modulator, ...]

    def holds(self, key: int, velocity: int) -> bool:
        """Whether a note of this key and velocity sounds here."""
        return self.key_low <= key <= self.key_high and self.velocity_low <= velocity <= self.velocity_high


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A recording; loop points count from its start.

    A loop that ends with its recording is followed by its own beginning, so that a reader who looks
    ahead between samples finds there what comes next.
    """

    samples: NDArray[np.int16]
    loop_start: int
    loop_end: int
    sample_rate_hz: int
    root_key: int
    correction_cents: int


@dataclass(frozen=True, slots=True)
class _RawZone:
    generators: dict[int, int]
    modulators: tuple[Modulator, ...]


class SoundFont:
    """A bank on disk. Headers are read at once, samples when first played, and kept.

    Raises
    ------
    AssetError
        The file is no SoundFont.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._records = {
                name: list(_records(self._bytes, *at)) for name, at in self._find_chunks().items()
            }
        except (ValueError, struct.error) as error:
            raise AssetError(
                f"{path} is not a SoundFont; run `producer assets` to fetch it again."
            ) from error
        self._sample_start = self._bytes.find(b"smpl") + 8
        self._lock = threading.Lock()
        self._samples: dict[tuple[int, bool], Sample] = {}
        self._presets: dict[tuple[int, int], tuple[Zone, ...]] = {}

    def names(self) -> dict[tuple[int, int], str]:
        """Preset names by (bank, program)."""
        rows = self._records[b"phdr"][:-1]
        return {(row[2], row[1]): row[0].partition(b"\0")[0].decode("latin-1") for row in rows}

    def preset(self, bank: int, program: int) -> tuple[Zone, ...]:
        """All zones of a preset.

        Raises
        ------
        AssetError
            The bank has no such preset.
        """
        with self._lock:
            key = (bank, program)
            if key not in self._presets:
                self._presets[key] = tuple(self._read_preset(bank, program))
            return self._presets[key]

    def sample(self, index: int, mode: int = 0) -> Sample:
        """A sample by its number, decoded once in a process.

        Where the sample mode says that the loop goes on for ever, it is :func:`~.loops.sealed`.
        """
        with self._lock:
            key = (index, mode == LOOPS_ON)
            if key not in self._samples:
                sample = self._read_sample(index)
                self._samples[key] = _sealed(sample) if mode == LOOPS_ON else sample
            return self._samples[key]

    def _find_chunks(self) -> dict[bytes, tuple[bytes, int, int]]:
        found: dict[bytes, tuple[bytes, int, int]] = {}
        at = self._bytes.rfind(b"pdta") + 4
        for name in _CHUNKS:
            if self._bytes[at : at + 4] != name:
                at += 1  # some SF3 writers leave out the pad byte of an odd chunk
            if self._bytes[at : at + 4] != name:
                raise ValueError(f"no {name!r} chunk")
            (size,) = struct.unpack("<I", self._bytes[at + 4 : at + 8])
            found[name] = (name, at + 8, size)
            at += 8 + size
        return found

    def _read_preset(self, bank: int, program: int) -> Iterator[Zone]:
        headers = self._records[b"phdr"]
        for header, following in pairwise(headers):
            if (header[2], header[1]) == (bank, program):
                for zone in self._zones(b"p", header[3], following[3], Generator.INSTRUMENT):
                    yield from self._join(zone)
                return
        raise AssetError(
            f"the soundfont has no preset {bank}:{program}; run `producer assets` to fetch it again."
        )

    def _zones(self, level: bytes, first: int, last: int, final: int) -> Iterator[_RawZone]:
        """Zones of a preset or an instrument; the global zone is merged in (spec §9.4)."""
        bags = self._records[level + b"bag"]
        shared = _RawZone({}, ())
        for i in range(first, last):
            generators: dict[int, int] = dict(self._records[level + b"gen"][bags[i][0] : bags[i + 1][0]])
            rows = self._records[level + b"mod"][bags[i][1] : bags[i + 1][1]]
            own = tuple(Modulator(row[0], row[1], float(row[2]), row[3]) for row in rows)
            zone = _RawZone({**shared.generators, **generators}, _override(shared.modulators, own))
            if final in generators:
                yield zone
            elif i == first:
                shared = zone

    def _join(self, preset: _RawZone) -> Iterator[Zone]:
        headers = self._records[b"inst"]
        index = preset.generators[Generator.INSTRUMENT]
        for zone in self._zones(b"i", headers[index][1], headers[index + 1][1], Generator.SAMPLE):
            ranges = [
                _intersect(zone.generators.get(kind, 0x7F00), preset.generators.get(kind, 0x7F00))
                for kind in (Generator.KEY_RANGE, Generator.VELOCITY_RANGE)
            ]
            if all(low <= high for low, high in ranges):
                modulators = _add(_override(DEFAULT_MODULATORS, zone.modulators), preset.modulators)
                yield Zone(*ranges[0], *ranges[1], _sum_generators(zone, preset), modulators)

    def _read_sample(self, index: int) -> Sample:
        _, start, end, loop_start, loop_end, rate, root, correction, _, kind = self._records[b"shdr"][index]
        origin = self._sample_start
        if kind & OGG_SAMPLE:
            data, _ = soundfile.read(io.BytesIO(self._bytes[origin + start : origin + end]), dtype="int16")
            return Sample(led_on(data, loop_start, loop_end), loop_start, loop_end, rate, root, correction)
        data = np.frombuffer(self._bytes[origin + 2 * start : origin + 2 * end], "<i2").astype(np.int16)
        loop_start, loop_end = loop_start - start, loop_end - start
        return Sample(led_on(data, loop_start, loop_end), loop_start, loop_end, rate, root, correction)


@cache
def bank() -> SoundFont:
    """The house soundfont, opened once in a process."""
    return SoundFont(assets.find("soundfont.sf3"))


def _records(data: mmap.mmap, name: bytes, at: int, size: int) -> Iterator[tuple[Any, ...]]:
    return struct.iter_unpack(_RECORDS[name], data[at : at + size])


def _sealed(sample: Sample) -> Sample:
    return replace(sample, samples=sealed(sample.samples, sample.loop_start, sample.loop_end))


def _intersect(one: int, other: int) -> tuple[int, int]:
    return max(one & 255, other & 255), min(one >> 8, other >> 8)


def _signed(value: int) -> int:
    return value - 65_536 if value > 32_767 else value


def _override(below: tuple[Modulator, ...], above: tuple[Modulator, ...]) -> tuple[Modulator, ...]:
    replaced = {modulator.identity for modulator in above}
    return tuple(m for m in below if m.identity not in replaced) + above


def _add(instrument: tuple[Modulator, ...], preset: tuple[Modulator, ...]) -> tuple[Modulator, ...]:
    return tuple(m for m in instrument + preset if m.amount)


def _sum_generators(zone: _RawZone, preset: _RawZone) -> NDArray[np.float64]:
    """Instrument values are absolute, preset values are added to them (spec §9.4)."""
    values = np.zeros(GENERATORS)
    for number, value in DEFAULTS.items():
        values[number] = value
    for number, value in zone.generators.items():
        if number < GENERATORS:
            values[number] = value if number == Generator.SAMPLE else _signed(value)
    ranges = (Generator.INSTRUMENT, Generator.KEY_RANGE, Generator.VELOCITY_RANGE)
    for number, value in preset.generators.items():
        if number < GENERATORS and number not in ranges:
            values[number] += _signed(value)
    return values
