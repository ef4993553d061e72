"""Draw one song of each style: ``python bench/draw_styles.py [--only NAME …] [--sheets FOLDER]``.

Makes docs/img/styles.png, a contact sheet (spectrogram, self-similarity, spectrum against its target), as
soon as every style was looked at once (looks are kept in build/looks), and with ``--sheets`` one large sheet
a style besides, for those who look for faults. Prints the table of docs/music.md.
"""

import argparse
import pickle
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import librosa
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import music_measures as measures
import numpy as np
from PIL import Image

from producer.engines.base import Commission
from producer.engines.house import HouseEngine
from producer.score.instrument import Drum
from producer.score.part import Role
from producer.score.song import Song

PICTURES = Path(__file__).parent.parent / "docs" / "img"
KEPT = Path(__file__).parent.parent / "build" / "looks"
SECONDS = 24.0
PROMPTS = {
    "pop": "upbeat pop, 118 bpm, G major",
    "rock": "rock, 128 bpm, E minor, distorted guitars",
    "metal": "heavy metal in E minor, 150 bpm",
    "house": "house, 124 bpm, A minor",
    "trance": "trance, 138 bpm, A minor, supersaw",
    "drum and bass": "drum and bass, 174 bpm, E minor",
    "trap": "trap, 140 bpm, F# minor, 808",
    "lo-fi": "lo-fi hip hop, 78 bpm, A minor",
    "jazz": "jazz swing, 168 bpm, F major",
    "bossa nova": "bossa nova, 132 bpm, D major, nylon guitar",
    "big band": "big band, 150 bpm, Bb major",
    "orchestral": "orchestral adventure, 120 bpm, Eb major",
    "string quartet": "string quartet, 96 bpm, G major",
    "solo piano": "solo piano, C minor, 66 bpm",
    "ambient": "ambient, no drums, C major",
    "folk": "gentle indie folk with acoustic guitar, C major, 96 bpm",
    "country": "country, 110 bpm, G major",
    "reggae": "reggae, 76 bpm, G major",
    "salsa": "salsa, 180 bpm, A minor",
    "afrobeats": "afrobeats, 104 bpm, D major",
    "chiptune": "chiptune, 144 bpm, C major",
    "waltz": "waltz, 150 bpm, A major",
    "celtic": "celtic jig in 6/8, D major, 112 bpm",
    "amapiano": "amapiano, 112 bpm, F minor",
    "barbershop": "barbershop, 92 bpm, Bb major",
    "bollywood": "bollywood, 104 bpm, D minor",
    "chant": "gregorian chant, D dorian",
    "fado": "fado, 84 bpm, A minor",
    "gamelan": "gamelan, 96 bpm",
    "grime": "grime, 140 bpm, F minor",
    "highlife": "highlife, 116 bpm, G major",
    "hyperpop": "hyperpop, 156 bpm, E major",
    "klezmer": "klezmer, 120 bpm, D minor",
    "mariachi": "mariachi, 120 bpm, G major",
    "opera": "opera aria, 76 bpm, F minor",
    "phonk": "phonk, 136 bpm, C minor",
    "polka": "polka, 120 bpm, F major",
    "qawwali": "qawwali, 108 bpm, D minor",
    "ragtime": "ragtime, 96 bpm, C major",
    "sea shanty": "sea shanty, 108 bpm, D minor",
    "surf rock": "surf rock, 160 bpm, E minor",
    "taiko": "taiko drums, 108 bpm, D minor",
    "tango": "tango, 122 bpm, A minor",
    "vaporwave": "vaporwave, 84 bpm, F major",
    "zydeco": "zydeco, 132 bpm, C major",
    "arabic": "arabic, oud, 100 bpm, D hijaz",
    "bachata": "bachata, 128 bpm, A minor",
    "ballad": "pop ballad, 72 bpm, Ab major",
    "bluegrass": "bluegrass, 130 bpm, A major",
    "blues": "slow blues, 72 bpm, A minor",
    "boom bap": "boom bap, 90 bpm, C minor",
    "calypso": "calypso, 120 bpm, F major",
    "cinematic": "cinematic, 90 bpm, D minor",
    "city pop": "city pop, 104 bpm, E major",
    "cumbia": "cumbia, 96 bpm, A minor",
    "dance-pop": "dance-pop, 126 bpm, A minor",
    "deep house": "deep house, 121 bpm, G minor",
    "disco": "disco, 120 bpm, G minor",
    "drill": "drill, 142 bpm, C minor",
    "dubstep": "dubstep, 140 bpm, F minor",
    "flamenco": "flamenco, 110 bpm, E phrygian",
    "funk": "funk, 106 bpm, E minor",
    "gospel": "gospel, 88 bpm, Bb major",
    "hip hop": "hip hop, 92 bpm, D minor",
    "holiday": "christmas song, 116 bpm, C major",
    "indie": "indie rock, 124 bpm, D major",
    "j-pop": "j-pop, 136 bpm, E major",
    "k-pop": "k-pop, 130 bpm, F minor",
    "lullaby": "lullaby, 80 bpm, F major",
    "march": "march, 116 bpm, Bb major",
    "merengue": "merengue, 140 bpm, C major",
    "new age": "new age, 70 bpm, F major",
    "punk": "punk, 176 bpm, A major",
    "R&B": "R&B, 82 bpm, C minor",
    "reggaeton": "reggaeton, 94 bpm, B minor",
    "rock'n'roll": "rock'n'roll, 168 bpm, A major",
    "samba": "samba, 104 bpm, D major",
    "shoegaze": "shoegaze, 100 bpm, D major",
    "singer-songwriter": "singer-songwriter, 92 bpm, G major",
    "ska": "ska, 152 bpm, C major",
    "soul": "soul, 98 bpm, F major",
    "synth-pop": "synth-pop, 112 bpm, D minor",
    "synthwave": "synthwave, 100 bpm, A minor",
    "techno": "techno, 134 bpm, D minor",
    "trip hop": "trip hop, 84 bpm, E minor",
    "UK garage": "UK garage, 132 bpm, C minor",
}
STRUCK = (Drum.KICK, Drum.KICK_2, Drum.SNARE, Drum.SNARE_2, Drum.CLAP)


