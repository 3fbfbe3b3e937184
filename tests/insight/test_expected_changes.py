"""Campaigns and holidays that the forecast counts with: who enters them, and where they are counted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from tests.world import World
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.insight.commands import ChangeDraft, drop_expected_change, edit_expected_change, expect_change
from xiaocheng.insight.forecasting.expecting import expected
from xiaocheng.insight.models import ExpectedChange
from xiaocheng.insight.queries import ForecastScope, changes_within, expected_changes, may_expect

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


def fair(department_id: int | None = None, percent: int = 50, days: int = 5) -> ChangeDraft:
    return ChangeDraft("春季展会", MONDAY, MONDAY + dt.timedelta(days=days - 1), percent, department_id)


def test_who_sees_everything_enters_for_the_company_and_a_head_for_his_department(world: World) -> None:
    east, south = world.department_ids["east"], world.department_ids["south"]
    assert expect_change(world.actor("director"), fair()).department_id is None
    manager = world.actor("east_manager")
    assert expect_change(manager, fair(east)).department_id == east
    assert expect_change(manager, fair(world.department_ids["shanghai"])).pk
    for department in (None, south):
        assert not may_expect(manager, department)
        with pytest.raises(RuleBroken, match="您主管的部门"):
            expect_change(manager, fair(department))
    with pytest.raises(NotAllowed):
        expect_change(world.actor("east_rep"), fair(east))
    with pytest.raises(NotFound):
        expect_change(world.actor("director"), fair(999_999))


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ChangeDraft("  ", MONDAY, MONDAY, 10), "name"),
        (ChangeDraft("展会", MONDAY, MONDAY - dt.timedelta(days=1), 10), "last"),
        (ChangeDraft("展会", MONDAY, MONDAY, -91), "percent"),
        (ChangeDraft("展会", MONDAY, MONDAY, 301), "percent"),
        (ChangeDraft("展" * 61, MONDAY, MONDAY, 10), "name"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(world: World, draft: ChangeDraft, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        expect_change(world.actor("director"), draft)
    assert refused.value.field == field
    assert not ExpectedChange.objects.exists()


def test_it_is_changed_and_deleted_by_whoever_may_enter_it_and_the_journal_tells(world: World) -> None:
    director, manager = world.actor("director"), world.actor("east_manager")
    row = expect_change(director, fair())
    with pytest.raises(RuleBroken):
        edit_expected_change(manager, row.pk, 1, fair(world.department_ids["east"]))  # the company's is not his
    edit_expected_change(director, row.pk, 1, fair(percent=-30))
    with pytest.raises(EditConflict):
        edit_expected_change(director, row.pk, 1, fair(percent=10))
    with pytest.raises(RuleBroken):
        drop_expected_change(manager, row.pk)
    drop_expected_change(director, row.pk)
    with pytest.raises(NotFound):
        drop_expected_change(director, row.pk)
    told = [str(entry.sentence) for entry in timeline("insight.expectedchange", row.pk)]
    assert any("新商机 -30%" in said for said in told)


def test_the_factors_are_of_its_days_and_of_those_who_work_in_its_department_or_below(world: World) -> None:
    people = [world.id("east_rep"), world.id("shanghai_rep"), world.id("south_rep")]
    expect_change(world.actor("director"), fair(percent=100, days=2))
    expect_change(world.actor("east_manager"), fair(world.department_ids["east"], percent=-50, days=1))
    found = expected(people, MONDAY, 3)
    assert found.within.tolist() == [[1.0, 2.0, 1.0], [1.0, 2.0, 1.0], [2.0, 2.0, 1.0]]
    assert found.before.tolist() == [[1.0] * 28] * 3
    later = expected(people, MONDAY + dt.timedelta(days=1), 1)
    assert (later.within[0, 0], later.before[0, -1], later.before[2, -1]) == (2.0, 1.0, 2.0)


def test_a_forecast_names_what_concerns_its_department_those_above_and_those_below(world: World) -> None:
    director, ids = world.actor("director"), world.department_ids
    for department in (None, ids["east"], ids["shanghai"], ids["south"]):
        expect_change(director, fair(department))
    named = [row.department_id for row in changes_within(director, ForecastScope(ids["shanghai"]), MONDAY, MONDAY)]
    assert named == [None, ids["east"], ids["shanghai"]]
    assert len(changes_within(director, ForecastScope(), MONDAY, MONDAY)) == 4
    after = MONDAY + dt.timedelta(days=5)
    assert changes_within(director, ForecastScope(), after, after) == []


def test_page_and_api_enter_change_and_delete_it(world: World) -> None:
    director, rep = world.client("director"), world.client("east_rep")
    form = {"name": "国庆", "first": "2026-10-01", "last": "2026-10-07", "percent": "-60", "department": ""}
    assert director.post(reverse("insight:new_expected_change"), {**form, "percent": "900"}).status_code == 422
    assert director.post(reverse("insight:new_expected_change"), form).status_code == 302
    row = expected_changes(world.actor("director")).get()
    shown = rep.get(reverse("insight:expected_changes")).content.decode()
    assert "国庆" in shown and "-60%" in shown and "登记</" not in shown
    assert rep.post(reverse("insight:drop_expected_change", args=[row.pk])).status_code == 403
    sent = {"name": "国庆", "first": "2026-10-01", "last": "2026-10-08", "percent": -50, "version": 1}
    told = director.put(f"/api/v1/insight/expected-changes/{row.pk}", sent, content_type="application/json").json()
    assert (told["last"], told["percent"], told["version"]) == ("2026-10-08", -50, 2)
    again = director.put(f"/api/v1/insight/expected-changes/{row.pk}", sent, content_type="application/json")
    assert again.status_code == 409
    assert director.delete(f"/api/v1/insight/expected-changes/{row.pk}").status_code == 200
    assert director.get("/api/v1/insight/expected-changes").json()["items"] == []
