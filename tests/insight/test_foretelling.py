"""The arithmetic of the forecast against worlds whose truth is known."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from xiaocheng.insight.forecasting.drawing import Deals, Drawn, Expected, amounts, as_usual, draw
from xiaocheng.insight.forecasting.hazards import PHASES, Stays, chances, learn, phases
from xiaocheng.insight.forecasting.scoring import Scored, bias, covered, leads_baseline, spaced, wape, widening

DAYS = 900
SAME = np.zeros(DAYS, dtype=np.int64)  # a calendar without phases


def one_stage(number: int, hazard: float, win_share: float, seed: int = 1) -> Stays:
    """Deals of one stage that come in evenly and leave it by one hazard, a share of them won."""
    random = np.random.default_rng(seed)
    entered = np.sort(random.uniform(0, 600, number))
    left = entered + random.exponential(1 / hazard, number)
    to = np.where(random.random(number) < win_share, 1, 2)
    return Stays(1, np.zeros(number, dtype=np.int64), to, entered, left)


def deals_of(stays: Stays, amount: float = 100.0) -> Deals:
    number = len(stays.stage)
    won, nobody = stays.to == 1, np.zeros(number, dtype=np.int64)
    return Deals(
        stays=stays,
        person=np.arange(number) % 2,
        product=nobody,
        amount=np.full(number, amount),
        known=stays.entered,
        opened=stays.entered,
        opened_person=np.arange(number) % 2,
        begun=stays.entered,
        begun_stage=stays.stage,
        won=stays.left[won],
        won_amount=np.full(won.sum(), amount),
        won_person=(np.arange(number) % 2)[won],
        won_department=nobody[won],
        won_product=nobody[won],
        lost=stays.left[~won],
        people=2,
        products=1,
    )


def drawn_at(deals: Deals, moment: float, seed: int, expected: Expected | None = None) -> Drawn:
    """What thirty days bring, from what was known at a moment."""
    hazards = learn(deals.stays.until(moment), SAME)
    return draw(deals, hazards, SAME, moment, expected or as_usual(2, 30), np.random.default_rng(seed))


def test_what_is_expected_to_double_what_comes_in_doubles_the_new_part_alone_of_whom_it_is_about():
    deals = deals_of(one_stage(4_000, 0.1, 0.5))
    usual, twice = as_usual(2, 30), as_usual(2, 30)
    twice.within[0] = 2.0
    before, after = drawn_at(deals, 500, 1, usual), drawn_at(deals, 500, 1, twice)
    assert after.new[:, 0].mean() == pytest.approx(2 * before.new[:, 0].mean(), rel=0.05)
    assert after.new[:, 1].mean() == pytest.approx(before.new[:, 1].mean(), rel=0.05)
    assert after.existing.sum() == pytest.approx(before.existing.sum(), rel=0.05)


def test_after_a_campaign_the_usual_is_expected_again():
    deals = deals_of(one_stage(4_000, 0.1, 0.5))
    campaign = as_usual(2, 30)
    campaign.before[:] = 2.0  # what came in during the last weeks was twice the usual
    before, after = drawn_at(deals, 500, 1), drawn_at(deals, 500, 1, campaign)
    assert after.new.mean() == pytest.approx(before.new.mean() / 2, rel=0.05)


def test_with_one_constant_hazard_the_chance_is_the_textbook_exponential():
    hazard = np.zeros((1, 3, 16))
    hazard[0, 1] = 0.02
    table = chances(hazard, np.ones(60), 60)
    for days in (1, 7, 30, 60):
        assert table[days, 0, 0] == pytest.approx(1 - math.exp(-0.02 * days), rel=1e-9)
        assert table[days, 0, 150] == pytest.approx(table[days, 0, 0])


def test_against_losses_a_deal_is_won_in_proportion_to_its_hazards():
    hazard = np.zeros((1, 3, 16))
    hazard[0, 1], hazard[0, 2] = 0.01, 0.03
    table = chances(hazard, np.ones(600), 600)
    assert table[600, 0, 0] == pytest.approx(0.25, abs=1e-6)


def test_a_deal_goes_through_the_stages_that_lie_before_the_win():
    hazard = np.zeros((2, 4, 16))
    hazard[0, 1], hazard[1, 2] = 0.1, 0.1
    table = chances(hazard, np.ones(400), 400)
    assert table[400, 0, 0] == pytest.approx(1.0, abs=1e-6)
    assert table[10, 0, 0] < table[10, 1, 0]


def test_the_hazards_of_a_simulated_world_are_found_again():
    hazards = learn(one_stage(20_000, 0.05, 0.4), SAME)
    young = hazards.mean()[0, :, :6]  # ages up to ten days: many cases in each
    assert young[1] == pytest.approx(0.02, rel=0.15)
    assert young[2] == pytest.approx(0.03, rel=0.15)
    assert hazards.drawn(np.random.default_rng(1))[0, 1, 0] != young[1, 0]


def test_a_stage_that_nobody_ever_left_has_no_hazard_but_a_number():
    stays = Stays(1, np.zeros(3, dtype=np.int64), np.full(3, -1), np.arange(3.0), np.full(3, np.inf)).until(30.0)
    table = chances(learn(stays, SAME).mean(), np.ones(30), 30)
    assert np.isfinite(table).all()
    assert table.max() < 1e-6


def test_wins_at_the_end_of_a_quarter_are_found_and_foretold():
    first = dt.date(2026, 1, 1)
    phase = phases(first, DAYS)
    stays = one_stage(8_000, 0.02, 0.5, seed=3)
    days = np.clip(stays.left.astype(np.int64), 0, DAYS - 1)
    early = (stays.to == 1) & (phase[days] < 4)  # wins outside the third month wait for it
    later = np.array([next(n for n in range(day, DAYS) if phase[n] >= 4) for day in np.minimum(days, 800)])
    shifted = replace(stays, left=np.where(early, np.maximum(later + 0.5, stays.left), stays.left))
    factors = learn(shifted, phase).factors
    assert factors[4] > 2 > 1 > factors[0]


@pytest.mark.parametrize(
    ("day", "start", "phase"),
    [
        (dt.date(2026, 1, 1), 1, 0), (dt.date(2026, 1, 31), 1, 1), (dt.date(2026, 3, 24), 1, 4),
        (dt.date(2026, 3, 25), 1, 5), (dt.date(2024, 2, 23), 1, 3), (dt.date(2024, 2, 22), 1, 2),
        (dt.date(2026, 4, 1), 4, 0), (dt.date(2026, 3, 31), 4, 5), (dt.date(2026, 2, 1), 2, 0),
    ],
)  # fmt: skip
def test_a_phase_is_the_month_of_the_fiscal_quarter_with_its_last_week_apart(day, start, phase):
    assert phases(day, 1, start)[0] == phase < PHASES


def test_a_forecast_uses_nothing_that_came_later():
    whole = deals_of(one_stage(2_000, 0.03, 0.4))
    moment = 400.0
    seen = whole.stays.entered <= moment
    cut = deals_of(whole.stays)
    later = cut.stays.left > moment
    changed = replace(
        cut,
        stays=replace(cut.stays, left=np.where(later, cut.stays.left + 77, cut.stays.left),
                      to=np.where(later, 3 - cut.stays.to, cut.stays.to)),
        won_amount=np.where(cut.won > moment, 1e6, cut.won_amount),
        amount=np.where(seen, cut.amount, 1e6),
    )  # fmt: skip
    one, other = (drawn_at(deals, moment, 9) for deals in (whole, changed))
    assert one.existing == pytest.approx(other.existing)
    assert one.new == pytest.approx(other.new)


def test_in_a_steady_world_the_forecast_is_right_and_its_interval_holds():
    deals = deals_of(one_stage(6_000, 0.04, 0.5, seed=5))
    held, said, came = 0, 0.0, 0.0
    moments = np.arange(200.0, 560.0, 15.0)
    for moment in moments:
        drawn = drawn_at(deals, moment, int(moment))
        total = (drawn.existing + drawn.new).sum(axis=1)
        actual = deals.won_amount[(deals.won > moment) & (deals.won <= moment + 30)].sum()
        low, high = np.quantile(total, [0.1, 0.9])
        held += low <= actual <= high
        said, came = said + np.median(total), came + actual
    assert said == pytest.approx(came, rel=0.05)
    assert held >= 0.6 * len(moments)


def test_the_parts_of_people_add_up_to_the_whole():
    deals = deals_of(one_stage(1_000, 0.03, 0.4))
    drawn = drawn_at(deals, 300.0, 1)
    assert drawn.existing.shape[1] == drawn.new.shape[1] == 2
    assert drawn.chance.sum() * 100 == pytest.approx(drawn.existing.sum(axis=1).mean(), rel=0.05)


def test_an_amount_that_was_not_known_yet_is_what_wins_of_the_product_brought():
    deals = deals_of(one_stage(400, 0.05, 0.5), amount=70.0)
    rows = np.array([0, 1, 2])
    late = replace(
        deals, known=np.array([1e9, *deals.known[1:]]), amount=np.array([5.0, 6.0, np.nan, *deals.amount[3:]])
    )
    assert list(amounts(late, rows, 500.0)) == pytest.approx([70.0, 6.0, 70.0])


def test_errors_are_summed_against_what_came_in():
    pairs = [(110.0, 100.0), (90.0, 100.0), (0.0, 50.0)]
    assert wape(pairs) == pytest.approx(70 / 250)
    assert bias(pairs) == pytest.approx(-50 / 250)
    assert wape([(3.0, 0.0)]) is None
    assert covered([(0, 10, 5), (0, 10, 11)]) == 0.5


def test_an_interval_is_widened_by_what_earlier_ones_missed_but_not_without_end():
    assert widening([]) == pytest.approx(1.1 + 0.2 * 0.4)
    assert widening([Scored(100, 100, 10)] * 50) == pytest.approx(0.7)
    assert widening([Scored(100, 200, 10)] * 50) == pytest.approx(3.0)
    assert widening([Scored(100, 120, 10)] * 50) == pytest.approx(2.0)


def test_a_baseline_leads_only_after_enough_runs_in_which_it_was_nearer():
    better = Scored(100, 130, 10, baseline=125)
    assert not leads_baseline([better] * 5)
    assert leads_baseline([better] * 6)
    assert not leads_baseline([Scored(128, 130, 10, baseline=125)] * 6)


def test_runs_are_compared_at_least_a_week_apart():
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(30)]
    assert spaced(days, 3) == [dt.date(2026, 1, 30), dt.date(2026, 1, 23), dt.date(2026, 1, 16)]
