"""Every way to change complaints."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from xiaocheng.foundation.approvals import commands as approvals
from xiaocheng.foundation.fields.changes import differing, kept_of
from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import assignable, credited_departments, next_workday, person
from xiaocheng.selling.catalogue import queries as catalogue
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.states import Severity
from xiaocheng.selling.tasks import commands as tasks

from .access import HANDLE
from .events import (
    ComplaintAlarmed,
    ComplaintClosed,
    ComplaintEdited,
    ComplaintHandedOn,
    ComplaintJudged,
    ComplaintRaised,
    ComplaintReopened,
    ComplaintTakenUp,
)
from .models import Complaint, ComplaintClosing, Satisfaction
from .options import COMPLAINT_KIND
from .queries import handles
from .rules import ComplaintRules
from .states import CLOSED, COMPLAINT, IN_WORK, OPEN

KIND = "service.complaint"  # of its alarms and its tasks
LONGEST_REASON = 500


@dataclass(frozen=True, kw_only=True)
class ComplaintText:
    """What is known about a complaint; without a day `due_on` follows the severity."""

    kind: str
    severity: str
    description: str
    contact_id: int | None = None
    product_id: int | None = None
    due_on: dt.date | None = None
    cause: str = ""
    measures: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintDraft(ComplaintText):
    """A complaint as it is taken down; without a name the customer's owner is responsible, else who takes it down."""

    customer_id: int
    responsible_id: int | None = None
    visit_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How a complaint was settled; the customer may be asked for his judgement later."""

    measures: str
    outcome: str = ""
    cause: str = ""
    satisfaction: str = ""


TOLD = tuple(item.name for item in fields(ComplaintText))


@transaction.atomic
def raise_complaint(actor: Actor, draft: ComplaintDraft) -> Complaint:
    """Take down a complaint of a customer whom one sees; one that cannot wait is told to the supervisor at once."""
    customer = customers.customer(actor, draft.customer_id)
    actor.require(HANDLE)
    if customer.is_masked_for(actor):
        raise RuleBroken(_("客户在公海中,领取或分配之后才能登记投诉。"), field="customer_id")
    if draft.visit_id is not None and fieldwork.visit(actor, draft.visit_id).customer_id != customer.pk:
        raise RuleBroken(_("这次拜访不是这位客户的。"), field="visit_id")
    person_id, department_id = actor.credited()
    responsible = draft.responsible_id or customer.owner_id or person_id
    if responsible not in (customer.owner_id, person_id):
        _check_responsible(actor, responsible)
    now = clock.now()
    values = _values(actor, draft, customer.pk, clock.today())
    row: Complaint = Complaint.objects.add(
        Complaint(
            **values,
            customer_id=customer.pk,
            visit_id=draft.visit_id,
            responsible_id=responsible,
            state=OPEN,
            credit_person_id=person_id,
            credit_department_id=department_id,
            occurred_at=now,
            recorded_at=now,
            booked_on=booking_day(clock.today()),
        )
    )
    record(
        actor,
        ComplaintRaised(
            complaint_id=row.pk,
            customer_id=row.customer_id,
            person_id=person_id,
            department_id=department_id,
            booked_on=row.booked_on,
            kind_of=row.kind,
            severity=row.severity,
        ),
    )
    if responsible != person_id:
        record(actor, _handed_on(row, None))
    _push(actor, row)
    if row.is_urgent:
        _alarm(actor, row)
    return row


@transaction.atomic
def edit_complaint(actor: Actor, complaint_id: int, version: int, text: ComplaintText) -> Complaint:
    """Change what is known; a severity that rises to urgent is told at once, one that falls ends the alarm."""
    row = _locked(actor, complaint_id)
    _refuse_strangers(actor, row, or_author=True)
    if row.state == CLOSED:
        raise RuleBroken(_("投诉已经结案,要修改请先重新处理。"))
    told, was_urgent, was_due = kept_of(row, TOLD), row.is_urgent, row.due_on
    values = _values(actor, text, row.customer_id, clock.day_of(row.occurred_at), row)
    save_edit(row, version, **values)
    before, after = differing(told, kept_of(row, TOLD))
    if before:
        record(
            actor,
            ComplaintEdited(complaint_id=row.pk, customer_id=row.customer_id, before=before, after=after),
        )
    if row.due_on != was_due:
        _push(actor, row)
    if row.is_urgent and not was_urgent and row.state == OPEN:
        _alarm(actor, row)
    if was_urgent and not row.is_urgent:
        approvals.end_alarms(actor, KIND, [row.pk])
    return row


@transaction.atomic
def take_up(actor: Actor, complaint_id: int) -> Complaint:
    """Begin to handle a complaint: from now on it climbs no further. Twice the same tap takes it up once."""
    row = _locked(actor, complaint_id)
    _refuse_strangers(actor, row)
    if row.state == IN_WORK:
        return row
    state = COMPLAINT.after(row.state, "take_up")
    save_edit(row, row.edit_version, state=state, taken_up_at=clock.now())
    approvals.end_alarms(actor, KIND, [row.pk])
    record(actor, ComplaintTakenUp(complaint_id=row.pk, customer_id=row.customer_id, person_id=row.credit_person_id))
    return row


@transaction.atomic
def hand_on(actor: Actor, complaint_id: int, version: int, responsible_id: int) -> Complaint:
    """Make somebody whom one may give work responsible for an open complaint."""
    row = _locked(actor, complaint_id)
    _refuse_strangers(actor, row)
    if row.state == CLOSED:
        raise RuleBroken(_("投诉已经结案,要修改请先重新处理。"))
    _check_responsible(actor, responsible_id)
    former = row.responsible_id
    save_edit(row, version, responsible_id=responsible_id)
    if former != responsible_id:
        record(actor, _handed_on(row, former))
        _push(actor, row)
    return row


@transaction.atomic
def close_complaint(actor: Actor, complaint_id: int, version: int, done: Settlement) -> Complaint:
    """Close a complaint with the measures that were taken."""
    row = _locked(actor, complaint_id)
    _refuse_strangers(actor, row)
    state = COMPLAINT.after(row.state, "close")
    if not done.measures.strip():
        raise RuleBroken(_("请写明采取了什么措施。"), field="measures")
    _check_satisfaction(done.satisfaction)
    now = clock.now()
    texts = {name: value.strip() for name, value in asdict(done).items()}
    save_edit(row, version, state=state, taken_up_at=row.taken_up_at or now, closed_at=now, **texts)
    approvals.end_alarms(actor, KIND, [row.pk])
    tasks.withdraw(actor, KIND, [_about(row)])
    department = credited_departments([row.responsible_id], clock.today())[row.responsible_id]
    closing = _closing(row, 1, row.responsible_id, department)
    record(
        actor,
        ComplaintClosed(
            complaint_id=row.pk, customer_id=row.customer_id, person_id=row.credit_person_id, closings=(closing,)
        ),
    )
    return row


@transaction.atomic
def reopen_complaint(actor: Actor, complaint_id: int, version: int, reason: str) -> Complaint:
    """Take a closed complaint up again: the closing is taken out of the count, today, for whom it counted."""
    row = _locked(actor, complaint_id)
    _refuse_strangers(actor, row, or_author=True)
    state = COMPLAINT.after(row.state, "reopen")
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise RuleBroken(_("请写明重新处理的原因,不超过 %(count)s 个字。") % {"count": LONGEST_REASON}, field="reason")
    due_on = _due_on(row.severity, clock.today())
    save_edit(row, version, state=state, closed_at=None, satisfaction="", due_on=due_on)
    last = row.closings.latest("pk")
    closing = _closing(row, -1, last.credit_person_id, last.credit_department_id)
    record(
        actor,
        ComplaintReopened(
            complaint_id=row.pk,
            customer_id=row.customer_id,
            to_id=row.responsible_id,
            reason=reason.strip(),
            closings=(closing,),
        ),
    )
    _push(actor, row)
    return row


@transaction.atomic
def judge_complaint(actor: Actor, complaint_id: int, version: int, satisfaction: str) -> Complaint:
    """Note what the customer thinks of how his complaint was handled, once it is closed."""
    row = _locked(actor, complaint_id)
    _refuse_strangers(actor, row, or_author=True)
    if row.state != CLOSED:
        raise RuleBroken(_("结案之后再登记客户的评价。"))
    if not satisfaction:
        raise RuleBroken(_("请选择客户的评价。"), field="satisfaction")
    _check_satisfaction(satisfaction)
    save_edit(row, version, satisfaction=satisfaction)
    record(actor, ComplaintJudged(complaint_id=row.pk, customer_id=row.customer_id, satisfaction=satisfaction))
    return row


def escalate_complaints(actor: Actor) -> int:
    """Tell the next in line of complaints that cannot wait and that nobody took up in time; gives how many."""
    with transaction.atomic():
        told = approvals.climb(actor, KIND)
        rows = Complaint.objects.visible_to(actor).filter(pk__in=told, state=OPEN)
        events = [_alarmed(row, told[row.pk], in_vain=True) for row in rows]
        record(actor, *events)
    return len(events)


def _locked(actor: Actor, complaint_id: int) -> Complaint:
    row: Complaint = Complaint.objects.locked(actor, complaint_id)
    actor.require(HANDLE)
    return row


def _refuse_strangers(actor: Actor, row: Complaint, *, or_author: bool = False) -> None:
    """Whoever only sees a complaint because the customer is his may follow it, not handle it."""
    if not handles(actor, row, or_author=or_author):
        raise RuleBroken(_("投诉由负责处理的人或其主管处理,您可以查看。"))


def _check_responsible(actor: Actor, person_id: int) -> None:
    if not assignable(actor).filter(pk=person_id).exists():
        raise RuleBroken(_("请选择您团队中的一位在职人员。"), field="responsible_id")


def _check_satisfaction(satisfaction: str) -> None:
    if satisfaction and satisfaction not in Satisfaction.values:
        raise RuleBroken(_("请从列出的选项中选择。"), field="satisfaction")


def _values(
    actor: Actor, text: ComplaintText, customer_id: int, since: dt.date, former: Complaint | None = None
) -> dict[str, Any]:
    """The columns of what is known, checked; a value that stands there already may stay though it is out of use."""
    kind = resolved(COMPLAINT_KIND, text.kind)
    if not usable(COMPLAINT_KIND, [kind]) and (former is None or kind != former.kind):
        raise RuleBroken(_("请从列出的选项中选择。"), field="kind")
    if text.severity not in Severity.values:
        raise RuleBroken(_("请选择严重程度。"), field="severity")
    if not text.description.strip():
        raise RuleBroken(_("请写明客户投诉了什么。"), field="description")
    known = {contact.pk for contact in customers.contacts(actor, customer_id)} if text.contact_id else set()
    if text.contact_id not in {None, former and former.contact_id} | known:
        raise RuleBroken(_("这位联系人不属于所选客户,请重新选择。"), field="contact_id")
    if text.product_id is not None:
        catalogue.product(actor, text.product_id)
    if text.due_on is not None and text.due_on < since:
        raise RuleBroken(_("处理期限不能早于登记的那一天。"), field="due_on")
    return {
        "kind": kind,
        "severity": text.severity,
        "description": text.description.strip(),
        "contact_id": text.contact_id,
        "product_id": text.product_id,
        "due_on": text.due_on or _due_on(text.severity, since),
        "cause": text.cause.strip(),
        "measures": text.measures.strip(),
    }


def _due_on(severity: str, since: dt.date) -> dt.date:
    return next_workday(since, rules(ComplaintRules, since).days_for(severity))


def _closing(row: Complaint, sign: int, person_id: int, department_id: int) -> ComplaintClosing:
    now = clock.now()
    found: ComplaintClosing = ComplaintClosing.objects.add(
        ComplaintClosing(
            complaint=row,
            sign=sign,
            credit_person_id=person_id,
            credit_department_id=department_id,
            occurred_at=now,
            recorded_at=now,
            booked_on=booking_day(clock.today()),
        )
    )
    return found


def _handed_on(row: Complaint, former: int | None) -> ComplaintHandedOn:
    name = person(SYSTEM, row.responsible_id).name
    return ComplaintHandedOn(
        complaint_id=row.pk, customer_id=row.customer_id, from_id=former, to_id=row.responsible_id, to_name=name
    )


def _alarm(actor: Actor, row: Complaint) -> None:
    if told := approvals.raise_alarm(actor, KIND, row.pk, row.credit_person_id):
        record(actor, _alarmed(row, told, in_vain=False))


def _alarmed(row: Complaint, told: list[int], *, in_vain: bool) -> ComplaintAlarmed:
    return ComplaintAlarmed(
        complaint_id=row.pk, customer_id=row.customer_id, severity=row.severity, told=tuple(told), in_vain=in_vain
    )


def _about(row: Complaint) -> str:
    return f"{KIND}:{row.pk}"


def _push(actor: Actor, row: Complaint) -> None:
    """One task for whoever is responsible now, instead of a former one."""
    tasks.withdraw(actor, KIND, [_about(row)])
    with override(person(SYSTEM, row.responsible_id).language):
        name = customers.names_of(SYSTEM, [row.customer_id])[row.customer_id]
        title = _("处理投诉:「%(customer)s」,%(severity)s") % {
            "customer": name,
            "severity": Severity(row.severity).label,
        }
    draft = tasks.TaskDraft(
        kind=KIND,
        about=_about(row),
        occurrence=str(row.edit_version),
        person_id=row.responsible_id,
        title=title[:200],
        due_on=row.due_on,
        customer_id=row.customer_id,
    )
    tasks.push(actor, [draft])
