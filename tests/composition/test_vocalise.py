"""Instruments phrase tunes of pop as voices do: with breath, hooks and pickups, in their own range."""

import itertools
from statistics import mean

import pytest

from producer.composition import compose, load_style, parse_brief, style_names
from producer.score.instrument import INSTRUMENTS
from producer.score.lyric import SectionKind
from producer.score.part import Role

POP = tuple(n for n in style_names() if load_style(n).melody.reference == "pop" and load_style(n).solo)


def song_of(style, seed="4", seconds=60.0):
    brief = parse_brief(load_style(style).title, seed=seed, instrumental=True, length_seconds=seconds)
    return compose(brief, None, title="t", seed=seed)


def lead_of(song):
    return next(part for part in song.parts if part.role is Role.LEAD)


@pytest.mark.parametrize("style", POP)
def test_leads_lie_on_their_instrument_and_breathe(style):
    song = song_of(style)
    lead = lead_of(song)
    shelf = INSTRUMENTS[lead.instrument]
    assert all(shelf.low <= note.pitch <= shelf.high for note in lead.notes)
    rests = [
        song.tempo.seconds_at(b.start_beat) - song.tempo.seconds_at(a.end_beat)
        for a, b in itertools.pairwise(lead.notes)
    ]
    # A line and its breath take about four seconds.
    assert sum(rest > 0.3 for rest in rests) >= song.length_seconds / 16


def test_refrains_come_back():
    song = song_of("pop", seconds=90.0)
    first, *others = [
        tuple(
            (round(n.start_beat - 4.0 * s.start_bar, 1), n.pitch)
            for n in lead_of(song).notes
            if 4.0 * s.start_bar - 0.1 <= n.start_beat < 4.0 * s.end_bar - 1.1
        )
        for s in song.form.sections
        if s.kind is SectionKind.CHORUS
    ]
    assert len(first) > 8
    assert others and all(len(set(other) & set(first)) > 0.7 * len(first) for other in others)


def test_phrases_begin_all_over_the_bar_and_refrains_lie_higher():
    starts, lifts = [], []
    for seed in map(str, range(12)):
        song = song_of("pop", seed)
        notes = lead_of(song).notes
        starts += [
            round(2 * b.start_beat) % 8
            for a, b in itertools.pairwise(notes)
            if b.start_beat - a.end_beat > 0.9
        ]
        by_kind = {
            kind: [
                n.pitch
                for s in song.form.sections
                if s.kind is kind
                for n in notes
                if 4.0 * s.start_bar <= n.start_beat < 4.0 * s.end_bar
            ]
            for kind in (SectionKind.VERSE, SectionKind.CHORUS)
        }
        lifts.append(mean(by_kind[SectionKind.CHORUS]) - mean(by_kind[SectionKind.VERSE]))
    assert 0.02 < starts.count(0) / len(starts) < 0.5
    assert sum(lift > 0 for lift in lifts) >= 8


def test_tunes_hardly_leap_beyond_an_octave():
    leaps = [
        abs(b.pitch - a.pitch)
        for style in ("pop", "house", "jazz", "rock", "hip_hop")
        for a, b in itertools.pairwise(lead_of(song_of(style)).notes)
    ]
    assert sum(leap > 12 for leap in leaps) / len(leaps) < 0.02
    assert sum(0 < leap < 3 for leap in leaps) / len(leaps) > 0.25
