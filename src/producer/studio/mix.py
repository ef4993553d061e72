"""Stems → buses → mix: balance, place, tie together.

Every channel is brought to one loudness and shaped for its role (:mod:`.channel`). From there on only
linear things happen (gain curves, reverb, echo, one equaliser), so that finished stems add up to the mix:
:func:`separate` gives them.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from producer.score.part import Role
from producer.score.song import Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio
from producer.studio.channel import REFERENCE_LUFS, Strip, prepare, strips
from producer.studio.dsp.dynamics import (
    Compressor,
    Curve,
    add_scaled,
    apply_curve,
    compressor_curve,
    curve_length,
    dip_band,
    flat_curve,
    transient_curve,
)
from producer.studio.dsp.filters import Band
from producer.studio.dsp.loudness import SILENCE_LUFS, block_powers, integrated_lufs
from producer.studio.dsp.space import repeat, reverberate
from producer.studio.dsp.spectrum import MIXING, matching_filter, run_kernel
from producer.studio.preset import BACKING_VOCALS, VOCALS, MixPreset, mix_preset
from producer.studio.target import target_of
from producer.units import db_to_gain

HANDS = 2  # channels that are prepared at once
VOICE_BAND = Band("band_pass", 2600.0, 0.0, 0.4)  # where words are understood
#: Makes the band give way there, by 9 dB at most, while somebody sings.
VOICE_DIP = Compressor(threshold_db=-34.0, ratio=1.55, attack_seconds=0.02, release_seconds=0.25)
PARALLEL_GAIN = 2.0  # of the squeezed drums, before their share
DRUM_ROLES = (Role.DRUMS.value, Role.PERCUSSION.value)
VOICE_ROLES = (VOCALS, BACKING_VOCALS)

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Everything the buses do, as gains that hold for each of their channels."""

    drums: Curve
    dip: Curve | None
    voice_gain: float
    tone: NDArray[np.float32]  #: the mix bus's equaliser
    total: Curve  #: glue, and the way to the mix's level


def mix(stems: Mapping[str, Audio], song: Song, *, progress: Callable[[float], None] | None = None) -> Audio:
    """Mix a song's stems.

    Parameters
    ----------
    stems
        By part name; ``vocals`` and ``backing_vocals`` when somebody sings. All as long as the song.
        Each is asked for once, on a thread of its own.
    progress
        Called with the share of channels done, 0–1, from the calling thread; may raise to stop.

    Returns
    -------
    Audio
        Unmastered stereo sum at about −18 LUFS; float32, shape ``(2, n)``.
    """
    preset = mix_preset(song.mix.preset)
    return Audio(_mix(stems, song, preset, progress)[0])


def separate(stems: Mapping[str, Audio], song: Song) -> Iterator[tuple[str, Audio]]:
    """Stems as they stand in the mix, one after the other: their sum is :func:`mix` (to float32's rounding).

    Each has its share of the reverb, the echo and the bus compressors.
    """
    preset = mix_preset(song.mix.preset)
    curves = _mix(stems, song, preset)[1]
    settings = strips(stems, song, preset)
    for strip, channel in _channels(stems, settings, preset):
        if strip.role in VOICE_ROLES:
            channel *= np.float32(curves.voice_gain)
        room, echo = channel * np.float32(strip.room_send), channel * np.float32(strip.echo_send)
        if strip.role in DRUM_ROLES:
            apply_curve(channel, curves.drums)
        elif strip.role not in VOICE_ROLES and curves.dip is not None:
            dip_band(channel, VOICE_BAND, curves.dip)
        _add_space(channel, room, echo, song, preset)
        run_kernel(channel, curves.tone)
        apply_curve(channel, curves.total)
        yield strip.name, Audio(channel)


def _mix(
    stems: Mapping[str, Audio],
    song: Song,
    preset: MixPreset,
    progress: Callable[[float], None] | None = None,
) -> tuple[Stereo, _Curves]:
    settings = strips(stems, song, preset)
    n = round(song.length_seconds * SAMPLE_RATE_HZ)
    drums, band, room, echo = (np.zeros((2, n), np.float32) for _ in range(4))
    voices = [strip for strip in settings if strip.role in VOICE_ROLES]
    players = [strip for strip in settings if strip.role not in VOICE_ROLES]
    for done, (strip, channel) in enumerate(_channels(stems, players, preset), start=1):
        add_scaled(drums if strip.role in DRUM_ROLES else band, channel, 1.0, 1.0)
        _send(channel, strip, room, echo, 1.0)
        if progress is not None:
            progress(done / len(players))
    drum_curve = _drum_curve(drums, preset)
    apply_curve(drums, drum_curve)
    voice_gain, dip = 1.0, None
    if voices:
        voice_gain, dip = _add_voices(
            list(_channels(stems, voices, preset)), drums, band, (room, echo), preset
        )
    add_scaled(drums, band, 1.0, 1.0)
    del band
    _add_space(drums, room, echo, song, preset)
    tone = matching_filter(drums, target_of(song), MIXING)
    run_kernel(drums, tone)
    total = _glue_curve(drums, preset)
    apply_curve(drums, total)
    return drums, _Curves(drum_curve, dip, voice_gain, tone, total)


