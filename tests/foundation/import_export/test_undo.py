"""An import is taken back whole, or not at all and with the reason."""

import pytest
from django.core.management import call_command

from tests.world import World
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.models import ImportedSet
from xiaocheng.foundation.import_export.running import give_up
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.models import JobProgress, JournalEntry, MeasureDay
from xiaocheng.foundation.org.commands import PersonDraft, add_person, change_rule, disable_person
from xiaocheng.foundation.org.models import Department, Person
from xiaocheng.foundation.org.queries import people
from xiaocheng.insight import rollups
from xiaocheng.selling.catalogue.models import Product
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.models import Contact, Customer, OwnershipEpisode
from xiaocheng.selling.customers.queries import customers as found
from xiaocheng.selling.pipeline.commands import (
    OpportunityDraft,
    edit,
    install_template,
    note_evidence,
    open_opportunity,
)
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan, StageTransition

pytestmark = pytest.mark.django_db
FILE = "客户名称,电话,负责人\n甲公司,021-55551234,张三\n乙公司,010-66667777,\n丙公司,,赵六\n"
PRODUCTS = "产品名称,产品编码\n水泵,P1\n阀门,P2\n"


def take_in(actor, job):
    job = commands.map_columns(actor, job.pk, job.columns)
    job = commands.check(actor, job.pk, lambda rows: None)
    return commands.run(actor, job.pk, lambda rows: None)


def take_back(actor, job):
    """Ask for it and let the worker do it; gives the job and the sentence of a refusal."""
    asked = commands.ask_undo(actor, job.pk)
    call_command("work", once=True)
    result = JobProgress.objects.get(pk=asked.progress).result or {}
    return queries.import_job(actor, job.pk), result.get("sentence", "")


def names():
    return sorted(Customer.objects.visible_to(SYSTEM).values_list("name", flat=True))


@pytest.fixture
def actor(world: World):
    return world.actor("administrator")


def test_every_row_that_was_new_goes_and_every_figure_with_it(world: World, actor, upload):
    customers.register(actor, customers.CustomerDraft(name="乙公司", owner_id=world.id("east_rep")))
    job = take_in(actor, upload(actor, FILE))
    assert (job.counts["new"], job.counts["same"]) == (2, 1)
    assert queries.may_undo(actor, job)
    job, refusal = take_back(actor, job)
    assert (job.state, refusal) == ("undone", "")
    assert names() == ["乙公司"]
    assert OwnershipEpisode.objects.visible_to(SYSTEM).count() == 1
    assert not found(actor, search="甲公司").exists()
    assert measures.differences() == []
    told = JournalEntry.objects.get(kind="import_export.ImportUndone")
    assert (told.data["rows"], told.person_id) == (2, actor.person_id)
    assert not queries.may_undo(actor, job)
    assert take_in(actor, upload(actor, FILE)).counts["new"] == 2


def changed(actor, row):
    customers.edit(actor, row.pk, row.edit_version, region="east")


def used(actor, row):
    install_template(SYSTEM, "short")
    open_opportunity(actor, OpportunityDraft(name="商机", customer_id=row.pk))


def talked_to(actor, row):
    customers.add_contact(actor, customers.ContactDraft(customer_id=row.pk, name="王五"))


def handed_on(actor, row):
    customers.assign(actor, [row.pk], actor.person_id)


def attached(actor, row):
    attach(actor, "customers.customer", row.pk, "a.txt", b"text")


@pytest.mark.parametrize(
    ("touch", "said"),
    [
        (changed, "「甲公司」之后有改动:修改了客户资料:地区。"),
        (used, "「甲公司」之后有改动:新建商机「商机」"),
        (talked_to, "「甲公司」之后有改动:新增了联系人「王五」。"),
        (handed_on, "「甲公司」之后有改动:客户由 张三 分配给 管小敏。"),
        (attached, "「甲公司」之后有改动:上传了附件「a.txt」。"),
    ],
)
def test_one_row_that_was_touched_since_keeps_all(actor, upload, touch, said):
    job = take_in(actor, upload(actor, FILE))
    touch(actor, Customer.objects.visible_to(SYSTEM).get(name="甲公司"))
    call_command("work", once=True)  # what is due by the clock writes in the journal, too
    before = JournalEntry.objects.count()
    job, refusal = take_back(actor, job)
    assert said in refusal, refusal
    assert refusal.startswith("不能撤销,没有改动任何内容。")
    assert (job.state, names()) == ("done", ["丙公司", "乙公司", "甲公司"])
    assert JournalEntry.objects.count() == before
    assert not queries.is_busy(actor, job)


