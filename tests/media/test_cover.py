"""Covers are drawn, opened again and looked at with numbers."""

import io
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from producer.media.cover import CoverPlan, choose_family, draw_cover
from producer.media.cover.families import FAMILIES
from producer.media.cover.palette import choose_palette, contrast, luminance, mix
from producer.media.cover.plan import SIZE


def plan(**changes):
    return CoverPlan(
        **{
            "title": "Back to You",
            "seed": "7",
            "style": "indie folk",
            "energy": 0.4,
            "valence": 0.2,
            "key_name": "F# minor",
        }
        | changes
    )


@cache
def drawn(family, title="GRAVITY"):
    return draw_cover(plan(title=title), family=family)


def opened(jpeg):
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def small(jpeg):
    return np.asarray(opened(jpeg).resize((48, 48)), np.float32)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_draws_a_rich_square_jpeg(family):
    jpeg = drawn(family)
    image = opened(jpeg)
    assert image.format == "JPEG"
    assert image.size == (1400, 1400) == (SIZE, SIZE)
    assert image.mode == "RGB"
    assert 40_000 < len(jpeg) < 900_000
    pixels = np.asarray(image.convert("L"))
    histogram = np.bincount(pixels.ravel(), minlength=256) / pixels.size
    entropy = -(histogram[histogram > 0] * np.log2(histogram[histogram > 0])).sum()
    assert entropy > 1.5  # bits: a plain sheet has none
    assert pixels.std() > 12


def test_families_look_different():
    looks = {family: small(drawn(family)) for family in FAMILIES}
    assert len(FAMILIES) >= 8
    assert min(np.abs(looks[a] - looks[b]).mean() for a, b in combinations(FAMILIES, 2)) > 8


def test_seeds_look_different_and_the_same_seed_is_the_same_file():
    assert draw_cover(plan()) == draw_cover(plan())
    looks = [small(draw_cover(plan(seed=str(seed)))) for seed in range(5)]
    assert min(np.abs(a - b).mean() for a, b in combinations(looks, 2)) > 8


def test_the_style_chooses_the_family():
    metal = {choose_family(plan(style="doom metal", seed=str(seed))) for seed in range(30)}
    folk = {choose_family(plan(style="indie_folk", seed=str(seed))) for seed in range(60)}
    assert metal == {"sigil", "halftone", "brush"}
    assert "landscape" in folk
    assert "sigil" not in folk
    anything = {choose_family(plan(style="zzz", seed=str(seed))) for seed in range(200)}
    assert len(anything) >= 8
    assert anything <= set(FAMILIES)


def test_glad_is_lighter_or_warmer_than_sad():
    def mood(valence, energy):
        covers = [
            choose_palette(plan(valence=valence, energy=energy, seed=str(s), key_name=None))
            for s in range(40)
        ]
        return np.mean([luminance(c) for p in covers for c in (p.ground, *p.colours)])

    assert mood(0.8, 0.6) > mood(-0.8, 0.6) + 0.1


@pytest.mark.parametrize("seed", range(12))
def test_ink_reads_on_every_ground(seed):
    palette = choose_palette(plan(seed=str(seed), valence=seed / 6 - 1))
    for ground in (palette.ground, *palette.colours):
        assert contrast(palette.ink_on(ground), ground) >= 4.5


def test_the_key_turns_the_colours_a_little():
    one, other = (choose_palette(plan(key_name=key)) for key in ("C major", "E major"))
    difference = np.abs(np.subtract(one.colours, other.colours)).mean()
    assert 1 < difference < 60


def test_colours_mix_to_their_ends():
    assert mix((10, 200, 30), (240, 20, 90), 0) == (10, 200, 30)
    assert mix((10, 200, 30), (240, 20, 90), 1) == (240, 20, 90)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_title_is_on_the_picture(family):
    with_title = np.asarray(opened(drawn(family)).convert("L"), int)
    without = np.asarray(opened(drawn(family, "")).convert("L"), int)
    assert (np.abs(with_title - without) > 60).sum() > 2500


@pytest.mark.parametrize(
    "title",
    [
        *("", " ", "🎵", "👩‍👩‍👧‍👦🏳️‍🌈", "夜に駆ける", "إلى الأبد", "x", "\x00\ud83c", "A\nB\tC"),
        *("Wort" * 20, "a very long title " * 40),
    ],
)
def test_any_title_is_drawn(title):
    for family in ("lettering", "mesh"):
        assert opened(draw_cover(plan(title=title), family=family)).size == (1400, 1400)


@pytest.mark.parametrize(
    "changes",
    [{"energy": 9.0}, {"valence": -5.0}, {"style": ""}, {"key_name": "H dur"}, {"style": "🙂" * 300}],
)
def test_odd_plans_still_make_a_cover(changes):
    assert opened(draw_cover(plan(**changes))).size == (1400, 1400)
