"""What a prompt is about, who sings, and how it should sound."""

import pytest

from producer.lyricist.agreement import topic_slots, with_article
from producer.lyricist.form import plan_stanzas, read_form
from producer.lyricist.genres import find_genres
from producer.lyricist.nouns import Noun
from producer.lyricist.sound import describe_sound
from producer.lyricist.wish import read_wish
from producer.score.lyric import SectionKind

V, P, C = SectionKind.VERSE, SectionKind.PRE_CHORUS, SectionKind.CHORUS
PC = SectionKind.POST_CHORUS


@pytest.mark.parametrize(
    ("prompt", "text", "kind"),
    [
        ("my grandmother's sewing machine", "grandmother's sewing machine", "thing"),
        ("the last bus home", "last bus home", "thing"),
        ("children's song about brushing teeth", "brushing teeth", "doing"),
        ("a song about losing my job", "losing my job", "ordeal"),
        ("kubernetes", "kubernetes", "thing"),
        ("a sad song about an empty house", "empty house", "place"),
        ("my daughter leaves for college tomorrow", "daughter", "kin"),
        ("dance all night in Ibiza, house music", "night", "time"),
        ("write a song about Tuesday", "Tuesday", "time"),
        ("the fall of the Berlin wall", "Berlin wall", "thing"),
        ("night shift nurses", "night shift nurses", "person"),
    ],
)
def test_what_it_is_about(prompt, text, kind):
    noun = read_wish(prompt).nouns[0]
    assert (noun.text, noun.kind) == (text, kind)


@pytest.mark.parametrize(
    "prompt", ["I still love them", "learning to swim at forty", "he runs and she sings"]
)
def test_verbs_are_no_nouns(prompt):
    heads = {noun.head for noun in read_wish(prompt).nouns}
    assert not heads & {"love", "swim", "run", "sing", "runs", "sings"}


def test_names_of_things_are_no_people():
    assert read_wish("working in an Amazon warehouse").names == ()
    assert read_wish("my mother has Alzheimer's").names == ()
    assert read_wish("Buenos Aires in winter").names == ()
    assert read_wish("thank you, Mrs. Alvarez").names == ("Mrs. Alvarez",)


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("from the point of view of the ocean", "speaker"),
        ("the mountain's point of view", "speaker"),
        ("from the perspective of a lighthouse keeper", "role"),
    ],
)
def test_who_sings(prompt, kind):
    wish = read_wish(prompt)
    assert wish.speaks
    assert wish.nouns[0].kind == kind


def test_somebody_may_be_sung_by_or_told_of():
    assert read_wish("a lighthouse keeper").nouns[0].kind == "role"
    assert read_wish("a lighthouse keeper who misses his daughter").nouns[0].kind == "person"
    assert read_wish("a song about her, the girl who reads on the train").nouns[0].kind == "person"


@pytest.mark.parametrize(
    ("prompt", "pronoun"),
    [("a baker who sings to her bread", "she"), ("a boxer who lost his fight", "he"), ("a dentist", "")],
)
def test_pronouns(prompt, pronoun):
    assert read_wish(prompt).pronoun == pronoun


@pytest.mark.parametrize(
    ("prompt", "theme"),
    [
        ("refugees crossing the sea looking for a home", "migration"),
        ("the final boss in a video game, I have died ninety times", "games"),
        ("he left me for my best friend", "heartbreak"),
        ("protest song about rents going up and families being evicted", "rent"),
        ("our old dog is going blind", "olddog"),
        ("my mother has Alzheimer's and forgets my name", "dementia"),
        ("the moon landing in 1969", "moonlanding"),
        ("pirates looking for treasure", "pirates"),
    ],
)
def test_special_themes_go_before_common_ones(prompt, theme):
    assert read_wish(prompt).themes[0][0].name == theme


def test_a_title_in_single_quotes_is_the_hook():
    assert read_wish("a folk song, call it 'Paper Boats'").hook == "Paper Boats"


@pytest.mark.parametrize("phrase", ["must not mention rain", "mustn't mention rain", "not mentioning rain"])
def test_prohibitions(phrase):
    wish = read_wish(f"autumn love song, {phrase}")
    assert wish.forbidden == {"rain"}
    assert "rain" not in {theme.name for theme, _ in wish.themes}


@pytest.mark.parametrize(
    ("prompt", "genres"),
    [
        ("a haunted house with a friendly ghost", []),
        ("deep house, 124 bpm", ["deep house"]),
        ("wedding song, first dance under the tree", []),
        ("the war in my country", []),
        ("a country song about rain", ["country"]),
    ],
)
def test_genres_are_told_from_things(prompt, genres):
    assert find_genres(prompt) == genres


def test_the_sound_agrees_with_genre_and_words():
    assert "metal" in describe_sound(read_wish("heavy metal song about a dragon"), seed="1")
    assert "dreamy" not in describe_sound(read_wish("heavy metal song about a dragon"), seed="1")
    assert "quiet" not in describe_sound(read_wish("anthem, we won't be quiet"), seed="1")
    assert "house" not in describe_sound(read_wish("a sad song about an empty house"), seed="1")


@pytest.mark.parametrize(
    ("prompt", "plan"),
    [
        ("house music", (V, P, C, PC, V, P, C, PC)),
        ("lullaby", (V, C, V, C)),
        ("punk 90 s", (V, C, V, C)),
        ("folk, 40 seconds", (V, C)),
        ("sea shanty about rum", (V, C, V, C, V, C)),
    ],
)
def test_styles_and_lengths_have_usual_forms(prompt, plan):
    assert plan_stanzas(read_form(prompt), None) == plan


def test_words_agree_with_their_noun():
    queen = topic_slots(Noun("queen", "queen", "person", "one", ""), "she")
    assert (queen["topic"], queen["they"], queen["their"], queen["was"]) == ("the queen", "she", "her", "was")
    bus = topic_slots(Noun("bus", "bus", "thing", "one", "my"), "she")
    assert (bus["topic"], bus["they"], bus["s"]) == ("my bus", "it", "s")
    assert with_article(Noun("owl", "owl", "animal", "one", "")) == "a owl"  # *an* when the line is tidied
    assert with_article(Noun("neon nights", "night", "time", "many", "")) == "neon nights"
