"""How far up and down each singer of the roster stays a singer: two lines moved in steps of two semitones.

    python bench/bench_range.py [SINGER …]

At every height: frames voiced, frames within 50 cents (Harvest), harmonic-to-noise ratio of held vowels below
2 kHz, share of letters wrong (Whisper base). The words are the first lines of the development songs of the
singer's language. The last table says where a singer is clean (≥ 95 % voiced, ≥ 98 % within 50 cents,
15–40 dB) and where words are hardly worse than at the best height, beside what the roster asks for.
"""

import sys
import tomllib
from pathlib import Path

import numpy as np
import voice_judge as judge
from bench_tongues import SCRIPT, errors

from producer.lyrics.syllables import make_line
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, SungLine
from producer.score.pitch import Key, Mode
from producer.score.singer import NATIVES, ROSTER
from producer.score.song import Form, Section, Song
from producer.studio.singer.performance import perform

FOLDER = Path(__file__).parent
TUNE = (0, 2, 4, 2, 5, 4, 2, 0, -1, 0, 2, 4)  # semitones around the height
HEIGHTS = range(-8, 27, 2)  # of the tune's middle above the speaking pitch
MARGIN_LETTERS = 0.1  # more letters wrong than at the best three heights
CLEAN = {"voiced": 0.95, "within_50": 0.98}
HNR_DB = (15.0, 40.0)


def language_of(name):
    """The language a singer grew up with."""
    return next((code for code, pair in NATIVES.items() if name in {s.name for s in pair.values()}), "en")


def words_of(name):
    """(text, its kana or "") of two lines."""
    code, gender = language_of(name), ROSTER[name].gender
    if code == "en":
        return (("Leave a lantern in the hall", ""), ("Set the table for a guest", ""))
    rows = tomllib.loads((FOLDER / "tongues" / "dev.toml").read_text("utf-8"))["song"]
    rows = [row for row in rows if row["language"] == code]
    row = next((row for row in rows if gender in row["sound"].replace(",", " ").split()), rows[0])
    kana = row.get("kana", [""] * len(row["lines"]))
    return tuple(zip(row["lines"][:2], kana[:2], strict=True))


def score(name):
    """All lines at all heights as one song, with (height, text, kana) of each line."""
    code, beat, sung, keys = language_of(name), 4.0, [], []
    for height in HEIGHTS:
        for text, kana in words_of(name):
            line = make_line(text, language=code)
            notes = []
            for index in range(len(line.syllables)):
                beats = 3.0 if index == len(line.syllables) - 1 else 1.0
                pitch = round(ROSTER[name].speech_pitch) + height - 2 + TUNE[index % len(TUNE)]
                notes.append(Note(beat, beats, pitch, syllable=index))
                beat += beats
            sung.append(SungLine(line, tuple(notes), 0))
            keys.append((height, text, kana))
            beat += 2.0
    tempo = constant_tempo(126.0)
    form = Form((Section(SectionKind.VERSE, "Verse", 0, int(beat / 4) + 1),))
    song = Song(
        title=name, seed="1", style="pop", key=Key(0, Mode.MAJOR), meter=Meter(4, 4), tempo=tempo, form=form,
        chords=(), parts=(), vocal=tuple(sung), singers=(name,), length_seconds=tempo.seconds_at(beat) + 1,
    )  # fmt: skip
    return song, keys


def measure(name):
    """{height: figures} of one singer."""
    song, keys = score(name)
    code, found = language_of(name), {}
    performed = perform(song)
    throats = len(performed) // len(keys)
    for (height, text, kana), (_, sung) in zip(keys, performed[::throats], strict=True):
        mono, times = sung.samples.astype(float), sung.times - sung.times[0]
        row = judge.pitch_report(mono, times, sung.pitch_hz, careful=True)
        noise = judge.harmonic_to_noise_db(mono, times, sung.pitch_hz, sung.held, shortest=0.2)
        heard = judge.transcribe(sung.samples, code, prompt=SCRIPT.get(code))
        wrong, letters, _, _ = errors(text, kana, code, heard)
        row |= {"hnr": noise[:, 0], "wrong": wrong, "letters": letters}
        found.setdefault(height, []).append(row)
    return {
        height: {
            "voiced": np.mean([r["voiced"] for r in rows]),
            "within_50": np.mean([r["within_50"] for r in rows]),
            "hnr": np.median(np.concatenate([r["hnr"] for r in rows])),
            "letters": sum(min(r["wrong"], r["letters"]) for r in rows) / sum(r["letters"] for r in rows),
        }
        for height, rows in found.items()
    }


def span(heights, good):
    """Lowest and highest height of the longest unbroken run that is good."""
    best, run = (), ()
    for height in heights:
        run = (*run, height) if good(height) else ()
        best = max(best, run, key=len)
    return (best[0], best[-1]) if best else None


def summary(name, figures):
    """One line of the table, MIDI numbers of single notes."""
    singer = ROSTER[name]
    base = round(singer.speech_pitch)
    least = np.mean(sorted(f["letters"] for f in figures.values())[:3])

    def clean(height):
        row = figures[height]
        return all(row[key] >= low for key, low in CLEAN.items()) and HNR_DB[0] <= row["hnr"] <= HNR_DB[1]

    cells = []
    for good in (clean, lambda h: figures[h]["letters"] <= least + MARGIN_LETTERS):
        found = span(list(figures), good)
        low, high = base + min(TUNE) - 2, base + max(TUNE) - 2
        cells.append(f"{low + found[0]}–{high + found[1]}" if found else "none")
    middle = f"{base + 2}–{base + 9}"
    return f"| {name} | {singer.speech_pitch} | {singer.low}–{singer.high} | {middle} | {' | '.join(cells)} |"


def main():
    """Measure the singers asked for, or all."""
    rows = []
    for name in sys.argv[1:] or ROSTER:
        figures = measure(name)
        for height, row in figures.items():
            print(f"{name:13} +{height:3} {100 * row['voiced']:6.1f} {100 * row['within_50']:6.1f} "
                  f"{row['hnr']:5.1f} {row['letters']:.2f}", flush=True)  # fmt: skip
        rows.append(summary(name, figures))
        print(rows[-1], flush=True)
    print("\n| singer | speaks at | roster | tune's median | clean | words |\n|---|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
