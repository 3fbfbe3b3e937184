"""A review of a process freezes the figures of its time; drafts are written on, a finished one never changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.insight.conftest import Sales
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotFound, RuleBroken
from xiaocheng.insight import commands, queries
from xiaocheng.insight.commands import ActionDraft, ReviewText
from xiaocheng.insight.models import ProcessReview
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.pipeline.queries import opportunities
from xiaocheng.selling.tasks.queries import tasks

FIRST, LAST, TODAY = dt.date(2026, 3, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 10)


@pytest.fixture(autouse=True)
def _in_april(db: None) -> Iterator[None]:
    with clock.as_of(clock.instant(TODAY, dt.time(12))):
        yield


@pytest.fixture
def march(sales: Sales) -> Sales:
    """In March the east won one of two and has one open, the south lost one; in April the east won one more."""
    won, lost, still, other, later = (
        sales.open(), sales.open(), sales.open(at=1), sales.open("south_rep"), sales.open(at=33)
    )  # fmt: skip
    for deal, at in ((won, 2), (lost, 3), (other, 4), (later, 34)):
        sales.move(deal, "quote", at)
    sales.win(won, 6)
    sales.lose(lost, 7, "timing")
    sales.lose(other, 8, "price")
    sales.win(later, 36)
    assert sales.stages and still
    return sales


def begun(sales: Sales, who: str = "east_manager", **more: Any) -> ProcessReview:
    return commands.begin_review(sales.actor(who), sales.process.pk, FIRST, LAST, **more)


def written(sales: Sales, row: ProcessReview, who: str = "east_manager", **more: Any) -> ProcessReview:
    text = ReviewText(**{"findings": "报价之后没人跟", **more})
    return commands.edit_review(sales.actor(who), row.pk, row.edit_version, text)


def meet(figures: dict[str, Any]) -> dict[str, Any]:
    return next(item for item in figures["stages"] if item["code"] == "meet")


def test_the_figures_are_those_of_the_reviewers_own_people(march: Sales) -> None:
    east, all_of_them = begun(march).figures, begun(march, "director").figures
    assert (east["won"], east["lost"], east["reasons"], east["revenue"]) == (1, 1, {"timing": 1}, "100")
    assert (all_of_them["won"], all_of_them["lost"]) == (1, 2)
    assert all_of_them["reasons"] == {"price": 1, "timing": 1}
    stage = meet(east)
    assert (stage["entries"], stage["forward"], stage["exits"]["staying"], stage["days"]) == (3, 2, 1, "2.5")
    assert sum(stage["exits"].values()) == stage["entries"]
    assert (east["timed"], east["mean_days"], east["median_days"]) == (1, "6.0", "6.0")


def test_frozen_figures_stay_while_the_same_period_is_counted_anew_and_the_time_since_beside(march: Sales) -> None:
    row = begun(march)
    found = queries.then_and_now(march.actor("east_manager"), row)
    assert found.then == found.now
    assert found.since is not None and (found.since["won"], found.since["lost"]) == (1, 0)
    assert found.since_period is not None and found.since_period.first == dt.date(2026, 4, 1)
    [still] = opportunities(march.actor("east_manager")).filter(state="open")
    march.lose(still, 10, "budget")
    again = queries.then_and_now(march.actor("east_manager"), queries.process_review(SYSTEM, row.pk))
    assert (again.then["lost"], again.now["lost"]) == (1, 2)
    assert again.now["reasons"] == {"budget": 1, "timing": 1}


def test_only_who_keeps_the_process_or_heads_a_department_reviews_it(march: Sales) -> None:
    with pytest.raises(RuleBroken, match="部门负责人"):
        begun(march, "east_rep")
    assert begun(march, "administrator").basis == "company"
    assert begun(march, "shanghai_lead").basis == "team"
    for first, last in ((LAST, FIRST), (FIRST, TODAY + dt.timedelta(days=1))):
        with pytest.raises(RuleBroken):
            commands.begin_review(march.actor("director"), march.process.pk, first, last)
    with pytest.raises(RuleBroken):
        begun(march, basis="company")
    with pytest.raises(NotFound):
        commands.begin_review(march.actor("director"), 999_999, FIRST, LAST)


def test_a_review_shows_to_its_reviewer_and_those_above(march: Sales) -> None:
    row = begun(march)
    for who in ("east_manager", "director", "administrator"):
        assert queries.process_review(march.actor(who), row.pk) == row
    for who in ("east_rep", "south_manager", "shanghai_lead"):
        assert not queries.process_reviews(march.actor(who)).exists()
        with pytest.raises(NotFound):
            queries.process_review(march.actor(who), row.pk)


def test_a_draft_is_written_by_its_reviewer_and_nobodys_text_is_lost(march: Sales) -> None:
    row, manager = begun(march), march.actor("east_manager")
    with pytest.raises(RuleBroken, match="开始它的人"):
        written(march, row, "director")
    with pytest.raises(RuleBroken, match="今天之后"):
        written(march, row, next_on=TODAY)
    outsider = ActionDraft(march.world.id("south_rep"), TODAY, "跟")
    with pytest.raises(RuleBroken, match="团队"):
        written(march, row, actions=[outsider])
    written(march, row, works="老客户带看")
    with pytest.raises(EditConflict):
        commands.edit_review(manager, row.pk, 1, ReviewText("同时写的"))
    commands.drop_review(manager, row.pk)
    assert not queries.process_reviews(manager).exists()


def test_a_finished_review_never_changes_and_its_actions_are_todos(march: Sales) -> None:
    row, manager = begun(march), march.actor("east_manager")
    with pytest.raises(RuleBroken, match="发现的问题"):
        commands.finish_review(manager, row.pk, row.edit_version)
    action = ActionDraft(march.world.id("east_rep"), TODAY + dt.timedelta(days=7), "报价后三天内回访")
    row = written(march, row, actions=[action, action])
    row = written(march, row, actions=[action], next_on=dt.date(2026, 7, 10))
    with pytest.raises(EditConflict):
        commands.finish_review(manager, row.pk, 1)
    row = commands.finish_review(manager, row.pk, row.edit_version)
    assert [(task.title, task.due_on) for task in tasks(march.actor("east_rep"))] == [(action.text, action.due_on)]
    for act in (
        lambda: written(march, row),
        lambda: commands.finish_review(manager, row.pk, row.edit_version),
        lambda: commands.drop_review(manager, row.pk),
        lambda: commands.amend_review(march.actor("director"), row.pk, "别人写的"),
        lambda: commands.amend_review(manager, row.pk, " "),
    ):
        with pytest.raises(RuleBroken):
            act()
    commands.amend_review(manager, row.pk, "四月补记")
    assert [item.text for item in row.addenda.all()] == ["四月补记"]


def test_the_reviewer_is_reminded_once_on_the_day_of_the_next_review(march: Sales) -> None:
    row, day = begun(march), dt.date(2026, 7, 10)
    row = written(march, row, next_on=day)
    assert commands.remind_of_process_reviews(SYSTEM, day) == 0  # a draft reminds of nothing
    commands.finish_review(march.actor("east_manager"), row.pk, row.edit_version)
    assert commands.remind_of_process_reviews(SYSTEM, day - dt.timedelta(days=1)) == 0
    with clock.as_of(clock.instant(day, dt.time(7, 30))):
        assert [commands.remind_of_process_reviews(SYSTEM, day) for _twice in range(2)] == [1, 0]
        tell(SYSTEM)
        manager = march.actor("east_manager")
        assert said(manager, notes(manager)[0]) == "流程「三步」到了下次复盘的日子"
    assert not notes(march.actor("director")).exists()


def test_the_pages_begin_write_finish_and_show_then_and_now(march: Sales) -> None:
    client, rep = march.world.client("east_manager"), march.world.client("east_rep")
    assert "开始复盘" in client.get("/insight/process-reviews/").content.decode()
    assert "process-reviews/new/" not in rep.get("/insight/process-reviews/").content.decode()
    form = {"process": march.process.pk, "first": "2026-03-01", "last": "2026-03-31", "basis": "team"}
    assert rep.post("/insight/process-reviews/new/", form | {"basis": "mine"}).status_code == 422
    url = client.post("/insight/process-reviews/new/", form)["Location"]
    sent = {
        "findings": "报价之后没人跟", "works": "", "changes": "加回访", "next_on": "2026-07-10", "_version": "1",
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-text": "回访",
        "lines-0-person_id": str(march.world.id("east_rep")), "lines-0-due_on": "2026-04-20",
    }  # fmt: skip
    assert client.post(f"{url}edit/", sent).status_code == 302
    assert "回访" in client.get(f"{url}edit/").content.decode()
    shown = client.get(url).content.decode()
    for words in ("报价之后没人跟", "加回访", "张三", "1 / 2", "当时", "现在再算", "时机不对", "100 元", "2.5 天(n=2)"):
        assert words in shown, words
    assert client.post(f"{url}finish/?version=1").status_code == 409
    assert client.post(f"{url}finish/?version=2").status_code == 302
    done = client.get(url).content.decode()
    assert "edit/" not in done and "amend/" in done
    assert client.post(f"{url}amend/", {"text": "四月补记"}).status_code == 302
    assert "四月补记" in client.get(url).content.decode()
    assert rep.get(url).status_code == 404
    assert "amend/" not in march.world.client("director").get(url).content.decode()
