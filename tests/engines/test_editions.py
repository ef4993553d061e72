"""Every model name changes how a song is finished; its tune, words and band stay."""

from dataclasses import replace

import pytest

from producer.composition import compose
from producer.engines.base import Commission
from producer.engines.editions import EDITIONS, apply_edition
from producer.engines.house import write_song
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


def test_pro_sings_its_take_with_more_voices() -> None:
    words = "[Verse]\nThe night is long\n[Chorus]\nCome home to me\nCome home again\n"
    pro = write_song(Commission(sound="pop", lyrics=words, seed="1", model="fuzz-2.0 pro"))
    plain = compose(
        replace(pro.brief, layered=False), parse_sheet(words), title=pro.song.title, seed=pro.song.seed
    )
    assert pro.song.parts == plain.parts
    assert pro.song.vocal[: len(plain.vocal)] == plain.vocal
    assert len(pro.song.vocal) >= len(plain.vocal) + 6
    assert all(line.backing for line in pro.song.vocal[len(plain.vocal) :])


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(KeyError):
        apply_edition(PLAN, "FUZZ-9")
