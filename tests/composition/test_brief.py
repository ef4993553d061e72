"""Prompts and what the band must understand."""

import pytest

from producer.composition import compose, load_style, parse_brief, style_names
from producer.lyrics.sheet import parse_sheet
from producer.score.instrument import INSTRUMENTS
from producer.score.singer import ROSTER, SINGERS

PROMPTS = [
    (
        "gentle indie folk with acoustic guitar, warm female vocal",
        {
            "style": "folk",
            "blend": ["indie"],
            "instruments": ["steel_guitar"],
            "gender": "female",
            "instrumental": False,
        },
    ),
    ("jazz-infused drum and bass", {"style": "drum_and_bass", "blend": ["jazz"], "instrumental": True}),
    (
        "sad waltz in F# minor, 92 bpm, 1:30 long",
        {"style": "waltz", "bpm": 92.0, "key": "F# minor", "meter": "3/4", "length_seconds": 90.0},
    ),
    (
        "upbeat 80s synth-pop, 118 bpm, male vocals, 30 seconds",
        {"style": "synth_pop", "bpm": 118.0, "length_seconds": 30.0, "gender": "male", "era": "80s"},
    ),
    ("80s pop", {"style": "synth_pop", "era": "80s"}),
    ("lofi beats to study to, no drums", {"style": "lofi", "without": ["drums"], "instrumental": True}),
    (
        "solo piano, melancholy, E phrygian",
        {"style": "solo_piano", "key": "E phrygian", "instrumental": True},
    ),
    ("epic cinematic trailer with choir, drop at 0:45", {"style": "cinematic", "drop_at_seconds": 45.0}),
    ("slow blues in 6/8", {"style": "blues", "meter": "6/8"}),
    (
        "heavy metal in 7/8 at 140 bpm in D dorian",
        {"style": "metal", "meter": "7/8", "bpm": 140.0, "key": "D dorian"},
    ),
    (
        "techno, 2 minutes, no bass, long intro, fade out",
        {"style": "techno", "length_seconds": 120.0, "intro": "long", "ending": "fade"},
    ),
    ("Gm house 124bpm", {"style": "house", "key": "G minor", "bpm": 124.0}),
    ("house in A minor", {"style": "house", "key": "A minor"}),
    ("in the key of Bb", {"key_tonic": 10}),
    ("C major", {"key": "C major"}),
    ("ballad in E flat major", {"style": "ballad", "key": "Eb major"}),
    ("C sharp minor trap", {"style": "trap", "key": "C# minor"}),
    ("mixolydian funk", {"style": "funk", "mode": "mixolydian"}),
    ("a harmonic minor tango", {"mode": "harmonic minor"}),
    ("upbeat happy song in a minor key", {"minor": True}),
    ("tempo: 77, hip hop", {"style": "hip_hop", "bpm": 77.0}),
    ("128.5 BPM trance", {"style": "trance", "bpm": 128.5}),
    ("5/4 prog rock", {"style": "rock", "meter": "5/4"}),
    ("jazz in 5/4", {"style": "jazz", "meter": "5/4"}),
    ("an irish jig", {"style": "celtic", "meter": "6/8"}),
    ("3/4 country", {"style": "country", "meter": "3/4"}),
    (
        "bossa nova, flute, no piano, no drums",
        {"style": "bossa_nova", "instruments": ["flute"], "without_has": "drums"},
    ),
    ("punk rock without guitars", {"style": "punk", "without_has": "guitar"}),
    (
        "reggae with trumpet and ukulele, dry mix",
        {"style": "reggae", "instruments": ["trumpet", "ukulele"], "reverb": 0.3},
    ),
    ("only cello and harp", {"instruments": ["cello", "harp"], "only": True}),
    ("hip hop with jazz elements", {"style": "hip_hop", "blend": ["jazz"]}),
    ("k-pop", {"style": "k_pop"}),
    ("city pop sunset drive", {"style": "city_pop"}),
    ("shoegaze", {"style": "shoegaze"}),
    ("bluegrass banjo", {"style": "bluegrass"}),
    ("singer-songwriter", {"style": "singer_songwriter"}),
    ("R&B slow jam", {"style": "rnb"}),
    ("gospel choir", {"style": "gospel"}),
    ("big band swing", {"style": "big_band"}),
    ("boom bap", {"style": "boom_bap"}),
    (
        "deep house, 45s clip, female vocals",
        {"style": "deep_house", "length_seconds": 45.0, "instrumental": False},
    ),
    ("dubstep banger", {"style": "dubstep", "instrumental": True}),
    ("uk garage", {"style": "uk_garage"}),
    ("synthwave night drive", {"style": "synthwave", "instrumental": True}),
    ("new age meditation", {"style": "new_age", "instrumental": True}),
    ("string quartet", {"style": "string_quartet"}),
    ("lullaby", {"style": "lullaby"}),
    ("ska", {"style": "ska"}),
    ("salsa", {"style": "salsa"}),
    ("reggaeton", {"style": "reggaeton"}),
    ("afrobeats", {"style": "afrobeats"}),
    ("flamenco", {"style": "flamenco"}),
    ("pirate sea shanty", {"style": "sea_shanty"}),
    ("8-bit chiptune", {"style": "chiptune", "instrumental": True}),
    ("christmas song", {"style": "holiday"}),
    ("anime opening", {"style": "j_pop"}),
    ("uk drill", {"style": "drill"}),
    ("disco, instrumental", {"style": "disco", "instrumental": True}),
    ("pop, no vocals", {"style": "pop", "instrumental": True}),
    ("ambient with a female voice", {"style": "ambient", "instrumental": False, "gender": "female"}),
    ("a song about my cat", {"instrumental": False}),
    ("rap about pizza", {"style": "hip_hop", "instrumental": False}),
    ("lo-fi hip hop, wide stereo, lots of reverb", {"style": "lofi", "width": 1.5, "reverb": 1.8}),
    ("rock, starts with the chorus, abrupt ending", {"style": "rock", "intro": "none", "ending": "stop"}),
    ("2 minutes and 15 seconds of soul", {"style": "soul", "length_seconds": 135.0}),
    ("jazzy", {"style": "jazz"}),
    ("folk-punk", {"style": "punk", "blend": ["folk"]}),
    ("baroque harpsichord hip hop", {"style": "hip_hop", "blend": ["orchestral"]}),
    ("Bulgarian wedding dance in 7/8", {"style": "klezmer", "meter": "7/8"}),
    ("dry, intimate guitar piece", {"instruments": ["steel_guitar"], "only": True}),
    ("blues guitar piece", {"style": "blues", "instruments": ["steel_guitar"]}),
    ("tavern song with lutes", {"style": "celtic", "instruments": ["oud"]}),
]


