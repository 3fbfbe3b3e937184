"""Processes are drafted, published and never changed after that."""

from __future__ import annotations

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.commands import OpportunityDraft, ProcessDraft, StageDraft, StageStep
from xiaocheng.selling.pipeline.models import Process, ProcessVersion

from .deals import Deals

SIMPLE = (StageDraft("谈"), StageDraft("赢", "won"), StageDraft("输", "lost"))


def names(version: ProcessVersion) -> list[str]:
    return list(version.stages.order_by("position").values_list("name", flat=True))


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("standard", ["open"] * 6 + ["won", "after", "lost"]),
        ("short", ["open"] * 4 + ["won", "lost"]),
        ("field", ["open"] * 5 + ["won", "after", "after", "lost"]),
    ],
)
def test_the_ready_made_processes_are_installed_once_with_guidance(db: None, key: str, kinds: list[str]) -> None:
    process = commands.install_template(SYSTEM, key)
    assert commands.install_template(SYSTEM, key).pk == process.pk
    version = process.versions.get()
    assert (version.state, version.published_at is not None) == ("published", True)
    stages = list(version.stages.order_by("position"))
    assert [stage.kind for stage in stages] == kinds
    assert all(stage.steps and stage.purpose for stage in stages)
    assert all(stage.guidance and stage.expected_days and stage.idle_days for stage in stages if stage.is_open)


def test_field_sales_of_goods_go_from_the_site_to_the_reorder_by_visits(world: World) -> None:
    field = Deals(world, "field")
    row = field.opened()
    field.move(row, "outlet")
    with pytest.raises(RuleBroken, match="登门拜访"):
        field.move(row, "listing")
    commands.note_evidence(world.actor("east_rep"), row.pk, "visit", "visit:1", row.opened_at)
    for code in ("listing", "terms", "first_order"):
        field.move(row, code)
    commands.win(world.actor("east_rep"), row.pk, "样品好卖")
    field.move(row, "sell_out")
    field.move(row, "reorder")
    assert field.stage(row) == "reorder"


def test_a_published_edition_never_changes(deals: Deals) -> None:
    pk, stage = deals.version.pk, deals.stages["quote"].pk
    for attempt in (
        lambda: commands.save_stage(SYSTEM, pk, StageDraft("改名"), stage),
        lambda: commands.drop_stage(SYSTEM, pk, stage),
        lambda: commands.place_stage(SYSTEM, pk, stage, None),
        lambda: commands.edit_version(SYSTEM, pk, skip_allowed=False, back_allowed=False),
        lambda: commands.publish(SYSTEM, pk),
    ):
        with pytest.raises(RuleBroken, match="起草新版本"):
            attempt()


def test_a_new_edition_starts_as_a_copy_and_replaces_the_old_one_when_published(deals: Deals) -> None:
    old = deals.opened()
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    assert commands.draft_version(SYSTEM, deals.process.pk).pk == draft.pk
    assert (draft.number, names(draft)) == (2, names(deals.version))
    commands.save_stage(SYSTEM, draft.pk, StageDraft("试用", purpose="先用起来"))
    commands.publish(SYSTEM, draft.pk)
    assert ProcessVersion.objects.get(pk=deals.version.pk).state == "retired"
    assert names(draft)[5:8] == ["谈判", "试用", "成交"]
    fresh = deals.opened()
    assert (deals.fresh(old).version_id, fresh.version_id) == (deals.version.pk, draft.pk)


def test_stages_are_changed_placed_and_taken_out_of_a_draft(deals: Deals) -> None:
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    stages = {stage.code: stage.pk for stage in draft.stages.all()}
    commands.save_stage(SYSTEM, draft.pk, StageDraft("方案介绍", leave_fields=["amount"]), stages["introduce"])
    commands.place_stage(SYSTEM, draft.pk, stages["quote"], stages["contact"])
    commands.drop_stage(SYSTEM, draft.pk, stages["needs"])
    assert names(draft) == ["识别", "报价", "接触", "方案介绍", "谈判", "成交", "售后", "输单"]
    assert draft.stages.get(pk=stages["introduce"]).leave_fields == ["amount"]


def test_a_stage_is_placed_among_its_own_kind_and_cannot_leave_it(deals: Deals) -> None:
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    stages = {stage.code: stage.pk for stage in draft.stages.all()}
    before = names(draft)
    for moved, target in (("won", "identify"), ("lost", "contact"), ("service", "needs"), ("negotiate", "lost")):
        commands.place_stage(SYSTEM, draft.pk, stages[moved], stages[target])
        assert names(draft) == before
    commands.place_stage(SYSTEM, draft.pk, stages["contact"], stages["contact"])
    assert names(draft) == before
    commands.place_stage(SYSTEM, draft.pk, stages["identify"], None)
    assert names(draft) == [*before[1:6], "识别", *before[6:]]
    assert list(draft.stages.values_list("position", flat=True)) == list(range(1, 10))


