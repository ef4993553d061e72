"""What a finished recording measures, by methods that share nothing with the studio's own.

Spectra by Welch's method in thirds of an octave, stereo width by band, loudness range (EBU Tech 3342),
drum hits against what they stand on, three judges of key, and the features that tell styles apart.
"""

from collections.abc import Sequence

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, welch

from producer.score.song import Song
from producer.studio.target import target_of, wished_db

RATE_HZ = 44_100
JUDGE_HZ = 22_050
HOP = 256
THIRDS_HZ = 1000.0 * 2.0 ** (np.arange(-15, 13) / 3.0)  # 31 Hz … 16 kHz
JUDGED = (THIRDS_HZ > 98.0) & (THIRDS_HZ < 10_100.0)  # 100 Hz … 10 kHz
WIDTH_BANDS_HZ = ((20, 120), (120, 500), (500, 2000), (2000, 8000), (8000, 18_000))
#: Key profiles: Krumhansl & Kessler 1982; Temperley 2001 (CBMS); Albrecht & Shanahan 2013.
KEY_PROFILES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "krumhansl": (
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
    "temperley": (
        (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
        (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
    ),
    "albrecht": (
        (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
        (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
    ),
}

Stereo = NDArray[np.float32]


def thirds_db(samples: Stereo) -> NDArray[np.float64]:
    """Power of each third of an octave in dB; only differences mean something."""
    hz, power = welch(samples.astype(np.float64), RATE_HZ, nperseg=8192, axis=1)
    power = power.sum(axis=0)
    step = hz[1]
    low, high = THIRDS_HZ[:, None] * 2.0 ** (-1 / 6), THIRDS_HZ[:, None] * 2.0 ** (1 / 6)
    share = np.clip(np.minimum(hz + step / 2, high) - np.maximum(hz - step / 2, low), 0.0, step)
    return 10.0 * np.log10(share @ power + 1e-20)


def wanted_db(song: Song) -> NDArray[np.float64]:
    """The spectrum the song should have: its target's curve and its prompt's wishes."""
    target = target_of(song)
    return np.array([target(float(hz)) + wished_db(song.mix, float(hz)) for hz in THIRDS_HZ])


def spectrum_miss_db(samples: Stereo, target_db: Sequence[float]) -> NDArray[np.float64]:
    """Level above the target in each third, the mean of the judged ones taken out."""
    miss = thirds_db(samples) - np.asarray(target_db)
    return miss - miss[JUDGED].mean()


def widths_db(samples: Stereo) -> list[float]:
    """Side against middle in each band of :data:`WIDTH_BANDS_HZ`."""
    middle, side = samples.mean(axis=0), (samples[0] - samples[1]) / 2.0
    found = []
    for low, high in WIDTH_BANDS_HZ:
        band = butter(4, [low, high], "band", fs=RATE_HZ, output="sos")
        powers = [float((sosfilt(band, x) ** 2).mean()) + 1e-14 for x in (side, middle)]
        found.append(10.0 * np.log10(powers[0] / powers[1]))
    return found


def loudness_range_lu(samples: Stereo) -> float:
    """Loudness range (EBU Tech 3342): 10th to 95th percentile of 3 s loudness, gated 20 LU below the mean."""
    import pyloudnorm

    meter = pyloudnorm.Meter(RATE_HZ)
    weighted = samples.T.astype(np.float64).copy()
    for stage in meter._filters.values():
        for channel in range(2):
            weighted[:, channel] = stage.apply_filter(weighted[:, channel])
    power = (weighted**2).sum(axis=1)
    size, hop = 3 * RATE_HZ, RATE_HZ // 2
    total = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, max(1, len(power) - size), hop)
    means = (total[starts + min(size, len(power))] - total[starts]) / size
    loudness = -0.691 + 10.0 * np.log10(means + 1e-12)
    loud = loudness[loudness > -70.0]
    loud = loud[loud > 10.0 * np.log10((10.0 ** (loud / 10.0)).mean()) - 20.0]
    return float(np.percentile(loud, 95) - np.percentile(loud, 10)) if loud.size else 0.0


def crest_db(samples: Stereo) -> float:
    """Peak over effective value."""
    return float(20.0 * np.log10(np.abs(samples).max() / np.sqrt((samples**2).mean())))


def punch_db(samples: Stereo, times: Sequence[float]) -> float | None:
    """How far drum hits stand out: level of the 30 ms after a hit over that of the 50 ms before, median."""
    power = (samples**2).sum(axis=0)
    total = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])

    def level(start: float, end: float) -> float:
        a, b = int(start * RATE_HZ), int(end * RATE_HZ)
        return float((total[b] - total[a]) / (b - a)) + 1e-9

    last = len(power) / RATE_HZ - 0.1
    ratios = [level(t, t + 0.03) / level(t - 0.06, t - 0.01) for t in times if 0.1 < t < last]
    return float(10.0 * np.log10(np.median(ratios))) if ratios else None


def percussion_db(mono: NDArray[np.float32]) -> float:
    """Percussive against harmonic power below 100 Hz and above 4 kHz, where drums have little company.

    Split by median filtering (Fitzgerald 2010) of a recording at :data:`JUDGE_HZ`.
    """
    spectrum = np.abs(librosa.stft(mono, n_fft=2048, hop_length=512))
    harmonic, percussive = librosa.decompose.hpss(spectrum, margin=1.0)
    hz = librosa.fft_frequencies(sr=JUDGE_HZ, n_fft=2048)
    outside = (hz < 100.0) | (hz > 4000.0)
    powers = [float((part[outside] ** 2).sum()) + 1e-12 for part in (percussive, harmonic)]
    return float(10.0 * np.log10(powers[0] / powers[1]))


def chroma_of(mono: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean chroma of a recording at :data:`JUDGE_HZ`, four octaves from C3."""
    chroma = librosa.feature.chroma_cqt(y=mono, sr=JUDGE_HZ, fmin=librosa.note_to_hz("C3"), n_octaves=4)
    return np.asarray(chroma.mean(axis=1), np.float64)


def heard_keys(chroma: NDArray[np.float64]) -> dict[str, tuple[int, str]]:
    """The key that each profile finds: pitch class of the tonic and mode."""
    keys = {}
    for name, profiles in KEY_PROFILES.items():
        scores = {
            (tonic, mode): float(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1])
            for mode, profile in zip(("major", "minor"), profiles, strict=True)
            for tonic in range(12)
        }
        keys[name] = max(scores, key=lambda key: scores[key])
    return keys


def style_features(
    mono: NDArray[np.float32], onsets: NDArray[np.float32], chroma: NDArray[np.float64]
) -> dict[str, list[float]]:
    """Timbre, rhythm and harmony of a recording at :data:`JUDGE_HZ` as three vectors.

    Timbre: means and deviations of 20 cepstral coefficients, spectral contrast, flatness. Rhythm: the
    autocorrelation of the onsets at 24 lags of 1/16 s, their density and peakedness. Harmony: the
    chroma's entropy and its shape turned to start on its strongest pitch class (so no key is learned).
    """
    mel = librosa.feature.melspectrogram(y=mono, sr=JUDGE_HZ, n_fft=2048, hop_length=1024, n_mels=64)
    cepstrum = librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=20)
    contrast = librosa.feature.spectral_contrast(y=mono, sr=JUDGE_HZ, hop_length=1024).mean(axis=1)
    flatness = librosa.feature.spectral_flatness(y=mono, hop_length=1024)
    timbre = [*cepstrum.mean(axis=1), *cepstrum.std(axis=1), *contrast, float(np.log(flatness + 1e-9).mean())]
    lags = (np.arange(1, 25) / 16.0 * JUDGE_HZ / HOP).round().astype(int)
    centred = onsets - onsets.mean()
    zero = float((centred**2).sum()) + 1e-9
    rhythm = [float((centred[lag:] * centred[:-lag]).sum()) / zero for lag in lags]
    rhythm += [
        float((onsets > onsets.mean() + onsets.std()).mean()),
        float(onsets.max() / (onsets.mean() + 1e-9)),
    ]
    share = chroma / chroma.sum()
    harmony = [*np.roll(share, -int(share.argmax())), float(-(share * np.log(share + 1e-9)).sum())]
    return {name: [float(v) for v in vector] for name, vector in
            (("timbre", timbre), ("rhythm", rhythm), ("harmony", harmony))}  # fmt: skip
