"""One row of every kind that belongs to 钱外人 of the south, each with a marker in every text that a person typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from tests.support.kept import made_once
from tests.world import World
from xiaocheng.control.reports.commands import ReportText, comment
from xiaocheng.control.reports.commands import submit as submit_report
from xiaocheng.control.targets.commands import TargetDraft, set_targets
from xiaocheng.control.targets.queries import Target
from xiaocheng.foundation.fields.commands import FieldDraft, ViewDraft, add_field, save_view
from xiaocheng.foundation.fields.conditions import Condition, Rule
from xiaocheng.foundation.files.commands import attach
from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.import_export.commands import upload
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.models import JournalEntry
from xiaocheng.foundation.org.commands import add_duty_site, delegate, edit_role, issue_token
from xiaocheng.insight.commands import (
    ActionDraft,
    CallDraft,
    ChangeDraft,
    ReviewText,
    begin_review,
    call_forecast,
    edit_review,
    expect_change,
)
from xiaocheng.insight.models import ChanceTest, ProcessReview, WinChance
from xiaocheng.interface.notifications.commands import tell
from xiaocheng.interface.notifications.models import Notification
from xiaocheng.selling.catalogue.commands import ProductDraft, add_product
from xiaocheng.selling.customers.commands import (
    ContactDraft,
    Contacted,
    CustomerDraft,
    GroupDraft,
    HandoverDraft,
    ReceptionDraft,
    add_contact,
    add_group,
    add_to_group,
    answer_dispute,
    answer_question,
    ask_extension,
    decide_dispute,
    decline_restore,
    find_duplicates,
    merge,
    offer_restores,
    open_dispute,
    plan_handover,
    receive,
    register,
    standard_pool,
    write_note,
)
from xiaocheng.selling.customers.models import DuplicatePair, OwnerQuestion, OwnershipEpisode, RestoreOffer
from xiaocheng.selling.expenses.commands import ExpenseDraft, cancel_expense, correct_expense, record_expense
from xiaocheng.selling.expenses.models import Expense
from xiaocheng.selling.fieldwork.commands import (
    LineDraft,
    MarketText,
    RequestDraft,
    VisitResult,
    add_line,
    ask_attendance,
    check_in,
    check_out,
    close_market,
    draft_plan,
    merge_market,
    record_result,
    reopen_market,
    report_market,
    submit_plan,
)
from xiaocheng.selling.fieldwork.queries import MarketReport
from xiaocheng.selling.pipeline.commands import (
    CompetitorDraft,
    OpportunityDraft,
    RemarkDraft,
    RivalDraft,
    TacticDraft,
    add_competitor,
    install_template,
    lose,
    open_opportunity,
    remark,
    set_rivals,
    tick,
    use_tactic,
    win,
    write_tactic,
)
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.service.commands import ComplaintDraft, Settlement, close_complaint, raise_complaint
from xiaocheng.selling.service.models import Complaint
from xiaocheng.selling.tasks.commands import note
from xiaocheng.selling.trade.commands import (
    OrderDraft,
    OrderLineDraft,
    ReceiptDraft,
    SaleDraft,
    enter_receipt,
    place_order,
    record_sales,
)

MARKER = "ZQX7MARK"
OUTSIDER = "south_rep"
CUSTOMISED = ("customers.customer", "customers.contact", "pipeline.opportunity")
# Who sees the outsider's rows: himself, his line, and who sees everyone.
IN_SIGHT = ("south_rep", "south_manager", "director", "administrator")
ADMINISTERED = ("south_rep", "administrator")
# The kinds of rows that not everybody may see, and who does; whoever does not gets 404.
SEEN_BY = {
    **dict.fromkeys(
        (
            "customer",
            "other",
            "contact",
            "other_contact",
            "opportunity",
            "won",
            "lost",
            "plan",
            "line",
            "visit",
            "report",
            "reception",
            "receipt",
            "order",
            "complaint",
            "expense",
            "market_report",
            "attendance_request",
            "target",
        ),
        IN_SIGHT,
    ),
    **dict.fromkeys(
        ("task", "file", "notification", "extension", "dispute", "restore", "question", "customer_note"), IN_SIGHT
    ),
    **dict.fromkeys(("token", "delegation"), ADMINISTERED),
    "group": (*IN_SIGHT, "promoter"),  # of their department
    "rule_group": ("south_rep",),  # a private one
    "view": (OUTSIDER,),
    **dict.fromkeys(("handover", "pair", "process_review"), ("south_manager", "director", "administrator")),
    "merge": ("south_manager", "director", "administrator"),
    "import": ("south_manager", "director", "administrator"),
}
MONDAY = dt.date(2026, 3, 2)


def rows_of_the_outsider(world: World) -> dict[str, int]:
    """The rows, made on a Monday morning; their ids by kind."""
    return dict(made_once("rows of the outsider", lambda: _make(world)))


def _make(world: World) -> dict[str, int]:
    _let_managers_export(world)
    actor, manager = world.actor(OUTSIDER), world.actor("south_manager")
    with clock.as_of(clock.instant(MONDAY, dt.time(8))):
        process = install_template(SYSTEM, "standard")
        product = add_product(SYSTEM, ProductDraft(code="P1", name="包装机", list_price=Decimal(1000)))
        own = {key: add_field(SYSTEM, key, "text", FieldDraft(name="暗号", is_filter=False)) for key in CUSTOMISED}
        customer = register(
            actor,
            CustomerDraft(
                name=f"{MARKER}机械有限公司",
                phone="13912345678",
                needs=MARKER,
                custom={own["customers.customer"].key: MARKER},
            ),
        )
        asked = ask_extension(actor, customer.pk, 3, MARKER)
        said = {own["customers.contact"].key: MARKER}
        same = register(actor, CustomerDraft(name=f"{MARKER}又一家"))
        other = register(actor, CustomerDraft(name=f"{MARKER}第三家"))
        merged = merge(manager, customer.pk, same.pk)
        contact = add_contact(
            actor, ContactDraft(customer_id=customer.pk, name=f"{MARKER}先生", note=MARKER, custom=said)
        )
        other_contact = add_contact(actor, ContactDraft(customer_id=customer.pk, name=f"{MARKER}女士"))
        deal = _deal(actor, customer.pk, product.pk)
        plan = draft_plan(actor, MONDAY)
        line = add_line(actor, plan.pk, LineDraft(customer_id=customer.pk, note=MARKER))
        submit_plan(actor, plan.pk)
        visit = check_in(actor, line_id=line.pk)
        result = VisitResult(outcome="met_decider", result="need", note=MARKER, opinion=MARKER, news=MARKER)
        visit = record_result(actor, visit.pk, visit.edit_version, result)
        check_out(actor, visit.pk)
        record_sales(
            SYSTEM,
            [
                SaleDraft(
                    customer=customer.name,
                    occurred_on=MONDAY,
                    number=f"{MARKER}-1",
                    product=MARKER,
                    amount=Decimal(1200),
                    profit=Decimal(300),
                    note=MARKER,
                )
            ],
        )
        task = note(actor, MARKER, MONDAY, customer_id=customer.pk)
        file = attach(actor, "customers.customer", customer.pk, f"{MARKER}.txt", MARKER.encode())
        reception = receive(
            actor,
            ReceptionDraft(customer_id=customer.pk, name=MARKER, companions=MARKER, phone="13912345678", note=MARKER),
        )
        won, lost = (_deal(actor, customer.pk, product.pk) for _each in range(2))
        win(world.actor("director"), won.pk, "price", bypass=True)
        lose(actor, lost.pk, "price", note=MARKER)
        tactic = write_tactic(
            actor, won.pk, TacticDraft("先谈交期", "比价之前")
        )  # for the company to read, unlike the deal
        use_tactic(actor, deal.pk, tactic.pk)
        rival = add_competitor(SYSTEM, CompetitorDraft(name="宏达机电"))
        set_rivals(actor, deal.pk, [RivalDraft(rival.pk, MARKER)])
        deal.refresh_from_db()
        remarked = remark(actor, deal.stage_id, RemarkDraft("slow", "核价太慢", opportunity_id=deal.pk))
        paid = ReceiptDraft(
            customer_id=customer.pk, amount=Decimal(100), received_on=MONDAY, number=MARKER, note=MARKER
        )
        receipt = enter_receipt(actor, paid)
        wanted = [OrderLineDraft(product_id=product.pk, quantity=Decimal(2), price=Decimal(5))]
        ordered = OrderDraft(customer_id=customer.pk, ordered_on=MONDAY, lines=wanted, note=MARKER)
        order = place_order(actor, ordered)
        tuesday = MONDAY + dt.timedelta(days=1)
        deputy = delegate(actor, actor.person_id or 0, world.id("promoter"), tuesday, tuesday, MARKER)
        asked_for = RequestDraft(kind="leave", leave_kind="sick", reason=MARKER, first_on=tuesday)
        leave = ask_attendance(actor, asked_for)
        token, _secret = issue_token(actor, MARKER)
        site = add_duty_site(SYSTEM, "展厅", "site", world.department_ids["south"])
    with clock.as_of(clock.instant(MONDAY, dt.time(19))):
        report = submit_report(actor, MONDAY, ReportText(judgement=MARKER, learnt=MARKER, tomorrow=MARKER))
        comment(manager, report.pk, MARKER)
        tell(SYSTEM)
    case = open_dispute(world.actor("director"), customer.pk, MARKER)
    answer_dispute(actor, case.pk, MARKER)
    decide_dispute(world.actor("administrator"), case.pk, "stays", MARKER)
    job = upload(manager, f"{MARKER}.csv", lambda path: path.write_text(f"客户名称\n{MARKER}\n", encoding="utf-8"))
    note_of_it = Notification.objects.visible_to(actor).filter(person_id=actor.person_id).latest("pk")
    stage = deal.stage
    group = add_group(manager, GroupDraft(name=f"{MARKER}分组", strategy=MARKER, sharing="department"))
    add_to_group(actor, group.pk, [customer.pk])
    for _twice in range(2):
        register(actor, CustomerDraft(name="登记两次的公司", despite_duplicates=True))
    find_duplicates(SYSTEM)
    rule = Rule("all", ((Condition("name", "has", (MARKER,)),),))
    by_rule = add_group(actor, GroupDraft(name=f"{MARKER}规则", strategy=MARKER, rule=rule))
    _tell_chance(deal.pk)
    return {
        "view": save_view(actor, "customers:list", ViewDraft(name=MARKER, query=f"q={MARKER}")).pk,
        "field": own["pipeline.opportunity"].pk,
        "group": group.pk,
        "rule_group": by_rule.pk,
        "remark": remarked.pk,
        "tactic": tactic.pk,
        "competitor": rival.pk,
        "process_review": _review(world, process.pk).pk,
        "forecast_call": call_forecast(actor, CallDraft(clock.today(), Decimal(1000), MARKER)).pk,
        "expected_change": expect_change(world.actor("director"), ChangeDraft("展会", MONDAY, MONDAY, 20)).pk,
        "won": won.pk,
        "lost": lost.pk,
        "delegation": deputy.pk,
        "token": token.pk,
        "site": site.pk,
        "import": job.pk,
        "notification": note_of_it.pk,
        "stage": stage.pk,
        "version": stage.version_id,
        "pool": standard_pool("public").pk,
        "role": world.person("east_rep").role_id,
        "entry": JournalEntry.objects.latest("pk").pk,
        "process": process.pk,
        "product": product.pk,
        "merge": merged.merge_id,
        "reception": reception.pk,
        "receipt": receipt.pk,
        "order": order.pk,
        "complaint": _complaint(world, customer.pk).pk,
        "expense": _expense(world, customer.pk).pk,
        "market_report": _market_report(world, customer.pk).pk,
        "attendance_request": leave.pk,
        "pair": DuplicatePair.rows.get().pk,
        "handover": plan_handover(manager, HandoverDraft(person_id=world.id(OUTSIDER), kind="away", note=MARKER)).pk,
        "other": other.pk,
        "customer": customer.pk,
        "extension": asked.pk,
        "dispute": case.pk,
        "question": _question(world, customer.pk).pk,
        "customer_note": write_note(world.actor(OUTSIDER), customer.pk, MARKER).pk,
        "restore": _offer(world, customer.pk).pk,
        "contact": contact.pk,
        "other_contact": other_contact.pk,
        "opportunity": deal.pk,
        "plan": plan.pk,
        "line": line.pk,
        "visit": visit.pk,
        "report": report.pk,
        "target": _target(world).pk,
        "task": task.pk,
        "file": file.pk,
        "person": world.id(OUTSIDER),
        "department": world.department_ids["south"],
    }


def _market_report(world: World, customer_id: int) -> MarketReport:
    """What the outsider reported about the market on that Monday, twice; closed, and reopened."""
    said = MarketText(kind="promotion", severity="serious", description=MARKER, area=MARKER, customer_id=customer_id)
    manager = world.actor("south_manager")
    with clock.as_of(clock.instant(MONDAY, dt.time(11))):
        row, same = (report_market(world.actor(OUTSIDER), said) for _each in range(2))
        row = merge_market(manager, row.pk, [same.pk])
        row = close_market(manager, row.pk, row.edit_version, MARKER)
        return reopen_market(manager, row.pk, row.edit_version)


def _expense(world: World, customer_id: int) -> Expense:
    """What the outsider spent for his customer on that Monday: one that was corrected and cancelled, and one more."""
    outsider = world.actor(OUTSIDER)
    said = ExpenseDraft(spent_on=MONDAY, kind="transport", amount=Decimal(40), customer_id=customer_id, note=MARKER)
    with clock.as_of(clock.instant(MONDAY, dt.time(10))):
        wrong = record_expense(outsider, replace(said, note=""))
        wrong = correct_expense(outsider, wrong.pk, wrong.edit_version, said)
        cancel_expense(outsider, wrong.pk, wrong.edit_version, MARKER)
        return record_expense(outsider, said)


def _target(world: World) -> Target:
    """What the outsider's manager expects of him in that month, changed once."""
    manager, month = world.actor("south_manager"), MONDAY.replace(day=1)
    for version in (0, 1):
        said = TargetDraft(
            person_id=world.id(OUTSIDER), measure="trade.received", month=month, value=Decimal(4321 + version),
            basis=MARKER, version=version,
        )  # fmt: skip
        [outcome] = set_targets(manager, [said])
    assert outcome.target is not None, outcome.refusal
    return outcome.target


