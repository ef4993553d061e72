"""Odd, misspelt, foreign and contradictory prompts: the brief reads them, and the score obeys the brief."""

import pytest

from producer.composition import compose, load_style, parse_brief
from producer.composition.casting import cast_band
from producer.composition.figures import figures
from producer.composition.wishes import is_refused
from producer.score.lyric import SectionKind
from producer.score.part import Role

#: Prompt → what the brief must say.
ODD = {
    "Arabic": {"style": "arabic"},
    "Middle Eastern with oud and darbuka": {"style": "arabic", "instruments": ["oud"]},
    "dark synth track in D hijaz": {"key": "D hijaz"},
    "C double harmonic, oriental": {"key": "C double harmonic", "style": "arabic"},
    "7/8 balkan dance": {"style": "klezmer", "meter": "7/8"},
    "something in E phrygian": {"key": "E phrygian"},
    "in D dorian, 5/4": {"key": "D dorian", "meter": "5/4"},
    "2:30 of calm piano": {"length_seconds": 150.0, "mood": ["calm"], "instruments": ["grand_piano"]},
    "ninety seconds of house": {"style": "house", "length_seconds": 90.0},
    "a minute and a half of surf rock": {"style": "surf_rock", "length_seconds": 90.0},
    "two and a half minutes of disco": {"length_seconds": 150.0},
    "F# minor at ninety-two bpm": {"key": "F# minor", "bpm": 92.0},
    "tempo 92, key of G": {"bpm": 92.0},
    "dubstep, drop at 0:45, 1:30": {"drop_at_seconds": 45.0, "length_seconds": 90.0},
    "techno with the drop at 30 seconds, 60 seconds": {"drop_at_seconds": 30.0},
    "long intro, trance, 2 minutes": {"intro": "long"},
    "no intro pop": {"intro": "none"},
    "rock that fades out": {"ending": "fade"},
    "ending abruptly punk": {"ending": "stop"},
    "ritardando at the end, waltz": {"ending": "ritard"},
    "no drums, just guitars": {"only": True, "without": ["drums"]},
    "solo piano, sad": {"style": "solo_piano", "only": True},
    "solo cello suite": {"only": True, "instruments": ["cello"]},
    "violin and piano duo": {"only": True, "instruments": ["violin", "grand_piano"]},
    "just bass and drums": {"only": True, "instruments": ["finger_bass", "kit_standard"]},
    "drumless breakbeat": {"style": "drum_and_bass", "without": ["drums"]},
    "70s disco with strings, no brass": {"style": "disco", "without": ["brass"], "era": "70s"},
    "orchestra without strings": {"without": ["strings"]},
    "no piano solo piano": {"instruments": ["grand_piano"], "only": True},
    "wide ambient": {"style": "ambient"},
    "dry funk": {"style": "funk"},
    "jazz-infused drum and bass": {"style": "drum_and_bass", "blend": ["jazz"]},
    "country trap": {"style": "trap", "blend": ["country"]},
    "metal with a touch of bossa nova": {"style": "metal", "blend": ["bossa_nova"]},
    "reggae version of a waltz": {"style": "reggae", "blend": ["waltz"]},
    "regeton": {"style": "reggaeton"},
    "hevy metel": {"style": "metal"},
    "sinthwave": {"style": "synthwave"},
    "classicl musik": {"style": "orchestral"},
    "musique triste au piano, lente": {"mood": ["sad"], "instruments": ["grand_piano"]},
    "traurige Ballade mit Klavier in c-Moll": {"style": "ballad", "key": "C minor", "mood": ["sad"]},
    "música eletrônica rápida sem bateria": {"without": ["drums"]},
    "jazz sans batterie": {"style": "jazz", "without": ["drums"]},
    "悲しいピアノ曲、ドラムなし": {"mood": ["sad"], "without": ["drums"]},
    "즐거운 케이팝": {"style": "k_pop", "mood": ["happy"]},
    "рок без барабанов": {"style": "rock", "without": ["drums"]},
    "steel drum calypso": {"style": "calypso", "instruments": ["steel_drums"]},
    "cumbia": {"style": "cumbia"},
    "bachata": {"style": "bachata"},
    "samba in 7/8": {"style": "samba", "meter": "7/8"},
    "merengue": {"style": "merengue"},
    "trip hop": {"style": "trip_hop"},
    "boogie woogie": {"style": "rock_and_roll"},
    "film noir": {"style": "jazz"},
    "10 second jingle": {"style": "pop", "length_seconds": 10.0},
    "quiet death metal": {"style": "metal", "mood": ["quiet"]},
    "loud lullaby": {"style": "lullaby", "mood": ["loud"]},
    "happy funeral march": {"style": "march", "mood": ["happy"]},
    "1920s speakeasy": {"style": "big_band", "era": "1920s"},
    "tape-saturated lo-fi beat with vinyl crackle": {"style": "lofi", "instruments": ["vinyl_crackle"]},
    "renaissance lute": {"instruments": ["oud"]},
    "3/4 trap": {"style": "trap", "meter": "3/4"},
}


