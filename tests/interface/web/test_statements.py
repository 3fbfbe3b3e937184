"""How many SQL statements every page takes: pinned here, page by page, and the same with few rows and with many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.addresses import Address, addresses
from tests.access.rows import MONDAY, rows_of_the_outsider
from tests.support.caches import remember_for_long
from tests.world import PASSWORD, World
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import PersonDraft, add_people, issue_token
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, add_contact, register
from xiaocheng.selling.pipeline.commands import OpportunityDraft, lose, open_opportunity, win
from xiaocheng.selling.tasks.commands import note

# By page; the login, the session and the person are among them.
STATEMENTS = {
    "admin:calendar": 4,
    "admin:calendar-day": 4,
    "admin:delegate": 5,
    "admin:department-edit": 12,
    "admin:department-new": 13,
    "admin:departments": 7,
    "admin:deputy": 5,
    "admin:deputy-new": 4,
    "admin:duty": 8,
    "admin:duty-set": 5,
    "admin:duty-site": 11,
    "admin:duty-site-new": 10,
    "admin:headcount": 9,
    "admin:journal": 6,
    "admin:journal-entry": 7,
    "admin:lend": 8,
    "admin:mentor": 5,
    "admin:people": 6,
    "admin:person": 8,
    "admin:person-disable": 5,
    "admin:person-edit": 7,
    "admin:person-enable": 5,
    "admin:person-move": 12,
    "admin:person-new": 8,
    "admin:person-password": 5,
    "admin:role-edit": 5,
    "admin:role-new": 4,
    "admin:roles": 6,
    "admin:rule": 5,
    "admin:rules": 9,
    "admin:tokens": 5,
    "catalogue:edit": 5,
    "catalogue:export": 8,
    "catalogue:list": 5,
    "catalogue:new": 4,
    "customers:access_log": 6,
    "customers:add_to_group": 5,
    "customers:alike": 3,
    "customers:answer_question": 5,
    "customers:asleep": 6,
    "customers:answer_dispute": 5,
    "customers:assign": 4,
    "customers:condition": 3,
    "customers:choose_merge": 5,
    "customers:claim_many": 5,
    "customers:contact": 8,
    "customers:contacts": 8,
    "customers:decide_dispute": 5,
    "customers:decline_restore": 5,
    "customers:dispute": 17,
    "customers:disputes": 6,
    "customers:duplicate": 7,
    "customers:duplicates": 6,
    "customers:edit": 5,
    "customers:choose_merge_contact": 7,
    "customers:export_access_log": 9,
    "customers:merge_contacts": 6,
    "customers:place": 5,
    "customers:edit_contact": 5,
    "customers:edit_group": 5,
    "customers:edit_field": 5,
    "customers:edit_note": 5,
    "customers:edit_pool": 15,
    "customers:edit_rule_group": 6,
    "customers:erase": 4,
    "customers:erase_contact": 5,
    "customers:erase_contacts": 4,
    "customers:erase_guests": 4,
    "customers:export": 8,
    "customers:export_contacts": 9,
    "customers:export_group": 9,
    "customers:export_kept": 7,
    "customers:extend": 5,
    "customers:group": 7,
    "customers:groups": 6,
    "customers:export_ledger": 8,
    "customers:kept": 4,
    "customers:ledger": 5,
    "customers:likely": 3,
    "customers:list": 7,
    "customers:merge": 99,
    "customers:merged": 5,
    "customers:merges": 6,
    "customers:move_to_pool": 5,
    "customers:new": 5,
    "customers:new_contact": 5,
    "customers:new_contact_of": 4,
    "customers:new_dispute": 4,
    "customers:new_group": 4,
    "customers:new_pool": 10,
    "customers:new_rule_group": 4,
    "customers:note_consent": 5,
    "customers:note_contact_consent": 5,
    "customers:open_dispute": 5,
    "customers:page": 16,
    "customers:pool": 12,
    "customers:pools": 9,
    "customers:rate": 4,
    "customers:refuse_extension": 5,
    "customers:release": 6,
    "customers:question": 6,
    "customers:questions": 5,
    "customers:release_many": 5,
    "customers:restore_offer": 5,
    "customers:shares": 3,
    "customers:team": 5,
    "customers:warned": 3,
    "customers:write_note": 13,
    "daily:add_line": 4,
    "daily:ask_correction": 4,
    "daily:ask_late_return": 4,
    "daily:ask_leave": 4,
    "daily:ask_trip": 4,
    "daily:board": 16,
    "daily:comment_report": 20,
    "daily:edit_line": 9,
    "daily:follow_up": 4,
    "daily:inbox": 31,
    "daily:off_plan": 5,
    "daily:place_consent": 5,
    "daily:plan": 19,
    "daily:plan_page": 12,
    "daily:refuse_request": 5,
    "daily:report": 21,
    "daily:report_page": 26,
    "daily:reports": 6,
    "daily:request": 12,
    "daily:requests": 6,
    "daily:result": 9,
    "daily:return_plan": 7,
    "daily:return_report": 20,
    "daily:revise_report": 20,
    "daily:settle_line": 5,
    "daily:tour": 7,
    "daily:visit": 14,
    "daily:visits": 6,
    "files:attach": 5,
    "files:fetch": 5,
    "find": 4,
    "handovers:carry_out": 7,
    "handovers:give": 5,
    "handovers:give_some": 4,
    "handovers:list": 6,
    "handovers:new": 4,
    "handovers:page": 23,
    "handovers:waiting": 5,
    "home:company": 8,
    "home:team": 47,
    "home:today": 10,
    "imports:blank": 5,
    "imports:columns": 5,
    "imports:errors_csv": 5,
    "imports:errors_xlsx": 5,
    "imports:job": 9,
    "imports:list": 5,
    "imports:new": 4,
    "imports:stages": 7,
    "imports:table": 5,
    "imports:values": 5,
    "insight:closings": 7,
    "insight:closings_export": 11,
    "insight:new_customers": 13,
    "insight:new_customers_export": 16,
    "insight:newcomer_wins": 7,
    "insight:newcomer_wins_export": 11,
    "insight:members": 17,
    "insight:members_export": 20,
    "insight:changes": 7,
    "insight:changes_export": 11,
    "insight:movement": 5,
    "insight:movement_export": 8,
    "insight:standing": 7,
    "insight:standing_export": 11,
    "insight:conformance": 11,
    "insight:conformance_export": 14,
    "insight:customers": 7,
    "insight:customers_export": 11,
    "insight:cycle": 10,
    "insight:cycle_export": 13,
    "insight:deal_cohorts": 8,
    "insight:deal_cohorts_export": 11,
    "insight:decide": 4,
    "insight:decisions_of": 7,
    "insight:call_forecast": 4,
    "insight:forecast": 9,
    "insight:expected_changes": 6,
    "insight:new_expected_change": 4,
    "insight:edit_expected_change": 5,
    "insight:funnel": 6,
    "insight:funnel_export": 9,
    "insight:health": 17,
    "insight:health_export": 18,
    "insight:matrix": 5,
    "insight:people": 6,
    "insight:people_export": 9,
    "insight:revenue": 7,
    "insight:revenue_export": 10,
    "insight:amend_process_review": 5,
    "insight:edit_process_review": 7,
    "insight:new_process_review": 5,
    "insight:process_review": 15,
    "insight:process_reviews": 6,
    "insight:reviews": 5,
    "insight:reviews_export": 8,
    "insight:source_customers": 7,
    "insight:source_customers_export": 11,
    "insight:source_wins": 7,
    "insight:source_wins_export": 11,
    "insight:sources": 10,
    "insight:sources_export": 13,
    "insight:stays": 7,
    "insight:stays_export": 11,
    "insight:value": 8,
    "insight:values": 6,
    "insight:values_export": 8,
    "insight:win_rate": 9,
    "insight:win_rate_export": 12,
    "insight:wins": 7,
    "insight:wins_export": 11,
    "me": 6,
    "offline:day": 7,
    "offline:manifest": 3,
    "offline:page": 3,
    "offline:worker": 3,
    "notifications:choices": 5,
    "notifications:list": 6,
    "numbers:closings": 7,
    "numbers:closings_export": 11,
    "numbers:customers": 7,
    "numbers:customers_export": 11,
    "numbers:lines": 6,
    "numbers:lines_export": 8,
    "numbers:opened": 7,
    "numbers:opened_export": 11,
    "numbers:receptions": 5,
    "numbers:receptions_export": 8,
    "numbers:sales": 6,
    "numbers:sales_export": 8,
    "numbers:visits": 6,
    "numbers:visits_export": 8,
    "options:choose_merge": 4,
    "options:edit": 4,
    "options:edit_field": 6,
    "options:edit_view": 5,
    "options:fields": 4,
    "options:list": 4,
    "options:merge": 12,
    "options:new": 4,
    "options:new_field": 5,
    "options:new_view": 4,
    "pick": 4,
    "pipeline:advance": 8,
    "pipeline:board": 9,
    "pipeline:carry_over": 7,
    "pipeline:change_process": 7,
    "pipeline:column": 7,
    "pipeline:edit": 10,
    "pipeline:edit_process": 7,
    "pipeline:edit_stage": 8,
    "pipeline:edit_version": 6,
    "pipeline:export": 8,
    "pipeline:hand_over": 4,
    "pipeline:edit_tactic": 6,
    "pipeline:export_tactics": 8,
    "pipeline:list": 7,
    "pipeline:lose": 6,
    "pipeline:needs": 5,
    "pipeline:new": 8,
    "pipeline:new_process": 4,
    "pipeline:new_stage": 7,
    "pipeline:next_step": 5,
    "pipeline:opportunity": 18,
    "pipeline:process": 10,
    "pipeline:processes": 8,
    "pipeline:decide_remark": 8,
    "pipeline:edit_remark": 5,
    "pipeline:export_remarks": 8,
    "pipeline:new_remark": 5,
    "pipeline:remark": 9,
    "pipeline:remarks": 6,
    "pipeline:tactic": 9,
    "pipeline:tactics": 6,
    "pipeline:write_tactic": 8,
    "pipeline:competitor": 10,
    "pipeline:competitors": 6,
    "pipeline:edit_competitor": 5,
    "pipeline:export_competitors": 9,
    "pipeline:merge_competitor": 5,
    "pipeline:new_competitor": 4,
    "pipeline:rivals": 7,
    "pipeline:shares": 5,
    "pipeline:sheet": 13,
    "pipeline:sheet_export": 16,
    "pipeline:reopen": 7,
    "pipeline:step": 7,
    "pipeline:win": 9,
    "receptions:cancel": 5,
    "receptions:edit": 7,
    "receptions:export": 8,
    "receptions:figures": 6,
    "receptions:known": 3,
    "receptions:list": 8,
    "receptions:new": 7,
    "receptions:page": 10,
    "receptions:pass": 4,
    "tasks:list": 6,
    "tasks:new": 4,
    "expenses:cancel": 5,
    "expenses:correct": 7,
    "expenses:expense": 8,
    "expenses:export": 8,
    "expenses:list": 7,
    "expenses:new": 4,
    "numbers:expenses": 6,
    "numbers:expenses_export": 8,
    "targets:mine": 7,
    "targets:set": 10,
    "targets:team": 10,
    "trade:export": 8,
    "trade:sales": 7,
    "numbers:receipts": 6,
    "numbers:receipts_export": 8,
    "numbers:orders": 6,
    "numbers:orders_export": 8,
    "trade:export_orders": 8,
    "trade:new_order": 4,
    "trade:order": 7,
    "trade:orders": 7,
    "trade:cancel_order": 5,
    "trade:export_receipts": 8,
    "trade:new_receipt": 4,
    "trade:receipt": 6,
    "trade:receipts": 7,
    "trade:reverse_receipt": 5,
    "market:board": 6,
    "market:close": 5,
    "market:edit": 7,
    "market:events": 6,
    "market:export": 8,
    "market:merge": 5,
    "market:new": 4,
    "market:reopen": 5,
    "market:report": 9,
    "service:reopen": 5,
    "service:new": 4,
    "service:judge": 5,
    "service:hand_on": 5,
    "service:export": 8,
    "service:edit": 5,
    "service:complaints": 6,
    "service:complaint": 9,
    "service:close": 5,
    "numbers:settled_export": 8,
    "numbers:settled": 6,
    "numbers:complaints_export": 8,
    "numbers:complaints": 6,
}

# SQLite is asked for the number that an entry of the journal will have; PostgreSQL is not.
NEXT_NUMBER = "sqlite_sequence"
UNCOUNTED = (NEXT_NUMBER, "pg_advisory_xact_lock")  # PostgreSQL is asked for the turn; SQLite has one anyway
MANY = 9
# The first of them for whom a page opens is the one who is counted: who sees most, then whose rows they are.
ASKING = ("administrator", "director", "south_rep")


@pytest.fixture
def rows(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """The outsider's rows on the evening of their day; what a process remembers for some seconds stays remembered."""
    remember_for_long(monkeypatch)
    made = rows_of_the_outsider(world)
    with clock.as_of(clock.instant(MONDAY, dt.time(20))):
        yield made


