"""Contacts that are noted afterwards: the ten-second follow-up, and many at once from files and other systems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken, check_columns
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork.access import RECORD_FOR_OTHERS, VISIT
from xiaocheng.selling.fieldwork.events import ContactLogged, VisitCompleted
from xiaocheng.selling.fieldwork.judging import shortfalls_of
from xiaocheng.selling.fieldwork.models import Kind, LineOutcome, Outcome, PlanLine, Purpose, Result, Visit, VisitPlan
from xiaocheng.selling.fieldwork.queued import Queued, believed
from xiaocheng.selling.fieldwork.rules import FieldworkRules

from .follow_up import after_contacts
from .reach import check_contact, check_opportunity, customers_in_reach
from .visits import ATTACHABLE, completed

SET = 2000
TEXTS = ("note", "next_step", "opinion", "news", "competitor_facts", "problem", "solution")


@dataclass(frozen=True, kw_only=True)
class ContactDraft:
    """A contact as it is typed afterwards.

    `person_id` (who made it) and `left_at` (a visit's check-out, its check-in being `occurred_at`) are for taking over
    the history of others, which takes a capability of its own. `queued_at` is when a device without connection recorded
    it, `device_now` what its clock says as it sends it: the mark is kept if that clock is right.
    """

    customer_id: int
    kind: str = Kind.CALL
    occurred_at: dt.datetime | None = None
    outcome: str = Outcome.MET_OTHER
    result: str = ""
    note: str = ""
    next_step: str = ""
    next_on: dt.date | None = None
    purpose: str = Purpose.OTHER
    contact_id: int | None = None
    opportunity_id: int | None = None
    opinion: str = ""
    news: str = ""
    competitor_facts: str = ""
    problem: str = ""
    solution: str = ""
    person_id: int | None = None
    left_at: dt.datetime | None = None
    queued_at: dt.datetime | None = None
    device_now: dt.datetime | None = None

    @property
    def is_for_others(self) -> bool:
        """True when it takes over history."""
        return self.person_id is not None or self.left_at is not None


@dataclass(frozen=True)
class Logged:
    """What became of one draft: the contact, or the refusal."""

    visit_id: int | None = None
    refusal: Refusal | None = None


def log_contact(actor: Actor, draft: ContactDraft) -> Visit:
    """Note one contact that has taken place."""
    outcome = log_contacts_many(actor, [draft])[0]
    if outcome.refusal is not None:
        raise outcome.refusal
    visit: Visit = Visit.objects.visible_to(actor).get(pk=outcome.visit_id)
    return visit


def log_contacts_many(actor: Actor, drafts: Sequence[ContactDraft]) -> list[Logged]:
    """Note many contacts, at most 2,000 in a transaction, with an outcome for each."""
    outcomes: list[Logged] = []
    for some in in_sets(drafts, SET):
        with transaction.atomic():
            outcomes += _log_set(actor, some)
    return outcomes


def _log_set(actor: Actor, drafts: Sequence[ContactDraft]) -> list[Logged]:
    reach = customers_in_reach(actor, (draft.customer_id for draft in drafts))
    people = [draft.person_id or actor.person_id or 0 for draft in drafts]
    departments = credited_departments(sorted({*people}), clock.today())
    actor.require(RECORD_FOR_OTHERS if any(draft.is_for_others for draft in drafts) else VISIT)
    now = clock.now()
    outcomes: list[Visit | Refusal] = []
    for draft, person in zip(drafts, people, strict=True):
        try:
            _decide(actor, draft, reach, now)
            outcomes.append(_visit(actor, draft, person, departments[person], now))
        except Refusal as refusal:
            outcomes.append(refusal)
    visits = [item for item in outcomes if isinstance(item, Visit)]
    plans = _fulfil_lines(actor, visits)
    Visit.objects.add_many(visits)
    after_contacts(actor, visits)
    record(actor, *_events(visits, plans))
    return [Logged(visit_id=item.pk) if isinstance(item, Visit) else Logged(refusal=item) for item in outcomes]


def _decide(actor: Actor, draft: ContactDraft, reach: set[int], now: dt.datetime) -> None:
    if draft.customer_id not in reach and not _had_it(actor, draft, now):
        raise NotFound
    _check_codes(draft)
    _check_times(draft, now)
    if draft.opportunity_id is not None:
        check_opportunity(actor, draft.opportunity_id, draft.customer_id)
    if draft.contact_id is not None:
        check_contact(actor, draft.contact_id, draft.customer_id)


def _had_it(actor: Actor, draft: ContactDraft, now: dt.datetime) -> bool:
    """True for a contact from a device with a customer that has lapsed meanwhile but was the person's own then."""
    if _queued_at(draft, now) is None:
        return False
    return customers.was_own(actor, draft.customer_id, _happened_at(draft, now))


def _queued_at(draft: ContactDraft, now: dt.datetime) -> dt.datetime | None:
    """When a device recorded it, as far as its clock is to be believed and it arrives soon enough."""
    if draft.queued_at is None or draft.device_now is None or draft.is_for_others:
        return None
    return believed(Queued(draft.queued_at, draft.device_now), now)


def _happened_at(draft: ContactDraft, now: dt.datetime) -> dt.datetime:
    """When the contact took place; unless that is said, when it was recorded."""
    return draft.occurred_at or _queued_at(draft, now) or now


def _check_codes(draft: ContactDraft) -> None:
    if draft.kind not in Kind.values:
        raise RuleBroken(_("请选择联系方式。"), field="kind")
    if draft.outcome not in Outcome.values:
        raise RuleBroken(_("请选择见到了谁。"), field="outcome")
    if draft.result and draft.result not in Result.values:
        raise RuleBroken(_("请选择结果。"), field="result")
    if draft.kind == Kind.VISIT and not draft.result:
        raise RuleBroken(_("请选择结果。"), field="result")
    if draft.purpose not in Purpose.values:
        raise RuleBroken(_("请选择拜访目的。"), field="purpose")
    if draft.result == Result.NEXT_STEP and draft.next_on is None:
        raise RuleBroken(_("约定了下一步,请填写日期。"), field="next_on")


def _check_times(draft: ContactDraft, now: dt.datetime) -> None:
    at = _happened_at(draft, now)
    if at > now:
        raise RuleBroken(_("联系时间不能晚于现在。"), field="occurred_at")
    if draft.left_at is not None and not at <= draft.left_at <= now:
        raise RuleBroken(_("离开时间要在到达之后、现在之前。"), field="left_at")
    if draft.next_on is not None and draft.next_on < clock.day_of(at):
        raise RuleBroken(_("下一步日期不能早于这次联系。"), field="next_on")
    days = rules(FieldworkRules, clock.day_of(now)).back_date_days
    typed = _queued_at(draft, now) or now
    if typed < at:
        raise RuleBroken(_("联系时间不能晚于记录时间。"), field="occurred_at")
    if not draft.is_for_others and (clock.day_of(typed) - clock.day_of(at)).days > days:
        raise RuleBroken(_("只能补录 %(days)s 天以内的联系。") % {"days": days}, field="occurred_at")


def _visit(actor: Actor, draft: ContactDraft, person_id: int, department_id: int, now: dt.datetime) -> Visit:
    at = _happened_at(draft, now)
    result = draft.result or (Result.NEXT_STEP if draft.next_on else Result.NOTHING)
    is_visit = draft.kind == Kind.VISIT
    visit = Visit(
        credit_person_id=person_id,
        credit_department_id=department_id,
        occurred_at=at,
        recorded_at=now,
        booked_on=booking_day(clock.day_of(at)),
        kind=draft.kind,
        customer_id=draft.customer_id,
        contact_id=draft.contact_id,
        opportunity_id=draft.opportunity_id,
        purpose=draft.purpose,
        checked_in_at=at if is_visit and draft.left_at else None,
        checked_out_at=draft.left_at if is_visit else None,
        queued_at=_queued_at(draft, now),
        completed_at=now,
        outcome=draft.outcome,
        result=result,
        next_on=draft.next_on,
        is_off_plan=is_visit,
        **{name: getattr(draft, name) for name in TEXTS},
    )
    check_columns(visit, TEXTS)
    visit.is_effective = is_visit and not shortfalls_of(actor, visit, visit)
    return visit


def _fulfil_lines(actor: Actor, visits: Sequence[Visit]) -> dict[int, VisitPlan]:
    """Visits noted afterwards fulfil the open lines of their day's plan; gives the plans by line."""
    wanted = {_key(visit): visit for visit in visits if visit.kind == Kind.VISIT}
    if not wanted:
        return {}
    lines = PlanLine.objects.visible_to(actor).filter(
        plan__person_id__in={person for person, _day, _customer in wanted},
        plan__day__in={day for _person, day, _customer in wanted},
        outcome__in=ATTACHABLE,
        visit=None,
    )
    plans: dict[int, VisitPlan] = {}
    for line in lines.select_related("plan").order_by("position"):
        visit = wanted.pop((line.plan.person_id, line.plan.day, line.customer_id or 0), None)
        if visit is not None:
            visit.plan_line_id, visit.is_off_plan = line.pk, False
            plans[line.pk] = line.plan
    PlanLine.objects.visible_to(actor).filter(pk__in=plans).update(outcome=LineOutcome.DONE, reason="")
    return plans


def _key(visit: Visit) -> tuple[int, dt.date, int]:
    return visit.credit_person_id, clock.day_of(visit.occurred_at), visit.customer_id or 0


def _events(visits: Sequence[Visit], plans: dict[int, VisitPlan]) -> Iterator[VisitCompleted | ContactLogged]:
    for visit in visits:
        if visit.kind == Kind.VISIT:
            plan = plans.get(visit.plan_line_id or 0)
            yield completed(visit, plan if plan and plan.submitted_at else None)
        else:
            yield ContactLogged(
                visit_id=visit.pk,
                customer_id=visit.customer_id,
                opportunity_id=visit.opportunity_id,
                person_id=visit.credit_person_id,
                department_id=visit.credit_department_id,
                booked_on=visit.booked_on,
                kind_of=visit.kind,
                outcome=visit.outcome,
                result=visit.result,
                next_on=visit.next_on,
            )
