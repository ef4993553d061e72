"""Filters, dynamics, space and meters do what their numbers say."""

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from producer.studio.dsp.dynamics import (
    Compressor,
    apply_curve,
    compressor_curve,
    duck_curve,
    limit,
    line_curve,
    transient_curve,
    true_peaks,
)
from producer.studio.dsp.filters import Band, equalize
from producer.studio.dsp.loudness import integrated_lufs
from producer.studio.dsp.space import Echo, Room, corner_of, repeat, reverberate, widen
from producer.studio.dsp.spectrum import MIXING, THIRDS_HZ, matching_filter, run_kernel, third_octaves_db
from producer.studio.dsp.tape import age
from producer.studio.preset import mix_preset, preset_names

RATE_HZ = 44_100


def tone(hz, seconds=1.0, gain=0.5):
    wave = gain * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)
    return np.stack([wave, wave]).astype(np.float32)


def noise(seconds=4.0, gain=0.1, seed=3):
    return np.random.default_rng(seed).standard_normal(
        (2, int(seconds * RATE_HZ)), dtype=np.float32
    ) * np.float32(gain)


def level_db(samples):
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-20)


@pytest.mark.parametrize(
    ("band", "hz", "expected_db"),
    [
        (Band("bell", 1000, 6.0, 1.0), 1000, 6.0),
        (Band("bell", 1000, 6.0, 1.0), 60, 0.0),
        (Band("high_pass", 200), 200, -3.0),
        (Band("high_pass", 200), 50, -24.0),
        (Band("low_pass", 2000), 4000, -13.0),
        (Band("low_shelf", 300, -4.0), 40, -4.0),
        (Band("high_shelf", 3000, 5.0), 15000, 5.0),
        (Band("band_pass", 1500), 1500, 0.0),
    ],
)
def test_a_band_s_gain(band, hz, expected_db):
    audio = tone(hz)
    before = level_db(audio[:, 10_000:])
    equalize(audio, (band,))
    assert level_db(audio[:, 10_000:]) - before == pytest.approx(expected_db, abs=1.0)


def test_an_unknown_filter_is_refused():
    with pytest.raises(ValueError, match="comb"):
        equalize(tone(100), (Band("comb", 100),))


@pytest.mark.parametrize("gain", [0.02, 0.3])
def test_loudness_agrees_with_pyloudnorm(gain):
    audio = noise(6.0, gain) + tone(90, 6.0, gain)
    audio[:, 100_000:180_000] *= 0.01
    assert integrated_lufs(audio) == pytest.approx(
        pyloudnorm.Meter(RATE_HZ).integrated_loudness(audio.T), abs=0.05
    )


def test_silence_has_no_loudness():
    assert integrated_lufs(np.zeros((2, RATE_HZ), np.float32)) == -120.0
    assert integrated_lufs(np.zeros((2, 0), np.float32)) == -120.0


def test_a_compressor_reduces_by_its_ratio():
    audio = tone(500, 2.0, gain=0.5)
    curve = compressor_curve(audio, Compressor(-26.0, 4.0, 0.005, 0.1, 0.0))
    settled = 20 * np.log10(curve[-100:].mean())
    assert settled == pytest.approx(-(20 * np.log10(0.5) + 26.0) * 0.75, abs=0.3)
    quiet = compressor_curve(audio * np.float32(0.01), Compressor(-26.0, 4.0))
    assert np.allclose(quiet, 1.0)


def test_ducking_dips_at_the_kick_and_swings_back():
    curve = duck_curve(2 * RATE_HZ, [0.5], 9.0, 0.4)
    at = lambda seconds: 20 * np.log10(curve[int(seconds * RATE_HZ / 32)])  # noqa: E731
    assert at(0.45) == 0.0
    assert at(0.505) == pytest.approx(-9.0, abs=0.3)
    assert at(0.95) == 0.0


def test_a_line_curve_goes_through_its_points():
    audio = np.ones((2, 2 * RATE_HZ), np.float32)
    apply_curve(audio, line_curve(audio.shape[1], [(0.5, 0.0), (1.0, -6.0), (2.0, -6.0)]))
    assert audio[0, 10_000] == pytest.approx(1.0)
    assert audio[0, 66_000] == pytest.approx(10 ** (-6 / 20), abs=0.01)


def test_true_peaks_are_found_between_samples():
    audio = tone(RATE_HZ / 4, 0.2, gain=1.0)
    phase = np.sin(np.pi / 2 * np.arange(audio.shape[1]) + np.pi / 4).astype(np.float32)
    audio[:] = phase
    assert np.abs(audio).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peaks(audio)[200:-200].max() == pytest.approx(1.0, abs=0.01)


