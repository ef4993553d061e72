"""Words in the whole mix: the same lyrics on a tune of the composer's, with the band of the house."""

import tomllib
from pathlib import Path

import numpy as np
import voice_judge as judge

from producer.engines.base import Commission
from producer.engines.house import perform, write_song
from producer.score.lyric import Delivery
from producer.score.singer import SINGERS
from producer.studio.dsp.loudness import block_powers
from producer.studio.master import master
from producer.studio.mix import mix, separate
from producer.studio.target import target_of

RATE_HZ = 44_100
MARGIN_SECONDS = 0.3  # around a line, for its consonants and the end of its reverb
VOICES = ("vocals", "backing_vocals")
SOUNDS = {
    "ballad": "slow piano ballad",
    "pop": "modern pop song",
    "uptempo": "upbeat dance pop",
    "waltz": "acoustic folk waltz",
}


def songs(path: Path, *, model: str = "FUZZ-2.0"):
    """The songs of a table as the house writes them, by name: lines as verse and chorus."""
    written = {}
    for row in tomllib.loads(path.read_text("utf-8"))["song"]:
        sound = row.get("sound", SOUNDS.get(row["kind"], row["kind"]))
        half = len(row["lines"]) // 2
        lyrics = "\n".join(["[Verse]", *row["lines"][:half], "[Chorus]", *row["lines"][half:]])
        commission = Commission(
            sound=f"{sound}, {SINGERS[row['singer']].gender} vocal", lyrics=lyrics, seed="1", model=model
        )
        written[row["name"]] = write_song(commission).song
    return written


def spans(song):
    """(text, start, end in seconds) of the lead lines that are sung, with their margins."""
    for line in song.vocal:
        if line.backing or line.delivery is not Delivery.SUNG:
            continue
        start = song.tempo.seconds_at(line.notes[0].start_beat) - MARGIN_SECONDS
        end = song.tempo.seconds_at(line.notes[-1].end_beat) + MARGIN_SECONDS
        yield line.line.text, max(0.0, start), end


def measure(song, show=True):
    """Words wrong in the dry lead and in the master, worst line of it, and how loud the voice is in it."""
    stems = perform(song, lambda *_: None)
    whole = master(mix(stems, song), song.mix, target=target_of(song)).samples.mean(axis=0)
    placed = dict(separate(stems, song))
    out = {"wrong": 0, "dry_wrong": 0, "words": 0, "worst": 0.0}
    levels = []
    dry = stems["vocals"].samples.mean(axis=0)
    for text, start, end in spans(song):
        cut = slice(round(start * RATE_HZ), round(end * RATE_HZ))
        heard = judge.transcribe(whole[cut])
        errors, count = judge.word_errors(text, heard)
        dry_errors, _ = judge.word_errors(text, judge.transcribe(dry[cut]))
        if errors and show:
            print(f"    {errors}/{count} (dry {dry_errors})  {text}  →  {heard}")
        out["wrong"], out["dry_wrong"] = out["wrong"] + errors, out["dry_wrong"] + dry_errors
        out["words"], out["worst"] = out["words"] + count, max(out["worst"], errors / count)
        levels.append(over_band_db(placed, cut))
    return out | {"over_band": np.mean(levels, axis=0)}


def over_band_db(placed, cut):
    """Lead against band while it sings: K-weighted (BS.1770), and in 1–4 kHz; dB, shape (2,)."""
    band = sum(audio.samples[:, cut] for name, audio in placed.items() if name not in VOICES)
    voice = placed["vocals"].samples[:, cut]
    ratios = [heard(voice) / max(heard(band), 1e-12) for heard in (loudness, middle)]
    return 10 * np.log10(np.maximum(ratios, 1e-12))


def loudness(samples):
    """Mean K-weighted power."""
    return float(block_powers(np.ascontiguousarray(samples)).mean())


def middle(samples):
    """Power in 1–4 kHz, where words are."""
    spectrum = np.abs(np.fft.rfft(samples, axis=1)) ** 2
    hz = np.fft.rfftfreq(samples.shape[1], 1 / RATE_HZ)
    return float(spectrum[:, (hz > 1000) & (hz < 4000)].sum())
