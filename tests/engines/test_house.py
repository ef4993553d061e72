"""Whole songs, made and then measured by ears that do not know the score."""

from collections.abc import Iterator
from dataclasses import replace

import librosa
import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from producer.engines.base import STAGES, Commission, Recording
from producer.engines.house import HouseEngine

WORDS = """[Verse 1]
Late night drives across the city
Every red light knows my name
[Chorus]
I am coming back to you
Through the thunder and the rain
"""
SUNG = Commission(
    sound="gentle indie folk with acoustic guitar, warm female vocal, 96 bpm",
    lyrics=WORDS,
    title="Back to You",
    seed="12345",
    length_seconds=32.0,
)
PLAYED = Commission(sound="house, A minor, 124 bpm", instrumental=True, seed="7", length_seconds=30.0)


def record(commission: Commission) -> Recording:
    return HouseEngine().record(commission, lambda stage, share: None)


@pytest.fixture(scope="module")
def sung() -> Iterator[Recording]:
    yield record(SUNG)


@pytest.fixture(scope="module")
def played() -> Iterator[Recording]:
    yield record(PLAYED)


@pytest.fixture(params=["sung", "played"])
def recording(request: pytest.FixtureRequest) -> Recording:
    return request.getfixturevalue(request.param)


def mono(recording: Recording) -> np.ndarray:
    return recording.audio.samples.mean(axis=0)


def krumhansl_key(samples: np.ndarray, rate: int) -> tuple[int, str]:
    """Key of the best of the 24 Krumhansl & Kessler (1982) profiles over the mean chroma."""
    profiles = {
        "major": [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
        "minor": [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
    }
    chroma = librosa.feature.chroma_cqt(y=samples, sr=rate).mean(axis=1)
    scores = {
        (tonic, mode): np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]
        for mode, profile in profiles.items()
        for tonic in range(12)
    }
    return max(scores, key=lambda key: scores[key])


def test_the_length_is_what_was_asked(recording: Recording) -> None:
    asked = SUNG if recording.lyrics else PLAYED
    assert recording.audio.seconds == pytest.approx(asked.length_seconds, abs=0.05)


def test_loudness_and_true_peak_are_at_delivery_level(recording: Recording) -> None:
    samples = recording.audio.samples
    loudness = pyloudnorm.Meter(recording.audio.sample_rate_hz).integrated_loudness(
        samples.T.astype(np.float64)
    )
    assert loudness == pytest.approx(-14.0, abs=0.5)
    true_peak = np.abs(resample_poly(samples.astype(np.float64), 4, 1, axis=1)).max()
    assert 20 * np.log10(true_peak) <= -0.95


def test_the_ending_rings_out(recording: Recording) -> None:
    tail = recording.audio.samples[:, -2205:]
    assert 20 * np.log10(np.sqrt((tail**2).mean()) + 1e-9) < -50


@pytest.mark.parametrize(("name", "bpm"), [("sung", 96.0), ("played", 124.0)])
def test_a_tempo_detector_hears_the_asked_tempo(
    name: str, bpm: float, request: pytest.FixtureRequest
) -> None:
    heard = request.getfixturevalue(name)
    onsets = librosa.onset.onset_strength(y=mono(heard), sr=heard.audio.sample_rate_hz)
    tempo = float(
        np.atleast_1d(librosa.beat.beat_track(onset_envelope=onsets, sr=44100, start_bpm=bpm)[0])[0]
    )
    assert min(abs(tempo * factor / bpm - 1) for factor in (0.5, 1.0, 2.0)) < 0.04


def test_a_key_detector_hears_the_asked_key(played: Recording) -> None:
    assert played.song is not None
    assert played.song.key.name == "A minor"
    heard = krumhansl_key(mono(played), played.audio.sample_rate_hz)
    assert heard in {(9, "minor"), (0, "major")}  # the relative key has the same seven notes


def test_the_voice_sings_the_written_pitches(sung: Recording) -> None:
    assert sung.song is not None
    voice, rate = sung.stems["vocals"].samples.mean(axis=0), 22_050
    f0, _, _ = librosa.pyin(
        librosa.resample(voice, orig_sr=44_100, target_sr=rate), fmin=70, fmax=900, sr=rate, hop_length=256
    )
    times = librosa.times_like(f0, sr=rate, hop_length=256)
    errors = []
    for line in sung.song.vocal:
        for note in line.notes:
            start, end = (
                sung.song.tempo.seconds_at(b) + note.nudge_seconds for b in (note.start_beat, note.end_beat)
            )
            if end - start < 0.25:
                continue
            middle = f0[(times > start + 0.1) & (times < end - 0.08)]
            middle = middle[~np.isnan(middle)]
            if len(middle) > 3:
                errors.append(1200 * np.log2(np.median(middle) / (440 * 2 ** ((note.pitch - 69) / 12))))
    assert len(errors) >= 8
    assert np.mean(np.abs(errors) < 50) >= 0.9


def test_the_words_come_back_and_the_title_is_kept(sung: Recording) -> None:
    assert sung.lyrics == WORDS
    assert sung.title == "Back to You"
    assert [line.line.text for line in sung.song.vocal] == [
        t for t in WORDS.splitlines() if not t.startswith("[")
    ]


def test_the_same_seed_is_bit_identical_and_another_is_another_song(played: Recording) -> None:
    again = record(PLAYED)
    assert np.array_equal(again.audio.samples, played.audio.samples)
    other = record(replace(PLAYED, seed="8"))
    assert not np.array_equal(other.audio.samples, played.audio.samples)
    assert other.song != played.song


def test_the_same_seed_sings_bit_identically(sung: Recording) -> None:
    assert np.array_equal(record(SUNG).audio.samples, sung.audio.samples)


def test_raw_leaves_the_mastering_off() -> None:
    commission = replace(PLAYED, model="FUZZ-2.0 Raw", length_seconds=12.0)
    raw, finished = record(commission), record(replace(commission, model="FUZZ-2.0"))
    assert raw.song == replace(finished.song, mix=replace(finished.song.mix, mastered=False))
    assert np.abs(raw.audio.samples).max() <= 1.0
    crest = [np.abs(r.audio.samples).max() / np.sqrt((r.audio.samples**2).mean()) for r in (raw, finished)]
    assert crest[0] > crest[1]


def test_progress_passes_every_stage_and_never_goes_back() -> None:
    seen: list[tuple[str, float]] = []
    commission = Commission(sound="lo-fi hip hop", lyrics="[Verse]\nHello", seed="1", length_seconds=10.0)
    HouseEngine().record(commission, lambda stage, share: seen.append((stage, share)))
    assert list(dict.fromkeys(stage for stage, _ in seen)) == list(STAGES)
    assert [share for _, share in seen] == sorted(share for _, share in seen)
    assert seen[-1][1] < 1.0


def test_a_prompt_alone_gets_words_and_says_which() -> None:
    recording = record(Commission(sound="folk song about a lighthouse keeper", seed="3"))
    assert recording.lyrics
    assert "[Chorus]" in recording.lyrics
    assert recording.song is not None
    assert recording.song.vocal


def test_no_vocals_in_the_prompt_is_obeyed() -> None:
    recording = record(Commission(sound="calm piano, no vocals", seed="3", length_seconds=12.0))
    assert recording.lyrics is None
    assert "vocals" not in recording.stems