def test_a_stage_is_placed_before_stages_of_its_own_edition_only(deals: Deals) -> None:
    draft = commands.draft_version(SYSTEM, deals.process.pk)
    stage = draft.stages.get(code="needs")
    for before in (deals.stages["identify"].pk, 10**6):
        with pytest.raises(NotFound):
            commands.place_stage(SYSTEM, draft.pk, stage.pk, before)
    with pytest.raises(NotFound):
        commands.place_stage(SYSTEM, draft.pk, deals.stages["needs"].pk, stage.pk)
    with pytest.raises(NotAllowed):
        commands.place_stage(deals.world.actor("east_manager"), draft.pk, stage.pk, None)


@pytest.mark.parametrize(
    "stages",
    [
        (StageDraft("赢", "won"), StageDraft("输", "lost")),
        (StageDraft("谈"), StageDraft("输", "lost")),
        (StageDraft("谈"), StageDraft("赢", "won"), StageDraft("又赢", "won"), StageDraft("输", "lost")),
    ],
)
def test_an_edition_without_a_way_to_win_or_lose_is_not_published(db: None, stages: tuple[StageDraft, ...]) -> None:
    process = commands.add_process(SYSTEM, ProcessDraft("不全", "partial", stages))
    with pytest.raises(RuleBroken, match="恰好"):
        commands.publish(SYSTEM, process.versions.get().pk)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (StageDraft(" "), "name"),
        (StageDraft("谈"), "name"),
        (StageDraft("新", leave_fields=["salary"]), "leave_fields"),
        (StageDraft("新", steps=[StageStep("跳舞", "dance")]), "steps"),
        (StageDraft("新", steps=[StageStep(" ")]), "steps"),
        (StageDraft("新", steps=[StageStep("一", key="a"), StageStep("二", key="a")]), "steps"),
        (StageDraft("新", steps=[StageStep("一", key="a b")]), "steps"),
    ],
)
def test_nonsense_stages_are_refused(db: None, draft: StageDraft, field: str) -> None:
    version = commands.add_process(SYSTEM, ProcessDraft("流程", "p", SIMPLE)).versions.get()
    with pytest.raises(RuleBroken) as refused:
        commands.save_stage(SYSTEM, version.pk, draft)
    assert refused.value.field == field