def test_a_reference_that_no_journal_tells_of_stands_in_the_way_too(actor, upload):
    job = take_in(actor, upload(actor, FILE))
    row = Customer.objects.visible_to(SYSTEM).get(name="乙公司")
    Contact.objects.add(Contact(customer=row, name="无记录"))
    assert "「乙公司」已被其他资料引用。" in take_back(actor, job)[1]


def test_a_closed_period_is_not_touched(actor, upload):
    job = take_in(actor, upload(actor, "客户名称,登记日期\n甲公司,2026-01-05\n"))
    change_rule(actor, "PeriodRules.closed_through", "2026-01-31", clock.today())
    assert "「甲公司」登记在已关账的期间" in take_back(actor, job)[1]
    assert names() == ["甲公司"]


def test_contacts_and_products_can_be_taken_back_and_used_ones_cannot(actor, upload):
    take_in(actor, upload(actor, FILE))
    contacts = take_in(actor, upload(actor, "客户,联系人姓名,电话\n甲公司,王五,13512345678\n", "联系人.csv"))
    assert take_back(actor, contacts)[0].state == "undone"
    assert not Contact.objects.visible_to(SYSTEM).exists()
    assert not found(actor, search="13512345678").exists()
    products = take_in(actor, upload(actor, PRODUCTS, "产品.csv"))
    install_template(SYSTEM, "short")
    pump = Product.objects.get(code="P1").pk
    open_opportunity(actor, OpportunityDraft(name="商机", product_id=pump))
    assert "「水泵」已被其他资料引用。" in take_back(actor, products)[1]
    assert Product.objects.count() == 2


def test_an_import_that_broke_off_can_be_taken_back_or_gone_on_with(actor, upload, monkeypatch):
    monkeypatch.setattr("xiaocheng.foundation.import_export.checking.SET", 2)
    job = upload(actor, FILE)
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, lambda rows: None)

    def breaks(rows):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        commands.run(actor, job.pk, breaks)
    give_up(actor, job.pk)
    assert names() == ["乙公司", "甲公司"]
    job, refusal = take_back(actor, queries.import_job(actor, job.pk))
    assert (job.state, refusal, names()) == ("undone", "", [])


def test_only_who_may_import_such_rows_and_sees_the_import_takes_it_back(world: World, actor, upload):
    job = take_in(actor, upload(actor, FILE))
    with pytest.raises(NotFound):
        commands.ask_undo(world.actor("south_manager"), job.pk)
    with pytest.raises(NotAllowed):
        commands.ask_undo(world.actor("director").__class__(**{**vars(actor), "capabilities": frozenset()}), job.pk)
    take_back(actor, job)
    with pytest.raises(RuleBroken):
        commands.ask_undo(actor, job.pk)


PEOPLE = "姓名,直属上级,部门\n新人甲,新人乙,新部门\n新人乙,从未有过的上级,新部门\n张三,,\n"


def test_new_people_go_again_with_the_managers_who_were_made_for_them(world: World, actor, upload):
    before = set(Person.objects.values_list("name", flat=True))
    job = take_in(actor, upload(actor, PEOPLE, "人员.csv"))
    assert set(Person.objects.values_list("name", flat=True)) - before == {"新人甲", "新人乙", "从未有过的上级"}
    job, refusal = take_back(actor, job)
    assert (job.state, refusal) == ("undone", "")
    assert set(Person.objects.values_list("name", flat=True)) == before
    assert not people(actor, active=None, search="新人").exists()
    assert Department.objects.filter(name="新部门").exists()  # others may be in it by now
    assert take_in(actor, upload(actor, PEOPLE, "人员.csv")).counts["new"] == 2


def signed_in(actor, row):
    row.last_login = clock.now()
    row.save(update_fields=["last_login"])


def has_a_customer(actor, row):
    customers.register(actor, customers.CustomerDraft(name="客户", owner_id=row.pk))


def leads_somebody(actor, row):
    add_person(actor, PersonDraft("later", "后来者", row.department_id, row.role_id, manager_id=row.pk))


