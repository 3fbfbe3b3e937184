"""The adjusted effect of a step in worlds whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from xiaocheng.insight.adjusting import Adjusted, adjusted, e_value
from xiaocheng.insight.fitting import Floats, chance, indicators, linear, logistic

WORLDS, DEALS, REPS = 100, 2_000, 20


@dataclass(frozen=True)
class Made:
    """Deals of people who differ in skill and in how often they skip; what is easy is skipped more, and won more."""

    columns: Floats
    took: Floats
    won: Floats
    truth: float  # among those who skipped


def world(seed: int, number: int = DEALS, effect: float = -0.45) -> Made:
    random = np.random.default_rng(seed)
    rep = random.integers(0, REPS, number)
    skill, habit = random.normal(0, 0.4, REPS), random.normal(0, 0.8, REPS)
    again = (random.random(number) < 0.35).astype(float)
    size, source = random.normal(0, 1, number), random.integers(0, 4, number)
    took = (random.random(number) < chance(-1.5 + again - 0.5 * size - 0.8 * habit[rep])).astype(float)
    score = -0.2 + 0.8 * again - 0.3 * size + skill[rep] + 0.2 * (source == 0)
    without, with_it = chance(score), chance(score + effect)
    won = (random.random(number) < np.where(took == 1, with_it, without)).astype(float)
    columns = np.column_stack(
        [np.ones(number), again, size, size**2, indicators(source.tolist(), 20), indicators(rep.tolist(), 20)]
    )
    return Made(columns, took, won, float((with_it - without)[took == 1].mean()))


def found_in(made: Made) -> Adjusted:
    return adjusted(made.columns, made.took, made.won, is_share=True)


def test_over_a_hundred_worlds_the_effect_is_found_without_bias_and_its_interval_holds():
    off, raw, held = [], [], 0
    for seed in range(WORLDS):
        made = world(seed)
        found = found_in(made)
        assert found.difference is not None
        assert found.low is not None
        assert found.high is not None
        off.append(found.difference - made.truth)
        raw.append(made.won[made.took == 1].mean() - made.won[made.took == 0].mean() - made.truth)
        held += found.low <= made.truth <= found.high
    assert abs(np.mean(off)) < 0.01
    assert held >= 0.9 * WORLDS
    assert np.mean(raw) > 0.05  # the plain difference of the two shares would have been wrong


def test_without_any_effect_nothing_is_claimed():
    found = [found_in(world(seed, effect=0.0)) for seed in range(20)]
    sure = [one for one in found if one.low is None or one.high is None or not one.low <= 0 <= one.high]
    assert len(sure) <= 3


def test_of_days_the_difference_is_in_days():
    made = world(1)
    random = np.random.default_rng(1)
    days = 40 + 6 * made.columns[:, 1] - 9 * made.took + random.normal(0, 5, DEALS)
    found = adjusted(made.columns, made.took, days, is_share=False)
    assert found.difference == pytest.approx(-9, abs=1)
    assert found.low is not None
    assert found.high is not None
    assert found.low < -9 < found.high


def test_fewer_than_thirty_of_either_tell_nothing():
    made = world(2, number=70)
    few = found_in(made)
    assert 0 < few.taken < 30
    assert few.difference is None
    assert few.low is None
    assert few.comparable == 70 - few.taken


def test_where_nobody_alike_went_the_other_way_nothing_is_compared():
    """One always skips, the other never does: plenty of deals, none of them comparable."""
    skipper = np.repeat([1.0, 0.0], 300)
    random = np.random.default_rng(3)
    columns = np.column_stack([np.ones(600), skipper, random.normal(0, 1, 600)])
    odd = np.array([n == 0 for n in range(600)])
    took = np.where(odd, 1 - skipper, skipper)
    found = adjusted(columns, took, (random.random(600) < 0.5).astype(float), is_share=True)
    assert found.comparable < 30
    assert found.difference is None


def test_a_result_that_never_varies_is_not_given_an_interval_of_no_width():
    made = world(4)
    assert adjusted(made.columns, made.took, np.ones(DEALS), is_share=True).difference is None


def test_the_e_value_is_the_one_of_the_paper():
    """Ratio of risks 3.9: an unknown cause needs 7.3 (VanderWeele and Ding 2017, their first example)."""
    assert e_value(3.9) == pytest.approx(7.26, abs=0.01)
    assert e_value(1.0) == 1.0


def test_the_regressions_find_what_the_data_were_made_with():
    random = np.random.default_rng(5)
    columns = np.column_stack([np.ones(20_000), random.normal(0, 1, 20_000)])
    happened = (random.random(20_000) < chance(-1 + 0.5 * columns[:, 1])).astype(float)
    assert logistic(columns, happened) == pytest.approx([-1, 0.5], abs=0.06)
    assert linear(columns, 3 + 2 * columns[:, 1]) == pytest.approx([3, 2], abs=0.01)
    assert np.isfinite(logistic(columns, np.ones(20_000))).all()


def test_rare_values_share_the_place_of_the_rest():
    assert indicators(["a"] * 3 + ["b"] * 2 + ["c"], 2).tolist() == [[1, 0]] * 3 + [[0, 1]] * 2 + [[0, 0]]
