"""One row of every kind that belongs to 钱外人 of the south, each with a marker in every text that a person typed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.world import World
from xiaocheng.control.reports.commands import ReportText
from xiaocheng.control.reports.commands import submit as submit_report
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft, add_contact, register, standard_pool
from xiaocheng.selling.fieldwork.commands import (
    LineDraft,
    VisitResult,
    add_line,
    check_in,
    check_out,
    draft_plan,
    record_result,
    submit_plan,
)
from xiaocheng.selling.pipeline.commands import OpportunityDraft, install_template, open_opportunity
from xiaocheng.selling.tasks.commands import note

MARKER = "ZQX7MARK"
OUTSIDER = "south_rep"
# Who sees the outsider's rows: himself, his line, and who sees everyone.
IN_SIGHT = ("south_rep", "south_manager", "director", "administrator")
MONDAY = dt.date(2026, 3, 2)


def rows_of_the_outsider(world: World) -> dict[str, int]:
    """Make the rows on a Monday morning; their ids by kind."""
    actor = world.actor(OUTSIDER)
    with clock.as_of(clock.instant(MONDAY, dt.time(8))):
        process = install_template(SYSTEM, "standard")
        product = add_product(SYSTEM, ProductDraft(code="P1", name="包装机", list_price=Decimal(1000)))
        customer = register(actor, CustomerDraft(name=f"{MARKER}机械有限公司", phone="13912345678", needs=MARKER))
        contact = add_contact(actor, ContactDraft(customer_id=customer.pk, name=f"{MARKER}先生", note=MARKER))
        deal = open_opportunity(
            actor,
            OpportunityDraft(
                name=f"{MARKER}商机",
                customer_id=customer.pk,
                product_id=product.pk,
                amount=Decimal(1000),
                next_step=MARKER,
            ),
        )
        plan = draft_plan(actor, MONDAY)
        line = add_line(actor, plan.pk, LineDraft(customer_id=customer.pk, note=MARKER))
        submit_plan(actor, plan.pk)
        visit = check_in(actor, line_id=line.pk)
        result = VisitResult(outcome="met_decider", result="need", note=MARKER, opinion=MARKER, news=MARKER)
        visit = record_result(actor, visit.pk, visit.edit_version, result)
        check_out(actor, visit.pk)
        task = note(actor, MARKER, MONDAY, customer_id=customer.pk)
        file = attach(actor, "customers.customer", customer.pk, f"{MARKER}.txt", MARKER.encode())
    with clock.as_of(clock.instant(MONDAY, dt.time(19))):
        report = submit_report(actor, MONDAY, ReportText(judgement=MARKER, learnt=MARKER, tomorrow=MARKER))
    stage = deal.stage
    return {
        "stage": stage.pk,
        "version": stage.version_id,
        "pool": standard_pool("public").pk,
        "role": world.person("east_rep").role_id,
        "entry": JournalEntry.objects.latest("pk").pk,
        "process": process.pk,
        "product": product.pk,
        "customer": customer.pk,
        "contact": contact.pk,
        "opportunity": deal.pk,
        "plan": plan.pk,
        "line": line.pk,
        "visit": visit.pk,
        "report": report.pk,
        "task": task.pk,
        "file": file.pk,
        "person": world.id(OUTSIDER),
        "department": world.department_ids["south"],
    }
