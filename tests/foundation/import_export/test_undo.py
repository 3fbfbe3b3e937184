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
from xiaocheng.foundation.kernel.models import JobProgress, JournalEntry
from xiaocheng.foundation.org.commands import change_rule
from xiaocheng.selling.catalogue.models import Product
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.models import Contact, Customer, OwnershipEpisode
from xiaocheng.selling.customers.queries import customers as found
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity

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


def test_people_are_not_taken_back(actor, upload):
    job = take_in(actor, upload(actor, "姓名,登录名\n新人,xinren\n", "人员.csv"))
    assert not queries.may_undo(actor, job)
    with pytest.raises(RuleBroken):
        commands.ask_undo(actor, job.pk)


def test_ids_are_kept_as_ranges():
    assert ImportedSet.ranges_of([5, 3, 4, 9]) == [[3, 5], [9, 9]]
    assert ImportedSet(ranges=[[3, 5], [9, 9]]).ids == [3, 4, 5, 9]
