"""A small real engine for tests of the service: a sung-looking tone of three seconds, made at once.

What the prompt says decides how it goes: ``crash`` kills the process, ``fail`` and ``bug`` raise,
``slow`` takes its time and reports progress until ``hurry`` appears beside the given file.
"""

import os
import time
from pathlib import Path

import numpy as np

from producer.engines.base import Commission, Progress, Recording, WriteLyrics
from producer.errors import EngineError
from producer.lyrics.sheet import parse_sheet
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, Part, Role, SungLine
from producer.score.pitch import Key, Mode
from producer.score.song import Form, Section, Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio

WORDS = "[Verse]\nHello lantern light\nCarry me tonight"
SECONDS = 3.0
STEP_SECONDS = 0.02


class FastEngine:
    """Makes a tone."""

    def __init__(self, write_words: WriteLyrics) -> None:
        self.write_words = write_words

    def record(self, commission: Commission, progress: Progress) -> Recording:
        sound = commission.sound or ""
        progress("writing", 0.0)
        if "crash" in sound:
            os._exit(3)
        if "fail" in sound:
            raise EngineError("The choir has a cold.")
        if "bug" in sound:
            raise ZeroDivisionError("secret detail")
        if "slow" in sound:
            take_time(progress, Path(sound.split("until ")[1]))
        words = None if commission.instrumental else commission.lyrics or WORDS
        song = tiny_song(commission, words)
        progress("mixing", 0.8)
        return Recording(
            audio=Audio(tone(int(commission.seed) % 12, song.length_seconds)),
            stems={"piano": Audio(tone(int(commission.seed) % 12, song.length_seconds))},
            title=song.title,
            seed=commission.seed,
            lyrics=words,
            song=song,
            brief={
                "style": "pop",
                "energy": 0.6,
                "valence": 0.2,
                "bpm": song.tempo.bpm,
                "key": song.key.name,
            },
        )


def take_time(progress: Progress, until: Path) -> None:
    """Sing on until a file appears."""
    for step in range(100_000):
        progress("singing", 0.1 + 0.5 * step / 100_000)
        if until.exists():
            return
        time.sleep(STEP_SECONDS)


def tone(semitone: int, seconds: float) -> np.ndarray:
    """A chord of two sines, stereo, fading out."""
    t = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    hz = 220.0 * 2 ** (semitone / 12)
    wave = 0.2 * (np.sin(2 * np.pi * hz * t) + np.sin(2 * np.pi * 1.5 * hz * t)) * (1 - t / seconds)
    return np.stack([wave, wave]).astype(np.float32)


def tiny_song(commission: Commission, words: str | None) -> Song:
    """A score of a few notes, with the words on them."""
    seconds = commission.length_seconds or SECONDS
    bpm = commission.bpm or 120.0
    sheet = parse_sheet(words) if words else LyricSheet(())
    return Song(
        title=commission.title or "Lantern Light",
        seed=commission.seed,
        style="pop",
        key=Key(9, Mode.MINOR),
        meter=Meter(4, 4),
        tempo=constant_tempo(bpm),
        form=Form((Section(SectionKind.VERSE, "Verse", 0, 2),)),
        chords=(),
        parts=(Part("piano", Role.CHORDS, "grand_piano", (Note(0.0, 1.0, 57), Note(1.0, 1.0, 60))),),
        vocal=tuple(sung(sheet)),
        singers=("af_heart",),
        sheet=sheet,
        length_seconds=seconds,
    )


def sung(sheet: LyricSheet) -> list[SungLine]:
    """Each line of words on quarter notes."""
    lines, beat = [], 0.0
    for line in sheet.lines:
        notes = []
        for index, _ in enumerate(line.syllables):
            notes.append(Note(beat, 0.25, 69, syllable=index))
            beat += 0.25
        if notes:
            lines.append(SungLine(line, tuple(notes), 0))
    return lines
