"""Songs written with the language model: nearer the prompt, as singable as without it, repeatable."""

import itertools
from dataclasses import replace
from random import Random

import pytest

from producer.lyricist import Draft, write_lyrics, write_with_model
from producer.lyricist.associations import find_associates, slots_for, units_for
from producer.lyricist.bank import fill
from producer.lyricist.critic import Critic
from producer.lyricist.judge import scheme_pairs, spread
from producer.lyricist.model import find_model, load_model
from producer.lyricist.nouns import lexicon
from producer.lyricist.scan import count_syllables, do_rhyme
from producer.lyricist.wish import read_wish
from producer.lyricist.writer import add_near_themes, find_near_themes, gist_of


def critic_for(prompt: str) -> Critic:
    return Critic(load_model(), prompt, gist=gist_of(read_wish(prompt)))


def lines_once(draft: Draft) -> list[str]:
    bodies = dict.fromkeys(tuple(block.split("\n")[1:]) for block in draft.lyrics.split("\n\n"))
    return [line for body in bodies for line in body]


@pytest.fixture(scope="module")
def drafts() -> dict[str, Draft]:
    return {seed: write_with_model("we won the chess tournament", seed=seed) for seed in ("1", "2", "3")}


def test_things_of_the_prompt_come_to_mind():
    prompt = "the night shift nurse in Chicago"
    words = ("hospital", "station", "bed", "anchor", "violin", "tractor", "volcano", "camel", "harpsichord")
    named = [word for _, word in critic_for(prompt).associate(words, most=3)]
    assert set(named) <= {"hospital", "station", "bed"}


def test_associates_are_not_words_of_the_prompt_or_forbidden():
    wish = read_wish("an old sailor on the ocean, without the word ship")
    found = find_associates(critic_for(wish.text), wish)
    assert found
    assert not {"ocean", "sailor", "ship"} & set(found)
    assert {"boat", "sea", "harbor", "sail", "captain", "whale"} & set(found)


def test_a_prompt_that_says_nothing_has_no_associates():
    assert find_associates(critic_for("?!"), read_wish("?!")) == ()


def test_a_stanza_about_the_prompt_is_likelier_and_nearer():
    critic = critic_for("a breakup on the subway")
    about = ("You left me at the turning stile,", "The train went down the line,")
    other = ("The dragon lives beneath my bed,", "He's purple, round and fine,")
    judged = critic.likeliness("Verse 1", [about, other])
    assert judged[0].nats > judged[1].nats
    near = critic.nearness([" ".join(about), " ".join(other)])
    assert near[0] > near[1]


def test_what_was_sung_counts_for_what_follows():
    critic = critic_for("a song")
    following = [("The sea was calm again,",)]
    before = critic.likeliness("Verse 2", following)[0].nats
    critic.take(
        critic.likeliness(
            "Verse 1", [("The storm had torn the sea apart,", "The waves were ten feet high,")]
        )[0]
    )
    assert critic.likeliness("Verse 2", following)[0].nats > before


def test_a_theme_is_found_for_words_that_call_for_none():
    wish = replace(read_wish("sailors on the stormy ocean"), themes=())
    near = find_near_themes(wish, critic_for(wish.text))
    assert {"sea", "ocean", "sailor"} & set(near[0][1].keywords)
    assert [theme for theme, _ in add_near_themes(wish, near).themes] == [near[0][1]]
    far = replace(read_wish("ode to my left sock"), themes=())
    assert add_near_themes(far, find_near_themes(far, critic_for(far.text))).themes == ()


def test_the_gist_has_the_things_and_not_the_style():
    assert gist_of(read_wish("a sad jazz ballad about a violin in the attic")).split()[-4:] == [
        "violin",
        "in",
        "the",
        "attic",
    ]
    assert "jazz" not in gist_of(read_wish("a sad jazz ballad about a violin in the attic"))


def test_every_frame_of_associated_things_scans_and_rhymes():
    kinds: dict[str, list[str]] = {}
    for word, (kind, _) in lexicon().items():
        if " " not in word:
            kinds.setdefault(kind, []).append(word)
    words = [word for kind in ("thing", "food", "nature", "place") for word in kinds[kind][:60]]
    slots = slots_for([word for word in words if count_syllables(word) <= 2], Random(1))
    for valence in (-1.0, 0.0, 1.0):
        units = units_for(valence, slots)
        assert len(units) >= 12
        for unit in units:
            lines = fill(unit.lines, slots, Random(2))
            assert lines
            assert all(do_rhyme(lines[a], lines[b]) for a, b in scheme_pairs(lines)), unit.lines
            assert spread(lines) <= 1, lines


def test_the_same_seed_gives_the_same_song_whatever_was_written_before(drafts):
    write_with_model("a penguin who hates the cold", seed="9")
    assert write_with_model("we won the chess tournament", seed="2") == drafts["2"]


def test_three_seeds_share_no_line(drafts):
    found = [set(lines_once(draft)) for draft in drafts.values()]
    assert all(not a & b for a, b in itertools.combinations(found, 2))


def test_rhymes_and_lengths_stay_as_they_are_without_the_model(drafts):
    for draft in drafts.values():
        bodies = dict.fromkeys(tuple(block.split("\n")[1:]) for block in draft.lyrics.split("\n\n"))
        for body in bodies:
            for start in range(0, len(body), 4):
                part = body[start : start + 4]
                assert all(do_rhyme(part[a], part[b]) for a, b in scheme_pairs(part)), part
                assert spread(part) <= 1, part


def test_a_machine_without_the_model_writes_as_the_bank_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PRODUCER_ASSETS_DIR", str(tmp_path))
    find_model.cache_clear()
    load_model.cache_clear()
    try:
        assert write_with_model("neon nights", seed="4") == write_lyrics("neon nights", seed="4")
    finally:
        find_model.cache_clear()
        load_model.cache_clear()


@pytest.mark.parametrize(
    "prompt", ["", "🌊🔥", "rain " * 600, "una canción sobre el mar", "haiku about frogs"]
)
def test_odd_prompts_are_answered_with_the_model_too(prompt):
    draft = write_with_model(prompt, seed="1")
    assert draft.title
    assert all(line.strip() for line in lines_once(draft))
    assert "{" not in draft.lyrics
