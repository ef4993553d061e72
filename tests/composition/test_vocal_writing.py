"""The sung part obeys words, singers and breath, whatever the lyrics are."""

import itertools
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from producer.composition import compose, load_style, parse_brief, style_names
from producer.lyrics.sheet import parse_sheet
from producer.score.lyric import Delivery, SectionKind
from producer.score.singer import ROSTER

VERSES = """[Verse 1]
Late night drives across the city
Streetlights painting gold on my skin
Every song a little gritty
Every mile I let you in
[Chorus]
So I come back to you (back to you)
Through the rain and the blue
Every road that I knew
Only brings me back to you
[Verse 2]
Coffee cold on the kitchen table
Letters that I never did send
I would call if I was able
Tell you where the highways end
[Chorus]
So I come back to you (back to you)
Through the rain and the blue
Every road that I knew
Only brings me back to you
"""


def song_of(words, sound="pop", seed="1", **wishes):
    sheet = parse_sheet(words)
    brief = parse_brief(sound, seed=seed, sheet=sheet, **wishes)
    return compose(brief, sheet, title="Test", seed=seed)


def check_vocal(song, *, shortest=0.11, breath=0.295):
    seconds = song.tempo.seconds_at
    for line in song.vocal:
        used = [note.syllable for note in line.notes]
        assert used == sorted(used)
        assert set(used) == set(range(len(line.line.syllables)))
        for a, b in zip(line.notes, line.notes[1:], strict=False):
            assert b.start_beat >= a.end_beat - 1e-6
        singer = ROSTER[song.singers[line.singer]]
        for note in line.notes:
            assert singer.low <= note.pitch <= singer.high
            assert seconds(note.end_beat) - seconds(note.start_beat) >= shortest
        assert seconds(line.notes[-1].end_beat) <= song.length_seconds
    lead = sorted(
        (line for line in song.vocal if not line.backing), key=lambda line: line.notes[0].start_beat
    )
    for a, b in itertools.pairwise(lead):
        assert seconds(b.notes[0].start_beat) - seconds(a.notes[-1].end_beat) >= breath


def sung_text(song):
    return [line.line.text for line in song.vocal]


@pytest.mark.parametrize("style", style_names())
def test_every_style_sings_the_words(style):
    song = song_of(VERSES, load_style(style).title, seed="4")
    check_vocal(song)
    assert sorted(sung_text(song)) == sorted(line.text for line in song.sheet.lines if line.syllables)


@pytest.mark.parametrize("style", ["pop", "folk", "metal", "ballad", "disco", "celtic", "rnb", "cinematic"])
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_the_tune_lies_where_the_singer_is_comfortable(style, seed):
    song = song_of(VERSES, load_style(style).title, seed=seed)
    pitches = [n.pitch for line in song.vocal if line.delivery is Delivery.SUNG for n in line.notes]
    assert 2 <= median(pitches) - ROSTER[song.singers[0]].speech_pitch <= 9


def test_repeated_choruses_repeat_their_notes():
    song = song_of(VERSES)
    sections = song.form.sections
    (again,) = (i for i, s in enumerate(sections) if s.kind is SectionKind.CHORUS and s.repeat_of is not None)
    first = sections[again].repeat_of

    def notes(index):
        start = song.beat_of_bar(sections[index].start_bar)
        return [
            (round(n.start_beat - start, 4), round(n.beats, 4), n.pitch, n.syllable)
            for line in song.vocal
            if line.section == index
            for n in line.notes
        ]

    assert notes(first) == notes(again)


def test_choruses_lie_higher_than_verses_on_average():
    lifts = []
    for seed in range(12):
        song = song_of(VERSES, "pop", seed=str(seed))
        kinds = song.form.sections
        pitches = {
            kind: [n.pitch for line in song.vocal if kinds[line.section].kind is kind for n in line.notes]
            for kind in (SectionKind.VERSE, SectionKind.CHORUS)
        }
        lifts.append(
            sum(pitches[SectionKind.CHORUS]) / len(pitches[SectionKind.CHORUS])
            - sum(pitches[SectionKind.VERSE]) / len(pitches[SectionKind.VERSE])
        )
    assert 0.3 < sum(lifts) / len(lifts) < 4.5  # 1.7 ± 3.4 semitones in RS200


def test_accents_fall_on_beats_more_often_than_weak_syllables():
    on_beat = {True: [], False: []}
    for seed in range(10):
        song = song_of(VERSES, "pop 4/4", seed=str(seed))
        for line in song.vocal:
            words = [s.word for s in line.line.syllables]
            for note in line.notes:
                syllable = line.line.syllables[note.syllable]
                if words.count(syllable.word) > 1:
                    on_beat[syllable.stress == 2].append(note.start_beat % 1 == 0)
    accented, weak = (sum(on_beat[k]) / len(on_beat[k]) for k in (True, False))
    assert accented > 0.45  # 60 % in RS200
    assert weak < accented - 0.15  # 26 % there


def test_pop_phrases_do_not_all_start_on_the_downbeat():
    starts = [
        line.notes[0].start_beat % song.meter.bar_beats == 0
        for seed in range(10)
        for song in [song_of(VERSES, "pop", seed=str(seed))]
        for line in song.vocal
    ]
    assert sum(starts) / len(starts) < 0.6


