"""What somebody agreed to or refused narrows lists and groups, comes in with files, and goes with a file taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.selling.customers.test_import_with_contacts import take_in
from tests.world import World
from xiaocheng.foundation.fields.conditions import Condition, Rule
from xiaocheng.foundation.import_export import commands as imports
from xiaocheng.foundation.import_export import queries as imported
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft
from xiaocheng.selling.customers.imports import check_customers
from xiaocheng.selling.customers.models import Consent, Contact, Customer

Note = Callable[..., Consent]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


@pytest.fixture
def company(world: World) -> Customer:
    rep = world.actor("east_rep")
    row = commands.register(rep, CustomerDraft(name="甲乙丙公司"))
    for name in ("王先生", "李女士", "钱先生"):
        commands.add_contact(rep, ContactDraft(customer_id=row.pk, name=name))
    return row


def contact(name: str) -> Contact:
    return Contact.objects.visible_to(SYSTEM).get(name=name)


def note(world: World, row: Contact | Customer, *, phone: bool) -> None:
    rep = world.actor("east_rep")
    if isinstance(row, Contact):
        commands.note_consent(rep, row.customer_id, "phone", is_given=phone, contact_id=row.pk)
    else:
        commands.note_consent(rep, row.pk, "phone", is_given=phone)


def names(model: type[Contact | Customer], state: str, channel: str = "phone") -> list[str]:
    rows = model.objects.visible_to(SYSTEM).filter(queries.has_said(model, channel, state))
    return sorted(rows.values_list("name", flat=True))


def test_the_last_word_alone_narrows_contacts(world: World, company: Customer) -> None:
    for name, said in (("王先生", True), ("王先生", False), ("李女士", False), ("李女士", True)):
        note(world, contact(name), phone=said)
    assert names(Contact, "refused") == ["王先生"]
    assert names(Contact, "given") == ["李女士"]
    assert names(Contact, "unasked") == ["钱先生"]
    assert len(names(Contact, "unasked", "sms")) == 3 and names(Contact, "nonsense") == []
    assert names(Customer, "refused") == []  # what a contact says, no company says


def test_a_group_by_rule_asks_what_a_person_said_himself(world: World, company: Customer) -> None:
    rep = world.actor("east_rep")
    person = commands.register(rep, CustomerDraft(name="张小姐", is_person=True, phone="13912345678"))
    other = commands.register(rep, CustomerDraft(name="赵先生", is_person=True, phone="13912345679"))
    note(world, person, phone=False)
    note(world, contact("王先生"), phone=False)

    def found(test: str, *values: str) -> tuple[str, list[str]]:
        asked = queries.preview(rep, Rule("all", ((Condition("consent_phone", test, values),),)))
        return asked.words, sorted(asked.names)

    assert found("is", "refused") == ("电话许可(个人客户)是 不同意", ["张小姐"])
    assert found("filled") == ("电话许可(个人客户)已填", ["张小姐"])
    assert found("empty")[1] == sorted([company.name, other.name])
    assert found("is_not", "refused")[1] == sorted([company.name, other.name])


FILE = """客户,姓名,电话,电话许可,短信许可
甲乙丙公司,王先生,,不同意,
甲乙丙公司,李女士,,yes,opt-out
甲乙丙公司,孙先生,13800138000,拒绝,同意
甲乙丙公司,周先生,,也许,
"""


def said(name: str) -> dict[str, bool]:
    row = contact(name)
    return {key: word.is_given for key, word in queries.consents(SYSTEM, row.customer_id, row.pk).items()}


def test_a_file_of_contacts_tells_consents_and_the_same_file_again_tells_nothing_new(
    world: World, company: Customer
) -> None:
    actor = world.actor("east_manager")
    note(world, contact("王先生"), phone=True)
    job = take_in(actor, FILE, "联系人.csv", mode="both", key="name")
    assert (job.counts["new"], job.counts["changed"], job.counts["refused"]) == (1, 2, 1), job.problems.values()
    assert said("王先生") == {"phone": False}
    assert said("李女士") == {"phone": True, "sms": False}
    assert said("孙先生") == {"phone": False, "sms": True}
    assert timeline("customers.contact", contact("王先生").pk)[0].sentence == "导入了联系许可:不同意以电话联系"
    again = take_in(actor, FILE, "联系人.csv", mode="both", key="name")
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
    assert Consent.objects.visible_to(SYSTEM).count() == 6


def test_an_import_that_is_taken_back_leaves_the_word_that_stood_before(world: World, company: Customer) -> None:
    actor = world.actor("east_manager")
    note(world, contact("王先生"), phone=True)
    job = take_in(actor, FILE, "联系人.csv", mode="both", key="name")
    note(world, contact("李女士"), phone=True)  # said again to somebody's face: it stays
    imports.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert imported.import_job(actor, job.pk).state == "undone"
    assert (said("王先生"), said("李女士")) == ({"phone": True}, {"phone": True})
    assert not Contact.objects.visible_to(SYSTEM).filter(name="孙先生").exists()
    assert timeline("customers.contact", contact("王先生").pk)[0].sentence == ("撤销了导入的联系许可:不同意以电话联系")


def test_what_somebody_said_to_ones_face_stands_in_the_way_of_an_undo(world: World, company: Customer) -> None:
    actor = world.actor("east_manager")
    job = take_in(actor, FILE, "联系人.csv", mode="both", key="name")
    note(world, contact("孙先生"), phone=True)
    imports.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert imported.import_job(actor, job.pk).state == "done"
    assert said("孙先生") == {"phone": True, "sms": True}


PERSONS = """客户名称,电话,个人客户,电话许可,微信许可
张小姐,13911112222,是,不同意,
李先生,13911113333,是,,同意
丁公司,,否,同意,
戊公司,,,不同意,
"""


def test_a_file_of_customers_tells_consents_of_persons_and_of_no_company(world: World) -> None:
    actor = world.actor("east_manager")
    job = take_in(actor, PERSONS)
    assert (job.counts["new"], job.counts["refused"]) == (2, 2)
    assert all("记在联系人上" in sentence for sentence in job.problems.values_list("sentence", flat=True))
    assert (names(Customer, "refused"), names(Customer, "given", "wechat")) == (["张小姐"], ["李先生"])
    changed = take_in(actor, PERSONS.replace("不同意", "同意"), mode="update", key="phone")
    assert changed.counts["changed"] == 1
    assert names(Customer, "given") == ["张小姐"]
    imports.ask_undo(actor, changed.pk)
    call_command("work", once=True)
    assert names(Customer, "refused") == ["张小姐"]


def test_persons_that_came_with_consents_go_with_their_import(world: World) -> None:
    actor = world.actor("east_manager")
    job = take_in(actor, PERSONS)
    imports.ask_undo(actor, job.pk)
    call_command("work", once=True)
    assert imported.import_job(actor, job.pk).state == "undone"
    assert not Consent.objects.visible_to(SYSTEM).exists() and not Customer.objects.visible_to(SYSTEM).exists()


def test_a_company_that_is_there_is_not_changed_by_a_row_with_a_consent(world: World, company: Customer) -> None:
    file = "客户名称,行业,电话许可\n甲乙丙公司,制造,同意\n"
    job = take_in(world.actor("east_manager"), file, mode="update", key="name")
    assert (job.counts["changed"], job.counts["refused"]) == (0, 1)
    assert Customer.objects.visible_to(SYSTEM).get(pk=company.pk).industry == ""


def test_who_may_not_note_consents_imports_none(world: World) -> None:
    row = {"name": "张小姐", "is_person": True, "consent_phone": "refused"}
    (verdict,) = check_customers(world.actor("promoter"), [row], {})
    assert verdict is not None and "没有记录联系许可的权限" in str(verdict) and verdict.field == "consent_phone"
    assert check_customers(world.actor("east_rep"), [row], {}) == [None]
