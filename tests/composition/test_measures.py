"""Folk tunes have few bar rhythms and bring them back on a schedule."""

import itertools
from collections import Counter
from random import Random

import pytest

from producer.composition.measures import has_measures, plan_strain
from producer.composition.pattern import bar_steps
from producer.score.meter import Meter

METERS = [Meter(4, 4), Meter(2, 4), Meter(3, 4), Meter(6, 8)]


def strains(meter, count=60, step_seconds=0.125):
    return [
        plan_strain(meter, 16, tune=Random(f"t{i}"), strain=Random(f"s{i}"), step_seconds=step_seconds)
        for i in range(count)
    ]


@pytest.mark.parametrize("meter", METERS, ids=lambda meter: meter.name)
def test_every_bar_starts_on_its_downbeat_and_fits(meter):
    assert has_measures(meter)
    for strain in strains(meter):
        assert len(strain) == 16
        for rhythm in strain:
            assert rhythm[0] == 0
            assert list(rhythm) == sorted(set(rhythm))
            assert rhythm[-1] < bar_steps(meter)


@pytest.mark.parametrize("meter", METERS, ids=lambda meter: meter.name)
def test_rhythms_are_few_and_alternate(meter):
    top, again, next_bar = [], [], []
    for strain in strains(meter):
        top.append(max(Counter(strain).values()) / 16)
        again.append(sum(a == b for a, b in zip(strain, strain[4:], strict=False)) / 12)
        next_bar.append(sum(a == b for a, b in itertools.pairwise(strain)) / 15)
    mean = lambda values: sum(values) / len(values)  # noqa: E731
    assert 0.25 <= mean(top) <= 0.6  # 0.33–0.45 in real tunes, which are as long
    assert mean(again) > mean(next_bar) + 0.05  # contrast, not ostinato


def test_tunes_differ_in_density_and_quick_tempi_leave_out_the_quickest_bars():
    notes = [sum(map(len, strain)) / 16 for strain in strains(Meter(4, 4))]
    assert max(notes) - min(notes) > 2.5
    for strain in strains(Meter(4, 4), step_seconds=0.06):
        for rhythm in strain:
            assert all((b - a) * 0.06 >= 0.1 for a, b in itertools.pairwise(rhythm))


def test_metres_that_were_not_counted_are_told():
    assert not has_measures(Meter(7, 8))
