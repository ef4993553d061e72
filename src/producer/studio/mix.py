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
from producer.studio.balance import Faders, find_phrases, ride
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
    line_curve,
    transient_curve,
)
from producer.studio.dsp.filters import Band
from producer.studio.dsp.loudness import (
    HOP,
    SILENCE_LUFS,
    block_powers,
    gated_lufs,
    integrated_lufs,
    mean_lufs,
)
from producer.studio.dsp.space import repeat, reverberate
from producer.studio.dsp.spectrum import MIXING, matching_filter, run_kernel
from producer.studio.preset import BACKING_VOCALS, VOCALS, MixPreset, mix_preset
from producer.studio.target import target_of
from producer.units import db_to_gain

HANDS = 2  # channels that are prepared at once
VOICE_BAND = Band("band_pass", 2600.0, 0.0, 0.4)  # where words are understood
#: Makes the band give way there, by 9 dB at most, while somebody sings.
VOICE_DIP = Compressor(threshold_db=-34.0, ratio=1.55, attack_seconds=0.02, release_seconds=0.25)
#: Of what a section lies further below the whole song than :data:`QUIET_LU`, so much is made up.
LIFT_SHARE, QUIET_LU, MOST_LIFT_DB = 0.6, 4.0, 5.0
BLOCK_HOP_SECONDS = HOP / SAMPLE_RATE_HZ
PARALLEL_GAIN = 2.0  # of the squeezed drums, before their share
DRUM_ROLES = (Role.DRUMS.value, Role.PERCUSSION.value)
VOICE_ROLES = (VOCALS, BACKING_VOCALS)

