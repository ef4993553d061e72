"""Spoken and rapped lines: the words on their notes, the voice as it speaks."""

from itertools import pairwise

import numpy as np
import pytest
import voice_judge as judge
from singer_scores import make_song

from producer.composition.speech import Room, speech_rhythm
from producer.lyrics.syllables import make_line
from producer.media.captions import timing_markers
from producer.score.lyric import Delivery
from producer.score.meter import Meter
from producer.score.part import Note, SungLine
from producer.studio.singer.delivery import Stretch, overlapped
from producer.studio.singer.performance import perform
from producer.studio.singer.phonemes import Kind, kind_of
from producer.studio.singer.speech import RATE_HZ

STEP_SECONDS = 15.0 / 96.0  # make_song's tempo
TEXTS = ("I kept the ticket in the pocket of your coat", "It was a Tuesday, and nobody told me the truth")


def spoken_line(text, start_beat):
    line = make_line(text)
    onsets, ends = speech_rhythm(line, 0, len(line.syllables), Room(0.0, 40.0, STEP_SECONDS), Meter(4, 4))
    notes = [
        Note(start_beat + onset / 4, (end - onset) / 4, 56, syllable=index)
        for index, (onset, end) in enumerate(zip(onsets, ends, strict=True))
    ]
    return SungLine(line, tuple(notes), 0, Delivery.SPOKEN)


@pytest.fixture(scope="module")
def spoken():
    song = make_song(*(spoken_line(text, 4.0 + 12.0 * i) for i, text in enumerate(TEXTS)))
    return song, perform(song)


def laid_out(performed, start, end):
    """Mono sound between two seconds of the song."""
    sound = np.zeros(round((end - start) * 44_100))
    for cue, audio in performed:
        at = round((cue.start_seconds + audio.start_seconds - start) * 44_100)
        low, high = max(0, at), min(len(sound), at + len(audio.samples))
        if high > low:
            sound[low:high] += audio.samples[low - at : high - at]
    return sound


def test_spoken_words_sound_at_their_markers(spoken):
    song, performed = spoken
    errors = []
    for line, marked in zip(song.vocal, timing_markers(song)["lines"], strict=True):
        start, end = marked["start"] - 0.5, marked["end"] + 0.5
        sound = laid_out(performed, start, end)
        firsts = [s for s in line.line.syllables if s.starts_word]
        hard = [
            word
            for word, s in zip(marked["words"], firsts, strict=True)
            if kind_of((s.onset or ("",))[-1]) == Kind.UNVOICED
        ]
        errors += judge.vowel_onset_errors(
            sound, [w["start"] - start for w in hard], [w["end"] - w["start"] for w in hard]
        ).tolist()
    found = np.abs([e for e in errors if np.isfinite(e)])
    assert len(found) >= 5
    assert np.median(found) <= 0.012
    assert np.mean(found <= 0.03) >= 0.8


def test_spoken_words_are_understood_in_order(spoken):
    song, performed = spoken
    for marked in timing_markers(song)["lines"]:
        heard = judge.transcribe(laid_out(performed, marked["start"] - 0.4, marked["end"] + 0.4))
        errors, count = judge.word_errors(marked["text"], heard)
        assert errors / count <= 0.1, heard


def test_a_pause_is_silent(spoken):
    song, performed = spoken
    notes = song.vocal[1].notes
    rests = [(a.end_beat, b.start_beat) for a, b in pairwise(notes)]
    end, start = (song.tempo.seconds_at(beat) for beat in max(rests, key=lambda r: r[1] - r[0]))
    assert start - end > 0.08
    sound = laid_out(performed, 0.0, song.length_seconds)
    middle = round((end + 0.5 * (start - end)) * 44_100)
    pause = sound[middle - 882 : middle + 882]
    assert np.abs(pause).max() < 0.1 * np.abs(sound).max()


def test_speech_keeps_its_own_pitch(spoken):
    _, performed = spoken
    for _, audio in performed:
        report = judge.pitch_report(audio.samples, audio.times - audio.times[0], audio.pitch_hz)
        assert report["within_50"] >= 0.6
        moving = audio.pitch_hz[audio.pitch_hz > 0]
        assert np.ptp(12 * np.log2(np.percentile(moving, (5, 95)))) > 2.0  # not a note, an intonation


def tone(hz, seconds):
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return sum(np.sin(2 * np.pi * k * hz * at) / k for k in range(1, 12))


@pytest.mark.parametrize("factor", [0.7, 0.9, 1.0, 1.2, 1.6])
def test_a_stretched_tone_keeps_its_pitch_level_and_length(factor):
    wave = tone(130.0, 1.0)
    made = overlapped(wave, Stretch(np.array([0.1, 0.9]), np.array([5.0, 5.0 + 0.8 * factor])))
    assert len(made) == round(0.8 * factor * RATE_HZ)
    inside = made[2400:-2400]
    assert np.std(inside) == pytest.approx(np.std(wave), rel=0.08)
    spectrum = np.abs(np.fft.rfft(inside * np.hanning(len(inside)), 1 << 17))
    peak = np.argmax(spectrum[: round(200 / RATE_HZ * (1 << 17))]) * RATE_HZ / (1 << 17)
    assert peak == pytest.approx(130.0, abs=1.0)
    assert np.abs(np.diff(inside)).max() <= 1.02 * np.abs(np.diff(wave)).max()  # joins don't click


def test_speech_at_its_own_pace_is_copied():
    wave = np.random.default_rng(1).normal(size=RATE_HZ)
    made = overlapped(wave, Stretch(np.array([0.2, 0.7]), np.array([1.0, 1.5])))
    assert np.allclose(made[200:-200], wave[round(0.2 * RATE_HZ) :][: len(made)][200:-200], atol=1e-9)
