"""How the score is played: gestures, breath, ties, brushes, breakdowns."""

from dataclasses import replace
from random import Random

import pytest

from producer.composition import compose, load_style, parse_brief, style_names
from producer.composition.feel import breathe, humanise
from producer.composition.gestures import GESTURES, bends, sweeps
from producer.composition.groove import brushed, play_drums
from producer.score.instrument import INSTRUMENTS, Drum
from producer.score.lyric import SectionKind
from producer.score.meter import Meter
from producer.score.part import ControlKind, Note
from producer.score.song import Form, Section

FOUR = Meter(4, 4)
PAIR = (
    Section(SectionKind.VERSE, "Verse", 0, 8, 0.5),
    Section(SectionKind.CHORUS, "Chorus", 8, 8, 0.9),
)


def song_of(sound, seed="1", seconds=40.0):
    brief = parse_brief(sound, seed=seed, instrumental=True, length_seconds=seconds)
    return compose(brief, None, title="Test", seed=seed)


def part_of(song, name):
    return next(part for part in song.parts if part.name == name)


def test_gestures_belong_to_instruments_on_the_shelf():
    assert set(GESTURES) <= set(INSTRUMENTS)


def test_bends_come_back_to_pitch_and_leave_chords_alone():
    line = [Note(2.0 * i, 1.5, 60 + i % 5, 80) for i in range(40)]
    controls = bends(line, "tenor_sax", 120.0, Random(1))
    assert controls
    assert [c.beat for c in controls] == sorted(c.beat for c in controls)
    assert controls[-1].value == 0.0
    for note in line:  # the middle of every note is in tune
        before = [c for c in controls if c.beat <= note.start_beat + 0.7]
        assert not before or before[-1].value == 0.0
    chords = [replace(note, pitch=note.pitch + k) for note in line for k in (0, 4)]
    assert bends(chords, "tenor_sax", 120.0, Random(1)) == ()
    assert bends(line, "grand_piano", 120.0, Random(1)) == ()


def test_guitars_bend_and_horns_fall():
    guitar = bends([Note(2.0 * i, 1.9, 64, 80) for i in range(60)], "distortion_guitar", 120.0, Random(3))
    assert min(c.value for c in guitar) == -2.0
    horn = bends([Note(4.0 * i, 1.5, 64, 80) for i in range(60)], "trumpet", 120.0, Random(3))
    after = [c.beat % 4.0 for c in horn if c.value == -2.0]
    assert after
    assert min(after) > 1.4  # at the end of a note and behind it


@pytest.mark.parametrize("sound", ["blues with tenor sax", "metal", "country with pedal steel guitar"])
def test_songs_have_bends_where_hands_make_them(sound):
    song = song_of(sound, seconds=60.0)
    assert any(c.kind is ControlKind.PITCH_BEND for part in song.parts for c in part.controls)


def test_filters_open_through_a_build():
    sections = (
        Section(SectionKind.VERSE, "", 0, 8, 0.5),
        Section(SectionKind.BUILD, "", 8, 4, 0.6),
        Section(SectionKind.DROP, "", 12, 8, 0.9),
    )
    values = {c.beat: c.value for c in sweeps(sections, 4.0)}
    assert values[32.0] < 0.3 < values[48.0] == 0.5
    assert sweeps(PAIR, 4.0) == ()


def test_phrases_swell_and_lead_into_a_louder_section():
    notes = [Note(float(beat), 0.9, 60, 80) for beat in range(64)]
    breathing = breathe(notes, PAIR, 4.0, 6.0)
    level = [note.velocity for note in breathing]
    assert level[9] > level[0] + 10  # the middle of a phrase over its start
    assert level[9] > level[15] + 4  # and over its end
    assert level[31] > level[15] + 5  # the last bar before the chorus grows
    assert breathe(notes, PAIR, 4.0, 0.0) == tuple(notes)


def test_timing_and_velocity_spread_by_style_and_seed():
    notes = [Note(0.5 * i, 0.4, 60, 80) for i in range(400)]

    def spread(style, seed="1"):
        played = humanise(notes, Random(seed), loose_ms=style.loose_ms, velocity_spread=style.touch)
        mean = sum(n.velocity for n in played) / len(played)
        touch = (sum((n.velocity - mean) ** 2 for n in played) / len(played)) ** 0.5
        return touch, max(n.nudge_seconds for n in played), played

    jazz, techno = spread(load_style("jazz")), spread(load_style("techno"))
    assert jazz[0] > 2.5 * techno[0]
    assert jazz[1] > 5 * techno[1]
    assert spread(load_style("jazz"))[2] == jazz[2]
    assert spread(load_style("jazz"), "2")[2] != jazz[2]