Stereo = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Everything the buses do, as gains that hold for each of their channels."""

    drums: Curve
    dip: Curve | None
    faders: Faders | None  #: when somebody sings
    tone: NDArray[np.float32]  #: the mix bus's equaliser
    total: Curve  #: a hand on quiet beginnings, glue, and the way to the mix's level


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
        room, echo = channel * np.float32(strip.room_send), channel * np.float32(strip.echo_send)
        if strip.role in DRUM_ROLES:
            apply_curve(channel, curves.drums)
        elif strip.role not in VOICE_ROLES and curves.dip is not None:
            dip_band(channel, VOICE_BAND, curves.dip)
        _add_space(channel, room, echo, song, preset)
        if curves.faders is not None:
            voice = strip.role in VOICE_ROLES
            apply_curve(channel, curves.faders.voice if voice else curves.faders.band)
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
        _send(channel, strip, room, echo)
        if progress is not None:
            progress(done / len(players))
    drum_curve = _drum_curve(drums, preset)
    apply_curve(drums, drum_curve)
    _add_space(drums, room, echo, song, preset)
    del room, echo
    faders, dip = None, None
    if voices:
        lead, others = _sung(_channels(stems, voices, preset), song, preset, n)
        faders, dip, tone = _balance(lead, others, drums, band, song, preset)
        lead += others
        del others
        _join(lead, drums, band, faders, dip)
        total = lead
    else:
        total = drums
        total += band
        tone = matching_filter(total, target_of(song), MIXING)
    del drums, band
    run_kernel(total, tone)
    lift = lift_curve(block_powers(total), song, n)
    apply_curve(total, lift)
    glue = _glue_curve(total, preset)
    apply_curve(total, glue)
    return total, _Curves(drum_curve, dip, faders, tone, lift * glue)


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


def _send(channel: Stereo, strip: Strip, room: Stereo, echo: Stereo) -> None:
    for bus, amount in ((room, strip.room_send), (echo, strip.echo_send)):
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


def _sung(
    channels: Iterator[tuple[Strip, Stereo]], song: Song, preset: MixPreset, n: int
) -> tuple[Stereo, Stereo]:
    """The lead and all other voices, each with its reverb and echo."""
    buses = {name: np.zeros((2, n), np.float32) for name in (VOCALS, BACKING_VOCALS)}
    for strip, channel in channels:
        room, echo = np.zeros((2, 2, n), np.float32)
        _send(channel, strip, room, echo)
        _add_space(channel, room, echo, song, preset)
        buses[strip.role] += channel
    return buses[VOCALS], buses[BACKING_VOCALS]


def _balance(
    lead: Stereo, others: Stereo, drums: Stereo, band: Stereo, song: Song, preset: MixPreset
) -> tuple[Faders, Curve, NDArray[np.float32]]:
    """Ride the faders, make the band give way, equalise; then look at the result and ride once more.

    What the voice stands above the band changes with the dip and with the mix bus's equaliser, and both
    change with the voice; after the second look what is left to correct is small.
    """
    wanted_db = preset.voice_over_band_db
    before = find_phrases(block_powers(lead), block_powers(drums + band))
    faders = ride(before, wanted_db, lead.shape[1])
    voice = lead + others
    dip = _dip(voice, faders)
    behind = np.zeros_like(band)
    _join(behind, drums, band, faders, dip)
    apply_curve(voice, faders.voice)
    voice += behind
    tone = matching_filter(voice, target_of(song), MIXING)
    voice[:] = lead
    apply_curve(voice, faders.voice)
    run_kernel(voice, tone)
    run_kernel(behind, tone)
    after = find_phrases(block_powers(voice), block_powers(behind))
    return faders.then(ride(after, wanted_db, lead.shape[1])), dip, tone


def _dip(voice: Stereo, faders: Faders) -> Curve:
    """How far the band gives way under voices that come to this level."""
    key = voice.copy()
    apply_curve(key, faders.voice)
    return compressor_curve(key, VOICE_DIP)


def _join(voice: Stereo, drums: Stereo, band: Stereo, faders: Faders, dip: Curve) -> None:
    """Add the band behind the voices, in place; `voice` is at its own level before."""
    apply_curve(voice, faders.voice)
    behind = band.copy()
    dip_band(behind, VOICE_BAND, dip)
    behind += drums
    apply_curve(behind, faders.band)
    voice += behind


def _drum_curve(drums: Stereo, preset: MixPreset) -> Curve:
    """Punch, and parallel compression: the squeezed drums under the dry ones, all seen as one gain."""
    lufs = integrated_lufs(drums)
    if lufs <= SILENCE_LUFS:
        return flat_curve(drums.shape[1])
    squeezed = compressor_curve(drums, _heard(preset.drum_bus, lufs)) * np.float32(PARALLEL_GAIN)
    parallel = np.float32(preset.drum_parallel)
    punch = transient_curve(drums, preset.drum_punch_db)
    return np.asarray(punch * (1.0 + parallel * squeezed) / (1.0 + parallel), np.float32)


def lift_curve(powers: NDArray[np.float64], song: Song, n: int) -> Curve:
    """A hand on the master fader: a beginning that would be lost before the rest comes up by a share.

    A lone guitar before a full band is 10 dB softer by itself; listeners would reach for their volume. The
    first section that is loud enough ends it: breakdowns are meant, and the last section is to die away.

    Parameters
    ----------
    powers
        K-weighted powers of the mix, see :func:`.dsp.loudness.block_powers`.
    """
    whole = gated_lufs(powers)
    points: list[tuple[float, float]] = []
    sections = song.form.sections
    for section in sections[:-1]:
        start, end = (song.seconds_of_bar(bar) for bar in (section.start_bar, section.end_bar))
        inside = powers[round(start / BLOCK_HOP_SECONDS) : max(0, round(end / BLOCK_HOP_SECONDS) - 3)]
        under_db = whole - mean_lufs(inside) - QUIET_LU if inside.size else 0.0
        if under_db <= 0.0:
            points.append((start, 0.0))
            break
        gain_db = min(MOST_LIFT_DB, LIFT_SHARE * under_db)
        lead_in = min(0.25, (end - start) / 4.0)
        points += [(start, gain_db), (max(start, end - lead_in), gain_db)]
    else:
        points.append((song.seconds_of_bar(sections[-1].start_bar), 0.0))
    return line_curve(n, points)


def _glue_curve(total: Stereo, preset: MixPreset) -> Curve:
    n = total.shape[1]
    lufs = integrated_lufs(total)
    if lufs <= SILENCE_LUFS:
        return np.ones(curve_length(n), np.float32)
    return compressor_curve(total, _heard(preset.glue, lufs)) * np.float32(db_to_gain(REFERENCE_LUFS - lufs))


def _heard(knobs: Compressor, lufs: float) -> Compressor:
    """The knobs as they stand for a bus that is not at the reference loudness they were set for."""
    return replace(knobs, threshold_db=knobs.threshold_db + lufs - REFERENCE_LUFS)