def _channels(
    stems: Mapping[str, Audio], settings: Sequence[Strip], preset: MixPreset
) -> Iterator[tuple[Strip, Stereo]]:
    """Prepared channels in order; a few are worked on ahead, never more, for the sake of memory."""

    def make(strip: Strip) -> Stereo:
        return prepare(stems[strip.name], strip, preset)

    with ThreadPoolExecutor(HANDS) as hands:
        ahead: deque[tuple[Strip, Future[Stereo]]] = deque()
        for strip in settings:
            ahead.append((strip, hands.submit(make, strip)))
            if len(ahead) >= HANDS:
                first, job = ahead.popleft()
                yield first, job.result()
        while ahead:
            first, job = ahead.popleft()
            yield first, job.result()


def _send(channel: Stereo, strip: Strip, room: Stereo, echo: Stereo, gain: float) -> None:
    for bus, amount in ((room, strip.room_send * gain), (echo, strip.echo_send * gain)):
        if amount:
            add_scaled(bus, channel, amount, amount)


def _add_space(dry: Stereo, room: Stereo, echo: Stereo, song: Song, preset: MixPreset) -> None:
    if np.any(echo):
        repeats = repeat(echo, preset.echo, song.tempo.bpm)
        add_scaled(dry, repeats, 1.0, 1.0)
        add_scaled(room, repeats, 0.3, 0.3)
        del repeats
    if np.any(room):
        add_scaled(dry, reverberate(room, preset.room), 1.0, 1.0)


def _add_voices(
    sung: Sequence[tuple[Strip, Stereo]],
    drums: Stereo,
    band: Stereo,
    sends: tuple[Stereo, Stereo],
    preset: MixPreset,
) -> tuple[float, Curve]:
    """Set the voices' level, make the band give way and add the voices to it."""
    gain = _voice_gain(sung[0][1], drums, band, preset)
    voice = np.zeros_like(band)
    for strip, channel in sung:
        add_scaled(voice, channel, gain, gain)
        _send(channel, strip, *sends, gain)
    dip = compressor_curve(voice, VOICE_DIP)
    dip_band(band, VOICE_BAND, dip)
    add_scaled(band, voice, 1.0, 1.0)
    return gain, dip


def _drum_curve(drums: Stereo, preset: MixPreset) -> Curve:
    """Punch, and parallel compression: the squeezed drums under the dry ones, all seen as one gain."""
    lufs = integrated_lufs(drums)
    if lufs <= SILENCE_LUFS:
        return flat_curve(drums.shape[1])
    squeezed = compressor_curve(drums, _heard(preset.drum_bus, lufs)) * np.float32(PARALLEL_GAIN)
    parallel = np.float32(preset.drum_parallel)
    punch = transient_curve(drums, preset.drum_punch_db)
    return np.asarray(punch * (1.0 + parallel * squeezed) / (1.0 + parallel), np.float32)


def _voice_gain(lead: Stereo, drums: Stereo, band: Stereo, preset: MixPreset) -> float:
    """Gain that puts the lead voice so far above the band, where it sings."""
    sung = block_powers(lead)
    singing = sung > max(float(sung.max(initial=0.0)) * 0.01, 1e-12)
    if not singing.any():
        return 1.0
    behind = float(block_powers(drums + band)[singing].mean())
    before = float(sung[singing].mean())
    if behind <= 1e-10:
        return 1.0
    return float(np.sqrt(behind / before)) * db_to_gain(preset.voice_over_band_db)


def _glue_curve(total: Stereo, preset: MixPreset) -> Curve:
    n = total.shape[1]
    lufs = integrated_lufs(total)
    if lufs <= SILENCE_LUFS:
        return np.ones(curve_length(n), np.float32)
    return compressor_curve(total, _heard(preset.glue, lufs)) * np.float32(db_to_gain(REFERENCE_LUFS - lufs))


def _heard(knobs: Compressor, lufs: float) -> Compressor:
    """The knobs as they stand for a bus that is not at the reference loudness they were set for."""
    return replace(knobs, threshold_db=knobs.threshold_db + lufs - REFERENCE_LUFS)
