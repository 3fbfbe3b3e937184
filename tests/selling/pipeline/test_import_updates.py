"""Opportunities are recognised by their number in a file, changed by the rules of editing, and given back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.foundation.fields.commands import FieldDraft, ViewDraft, add_field, save_view
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.models import ImportedChange, ImportJob
from xiaocheng.foundation.kernel import measures
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotAllowed
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline.models import Opportunity

pytestmark = pytest.mark.django_db
DEAL = "pipeline.opportunity"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    forget_cached()
    yield
    forget_cached()


def checked(actor: Actor, text: str, mode: str = "update", key: str = "number", name: str = "商机.csv") -> ImportJob:
    """A file of opportunities as far as its check."""

    def save(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    job = commands.upload(actor, name, save)
    if job.target != "opportunities":
        job = commands.choose(actor, job.pk, 0, "opportunities")
    job = commands.map_columns(actor, job.pk, job.columns, mode=mode, key=key)
    return commands.check(actor, job.pk, lambda rows: None)


def run(actor: Actor, job: ImportJob) -> ImportJob:
    """Write what can be written."""
    commands.ask_run(actor, job.pk, skip_problems=True)
    return commands.run(actor, job.pk, lambda rows: None)


def undone(actor: Actor, job: ImportJob) -> ImportJob:
    """Take it back."""
    commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    return queries.import_job(actor, job.pk)


def fates(job: ImportJob) -> dict[str, int]:
    """How many rows of each fate, without those that nothing has."""
    return {key: job.counts[key] for key in ("new", "changed", "same", "refused") if job.counts.get(key)}


def refusals(job: ImportJob) -> dict[int, str]:
    """What is wrong, by row."""
    return dict(job.problems.values_list("row", "sentence"))


def test_the_check_says_what_would_change_and_the_undo_gives_back_what_nobody_changed_since(deals: Deals) -> None:
    actor = deals.world.actor("administrator")
    one, two, three = (deals.opened("east_rep", name=name) for name in ("甲线", "乙线", "丙线"))
    text = "商机编号,金额,预计成交日,负责人,下一步\n"
    text += f"{one.label_number},2500,2027-03-01,赵六,\n{two.label_number},1800,,,报价\n{three.label_number},1000,,,\n"
    job = checked(actor, text + "SJ999999,5,,,\n,6,,,\n")
    assert fates(job) == {"changed": 2, "same": 1, "refused": 2}
    seen = queries.preview(actor, job)
    amount, day, owner = (seen.rows[0].cells[seen.keys.index(key)] for key in ("amount", "expected_close_on", "owner"))
    assert [(cell.before, cell.said) for cell in (amount, day, owner)] == [
        ("1000", "2500"), ("2027-01-31", "2027-03-01"), ("张三", "赵六"),
    ]  # fmt: skip
    assert [row.fate for row in seen.rows] == ["changed", "changed", "same", "refused", "refused"]
    assert refusals(job) == {5: "没有找到要更新的行,或者您无权查看它。", 6: "不能为空。请填写商机编号。"}
    assert deals.fresh(one).amount == 1000  # nothing is written yet

    job = run(actor, job)
    after = deals.fresh(one)
    assert (after.amount, after.expected_close_on, after.owner_id) == (
        2500,
        dt.date(2027, 3, 1),
        deals.world.id("east_peer"),
    )
    assert after.edit_version == one.edit_version + 1
    said = [item.sentence for item in timeline("pipeline.opportunity", one.pk)]
    assert said[:2] == ["商机交给 赵六", "修改了商机资料:金额、预计成交日"]
    assert measures.differences() == []

    pipeline.edit(actor, two.pk, deals.fresh(two).edit_version, amount=Decimal(1900))
    job = undone(actor, job)
    assert (job.state, job.counts["restored"], job.counts["kept"]) == ("undone", 2, 0)
    back = deals.fresh(one)
    assert (back.amount, back.expected_close_on, back.owner_id) == (1000, one_day(), deals.world.id("east_rep"))
    assert (deals.fresh(two).amount, deals.fresh(two).next_step) == (1900, "")


def one_day() -> dt.date:
    """The day on which the world's opportunities are expected to close."""
    return dt.date(2027, 1, 31)


