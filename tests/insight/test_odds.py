"""Whether deals will be won: in worlds whose truth is known, and in such where nothing is to be known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xiaocheng.insight.fitting import chance
from xiaocheng.insight.forecasting.hazards import Stays
from xiaocheng.insight.forecasting.odds import Deals, Trial, auc, learnt, tried

DAYS, TODAY, WITHIN = 900, 600.0, 90
SAME = np.zeros(DAYS, dtype=np.int64)


def world(strength: float, number: int = 3_000, seed: int = 1) -> Deals:
    """Deals of one stage that last forty days on average; something known of half of them changes their odds."""
    random = np.random.default_rng(seed)
    entered = np.sort(random.uniform(0, TODAY, number))
    left = entered + random.exponential(40, number)
    known = (random.random(number) < 0.5).astype(float)
    won = (random.random(number) < chance(-0.3 + strength * (known - 0.5))).astype(float)
    is_open = left > TODAY
    stays = Stays(
        1,
        np.zeros(number, dtype=np.int64),
        np.where(is_open, -1, np.where(won == 1, 1, 2)),
        entered,
        np.where(is_open, np.inf, left),
    )
    ended = np.where(is_open, np.inf, left)
    return Deals(stays, np.arange(number), ended, won, known[:, None], {"source": slice(0, 1)})


def trial(deals: Deals) -> Trial:
    found = tried(deals, TODAY, WITHIN, SAME)
    assert found is not None
    return found


def test_what_makes_a_difference_is_found_and_what_is_said_comes_true():
    deals = world(strength=2.0)
    assert trial(deals).tells
    moment = TODAY - WITHIN
    model = learnt(deals, moment, WITHIN, SAME)
    assert model is not None
    rows = deals.decided(moment, WITHIN)
    said, came = chance(model.score(deals, rows, moment)), deals.won[rows]
    for better in (0.0, 1.0):
        alike = deals.known[rows, 0] == better
        assert said[alike].mean() == pytest.approx(came[alike].mean(), abs=0.12)
    everywhere = world(strength=2.0, number=40_000, seed=2)
    model = learnt(everywhere, moment, WITHIN, SAME)
    assert model is not None
    rows = everywhere.decided(moment, WITHIN)
    said, came = chance(model.score(everywhere, rows, moment)), everywhere.won[rows]
    for better, truth in ((0.0, chance(-1.3)), (1.0, chance(0.7))):
        alike = everywhere.known[rows, 0] == better
        assert said[alike].mean() == pytest.approx(truth, abs=0.03)
        assert said[alike].mean() == pytest.approx(came[alike].mean(), abs=0.04)


def test_where_nothing_tells_deals_apart_nothing_is_told():
    found = [trial(world(strength=0.0, seed=seed)) for seed in range(10)]
    assert sum(one.tells for one in found) <= 1
    assert np.mean([one.auc for one in found]) == pytest.approx(0.5, abs=0.03)


def test_below_forty_won_or_lost_nothing_is_learnt():
    assert tried(world(strength=2.0, number=90), TODAY, WITHIN, SAME) is None
    assert not Trial(won=39, lost=400, auc=0.9, brier=0.1, base_brier=0.2).tells
    assert not Trial(won=400, lost=400, auc=0.54, brier=0.1, base_brier=0.2).tells
    assert not Trial(won=400, lost=400, auc=0.9, brier=0.21, base_brier=0.2).tells
    assert Trial(won=40, lost=40, auc=0.55, brier=0.19, base_brier=0.2).tells


def test_nothing_that_came_later_teaches():
    deals, moment = world(strength=1.0), 400.0
    later = deals.ended > moment
    changed = replace(
        deals, won=np.where(later, 1 - deals.won, deals.won), ended=np.where(later, deals.ended + 50, deals.ended)
    )
    one, other = learnt(deals, moment, WITHIN, SAME), learnt(changed, moment, WITHIN, SAME)
    assert one is not None
    assert other is not None
    assert one.weights == pytest.approx(other.weights)
    assert one.usual == pytest.approx(other.usual)


def test_the_parts_say_what_raises_and_lowers():
    deals = world(strength=2.0)
    model = learnt(deals, TODAY, WITHIN, SAME)
    assert model is not None
    rows = deals.open_at(TODAY)
    parts = model.parts(deals, rows, TODAY)["source"]
    better = deals.known[rows, 0] == 1
    assert parts[better].min() > 0.5
    assert parts[~better].max() < -0.5
    assert set(model.parts(deals, rows, TODAY)) == {"stage", "age", "source"}


def test_the_area_under_the_curve_counts_pairs():
    assert auc(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.0, 1.0, 0.0, 1.0])) == 0.75
    assert auc(np.array([0.5, 0.5]), np.array([0.0, 1.0])) == 0.5
