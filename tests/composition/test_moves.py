"""Prices of steps are those of real tunes: folk goes on by step, pop stays on its note, leaps turn back."""

import pytest

from producer.composition.moves import FAR, FARTHEST, moves_for, near
from producer.composition.pattern import bar_steps
from producer.composition.style import parse_meter

COUNTED = [("pop", "4/4")] + [("folk", meter) for meter in ("4/4", "3/4", "6/8", "2/4")]


@pytest.mark.parametrize(("reference", "meter"), COUNTED, ids=" ".join)
def test_tables_are_whole_and_prefer_small_steps(reference, meter):
    table = moves_for(reference, meter)
    assert table.after.keys() == set(range(-FAR, FAR + 1))
    assert len(table.at) == bar_steps(parse_meter(meter))
    for row in (*table.after.values(), table.new, *table.at):
        assert row.keys() == set(range(-FARTHEST, FARTHEST + 1))
    for before, row in table.after.items():
        assert max(row[-1], row[0], row[1]) < min(row[-8], row[8]), before


def test_what_was_not_counted_takes_the_steps_of_four_four():
    odd = moves_for("folk", "7/8")
    assert odd.after == moves_for("folk", "4/4").after
    assert odd.place(3) is None


def test_places_go_round_with_the_bar():
    jig = moves_for("folk", "6/8")
    assert jig.place(14) is jig.place(2)
    assert jig.place(-2) is jig.place(10)


def test_folk_goes_on_where_pop_stays():
    folk, pop = moves_for("folk", "4/4"), moves_for("pop", "4/4")
    for way in (1, -1):
        assert folk.after[way][way] < folk.after[way][-way]  # a step is followed by another
    assert pop.after[0][0] < min(pop.after[0][1], pop.after[0][-1])
    for leap in (-4, 4):
        back = -1 if leap > 0 else 1
        assert folk.after[leap][back] < folk.after[leap][-back]  # and a leap turns back


def test_far_steps_count_as_the_farthest():
    assert near(11) == FAR
    assert near(-3) == -3
