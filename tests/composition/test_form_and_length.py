"""Lengths, tempos and forms are met exactly."""

import pytest

from producer.composition import compose, parse_brief
from producer.lyrics.sheet import parse_sheet
from producer.score.lyric import SectionKind

WORDS = """[Verse 1]
Late night drives across the city
Streetlights painting gold on my skin
Every song a little gritty
Every mile I let you in
[Chorus]
So I come back to you
Through the rain and the blue
Every road that I knew
Only brings me back to you
[Verse 2]
Coffee cold on the kitchen table
Letters that I never did send
I would call if I was able
Tell you where the highways end
[Chorus]
So I come back to you
Through the rain and the blue
Every road that I knew
Only brings me back to you
[Bridge]
And if the morning finds me gone
Leave the window light turned on
[Chorus]
So I come back to you
Through the rain and the blue
Every road that I knew
Only brings me back to you
"""


def song_of(sound, words=None, seed="1", **wishes):
    sheet = parse_sheet(words) if words else None
    brief = parse_brief(sound, seed=seed, sheet=sheet, **wishes)
    return compose(brief, sheet, title="Test", seed=seed)


@pytest.mark.parametrize("length", [1.0, 4.5, 12.0, 30.0, 57.0, 100.0, 171.3, 240.0])
@pytest.mark.parametrize("sound", ["pop", "waltz ballroom", "dubstep", "ambient", "punk", "metal in 7/8"])
def test_an_asked_length_is_kept_to_the_second_with_and_without_words(sound, length):
    for words in (None, WORDS):
        song = song_of(sound, words, length_seconds=length, instrumental=words is None)
        assert song.length_seconds == length
        end = song.seconds_of_bar(song.form.bars)
        assert end <= length or length < 5
        assert length - end < 9 or length < 12
        assert max(n.end_beat for p in song.parts for n in p.notes) <= song.tempo.beat_at(length) + 1e-3


@pytest.mark.parametrize("bpm", [42.0, 76.0, 92.5, 128.0, 174.0, 220.0])
def test_an_asked_tempo_is_kept(bpm):
    for words in (None, WORDS):
        song = song_of("indie rock", words, bpm=bpm)
        assert song.tempo.bpm == bpm


def test_compound_metres_count_dotted_quarters():
    song = song_of("celtic jig at 80 bpm")
    assert song.tempo.bpm == 120.0


@pytest.mark.parametrize("sound", ["pop", "folk", "rock", "rnb", "soul", "country", "ballad", "house"])
def test_twenty_two_lines_make_a_song_of_usual_length(sound):
    song = song_of(sound, WORDS)
    assert 75 <= song.length_seconds <= 210
    assert len(song.vocal) >= 22


def test_music_without_words_lasts_about_a_minute():
    for sound in ("jazz", "lofi", "techno", "string quartet"):
        assert song_of(sound, instrumental=True).length_seconds == pytest.approx(60.0, abs=4.0)


def test_sections_follow_the_marks_and_have_no_gaps():
    song = song_of("pop", WORDS)
    sung = [s.kind for s in song.form.sections if s.stanza is not None]
    assert sung == [s.kind for s in song.sheet.stanzas]
    bar = 0
    for section in song.form.sections:
        assert section.start_bar == bar
        bar = section.end_bar
    assert song.form.sections[0].kind is SectionKind.INTRO


def test_marks_without_words_are_played():
    song = song_of("rock", "[Intro]\n[Verse]\nHello there\n[Solo]\n[Chorus]\nGoodbye now\n[Outro]")
    kinds = [s.kind for s in song.form.sections]
    assert kinds.count(SectionKind.INTRO) == 1
    assert SectionKind.SOLO in kinds
    lead = next(p for p in song.parts if p.role.value == "lead")
    solo = next(s for s in song.form.sections if s.kind is SectionKind.SOLO)
    assert any(solo.start_bar <= n.start_beat / song.meter.bar_beats < solo.end_bar for n in lead.notes)


def test_words_that_cannot_fit_lose_repeats_first_and_say_so():
    song = song_of("pop", WORDS, length_seconds=34.0)
    sung = {line.line.text for line in song.vocal}
    assert "Every road that I knew" in sung
    assert "Coffee cold on the kitchen table" in sung
    assert "[Chorus]" in song.sheet.warnings[0]


def test_an_instrumental_version_follows_the_marks():
    song = song_of("pop", WORDS, instrumental=True)
    assert not song.vocal
    kinds = [s.kind for s in song.form.sections]
    assert kinds.count(SectionKind.CHORUS) == 3


def test_a_drop_comes_when_it_is_asked_for():
    song = song_of("dubstep, drop at 0:30, 90 seconds", instrumental=True)
    drop = next(s for s in song.form.sections if s.kind is SectionKind.DROP)
    assert song.seconds_of_bar(drop.start_bar) == pytest.approx(30.0, abs=0.01)


@pytest.mark.parametrize("prompt", ["house, drop at 0:45", "edm, drop at 0:30, 2:00", "pop, chorus at 0:40"])
def test_a_sung_refrain_comes_when_it_is_asked_for(prompt):
    song = song_of(prompt, WORDS)
    refrain = next(s for s in song.form.sections if s.kind in (SectionKind.CHORUS, SectionKind.DROP))
    wanted = float(prompt.split("at 0:")[1][:2])
    assert song.seconds_of_bar(refrain.start_bar) == pytest.approx(wanted, abs=0.01)
    assert {line.line.text for line in song.vocal} >= {"Every road that I knew"}


def test_an_asked_tempo_is_kept_beside_an_asked_drop():
    song = song_of("house, 126 bpm, drop at 0:45", instrumental=True)
    drop = next(s for s in song.form.sections if s.kind is SectionKind.DROP)
    assert song.tempo.bpm == 126
    assert song.seconds_of_bar(drop.start_bar) == pytest.approx(45.0, abs=song.seconds_of_bar(1) / 2)


def test_endings():
    slow = song_of("solo piano", instrumental=True)
    assert slow.tempo.changes[-1].bpm < 0.75 * slow.tempo.bpm
    assert song_of("ambient", instrumental=True).mix.fade_out_seconds > 4
    assert song_of("pop, fade out", WORDS).mix.fade_out_seconds > 4
    assert len(song_of("pop", WORDS).tempo.changes) == 1


def test_short_pieces_slow_down_shortly_and_long_ones_for_a_bar():
    for seconds, most in ((30.0, 2.0), (90.0, 4.0)):
        song = song_of("solo piano in 4/4", instrumental=True, length_seconds=seconds)
        first = song.tempo.changes[1].start_beat
        assert song.beat_of_bar(song.form.bars) - first == pytest.approx(most)


def test_the_last_chord_is_the_tonic():
    for seed in range(8):
        song = song_of("folk", WORDS, seed=str(seed))
        assert song.chords[-1].chord.root == song.key.tonic


def test_minor_keys_hear_their_leading_note():
    for seed in range(6):
        song = song_of("pop in A minor", WORDS, seed=str(seed))
        assert any(span.chord.root == 4 and 8 in span.chord.pitch_classes for span in song.chords)