def fact(brief, name):
    told = brief.describe()
    special = {
        "gender": lambda: SINGERS[brief.singers[0]].gender,
        "key_tonic": lambda: brief.key.tonic,
        "mode": lambda: brief.key.mode.value,
        "minor": lambda: brief.key.mode.is_minor,
        "reverb": lambda: brief.mix.reverb,
        "width": lambda: brief.mix.width,
    }
    return special[name]() if name in special else told.get(name)


@pytest.mark.parametrize(("sound", "wanted"), PROMPTS, ids=[sound for sound, _ in PROMPTS])
@pytest.mark.parametrize("seed", ["1", "22"])
def test_the_prompt_is_understood(sound, wanted, seed):
    brief = parse_brief(sound, seed=seed)
    for name, value in wanted.items():
        if name == "without_has":
            assert value in fact(brief, "without")
        else:
            assert fact(brief, name) == value, (name, brief.describe())


def test_arguments_beat_the_text():
    brief = parse_brief(
        "pop at 100 bpm, 30 seconds", seed="1", bpm=90.0, length_seconds=44.0, instrumental=True
    )
    assert (brief.bpm, brief.length_seconds, brief.instrumental) == (90.0, 44.0, True)


def test_words_are_sung_even_in_styles_that_usually_have_none():
    assert not parse_brief("ambient", seed="1", sheet=parse_sheet("hello world")).instrumental