@pytest.mark.once  # it is the product that asks; that every page answers on PostgreSQL too is seen in tests/access
def test_every_page_takes_as_many_statements_as_are_pinned_and_no_more_with_many_rows(
    world: World, rows: dict[str, int]
) -> None:
    pages = [address for address in addresses(rows) if not address.is_api]
    few = _count(world, pages)  # and whatever a process keeps is now kept
    _add_many(world, rows)
    many = _count(world, pages)
    grown = [f"{name}: {few[name]} statements, with more rows {many[name]}" for name in few if many[name] > few[name]]
    assert not grown, "\n".join(grown)
    changed = [f'    "{name}": {many[name]},' for name in sorted(many) if STATEMENTS.get(name) != many[name]]
    assert not changed, "\n".join(["If it is meant, write into STATEMENTS:", *changed])
    assert set(STATEMENTS) == set(many), f"STATEMENTS names pages that are gone: {set(STATEMENTS) - set(many)}"


def _count(world: World, pages: list[Address]) -> dict[str, int]:
    """The number of statements of every page, by its name; what only takes forms or leads on (405, 302) is no page."""
    counted: dict[str, int] = {}
    left = {address.name: address for address in pages}
    for person in ASKING:
        client, actor = world.client(person), world.actor(person)
        for name, address in list(left.items()):
            if not address.access.admits(actor):
                continue
            with CaptureQueriesContext(connection) as statements:
                answer = client.get(address.path)
            if answer.status_code == 200:
                counted[name] = sum(not any(each in statement["sql"] for each in UNCOUNTED) for statement in statements)
            if answer.status_code in {200, 302, 405}:
                del left[name]
    assert not left, f"nobody opens {list(left)}: make its row in tests/access/rows.py"
    return counted


