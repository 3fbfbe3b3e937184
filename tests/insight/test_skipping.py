"""What leaving out a stage changed: of which deals it is told, once a day, and to whom."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

import pytest
from django.urls import reverse

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound
from xiaocheng.foundation.org.models import Department
from xiaocheng.insight import skipping
from xiaocheng.insight.commands import estimate_skipping
from xiaocheng.insight.models import SkipEffect
from xiaocheng.insight.queries import Effect, ForecastScope, Skipping, skip_effects
from xiaocheng.insight.skipping import Case, cases_of
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import StageTransition

from .conftest import Sales, day

pytestmark = pytest.mark.django_db
WITHIN, LATER = 90, 200


def cases(at: float = LATER) -> dict[str, list[Case]]:
    with clock.as_of(day(at)):
        return {code: found for (_process, code), found in cases_of(clock.today(), WITHIN).items()}


def estimated(at: float = LATER) -> int:
    with clock.as_of(day(at)):
        return estimate_skipping(SYSTEM)


def of_quote(found: Skipping | None, key: str = "won") -> Effect:
    assert found is not None
    stage = next(stage for stage in found.stages if stage.code == "quote")
    return next(effect for effect in stage.effects if effect.outcome.key == key)


def sell(sales: Sales, number: int, *, skips: bool, wins: bool, who: str = "east_rep", at: float = 0) -> None:
    for _each in range(number):
        deal = sales.open(who, at=at)
        sales.move(deal, "talk" if skips else "quote", at + 2)
        if wins:
            sales.win(deal, at + (12 if skips else 20))
        else:
            sales.lose(deal, at + 9)


@pytest.fixture
def sold(sales: Sales) -> Sales:
    """Of 32 that skip the quote a quarter is won, of 36 that do not three quarters."""

    def make() -> None:
        sell(sales, 8, skips=True, wins=True)
        sell(sales, 24, skips=True, wins=False)
        sell(sales, 27, skips=False, wins=True)
        sell(sales, 9, skips=False, wins=False)

    made_once("sold with and without a quote", make)
    return sales


def test_a_deal_counts_from_the_moment_at_which_it_left_the_stage_out_or_entered_it(sales: Sales):
    one = sales.open("east_rep", at=0, amount=500, source="referral")
    sales.move(one, "talk", 3)
    sales.win(one, 10)
    other = sales.open("south_rep", at=0)
    sales.move(other, "quote", 4)
    found = cases()
    skipped, entered = sorted(found["quote"], key=lambda case: case.at)
    assert (skipped.skipped, skipped.at, skipped.won_after) == (True, day(3), 7)
    assert (skipped.owner_id, skipped.amount, skipped.source) == (sales.actor("east_rep").person_id, 500, "referral")
    assert (entered.skipped, entered.at, entered.won_after) == (False, day(4), None)
    assert [(case.skipped, case.won_after) for case in found["talk"]] == [(False, 7)]
    assert "meet" not in found  # where deals begin nobody can leave it out


def test_a_deal_counts_only_when_it_could_be_followed_long_enough(sales: Sales):
    deal = sales.open(at=0)
    sales.move(deal, "talk", 10)
    assert cases(10 + WITHIN + 1)["quote"]
    assert not cases(10 + WITHIN)


def test_a_win_right_away_is_no_skipping(sales: Sales):
    """Otherwise every skipped deal of that kind would have been won."""
    sales.win(sales.open(at=0), 5)
    assert not cases()


def test_what_was_made_up_for_later_stays_skipped_and_counts_once(sales: Sales):
    deal = sales.open(at=0)
    sales.move(deal, "talk", 2)
    sales.move(deal, "quote", 4)
    sales.move(deal, "talk", 6)
    assert [(case.skipped, case.at) for case in cases()["quote"]] == [(True, day(2))]


def test_mistakes_and_what_has_no_time_do_not_count(sales: Sales):
    invalid, undated, again = (sales.open(at=0) for _each in range(3))
    for deal in (invalid, undated, again):
        sales.move(deal, "talk", 2)
    sales.lose(invalid, 5, reason="invalid")
    sales.win(undated, 5)
    StageTransition.objects.beyond_sight(because="test").filter(opportunity=undated, to_stage__kind="won").update(
        is_invented=True
    )
    sales.win(again, 5)
    sales.reopen(again, 8)
    assert [case.won_after for case in cases()["quote"]] == [None]  # only the one that was opened again


def test_a_customer_who_bought_before_is_known_as_such(sales: Sales, world: World):
    customer = register(sales.actor("east_rep"), CustomerDraft(name="老厂", owner_id=world.id("east_rep")))
    for at in (0, 30):
        deal = sales.open("east_rep", at=at, customer_id=customer.pk)
        sales.move(deal, "talk", at + 2)
        sales.win(deal, at + 5)
    assert Customer.objects.visible_to(SYSTEM).get(pk=customer.pk).became_customer_on == clock.day_of(day(5))
    assert [case.is_repeat for case in sorted(cases()["quote"], key=lambda case: case.at)] == [False, True]


def test_of_very_many_deals_evenly_chosen_ones_are_looked_at(sold: Sales, monkeypatch: pytest.MonkeyPatch):
    everything = cases()["quote"]
    monkeypatch.setattr(skipping, "LEARNT_FROM", len(everything) // 2)
    chosen = cases()["quote"]
    assert len(chosen) == len(everything) // 2
    assert {case.won_after is None for case in chosen} == {case.skipped for case in chosen} == {True, False}


def test_the_difference_is_told_with_its_interval_and_what_stands_behind(sold: Sales):
    assert estimated() > 0
    found = skip_effects(SYSTEM, ForecastScope(), sold.process.pk)
    won, days = of_quote(found), of_quote(found, "days")
    assert (won.skipped, won.comparable) == (32, 36)
    assert won.difference.value is not None
    assert -0.6 < won.difference.value < -0.4  # 25 % against 75 %
    assert won.is_sure
    assert won.e_value is not None
    assert won.e_value > 2
    assert days.difference.value is None  # eight won are too few
    assert (days.skipped, days.comparable) == (8, 27)


def test_estimates_are_stored_once_for_a_day_and_never_change(sold: Sales):
    estimated()
    before = list(SkipEffect.objects.order_by("pk").values_list())
    assert estimated() == 0
    sell(sold, 5, skips=True, wins=True, at=3)
    assert estimated() == 0
    assert list(SkipEffect.objects.order_by("pk").values_list()) == before
    assert estimated(LATER + 1) > 0
    found = skip_effects(SYSTEM, ForecastScope(), sold.process.pk)
    assert of_quote(found).skipped == 37
    assert list(SkipEffect.objects.filter(as_of=clock.day_of(day(LATER))).order_by("pk").values_list()) == before


def test_everybody_is_told_of_what_he_sees_and_nothing_else(sold: Sales):
    sell(sold, 2, skips=True, wins=True, who="south_rep")
    estimated()
    units = {name: Department.objects.get(name=name).pk for name in ("华东区", "华南区")}
    east, south = (ForecastScope(department_id=pk) for pk in units.values())
    process = sold.process.pk
    assert of_quote(skip_effects(sold.actor("director"), ForecastScope(), process)).skipped == 34
    assert of_quote(skip_effects(sold.actor("east_manager"), east, process)).skipped == 32
    assert of_quote(skip_effects(sold.actor("south_manager"), south, process)).difference.value is None
    for who in ("east_rep", "east_manager", "shanghai_lead"):
        for scope in (ForecastScope(), south):
            with pytest.raises(NotFound):
                skip_effects(sold.actor(who), scope, process)
    rep = sold.actor("east_rep")
    assert skip_effects(rep, ForecastScope(person_id=rep.person_id), process) is None


def test_only_whoever_keeps_the_derived_data_may_have_it_estimated(sold: Sales):
    with pytest.raises(NotAllowed):
        estimate_skipping(sold.actor("director"))


def asked(sales: Sales, **more: Any) -> dict[str, Any]:
    return {"kind": "all", "process": sales.process.pk, **more}


def test_page_file_and_api_say_the_same_and_hide_the_same(sold: Sales, world: World):
    estimated()
    with clock.as_of(day(LATER)):
        director, rep = world.client("director"), world.client("east_rep")
        url = reverse("insight:conformance")
        page = director.get(url, asked(sold)).content.decode()
        assert "跳阶影响" in page
        assert "跳过「报价」的商机 90 天内赢单的比例低" in page
        assert "相关,不等于因果" in normalize("NFKC", page)  # commas are full-width where the catalogue says so
        table = director.get(url, asked(sold, by="skipping")).content.decode()
        assert "个百分点" in table
        assert "样本不足" in table
        file = director.get(reverse("insight:conformance_export"), asked(sold, by="skipping"))
        assert file.status_code == 200
        assert "跳阶影响" not in rep.get(url, asked(sold)).content.decode()
        told = director.get("/api/v1/insight/skipping", {"process_id": sold.process.pk}).json()
        effect = next(stage for stage in told["stages"] if stage["code"] == "quote")["effects"][0]
        assert (effect["outcome"], effect["skipped"], effect["comparable"]) == ("won", 32, 36)
        south = Department.objects.get(name="华南区").pk
        asks = {"process_id": sold.process.pk, "team_id": south}
        assert rep.get("/api/v1/insight/skipping", asks).status_code == 404
        assert rep.get("/api/v1/insight/skipping", {"process_id": sold.process.pk}).status_code == 404


def test_the_page_never_shows_the_plain_difference(sold: Sales, world: World):
    """A quarter against three quarters is 50 points apart: what is shown is adjusted, and where too few, nothing."""
    sell(sold, 3, skips=True, wins=True, who="south_rep")
    estimated()
    with clock.as_of(day(LATER)):
        south = world.client("south_manager").get(reverse("insight:conformance"), asked(sold, by="skipping"))
        page = south.content.decode()
    assert "样本不足" in page
    assert "个百分点(" not in page