def test_raps_stay_near_the_speaking_pitch():
    song = song_of(VERSES, "boom bap rap, male", seed="2")
    rapped = [line for line in song.vocal if line.delivery is Delivery.RAP]
    assert rapped
    for line in rapped:
        speech = ROSTER[song.singers[line.singer]].speech_pitch
        assert all(abs(note.pitch - speech) <= 5 for note in line.notes)


@pytest.mark.parametrize(("sound", "singer"), [
    ("rock with a high male tenor", "am_eric"),
    ("baritone crooner, swing", "am_michael"),
    ("metal, soprano", "af_bella"),
    ("pop with a contralto", "af_kore"),
    ("country, deep male voice", "am_michael"),
])  # fmt: skip
def test_a_named_kind_of_voice_is_cast(sound, singer):
    assert all(song_of("[Verse]\nCome home", sound, seed=seed).singers == (singer,) for seed in "123")


def test_an_alto_saxophone_is_no_woman():
    song = song_of("[Verse]\nCome home", "jazz with alto sax, male vocal")
    assert [ROSTER[name].gender for name in song.singers] == ["male"]


def test_duets_give_both_singers_lines():
    song = song_of(VERSES, "country duet, man and woman", seed="2")
    check_vocal(song)
    assert {line.singer for line in song.vocal if not line.backing} == {0, 1}
    assert {ROSTER[name].gender for name in song.singers} == {"female", "male"}
    for number, section in enumerate(song.form.sections):
        if section.kind is SectionKind.VERSE:
            turns = [line.singer for line in song.vocal if line.section == number and not line.backing]
            assert all(one != two for one, two in itertools.pairwise(turns))


def test_a_choir_sings_along_in_the_chorus():
    song = song_of(VERSES, "gospel with choir", seed="2")
    extra = [line for line in song.vocal if line.backing and not line.line.backing]
    assert extra
    assert all(song.form.sections[line.section].kind is SectionKind.CHORUS for line in extra)
    for line in extra:
        assert song.singers[line.singer] == "choir"
        lead = next(x for x in song.vocal if x.section == line.section and x.line == line.line)
        apart = {a.pitch - b.pitch for a, b in zip(line.notes, lead.notes, strict=True)}
        assert apart <= {-12, 0, 12}


ODD_LYRICS = {
    "one word": "hello",
    "one long line": "no " * 60,
    "no vowels": "brr tsk pfft\nhmm",
    "chinese": "你好世界\n我愛你\n[Chorus]\n再見",
    "arabic": "مرحبا بالعالم",
    "marks only between": "[Intro]\n[Verse]\nHello there\n[Solo]\n[Chorus]\nGoodbye now\n[Outro]",
    "backing first": "(oh yeah)\n(hey)\nHello there my friend (my friend)\nWe go on (on and on)",
    "very long word": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch is a place",
}


@pytest.mark.parametrize("words", ODD_LYRICS.values(), ids=ODD_LYRICS)
@pytest.mark.parametrize("sound", ["pop", "waltz", "drum and bass", "slow ballad in 6/8", "techno in 7/8"])
def test_odd_lyrics_are_sung_whole(words, sound):
    song = song_of(words, sound)
    check_vocal(song)
    wanted = [line.text for line in song.sheet.lines if line.syllables]
    assert sorted(sung_text(song)) == sorted(wanted)
    assert song.length_seconds <= 600


def test_twenty_thousand_characters_end_within_the_limit_and_say_what_is_missing():
    song = song_of("\n".join(["la la la la la la"] * 1200)[:20_000])
    check_vocal(song)
    assert song.length_seconds <= 605
    assert "left out" in song.sheet.warnings[-1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    words=st.text(
        alphabet=st.one_of(st.sampled_from("aeiou bcdfghj klmnp\n[](),.!?'-"), st.characters(codec="utf-8")),
        max_size=240,
    ),
    sound=st.sampled_from(["", "folk", "fast punk", "slow jazz in 5/4", "rap", "duet", "zxqv", "4/4 0:30"]),
    seed=st.integers(0, 2**31).map(str),
)
def test_any_text_becomes_a_song(words, sound, seed):
    sheet = parse_sheet(words)
    brief = parse_brief(sound, seed=seed, sheet=sheet)
    song = compose(brief, sheet, title="Any", seed=seed)
    if song.vocal:
        check_vocal(song, shortest=0.02, breath=0.0)
    assert song.parts
    assert song.length_seconds > 0


def test_a_line_that_returns_in_its_stanza_returns_with_its_tune():
    text = """[Verse]
The harbour wakes before the sun
[Chorus]
Oh, carry me over the water
Carry me over the sea
Oh, carry me over the water
Carry me home to me
"""
    alike = []
    for seed in range(16):
        song = song_of(text, seed=str(seed))
        refrain = [line for line in song.vocal if not line.backing][1:]
        first, third = ([note.pitch for note in line.notes] for line in (refrain[0], refrain[2]))
        alike.append(sum(a == b for a, b in zip(first, third, strict=False)) / len(first))
    assert sum(share > 0.8 for share in alike) >= 10
