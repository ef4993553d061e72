"""Small songs built by hand, for everything that makes sound."""

from collections.abc import Callable

import numpy as np
import pytest

from producer.score.instrument import Drum
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, Part, Role
from producer.score.pitch import Key, Mode
from producer.score.song import Form, MixPlan, Section, Song
from producer.studio.audio import Audio
from producer.studio.band import play

RATE_HZ = 44_100


def _song(*parts: Part, seconds: float = 4.0, bpm: float = 120.0, seed: str = "1", **plan) -> Song:
    bars = max(1, int(seconds * bpm / 240.0))
    half = max(1, bars // 2)
    sections = [Section(SectionKind.VERSE, "Verse", 0, half, 0.4)]
    if bars > half:
        sections.append(Section(SectionKind.CHORUS, "Chorus", half, bars - half, 0.8))
    return Song(
        title="Test", seed=seed, style="pop", key=Key(9, Mode.MINOR), meter=Meter(4, 4),
        tempo=constant_tempo(bpm), form=Form(tuple(sections)), chords=(), parts=parts,
        length_seconds=seconds, mix=MixPlan(**plan),
    )  # fmt: skip


@pytest.fixture
def make_song() -> Callable[..., Song]:
    """A song of given parts in 4/4."""
    return _song


@pytest.fixture
def play_notes() -> Callable[..., np.ndarray]:
    """Samples of one instrument playing notes (in seconds at 60 bpm), shape (2, n)."""

    def perform(instrument: str, *notes: Note, seconds: float = 3.0, controls=(), role=Role.LEAD, seed="1"):
        part = Part("part", role, instrument, tuple(notes), controls=tuple(controls))
        return play(_song(part, seconds=seconds, bpm=60.0, seed=seed))["part"].samples

    return perform


def _band_parts(bars: int, lead: str, chords: str, bass: str, kit: str) -> tuple[Part, ...]:
    triads = ((57, 60, 64), (53, 57, 60), (48, 55, 64), (55, 59, 62))
    tune = (76, 72, 69, 76, 74, 72, 71, 67)
    strokes = ((0, Drum.KICK), (1, Drum.SNARE), (2, Drum.KICK), (3, Drum.SNARE))
    beat = strokes + tuple((i / 2, Drum.HAT_CLOSED) for i in range(8))
    all_bars = range(bars)
    drums = tuple(Note(4 * b + t, 0.25, key, 95) for b in all_bars for t, key in beat)
    roots = tuple(Note(4 * b + i / 2, 0.45, triads[b % 4][0] - 12, 90) for b in all_bars for i in range(8))
    harmony = tuple(Note(4 * b, 3.8, p, 75) for b in all_bars for p in triads[b % 4])
    melody = tuple(Note(4 * b + i / 2, 0.45, p, 88) for b in all_bars for i, p in enumerate(tune))
    return (
        Part("drums", Role.DRUMS, kit, drums),
        Part("bass", Role.BASS, bass, roots),
        Part("chords", Role.CHORDS, chords, harmony, pan=0.3),
        Part("lead", Role.LEAD, lead, melody),
    )


@pytest.fixture
def band_song() -> Callable[..., Song]:
    """A whole little band: `band_song(preset, seconds=10.0, lead="saw_lead", …)`."""

    def build(
        preset="pop", *, seconds=10.0, bpm=120.0, seed="1", lead="saw_lead", chords="grand_piano",
        bass="finger_bass", kit="kit_standard", **plan,
    ):  # fmt: skip
        bars = int((seconds - 2.0) * bpm / 240.0)
        parts = _band_parts(bars, lead, chords, bass, kit)
        return _song(*parts, seconds=seconds, bpm=bpm, seed=seed, preset=preset, **plan)

    return build


@pytest.fixture
def sung_note() -> Callable[[float], Audio]:
    """Something like a voice: a vibrato tone with overtones, from the third second on."""

    def sing(seconds: float) -> Audio:
        t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
        turns = np.cumsum(220.0 * (1 + 0.006 * np.sin(2 * np.pi * 5.5 * t))) / RATE_HZ
        tone = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, 12))
        tone *= (t > 3.0) * (t < seconds - 2.0) * 0.1
        return Audio(np.stack([tone, tone]).astype(np.float32))

    return sing
