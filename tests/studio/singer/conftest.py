"""Real renders of real words, made once for all tests of the singer."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# The judges are those of the bench.
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "bench")]

from singer_scores import make_song, sung_line  # noqa: E402

from producer.studio.singer.performance import perform  # noqa: E402

SONGS = {
    "female": make_song(
        sung_line("I see the morning light again", last=2.0),
        sung_line("The river carries all my sorrow", start_beat=16.0, last=2.0),
    ),
    "male": make_song(
        sung_line("Take me to the open sea", last=2.0, tune=(50, 52, 54, 55, 54, 52, 50)),
        sung_line(
            "Keep a place at home for me", start_beat=16.0, last=2.0, tune=(54, 55, 54, 52, 50, 52, 50)
        ),
        singers=("am_michael",),
    ),
}


@pytest.fixture(scope="session", params=sorted(SONGS))
def performed(request: pytest.FixtureRequest):
    """A song and its lines as rendered."""
    song = SONGS[request.param]
    return song, perform(song)
