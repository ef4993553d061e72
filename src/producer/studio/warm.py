"""Compile the band's kernels once, at set-up, so that no song waits for them."""

import numpy as np

from producer.score.instrument import INSTRUMENTS
from producer.score.lyric import SectionKind
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Control, ControlKind, Note, Part, Role
from producer.score.pitch import Key, Mode
from producer.score.song import Form, MixPlan, Section, Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio
from producer.studio.band import play
from producer.studio.master import master
from producer.studio.mix import mix
from producer.studio.preset import VOCALS

#: One instrument for each way of making sound.
_INSTRUMENTS = ("grand_piano", "supersaw", "fm_bell", "kit_909", "riser", "electric_piano", "kit_lofi")


def warm_band() -> None:
    """Play, mix and master two bars with one of everything; compiled kernels are kept on disk.

    They go where numba keeps its cache: beside the package, or in ``NUMBA_CACHE_DIR`` where the
    package can't be written to.

    Raises
    ------
    AssetError
        The soundfont is missing.
    """
    song = _two_bars()
    stems = play(song)
    n = round(song.length_seconds * SAMPLE_RATE_HZ)
    hum = np.sin(np.arange(n) * (2.0 * np.pi * 220.0 / SAMPLE_RATE_HZ)).astype(np.float32) * np.float32(0.1)
    stems[VOCALS] = Audio(np.stack([hum, hum]))
    master(mix(stems, song), song.mix)


def _two_bars() -> Song:
    parts = []
    for i, name in enumerate(_INSTRUMENTS):
        is_kit = INSTRUMENTS[name].family == "drums"
        role = Role.DRUMS if is_kit else Role.EFFECTS if name == "riser" else Role.LEAD
        pitch = 36 if is_kit else 60
        controls = tuple(Control(0.0, kind, 0.4) for kind in ControlKind)
        parts.append(Part(f"part {i}", role, name, (Note(0.0, 2.0, pitch), Note(2.0, 1.0, pitch)), controls))
    return Song(
        title="", seed="0", style="", key=Key(0, Mode.MAJOR), meter=Meter(4, 4), tempo=constant_tempo(120.0),
        form=Form((Section(SectionKind.VERSE, "", 0, 2),)), chords=(), parts=tuple(parts),
        mix=MixPlan(preset="dance", lofi=0.5, brightness_db=1.0, width=1.2), length_seconds=4.0,
    )  # fmt: skip