def test_the_limiter_holds_its_ceiling_against_another_meter():
    audio = noise(2.0, 0.5)
    held = limit(audio, true_peaks(audio), 1.0, 0.5)
    assert np.abs(resample_poly(held, 8, 1, axis=1)).max() < 0.5 * 10 ** (
        0.4 / 20
    )  # white noise is the worst of all
    assert level_db(held) > level_db(audio) - 12


def test_a_room_rings_as_long_as_asked():
    click = np.zeros((2, 4 * RATE_HZ), np.float32)
    click[:, 100] = 1.0
    wet = reverberate(click, Room(decay_seconds=1.5, damping_hz=18_000.0))
    early, late = level_db(wet[:, 13_230:22_050]), level_db(wet[:, 57_330:66_150])
    assert (early - late) / 60.0 * 1.5 == pytest.approx(1.0, abs=0.2)
    assert abs(np.corrcoef(wet[0, 8_000:40_000], wet[1, 8_000:40_000])[0, 1]) < 0.3


def test_echoes_come_in_tempo_and_change_sides():
    click = np.zeros((2, 3 * RATE_HZ), np.float32)
    click[:, 0:40] = 0.5
    wet = repeat(click, Echo(beats=1.0, feedback=0.5), bpm=120.0)
    first, second = np.abs(wet[:, 22_050:22_300]).max(axis=1), np.abs(wet[:, 44_100:44_400]).max(axis=1)
    assert first[0] > 2 * first[1]
    assert second[1] > 2 * second[0]
    assert np.abs(wet[:, :22_000]).max() < 1e-6


def test_widening_keeps_the_mono_sum_and_the_bass_in_the_middle():
    audio = noise(2.0) + tone(60, 2.0, 0.3)
    audio[1] = audio[0]
    before = audio.mean(axis=0).copy()
    widen(audio, 1.0, 0.5, corner_of(140.0))
    assert np.allclose(audio.mean(axis=0), before, atol=1e-6)
    side = 0.5 * (audio[0] - audio[1])
    assert level_db(side) > level_db(before) - 20
    low = side[None, :].repeat(2, axis=0)
    equalize(low, (Band("low_pass", 70), Band("low_pass", 70)))
    assert level_db(low) < level_db(before) - 20


@pytest.mark.parametrize("name", preset_names())
def test_matching_brings_noise_to_each_preset_s_target(name):
    preset = mix_preset(name)
    audio = noise(3.0)
    equalize(audio, (Band("high_shelf", 2500, -8.0), Band("low_shelf", 300, 6.0), Band("bell", 700, 4.0)))
    kernel = matching_filter(audio, preset.target_db)
    matched = np.stack([np.convolve(audio[0], kernel)[2048:-2048]] * 2).astype(np.float32)
    miss = third_octaves_db(matched) - np.array([preset.target_db(float(hz)) for hz in THIRDS_HZ])
    heard = (THIRDS_HZ >= 150) & (THIRDS_HZ <= 6000)
    wanted = np.abs(miss[heard] - np.median(miss[heard]))
    assert np.median(wanted) < 2.0


def test_age_narrows_the_band():
    audio = noise(2.0)
    age(audio, 1.0)
    spectrum = third_octaves_db(audio)
    assert spectrum[THIRDS_HZ > 12_000].max() < spectrum[(THIRDS_HZ > 500) & (THIRDS_HZ < 2000)].mean() - 15


def test_the_transient_shaper_lifts_onsets_whatever_their_level():
    hits = np.zeros((2, RATE_HZ), np.float32)
    ring = np.exp(-np.arange(8000) / 2500.0) * np.sin(np.arange(8000) * 0.05)
    hits[:, 4000:12_000] = 0.005 * ring
    hits[:, 24_000:32_000] = 0.5 * ring
    curve = transient_curve(hits, 4.0)
    soft, loud = curve[4000 // 32 : 4600 // 32].max(), curve[24_000 // 32 : 24_600 // 32].max()
    assert 10 ** (3.0 / 20) < loud <= 10 ** (4.0 / 20) + 1e-6
    assert soft == pytest.approx(loud, abs=0.05)
    assert curve[10_000 // 32] < 1.05
    assert transient_curve(hits, 0.0).max() == 1.0


def test_gentle_matching_stays_within_its_reach():
    audio = noise(2.0)
    equalize(audio, (Band("high_shelf", 2500, -12.0),))
    kernel = matching_filter(audio, mix_preset("pop").target_db, MIXING)
    gains = 20 * np.log10(np.abs(np.fft.rfft(kernel, 16_384)) + 1e-9)
    hz = np.fft.rfftfreq(16_384, 1 / RATE_HZ)
    heard = (hz > 60) & (hz < 14_000)
    assert np.abs(gains[heard]).max() < MIXING.boost_db + 0.3
    before = audio.copy()
    run_kernel(audio, kernel)
    assert audio.shape == before.shape
    assert np.abs(np.correlate(audio[0], before[0, :-200], "valid")).argmax() == 0