def test_divided_strings_hold_what_chords_share():
    song = song_of("orchestral, C major", seconds=60.0)
    strings = part_of(song, "strings")
    bars = song.meter.bar_beats
    crossing = [
        n
        for n in strings.notes
        if any(n.start_beat < s.start_beat - 0.1 < n.end_beat - 0.3 for s in song.chords)
    ]
    assert len(crossing) > 3
    assert max(n.beats for n in strings.notes[:-8]) <= 8.0 + bars


def test_brushes_stir_and_slap():
    spec = load_style("jazz").drums
    form = Form(PAIR)
    notes = play_drums(spec, form, FOUR, dice=Random(1))
    stirred = brushed(notes, spec, form, FOUR)
    swirls = [note for note in stirred if note.pitch == Drum.SNARE_2]
    assert len(swirls) == 2 * form.bars
    assert all(note.beats == 2.0 for note in swirls)


def test_a_breakdown_has_no_drums():
    song = song_of("trance, 138 bpm", seconds=90.0)
    drums = part_of(song, "drums")
    breaks = [s for s in song.form.sections if s.kind in (SectionKind.BRIDGE, SectionKind.INTERLUDE)]
    assert breaks
    for section in breaks:
        start, end = section.start_bar * 4.0, section.end_bar * 4.0
        assert not [n for n in drums.notes if start + 0.1 < n.start_beat < end - 0.1]


def test_a_breakdown_is_bare_and_what_follows_arrives():
    song = song_of("trance, 138 bpm", seconds=180.0)
    energies = {kind: [s.energy for s in song.form.sections if s.kind is kind] for kind in SectionKind}
    assert max(energies[SectionKind.BRIDGE]) < min(energies[SectionKind.VERSE]) - 0.05
    playing = {}
    for section in song.form.sections:
        start, end = section.start_bar * 4.0 + 0.1, section.end_bar * 4.0 - 0.1
        playing.setdefault(section.kind, set()).update(
            part.name for part in song.parts if any(start < n.start_beat < end for n in part.notes)
        )
    assert not playing[SectionKind.BRIDGE] & {"drums", "bass", "saws"}
    assert {"drums", "bass", "saws", "gate"} <= playing[SectionKind.DROP]


def test_the_last_refrain_of_music_without_words_is_doubled_at_the_octave():
    song = song_of("pop", seconds=90.0)
    double, lead = part_of(song, "lead octave"), part_of(song, "lead")
    last = [s for s in song.form.sections if s.kind is SectionKind.CHORUS][-1]
    assert all(last.start_bar * 4.0 - 1.1 <= n.start_beat < last.end_bar * 4.0 for n in double.notes)
    heights = {round(n.start_beat, 2): n.pitch for n in lead.notes}
    gaps = {abs(n.pitch - heights[round(n.start_beat, 2)]) for n in double.notes}
    assert gaps == {12}


def test_ghost_notes_are_ghosts():
    song = song_of("funk", seconds=60.0)
    snares = [n.velocity for n in part_of(song, "drums").notes if n.pitch == Drum.SNARE]
    assert min(snares) < 0.55 * max(snares)


def test_strums_run_down_and_up_the_strings():
    song = song_of("folk", seconds=40.0)
    strummed = [p for p in song.parts if p.instrument in ("steel_guitar", "nylon_guitar")]
    spans = []
    for part in strummed:
        at = {}
        for note in part.notes:
            at.setdefault(round(note.start_beat * 4), []).append(note)
        spans += [
            max(n.nudge_seconds for n in c) - min(n.nudge_seconds for n in c)
            for c in at.values()
            if len(c) > 2
        ]
    assert spans
    assert 0.015 < sorted(spans)[len(spans) // 2] < 0.12


def test_pianists_use_the_pedal_where_the_style_has_one():
    for name in ("solo_piano", "ballad"):
        song = song_of(load_style(name).title)
        pedalled = [p for p in song.parts if any(c.kind is ControlKind.SUSTAIN for c in p.controls)]
        assert pedalled, name


def test_open_hats_are_played_and_closed_again():
    opened = [name for name in style_names() if load_style(name).drums and any(
        "hat_open" in table for table in (load_style(name).drums.main, load_style(name).drums.full)
    )]  # fmt: skip
    assert len(opened) > 20
