"""Draw three finished songs for docs/songs.md: `make docs`.

A picture has the waveform with the form's sections, a log-frequency spectrogram with the written tune
over it, and the chroma with the written chords' roots: what was decided, and what came out.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import librosa
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

import producer
from producer.score.song import Song
from producer.units import midi_to_hz

PICTURES = Path(__file__).parent.parent / "docs" / "img"
RATE_HZ = 22_050


@dataclass(frozen=True)
class Example:
    name: str
    commission: producer.Commission


WORDS = """[Verse 1]
Late night drives across the city
Every red light knows my name
Counting windows, warm and pretty
None of them is quite the same
[Chorus]
I am coming back to you
Through the thunder and the rain
Every road I ever knew
Leads me to your door again
"""
EXAMPLES = (
    Example(
        "folk",
        producer.Commission(
            sound="gentle indie folk with acoustic guitar, warm female vocal",
            lyrics=WORDS,
            title="Back to You",
            seed="12345",
        ),
    ),
    Example(
        "jazz",
        producer.Commission(
            sound="slow smoky jazz ballad in Eb major, 72 bpm, deep male voice",
            lyrics=WORDS,
            title="Every Red Light",
            seed="7",
        ),
    ),
    Example(
        "house",
        producer.Commission(
            sound="uplifting house, A minor, 124 bpm, instrumental",
            instrumental=True,
            length_seconds=60.0,
            seed="3",
        ),
    ),
)


def draw(song: Song, samples: np.ndarray, path: Path) -> None:
    """One song on one sheet."""
    mono = librosa.resample(samples.mean(axis=0), orig_sr=44_100, target_sr=RATE_HZ)
    figure, (wave, spectrum, chroma) = plt.subplots(
        3, 1, figsize=(12, 8), sharex=True, height_ratios=(1, 2.4, 1.2), constrained_layout=True
    )
    librosa.display.waveshow(mono, sr=RATE_HZ, ax=wave, color="#33415c", max_points=4_000)
    wave.set(xlabel="", ylabel="waveform", ylim=(-1, 1), yticks=[])
    for section in song.form.sections:
        start = song.seconds_of_bar(section.start_bar)
        wave.axvline(start, color="#d1495b", linewidth=0.8)
        wave.text(start + 0.2, 0.8, section.label or section.kind.value, fontsize=8, color="#d1495b")
    levels = librosa.amplitude_to_db(np.abs(librosa.stft(mono, n_fft=2048, hop_length=512)), ref=np.max)
    librosa.display.specshow(
        levels, sr=RATE_HZ, hop_length=512, x_axis="time", y_axis="log", ax=spectrum, cmap="magma"
    )
    for line in song.vocal:
        for note in line.notes:
            span = [song.tempo.seconds_at(note.start_beat), song.tempo.seconds_at(note.end_beat)]
            spectrum.plot(span, [midi_to_hz(note.pitch)] * 2, color="#7df9ff", linewidth=1.6)
    spectrum.set(xlabel="", ylim=(40, 11_000))
    energy = librosa.feature.chroma_cqt(y=mono, sr=RATE_HZ, hop_length=512)
    librosa.display.specshow(
        energy, sr=RATE_HZ, hop_length=512, x_axis="time", y_axis="chroma", ax=chroma, cmap="Blues"
    )
    for span in song.chords:
        start, end = song.tempo.seconds_at(span.start_beat), song.tempo.seconds_at(span.end_beat)
        chroma.plot([start, end], [span.chord.root] * 2, color="#d1495b", linewidth=2)
    wave.set_title(
        f"{song.title}: {song.style}, {song.key.name}, {song.tempo.bpm:g} bpm, {song.length_seconds:.0f} s"
    )
    with BytesIO() as sheet:
        figure.savefig(sheet, dpi=75)
        Image.open(sheet).convert("RGB").quantize(96).save(path, optimize=True)
    plt.close(figure)


def main() -> None:
    for example in EXAMPLES:
        recording = producer.record(example.commission)
        assert recording.song is not None
        target = PICTURES / f"song-{example.name}.png"
        draw(recording.song, recording.audio.samples, target)
        print(target)


if __name__ == "__main__":
    main()
