"""One value of an option list is merged into another: nothing carries or names the former one any more."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import translation

from tests.support.places import places_of
from tests.support.threads import at_once
from tests.world import World, make_world
from xiaocheng.foundation.fields import jobs, queries
from xiaocheng.foundation.fields.commands import (
    FieldDraft,
    OptionDraft,
    ViewDraft,
    add_field,
    add_option,
    edit_option,
    merge_late,
    merge_options,
    raise_option,
    save_view,
)
from xiaocheng.foundation.fields.conditions import ALL, Condition, Rule
from xiaocheng.foundation.fields.holders import holders
from xiaocheng.foundation.fields.lists import option_lists
from xiaocheng.foundation.fields.models import Option, SavedView
from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.fields.queries.merging import merge_of
from xiaocheng.foundation.import_export import commands as imports
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.bulk import RowMaker, in_sets, insert_many
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.jobs import Progress
from xiaocheng.foundation.kernel.journal import read_entries, timeline
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.insight.models import OfferStageMonth
from xiaocheng.insight.rollups import differences
from xiaocheng.insight.rules import ValueRules
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, GroupDraft
from xiaocheng.selling.customers.first_contact import FirstContactRules
from xiaocheng.selling.customers.models import Customer, CustomerGroup, CustomerMerge, Pool
from xiaocheng.selling.customers.profile_events import PROFILE_EVENTS
from xiaocheng.selling.customers.queries import members
from xiaocheng.selling.expenses.commands import ExpenseDraft, record_expense
from xiaocheng.selling.fieldwork.commands import RequestDraft, ask_attendance
from xiaocheng.selling.pipeline import commands as pipeline
from xiaocheng.selling.pipeline.commands import (
    OpportunityDraft,
    ProcessDraft,
    RemarkDraft,
    StageDraft,
    StageStep,
    TacticDraft,
)
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.service.commands import ComplaintDraft, raise_complaint
from xiaocheng.selling.trade.commands import ReceiptDraft, enter_receipt

SOURCE, LEVEL, INDUSTRY, REASON = "customers.source", "customers.level", "customers.industry", "pipeline.lost_reason"
CUSTOMER, CONTACT, DEAL = "customers.customer", "customers.contact", "pipeline.opportunity"
TODAY, LAST_YEAR = dt.date(2026, 3, 4), dt.datetime(2025, 11, 5, 4, tzinfo=dt.UTC)
NOON = dt.datetime(2026, 3, 4, 4, tzinfo=dt.UTC)
# where a former code may stand: the list, which knows it by its name, and what is told of former days
KEPT = {"fields.Option.code", "kernel.JournalEntry.data", "kernel.JournalEntry.personal"}


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, db: None) -> Iterator[None]:
    monkeypatch.setattr(jobs, "FRESH_SECONDS", 0)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    forget_cached()
    with clock.as_of(NOON):
        yield
    forget_cached()


class Lists:
    """Of each list a value of the company's own that is to go, and one that stays."""

    def __init__(self, world: World) -> None:
        self.office = world.actor("administrator")
        self.fields = {table: add_field(SYSTEM, table, "one", FieldDraft(name=f"种类{table}", is_filter=True))
                       for table in (CUSTOMER, CONTACT, DEAL)}  # fmt: skip
        self.several = add_field(SYSTEM, CUSTOMER, "several", FieldDraft(name="爱好", is_filter=True))
        own = [f"field.{row.pk}" for row in (*self.fields.values(), self.several)]
        self.keys = [*(item.key for item in option_lists()), *own]
        self.gone = {key: add_option(SYSTEM, key, "旧展会").code for key in self.keys}
        self.stays = {key: add_option(SYSTEM, key, "展览会").code for key in self.keys}

    def merge(self, key: str = SOURCE) -> dict[str, int]:
        return merge_options(self.office, key, self.gone[key], self.stays[key])


@pytest.fixture
def lists(world: World) -> Lists:
    return Lists(world)


