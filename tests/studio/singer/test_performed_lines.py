"""Real lines measured: pitch, timing, cleanness and words."""

import numpy as np
import voice_judge as judge
from scipy.signal import lfilter

from producer.studio.singer.phonemes import Kind, kind_of

RATE_HZ = 44_100


def lines(performed):
    song, sung = performed
    return zip(song.vocal, sung, strict=True)


def test_the_voice_is_on_its_notes(performed):
    song, sung = performed
    cents = []
    for line, (cue, audio) in zip(song.vocal, sung, strict=True):
        seconds, hz = judge.pitch_track(audio.samples)
        at = seconds + cue.start_seconds + audio.start_seconds
        for note in line.notes:
            start, end = song.tempo.seconds_at(note.start_beat), song.tempo.seconds_at(note.end_beat)
            # past the glide and before the next syllable's consonants
            inside = (at > start + 0.12) & (at < end - 0.2) & (hz > 0)
            cents.append(1200 * np.log2(hz[inside] / (440 * 2 ** ((note.pitch - 69) / 12))))
    off = np.abs(np.concatenate(cents))
    assert len(off) > 500
    assert (off < 50).mean() >= 0.95


def test_the_voice_follows_the_intended_curve(performed):
    for _, (_, audio) in lines(performed):
        report = judge.pitch_report(audio.samples, audio.times - audio.times[0], audio.pitch_hz)
        assert report["within_50"] >= 0.95
        assert report["voiced"] >= 0.9
        assert report["rmse_cents"] <= 30.0


def test_vowels_start_on_their_notes(performed):
    song, sung = performed
    errors = []
    for line, (cue, audio) in zip(song.vocal, sung, strict=True):
        starts = [
            song.tempo.seconds_at(note.start_beat) - cue.start_seconds - audio.start_seconds
            for note in line.notes
            if kind_of((line.line.syllables[note.syllable].onset or ("",))[-1]) == Kind.UNVOICED
        ]
        errors += judge.vowel_onset_errors(audio.samples, starts).tolist()
    assert len(errors) >= 2
    assert np.nanmax(np.abs(errors)) <= 0.025


def test_a_vowel_on_its_beat_is_measured_there_at_every_pitch():
    rate, beat = RATE_HZ, 1.0
    for hz in (85.0, 120.0, 220.0, 600.0):
        pulses = np.zeros(2 * rate)
        pulses[np.round(np.arange(beat, 2.0, 1.0 / hz) * rate).astype(int)] = 1.0
        radius, angle = np.exp(-np.pi * 80.0 / rate), 2 * np.pi * 500.0 / rate
        vowel = lfilter([1.0], [1.0, -2 * radius * np.cos(angle), radius**2], pulses)
        (error,) = judge.vowel_onset_errors(vowel / np.abs(vowel).max(), [beat], [0.6])
        assert abs(error) < 0.008


def test_held_vowels_are_neither_buzz_nor_whisper(performed):
    for _, (_, audio) in lines(performed):
        bands = judge.harmonic_to_noise_db(
            audio.samples, audio.times - audio.times[0], audio.pitch_hz, audio.held
        )
        low, middle, _ = np.median(bands, axis=0)
        assert 15.0 <= low <= 40.0
        assert 10.0 <= middle <= 32.0


def test_no_clicks_inside_held_vowels(performed):
    for _, (_, audio) in lines(performed):
        rough = np.abs(np.diff(audio.samples.astype(float), 3))
        frame = (np.arange(len(rough)) * len(audio.held)) // len(audio.samples)
        held = rough[audio.held[frame]]
        assert held.max() < 25 * np.sqrt((held**2).mean())


def test_the_words_are_understood(performed):
    wrong = total = 0
    for line, (_, audio) in lines(performed):
        errors, count = judge.word_errors(line.line.text, judge.transcribe(audio.samples))
        wrong, total = wrong + errors, total + count
    assert wrong / total <= 0.2
