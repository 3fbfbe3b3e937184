"""The stored forecasts of a small company: when they are made, whose they are, what came of them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound
from xiaocheng.foundation.org.models import Department
from xiaocheng.insight.commands import make_forecasts
from xiaocheng.insight.forecasting import history
from xiaocheng.insight.models import ForecastRun
from xiaocheng.insight.queries import ForecastScope, forecast, may_see, usual_scope

from .conftest import Sales, day

pytestmark = pytest.mark.django_db
ENOUGH = 42  # wins, and losses
LATER = 133  # the day of the forecast, a Monday
WHO = ("east_rep", "south_rep", "shanghai_rep")


def sell(sales: Sales) -> None:
    """Deals that come in evenly; every second is won after twelve days, the others lost after nine; some stay open."""
    for number in range(2 * ENOUGH):
        deal = sales.open(WHO[number % 3], at=number, amount=1000)
        if number % 2:
            sales.lose(deal, number + 9)
        else:
            sales.win(deal, number + 12)
    for number in range(6):
        sales.open(WHO[number % 3], at=LATER - 6 + number, amount=1000)


@pytest.fixture
def sold(sales: Sales) -> Sales:
    made_once("sold for a forecast", lambda: sell(sales))
    return sales


def made(at: float) -> int:
    with clock.as_of(day(at)):
        return make_forecasts(SYSTEM)


def unit(key: str) -> int:
    return Department.objects.get(name={"east": "华东区", "south": "华南区", "shanghai": "上海组"}[key]).pk


def test_below_forty_wins_and_losses_nothing_is_foretold_and_the_page_says_what_is_lacking(sales: Sales, world: World):
    for number in range(10):
        sales.win(sales.open(at=number), number + 100)
    assert made(LATER) == 0
    page = world.client("director").get(reverse("insight:forecast")).content.decode()
    assert "数据还不够做预测" in page
    assert "40 个赢单" in page


def test_a_company_without_any_deal_is_foretold_nothing(world: World):
    assert make_forecasts(SYSTEM) == 0


def test_a_forecast_is_stored_once_for_a_day_and_never_changes(sold: Sales):
    assert made(LATER) > 0
    before = list(ForecastRun.objects.order_by("pk").values_list("pk", "middle", "low", "high"))
    assert made(LATER) == 0
    assert list(ForecastRun.objects.order_by("pk").values_list("pk", "middle", "low", "high")) == before


def test_each_run_adds_up_and_lies_within_its_interval(sold: Sales):
    made(LATER)
    for run in ForecastRun.objects.filter(is_live=True):
        assert run.won <= run.low <= run.middle <= run.high
        assert len(run.quantiles) == 19
        assert run.quantiles == sorted(run.quantiles)


def test_open_deals_and_what_they_are_worth_are_those_of_the_scope(sold: Sales):
    made(LATER)
    runs = {
        (run.department_id, run.person_id, run.led_by_id): (run.open_count, run.open_amount)
        for run in ForecastRun.objects.filter(is_live=True, horizon="30d")
    }
    assert runs[0, 0, 0] == (6, 6000)
    assert runs[unit("south"), 0, 0] == (2, 2000)
    assert runs[unit("east"), 0, 0] == (4, 4000)  # with Shanghai below
    assert runs[unit("shanghai"), 0, 0] == (2, 2000)
    lead = sold.actor("east_manager").person_id
    assert runs[0, 0, lead] == (4, 4000)
    assert runs[0, sold.actor("east_rep").person_id, 0] == (2, 2000)


def test_people_have_runs_of_their_own_on_mondays_only(sold: Sales):
    assert day(LATER).weekday() == 0
    made(LATER)
    assert ForecastRun.objects.filter(as_of=clock.day_of(day(LATER))).exclude(person_id=0).exists()
    made(LATER + 1)
    assert not ForecastRun.objects.filter(as_of=clock.day_of(day(LATER + 1))).exclude(person_id=0).exists()


def test_the_first_forecast_comes_with_a_test_against_the_past_made_from_what_was_known_then(sold: Sales):
    made(LATER + 40)
    past = ForecastRun.objects.filter(is_live=False, department_id=0, person_id=0, led_by_id=0)
    assert past.exists()
    for run in past:
        assert run.horizon == "30d"
        assert run.came is not None
        assert run.as_of >= clock.day_of(day(9 + 92))  # a quarter after the first deal was closed
        assert run.open_count <= 30


def test_what_came_in_is_written_beside_a_run_when_its_window_has_passed(sold: Sales):
    made(LATER)
    company = ForecastRun.objects.get(is_live=True, horizon="30d", department_id=0, person_id=0, led_by_id=0)
    assert company.came is None
    deal = sold.open("east_rep", at=LATER + 1, amount=700)
    sold.win(deal, LATER + 3)
    again = sold.open("south_rep", at=LATER + 1, amount=9000)
    sold.win(again, LATER + 4)
    sold.reopen(again, LATER + 5)
    made(LATER + 29)
    company.refresh_from_db()
    assert company.came is None  # its last day has not passed
    made(LATER + 31)
    company.refresh_from_db()
    assert company.came == 700
    south = ForecastRun.objects.get(is_live=True, as_of=company.as_of, horizon="30d", department_id=unit("south"))
    assert south.came == 0


def test_a_win_before_the_day_counts_as_won_already(sold: Sales):
    sold.win(sold.open("east_rep", at=LATER - 5, amount=500), LATER - 3)
    made(LATER)
    with clock.as_of(day(LATER)):
        found = forecast(SYSTEM, ForecastScope(), "month")
    assert found is not None
    first = clock.day_of(day(LATER)).replace(day=1)
    assert (clock.day_of(day(LATER - 3)) >= first) == (found.run.won == 500)


def test_everybody_is_foretold_what_he_sees_and_nothing_else(sold: Sales):
    made(LATER)
    assert usual_scope(sold.actor("director")) == ForecastScope()
    assert usual_scope(sold.actor("east_manager")) == ForecastScope(department_id=unit("east"))
    rep = sold.actor("east_rep")
    assert usual_scope(rep) == ForecastScope(person_id=rep.person_id)
    south = ForecastScope(department_id=unit("south"))
    peer = ForecastScope(person_id=sold.actor("south_rep").person_id)
    led = ForecastScope(led_by_id=sold.actor("south_manager").person_id)
    for who in ("east_rep", "east_manager", "shanghai_lead"):
        for scope in (ForecastScope(), south, peer, led):
            assert not may_see(sold.actor(who), scope)
            with pytest.raises(NotFound):
                forecast(sold.actor(who), scope)
    assert may_see(sold.actor("south_manager"), south)
    assert may_see(sold.actor("south_manager"), led)
    assert may_see(sold.actor("south_manager"), peer)


def test_of_very_many_deals_a_part_teaches_but_every_open_one_is_foretold(sold: Sales, monkeypatch):
    whole = history.read()
    assert whole is not None
    assert whole.is_whole
    monkeypatch.setattr(history, "LEARNT_FROM", len(set(whole.opportunities.tolist())))
    exactly = history.read()
    assert exactly is not None
    assert exactly.is_whole
    monkeypatch.setattr(history, "LEARNT_FROM", 30)
    part = history.read()
    assert part is not None
    assert not part.is_whole
    assert len(part.opportunities) < len(whole.opportunities)
    assert still_open(part) == still_open(whole)
    assert (len(part.deals.won), len(part.deals.opened)) == (len(whole.deals.won), len(whole.deals.opened))
    assert made(LATER) > 0
    assert not ForecastRun.objects.filter(is_live=False).exists()  # the year before cannot be told from a part


def test_a_part_of_the_deals_teaches_what_all_of_them_would(sales: Sales, monkeypatch):
    """Those that are open beyond the part are foretold but teach nothing: else deals would seem to end less often."""
    for n in range(200):
        deal = sales.open(at=n / 10)
        if n % 4:
            sales.win(deal, n / 10 + 5)
    with clock.as_of(day(60)):
        whole = history.read()
        monkeypatch.setattr(history, "LEARNT_FROM", 40)
        part = history.read()
    assert whole is not None and part is not None
    assert still_open(part) == still_open(whole) and len(still_open(part)) == 50
    of_whole, of_part = (float((np.isinf(found.teaching.left)).mean()) for found in (whole, part))
    assert of_whole == 0.25
    assert of_part == pytest.approx(of_whole, abs=0.02)


def still_open(found: history.History) -> set[int]:
    return set(found.opportunities[np.isinf(found.deals.stays.left)].tolist())


def test_only_whoever_keeps_the_derived_data_may_have_forecasts_made(sold: Sales):
    with pytest.raises(NotAllowed):
        make_forecasts(sold.actor("director"))


def test_page_and_api_show_the_same_and_hide_the_same(sold: Sales, world: World):
    made(LATER)
    with clock.as_of(day(LATER)):
        director, rep = world.client("director"), world.client("east_rep")
        page = director.get(reverse("insight:forecast"), {"horizon": "30d"})
        assert page.status_code == 200
        assert "销售预测" in page.content.decode()
        said = api(director)
        assert said["horizon"] == "30d"
        run = ForecastRun.objects.get(is_live=True, horizon="30d", department_id=0, person_id=0, led_by_id=0)
        assert Decimal(said["low"]) == run.low
        assert Decimal(said["total"]["value"]) == run.middle
        assert api(director, target="0")["chance"] == "1"
        south = {"team": unit("south")}
        assert rep.get(reverse("insight:forecast"), south).status_code == 404
        assert rep.get("/api/v1/insight/forecast", {"team_id": unit("south")}).status_code == 404
        assert rep.get(reverse("insight:forecast")).status_code == 200


def api(client: Client, **asked: str) -> dict:
    answer = client.get("/api/v1/insight/forecast", {"horizon": "30d", **asked})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_chance_to_reach_a_target_follows_the_quantiles(sold: Sales):
    made(LATER)
    found = forecast(SYSTEM, ForecastScope(), "quarter")
    assert found is not None
    marks = [Decimal(str(mark)) for mark in found.run.quantiles]
    assert found.chance_to_reach(found.run.won) == 1
    assert found.chance_to_reach(marks[-1] + 1) == 0
    steps = [found.chance_to_reach(marks[0] + (marks[-1] - marks[0]) * share / 20) for share in range(1, 21)]
    assert steps == sorted(steps, reverse=True)
    assert abs(steps[9] - Decimal("0.5")) < Decimal("0.3")