def brief_of(sound, seed="1"):
    return parse_brief(sound, seed=seed, instrumental=True)


@pytest.mark.parametrize("sound", ODD)
def test_the_brief_says_what_the_prompt_says(sound):
    told = brief_of(sound).describe()
    for name, value in ODD[sound].items():
        assert told.get(name) == value, told


@pytest.mark.parametrize("sound", ODD)
@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_score_obeys_the_brief(sound, seed):
    brief = brief_of(sound, seed)
    song = compose(brief, None, title="Test", seed=seed)
    played = {part.instrument for part in song.parts}
    roles = {part.role for part in song.parts}
    assert song.parts
    assert song.key == brief.key
    assert song.meter == brief.meter
    if brief.bpm_fixed:
        assert song.tempo.bpm == brief.quarter_bpm
    if brief.length_seconds is not None:
        assert song.length_seconds == pytest.approx(brief.length_seconds)
    assert set(brief.band.wanted) - {"kit_standard"} <= played
    others = played - set(brief.band.wanted)
    assert not [name for name in others if is_refused(name, brief.band.refused)]
    if brief.band.no_drums:
        assert Role.DRUMS not in roles
    if brief.band.alone:
        assert all(name in brief.band.wanted or name.startswith("kit_") for name in played)
    check_form(brief, song)


def check_form(brief, song):
    sections = song.form.sections
    if brief.drop_at_seconds is not None:
        drop = next(section for section in sections if section.kind is SectionKind.DROP)
        bar = song.seconds_of_bar(1)
        assert abs(song.seconds_of_bar(drop.start_bar) - brief.drop_at_seconds) <= bar / 2 + 0.01
    if brief.band.intro == "long":
        assert sections[0].kind is SectionKind.INTRO
        assert sections[0].bars >= 8
    if brief.band.intro == "none":
        assert sections[0].kind is not SectionKind.INTRO
    if brief.band.ending == "fade":
        assert song.mix.fade_out_seconds > 3.0
    if brief.band.ending == "ritard":
        assert len(song.tempo.changes) > 1


def test_double_and_half_time_stay_playable():
    plain, double, half = (brief_of(f"{word} folk").bpm for word in ("gentle", "double-time", "half-time"))
    low, high = load_style("folk").bpm
    assert low <= plain <= high
    assert double >= 2 * low * 0.99
    assert double <= 200
    assert 50 <= half <= high / 2


def test_forty_prompts_make_forty_briefs():
    briefs = [brief_of(sound) for sound in list(ODD)[:40]]
    told = {(b.style, b.blend, b.bpm, b.key, b.meter, b.band, b.mix, b.length_seconds) for b in briefs}
    assert len(told) == 40
    assert len({b.style for b in briefs}) >= 20


def test_mix_wishes_are_kept():
    assert brief_of("wide ambient").mix.width == 1.5
    assert brief_of("dry funk").mix.reverb == 0.3
    assert brief_of("tape-saturated lo-fi beat").mix.lofi > 0.3
    assert brief_of("dark muffled techno").mix.brightness_db < -2


def test_whoever_is_wanted_gets_a_chair_in_any_style():
    brief = brief_of("techno with banjo and oboe")
    style = cast_band(brief.style, brief.blend, brief.band, energy=brief.energy)
    assert {"banjo", "oboe"} <= {name for part in style.parts for name in part.instrument}


def test_numbers_in_words():
    assert figures("one hundred and twenty-five bpm") == "125 bpm"
    assert figures("half a minute of rain") == "30 seconds of rain"
    assert figures("seven nations") == "seven nations"
