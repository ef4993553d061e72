"""The sampler against SoundFont 2.04, one generator at a time, on a bank made for measuring.

The bank has one preset: a sine of 441 Hz (root key 69, so key 69 plays it as it is), or noise for
filters. What a generator does is read off the sound: frequencies, times, levels.
"""

import dataclasses

import numpy as np
import pytest

from producer.studio.instruments import sampler
from producer.studio.instruments.loops import SEAM, led_on, sealed
from producer.studio.instruments.patch import SampledPatch
from producer.studio.instruments.performance import Performance, Stroke
from producer.studio.instruments.soundfont import (
    DEFAULT_MODULATORS,
    DEFAULTS,
    GENERATORS,
    Modulator,
    Sample,
    Zone,
)
from producer.studio.instruments.soundfont import Generator as G

RATE_HZ = 44_100
ROOT = 69
PERIOD = 100  # samples of a cycle at the root: 441 Hz
STEP = 64  # samples between two readings of a curve
PATCH = SampledPatch(preset=(0, 0))


class MeasuringBank:
    """A bank of one preset."""

    def __init__(self, zones, samples):
        self.zones, self.samples = tuple(zones), samples

    def preset(self, bank, program):
        return self.zones

    def sample(self, index, mode=0):
        return self.samples[index]


def a_zone(keys=(0, 127), velocities=(0, 127), modulators=(), **generators):
    values = np.zeros(GENERATORS)
    for number, value in DEFAULTS.items():
        values[number] = value
    values[G.SAMPLE_MODES] = 1
    for name, value in generators.items():
        values[G[name]] = value
    return Zone(*keys, *velocities, values, tuple(modulators))