def _complaint(world: World, customer_id: int) -> Complaint:
    """What the outsider's customer complained of, on that Monday: one that was settled, and one that is open."""
    said = ComplaintDraft(customer_id=customer_id, kind="quality", severity="serious", description=MARKER, cause=MARKER)
    with clock.as_of(clock.instant(MONDAY, dt.time(10))):
        done = raise_complaint(world.actor(OUTSIDER), said)
        settled = Settlement(measures=MARKER, outcome=MARKER)
        close_complaint(world.actor(OUTSIDER), done.pk, done.edit_version, settled)
        return raise_complaint(world.actor(OUTSIDER), said)


def _tell_chance(opportunity_id: int) -> None:
    """What the night would have told of the outsider's deal, had there been deals to learn from."""
    ChanceTest.objects.create(as_of=MONDAY, within_days=90, tells=True, auc=0.7, base=0.4)
    at = Opportunity.objects.visible_to(SYSTEM).get(pk=opportunity_id).span_seq
    WinChance.objects.create(
        opportunity_id=opportunity_id, span_seq=at, chance=0.5, is_slow=False, reasons={"up": [], "down": []}
    )


def _question(world: World, customer_id: int) -> OwnerQuestion:
    """What the outsider was asked about his customer, and answered."""
    asked = OwnerQuestion(
        customer_id=customer_id, asker_id=world.id("south_manager"), owner_id=world.id(OUTSIDER), typed=MARKER,
        text=MARKER, asked_at=clock.now(),
    )  # fmt: skip
    OwnerQuestion.objects.add(asked)
    return answer_question(world.actor(OUTSIDER), asked.pk, "own", MARKER)


