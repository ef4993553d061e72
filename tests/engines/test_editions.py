"""Every model name changes how a song is finished; the Pro models also choose among takes."""

from dataclasses import replace

import pytest

from producer.composition import compose, parse_brief
from producer.engines.base import Commission
from producer.engines.editions import EDITIONS, apply_edition, edition_of
from producer.engines.house import take_seeds, write_song
from producer.lyrics.sheet import parse_sheet
from producer.score.song import MixPlan
from producer.service.catalogue import MODELS, MORE_MODELS

PLAN = MixPlan(preset="jazz", width=1.1, reverb=0.5, brightness_db=-2.0, lofi=0.2)


def test_the_default_model_leaves_the_plan_as_it_is() -> None:
    assert apply_edition(PLAN, "FUZZ-2.0") == PLAN


def test_the_engine_knows_exactly_the_models_that_the_desk_sells() -> None:
    assert set(EDITIONS) == {*MODELS, *MORE_MODELS}


def test_no_two_models_finish_a_song_alike() -> None:
    plans = [apply_edition(PLAN, model) for model in EDITIONS]
    assert len(set(plans)) == len(EDITIONS)


def test_raw_only_leaves_the_mastering_off() -> None:
    assert apply_edition(PLAN, "FUZZ-2.0 Raw") == replace(PLAN, mastered=False)


def test_the_callers_spelling_does_not_matter() -> None:
    assert apply_edition(PLAN, "fuzz-0.8") == apply_edition(PLAN, "FUZZ-0.8")


def test_pro_sings_one_of_its_takes_with_more_voices() -> None:
    words = "[Verse]\nThe night is long\n[Chorus]\nCome home to me\nCome home again\n"
    pro = write_song(Commission(sound="pop", lyrics=words, seed="1", model="fuzz-2.0 pro")).song
    sheet = parse_sheet(words)
    brief = parse_brief("pop", seed="1", sheet=sheet)
    seeds = take_seeds("1", edition_of("FUZZ-2.0 Pro").takes)
    takes = [compose(brief, sheet, title=pro.title, seed=seed) for seed in seeds]
    plain = next(take for take in takes if take.seed == pro.seed)
    assert pro.parts == plain.parts
    assert pro.vocal[: len(plain.vocal)] == plain.vocal
    assert len(pro.vocal) >= len(plain.vocal) + 6
    assert all(line.backing for line in pro.vocal[len(plain.vocal) :])


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(KeyError):
        apply_edition(PLAN, "FUZZ-9")