@dataclass(frozen=True)
class Look:
    """Everything that is drawn of one song."""

    name: str
    song: Song
    samples: np.ndarray
    spectrogram_db: np.ndarray
    chroma: np.ndarray
    similarity: np.ndarray
    thirds_db: np.ndarray
    target_db: np.ndarray

    @property
    def facts(self) -> list[str]:
        """Figures: key, tempo, thirds within 3 dB, crest, range, widths, punch."""
        inside = np.abs((self.thirds_db - self.target_db)[measures.JUDGED]) <= 3.0
        punch = measures.punch_db(self.samples, hits(self.song))
        return [
            self.song.key.name,
            f"{self.song.tempo.bpm:g}",
            f"{inside.sum()}/{inside.size}",
            f"{measures.crest_db(self.samples):.1f}",
            f"{measures.loudness_range_lu(self.samples):.1f}",
            " ".join(f"{w:.0f}" for w in measures.widths_db(self.samples)),
            "" if punch is None else f"{punch:.1f}",
        ]


def hits(song: Song) -> list[float]:
    """When kicks and snares sound."""
    return sorted(
        song.tempo.seconds_at(note.start_beat) + note.nudge_seconds
        for part in song.parts
        if part.role is Role.DRUMS
        for note in part.notes
        if note.pitch in STRUCK and note.velocity > 60
    )


def look(name: str, seed: str = "1") -> Look:
    """Make the song and measure it."""
    commission = Commission(sound=PROMPTS[name], seed=seed, instrumental=True, length_seconds=SECONDS)
    recording = HouseEngine().record(commission, lambda *_: None)
    song, samples = recording.song, recording.audio.samples
    mono = librosa.resample(samples.mean(axis=0), orig_sr=44_100, target_sr=measures.JUDGE_HZ)
    spectrum = np.abs(librosa.stft(samples.mean(axis=0), n_fft=4096, hop_length=2048))
    bands = librosa.filters.mel(sr=44_100, n_fft=4096, n_mels=160, fmin=25.0, fmax=20_000.0, htk=True)
    levels = librosa.power_to_db(bands @ spectrum**2, ref=np.max, top_db=80.0)
    chroma = librosa.feature.chroma_cqt(y=mono, sr=measures.JUDGE_HZ, hop_length=1024)
    cepstrum = librosa.feature.mfcc(y=mono, sr=measures.JUDGE_HZ, n_mfcc=13, hop_length=1024)
    both = np.concatenate(
        [librosa.util.normalize(cepstrum[1:], axis=1), librosa.util.normalize(chroma, axis=1)]
    )
    frames = np.array_split(np.arange(both.shape[1]), 120)
    means = np.stack([both[:, f].mean(axis=1) for f in frames], axis=1)
    means -= means.mean(axis=1, keepdims=True)
    unit = means / (np.linalg.norm(means, axis=0) + 1e-9)
    wanted = measures.wanted_db(song)
    found = measures.thirds_db(samples)
    found += (wanted - found)[measures.JUDGED].mean()
    return Look(name, song, samples, levels, chroma, unit.T @ unit, found, wanted)