def test_a_stage_a_day_that_is_over_and_a_number_are_refused_with_what_to_do(deals: Deals) -> None:
    actor = deals.world.actor("administrator")
    rows = [deals.opened("east_rep", name=f"第{n}") for n in range(4)]
    name = next(stage.name for stage in deals.stages.values() if stage.pk == rows[0].stage_id)
    other = deals.stages["won"]
    text = "商机编号,阶段,开始日期,金额\n"
    text += f"{rows[0].label_number},{name},,9\n{rows[1].label_number},{other.name},,9\n"
    text += f"{rows[2].label_number},,2020-01-01,9\n{rows[3].label_number},,,-1\n"
    job = run(actor, checked(actor, text))
    assert fates(job) == {"changed": 1, "refused": 3}
    said = refusals(job)
    assert f"现在的阶段是「{name}」" in said[3] and "商机页" in said[3]
    assert "已经发生的日期" in said[4] and "不能小于 0" in said[5]
    assert [deals.fresh(row).amount for row in rows] == [9, 1000, 1000, 1000]
    assert {deals.stage(row) for row in rows} == {deals.stage(rows[0])}


def test_who_may_not_import_old_deals_may_still_update_those_that_he_may_edit(deals: Deals) -> None:
    manager = deals.world.actor("east_manager")
    mine, hidden = deals.opened("east_rep"), deals.opened("south_rep", name="绝密项目")
    text = f"商机编号,金额,负责人\n{mine.label_number},7000,\n{hidden.label_number},7000,\n"
    job = run(manager, checked(manager, text))
    assert fates(job) == {"changed": 1, "refused": 1}
    assert refusals(job)[3] == "没有找到要更新的行,或者您无权查看它。"
    assert (deals.fresh(mine).amount, deals.fresh(hidden).amount) == (7000, 1000)
    for mode in ("new", "both"):
        with pytest.raises(NotAllowed):
            checked(manager, text.replace("金额", "阶段"), mode=mode)
    assert undone(manager, job).counts["restored"] == 1
    assert "opportunities" not in {target.key for target in queries.open_targets(deals.world.actor("east_rep"))}
    away = checked(manager, f"商机编号,负责人\n{mine.label_number},钱外人\n")
    assert fates(away) == {"refused": 1}  # nobody whom he does not see gets it
    (answer,) = pipeline.edit_many(deals.world.actor("south_rep"), [customers.Edit(mine.pk, {"amount": Decimal(1)})])
    assert answer.refusal is not None and answer.refusal.status == 404
    with pytest.raises(NotAllowed):
        pipeline.edit_many(deals.world.actor("promoter"), [])


def test_a_customer_that_was_missing_is_filled_in_and_a_closed_deal_keeps_the_one_it_has(deals: Deals) -> None:
    actor = deals.world.actor("administrator")
    deals.customer("east_rep", "乙公司")
    without, closed = deals.opened("east_rep", customer_id=None), deals.opened("east_rep", name="已输")
    pipeline.lose(deals.world.actor("east_rep"), closed.pk, reason="price")
    text = f"商机编号,客户,产品\n{without.label_number},乙公司,一号机\n{closed.label_number},乙公司,\n"
    job = run(actor, checked(actor, text))
    assert fates(job) == {"changed": 1, "refused": 1}
    assert "已关闭的商机不能换客户" in refusals(job)[3]
    assert deals.fresh(without).customer is not None
    assert measures.differences() == []
    undone(actor, job)
    assert deals.fresh(without).customer is None
    assert measures.differences() == []


