"""Unvoiced consonants stay unvoiced, although the voice model writes a pitch under them and hums."""

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt
from singer_scores import make_song, sung_line

from producer.studio.singer.performance import perform
from producer.studio.singer.voicing import periodicity

RATE_HZ = 44_100
SPEECH_HZ = 24_000


def level_db(samples):
    return 10 * np.log10(np.mean(samples.astype(float) ** 2) + 1e-12)


def test_periodicity_tells_a_voice_from_noise_and_from_a_faint_hum():
    rng = np.random.default_rng(1)
    t = np.arange(SPEECH_HZ) / SPEECH_HZ
    tone = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 9))
    wave = np.where(t < 0.4, tone, np.where(t < 0.7, 0.3 * rng.standard_normal(len(t)), 0.01 * tone))
    voicing = periodicity(wave, np.full(200, 120.0))
    assert voicing[10:70].min() > 0.9
    assert voicing[90:130].mean() < 0.4
    assert voicing[150:190].max() < 0.1


@pytest.mark.parametrize("text", ["Set the table", "Fetch the horse from home", "Put it on the wall"])
def test_no_hum_before_the_first_vowel(text):
    song = make_song(sung_line(text, tune=(52, 55, 54, 52, 50, 52, 50)), singers=("am_eric",))
    ((cue, audio),) = perform(song)
    first = -audio.start_seconds + song.tempo.seconds_at(4.0) - cue.start_seconds
    low = sosfiltfilt(butter(4, (70, 320), "bandpass", fs=RATE_HZ, output="sos"), audio.samples.astype(float))

    def at(start, end):
        return level_db(low[round((first + start) * RATE_HZ) : round((first + end) * RATE_HZ)])

    assert at(-0.08, -0.03) < at(0.1, 0.25) - 20.0
