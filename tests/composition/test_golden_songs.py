"""Six songs, note for note: a change here changes what customers hear."""

from pathlib import Path

import pytest

from producer.composition import compose, parse_brief
from producer.lyrics.sheet import parse_sheet
from producer.score.json import dump_song, load_song

GOLDEN = Path(__file__).parents[1] / "golden"
WORDS = """[Verse]
The harbour wakes before the sun
With silver nets and tired hands
[Chorus]
Oh, carry me over the water (over the water)
Carry me over the sea
[Verse]
The winter came and took the tide
I keep his letters safe inside
[Chorus]
Oh, carry me over the water (over the water)
Carry me over the sea
"""
SONGS = {
    "11": ("warm folk in D major, female voice", WORDS, {"length_seconds": 50.0}),
    "22": ("lofi", None, {"length_seconds": 40.0}),
    "33": ("rock at 120 bpm, male singer", WORDS, {"length_seconds": 45.0}),
    "44": ("epic orchestral in 6/8", None, {"length_seconds": 30.0}),
    "55": ("hip hop", WORDS, {"length_seconds": 40.0}),
    "66": ("jazz-infused drum and bass", None, {"length_seconds": 24.0}),
}


def make(seed):
    sound, words, wishes = SONGS[seed]
    sheet = parse_sheet(words) if words else None
    return compose(
        parse_brief(sound, seed=seed, sheet=sheet, **wishes), sheet, title=f"Golden {seed}", seed=seed
    )


@pytest.mark.parametrize("seed", SONGS)
def test_the_song_is_as_it_was(seed, update_golden):
    path = GOLDEN / f"song_{seed}.json"
    song = make(seed)
    if update_golden:
        path.parent.mkdir(exist_ok=True)
        path.write_text(dump_song(song), "utf-8")
    assert load_song(path.read_text("utf-8")) == song, "run pytest tests/composition --update-golden if meant"


def test_another_seed_is_another_song():
    briefs = [parse_brief("pop", seed=seed, sheet=parse_sheet(WORDS)) for seed in ("1", "2", "3")]
    songs = [
        compose(brief, parse_sheet(WORDS), title="T", seed=seed)
        for brief, seed in zip(briefs, ("1", "2", "3"), strict=True)
    ]
    tunes = {tuple(n.pitch for line in song.vocal for n in line.notes) for song in songs}
    rhythms = {tuple(n.start_beat % 4 for line in song.vocal for n in line.notes) for song in songs}
    assert len(tunes) == len(rhythms) == 3