def deal(world: World, **said: Any) -> Opportunity:
    return pipeline.open_opportunity(
        world.actor("east_rep"), OpportunityDraft(name="机会", amount=Decimal(100), **said)
    )


def upload(actor: Any, text: str) -> Any:
    return imports.upload(actor, "客户.csv", lambda path: path.write_text(text, encoding="utf-8"))


def run(actor: Any, job: Any) -> Any:
    imports.ask_run(actor, job.pk, skip_problems=True)
    return imports.run(actor, job.pk, lambda rows: None)


def fill(world: World, lists: Lists) -> dict[str, Any]:
    """The former value wherever one can stand: in each place that somebody declared."""
    rep, office, gone = world.actor("east_rep"), lists.office, lists.gone
    coded = {name: gone[f"customers.{name}"] for name in ("level", "source", "channel", "region", "industry")}
    own = {table: {row.key: gone[f"field.{row.pk}"]} for table, row in lists.fields.items()}
    own[CUSTOMER][lists.several.key] = [gone[f"field.{lists.several.pk}"]]
    first = customers.register(rep, CustomerDraft(name="甲公司", custom=own[CUSTOMER], **coded))
    same = customers.register(rep, CustomerDraft(name="甲公司二", custom=own[CUSTOMER], **coded))
    customers.merge(world.actor("director"), first.pk, same.pk)
    customers.add_contact(rep, ContactDraft(customer_id=first.pk, name="王五", custom=own[CONTACT]))
    left = customers.register(rep, CustomerDraft(name="乙公司"))
    customers.release(rep, left.pk, gone["customers.release_reason"])
    raise_complaint(
        rep,
        ComplaintDraft(
            customer_id=first.pk, kind=gone["service.complaint_kind"], severity="normal", description="旧展会的"
        ),
    )
    record_expense(rep, ExpenseDraft(spent_on=clock.today(), kind=gone["expenses.kind"], amount=Decimal(5)))
    ask_attendance(
        rep,
        RequestDraft(kind="leave", leave_kind=gone["fieldwork.leave_kind"], reason="家里有事", first_on=clock.today()),
    )
    enter_receipt(
        rep,
        ReceiptDraft(customer_id=first.pk, received_on=clock.today(), amount=Decimal(5), means=gone["trade.means"]),
    )
    stages = [
        StageDraft("谈", code="talk", steps=[StageStep("谈过", gone["pipeline.evidence"], is_required=True)]),
        StageDraft("签", code="sign"),
        StageDraft("成", "won", code="won"),
        StageDraft("输", "lost", code="lost"),
    ]
    process = pipeline.add_process(SYSTEM, ProcessDraft("旧流程", "old", stages, industry=gone[INDUSTRY]))
    pipeline.publish(SYSTEM, process.versions.get().pk)
    there = {stage.code: stage.pk for stage in Stage.objects.filter(version__process=process)}
    lost, moved = (
        deal(world, process_id=process.pk, source=gone[SOURCE], custom=own[DEAL], customer_id=first.pk) for _n in "ab"
    )
    pipeline.lose(rep, lost.pk, gone[REASON])
    won = deal(world, process_id=process.pk, source=gone[SOURCE], customer_id=first.pk)
    pipeline.win(world.actor("director"), won.pk, "价格", bypass=True, tactic=TacticDraft("先报价"))
    pipeline.remark(rep, there["talk"], RemarkDraft(gone["pipeline.remark_kind"], "太慢"))
    pipeline.move(world.actor("director"), moved.pk, there["sign"], reason="急", bypass=True)
    for kind in (gone["pipeline.evidence"], lists.stays["pipeline.evidence"]):  # both by the same proof
        pipeline.note_evidence(SYSTEM, moved.pk, kind, "same", NOON)
    pipeline.note_evidence(SYSTEM, lost.pk, gone["pipeline.evidence"], "one", NOON)
    own_rule = Condition(lists.several.key, "is", (gone[f"field.{lists.several.pk}"],))
    rule = Rule(ALL, ((Condition("source", "is", (gone[SOURCE],)), own_rule),))
    group = customers.add_group(rep, GroupDraft(name="展会来的", rule=rule))
    pool = customers.add_pool(
        office, "大客户", is_claimable=True, is_open=True, feed={"level": [gone[LEVEL]], "source": [gone[SOURCE]]}
    )
    query = f"source={gone[SOURCE]}&level=A&{lists.fields[CUSTOMER].key}={gone[f'field.{lists.fields[CUSTOMER].pk}']}"
    view = save_view(rep, "customers:list", ViewDraft(name="展会", query=query))
    save_view(rep, "pipeline:list", ViewDraft(name="展会", query=f"source={gone[SOURCE]}"))
    change_rule(SYSTEM, "FirstContactRules.by_level", f"A=5, {gone[LEVEL]}=10", clock.today())
    change_rule(SYSTEM, "FirstContactRules.then_by_level", f"{gone[LEVEL]}=pool", clock.today())
    change_rule(SYSTEM, "FieldworkRules.revisit_by_level", f"{gone[LEVEL]}=7", clock.today())
    change_rule(SYSTEM, "ValueRules.score_by_industry", "旧展会: 产品数=50, 毛利=50; 制造: 毛利=100", clock.today())
    job = upload(office, "客户名称,来源,级别\n甲公司,会,旧展会\n")
    job = imports.map_columns(office, job.pk, job.columns, mode="update", key="name")
    job = imports.map_values(office, job.pk, {"source": {"会": gone[SOURCE]}})
    Customer.rows.filter(pk=first.pk).update(source="", level="A")
    run(office, imports.check(office, job.pk, lambda rows: None))
    return {"first": first, "same": same, "group": group, "pool": pool, "view": view, "job": job, "lost": lost}


