"""Draw docs/img/singing-*.png: a line as spoken, as sung, and its pitch.

python bench/draw_voice.py
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import voice_judge as judge
import voice_songs
from PIL import Image

from producer.studio.singer.line import read
from producer.studio.singer.performance import perform
from producer.studio.singer.speech import model

IMAGES = Path(__file__).parents[1] / "docs" / "img"
LINES = {"singing-female": ("waltz-1", 0), "singing-male": ("ballad-2", 0)}


def spectrogram(axes, mono, rate_hz, top_hz):
    """Levels in dB over time, 70 dB deep."""
    size, hop = int(0.04 * rate_hz), int(0.005 * rate_hz)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(mono, size // 2), size)[::hop] * np.hanning(size)
    level = 20 * np.log10(np.abs(np.fft.rfft(frames, 2 * size)).T + 1e-9)
    extent = (0, len(mono) / rate_hz, 0, rate_hz / 2)
    axes.imshow(
        level,
        origin="lower",
        aspect="auto",
        extent=extent,
        cmap="magma",
        vmin=level.max() - 70,
        vmax=level.max(),
    )
    axes.set(ylim=(0, top_hz), ylabel="Hz")


def draw(name, song, number):
    """One picture of one line."""
    cue, sung = perform(song)[number]
    reading = read(cue.job.syllables, model(), cue.job.member.voice, cue.job.speaking_speed)
    figure, (spoken, voice, pitch) = plt.subplots(3, 1, figsize=(11, 8.5), constrained_layout=True)
    spectrogram(spoken, reading.spoken.wave, 24_000, 8000)
    for unit in reading.units:
        if unit.name not in ("sil", "pause"):
            spoken.axvline(unit.start, color="white", lw=0.5)
            spoken.text(unit.start + 0.005, 7300, unit.name, color="white", fontsize=9)
    spoken.set_title(f"spoken by {cue.job.member.voice}, with the aligner's edges")
    spectrogram(voice, sung.samples.astype(float), 44_100, 16_000)
    voice.set_title(f"sung: {song.vocal[number].line.text}")
    times = sung.times - sung.times[0]
    for syllable in cue.job.syllables:
        for note in syllable.notes:
            start, end = note.start - sung.start_seconds, note.end - sung.start_seconds
            pitch.plot((start, end), (note.pitch, note.pitch), color="0.75", lw=9, solid_capstyle="butt")
    midi = np.where(sung.pitch_hz > 0, 69 + 12 * np.log2(np.maximum(sung.pitch_hz, 1) / 440), np.nan)
    pitch.plot(times, midi, lw=2, label="intended")
    seconds, hz = judge.pitch_track(sung.samples)
    found = np.where(hz > 0, 69 + 12 * np.log2(np.maximum(hz, 1) / 440), np.nan)
    pitch.plot(seconds, found, lw=0.9, label="measured (DIO)")
    low, high = np.nanmin(midi), np.nanmax(midi)
    pitch.set(xlim=(0, times[-1]), ylim=(low - 2, high + 2), xlabel="seconds", ylabel="MIDI pitch")
    pitch.legend(loc="upper right")
    target = IMAGES / f"{name}.png"
    figure.savefig(target, dpi=72)
    plt.close(figure)
    with Image.open(target) as image:
        small = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(target, optimize=True)


def main():
    """Draw all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    songs = voice_songs.held_out()
    for name, (song, number) in LINES.items():
        draw(name, songs[song], number)


if __name__ == "__main__":
    main()