def test_only_who_may_manages_processes(deals: Deals) -> None:
    rep = deals.world.actor("east_rep")
    for attempt in (
        lambda: commands.install_template(rep, "short"),
        lambda: commands.add_process(rep, ProcessDraft("我的", "mine", SIMPLE)),
        lambda: commands.draft_version(rep, deals.process.pk),
        lambda: commands.publish(rep, deals.version.pk),
        lambda: commands.edit_process(rep, deals.process.pk, 1, name="x", is_active=False),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_two_processes_of_one_name_or_code_are_refused(deals: Deals) -> None:
    with pytest.raises(RuleBroken):
        commands.add_process(SYSTEM, ProcessDraft("标准销售流程", "other", SIMPLE))
    with pytest.raises(RuleBroken):
        commands.add_process(SYSTEM, ProcessDraft("别的", "standard", SIMPLE))
    other = commands.add_process(SYSTEM, ProcessDraft("别的", "other", SIMPLE))
    with pytest.raises(RuleBroken):
        commands.edit_process(SYSTEM, other.pk, 1, name="标准销售流程", is_active=True)


def test_a_customer_of_a_kind_goes_through_the_process_for_its_kind(deals: Deals) -> None:
    dealers = commands.add_process(SYSTEM, ProcessDraft("经销", "dealers", SIMPLE, customer_kind="dealer"))
    commands.publish(SYSTEM, dealers.versions.get().pk)
    rep = deals.world.actor("east_rep")
    dealer = register(rep, CustomerDraft(name="代理商", kind="dealer")).pk
    chosen = commands.open_opportunity(rep, OpportunityDraft(customer_id=dealer))
    assert chosen.version.process_id == dealers.pk
    assert deals.opened(customer_id=deals.customer()).version.process_id == deals.process.pk
    named = commands.open_opportunity(rep, OpportunityDraft(customer_id=dealer, process_id=deals.process.pk))
    assert named.version.process_id == deals.process.pk


def test_a_process_is_given_to_another_kind_of_customers_later(deals: Deals) -> None:
    short = commands.install_template(SYSTEM, "short")
    rep = deals.world.actor("east_rep")
    maker = register(rep, CustomerDraft(name="制造厂", industry="manufacturing", despite_duplicates=True)).pk
    dealer = register(rep, CustomerDraft(name="代理商", kind="dealer", despite_duplicates=True)).pk

    def begun(customer: int) -> int:
        return commands.open_opportunity(rep, OpportunityDraft(customer_id=customer)).version.process_id

    assert (begun(maker), begun(dealer)) == (deals.process.pk, deals.process.pk)
    commands.edit_process(SYSTEM, short.pk, 1, name=short.name, is_active=True, industry="manufacturing")
    assert (begun(maker), begun(dealer)) == (short.pk, deals.process.pk)
    commands.edit_process(SYSTEM, short.pk, 2, name=short.name, is_active=True, industry="", customer_kind="dealer")
    assert (begun(maker), begun(dealer)) == (deals.process.pk, short.pk)
    commands.edit_process(SYSTEM, short.pk, 3, name="改名", is_active=True)
    assert begun(dealer) == short.pk


def test_of_two_processes_for_the_same_customers_the_older_is_chosen(deals: Deals) -> None:
    older, younger = (
        commands.add_process(SYSTEM, ProcessDraft(name, code, SIMPLE, customer_kind="dealer"))
        for name, code in (("渠道", "one"), ("渠道二", "two"))
    )
    commands.publish(SYSTEM, younger.versions.get().pk)
    assert queries.chosen_instead(SYSTEM, younger) is None
    commands.publish(SYSTEM, older.versions.get().pk)
    assert queries.chosen_instead(SYSTEM, younger) == older.pk
    assert queries.chosen_instead(SYSTEM, older) is None
    dealer = register(deals.world.actor("east_rep"), CustomerDraft(name="代理商", kind="dealer")).pk
    chosen = commands.open_opportunity(deals.world.actor("east_rep"), OpportunityDraft(customer_id=dealer))
    assert chosen.version.process_id == older.pk


@pytest.mark.parametrize(("field", "value"), [("customer_kind", "nobody"), ("industry", "witchcraft")])
def test_a_process_is_for_customers_that_there_can_be(deals: Deals, field: str, value: str) -> None:
    for attempt in (
        lambda: commands.edit_process(SYSTEM, deals.process.pk, 1, name="流程", is_active=True, **{field: value}),
        lambda: commands.add_process(SYSTEM, ProcessDraft("别的", "other", SIMPLE, **{field: value})),
    ):
        with pytest.raises(RuleBroken) as refused:
            attempt()
        assert refused.value.field == field


def test_of_two_who_rename_a_process_at_once_the_second_is_shown_what_stands_now(deals: Deals) -> None:
    row = deals.process
    commands.edit_process(SYSTEM, row.pk, row.edit_version, name="直销流程", is_active=True)
    with pytest.raises(EditConflict) as refused:
        commands.edit_process(SYSTEM, row.pk, row.edit_version, name="大客户流程", is_active=True)
    assert refused.value.current["name"] == "直销流程" == Process.objects.get(pk=row.pk).name


def test_a_process_out_of_use_takes_no_new_opportunities(deals: Deals) -> None:
    commands.edit_process(SYSTEM, deals.process.pk, 1, name="旧流程", is_active=False)
    with pytest.raises(RuleBroken, match="没有正在使用"):
        deals.opened()
    assert Process.objects.get().name == "旧流程"


def test_looking_for_what_is_not_there(db: None, world: World) -> None:
    actor = world.actor("administrator")
    for attempt in (lambda: queries.process(actor, 99), lambda: queries.version(actor, 99)):
        with pytest.raises(NotFound):
            attempt()


def test_a_draft_is_discarded_and_a_process_that_was_never_published_with_it(deals: Deals) -> None:
    process = deals.version.process_id
    draft = commands.draft_version(SYSTEM, process)
    assert commands.discard_draft(SYSTEM, draft.pk) == process
    assert list(ProcessVersion.objects.filter(process=process)) == [deals.version]
    fresh = commands.add_process(SYSTEM, ProcessDraft("试一试", "try", SIMPLE))
    assert commands.discard_draft(SYSTEM, fresh.versions.get().pk) is None
    assert not Process.objects.filter(code="try").exists()
    commands.add_process(SYSTEM, ProcessDraft("试一试", "try", SIMPLE))


def test_only_a_draft_is_discarded_and_only_by_who_may(deals: Deals) -> None:
    with pytest.raises(RuleBroken):
        commands.discard_draft(SYSTEM, deals.version.pk)
    draft = commands.draft_version(SYSTEM, deals.version.process_id)
    with pytest.raises(NotAllowed):
        commands.discard_draft(deals.world.actor("east_rep"), draft.pk)
    with pytest.raises(NotFound):
        commands.discard_draft(SYSTEM, 10**6)


@pytest.mark.parametrize(
    ("field", "draft"),
    [
        ("name", StageDraft("长" * 41)),
        ("purpose", StageDraft("谈", purpose="长" * 201)),
        ("kind", StageDraft("谈", kind="nothing")),
        ("expected_days", StageDraft("谈", expected_days=-1)),
    ],
)
def test_a_stage_that_its_columns_cannot_hold_is_refused_at_its_field(
    deals: Deals, field: str, draft: StageDraft
) -> None:
    version = commands.draft_version(SYSTEM, deals.version.process_id)
    with pytest.raises(RuleBroken) as refusal:
        commands.save_stage(SYSTEM, version.pk, draft)
    assert refusal.value.field == field


def test_a_process_with_a_name_too_long_is_refused_at_its_field(deals: Deals) -> None:
    for attempt in (
        lambda: commands.add_process(SYSTEM, ProcessDraft("长" * 61, "long", SIMPLE)),
        lambda: commands.edit_process(SYSTEM, deals.version.process_id, 1, name="长" * 61, is_active=True),
    ):
        with pytest.raises(RuleBroken) as refusal:
            attempt()
        assert refusal.value.field == "name"


def test_an_unknown_template_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        commands.install_template(SYSTEM, "nonsense")