@pytest.mark.parametrize("word", ["happy", "sad", "angry", "calm"])
def test_moods_move_energy_and_valence(word):
    calm, moved = parse_brief("pop", seed="1"), parse_brief(f"{word} pop", seed="1")
    signs = {"happy": (1, 1), "sad": (-1, -1), "angry": (1, -1), "calm": (-1, 1)}[word]
    assert (moved.energy - calm.energy) * signs[0] > 0
    assert (moved.valence - calm.valence) * signs[1] > 0


def test_tempo_words_order_the_tempo():
    tempos = [parse_brief(f"{word} pop", seed="3").bpm for word in ("very slow", "slow", "fast", "very fast")]
    assert tempos == sorted(tempos)
    low, high = load_style("pop").bpm
    assert tempos[0] < low and tempos[-1] > high


def test_sad_prompts_prefer_minor_and_happy_ones_major():
    minors = {
        mood: sum(parse_brief(f"{mood} pop", seed=str(s)).key.mode.is_minor for s in range(30))
        for mood in ("sad", "happy")
    }
    assert minors["sad"] == 30
    assert minors["happy"] == 0


ODD = [
    '"quantum zebra',
    "glorp",
    "the smell of old books",
    "a penguin learns to fly",
    "my grandmother's kitchen",
    "tax returns",
    "a haunted elevator",
    "moonlight on the river",
    "robots falling in love",
    "three in the morning",
    "velvet thunder",
    "paper planes",
    "dinosaur disco party",
    "the last train home",
    "ode to a potato",
    "midnight in tokyo",
    "a knight and a dragon",
    "desert caravan",
    "under the sea",
    "skating in the rain",
    "the stock market crash",
    "a very small dog",
    "volcano",
    "library whispers",
    "neon highway",
    "winter is coming",
    "breakfast in paris",
    "grandpa's tractor",
    "rocket launch",
    "the moon cries",
    "angry bees",
    "cotton candy clouds",
    "gym montage",
    "detective in the fog",
    "first kiss",
    "the end of the world",
    "crystal cave",
    "skateboard summer",
    "temple at dawn",
    "circus of shadows",
    "lost at the airport",
    "berlin basement",
]


def test_forty_odd_prompts_give_forty_briefs():
    briefs = [parse_brief(text, seed="5").describe() for text in ODD]
    prints = {
        (b["style"], b["bpm"], b["key"], b["energy"], b["valence"])
        for b in map(dict, ({"energy": 0, "valence": 0} | b for b in briefs))
    }
    assert len(prints) >= 40
    styles = [b["style"] for b in briefs]
    assert len(set(styles)) >= 18
    assert max(styles.count(style) for style in styles) <= 6


def test_the_same_prompt_and_seed_give_the_same_brief():
    assert parse_brief("velvet thunder", seed="9") == parse_brief("velvet thunder", seed="9")
    assert len({parse_brief("pop", seed=str(s)).key for s in range(12)}) > 4


def test_no_prompt_at_all_is_fine():
    assert {parse_brief("", seed=str(s)).style for s in range(3)} <= set(style_names())


NICHES = """vaporwave|hyperpop|zydeco|klezmer|mariachi|gamelan|bollywood|qawwali|sea shanty|tango|polka|grime
phonk|amapiano|highlife|fado|taiko|gregorian chant|barbershop|ragtime|surf rock|opera|regge|drum n bass|kpop
jazzy|children of the night
my dog ate my homework|thunderstorm arguing with a lighthouse|elevator music|pirates|asdfgh qwerty|123456|!!!
a whole minute of pure joy|club banger 128|slowed + reverb|in Bb|7/8|just drums|only bass and vocals|nightcore
una canción triste de amor|ein fröhliches Lied|duet about divorce|phone hold music|very slow very sad cello"""


def test_odd_prompts_give_briefs_that_differ():
    prompts = [text for line in NICHES.splitlines() for text in line.split("|")]
    told = {parse_brief(text, seed="1").describe()["summary"] for text in prompts}
    assert len(prompts) >= 40
    assert len(told) == len(prompts)
    styles = {parse_brief(text, seed="1").style for text in prompts}
    assert len(styles) >= 30


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("regge", "reggae"), ("raggae vibes", "reggae"), ("technno", "techno"), ("flamenko", "flamenco"),
        ("country but make it metal", "metal"), ("phonk", "phonk"), ("jazz waltz", "jazz"),
        ("a cappella", "barbershop"), ("samurai battle drums", "taiko"), ("nightcore", "hyperpop"),
    ],
)  # fmt: skip
def test_spellings_turns_and_niches_find_their_style(text, style):
    assert parse_brief(text, seed="1").style == style