def left(actor, row):
    disable_person(actor, row.pk)


@pytest.mark.parametrize(
    ("touch", "said"),
    [
        (signed_in, "「新人乙」已经登录过,不能撤销。"),
        (has_a_customer, "「新人乙」已被其他资料引用。"),
        (leads_somebody, "「新人乙」已被其他资料引用。"),
        (left, "「新人乙」之后有改动:停用了 新人乙 的账号。"),
    ],
)
def test_somebody_with_a_history_keeps_all_people(actor, upload, touch, said):
    job = take_in(actor, upload(actor, PEOPLE, "人员.csv"))
    touch(actor, Person.objects.get(name="新人乙"))
    job, refusal = take_back(actor, job)
    assert said in refusal, refusal
    assert job.state == "done"
    assert Person.objects.filter(name__in=["新人甲", "新人乙", "从未有过的上级"]).count() == 3


DEALS = (
    "商机编号,商机名称,客户,负责人,阶段,开始日期,结束日期,金额\n"
    "N1,一号,甲公司,张三,赢单,2026-01-05,2026-02-03,800\nN2,二号,甲公司,张三,报价,2026-03-01,,500\n"
    "N3,三号,乙公司,张三,输单,,2026-02-10,300\n"
)


def figures():
    return (
        list(MeasureDay.objects.exclude(value=0).order_by("pk").values_list("key", "person_id", "day", "value")),
        list(Customer.objects.visible_to(SYSTEM).order_by("pk").values_list("stage", "became_customer_on")),
    )


def test_deals_go_again_with_their_history_and_every_figure(actor, upload):
    table = take_in(actor, upload(actor, "客户名称,阶段\n甲公司,\n乙公司,流失客户\n"))
    before = figures()
    job = take_in(actor, upload(actor, DEALS, "商机.csv"))
    assert job.counts["new"] == 3 and figures() != before
    job, refusal = take_back(actor, job)
    assert (job.state, refusal) == ("undone", "")
    for facts in (Opportunity, StageSpan, StageTransition, Closing):
        assert not facts.objects.visible_to(SYSTEM).exists()
    assert figures() == before
    assert measures.differences() == [] and rollups.differences() == []
    assert take_back(actor, table)[0].state == "undone"  # what was taken back does not stand in their way
    assert names() == []


def test_a_customer_with_another_win_stays_a_customer(actor, upload):
    take_in(actor, upload(actor, FILE))
    take_in(actor, upload(actor, DEALS.replace("N1", "M1"), "旧商机.csv"))
    became = Customer.objects.visible_to(SYSTEM).get(name="甲公司").became_customer_on
    again = take_in(actor, upload(actor, DEALS.replace("N2", "K2").replace("N3", "K3"), "商机.csv"))
    assert take_back(actor, again)[0].state == "undone"
    assert Customer.objects.visible_to(SYSTEM).get(name="甲公司").became_customer_on == became
    assert measures.differences() == []


@pytest.mark.parametrize("touch", ["edited", "evidence"])
def test_a_deal_that_was_worked_with_keeps_all_deals(actor, upload, touch):
    take_in(actor, upload(actor, FILE))
    job = take_in(actor, upload(actor, DEALS, "商机.csv"))
    row = Opportunity.objects.visible_to(SYSTEM).get(number="N2")
    if touch == "edited":
        edit(actor, row.pk, row.edit_version, next_step="打电话")
    else:
        note_evidence(actor, row.pk, "visit", "1", clock.now())
    job, refusal = take_back(actor, job)
    assert "「二号」" in refusal and job.state == "done"
    assert Opportunity.objects.visible_to(SYSTEM).count() == 3


def test_deals_of_a_closed_period_stay(actor, upload):
    take_in(actor, upload(actor, FILE))
    job = take_in(actor, upload(actor, DEALS, "商机.csv"))
    change_rule(actor, "PeriodRules.closed_through", "2026-01-31", clock.today())
    assert "「一号」有记在已关账期间的进展" in take_back(actor, job)[1]


def test_ids_are_kept_as_ranges():
    assert ImportedSet.ranges_of([5, 3, 4, 9]) == [[3, 5], [9, 9]]
    assert ImportedSet(ranges=[[3, 5], [9, 9]]).ids == [3, 4, 5, 9]
