"""Our tunes measure like real ones: inside their 5–95 % bands on nine of ten features."""

import json
import math
import sys
import warnings
from pathlib import Path

import pytest

from producer.composition import compose, load_style, parse_brief, style_names
from producer.composition.lead import written
from producer.lyrics.sheet import parse_sheet
from producer.score.part import Role

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "bench"))
from melody_features import features, make_tune  # noqa: E402

BANDS = json.loads((HERE / "melody_bands.json").read_text("utf-8"))
WORDS = (HERE.parents[1] / "bench" / "words.txt").read_text("utf-8").split("\n---\n")
#: Grooves are told apart by family; each is measured on its own.
FAMILIES = {
    "pop": ("pop", "dance_pop", "indie", "ballad", "rock", "country"),
    "urban": ("soul", "rnb", "disco", "reggaeton", "afrobeats", "salsa"),
    "electronic": ("synth_pop", "house", "trance", "drum_and_bass", "synthwave", "chiptune"),
    "quiet": ("folk", "singer_songwriter", "ambient", "cinematic", "solo_piano", "bossa_nova"),
}
FOLK = tuple(name for name in style_names() if load_style(name).melody.reference == "folk")


def share_inside(tunes, bands):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        rows = [features(tune) for tune in tunes]
    inside = [
        low - 1e-9 <= row[name] <= high + 1e-9 or math.isnan(row[name])
        for row in rows
        for name, (low, high) in bands.items()
    ]
    return sum(inside) / len(inside)


@pytest.mark.parametrize("family", FAMILIES)
def test_sung_tunes_lie_in_the_bands_of_pop_vocals(family):
    tunes = []
    for i in range(18):
        style, seed = FAMILIES[family][i % 6], str(300 + i)
        sheet = parse_sheet(WORDS[i % len(WORDS)])
        brief = parse_brief(f"{load_style(style).title}, 4/4", seed=seed, sheet=sheet)
        song = compose(brief, sheet, title="Test", seed=seed)
        notes = [
            (n.start_beat, n.beats, n.pitch) for line in song.vocal if not line.backing for n in line.notes
        ]
        tunes.append(make_tune(notes, "4/4", 4.0, song.key.tonic, most_bars=32))
    assert share_inside(tunes, BANDS["pop 4/4"]) >= 0.9


@pytest.mark.parametrize(("meter", "share"), [("4/4", 0.9), ("3/4", 0.87), ("6/8", 0.87)])
def test_played_folk_tunes_lie_in_the_bands_of_folk_tunes(meter, share):
    tunes = []
    for i in range(16):
        style, seed = FOLK[i % len(FOLK)], str(500 + i)
        if meter not in load_style(style).meters:
            style = "celtic"
        brief = parse_brief(f"{load_style(style).title}, {meter}", seed=seed, instrumental=True)
        song = compose(brief, None, title="Test", seed=seed)
        notes = [n for part in song.parts if part.role is Role.LEAD for n in part.notes]
        if len(notes) >= 24:
            tunes.append(
                make_tune(
                    written(notes, song.meter),
                    meter,
                    song.meter.bar_beats,
                    song.key.tonic,
                    most_bars=32,
                )
            )
    assert len(tunes) >= 8
    assert share_inside(tunes, BANDS[f"folk {meter}"]) >= share
