"""The critic prefers tunes that move as real ones do."""

from dataclasses import replace
from random import Random

import pytest

from producer.composition import compose, parse_brief
from producer.engines.base import Commission
from producer.engines.critic import oddness, pick_take, tune_of
from producer.engines.house import take_seeds, write_song
from producer.score.part import Role


@pytest.fixture(scope="module")
def song():
    return compose(parse_brief("folk, instrumental, 40 seconds", seed="3"), None, title="t", seed="3")


def with_tune(song, pitches):
    lead = next(part for part in song.parts if part.role is Role.LEAD)
    notes = tuple(replace(note, pitch=pitch) for note, pitch in zip(lead.notes, pitches, strict=True))
    return replace(song, parts=tuple(replace(p, notes=notes) if p is lead else p for p in song.parts))


def test_random_tunes_and_standing_ones_are_odd(song):
    n = len(tune_of(song))
    dice = Random(1)
    wild = with_tune(song, [dice.randint(48, 96) for _ in range(n)])
    still = with_tune(song, [60] * n)
    assert oddness(song) < oddness(wild)
    assert oddness(song) < oddness(still)
    assert pick_take([wild, song, still]) is song


def test_a_song_without_a_tune_is_never_preferred(song):
    mute = replace(song, parts=tuple(part for part in song.parts if part.role is not Role.LEAD))
    assert pick_take([mute, song]) is song
    assert pick_take([mute, mute]) is mute


def test_takes_have_seeds_of_their_own_and_begin_with_the_commission_s():
    seeds = take_seeds("7", 4)
    assert seeds[0] == "7"
    assert len(set(seeds)) == 4
    assert all(seed.isdigit() for seed in seeds)


def test_pro_is_never_odder_than_the_plain_model():
    better = 0
    for seed in range(6):
        order = Commission(sound="country", seed=str(seed), instrumental=True, length_seconds=30.0)
        plain = write_song(order).song
        pro = write_song(replace(order, model="FUZZ-2.0 Pro")).song
        assert oddness(pro) <= oddness(plain)
        assert pro == write_song(replace(order, model="FUZZ-2.0 Pro")).song
        better += oddness(pro) < oddness(plain)
    assert better >= 3