def draw_sheet(seen: Look, path: Path) -> None:
    """One song on one large sheet."""
    figure = plt.figure(figsize=(15, 9), constrained_layout=True)
    grid = figure.add_gridspec(3, 3, height_ratios=(1, 2.2, 1.6))
    wave, spectrum = figure.add_subplot(grid[0, :]), figure.add_subplot(grid[1, :2])
    draw_wave(wave, seen)
    wave.set_title(f"{seen.name}: {seen.song.style} | {' | '.join(seen.facts)}", fontsize=9)
    spectrum.imshow(seen.spectrogram_db, aspect="auto", origin="lower", cmap="magma")
    draw_ltas(figure.add_subplot(grid[1, 2]), seen)
    chroma = figure.add_subplot(grid[2, :2])
    chroma.imshow(seen.chroma, aspect="auto", origin="lower", cmap="Blues")
    figure.add_subplot(grid[2, 2]).imshow(seen.similarity, origin="lower", cmap="viridis")
    figure.savefig(path, dpi=70)
    plt.close(figure)


def draw_wave(axes: plt.Axes, seen: Look) -> None:
    x = np.arange(seen.samples.shape[1])[::40] / 44_100
    axes.plot(x, seen.samples[0, ::40], linewidth=0.3, color="#33415c")
    axes.set(xlim=(0, x[-1]), ylim=(-1, 1), yticks=[])
    for section in seen.song.form.sections:
        start = seen.song.seconds_of_bar(section.start_bar)
        axes.axvline(start, color="#d1495b", linewidth=0.8)
        axes.text(start + 0.1, 0.8, section.label or section.kind.value, fontsize=7, color="#d1495b")


def draw_ltas(axes: plt.Axes, seen: Look) -> None:
    axes.fill_between(measures.THIRDS_HZ, seen.target_db - 3, seen.target_db + 3, color="#cfe3d4")
    axes.semilogx(measures.THIRDS_HZ, seen.thirds_db, color="#33415c", linewidth=1.2)
    axes.set(xlim=(40, 16_000), ylim=(seen.target_db[-6] - 22, 12))


def draw_contact_sheet(looks: list[Look], path: Path) -> None:
    """All songs, three small pictures each."""
    columns, rows = 5, -(-len(looks) // 5)
    figure = plt.figure(figsize=(20, 1.6 * rows), constrained_layout=True)
    grid = figure.add_gridspec(rows, columns * 3, width_ratios=(2.2, 1, 1.4) * columns)
    for i, seen in enumerate(looks):
        row, column = divmod(i, columns)
        spectrum, alike, ltas = (figure.add_subplot(grid[row, 3 * column + k]) for k in range(3))
        spectrum.imshow(seen.spectrogram_db[::2], aspect="auto", origin="lower", cmap="magma")
        spectrum.set_title(seen.name, fontsize=8, loc="left", pad=2)
        alike.imshow(seen.similarity, aspect="auto", origin="lower", cmap="viridis")
        draw_ltas(ltas, seen)
        for axes in (spectrum, alike, ltas):
            axes.set(xticks=[], yticks=[], xlabel="", ylabel="")
            axes.minorticks_off()
            axes.tick_params(which="both", length=0, labelbottom=False)
    with BytesIO() as sheet:
        figure.savefig(sheet, dpi=80)
        Image.open(sheet).convert("RGB").quantize(128).save(path, optimize=True)
    plt.close(figure)


def kept_looks() -> list[Look]:
    """Looks of all styles, or none when some are missing."""
    paths = [KEPT / f"{name.replace(' ', '-')}.pickle" for name in PROMPTS]
    return [pickle.loads(path.read_bytes()) for path in paths] if all(p.exists() for p in paths) else []


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=list(PROMPTS))
    parser.add_argument("--sheets", type=Path)
    arguments = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in arguments.only:
        seen = look(name)
        print(f"| {name} | {' | '.join(seen.facts)} |", flush=True)
        light = replace(seen, samples=np.zeros((2, 0)), chroma=np.zeros((12, 0)))
        (KEPT / f"{name.replace(' ', '-')}.pickle").write_bytes(pickle.dumps(light))
        if arguments.sheets:
            draw_sheet(seen, arguments.sheets / f"{name.replace(' ', '-')}.png")
    looks = kept_looks()
    if looks:
        draw_contact_sheet(looks, PICTURES / "styles.png")


if __name__ == "__main__":
    main()
