"""One channel of the desk: a stem is brought to a known loudness and shaped for its role."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from producer.score.instrument import Drum
from producer.score.part import Role
from producer.score.song import Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio
from producer.studio.dsp.colour import saturate
from producer.studio.dsp.dynamics import (
    Compressor,
    Curve,
    apply_curve,
    compressor_curve,
    dip_band,
    duck_curve,
    flat_curve,
    line_curve,
)
from producer.studio.dsp.filters import Band, equalize
from producer.studio.dsp.loudness import SILENCE_LUFS, block_powers, playing_lufs
from producer.studio.dsp.space import corner_of, widen
from producer.studio.preset import BACKING_VOCALS, VOCALS, MixPreset
from producer.units import db_to_gain

REFERENCE_LUFS = -18.0  # where every channel's compressor finds its stem
#: Share of the way to the reference: the rest of what a player meant by playing softly stays.
EVENING = 0.85
NOMINAL_LUFS = -23.0  # of an instrument of the shelf at velocity 80, see levels.toml
MONO_BELOW_HZ = {"bass": 200.0, "drums": 110.0}
OTHERS_MONO_BELOW_HZ = 140.0
SIBILANCE = Band("band_pass", 7200.0, 0.0, 0.9)
DE_ESSER = Compressor(threshold_db=-31.0, ratio=3.0, attack_seconds=0.001, release_seconds=0.05)
SECTION_RIDE_DB = 9.0  # from the least to the most energetic section
RIDE_LIMIT_DB = 2.7
LONG_LAST_SECONDS, RING_OUT_DB = 2.0, 10.0
KICKS = (Drum.KICK, Drum.KICK_2)
RHYTHM = (Role.DRUMS, Role.PERCUSSION, Role.EFFECTS)
OVERHEADS = (Role.DRUMS.value, Role.PERCUSSION.value)  # their cymbals stand as wide as two microphones
OVERHEAD_HZ, OVERHEAD_SPREAD = 3000.0, 0.35
OPEN_FROM_HZ = 40.0  # where channels begin when nobody plays bass
MASKING_BELOW_HZ = 500.0

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A channel's settings."""

    name: str
    role: str
    level_db: float
    pan: float
    room_send: float
    echo_send: float
    curve: Curve | None  #: section automation and ducking
    bands: tuple[Band, ...] = ()  #: the channel's equaliser


def strips(stems: Mapping[str, Audio], song: Song, preset: MixPreset) -> list[Strip]:
    """Settings of all channels in the score's order, voices last."""
    n = round(song.length_seconds * SAMPLE_RATE_HZ)
    ride = _section_ride(song, n)
    ducked = _ducked(song, preset, n)
    has_bass = any(part.role is Role.BASS and part.notes for part in song.parts)
    settings = []
    for part in song.parts:
        if part.name in stems:
            role = part.role.value
            send = preset.reverb.get(role, 0.0) if part.reverb is None else part.reverb
            curve = ride * ducked[role] if role in ducked else ride
            level = preset.levels[role] + part.level_db
            sends = (send * song.mix.reverb, preset.echoes.get(role, 0.0) * min(1.5, song.mix.reverb))
            bands = preset.bands.get(role, ())
            if not has_bass and part.role not in RHYTHM:
                bands = _opened(bands)
            settings.append(Strip(part.name, role, level, part.pan, *sends, curve, bands))
    for name in (VOCALS, BACKING_VOCALS):
        if name in stems:
            sends = (preset.reverb[name] * song.mix.reverb, preset.echoes.get(name, 0.0) * song.mix.reverb)
            bands = preset.bands.get(name, ())
            settings.append(Strip(name, name, preset.levels[name], 0.0, *sends, None, bands))
    return settings