def test_former_numbers_and_own_fields_are_keys_too_and_our_own_number_is_no_new_one(deals: Deals) -> None:
    actor = deals.world.actor("administrator")
    field = add_field(SYSTEM, DEAL, "text", FieldDraft(name="ERP 编号"))
    own = deals.opened("east_rep")
    text = "商机编号,阶段,负责人,金额,ERP 编号\nA-1,成交,张三,50,E1\n"
    fresh = run(actor, checked(actor, text, "new", ""))
    assert fates(fresh) == {"new": 1}
    job = run(actor, checked(actor, text.replace(",50,", ",60,") + f"{own.label_number},,张三,5,E2\n", "both"))
    assert (fates(job), refusals(job)[3]) == ({"changed": 1, "refused": 1}, "不能为空。请填写阶段。")
    job = run(actor, checked(actor, "ERP 编号,金额\nE1,70\n", "update", field.key, "ERP.csv"))
    assert fates(job) == {"changed": 1}
    assert Opportunity.objects.visible_to(SYSTEM).get(number="A-1").amount == 70
    doubled = checked(actor, f"商机编号,阶段,负责人\n{own.label_number},成交,张三\n", "new", "")
    assert fates(run(actor, doubled)) == {"refused": 1}
    assert "本系统里另一个商机的编号" in next(iter(refusals(doubled).values()))


def test_what_imports_changed_is_forgotten_with_the_person_who_is_erased(deals: Deals) -> None:
    actor = deals.world.actor("administrator")
    person = customers.register(
        SYSTEM,
        customers.CustomerDraft(name="王五", is_person=True, phone="13800138000", owner_id=deals.world.id("east_rep")),
    )
    row = deals.opened("east_rep", customer_id=person.pk)
    run(actor, checked(actor, f"商机编号,商机名称\n{row.label_number},王五家的机器\n"))
    assert ImportedChange.objects.count() == 1
    pipeline.lose(deals.world.actor("east_rep"), row.pk, reason="price")
    customers.erase(actor, [person.pk], "本人要求")
    assert not ImportedChange.objects.exists()


def test_the_list_as_it_goes_out_comes_back_in_and_changes_nothing(deals: Deals, tmp_path: Path) -> None:
    world = deals.world
    field = add_field(SYSTEM, DEAL, "url", FieldDraft(name="网址"))
    memo = add_field(SYSTEM, DEAL, "long_text", FieldDraft(name="备忘"))
    for n, name in enumerate(("=1+1 项目", "Ａ 线  改造", "丙线")):
        row = deals.opened("east_rep", name=name, next_step="打电话", next_step_on=dt.date(2027, 1, 5))
        own = {field.key: "http://a.example/x", memo.key: "第一行\n第二行"} if n else {}
        pipeline.edit(SYSTEM, row.pk, row.edit_version, custom=own, competitor="某某公司", amount=Decimal("1234.5678"))
    client = world.client("administrator")
    columns = ["number", "next_step", "next_step_on", "source", "competitor", field.key, memo.key]
    shown = ["name", "customer.name", "stage", "amount", "owner.name", "expected_close_on"]
    view = save_view(world.actor("administrator"), "pipeline:list", ViewDraft(name="往返", columns=[*shown, *columns]))
    answer = client.get(f"/opportunities/export/?view={view.pk}&state=any")
    file = tmp_path / "商机.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    actor = world.actor("administrator")
    job = commands.upload(actor, file.name, lambda path: path.write_bytes(file.read_bytes()))
    assert job.target == "opportunities"
    assert {"number", "next_step", "next_step_on", "competitor", field.key, memo.key} <= job.columns.keys()
    job = commands.map_columns(actor, job.pk, job.columns, mode="update", key="number")
    job = commands.check(actor, job.pk, lambda rows: None)
    assert (fates(job), refusals(job)) == ({"same": 3}, {})


def test_the_world_has_it(world: World) -> None:
    """The administrator may take old deals in and change them, a manager change them, a rep neither."""
    known = {key: {t.key: [*t.modes(world.actor(key))] for t in queries.open_targets(world.actor(key))} for key in
             ("administrator", "east_manager", "east_rep")}  # fmt: skip
    assert known["administrator"]["opportunities"] == ["new", "update", "both"]
    assert known["east_manager"]["opportunities"] == ["update"]
    assert known["east_rep"] == {}