@pytest.mark.parametrize(
    ("text", "bpm"),
    [("techno 140", 140), ("club banger 128", 128), ("psytrance 145", 145), ("house @ 124", 124),
     ("area 51", None), ("class of 99", None), ("house, drop at 0:45", None), ("blues in 12/8", None),
     ("songs for 2024", None), ("45 seconds", None)],
)  # fmt: skip
def test_bare_numbers_are_tempi_only_where_tempi_stand(text, bpm):
    brief = parse_brief(text, seed="1")
    assert (brief.bpm if brief.bpm_fixed else None) == bpm


def test_what_is_wanted_after_a_refusal_is_not_refused():
    band = parse_brief("no guitars, no drums, just synths", seed="1").band
    assert set(band.refused) == {"drums", "guitar"}
    assert band.wanted == ("warm_pad",)
    assert band.alone


def test_drums_alone_and_voices_alone_are_bands_too():
    drums = compose(parse_brief("just drums", seed="1"), None, title="t", seed="1")
    assert {part.role.value for part in drums.parts} == {"drums"}
    voices = compose(parse_brief("a cappella", seed="1", instrumental=True), None, title="t", seed="1")
    assert voices.parts
    assert {INSTRUMENTS[part.instrument].family for part in voices.parts} == {"voices"}


def test_the_summary_tells_what_was_understood():
    text = "sad waltz in F# minor, 92 bpm, female voice, no drums, fade out, 90 seconds"
    told = parse_brief(text, seed="1").describe()["summary"]
    for words in (
        "Waltz",
        "F# minor",
        "92 bpm",
        "3/4",
        "sad",
        "female",
        "without drums",
        "fades out",
        "90 seconds",
    ):
        assert words in told
    assert "about" not in told


def test_a_long_intro_is_longer_and_none_is_none_without_words_too():
    def intro(text):
        song = compose(parse_brief(text, seed="1", instrumental=True), None, title="t", seed="1")
        return sum(s.bars for s in song.form.sections if s.kind.value == "intro")

    assert intro("trance, long intro") > intro("trance") > intro("trance, no intro") == 0


WORDS = parse_sheet("[Verse]\nHello there my friend\n[Chorus]\nWe go on and on")


@pytest.mark.parametrize(("sound", "singers"), [
    ("pop with a children's choir", ("children",)),
    ("happy song, kids singing", ("children",)),
    ("dream pop, airy female vocal", ("af_sky",)),
    ("ambient folk with whispered vocals", ("af_sky",)),
    ("pop song, deep male voice", ("am_michael",)),
    ("upbeat pop with a deep male vocal", ("am_michael",)),
    ("power ballad, smoky female vocals", ("af_kore",)),
])  # fmt: skip
def test_special_voices_are_cast_when_asked_for(sound, singers):
    assert parse_brief(sound, seed="1", sheet=WORDS).singers == singers


@pytest.mark.parametrize(
    ("sound", "gender"), [("gospel choir, male soloist", "male"), ("choir, female", "female")]
)
def test_a_choir_stands_behind_a_soloist(sound, gender):
    soloist, choir = parse_brief(sound, seed="1", sheet=WORDS).singers
    assert ROSTER[soloist].gender == gender
    assert choir == "choir"


@pytest.mark.parametrize(
    "sound", ["a lullaby for children", "airy synth pads, male vocal", "children's story mood"]
)
def test_nobody_special_sings_unless_a_voice_is_meant(sound):
    (name,) = parse_brief(sound, seed="1", sheet=WORDS).singers
    assert name in SINGERS


@pytest.mark.parametrize("sound", ["folk, solo piano", "solo piano", "singer-songwriter, solo piano, 76 bpm"])
def test_who_plays_solo_plays_alone_whatever_the_style(sound):
    brief = parse_brief(sound, seed="1")
    assert (brief.band.wanted, brief.band.alone) == (("grand_piano",), True)
