"""The critic hears keys, tunes and refrains; the best take is never worse than the first."""

from dataclasses import replace
from random import Random

import pytest

from producer.composition import compose, parse_brief, pick_take
from producer.composition.critic import judge, merit
from producer.engines.base import Commission
from producer.engines.house import take_seeds, write_song
from producer.lyrics.sheet import parse_sheet
from producer.score.part import Role
from producer.score.pitch import Key

WORDS = """[Verse]
The harbour wakes before the sun
With silver nets and tired hands
[Chorus]
Oh, carry me over the water
Carry me over the sea
Oh, carry me over the water
Carry me home to me
"""


@pytest.fixture(scope="module")
def brief():
    return parse_brief("folk in D major, instrumental, 40 seconds", seed="3")


@pytest.fixture(scope="module")
def song(brief):
    return compose(brief, None, title="t", seed="3")


def with_tune(song, pitches):
    lead = next(part for part in song.parts if part.role is Role.LEAD)
    notes = tuple(replace(note, pitch=pitch) for note, pitch in zip(lead.notes, pitches, strict=True))
    return replace(song, parts=tuple(replace(p, notes=notes) if p is lead else p for p in song.parts))


def tune_length(song):
    return sum(len(part.notes) for part in song.parts if part.role is Role.LEAD)


def test_random_tunes_and_standing_ones_are_less_like_real_ones(song, brief):
    dice = Random(1)
    wild = with_tune(song, [dice.randint(48, 96) for _ in range(tune_length(song))])
    still = with_tune(song, [62] * tune_length(song))
    assert judge(song, brief)["bands"] > max(judge(other, brief)["bands"] for other in (wild, still))
    assert pick_take([wild, song, still], brief) is song


def test_a_song_whose_notes_are_in_another_key_than_it_says_is_marked_down(song, brief):
    elsewhere = replace(song, key=Key((song.key.tonic + 6) % 12, song.key.mode))
    assert judge(song, brief)["key"] > 0.5
    assert judge(elsewhere, brief)["key"] == 0.0


def test_a_refrain_below_its_verse_and_a_strained_voice_are_marked_down():
    sheet = parse_sheet(WORDS)
    brief = parse_brief("pop", seed="4", sheet=sheet)
    song = compose(brief, sheet, title="t", seed="4")
    moved = {
        shift: replace(
            song,
            vocal=tuple(
                replace(line, notes=tuple(replace(n, pitch=n.pitch + shift) for n in line.notes))
                if line.section == song.vocal[-1].section
                else line
                for line in song.vocal
            ),
        )
        for shift in (-9, 0, 9)
    }
    lifts = [judge(moved[shift], brief)["lift"] for shift in (-9, 0, 9)]
    assert lifts == sorted(lifts)
    assert lifts[0] < lifts[2]
    high = replace(
        song,
        vocal=tuple(
            replace(line, notes=tuple(replace(n, pitch=n.pitch + 14) for n in line.notes))
            for line in song.vocal
        ),
    )
    assert judge(high, brief)["comfort"] < judge(song, brief)["comfort"]


def test_marks_lie_between_none_and_full(song, brief):
    assert all(0.0 <= mark <= 1.0 for mark in judge(song, brief).values())


def test_the_first_of_equals_is_kept(song, brief):
    same = replace(song, title="another")
    assert pick_take([song, same], brief) is song


def test_takes_have_seeds_of_their_own_and_begin_with_the_commission_s():
    seeds = take_seeds("7", 4)
    assert seeds[0] == "7"
    assert len(set(seeds)) == 4
    assert all(seed.isdigit() for seed in seeds)


def test_pro_is_never_worse_than_the_plain_model():
    better = 0
    for seed in range(6):
        order = Commission(sound="country", seed=str(seed), instrumental=True, length_seconds=30.0)
        plain = write_song(order)
        pro = write_song(replace(order, model="FUZZ-2.0 Pro"))
        assert merit(pro.song, pro.brief) >= merit(plain.song, plain.brief)
        assert pro == write_song(replace(order, model="FUZZ-2.0 Pro"))
        better += merit(pro.song, pro.brief) > merit(plain.song, plain.brief)
    assert better >= 3
