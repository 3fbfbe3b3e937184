"""Expenses are recorded by whoever spent them, perhaps on a visit, corrected, cancelled, and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from tests.selling.pipeline.deals import Deals
from tests.world import World
from xiaocheng.control.reports.queries.day import figures_of
from xiaocheng.foundation.files.queries import attachments
from xiaocheng.foundation.kernel import clock, measures
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org.commands import change_rule, edit_role
from xiaocheng.selling.customers.commands import merge, undo_merge
from xiaocheng.selling.expenses import commands, queries
from xiaocheng.selling.expenses.commands import ExpenseDraft, ExpenseText
from xiaocheng.selling.expenses.events import ExpenseCorrected
from xiaocheng.selling.expenses.models import Expense
from xiaocheng.selling.fieldwork.commands import ContactDraft, log_contact
from xiaocheng.selling.fieldwork.models import Visit

pytestmark = pytest.mark.django_db
FIRST = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))  # a Monday in Shanghai
TODAY, DAY = FIRST.date(), dt.timedelta(days=1)
SPRING = Period(dt.date(2026, 2, 1), dt.date(2026, 3, 31))
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=False) as found:
        yield found


def draft(**more: Any) -> ExpenseDraft:
    return ExpenseDraft(**{"spent_on": TODAY, "kind": "transport", "amount": Decimal("35.5")} | more)


def text_of(row: Expense, **more: Any) -> ExpenseText:
    return ExpenseText(**{name: getattr(row, name) for name in commands.TOLD} | more)


def visited(world: World, customer: int, key: str = "east_rep") -> Visit:
    said = ContactDraft(
        customer_id=customer, kind="visit", outcome="met_decider", result="order", note="要三台", occurred_at=FIRST
    )
    return log_contact(world.actor(key), said)


def counted(world: World, key: str = "east_rep", period: Period = SPRING) -> Decimal:
    return measures.totals(world.actor(key), ["expenses.amount"], period)["expenses.amount"]


def cost_of(world: World, customer: int) -> Decimal:
    found = measures.by_subject(world.actor("east_rep"), ["expenses.amount"], "customer", (202603, 202603))
    return found.get(("expenses.amount", customer), Decimal(0))


def test_an_expense_is_counted_for_whoever_spent_it_corrected_and_cancelled(
    world: World, traveller: time_machine.Traveller
) -> None:
    rep, buyer = world.actor("east_rep"), Deals(world).customer()
    row = commands.record_expense(rep, draft(customer_id=buyer, amount=Decimal("35.505")))
    other = commands.record_expense(rep, draft(kind="meals", amount=Decimal(20), spent_on=TODAY - DAY))
    assert row.amount == Decimal("35.51"), "rounded once to the minor unit"
    assert (row.credit_person_id, row.credit_department_id) == (world.id("east_rep"), world.department_ids["east"])
    assert counted(world) == Decimal("55.51") == counted(world, "east_manager")
    assert counted(world, "south_rep") == 0
    assert cost_of(world, buyer) == Decimal("35.51")

    right = commands.correct_expense(rep, row.pk, row.edit_version, text_of(row, amount=Decimal(40), customer_id=None))
    assert counted(world) == 60 and cost_of(world, buyer) == 0
    with pytest.raises(EditConflict):
        commands.correct_expense(rep, row.pk, 1, text_of(row, amount=Decimal(50)))
    assert counted(world) == 60, "a refusal leaves nothing behind"
    commands.correct_expense(rep, other.pk, other.edit_version, text_of(other, spent_on=TODAY - 2 * DAY))
    assert counted(world, period=Period(TODAY - DAY, TODAY)) == 40, "Saturday's lunch was not on Sunday"
    commands.correct_expense(rep, right.pk, right.edit_version, text_of(right))
    assert [item.sentence for item in timeline("expenses.expense", row.pk, open_to=(ExpenseCorrected,))] == [
        "更正了费用",
        "登记费用 35.51(交通,2026-03-02)",
    ], "what changed nothing is not told"
    assert measures.differences() == []

    right.refresh_from_db()
    gone = commands.cancel_expense(rep, row.pk, right.edit_version, " 记重了 ")
    assert (gone.reason, counted(world)) == ("记重了", Decimal(20))
    for again in (
        lambda: commands.cancel_expense(rep, row.pk, gone.edit_version, "再来"),
        lambda: commands.correct_expense(rep, row.pk, gone.edit_version, text_of(gone)),
    ):
        with pytest.raises(RuleBroken):
            again()
    assert (
        set(queries.counted_expenses(rep, SPRING))
        == set(queries.expenses(rep, "mine"))
        == {queries.expense(rep, other.pk)}
    )
    assert measures.differences() == []
    assert not any("费用" in item.sentence for item in timeline("customers.customer", buyer)), "others read that story"


def test_what_is_no_expense_is_refused_and_leaves_nothing_behind(world: World) -> None:
    rep, buyer = world.actor("east_rep"), Deals(world).customer()
    for wrong in (
        {"amount": Decimal(0)},
        {"amount": Decimal("0.001")},
        {"amount": Decimal(-5)},
        {"amount": Decimal(10) ** 15},
        {"spent_on": TODAY + DAY},
        {"kind": "magic"},
        {"note": "长" * 1001},
    ):
        with pytest.raises(RuleBroken):
            commands.record_expense(rep, draft(**wrong))
    with pytest.raises(NotFound):
        commands.record_expense(world.actor("south_rep"), draft(customer_id=buyer))
    assert not queries.expenses(SYSTEM).exists()
    row = commands.record_expense(rep, draft())
    for reason in (" ", "长" * 501):
        with pytest.raises(RuleBroken):
            commands.cancel_expense(rep, row.pk, row.edit_version, reason)
    for fault in ({"amount": 0}, {"cancelled_at": FIRST}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Expense.objects.visible_to(SYSTEM).filter(pk=row.pk).update(**fault)
    assert counted(world) == Decimal("35.5") and measures.differences() == []


def test_an_expense_on_a_visit_is_one_s_own_and_for_the_customer_of_the_visit(world: World) -> None:
    deals, rep = Deals(world), world.actor("east_rep")
    buyer, other = deals.customer(), deals.opened().customer_id or 0
    visit = visited(world, buyer)
    row = commands.record_expense(rep, draft(visit_id=visit.pk))
    assert (row.visit_id, row.customer_id) == (visit.pk, buyer)
    with pytest.raises(RuleBroken):
        commands.record_expense(rep, draft(visit_id=visit.pk, customer_id=other))
    with pytest.raises(RuleBroken):
        commands.correct_expense(rep, row.pk, row.edit_version, text_of(row, customer_id=other))
    same = commands.correct_expense(rep, row.pk, row.edit_version, text_of(row, customer_id=None, note="打车"))
    assert (same.customer_id, same.note) == (buyer, "打车")
    with pytest.raises(RuleBroken):
        commands.record_expense(world.actor("east_manager"), draft(visit_id=visit.pk))
    with pytest.raises(NotFound):
        commands.record_expense(world.actor("south_rep"), draft(visit_id=visit.pk))
    assert measures.differences() == []


def test_who_sees_an_expense_and_who_changes_it(world: World) -> None:
    buyer = Deals(world).customer()
    row = commands.record_expense(world.actor("east_manager"), draft(customer_id=buyer))
    for stranger in ("east_rep", "south_rep"):  # though the first has the customer
        assert not queries.expenses(world.actor(stranger), customer_id=buyer).exists()
        with pytest.raises(NotFound):
            queries.expense(world.actor(stranger), row.pk)
        with pytest.raises(NotFound):
            commands.cancel_expense(world.actor(stranger), row.pk, row.edit_version, "错了")
    assert queries.expense(world.actor("director"), row.pk) == row
    for act in (
        lambda who: commands.cancel_expense(who, row.pk, row.edit_version, "错了"),
        lambda who: commands.correct_expense(who, row.pk, row.edit_version, text_of(row, amount=Decimal(1))),
    ):
        with pytest.raises(RuleBroken):
            act(world.actor("director"))
    role = world.role("rep")
    edit_role(SYSTEM, role.pk, role.edit_version, name=role.name, allowed=["customers.see"])
    with pytest.raises(NotAllowed):
        commands.record_expense(world.actor("east_rep"), draft())
    assert world.client("east_rep").get("/expenses/").status_code == 403


def test_what_counts_in_a_closed_period_stays_as_it_is(world: World, traveller: time_machine.Traveller) -> None:
    rep = world.actor("east_rep")
    row = commands.record_expense(rep, draft())
    traveller.move_to(FIRST + 40 * DAY)
    change_rule(SYSTEM, "PeriodRules.closed_through", "2026-03-31", since=clock.today())
    for act in (
        lambda: commands.correct_expense(rep, row.pk, row.edit_version, text_of(row, amount=Decimal(1))),
        lambda: commands.cancel_expense(rep, row.pk, row.edit_version, "错了"),
    ):
        with pytest.raises(RuleBroken):
            act()
    late = commands.record_expense(rep, draft())
    assert (late.spent_on, late.booked_on) == (TODAY, clock.today())
    traveller.move_to(FIRST + 41 * DAY)
    late = commands.correct_expense(rep, late.pk, late.edit_version, text_of(late, note="补记"))
    assert late.booked_on == clock.today() - DAY, "a note does not move it to another day"
    assert measures.differences() == []


def test_what_was_spent_for_a_merged_customer_was_spent_for_the_survivor(world: World) -> None:
    deals, director = Deals(world), world.actor("director")
    kept, gone = deals.customer(), deals.opened().customer_id or 0
    row = commands.record_expense(director, draft(customer_id=gone))
    wrong = commands.record_expense(director, draft(customer_id=gone))
    commands.cancel_expense(director, wrong.pk, wrong.edit_version, "记重了")
    done = merge(director, kept, gone)
    assert queries.expenses(director, customer_id=kept).count() == 2
    assert measures.differences() == []
    undo_merge(director, done.merge_id)
    assert queries.expense(director, row.pk).customer_id == gone
    assert measures.differences() == []


def test_the_daily_report_tells_what_was_spent_that_day(world: World) -> None:
    rep = world.actor("east_rep")
    commands.record_expense(rep, draft())
    commands.record_expense(rep, draft(spent_on=TODAY - DAY))
    found = {item.measure.key: item.value for item in figures_of(rep, world.id("east_rep"), TODAY)}
    assert found["expenses.amount"] == Decimal("35.5")


def test_expenses_stand_on_pages_and_are_recorded_there_and_by_a_program(world: World) -> None:
    client, buyer = world.client("east_rep"), Deals(world).customer()
    visit = visited(world, buyer)
    assert f"/expenses/new/?visit={visit.pk}" in client.get(f"/visits/{visit.pk}/").content.decode()
    said = {"kind": "transport", "amount": "35.5", "spent_on": "2026-03-02", "customer_id": buyer, "note": "打车去的"}
    address = f"/expenses/new/?visit={visit.pk}"
    assert client.post(address, said | {"amount": "0"}).status_code == 422
    for _twice in range(2):
        once = said | {"_key": "one", "receipt": SimpleUploadedFile("a.png", PICTURE)}
        assert client.post(address, once).status_code == 302
    [row] = queries.expenses(world.actor("east_rep"))
    assert (row.visit_id, attachments(world.actor("east_rep"), "expenses.expense", row.pk).count()) == (visit.pk, 1)
    broken = said | {"receipt": SimpleUploadedFile("a.exe", b"MZ\x90\x00" + b"\x00" * 40)}
    assert client.post(address, broken).status_code == 422
    assert queries.expenses(SYSTEM).count() == 1, "without its receipt it is not recorded"
    for page in (
        "/expenses/?kind=transport",
        f"/expenses/{row.pk}/",
        f"/customers/{buyer}/?tab=expenses",
        f"/visits/{visit.pk}/",
        "/numbers/expenses/?key=expenses.amount&first=2026-03-01&last=2026-03-31",
    ):
        assert "35.50" in client.get(page).content.decode(), page
    assert "更正了费用" not in client.get(f"/expenses/{row.pk}/?tab=story").content.decode()
    right = said | {"amount": "36", "_version": row.edit_version}
    assert client.post(f"/expenses/{row.pk}/correct/", right).status_code == 302
    assert client.post(f"/expenses/{row.pk}/correct/", right | {"amount": "37"}).status_code == 409
    cancel = {"reason": "记错", "_version": row.edit_version + 1}
    assert client.post(f"/expenses/{row.pk}/cancel/", cancel).status_code == 302
    told = client.get(f"/expenses/{row.pk}/?tab=story").content.decode()
    assert "更正了费用" in told and "36.00" in told and "记错" in told
    assert f"/expenses/{row.pk}/correct/" not in told

    ajax = {"content_type": "application/json"}
    body = {"kind": "meals", "amount": "20", "spent_on": "2026-03-02", "visit_id": visit.pk}
    made = client.post("/api/v1/expenses", body, **ajax).json()
    assert (Decimal(made["amount"]), made["customer_id"], made["version"]) == (20, buyer, 1)
    change = {"kind": "meals", "amount": "21", "spent_on": "2026-03-02", "version": 1}
    assert client.put(f"/api/v1/expenses/{made['id']}", change, **ajax).json()["version"] == 2
    assert len(client.get(f"/api/v1/expenses?visit_id={visit.pk}&since=2026-03-02").json()["items"]) == 1
    back = client.post(f"/api/v1/expenses/{made['id']}/cancel", {"reason": "错", "version": 2}, **ajax).json()
    assert back["cancelled_at"] and client.get("/api/v1/expenses").json()["items"] == []
    assert len(client.get("/api/v1/expenses?view=all").json()["items"]) == 2
    assert world.client("south_rep").get(f"/api/v1/expenses/{made['id']}").status_code == 404