def a_sine(seconds=0.5, *, level=0.5, silent_after=False):
    x = level * np.sin(2 * np.pi * np.arange(int(seconds * RATE_HZ) // PERIOD * PERIOD) / PERIOD)
    if silent_after:
        x = np.concatenate([x, np.zeros(RATE_HZ)])
    samples = np.round(x * 32767).astype(np.int16)
    return Sample(samples, PERIOD, 11 * PERIOD, RATE_HZ, ROOT, 0)


def a_noise():
    samples = (9000 * np.random.default_rng(1).standard_normal(RATE_HZ)).clip(-32000, 32000)
    return Sample(samples.astype(np.int16), 0, RATE_HZ - 8, RATE_HZ, ROOT, 0)


@pytest.fixture
def sound(monkeypatch):
    """Play strokes of (start, hold, key, velocity) on zones; samples of shape (2, n)."""

    def play(*strokes, zones, sample=None, seconds=3.0, bend=None):
        bank = MeasuringBank(zones, [sample or a_sine()] * 2)
        monkeypatch.setattr(sampler, "bank", lambda: bank)
        monkeypatch.setattr(sampler, "ROUND_ROBIN_CENTS", 0.0)
        monkeypatch.setattr(sampler, "ROUND_ROBIN_DB", 0.0)
        n = int(seconds * RATE_HZ)
        still = np.ones(1, np.float32)
        performance = Performance(
            tuple(Stroke(start, start + hold, key, velocity) for start, hold, key, velocity in strokes),
            still if bend is None else bend, still, still, 60.0, n,
        )  # fmt: skip
        out = np.zeros((2, n), np.float32)
        sampler.play_sampled(out, PATCH, performance, 1)
        return out.astype(np.float64)

    return play


def envelope_db(samples, block=PERIOD * 2):
    """Level of the left channel in blocks of two cycles, dB."""
    whole = samples[0, : samples.shape[1] // block * block].reshape(-1, block)
    return 10 * np.log10((whole**2).mean(axis=1) + 1e-14)


def at(curve, seconds, block=PERIOD * 2):
    return curve[int(seconds * RATE_HZ / block)]


def pitch_cents(samples):
    """Pitch against 441 Hz in blocks of 10 ms: from the upward zero crossings, interpolated."""
    x = samples[0]
    up = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    exact = up - x[up] / (x[up + 1] - x[up])
    times = (exact[1:] + exact[:-1]) / 2 / RATE_HZ
    cents = 1200 * np.log2(RATE_HZ / np.diff(exact) / (RATE_HZ / PERIOD))
    clock = np.arange(times[0], times[-1], 0.01)
    return clock, np.interp(clock, times, cents)


def timecents(seconds):
    return 1200 * np.log2(seconds)


def test_a_stroke_at_the_root_key_plays_the_recording_as_it_is(sound):
    samples = sound((0.0, 1.0, ROOT, 127), zones=[a_zone()])
    _, cents = pitch_cents(samples[:, 100:40_000])
    assert np.abs(cents).max() < 0.5


def test_keys_tune_by_scale_tuning_coarse_and_fine_tune(sound):
    for generators, key, wanted in (
        ({}, ROOT + 7, 700.0),
        ({"SCALE_TUNING": 50}, ROOT + 8, 400.0),
        ({"COARSE_TUNE": -3, "FINE_TUNE": 12}, ROOT, -288.0),
        ({"ROOT_KEY": ROOT - 12}, ROOT, 1200.0),
    ):
        _, cents = pitch_cents(sound((0.0, 1.0, key, 127), zones=[a_zone(**generators)])[:, 100:40_000])
        assert np.median(cents) == pytest.approx(wanted, abs=0.5)


def test_the_volume_envelope_has_its_times_and_levels(sound):
    zone = a_zone(
        VOL_ENV_DELAY=timecents(0.2), VOL_ENV_ATTACK=timecents(0.3), VOL_ENV_HOLD=timecents(0.25),
        VOL_ENV_DECAY=timecents(1.0), VOL_ENV_SUSTAIN=200, VOL_ENV_RELEASE=timecents(0.5),
    )  # fmt: skip
    curve = envelope_db(sound((0.0, 2.0, ROOT, 127), zones=[zone]))
    top = curve.max()
    assert at(curve, 0.15) < -100  # delay
    assert at(curve, 0.35) - top == pytest.approx(-6.0, abs=0.3)  # halfway up: linear in amplitude
    assert at(curve, 0.6) == pytest.approx(top, abs=0.05)  # hold
    assert at(curve, 0.85) - top == pytest.approx(-10.0, abs=0.5)  # 100 dB a second from 0.75 s on
    assert at(curve, 1.5) - top == pytest.approx(-20.0, abs=0.1)  # sustain
    assert at(curve, 2.1) - top == pytest.approx(-40.0, abs=0.6)  # 100 dB in half a second


def test_key_tracking_shortens_the_hold_and_decay_of_high_keys(sound):
    zone = a_zone(VOL_ENV_DECAY=timecents(4.0), VOL_ENV_SUSTAIN=1000, KEY_TO_VOL_DECAY=100)
    falls = []
    for key in (60, 72):
        curve = envelope_db(sound((0.0, 2.0, key, 127), zones=[zone]))
        falls.append(at(curve, 0.2) - at(curve, 0.6))
    assert falls[0] == pytest.approx(10.0, abs=0.3)  # 100 dB in 4 s
    assert falls[1] == pytest.approx(20.0, abs=0.3)  # an octave up: half as long


def test_vibrato_has_its_delay_rate_and_depth(sound):
    zone = a_zone(
        VIB_LFO_DELAY=timecents(0.5), VIB_LFO_FREQUENCY=1200 * np.log2(5.5 / 8.176), VIB_LFO_TO_PITCH=40
    )
    clock, cents = pitch_cents(sound((0.0, 2.9, ROOT, 127), zones=[zone]))
    assert np.abs(cents[clock < 0.49]).max() < 1.0
    moving = cents[clock > 0.55]
    spectrum = np.abs(np.fft.rfft((moving - moving.mean()) * np.hanning(moving.size), 1 << 15))
    assert np.argmax(spectrum) / (1 << 15) * 100 == pytest.approx(5.5, abs=0.1)
    assert moving.max() == pytest.approx(40.0, abs=2.0)
    assert moving.min() == pytest.approx(-40.0, abs=2.0)


def test_the_modulation_oscillator_shakes_volume_and_filter(sound):
    hz = 1200 * np.log2(4.0 / 8.176)
    curve = envelope_db(
        sound((0.0, 2.9, ROOT, 127), zones=[a_zone(MOD_LFO_FREQUENCY=hz, MOD_LFO_TO_VOLUME=60)])
    )
    steady = curve[20:500]
    assert steady.max() - steady.min() == pytest.approx(12.0, abs=0.8)  # ±6 dB
    spectrum = np.abs(np.fft.rfft((steady - steady.mean()) * np.hanning(steady.size), 1 << 14))
    assert np.argmax(spectrum) / (1 << 14) * RATE_HZ / (2 * PERIOD) == pytest.approx(4.0, abs=0.15)

    swept = sound(
        (0.0, 2.9, ROOT, 127), sample=a_noise(),
        zones=[a_zone(FILTER_CUTOFF=9000, MOD_LFO_FREQUENCY=hz, MOD_LFO_TO_FILTER=1200)],
    )  # fmt: skip
    loud = envelope_db(swept)[20:500]
    assert np.percentile(loud, 95) - np.percentile(loud, 5) > 4.0


def test_the_modulation_envelope_bends_pitch_and_opens_the_filter(sound):
    zone = a_zone(
        MOD_ENV_TO_PITCH=-600, MOD_ENV_DECAY=timecents(0.5), MOD_ENV_SUSTAIN=1000, FILTER_CUTOFF=13_500
    )
    clock, cents = pitch_cents(sound((0.0, 2.0, ROOT, 127), zones=[zone])[:, : 2 * RATE_HZ - 500])
    assert cents[np.argmin(abs(clock - 0.25))] == pytest.approx(-300.0, abs=12.0)
    assert np.abs(cents[clock > 0.55]).max() < 1.0


@pytest.mark.parametrize(("cents", "hz"), [(8000.0, 831.0), (10_000.0, 2637.0)])
def test_the_low_pass_falls_by_12_db_an_octave_from_its_corner(sound, cents, hz):
    open_power, cut_power = (
        np.abs(np.fft.rfft(sound((0.0, 2.9, ROOT, 127), sample=a_noise(), zones=[zone])[0, 2000:90_200])) ** 2
        for zone in (a_zone(), a_zone(FILTER_CUTOFF=cents))
    )
    step = RATE_HZ / 88_200

    def loss_db(at_hz):
        band = slice(int(at_hz * 0.94 / step), int(at_hz * 1.06 / step))
        return 10 * np.log10(cut_power[band].sum() / open_power[band].sum())

    assert loss_db(hz) == pytest.approx(-3.0, abs=0.7)
    if hz < 1000:  # nearer to half the sampling rate the bilinear filter falls faster
        assert loss_db(4 * hz) - loss_db(2 * hz) == pytest.approx(-12.0, abs=1.2)


def test_resonance_lifts_the_corner(sound):
    def corner_db(resonance):
        zone = a_zone(FILTER_CUTOFF=10_000, FILTER_Q=resonance)
        samples = sound((0.0, 2.9, ROOT, 127), sample=a_noise(), zones=[zone])
        power = np.abs(np.fft.rfft(samples[0, 2000:90_200])) ** 2
        return 10 * np.log10(power[4900:5600].mean() / power[400:1000].mean())

    assert corner_db(150) - corner_db(0) == pytest.approx(15.0, abs=1.5)


def test_the_modulation_envelope_rises_along_a_convex_curve(sound):
    zone = a_zone(MOD_ENV_TO_PITCH=1200, MOD_ENV_ATTACK=timecents(1.0), MOD_ENV_SUSTAIN=0)
    clock, cents = pitch_cents(sound((0.0, 2.0, ROOT, 127), zones=[zone])[:, : 2 * RATE_HZ - 500])
    for share in (0.25, 0.5, 0.8):
        wanted = 1200 * (1 + 40 / 96 * np.log10(share))
        assert cents[np.argmin(abs(clock - share))] == pytest.approx(wanted, abs=15.0)


def test_velocity_is_loudness_by_40_log(sound):
    levels = [
        at(envelope_db(sound((0.0, 1.0, ROOT, v), zones=[a_zone(modulators=DEFAULT_MODULATORS[:1])])), 0.5)
        for v in (127, 64)
    ]
    assert levels[0] - levels[1] == pytest.approx(40 * np.log10(127 / 64), abs=0.3)


def test_velocity_closes_the_filter_by_default(sound):
    def top_db(velocity):
        zone = a_zone(FILTER_CUTOFF=11_000, modulators=DEFAULT_MODULATORS)
        samples = sound((0.0, 2.9, ROOT, velocity), sample=a_noise(), zones=[zone])
        power = np.abs(np.fft.rfft(samples[0, 2000:90_200])) ** 2
        return 10 * np.log10(power[8000:20_000].sum() / power[200:1000].sum())

    assert top_db(40) < top_db(120) - 10


def test_a_bank_s_own_modulators_act(sound):
    velocity_to_attack = Modulator(0x0102, G.VOL_ENV_ATTACK, -6000.0)  # softer = slower: 1 s at most …
    zone = a_zone(VOL_ENV_ATTACK=0, modulators=(velocity_to_attack,))
    soft, hard = (at(envelope_db(sound((0.0, 2.0, ROOT, v), zones=[zone])), 0.05) for v in (127, 1))
    assert soft < hard - 15


def test_loops_go_on_without_a_seam(sound):
    samples = sound((0.0, 2.5, ROOT + 5, 127), zones=[a_zone()])[0, 1000:100_000]
    spectrum = np.abs(np.fft.rfft(samples * np.blackman(samples.size))) ** 2
    peak = int(spectrum.argmax())
    rest = np.concatenate([spectrum[: peak - 30], spectrum[peak + 30 :]])
    assert 10 * np.log10(rest.max() / spectrum[peak]) < -75


def test_a_loop_that_ends_with_its_recording_keeps_its_length(sound):
    cycle = np.round(16_000 * np.sin(2 * np.pi * np.arange(PERIOD) / PERIOD)).astype(np.int16)
    recording = np.tile(cycle, 2)
    sample = Sample(led_on(recording, PERIOD, 2 * PERIOD), PERIOD, 2 * PERIOD, RATE_HZ, ROOT, 0)
    samples = sound((0.0, 1.0, ROOT, 127), zones=[a_zone()], sample=sample)
    _, cents = pitch_cents(samples[:, 300:40_000])
    assert np.abs(cents).max() < 0.5


def a_sealed(sample):
    samples = sealed(sample.samples, sample.loop_start, sample.loop_end)
    return dataclasses.replace(sample, samples=samples)


def test_a_loop_whose_ends_were_coded_apart_has_no_seam(sound):
    sine = a_sine()
    torn = sine.samples.copy()
    drift = np.linspace(0, 900, PERIOD).astype(np.int16)  # as if the end had been coded without the start
    torn[10 * PERIOD : 11 * PERIOD] += drift
    torn[11 * PERIOD :] += drift[-1]

    def jump(sample):
        played = sound((0.0, 2.0, ROOT, 127), zones=[a_zone()], sample=sample)[0, 2000:60_000]
        return np.abs(np.diff(played, 4)).max()

    broken = dataclasses.replace(sine, samples=torn)
    smooth = jump(sine)
    assert jump(broken) > 100 * smooth
    assert jump(a_sealed(broken)) < 6 * smooth
    assert np.array_equal(a_sealed(broken).samples[: 10 * PERIOD], torn[: 10 * PERIOD])


def test_sealing_leaves_a_loop_that_fits_as_it_is():
    sine = a_sine()
    assert np.abs(a_sealed(sine).samples.astype(int) - sine.samples).max() <= 1


def test_sealing_keeps_the_power_of_a_loop_of_many_voices():
    noise = a_noise()
    sample = dataclasses.replace(noise, loop_start=10_000, loop_end=40_000)
    joined = a_sealed(sample).samples[40_000 - SEAM : 40_000].astype(float)
    assert 10 * np.log10((joined**2).mean() / 9000**2) == pytest.approx(0.0, abs=0.6)


def test_a_loop_until_release_plays_the_rest_of_the_recording(sound):
    sample = a_sine(1.0)
    tail = np.round(16000 * np.sin(2 * np.pi * np.arange(RATE_HZ // 2) * 2 / PERIOD)).astype(np.int16)
    both = dataclasses.replace(sample, samples=np.concatenate([sample.samples[: 11 * PERIOD + 8], tail]))
    zone = a_zone(SAMPLE_MODES=3, VOL_ENV_RELEASE=timecents(5.0))
    _, cents = pitch_cents(sound((0.0, 1.0, ROOT, 127), zones=[zone], sample=both))
    assert np.median(cents[20:90]) == pytest.approx(0.0, abs=1.0)
    assert np.median(cents[110:140]) == pytest.approx(1200.0, abs=5.0)


def test_a_stereo_pair_stands_left_and_right_at_once(sound):
    left, right = sound((0.5, 1.0, ROOT, 127), zones=[a_zone(PAN=-500), a_zone(PAN=500)], seconds=2.0)
    assert np.abs(left - right).max() < 1e-6
    assert np.abs(left).max() > 0.3
    left, right = sound((0.5, 1.0, ROOT, 127), zones=[a_zone(PAN=-500)], seconds=2.0)
    assert np.abs(right).max() < 1e-6 < np.abs(left).max()


def test_an_exclusive_class_chokes_only_its_own(sound):
    hardly = {"ATTENUATION": 1440 * 10, "VOL_ENV_RELEASE": timecents(0.01)}
    zones = [
        a_zone(keys=(60, 60), EXCLUSIVE_CLASS=1, VOL_ENV_RELEASE=timecents(4.0)),
        a_zone(keys=(61, 61), EXCLUSIVE_CLASS=1, **hardly),
        a_zone(keys=(70, 70), EXCLUSIVE_CLASS=2, **hardly),
    ]
    first = (0.0, 2.0, 60, 127)
    alone = envelope_db(sound(first, zones=zones))
    choked = envelope_db(sound(first, (0.5, 0.01, 61, 1), zones=zones))
    other = envelope_db(sound(first, (0.5, 0.01, 70, 1), zones=zones))
    assert at(choked, 0.62) < at(alone, 0.62) - 60
    assert at(other, 0.62) > at(alone, 0.62) - 1


def test_pitch_bend_moves_every_voice_smoothly(sound):
    n = 2 * RATE_HZ // STEP + 1
    bend = (2.0 ** (np.clip((np.arange(n) * STEP / RATE_HZ - 0.5) / 0.5, 0, 1) * 2 / 12)).astype(np.float32)
    clock, cents = pitch_cents(sound((0.0, 1.9, ROOT, 127), zones=[a_zone()], seconds=2.0, bend=bend))
    assert np.abs(cents[clock < 0.48]).max() < 1.0
    assert cents[np.argmin(abs(clock - 0.75))] == pytest.approx(100.0, abs=3.0)
    assert cents[np.argmin(abs(clock - 1.5))] == pytest.approx(200.0, abs=1.0)
    assert np.abs(np.diff(cents)).max() < 8.0


def test_velocity_layers_don_t_sound_together(sound):
    zones = [a_zone(velocities=(0, 63), COARSE_TUNE=12), a_zone(velocities=(64, 127))]
    for velocity, wanted in ((40, 1200.0), (100, 0.0)):
        _, cents = pitch_cents(sound((0.0, 1.0, ROOT, velocity), zones=zones)[:, 100:40_000])
        assert np.median(cents) == pytest.approx(wanted, abs=1.0)