def test_after_a_merge_no_table_holds_the_former_code_and_no_declared_place_went_untried(
    world: World, lists: Lists
) -> None:
    fill(world, lists)
    merges = {key: merge_of(lists.office, key, lists.gone[key], lists.stays[key]) for key in lists.keys}
    untried = [
        (place.model, place.columns) for place in holders() if not any(place.count(each) for each in merges.values())
    ]
    assert untried == []
    for key in lists.keys:
        told = queries.merge_preview(lists.office, key, lists.gone[key], lists.stays[key])
        done = lists.merge(key)
        assert sum(told.counts.values()) == sum(done.values()) > 0, key
    left = {place for code in lists.gone.values() for place in places_of(code)}
    assert {place for place in left if place not in KEPT and place.rpartition(".")[0] not in KEPT} == set()
    assert differences() == []


def test_a_code_in_a_column_that_nobody_declared_would_be_found(world: World, lists: Lists) -> None:
    row = customers.register(world.actor("east_rep"), CustomerDraft(name="甲公司", needs=lists.gone[SOURCE]))
    lists.merge()
    assert "customers.Customer.needs" in set(places_of(lists.gone[SOURCE]))
    assert row.needs == lists.gone[SOURCE]


def test_the_former_value_is_no_choice_any_more_but_its_name_stays_known(world: World, lists: Lists) -> None:
    rep, gone, stays = world.actor("east_rep"), lists.gone[SOURCE], lists.stays[SOURCE]
    row = customers.register(rep, CustomerDraft(name="甲公司", source="partner"))
    customers.edit(rep, row.pk, 1, source=gone)
    edit_option(lists.office, SOURCE, gone, 1, OptionDraft(name="旧展会", name_en="Old fair", is_default=True))
    lists.merge()
    assert gone not in dict(queries.choices(SOURCE))
    assert [item.code for item in queries.standing(SOURCE)].count(gone) == 0
    assert queries.default_of(SOURCE) == stays  # new records begin with what took its place
    assert queries.resolved(SOURCE, gone) == stays
    said = [
        change for item in timeline("customers.customer", row.pk, open_to=PROFILE_EVENTS) for change in item.changes
    ]
    assert [(each.before, each.after) for each in said if each.name == "来源"] == [("合作伙伴", "旧展会")]
    with translation.override("en"):
        assert queries.names(SOURCE)[gone] == "Old fair"
    with pytest.raises(NotFound):
        edit_option(lists.office, SOURCE, gone, 3, OptionDraft(name="再用"))
    with pytest.raises(NotFound):
        raise_option(lists.office, SOURCE, gone)
    with pytest.raises(RuleBroken):  # its name means the other value
        add_option(lists.office, SOURCE, "旧展会")
    assert add_option(lists.office, SOURCE, "旧 展会").code != gone


