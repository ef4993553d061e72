"""Keys are heard: in progressions, and in whole songs by profiles that the composer doesn't use."""

import itertools
import math

import pytest

from producer.composition import compose, load_style, parse_brief, style_names
from producer.composition.harmony import progressions
from producer.composition.numerals import parse_progression
from producer.composition.tonality import clarified, clarity, heard_lead
from producer.score.part import Role
from producer.score.pitch import Key, Mode

#: Bellman's counts of common-practice chords' notes, as Budge 1943 gives them; the composer uses two others.
BELLMAN_BUDGE = {
    False: (16.80, 0.86, 12.95, 1.41, 13.49, 11.93, 1.25, 20.28, 1.80, 8.04, 0.62, 10.57),
    True: (18.16, 0.69, 12.99, 13.34, 1.07, 11.15, 1.38, 21.07, 7.49, 1.53, 0.92, 10.21),
}


@pytest.mark.parametrize(
    ("clear", "vague", "minor"),
    [
        ("I IV V7 I", "I V I V", False),
        ("I I IV V", "I I V V", False),
        ("i bVI iv V", "i bVI bIII bVII", True),
        ("i iv V7 i", "i bVII bVI bVII", True),
    ],
)
def test_tonics_and_subdominants_tell_the_key_and_dominants_blur_it(clear, vague, minor):
    assert clarity(parse_progression(clear), minor) > clarity(parse_progression(vague), minor)


def test_a_clear_progression_is_left_alone_and_a_vague_one_is_made_clearer():
    clear, vague = parse_progression("I IV V7 I"), parse_progression("I V IV V")
    assert clarified(clear, False, 0.1) == clear
    mended = clarified(vague, False, 0.1)
    assert clarity(mended, False) >= 0.1
    assert sum(a != b for a, b in zip(mended, vague, strict=True)) <= 3


def test_nearly_all_styles_have_clear_progressions_once_a_key_is_asked():
    found = [
        clarity(clarified(parse_progression(text), mode.is_minor, 0.12), mode.is_minor)
        for name in style_names()
        for mode in (Mode.MAJOR, Mode.MINOR)
        if mode.value in load_style(name).harmony
        for place in ("verse", "chorus")
        for text in progressions(load_style(name), mode, place)
    ]
    assert sum(value >= 0.1 for value in found) >= 0.9 * len(found)


def heard(song):
    """The key of a song's notes by length and loudness, by Bellman and Budge."""
    weights = [0.0] * 12
    for part in song.parts:
        if part.role in (Role.DRUMS, Role.PERCUSSION, Role.EFFECTS):
            continue
        for note in part.notes:
            weights[note.pitch % 12] += min(note.beats, 4.0) * note.velocity
    return max(
        ((tonic, minor) for tonic in range(12) for minor in (False, True)),
        key=lambda key: correlation(weights, [BELLMAN_BUDGE[key[1]][(c - key[0]) % 12] for c in range(12)]),
    )


def correlation(xs, ys):
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    top = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    return top / math.sqrt(sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys))


def test_asked_keys_are_heard_by_a_profile_that_the_composer_does_not_use():
    asked = [
        (f"{load_style(name).title}, {key}, instrumental", key)
        for i, name in enumerate(("folk", "soul", "rnb", "country", "ballad", "rock", "house", "jazz", "pop"))
        for key in (("C minor", "A major") if i % 2 else ("F major", "E minor"))
    ]
    right = 0
    for (text, key), seed in itertools.product(asked, ("8", "9")):
        song = compose(parse_brief(text, seed=seed, length_seconds=40.0), None, title="t", seed=seed)
        right += heard(song) == (song.key.tonic, key.endswith("minor"))
    assert right >= 0.8 * 2 * len(asked)


def test_a_whole_song_leads_in_its_own_key_and_not_in_others():
    song = compose(parse_brief("country in G major", seed="2", instrumental=True), None, title="t", seed="2")
    leads = {}
    for tonic in range(12):
        other = type(song)(**{f: getattr(song, f) for f in song.__slots__} | {"key": Key(tonic, Mode.MAJOR)})
        leads[tonic] = heard_lead(other)
    assert max(leads, key=lambda tonic: leads[tonic]) == song.key.tonic
    assert leads[song.key.tonic] > 0.0


@pytest.mark.parametrize("sound", ["string quartet in G major", "bossa nova in D major", "k-pop in F minor"])
def test_a_key_that_would_not_be_heard_gets_other_chords(sound):
    leads = []
    for seed in ("1", "2", "3"):
        brief = parse_brief(sound, seed=seed, instrumental=True, length_seconds=30.0)
        leads.append(heard_lead(compose(brief, None, title="t", seed=seed)))
    assert min(leads) > 0.02
    assert sum(lead > 0.08 for lead in leads) >= 2
