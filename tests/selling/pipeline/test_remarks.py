"""Whoever works with a process remarks on it; each remark leads to one recorded decision, perhaps to a new edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.world import World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.org.commands import PersonDraft, add_people
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.queries import notes, said
from xiaocheng.selling.customers.commands import erase
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import RemarkDraft, Verdict
from xiaocheng.selling.pipeline.models import ProcessRemark
from xiaocheng.selling.tasks.commands import finish_many
from xiaocheng.selling.tasks.queries import tasks

from .deals import Deals

TODAY = dt.date(2026, 3, 4)


@pytest.fixture(autouse=True)
def _wednesday(db: None) -> Iterator[None]:
    with clock.as_of(clock.instant(TODAY, dt.time(10))):
        yield


def remark(deals: Deals, text: str = "步骤太多", code: str = "quote", key: str = "east_rep", **more: object) -> int:
    draft = RemarkDraft(**{"kind": "slow", "text": text, **more})  # type: ignore[arg-type]
    return commands.remark(deals.world.actor(key), deals.stages[code].pk, draft).pk


def decide(deals: Deals, pk: int, decision: str, key: str = "director", **more: object) -> ProcessRemark:
    verdict = Verdict(decision, "有道理", **more)  # type: ignore[arg-type]
    return commands.decide_remark(deals.world.actor(key), pk, fresh(pk).edit_version, verdict)


def fresh(pk: int) -> ProcessRemark:
    return ProcessRemark.objects.get(pk=pk)


def todos(world: World, key: str) -> list[str]:
    return [task.title for task in tasks(world.actor(key)) if task.kind == "pipeline.remarks"]


def told(world: World, key: str) -> list[str]:
    tell(SYSTEM)
    return [said(world.actor(key), note) for note in notes(world.actor(key))]


def test_a_remark_names_stage_step_and_kind_and_waits(deals: Deals) -> None:
    row = fresh(remark(deals, step=deals.stages["quote"].checklist[0].text))
    assert (row.stage.code, row.step, row.kind, row.state) == (
        "quote",
        deals.stages["quote"].checklist[0].text,
        "slow",
        "open",
    )
    assert queries.waiting_by_stage(SYSTEM, deals.process.pk) == {"quote": 1}
    rep, quote = deals.world.actor("east_rep"), deals.stages["quote"].pk
    for draft in (RemarkDraft("slow", " "), RemarkDraft("nonsense", "慢"), RemarkDraft("slow", "长" * 1001)):
        with pytest.raises(RuleBroken):
            commands.remark(rep, quote, draft)
    with pytest.raises(NotAllowed):
        commands.remark(deals.world.actor("promoter"), quote, RemarkDraft("slow", "慢"))
    draft_stage = commands.draft_version(SYSTEM, deals.process.pk).stages.first()
    with pytest.raises(NotFound):
        commands.remark(rep, draft_stage.pk, RemarkDraft("slow", "慢"))  # type: ignore[union-attr]


def test_the_deal_behind_is_one_in_sight_and_shows_to_whoever_sees_it(deals: Deals) -> None:
    row, world = deals.opened(), deals.world
    pk = remark(deals, opportunity_id=row.pk)
    seen = {key: queries.deal_of_remark(world.actor(key), fresh(pk)) for key in ("east_manager", "south_rep")}
    assert seen == {"east_manager": row, "south_rep": None}
    assert "提了意见:步骤太多" in timeline("pipeline.opportunity", row.pk)[0].sentence
    with pytest.raises(NotFound):
        remark(deals, key="south_rep", opportunity_id=row.pk)
    other = commands.install_template(SYSTEM, "short").versions.get().stages.first()
    with pytest.raises(RuleBroken, match="不在这个流程"):
        commands.remark(world.actor("east_rep"), other.pk, RemarkDraft("slow", "慢", opportunity_id=row.pk))


def test_colleagues_support_it_once_each_and_never_their_own(deals: Deals) -> None:
    pk, world = remark(deals), deals.world
    for key in ("east_peer", "east_peer", "south_rep"):
        commands.support_remark(world.actor(key), pk)
    with pytest.raises(RuleBroken, match="自己"):
        commands.support_remark(world.actor("east_rep"), pk)
    assert queries.supporters(SYSTEM, pk) == ["赵六", "钱外人"]
    commands.take_back_support(world.actor("south_rep"), pk)
    row = queries.remarks(world.actor("east_peer"), "mine").get()
    assert (row.support, row.is_mine) == (1, True)  # type: ignore[attr-defined]
    assert not queries.remarks(world.actor("south_rep"), "mine").exists()
    decide(deals, pk, "declined")
    with pytest.raises(RuleBroken, match="已经有了决定"):
        commands.support_remark(world.actor("south_rep"), pk)


def test_those_who_keep_the_process_get_one_todo_and_one_note_a_day(deals: Deals) -> None:
    world = deals.world
    first, second = remark(deals), remark(deals, "没必要", "needs", "south_rep")
    for key in ("director", "administrator"):
        assert todos(world, key) == ["流程「标准销售流程」有意见等您决定"]
        assert told(world, key) == ["张三 对流程「标准销售流程」提了意见,等您决定的共 1 条"]
    assert todos(world, "east_manager") == [] and told(world, "east_manager") == []
    decide(deals, second, "declined")
    assert len(todos(world, "director")) == 1
    decide(deals, first, "declined")
    assert todos(world, "director") == todos(world, "administrator") == []
    with clock.as_of(clock.instant(TODAY + dt.timedelta(days=1), dt.time(9))):
        remark(deals, "又一条")
        assert len(todos(world, "director")) == 1
        assert told(world, "director")[0] == "张三 对流程「标准销售流程」提了意见,等您决定的共 1 条"


def test_a_todo_that_was_ticked_off_comes_again_only_with_another_remark_to_decide_first(deals: Deals) -> None:
    world, first = deals.world, remark(deals)
    mine = [task.pk for task in tasks(world.actor("director"))]
    finish_many(world.actor("director"), mine)
    remark(deals, "第二条")
    assert todos(world, "director") == []
    decide(deals, first, "declined", "administrator")
    assert len(todos(world, "director")) == 1


def test_one_who_keeps_the_process_decides_with_a_reason_and_the_others_do_not(deals: Deals) -> None:
    pk, world = remark(deals), deals.world
    commands.support_remark(world.actor("east_peer"), pk)
    for key in ("east_rep", "east_manager"):
        with pytest.raises(NotAllowed):
            decide(deals, pk, "declined", key)
    director = world.actor("director")
    for verdict in (
        Verdict("declined", " "), Verdict("nonsense", "好"), Verdict("open", "好"), Verdict("later", "好"),
        Verdict("later", "好", until=TODAY), Verdict("taken_up", "好", version_id=999_999),
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            commands.decide_remark(director, pk, 1, verdict)
    assert fresh(pk).state == "open"
    decide(deals, pk, "declined")
    row = fresh(pk)
    assert (row.state, row.reason, row.decided_by_id) == ("declined", "有道理", world.id("director"))
    for key in ("east_rep", "east_peer"):
        assert told(world, key) == ["陈总监 答复了您提出或附议的意见:「标准销售流程」的「报价」"]
    assert told(world, "south_rep") == []
    assert "「不采纳」:有道理" in timeline("pipeline.processremark", pk)[0].sentence


def test_of_two_who_decide_at_once_one_decides(deals: Deals) -> None:
    pk, world = remark(deals), deals.world
    commands.decide_remark(world.actor("director"), pk, 1, Verdict("later", "年底再看", until=dt.date(2026, 12, 1)))
    with pytest.raises(EditConflict):
        commands.decide_remark(world.actor("administrator"), pk, 1, Verdict("declined", "不用"))
    assert (fresh(pk).state, fresh(pk).reason) == ("later", "年底再看")


def test_what_was_taken_up_is_realised_with_its_edition_and_the_author_is_told_again(deals: Deals) -> None:
    pk, world = remark(deals), deals.world
    row = decide(deals, pk, "taken_up")
    draft = row.version
    assert draft is not None and (draft.state, draft.number, row.realised_at) == ("draft", 2, None)
    assert decide(deals, remark(deals, "第二条"), "taken_up").version_id == draft.pk
    assert [item.text for item in queries.remarks_of_edition(SYSTEM, draft.pk)] == ["步骤太多", "第二条"]
    commands.publish(world.actor("director"), draft.pk)
    assert fresh(pk).realised_at is not None
    assert "您提出或附议的 2 条意见已在流程「标准销售流程」第 2 版中实现" in told(world, "east_rep")
    in_use = remark(deals, "第三条")
    assert decide(deals, in_use, "taken_up", version_id=draft.pk).realised_at is not None


def test_a_draft_that_is_thrown_away_lets_its_remarks_wait_again(deals: Deals) -> None:
    pk, world = remark(deals), deals.world
    draft = decide(deals, pk, "taken_up").version
    assert todos(world, "director") == [] and draft is not None
    commands.discard_draft(world.actor("director"), draft.pk)
    assert (fresh(pk).state, fresh(pk).version_id) == ("open", None)
    assert len(todos(world, "administrator")) == 1
    decide(deals, pk, "declined")
    assert fresh(pk).state == "declined"


def test_what_was_put_off_waits_again_on_its_day(deals: Deals) -> None:
    pk, world, day = remark(deals), deals.world, dt.date(2026, 3, 10)
    decide(deals, pk, "later", until=day)
    assert commands.remind_of_remarks(SYSTEM, day - dt.timedelta(days=1)) == 0
    with clock.as_of(clock.instant(day, dt.time(7, 30))):
        assert [commands.remind_of_remarks(SYSTEM, day) for _twice in range(2)] == [1, 0]
        assert (fresh(pk).state, len(todos(world, "director"))) == ("open", 1)
        assert told(world, "director")[0] == "流程「标准销售流程」的一条意见又等您决定"


def test_remarks_stay_with_their_stage_code_through_editions(deals: Deals) -> None:
    remark(deals)
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    commands.publish(SYSTEM, draft.pk)
    commands.remark(
        deals.world.actor("east_rep"), draft.stages.get(code="quote").pk, RemarkDraft("missing", "缺报价模板")
    )
    assert queries.waiting_by_stage(SYSTEM, deals.process.pk) == {"quote": 2}


def test_remarks_about_deals_of_an_erased_person_lose_their_words(world: World, deals: Deals) -> None:
    row = deals.opened("south_rep")
    pk = remark(deals, "王总说报价慢", key="south_rep", opportunity_id=row.pk)
    decide(deals, pk, "declined")
    commands.lose(world.actor("south_rep"), row.pk, "price")
    Customer.objects.visible_to(SYSTEM).filter(pk=row.customer_id).update(is_person=True)
    assert erase(world.actor("administrator"), [row.customer_id or 0], "本人要求")[0].refusal is None
    assert (fresh(pk).text, fresh(pk).reason, fresh(pk).state) == ("—", "—", "declined")
    assert not queries.remarks(SYSTEM, search="王总").exists()


def test_somebody_who_joins_later_gets_the_next_todo(deals: Deals) -> None:
    first, world = remark(deals), deals.world
    role, unit = world.role_ids["director"], world.department_ids["head_office"]
    [newcomer] = add_people(SYSTEM, [PersonDraft(username="new", name="新总监", department_id=unit, role_id=role)])
    remark(deals, "第二条")
    decide(deals, first, "declined")
    assert [item.person_id for item in tasks(SYSTEM, "team") if item.person_id == newcomer.pk] == [newcomer.pk]


def test_the_author_says_his_remark_otherwise_until_anything_was_decided(deals: Deals) -> None:
    world, pk = deals.world, remark(deals, "太曼")
    rep, step = world.actor("east_rep"), deals.stages["quote"].checklist[0].text
    draft = RemarkDraft("unclear", "太慢", step)
    row = commands.edit_remark(rep, pk, 1, draft)
    assert (row.kind, row.text, row.step, row.edit_version, row.state) == ("unclear", "太慢", step, 2, "open")
    assert [found.pk for found in queries.remarks(rep, "all", "太慢")] == [pk]
    assert not queries.remarks(rep, "all", "太曼").exists()
    assert "修改了这条流程意见:太慢" in [entry.sentence for entry in timeline("pipeline.processremark", pk)]
    with pytest.raises(EditConflict):
        commands.edit_remark(rep, pk, 1, draft)
    for wrong in (RemarkDraft("slow", " "), RemarkDraft("nonsense", "慢"), RemarkDraft("slow", "长" * 1001)):
        with pytest.raises(RuleBroken):
            commands.edit_remark(rep, pk, 2, wrong)
    for other in ("shanghai_rep", "east_manager", "director"):
        with pytest.raises(RuleBroken, match="由提的人"):
            commands.edit_remark(world.actor(other), pk, 2, draft)
        with pytest.raises(RuleBroken, match="由提的人"):
            commands.withdraw_remark(world.actor(other), pk)
    with pytest.raises(NotFound):
        commands.edit_remark(rep, 999_999, 1, draft)
    assert fresh(pk).text == "太慢"


@pytest.mark.parametrize("decision", ["declined", "later", "taken_up"])
def test_what_was_decided_is_neither_edited_nor_withdrawn_even_when_it_waits_again(deals: Deals, decision: str) -> None:
    pk, rep = remark(deals), deals.world.actor("east_rep")
    tomorrow = TODAY + dt.timedelta(days=1)
    row = decide(deals, pk, decision, until=tomorrow if decision == "later" else None)
    if decision == "later":
        with clock.as_of(clock.instant(tomorrow)):
            assert commands.remind_of_remarks(SYSTEM, tomorrow) == 1
    for act in (
        lambda: commands.edit_remark(rep, pk, row.edit_version, RemarkDraft("slow", "别的")),
        lambda: commands.withdraw_remark(rep, pk),
    ):
        with pytest.raises(RuleBroken, match="已经有了决定"):
            act()
    assert fresh(pk).text == "步骤太多"


def test_a_withdrawn_remark_waits_no_more_and_stays_readable(deals: Deals) -> None:
    world, pk = deals.world, remark(deals)
    commands.support_remark(world.actor("south_rep"), pk)
    assert todos(world, "director")
    row = commands.withdraw_remark(world.actor("east_rep"), pk)
    assert row.state == "withdrawn" and not todos(world, "director")
    assert queries.waiting_by_stage(SYSTEM, deals.process.pk) == {}
    assert [found.pk for found in queries.remarks(world.actor("south_rep"), "mine")] == [pk]
    assert not queries.remarks(SYSTEM, "open").exists() and not queries.remarks(SYSTEM, "decided").exists()
    for act in (
        lambda: decide(deals, pk, "declined"),
        lambda: commands.support_remark(world.actor("shanghai_rep"), pk),
        lambda: commands.withdraw_remark(world.actor("east_rep"), pk),
        lambda: commands.edit_remark(world.actor("east_rep"), pk, fresh(pk).edit_version, RemarkDraft("slow", "慢")),
    ):
        with pytest.raises(RuleBroken, match="已经撤回"):
            act()


def test_who_decides_about_words_that_were_changed_meanwhile_is_told_so(deals: Deals) -> None:
    pk = remark(deals)
    commands.edit_remark(deals.world.actor("east_rep"), pk, 1, RemarkDraft("slow", "其实是审批太慢"))
    with pytest.raises(EditConflict):
        commands.decide_remark(deals.world.actor("director"), pk, 1, Verdict("declined", "不是"))


def test_an_edit_does_not_push_a_second_to_do(deals: Deals) -> None:
    pk = remark(deals)
    commands.edit_remark(deals.world.actor("east_rep"), pk, 1, RemarkDraft("slow", "慢"))
    remark(deals, "还有一条", key="south_rep")
    assert len(todos(deals.world, "director")) == 1