def test_who_still_says_the_former_code_means_the_other_value(world: World, lists: Lists) -> None:
    rep, gone, stays = world.actor("east_rep"), lists.gone, lists.stays
    pipeline.install_template(SYSTEM, "standard")
    own, several = lists.fields[CUSTOMER], lists.several
    older = customers.register(rep, CustomerDraft(name="乙公司", source=gone[SOURCE]))
    for key in lists.keys:
        lists.merge(key)
    both = [gone[f"field.{several.pk}"], stays[f"field.{several.pk}"]]
    said = {own.key: gone[f"field.{own.pk}"], several.key: both}
    row = customers.register(rep, CustomerDraft(name="甲公司", source=gone[SOURCE], level=gone[LEVEL], custom=said))
    assert (row.source, row.level) == (stays[SOURCE], stays[LEVEL])
    assert row.custom == {own.key: stays[f"field.{own.pk}"], several.key: [stays[f"field.{several.pk}"]]}
    # what somebody read before the merge he may send back after it
    assert customers.edit(rep, older.pk, 1, source=gone[SOURCE], needs="要一台").source == stays[SOURCE]
    sold = deal(world, source=gone[SOURCE], customer_id=row.pk)
    assert sold.source == stays[SOURCE]
    sold = pipeline.edit(rep, sold.pk, sold.edit_version, source=gone[SOURCE], name="改名")
    assert (sold.source, sold.name) == (stays[SOURCE], "改名")
    assert pipeline.lose(rep, sold.pk, gone[REASON]).close_reason == stays[REASON]
    customers.release(rep, row.pk, gone["customers.release_reason"])


def test_a_group_holds_whom_it_held_and_a_saved_view_shows_what_it_showed(world: World, lists: Lists) -> None:
    rep, gone, stays = world.actor("east_rep"), lists.gone[SOURCE], lists.stays[SOURCE]
    for name, source in (("甲", gone), ("乙", stays), ("丙", "partner")):
        customers.register(rep, CustomerDraft(name=name, source=source))
    asked = {"两者": ("is", (gone, stays)), "其余": ("is_not", (gone, stays)), "旧的": ("is", (gone,))}
    groups = {
        name: customers.add_group(rep, GroupDraft(name=name, rule=Rule(ALL, ((Condition("source", *test),),))))
        for name, test in asked.items()
    }
    view = save_view(rep, "customers:list", ViewDraft(name="展会", query=f"source={gone}&sort=name"))
    held = {name: {row.name for row in members(rep, group)} for name, group in groups.items()}
    lists.merge()
    after = {
        name: {row.name for row in members(rep, CustomerGroup.objects.get(pk=group.pk))}
        for name, group in groups.items()
    }
    assert (after["两者"], after["其余"]) == (held["两者"], held["其余"]) == ({"甲", "乙"}, {"丙"})
    assert (held["旧的"], after["旧的"]) == ({"甲"}, {"甲", "乙"})  # who asked for the one asks for both now
    assert (
        CustomerGroup.objects.get(pk=groups["两者"].pk).rule
        == Rule(ALL, ((Condition("source", "is", (stays,)),),)).kept()
    )
    assert SavedView.objects.get(pk=view.pk).query == f"source={stays}&sort=name"


