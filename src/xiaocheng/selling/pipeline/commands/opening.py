"""Open opportunities, one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import custom_values, resolved, usable
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.catalogue.queries import names_of as product_names
from xiaocheng.selling.customers.queries import Traits, traits_of
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.events import OpportunityOpened
from xiaocheng.selling.pipeline.gates import field_gates, refuse_unmet
from xiaocheng.selling.pipeline.index import index
from xiaocheng.selling.pipeline.models import Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.facts import CREATE
from xiaocheng.selling.pipeline.options import OPPORTUNITY, SOURCE
from xiaocheng.selling.pipeline.queries.processes import Beginning, first_stages
from xiaocheng.selling.pipeline.spans import Credit, count, enter


@dataclass(frozen=True)
class OpportunityDraft:
    """What is asked for a new opportunity; a customer or a name is enough. No owner: the actor."""

    name: str = ""
    customer_id: int | None = None
    product_id: int | None = None
    amount: Decimal | None = None
    expected_close_on: dt.date | None = None
    source: str = ""
    owner_id: int | None = None
    process_id: int | None = None
    competitor: str = ""
    next_step: str = ""
    next_step_on: dt.date | None = None
    custom: Mapping[str, Any] | None = None  # the company's own fields by key; None: they were not asked for


NOBODY = Traits("", "", "")


@dataclass(frozen=True)
class _Known:
    """What was loaded once for a whole set of drafts."""

    customers: dict[int, Traits]
    products: dict[int, str]
    departments: dict[int, int]
    sources: frozenset[str]
    stages: dict[Beginning, Stage]
    taken: Taken  # of own fields that may not repeat

    def customer(self, draft: OpportunityDraft) -> Traits:
        return self.customers.get(draft.customer_id or 0, NOBODY)

    def customer_of(self, row: Opportunity) -> str:
        return self.customers.get(row.customer_id or 0, NOBODY).name


def open_opportunity(actor: Actor, draft: OpportunityDraft) -> Opportunity:
    """Open one opportunity in the first stage of its process."""
    return open_many(actor, [draft])[0]


@settled
@transaction.atomic
def open_many(actor: Actor, drafts: Sequence[OpportunityDraft]) -> list[Opportunity]:
    """Open opportunities, all or none; each beat once for the whole set."""
    drafts = [replace(draft, source=resolved(SOURCE, draft.source)) for draft in drafts]
    known = _load(actor, drafts)
    actor.require(WORK)
    opened = [_decide(actor, draft, known) for draft in drafts]
    Opportunity.objects.add_many(opened)
    credits = [Credit.of(row.owner_id, known.departments[row.owner_id], row.opened_at) for row in opened]
    spans = [enter(row, row.stage, credit, seq=1, is_first=True) for row, credit in zip(opened, credits, strict=True)]
    StageTransition.objects.add_many(
        [
            StageTransition(opportunity=row, to_stage=row.stage, kind=CREATE, by_id=actor.person_id, **vars(credit))
            for row, credit in zip(opened, credits, strict=True)
        ]
    )
    StageSpan.objects.add_many(spans)
    index((row.pk, row.name, row.number, known.customer_of(row), row.custom) for row in opened)
    record(actor, *(_event(row, span) for row, span in zip(opened, spans, strict=True)))
    return opened


def _load(actor: Actor, drafts: Sequence[OpportunityDraft]) -> _Known:
    owners = {draft.owner_id or actor.person_id or 0 for draft in drafts}
    known = traits_of(actor, {draft.customer_id for draft in drafts if draft.customer_id})
    return _Known(
        known,
        product_names(actor, [draft.product_id for draft in drafts]),
        credited_departments(sorted(owners), clock.today()),
        usable(SOURCE, {draft.source for draft in drafts}),
        first_stages(actor, [_beginning(draft, known.get(draft.customer_id or 0, NOBODY)) for draft in drafts]),
        Taken.among(actor, OPPORTUNITY, (draft.custom for draft in drafts)),
    )


def _beginning(draft: OpportunityDraft, customer: Traits) -> Beginning:
    return Beginning(draft.process_id, customer.kind, customer.industry)


def _decide(actor: Actor, draft: OpportunityDraft, known: _Known) -> Opportunity:
    """One draft against the rules; the row is not saved."""
    owner = draft.owner_id or actor.person_id or 0
    _check(actor, draft, owner, known)
    stage = known.stages[_beginning(draft, known.customer(draft))]
    now = clock.now()
    row = Opportunity(
        name=_name(draft, known),
        customer_id=draft.customer_id,
        product_id=draft.product_id,
        owner_id=owner,
        amount=draft.amount,
        expected_close_on=draft.expected_close_on,
        source=draft.source,
        competitor=draft.competitor.strip(),
        next_step=draft.next_step.strip(),
        next_step_on=draft.next_step_on,
        custom=custom_values(actor, OPPORTUNITY, draft.custom),
        version_id=stage.version_id,
        stage=stage,
        entered_stage_at=now,
        opened_at=now,
        last_activity_at=now,
    )
    row.check_values()
    refuse_unmet(field_gates(row, stage.enter_fields), stage)
    known.taken.refuse(row.custom)
    return row


def _check(actor: Actor, draft: OpportunityDraft, owner: int, known: _Known) -> None:
    if owner not in known.departments or not actor.sight.sees_person(owner):
        raise NotFound
    if draft.customer_id is not None and draft.customer_id not in known.customers:
        raise NotFound
    if draft.product_id is not None and draft.product_id not in known.products:
        raise NotFound
    if draft.source and draft.source not in known.sources:
        raise RuleBroken(_("请从列出的来源中选择。"), field="source")


def _name(draft: OpportunityDraft, known: _Known) -> str:
    parts = [known.customer(draft).name, known.products.get(draft.product_id or 0, "")]
    name = draft.name.strip() or " ".join(part for part in parts if part)[:120]
    if not name:
        raise RuleBroken(_("请选择客户,或写下商机名称。"), field="name")
    return name


def _event(row: Opportunity, span: StageSpan) -> OpportunityOpened:
    return OpportunityOpened(
        opportunity_id=row.pk,
        customer_id=row.customer_id,
        owner_id=row.owner_id,
        department_id=span.credit_department_id,
        booked_on=span.booked_on,
        stage=row.stage.name,
        amount=row.amount,
        name=row.name,
        spans=(count(span, 1),),
    )