def _opened(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """A channel's bands where no bass is masked: the low end is let through and nothing low is taken out."""
    return tuple(
        replace(band, hz=min(band.hz, OPEN_FROM_HZ)) if band.kind == "high_pass" else band
        for band in bands
        if band.kind != "bell" or band.hz > MASKING_BELOW_HZ or band.gain_db > 0.0
    )


def prepare(stem: Audio, strip: Strip, preset: MixPreset) -> Stereo:
    """Run a stem through its channel; a new array of shape ``(2, n)``.

    Raises
    ------
    KeyError
        The preset has no level for the strip's role.
    """
    x = np.array(stem.samples, np.float32, order="C")
    lufs = playing_lufs(block_powers(x))
    if lufs <= SILENCE_LUFS:
        return x
    equalize(x, strip.bands)
    wanted_db = REFERENCE_LUFS - lufs
    if strip.role == Role.EFFECTS.value:  # crackle and rain are meant to be faint
        wanted_db = REFERENCE_LUFS - NOMINAL_LUFS
    elif strip.role not in (VOCALS, BACKING_VOCALS):
        nominal_db = REFERENCE_LUFS - NOMINAL_LUFS
        wanted_db = nominal_db + EVENING * (wanted_db - nominal_db)
    x *= np.float32(db_to_gain(wanted_db))
    _squeeze(x, strip.role, preset)
    x *= np.float32(db_to_gain(lufs + wanted_db - playing_lufs(block_powers(x))))  # what the chain took
    _place(x, strip, preset)
    if strip.curve is not None:
        apply_curve(x, strip.curve)
    return x


def kick_seconds(song: Song) -> list[float]:
    """When the drums' kicks sound, in order."""
    kicks = {
        song.tempo.seconds_at(note.start_beat) + note.nudge_seconds
        for part in song.parts
        if part.role is Role.DRUMS
        for note in part.notes
        if note.pitch in KICKS
    }
    return sorted(kicks)


def _squeeze(x: Stereo, role: str, preset: MixPreset) -> None:
    if role in (VOCALS, BACKING_VOCALS):
        hiss = x.copy()
        equalize(hiss, (SIBILANCE,))
        dip_band(x, SIBILANCE, compressor_curve(hiss, DE_ESSER))
    knobs = preset.compressors.get(role)
    if knobs is not None:
        apply_curve(x, compressor_curve(x, knobs))
    if role == VOCALS and knobs is not None:  # a slow second one rides what the fast one leaves
        slow = Compressor(knobs.threshold_db - 3.0, 1.8, 0.04, 0.35)
        apply_curve(x, compressor_curve(x, slow))
    drive_db = preset.drive_db.get(role, 0.0)
    if drive_db:
        saturate(x, db_to_gain(drive_db))


def _place(x: Stereo, strip: Strip, preset: MixPreset) -> None:
    corner = corner_of(MONO_BELOW_HZ.get(strip.role, OTHERS_MONO_BELOW_HZ))
    spread = preset.spreads.get(strip.role, 0.0)
    if spread:
        spread += preset.spread
    if strip.role != VOCALS:
        widen(x, 1.0, spread * (1.0 - 0.6 * abs(strip.pan)), corner)
    if strip.role in OVERHEADS:
        _open_overheads(x)
    level = db_to_gain(strip.level_db)
    angle = (strip.pan + 1.0) * math.pi / 4.0
    x[0] *= np.float32(level * math.sqrt(2.0) * math.cos(angle))
    x[1] *= np.float32(level * math.sqrt(2.0) * math.sin(angle))


def _open_overheads(x: Stereo) -> None:
    """Spread what is above :data:`OVERHEAD_HZ` and leave everything else where it stands, in place."""
    middle = np.empty_like(x)
    middle[:] = (x[0] + x[1]) / np.float32(2.0)
    x -= middle
    widen(middle, 1.0, OVERHEAD_SPREAD, corner_of(OVERHEAD_HZ))
    x += middle


def _section_ride(song: Song, n: int) -> Curve:
    """The band a little louder where the song wants more: a hand on the faders between sections."""
    sections = song.form.sections
    mean = sum(s.energy * s.bars for s in sections) / max(1, song.form.bars)
    points: list[tuple[float, float]] = []
    for section in sections:
        level = max(-RIDE_LIMIT_DB, min(RIDE_LIMIT_DB, SECTION_RIDE_DB * (section.energy - mean)))
        start = song.seconds_of_bar(section.start_bar)
        end = song.seconds_of_bar(section.end_bar)
        lead_in = min(0.25, (end - start) / 4.0)
        points += [(start, level), (max(start, end - lead_in), level)]
    return line_curve(n, points) * _ring_out(song, n)


def _ring_out(song: Song, n: int) -> Curve:
    """A last chord that is held long grows softer, also under hands that could hold it for ever."""
    starts = [note.start_beat for part in song.parts for note in part.notes]
    struck = song.tempo.seconds_at(max(starts, default=0.0))
    if song.length_seconds - struck < LONG_LAST_SECONDS:
        return flat_curve(n)
    return line_curve(n, [(struck + 0.4, 0.0), (song.length_seconds, -RING_OUT_DB)])


def _ducked(song: Song, preset: MixPreset, n: int) -> dict[str, Curve]:
    if not preset.duck.depth_db:
        return {}
    kicks = kick_seconds(song)
    release = preset.duck.release_beats * 60.0 / song.tempo.bpm
    return {
        role: duck_curve(n, kicks, preset.duck.depth_db * share, release)
        for role, share in preset.duck.roles.items()
    }