def test_what_is_counted_by_source_is_added_up_and_equals_the_facts_closed_months_too(
    world: World, lists: Lists
) -> None:
    pipeline.install_template(SYSTEM, "standard")
    for source, at in ((lists.gone[SOURCE], NOON), (lists.stays[SOURCE], NOON), (lists.gone[SOURCE], LAST_YEAR)):
        with clock.as_of(at):
            sold = deal(world, source=source)
            pipeline.lose(world.actor("east_rep"), sold.pk, "price")
    change_rule(SYSTEM, "PeriodRules.closed_through", "2026-02-28", clock.today())
    before = OfferStageMonth.objects.filter(department_id=0).aggregate(lost=Sum("deals_lost"))
    lists.merge()
    assert differences() == []
    cells = OfferStageMonth.objects.filter(department_id=0)
    assert cells.aggregate(lost=Sum("deals_lost")) == before
    assert set(cells.values_list("source", flat=True)) == {lists.stays[SOURCE]}
    assert set(Closing.objects.visible_to(SYSTEM).values_list("source", flat=True)) == {lists.stays[SOURCE]}
    assert merge_late(lists.office, SOURCE, lists.gone[SOURCE]) == {}
    assert differences() == []


def test_reasons_of_losses_go_along_with_their_closings(world: World, lists: Lists) -> None:
    pipeline.install_template(SYSTEM, "standard")
    lost = deal(world)
    pipeline.lose(world.actor("east_rep"), lost.pk, lists.gone[REASON])
    assert lists.merge(REASON) == {"pipeline.Closing": 1, "pipeline.Opportunity": 1}
    assert Closing.objects.visible_to(SYSTEM).get(opportunity=lost).reason == lists.stays[REASON]
    assert differences() == []


def test_a_file_that_says_the_former_name_lands_on_the_value_that_took_its_place(world: World, lists: Lists) -> None:
    lists.merge()
    several = lists.merge(f"field.{lists.several.pk}")
    assert several == {}  # nobody had it
    job = run(lists.office, imports.check(lists.office, upload(lists.office, FILE).pk, lambda rows: None))
    assert (job.counts["new"], job.counts["refused"]) == (3, 0)
    rows = Customer.objects.visible_to(lists.office)
    assert set(rows.values_list("source", flat=True)) == {lists.stays[SOURCE]}
    first = rows.get(name="甲公司")
    assert first.custom == {lists.several.key: [lists.stays[f"field.{lists.several.pk}"]]}
    assert "旧展会" not in dict(queries.choices(SOURCE)).values()  # nothing was added


FILE = "客户名称,来源,爱好\n甲公司,旧展会,旧展会、展览会\n乙公司,jiuzhanhui,\n丙公司,展览会,\n"


def test_a_waiting_import_means_the_other_value_and_an_undone_one_gives_it_back(world: World, lists: Lists) -> None:
    gone, stays = lists.gone[SOURCE], lists.stays[SOURCE]
    row = customers.register(SYSTEM, CustomerDraft(name="甲公司", owner_id=world.id("east_rep"), source=gone))
    done = upload(lists.office, "客户名称,来源\n甲公司,合作伙伴\n")
    done = imports.map_columns(lists.office, done.pk, done.columns, mode="update", key="name")
    done = run(lists.office, imports.check(lists.office, done.pk, lambda rows: None))
    waiting = upload(lists.office, "客户名称,来源,级别\n乙公司,会,\n")
    waiting = imports.map_values(lists.office, waiting.pk, {"source": {"会": gone}})
    waiting = imports.check(lists.office, waiting.pk, lambda rows: None)
    lists.merge()
    run(lists.office, waiting)
    assert Customer.objects.visible_to(SYSTEM).get(name="乙公司").source == stays
    imports.ask_undo(lists.office, done.pk)
    imports.undo(lists.office, done.pk)
    assert Customer.objects.visible_to(SYSTEM).get(pk=row.pk).source == stays