def _review(world: World, process_id: int) -> ProcessReview:
    """A review of the process by the outsider's manager, not finished."""
    manager = world.actor("south_manager")
    row = begin_review(manager, process_id, MONDAY, MONDAY)
    action = ActionDraft(world.id(OUTSIDER), clock.today(), MARKER)
    return edit_review(manager, row.pk, row.edit_version, ReviewText(MARKER, MARKER, MARKER, actions=[action]))


def _offer(world: World, customer_id: int) -> RestoreOffer:
    """A lapse of the outsider's that was not taken back."""
    now, person = clock.now(), world.id(OUTSIDER)
    begun, ended = now - dt.timedelta(days=60), now - dt.timedelta(days=50)
    lapsed = OwnershipEpisode(
        customer_id=customer_id, person_id=person, started_at=begun, started_cause="import", ended_at=ended,
        ended_cause="lapse",
    )  # fmt: skip
    OwnershipEpisode.objects.add(lapsed)
    offer_restores(SYSTEM, [Contacted(customer_id, person, ended, queued_at=ended)])
    offer = RestoreOffer.rows.get(episode=lapsed)
    return decline_restore(world.actor("south_manager"), offer.pk, MARKER)


def _deal(actor: Actor, customer_id: int, product_id: int) -> Opportunity:
    draft = OpportunityDraft(
        name=f"{MARKER}商机", customer_id=customer_id, product_id=product_id, amount=Decimal(1000), next_step=MARKER
    )
    row = open_opportunity(actor, draft)
    return tick(actor, row.pk, "identify-2", f"{MARKER}步骤")


def _let_managers_export(world: World) -> None:
    """Somebody who may export without seeing everyone, or nobody would see an export that ignores sight."""
    role = world.role("manager")
    edit_role(SYSTEM, role.pk, role.edit_version, name=role.name, allowed=[*role.capabilities, EXPORT])