def _add_many(world: World, rows: dict[str, int]) -> None:
    """More of everything that a page may list."""
    actor, director = world.actor("south_rep"), world.actor("director")
    for number in range(MANY):
        customer = register(actor, CustomerDraft(name=f"第{number}号客户", phone=f"1391234000{number}"))
        add_contact(actor, ContactDraft(customer_id=rows["customer"], name=f"第{number}位"))
        product = add_product(SYSTEM, ProductDraft(code=f"M{number}", name=f"第{number}种", list_price=Decimal(1)))
        deals = [
            open_opportunity(
                actor,
                OpportunityDraft(customer_id=row, product_id=product.pk, amount=Decimal(1000), next_step="看样"),
            ).pk
            for row in (rows["customer"], customer.pk, customer.pk)
        ]
        win(director, deals[1], "price", bypass=True)
        lose(actor, deals[2], "price")
        note(actor, f"第{number}件", clock.today(), customer_id=customer.pk)
    issue_token(actor, "另一个")
    add_people(SYSTEM, [_person(world, number) for number in range(MANY)])


def _person(world: World, number: int) -> PersonDraft:
    return PersonDraft(
        username=f"more{number}", name=f"第{number}人", department_id=world.department_ids["south"],
        role_id=world.role_ids["rep"], manager_id=world.id("south_manager"), password=PASSWORD,
    )  # fmt: skip