def test_a_customer_that_comes_back_from_a_merge_brings_the_other_value(world: World, lists: Lists) -> None:
    made = fill(world, lists)
    for key in lists.keys:
        lists.merge(key)
    merge_id = CustomerMerge.rows.get(merged_id=made["same"].pk).pk
    customers.undo_merge(world.actor("director"), merge_id)
    back = Customer.objects.visible_to(SYSTEM).get(pk=made["same"].pk)
    assert (back.source, back.level) == (lists.stays[SOURCE], lists.stays[LEVEL])
    assert set(back.custom) == {lists.fields[CUSTOMER].key, lists.several.key}
    assert back.custom[lists.several.key] == [lists.stays[f"field.{lists.several.pk}"]]


def test_rules_and_pools_name_the_other_value_unless_they_do_so_already(world: World, lists: Lists) -> None:
    made = fill(world, lists)
    both = f"{lists.gone[LEVEL]}=pool, {lists.stays[LEVEL]}=turn"
    change_rule(SYSTEM, "FirstContactRules.then_by_level", both, TODAY)
    for key in lists.keys:
        lists.merge(key)
    limits, worth = rules(FirstContactRules, TODAY), rules(ValueRules, TODAY)
    assert limits.by_level == f"A=5, {lists.stays[LEVEL]}=10"
    assert limits.then_by_level == f"{lists.stays[LEVEL]}=turn"
    assert worth.score_by_industry == "展览会: 产品数=50, 毛利=50; 制造: 毛利=100"
    fed = Pool.objects.get(pk=made["pool"].pk).fed_by
    assert fed == {"level": [lists.stays[LEVEL]], "source": [lists.stays[SOURCE]]}


def test_what_others_saved_meanwhile_is_taken_along(world: World, lists: Lists) -> None:
    """Another process knows of the merge some seconds later; the job that follows each merge finds what it wrote."""
    lists.merge()
    late = customers.register(world.actor("east_rep"), CustomerDraft(name="甲公司"))
    Customer.rows.filter(pk=late.pk).update(source=lists.gone[SOURCE])
    third = add_option(SYSTEM, SOURCE, "会展").code
    merge_options(lists.office, SOURCE, lists.stays[SOURCE], third)
    assert queries.resolved(SOURCE, lists.gone[SOURCE]) == third  # what was merged before goes along
    assert jobs.merged(lists.office, Progress(0), SOURCE, lists.gone[SOURCE]) == {"rows": 1}
    assert Customer.rows.get(pk=late.pk).source == third
    assert merge_late(lists.office, SOURCE, "partner") == {}  # which nobody merged
    with pytest.raises(NotAllowed):
        merge_late(world.actor("director"), SOURCE, lists.gone[SOURCE])


def test_the_journal_says_what_went_where_with_how_many(world: World, lists: Lists) -> None:
    customers.register(world.actor("east_rep"), CustomerDraft(name="甲公司", source=lists.gone[SOURCE]))
    lists.merge()
    entry = JournalEntry.objects.get(kind="fields.OptionsMerged")
    assert (entry.data["code"], entry.data["into"]) == (lists.gone[SOURCE], lists.stays[SOURCE])
    [item] = read_entries([entry])
    assert item.sentence == "在选项列表「客户来源」中把「旧展会」(jiuzhanhui)并入了「展览会」:客户 1"


@pytest.mark.parametrize(
    ("key", "gone", "stays"),
    [
        (SOURCE, "reception", "other"),  # by which the product acts
        (REASON, "invalid", "other"),
        (REASON, "other", "invalid"),  # which is out of every rate
        (SOURCE, "other", "other"),
        (SOURCE, "other", "price"),  # of another list
        (SOURCE, "other", "partner"),  # out of use
        ("customers.channel", "phone", "other"),
        ("pipeline.evidence", "visit", "other"),
    ],
)
def test_some_values_are_not_merged(world: World, key: str, gone: str, stays: str) -> None:
    office = world.actor("administrator")
    edit_option(office, SOURCE, "partner", 0, OptionDraft(name="伙伴", is_active=False))
    with pytest.raises(RuleBroken):
        merge_options(office, key, gone, stays)
    assert not Option.objects.exclude(merged_into="").exists()


