"""To court, keep or drop: decided by who may edit the customer, kept with what it was then, looked at again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from html import unescape

import pytest

from tests.insight.test_worth import TODAY
from tests.insight.test_worth import sold as sold
from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.measures import differences, read_gauges, rebuild
from xiaocheng.insight import queries
from xiaocheng.insight.commands import count_values, decide, remind_of_reviews
from xiaocheng.insight.measures import DECISION
from xiaocheng.insight.models import CustomerValue, Decision
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import CustomerDraft, Edit
from xiaocheng.selling.customers.queries import ids_by_name

pytestmark = pytest.mark.django_db


def named(name: str) -> int:
    return ids_by_name(SYSTEM, [f"{name}厂"])[f"{name}厂"]


def present(name: str) -> str:
    """What is decided, as the gauge and the row beside the value say alike."""
    value = int(read_gauges(named(name)).values.get(DECISION, 0))
    row = CustomerValue.objects.visible_to(SYSTEM).filter(customer=named(name)).first()
    said = ["", "court", "keep", "drop"][value]
    assert said == (row.decision if row else "")
    return said


def listed(world: World, view: str, who: str = "director") -> list[str]:
    rows = queries.to_review(world.actor(who), view).order_by("customer_id")
    return [row.customer.name[0] for row in rows.select_related("customer")]


def test_a_decision_is_kept_with_what_the_customer_was(sold: World) -> None:
    rep, manager = sold.actor("east_rep"), sold.actor("east_manager")
    count_values(SYSTEM)
    outcomes = decide(rep, [named("甲"), named("癸"), named("甲"), 10**6], "drop", " 亏本 ")
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None), NotFound, type(None), NotFound]
    assert (present("甲"), present("癸")) == ("drop", "")
    decide(manager, [named("甲")], "court", "要争取", review_on=TODAY + dt.timedelta(days=1))
    [last, first] = queries.decisions(rep, named("甲"))
    assert (last.verdict, last.decided_by_id, last.klass) == ("court", sold.id("east_manager"), "top")
    assert (first.verdict, first.reason, first.review_on) == ("drop", "亏本", dt.date(2026, 10, 1))
    story = timeline("customers.customer", named("甲"))
    assert [item.sentence for item in story[:2]] == [
        "决定争取这位客户,2026-04-21 复核:要争取", "决定放弃这位客户,2026-10-01 复核:亏本",
    ]  # fmt: skip
    for wrong in (
        {"verdict": "x", "reason": "y"}, {"verdict": "keep", "reason": " "}, {"verdict": "keep", "reason": "x" * 501},
        {"verdict": "keep", "reason": "y", "review_on": TODAY},
        {"verdict": "keep", "reason": "y", "review_on": TODAY.replace(year=2040)},
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            decide(rep, [named("甲")], **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        decide(sold.actor("promoter"), [named("甲")], "keep", "x")
    with pytest.raises(NotFound):
        list(queries.decisions(sold.actor("south_rep"), named("甲")))
    pool = customers.standard_pool("public")
    lost = customers.register(SYSTEM, CustomerDraft(name="丢厂", pool_id=pool.pk))
    [outcome] = decide(sold.actor("director"), [lost.pk], "keep", "x")
    assert "还没有负责人" in str(outcome.refusal)
    assert differences() == []
    rebuild()
    assert (present("甲"), differences()) == ("court", [])


def test_the_night_keeps_decisions_and_the_plan_follows_them(sold: World) -> None:
    count_values(SYSTEM)
    rep = sold.actor("east_rep")
    planned = {line.klass: line.planned for line in queries.efforts(rep)}
    assert planned == {"top": 96, "middle": 48}
    decide(rep, [named("甲")], "drop", "x", review_on=TODAY + dt.timedelta(days=400))
    decide(rep, [named("丙")], "court", "x", review_on=TODAY + dt.timedelta(days=400))
    assert {line.klass: line.planned for line in queries.efforts(rep)} == {"top": 48, "middle": 36 + 48}
    found = queries.matrix(rep, "value")
    assert found is not None and sum(cell.planned for cell in found.cells.values()) == 132
    assert [row.customer.name for row in queries.values(rep, "neglected")] == ["乙厂"]
    later = TODAY.replace(year=TODAY.year + 1) + dt.timedelta(days=1)
    with clock.as_of(clock.instant(later, dt.time(10))):
        assert count_values(SYSTEM) == 2, "who bought nothing stays where something is decided"
        assert (present("甲"), present("丙"), differences()) == ("drop", "court", [])


def test_what_is_to_be_looked_at_again(sold: World) -> None:
    count_values(SYSTEM)
    east, south = sold.actor("east_rep"), sold.actor("south_rep")
    near, far = TODAY + dt.timedelta(days=3), TODAY + dt.timedelta(days=300)
    decide(east, [named("甲")], "keep", "x", review_on=near)
    decide(east, [named("乙")], "keep", "x", review_on=far)
    decide(east, [named("丙")], "drop", "x", review_on=far)  # to keep is suggested
    customers.edit_many(SYSTEM, [Edit(named("庚"), {"potential": "high"}), Edit(named("癸"), {"potential": "low"})])
    assert [listed(sold, view) for view in ("due", "changed", "contrary", "review", "undecided", "dropped")] == [
        [], [], ["丙"], ["丙"], ["庚", "癸"], ["丙"],
    ]  # fmt: skip
    decide(south, [named("庚")], "court", "x", review_on=far)
    customers.edit_many(SYSTEM, [Edit(named("乙"), {"potential": "medium"})])
    with clock.as_of(clock.instant(near, dt.time(10))):
        assert [listed(sold, view) for view in ("due", "changed", "contrary", "review", "undecided")] == [
            ["甲"], ["乙"], ["丙"], ["甲", "乙", "丙"], ["癸"],
        ]  # fmt: skip
        assert [listed(sold, "decided", who) for who in ("east_rep", "south_rep", "east_peer")] == [
            ["甲", "乙", "丙"], ["庚"], [],
        ]  # fmt: skip
        page = unescape(sold.client("east_rep").get("/insight/value/decisions/").content.decode())
        assert ["日期已到" in page, "潜力未填 → 潜力中" in page, "与建议不符" in page] == [True] * 3
    customers.release(east, named("丙"), "no_need")
    assert listed(sold, "dropped") == [], "what is in a pool is nobody's to decide"
    with pytest.raises(NotFound):
        queries.decisions(east, named("丙"))


def test_decisions_follow_a_merge_and_lose_their_words_with_the_person(sold: World) -> None:
    count_values(SYSTEM)
    east, clerk = sold.actor("east_rep"), sold.actor("administrator")
    decide(east, [named("甲")], "keep", "老客户")
    decide(east, [named("乙")], "court", "新产线")
    done = customers.merge(clerk, named("甲"), named("乙"))
    assert (present("甲"), queries.decisions(east, named("甲")).count(), differences()) == ("court", 2, [])
    customers.undo_merge(clerk, done.merge_id)
    assert (present("甲"), present("乙"), differences()) == ("keep", "court", [])
    done = customers.merge(clerk, named("旧"), named("乙"))
    assert (present("旧"), differences()) == ("court", [])
    customers.undo_merge(clerk, done.merge_id)
    assert (present("旧"), present("乙"), differences()) == ("", "court", [])
    person = customers.register(east, CustomerDraft(name="王小明", is_person=True))
    decide(east, [person.pk], "drop", "搬走了")
    customers.erase(clerk, [person.pk], "本人要求")
    assert Decision.objects.visible_to(SYSTEM).get(customer=person.pk).reason == ""
    assert not any("搬走了" in item.sentence for item in timeline("customers.customer", person.pk))


def test_pages_and_programs_decide_alike(sold: World) -> None:
    count_values(SYSTEM)
    rep, first = sold.client("east_rep"), named("甲")
    values = (
        CustomerValue.objects.visible_to(SYSTEM).filter(customer__in=[first, named("乙")]).values_list("pk", flat=True)
    )
    ticked = "&".join(f"ids={pk}" for pk in values)
    form = rep.get(f"/insight/value/decide/?of=values&{ticked}").content.decode()
    assert f'value="{first},{named("乙")}"' in form
    sent = {"ids": f"{first},{named('乙')},{named('癸')}", "verdict": "drop", "reason": "不赚钱", "review_on": ""}
    assert rep.post("/insight/value/decide/?of=values", sent).status_code in {200, 302}
    assert [present(name) for name in "甲乙癸"] == ["drop", "drop", ""]
    assert rep.post("/insight/value/decide/", {**sent, "reason": ""}).status_code == 422
    assert sold.client("promoter").post("/insight/value/decide/", sent).status_code == 403
    page = rep.get(f"/customers/{first}/").content.decode()
    assert ["放弃" in page, f"/customers/{first}/decisions/" in page] == [True, True]
    history = rep.get(f"/customers/{first}/decisions/").content.decode()
    assert ["不赚钱" in history, "当时的级别" in history] == [True, True]
    assert sold.client("south_rep").get(f"/customers/{first}/decisions/").status_code == 404
    names = rep.get("/customers/?tab=mine&decision=drop").content.decode()
    assert ["甲厂" in names, "丙厂" in names] == [True, False]
    dropped = rep.get("/insight/value/decisions/?tab=dropped").content.decode()
    assert f"/customers/{first}/release/" in dropped
    assert rep.get("/api/v1/customers?decision=drop").json()["items"][0]["name"] == "甲厂"
    body = {"ids": [first], "verdict": "keep", "reason": "再看看"}
    [told] = rep.post("/api/v1/insight/decisions", body, content_type="application/json").json()
    assert told["id"] == first
    told = rep.get(f"/api/v1/customers/{first}/decisions").json()["items"]
    assert [row["verdict"] for row in told] == ["drop", "keep"]
    assert {row["customer_id"] for row in rep.get("/api/v1/insight/reviews?view=decided").json()["items"]} == {
        first, named("乙"),
    }  # fmt: skip


def test_who_owns_and_who_decided_are_told_once_when_the_day_comes(sold: World) -> None:
    count_values(SYSTEM)
    rep, manager, day = sold.actor("east_rep"), sold.actor("east_manager"), TODAY + dt.timedelta(days=10)
    decide(manager, [named("甲"), named("丙")], "court", "要争取", review_on=day)
    decide(rep, [named("丙")], "drop", "亏本", review_on=day + dt.timedelta(days=30))  # another holds now
    count = Counter[dt.date]()
    for passed in (9, 10, 10, 11):
        with clock.as_of(clock.instant(TODAY + dt.timedelta(days=passed), dt.time(7, 30))):
            count[TODAY + dt.timedelta(days=passed)] += remind_of_reviews(SYSTEM, TODAY + dt.timedelta(days=passed))
            tell(SYSTEM)
    assert +count == {day: 1}
    told = "客户「甲厂」的取舍到了复核日期,请再看一遍"
    for key, words in (("east_rep", [told]), ("east_manager", [told]), ("south_rep", []), ("director", [])):
        assert [said(sold.actor(key), note) for note in notes(sold.actor(key))] == words, key
    assert "到了复核日期:当初决定争取这位客户" in [
        item.sentence for item in timeline("customers.customer", named("甲"))
    ]
    with pytest.raises(NotAllowed):
        remind_of_reviews(rep, day)


def test_a_missed_day_is_made_good_and_who_sees_the_customer_no_more_hears_nothing(sold: World) -> None:
    count_values(SYSTEM)
    day = TODAY + dt.timedelta(days=10)
    decide(sold.actor("east_rep"), [named("甲")], "keep", "稳定", review_on=day)
    customers.assign(SYSTEM, [named("甲")], sold.id("south_rep"))
    late = day + dt.timedelta(days=3)
    with clock.as_of(clock.instant(late, dt.time(7, 30))):
        assert remind_of_reviews(SYSTEM, late) == 1
        tell(SYSTEM)
    heard = {key: [note.kind for note in notes(sold.actor(key))] for key in ("east_rep", "south_rep")}
    assert heard["east_rep"] == [] and "insight.ReviewDue" in heard["south_rep"]
