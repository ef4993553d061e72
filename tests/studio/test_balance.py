"""Voice against band: phrases, faders, and what they come to in a mix."""

import numpy as np
import pytest

from producer.score.part import Note, Part, Role
from producer.studio.audio import Audio
from producer.studio.balance import find_phrases, ride
from producer.studio.band import play
from producer.studio.dsp.dynamics import CURVE_RATE_HZ
from producer.studio.dsp.loudness import block_powers
from producer.studio.mix import separate

RATE_HZ = 44_100
HOP_SECONDS = 0.1


def powers(*stretches_db):
    """Powers of 100 ms blocks: (seconds, dB) one after the other."""
    return np.concatenate([np.full(round(10 * s), 10.0 ** (db / 10.0)) for s, db in stretches_db])


def test_phrases_are_where_the_lead_sings():
    lead = powers((1, -90), (2, -20), (1, -90), (4, -20), (1, -90))
    band = powers((3.5, -30), (5.5, -18))
    first, second = find_phrases(lead, band)
    assert (first.start_seconds, second.start_seconds) == pytest.approx((1.0, 4.0))
    assert first.over_db == pytest.approx(10.0)
    assert second.over_db == pytest.approx(-2.0)
    assert second.weight == 2 * first.weight


def test_a_long_phrase_is_looked_at_in_pieces_and_silence_is_none():
    lead = powers((16, -20))
    assert len(find_phrases(lead, powers((16, -30)))) == 3
    assert find_phrases(np.zeros(50), powers((5, -20))) == ()
    assert find_phrases(lead, np.zeros(160)) == ()


def test_the_ride_meets_in_the_middle():
    lead, quiet = powers((3, -20), (2, -90), (3, -20)), powers((4, -34), (4, -20))
    faders = ride(find_phrases(lead, quiet), 2.0, 8 * RATE_HZ)
    verse, chorus = (int(t * CURVE_RATE_HZ) for t in (1.5, 7.0))
    over = {
        at: db + 20 * np.log10(faders.voice[at] / faders.band[at]) for at, db in ((verse, 14), (chorus, 0))
    }
    assert over[verse] + over[chorus] == pytest.approx(4.0, abs=0.1)
    assert 0.0 < over[verse] - over[chorus] < 14.0 * 0.4
    assert faders.band[verse] > 1.0 > faders.band[chorus]
    assert faders.voice[verse] < faders.voice[chorus]


def test_nobody_sings_nobody_rides():
    faders = ride((), 2.0, RATE_HZ)
    assert np.all(faders.voice == 1.0)
    assert np.all(faders.band == 1.0)


@pytest.mark.parametrize("preset", ["pop", "dance", "acoustic"])
def test_the_voice_stands_above_a_lone_piano_and_above_everybody(make_song, preset):
    """Verse over soft chords, chorus with drums and a loud lead: 1–3 dB in both."""
    verse = tuple(Note(4.0 * b, 3.8, p, 50) for b in range(8) for p in (57, 60, 64))
    tune = tuple(Note(16.0 + i / 2, 0.45, 72 + i % 5, 110) for i in range(32))
    drums = tuple(Note(16.0 + i / 2, 0.25, key, 110) for i in range(32) for key in ((36, 42), (38,))[i % 2])
    song = make_song(
        Part("chords", Role.CHORDS, "grand_piano", verse),
        Part("lead", Role.LEAD, "saw_lead", tune),
        Part("drums", Role.DRUMS, "kit_standard", drums),
        seconds=16.0,
        preset=preset,
    )
    t = np.arange(16 * RATE_HZ) / RATE_HZ
    turns = np.cumsum(220.0 * (1 + 0.006 * np.sin(2 * np.pi * 5.5 * t))) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * k * turns) / k for k in range(1, 12))
    words = ((t % 8.0 > 1.0) & (t % 8.0 < 6.5)) * (0.6 + 0.4 * np.sin(2 * np.pi * 2.3 * t))
    lead = np.tile((0.1 * tone * words).astype(np.float32), (2, 1))
    placed = dict(separate({**play(song), "vocals": Audio(lead)}, song))
    voice = block_powers(placed["vocals"].samples)
    band = block_powers(sum(placed[part.name].samples for part in song.parts))
    overs = []
    for start, end in ((10, 60), (90, 140)):
        over = 10 * np.log10(voice[start:end].mean() / band[start:end].mean())
        overs.append(float(over))
    assert all(0.5 < over < 3.8 for over in overs), overs