def test_only_who_keeps_the_lists_merges_what_there_is(world: World) -> None:
    with pytest.raises(NotAllowed):
        merge_options(world.actor("director"), SOURCE, "other", "partner")
    with pytest.raises(NotAllowed):
        queries.merge_preview(world.actor("director"), SOURCE, "other", "partner")
    for key, code in (("no.such", "other"), (SOURCE, "nothing")):
        with pytest.raises(NotFound):
            merge_options(world.actor("administrator"), key, code, "partner")


def test_who_saw_another_state_of_one_of_both_is_told(world: World) -> None:
    office = world.actor("administrator")
    edit_option(office, SOURCE, "partner", 0, OptionDraft(name="伙伴"))
    for seen in ((0, 0), (1, 1)):
        with pytest.raises(EditConflict):
            merge_options(office, SOURCE, "other", "partner", versions=seen)
    merge_options(office, SOURCE, "other", "partner", versions=(0, 1))
    with pytest.raises(NotFound):  # somebody was faster
        merge_options(office, SOURCE, "other", "survey", versions=(0, 0))
    with pytest.raises(EditConflict):  # the other way round, as it was seen before
        merge_options(office, SOURCE, "partner", "survey", versions=(1, 0))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_two_values_into_each_other_at_once_one_is_told() -> None:
    world = make_world()
    office = world.actor("administrator")

    def merging(gone: str, stays: str) -> str:
        try:
            merge_options(office, SOURCE, gone, stays, versions=(0, 0))
        except Refusal as refusal:
            return type(refusal).__name__
        return "merged"

    said = at_once(lambda n: merging(*(("other", "partner"), ("partner", "other"))[n]), 2)
    assert [str(answer) for answer in said].count("merged") == 1
    assert set(map(str, said)) <= {"merged", "EditConflict", "NotFound", "RuleBroken"}


def copies(row: Any, number: int, **own: Any) -> list[int]:
    """So many rows like one, which may say something else by their place among them; gives their ids."""
    make, ids = RowMaker(type(row)), []
    usual = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    for some in in_sets(range(number), 10_000):
        made = [make(**usual | {name: value(place) for name, value in own.items()}) for place in some]
        ids += [each.pk for each in insert_many(made)]
    return ids


@pytest.mark.full
def test_a_value_that_a_hundred_thousand_customers_have_is_merged_within_seconds(world: World, lists: Lists) -> None:
    """What the decision says it takes; `-s` prints the figures."""
    pipeline.install_template(SYSTEM, "standard")
    own = {lists.several.key: [lists.gone[f"field.{lists.several.pk}"]]}
    with transaction.atomic():
        first = customers.register(
            world.actor("east_rep"), CustomerDraft(name="甲公司", source=lists.gone[SOURCE], custom=own)
        )
        lost = deal(world, source=lists.gone[SOURCE], customer_id=first.pk)
        pipeline.lose(world.actor("east_rep"), lost.pk, "price")
        copies(Customer.rows.get(pk=first.pk), 100_000)
        ids = copies(Opportunity.rows.get(pk=lost.pk), 50_000)
        there = copies(StageTransition.rows.filter(opportunity=lost).last(), 50_000, opportunity_id=ids.__getitem__)
        copies(StageSpan.rows.filter(opportunity=lost).first(), 50_000, opportunity_id=ids.__getitem__)
        closing = Closing.rows.get(opportunity=lost)
        copies(closing, 50_000, opportunity_id=ids.__getitem__, transition_id=there.__getitem__)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    for key in (SOURCE, f"field.{lists.several.pk}"):
        begun = time.perf_counter()
        told = queries.merge_preview(lists.office, key, lists.gone[key], lists.stays[key]).counts
        looked = time.perf_counter()
        lists.merge(key)
        took = time.perf_counter() - looked
        print(f"\n{connection.vendor}: {told}: looked {looked - begun:.2f} s, merged {took:.2f} s")  # noqa: T201
        assert took < 30
