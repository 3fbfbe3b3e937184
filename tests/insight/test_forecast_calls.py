"""What people themselves say will be won in a month: who says it and sees it, which one stands, how near it came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.insight.commands import CallDraft, call_forecast
from xiaocheng.insight.models import ForecastCall, ForecastRun
from xiaocheng.insight.queries import Called, ForecastScope, called, forecast_calls, may_call, usual_scope
from xiaocheng.selling.pipeline.models import Opportunity

from .conftest import Sales, day
from .test_forecast import LATER, made, sell

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 1)


@contextmanager
def on(month: int, day_of_month: int) -> Iterator[None]:
    with clock.as_of(clock.instant(dt.date(2026, month, day_of_month), dt.time(9))):
        yield


def say(world: World, who: str, amount: int, on_day: int = 2, month: int = 3, *, is_own: bool = False) -> ForecastCall:
    """Said on a day of the month about that month."""
    with on(month, on_day):
        return call_forecast(world.actor(who), CallDraft(clock.today(), Decimal(amount), "凭两个大单", is_own))


def told(world: World, who: str, month: int = 3, scope: ForecastScope | None = None, on_day: int = 20) -> Called:
    with on(month, on_day):
        actor = world.actor(who)
        return called(actor, scope or usual_scope(actor), clock.today())


def person(world: World, who: str) -> ForecastScope:
    return ForecastScope(person_id=world.id(who))


def team(world: World, key: str) -> ForecastScope:
    return ForecastScope(department_id=world.department_ids[key])


def test_each_says_it_for_what_he_is_usually_shown_or_for_himself_alone(world: World) -> None:
    assert say(world, "east_rep", 100).person_id == world.id("east_rep")
    assert say(world, "east_manager", 300).department_id == world.department_ids["east"]
    own = say(world, "east_manager", 20, is_own=True)
    assert (own.person_id, own.department_id) == (world.id("east_manager"), None)
    whole = say(world, "director", 900)
    assert (whole.department_id, whole.person_id, whole.led_by_id, whole.month) == (None, None, None, MARCH)
    said = [str(entry.sentence) for entry in timeline("insight.forecastcall", whole.pk)]
    assert said == ["自报 2026-03 赢单 900.00"]


def test_what_was_said_stays_and_the_newest_stands(world: World) -> None:
    first, newest = say(world, "east_rep", 100), say(world, "east_rep", 60, on_day=12)
    found = told(world, "east_rep")
    assert found.stands == newest
    assert found.at_start == first
    assert ForecastCall.objects.visible_to(world.actor("east_rep")).count() == 2
    assert told(world, "east_rep", month=4).stands is None


def test_a_call_of_the_third_day_is_of_the_beginning_and_one_of_the_fourth_is_not(world: World) -> None:
    late = say(world, "south_rep", 50, on_day=4)
    assert told(world, "south_rep").at_start is None
    third = say(world, "east_rep", 70, on_day=3)
    assert told(world, "east_rep").at_start == third
    assert told(world, "south_rep").stands == late


def test_the_next_month_may_be_called_before_it_begins_and_what_is_over_never(world: World) -> None:
    rep = world.actor("east_rep")
    with on(3, 30):
        early = call_forecast(rep, CallDraft(dt.date(2026, 4, 15), Decimal(80)))
        for month in (dt.date(2026, 2, 28), dt.date(2026, 5, 1)):
            with pytest.raises(RuleBroken) as refused:
                call_forecast(rep, CallDraft(month, Decimal(80)))
            assert refused.value.field == "month"
    assert told(world, "east_rep", month=4).at_start == early


@pytest.mark.parametrize(
    ("amount", "note", "field"),
    [(Decimal(-1), "", "amount"), (Decimal(1), "长" * 501, "note"), (Decimal("0.00001"), "", "amount")],
)
def test_what_makes_no_sense_is_refused_with_its_field(world: World, amount: Decimal, note: str, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        call_forecast(world.actor("east_rep"), CallDraft(clock.today(), amount, note))
    assert refused.value.field == field
    assert not ForecastCall.rows.exists()


def test_the_table_holds_no_call_of_two_scopes_and_none_below_nothing(world: World) -> None:
    row = say(world, "east_rep", 100)
    for wrong in ({"department_id": world.department_ids["east"]}, {"amount": -1}, {"led_by_id": world.id("director")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ForecastCall.rows.filter(pk=row.pk).update(**wrong)


def test_who_sees_all_that_a_call_is_about_sees_the_call_and_nobody_else(world: World) -> None:
    rows = {who: say(world, who, 100).pk for who in ("east_rep", "south_rep", "east_manager", "director")}

    def seen(who: str) -> set[str]:
        found = set(forecast_calls(world.actor(who)).values_list("pk", flat=True))
        return {name for name, pk in rows.items() if pk in found}

    assert seen("east_rep") == {"east_rep"}
    assert seen("south_rep") == {"south_rep"}
    assert seen("south_manager") == {"south_rep"}
    assert seen("east_manager") == {"east_rep", "east_manager"}
    assert seen("director") == set(rows)
    for scope in (ForecastScope(), team(world, "east"), person(world, "south_rep")):
        with pytest.raises(NotFound):
            told(world, "east_rep", scope=scope)


def test_whoever_has_no_month_of_his_own_to_foretell_may_not(world: World) -> None:
    with pytest.raises(NotAllowed):
        call_forecast(world.actor("administrator"), CallDraft(clock.today(), Decimal(1)))
    assert not may_call(world.actor("administrator"), ForecastScope())
    assert not may_call(SYSTEM, ForecastScope())
    manager = world.actor("east_manager")
    assert may_call(manager, team(world, "east"))
    assert may_call(manager, ForecastScope(person_id=manager.person_id))
    for scope in (ForecastScope(), team(world, "south"), team(world, "shanghai"), person(world, "east_rep")):
        assert not may_call(manager, scope)


def test_a_manager_sees_what_those_beneath_him_say_each_once_and_adds_up_the_people(world: World) -> None:
    say(world, "east_rep", 100)
    say(world, "east_rep", 120, on_day=5)
    say(world, "shanghai_rep", 40)
    lead = say(world, "shanghai_lead", 50)
    say(world, "east_manager", 10, is_own=True)
    say(world, "east_manager", 300)
    say(world, "south_rep", 999)
    found = told(world, "east_manager")
    assert found.stands is not None and found.stands.amount == 300
    assert sorted(row.amount for row in found.people) == [10, 40, 120]
    assert [row.pk for row in found.beneath if row.person_id is None] == [lead.pk]
    company = told(world, "director")
    assert company.stands is None
    assert sorted(row.amount for row in company.people) == [10, 40, 120, 999]
    assert told(world, "east_rep").beneath == ()


def test_nothing_is_said_of_how_near_calls_came_before_three_months_are_over(sales: Sales, world: World) -> None:
    for number, month in enumerate((3, 4, 5)):
        say(world, "east_rep", 100, month=month)
        sales.win(sales.open("east_rep", at=number * 31, amount=80), number * 31 + 10)
    before = told(world, "east_rep", month=5, on_day=31)
    assert (before.is_judged, before.wape.n, before.wape.value) == (False, 2, None)
    after = told(world, "east_rep", month=6, on_day=1)
    assert (after.is_judged, after.wape.n, after.wape.value, after.bias.value) == (
        True, 3, Decimal("0.25"), Decimal("0.25"),
    )  # fmt: skip


def test_calls_are_held_against_what_was_won_in_their_month_by_whom_they_are_about(sales: Sales, world: World) -> None:
    for month in (3, 4, 5):
        say(world, "east_rep", 100, month=month)
        say(world, "east_rep", 5000, on_day=4, month=month)  # too late to be judged by
        say(world, "east_manager", 200, month=month)
    for number, amount in enumerate((150, 50)):  # nothing came in May
        sales.win(sales.open("east_rep", at=number * 31, amount=amount), number * 31 + 5)
    sales.win(sales.open("shanghai_rep", at=0, amount=400), 6)
    sales.win(sales.open("south_rep", at=0, amount=7000), 7)
    rep = told(world, "east_rep", month=6)
    assert rep.wape.value == Decimal("1")  # (50 + 50 + 100) / 200
    assert rep.bias.value == Decimal("0.5")  # 300 said, 200 won
    east = told(world, "east_manager", month=6)
    assert east.wape.value == Decimal("1.1667")  # (350 + 150 + 200) / 600
    assert east.bias.value == 0


def test_a_reopened_win_counts_against_the_month_in_which_it_was_reopened(sales: Sales, world: World) -> None:
    for month in (3, 4, 5):
        say(world, "east_rep", 100, month=month)
    kept, lost_again = sales.open("east_rep", amount=100), sales.open("east_rep", amount=300)
    sales.win(kept, 5)
    sales.win(lost_again, 6)
    sales.reopen(lost_again, 7)
    assert told(world, "east_rep", month=6).bias.value == Decimal("2")  # 300 said, 100 won


def test_open_deals_of_the_month_are_summed_by_the_category_of_their_stage(sales: Sales, world: World) -> None:
    for who, amount, close in (
        ("east_rep", 100, "2026-03-31"), ("east_rep", 60, "2026-04-01"), ("shanghai_rep", 30, "2026-03-05"),
        ("south_rep", 7, "2026-03-09"),
    ):  # fmt: skip
        sales.open(who, amount=amount, expected_close_on=dt.date.fromisoformat(close))
    deal = sales.open("east_rep", amount=500, expected_close_on=dt.date(2026, 3, 15))
    sales.win(deal, 3)
    sums = {"east_rep": (1, 100), "east_manager": (2, 130), "director": (3, 137)}
    for who, expected in sums.items():
        (line,) = told(world, who).categories
        assert (line.category, line.deals, line.amount) == ("pipeline", *expected)
    stage = Opportunity.rows.filter(owner=world.id("shanghai_rep")).get().stage
    type(stage).objects.filter(pk=stage.pk).update(forecast_category="commit")
    assert {line.category for line in told(world, "director").categories} == {"commit"}


def test_page_and_form_take_a_call_and_show_it_beside_those_beneath(world: World) -> None:
    rep, manager = world.client("east_rep"), world.client("east_manager")
    with on(3, 2):
        assert "填写自报" in rep.get(reverse("insight:forecast")).content.decode()
        form = {"month": "2026-03-01", "amount": "12万", "note": "看宏达那一单"}
        assert rep.post(reverse("insight:call_forecast"), {**form, "month": "2026-02-01"}).status_code == 422
        assert rep.post(reverse("insight:call_forecast"), {**form, "amount": "-1"}).status_code == 422
        assert rep.post(reverse("insight:call_forecast"), form).status_code == 302
        page = manager.get(reverse("insight:forecast")).content.decode()
        assert "看宏达那一单" in page and "本人自报 1 人" in page and "本月还没有自报" in page
        assert manager.post(reverse("insight:call_forecast") + "?own=1", form).status_code == 302
        assert ForecastCall.rows.latest("pk").person_id == world.id("east_manager")
        other = manager.get(reverse("insight:forecast"), {"person": world.id("east_rep")}).content.decode()
        assert "看宏达那一单" in other and "填写自报" not in other
        quarter = rep.get(reverse("insight:forecast"), {"horizon": "quarter"}).content.decode()
        assert "填写自报" not in quarter and "看宏达那一单" not in quarter
        assert "看宏达那一单" not in world.client("south_manager").get(reverse("insight:forecast")).content.decode()
        assert world.client("administrator").get(reverse("insight:call_forecast")).status_code == 403


def test_after_three_months_the_page_says_how_near_the_calls_came(sales: Sales, world: World) -> None:
    for number, month in enumerate((3, 4, 5)):
        say(world, "east_rep", 100, month=month)
        sales.win(sales.open("east_rep", at=number * 31, amount=80), number * 31 + 10)
    with on(6, 1):
        page = world.client("east_rep").get(reverse("insight:forecast")).content.decode()
    assert "过去 3 个月" in page and "平均误差 25.0%" in page


def test_a_call_stands_beside_the_interval_and_among_the_methods(sales: Sales, world: World) -> None:
    sell(sales)
    sales.win(sales.open("east_rep", at=LATER + 37, amount=5000), LATER + 38)
    made(LATER + 40)
    for month in (4, 5, 6):
        say(world, "director", 10_000, month=month)
    places = {1: "低于 80% 区间", 10_000_000: "高于 80% 区间"}
    with clock.as_of(day(LATER + 40)):
        for amount, place in places.items():
            call_forecast(world.actor("director"), CallDraft(clock.today(), Decimal(amount)))
            page = world.client("director").get(reverse("insight:forecast")).content.decode()
            assert place in page
        run = ForecastRun.objects.get(is_live=True, horizon="month", department_id=0, person_id=0, led_by_id=0)
        call_forecast(world.actor("director"), CallDraft(clock.today(), run.middle))
        page = world.client("director").get(reverse("insight:forecast")).content.decode()
        assert "在 80% 区间内" in page and "过去 3 个月" in page
        past = called(world.actor("director"), ForecastScope(), clock.today())
        assert "<th>加权在途额</th>" in page and "<th>自报</th>" in page
    assert past.wape.n == 3


def test_the_api_takes_a_call_and_shows_what_the_page_shows(world: World) -> None:
    rep, manager = world.client("east_rep"), world.client("east_manager")
    with on(3, 2):
        sent = {"month": "2026-03-20", "amount": "120000", "note": "两单"}
        made = rep.post("/api/v1/insight/forecast-calls", sent, content_type="application/json")
        assert made.status_code == 200, made.content
        assert (made.json()["month"], made.json()["person_id"]) == ("2026-03-01", world.id("east_rep"))
        late = rep.post(
            "/api/v1/insight/forecast-calls", {**sent, "month": "2026-01-02"}, content_type="application/json"
        )
        assert late.status_code == 422
        listed = manager.get("/api/v1/insight/forecast-calls", {"month": "2026-03-09"}).json()["items"]
        assert [row["id"] for row in listed] == [made.json()["id"]]
        assert world.client("south_rep").get("/api/v1/insight/forecast-calls").json()["items"] == []
        standing = manager.get("/api/v1/insight/forecast-calls/standing").json()
        assert standing["stands"] is None and [row["note"] for row in standing["beneath"]] == ["两单"]
        assert standing["department_id"] == world.department_ids["east"]
        own = manager.get("/api/v1/insight/forecast-calls/standing", {"person_id": world.id("east_rep")}).json()
        assert own["stands"]["amount"] == "120000.0000" and own["is_judged"] is False
        hidden = rep.get("/api/v1/insight/forecast-calls/standing", {"team_id": world.department_ids["south"]})
        assert hidden.status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_asks_as_many_questions_however_many_calls_there_are(
    world: World, django_assert_max_num_queries, many: int
) -> None:
    for number in range(many):
        for who in ("east_rep", "shanghai_rep", "south_rep"):
            say(world, who, number + 1)
    with on(3, 20):
        actor = world.actor("director")
        with django_assert_max_num_queries(3):
            called(actor, ForecastScope(), clock.today())


@pytest.mark.parametrize("month", ["0001-01-01", "9999-12-31"])
def test_a_month_in_no_calendar_of_a_company_is_refused_not_a_fault(world: World, month: str) -> None:
    client = world.client("director")
    for address in ("/api/v1/insight/forecast-calls", "/api/v1/insight/forecast-calls/standing"):
        assert client.get(address, {"month": month}).status_code == 422
