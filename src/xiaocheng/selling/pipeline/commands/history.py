"""Bring in opportunities of a former system with their history, past the gates, marked as imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import custom_values
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.errors import NotFound, Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import credited_departments
from xiaocheng.selling.catalogue.queries import names_of as product_names
from xiaocheng.selling.customers.commands import note_first_deals
from xiaocheng.selling.customers.commands.contacted import Deal
from xiaocheng.selling.customers.queries import names_of as customer_names
from xiaocheng.selling.pipeline.access import IMPORT_HISTORY
from xiaocheng.selling.pipeline.events import OpportunityImported
from xiaocheng.selling.pipeline.index import index
from xiaocheng.selling.pipeline.models import Closing, Opportunity, Stage, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.processes import WON
from xiaocheng.selling.pipeline.numbers import taken_by_ours
from xiaocheng.selling.pipeline.options import OPPORTUNITY
from xiaocheng.selling.pipeline.past import Days, HistoricDeal, Past, build
from xiaocheng.selling.pipeline.queries.processes import version
from xiaocheng.selling.pipeline.spans import count

SET = 2000
BECAUSE = "a deal of the former system is imported once, whoever may see it"


@dataclass(frozen=True)
class Imported:
    """What became of one deal: its row and whether it is new, or why it was refused."""

    number: str
    opportunity_id: int | None = None
    is_new: bool = False
    refusal: Refusal | None = None


@dataclass(frozen=True)
class _Known:
    """What was loaded once for a set of deals."""

    stages: list[Stage]
    customers: dict[int, str]
    products: dict[int, str]
    departments: dict[int, int]
    quoted: set[str]
    days: Days
    taken: Taken  # of own fields that may not repeat


def import_history(actor: Actor, version_id: int, deals: Sequence[HistoricDeal]) -> list[Imported]:
    """Import deals, at most 2,000 in a transaction; a number that is there already adds nothing."""
    outcomes: list[Imported] = []
    for some in in_sets(deals, SET):
        outcomes += _import_set(actor, version_id, some)
    return outcomes


@settled
@transaction.atomic
def _import_set(actor: Actor, version_id: int, deals: Sequence[HistoricDeal]) -> list[Imported]:
    known, there = _load(actor, version_id, deals)
    actor.require(IMPORT_HISTORY)
    built: dict[str, Past] = {}
    outcomes: list[Imported | str] = []
    for deal in deals:
        if deal.number in there:
            outcomes.append(Imported(deal.number, there[deal.number]))
            continue
        try:
            built[deal.number] = _decide(actor, deal, known, built)
            outcomes.append(deal.number)
        except Refusal as refusal:
            outcomes.append(Imported(deal.number, refusal=refusal))
    _save(actor, list(built.values()), known.customers)
    record(actor, *(_event(past) for past in built.values()))
    _note_first_deals(actor, list(built.values()))
    return [Imported(item, built[item].row.pk, is_new=True) if isinstance(item, str) else item for item in outcomes]


def _load(actor: Actor, version_id: int, deals: Sequence[HistoricDeal]) -> tuple[_Known, dict[str, int]]:
    days = Days()
    numbers = [deal.number for deal in deals]
    there = Opportunity.objects.beyond_sight(because=BECAUSE).filter(number__in=numbers)
    known = _Known(
        list(version(actor, version_id).stages.all()),
        customer_names(actor, [deal.customer_id for deal in deals]),
        product_names(actor, [deal.product_id for deal in deals]),
        credited_departments(sorted({deal.owner_id for deal in deals}), days.today),
        taken_by_ours(numbers),
        days,
        Taken.among(actor, OPPORTUNITY, (deal.custom for deal in deals)),
    )
    return known, dict(there.values_list("number", "pk"))


def _decide(actor: Actor, deal: HistoricDeal, known: _Known, built: dict[str, Past]) -> Past:
    """One deal against the rules, as rows that are not saved."""
    if not deal.number.strip():
        raise RuleBroken(_("缺少商机编号。"), field="number")
    if deal.number in known.quoted:
        raise RuleBroken(
            _("编号 %(number)s 是本系统里另一个商机的编号。要更新那个商机,请选择更新已有的行;否则请先改编号。")
            % {"number": deal.number},
            field="number",
        )
    if deal.number in built:
        raise RuleBroken(_("商机编号 %(number)s 在文件中重复。") % {"number": deal.number}, field="number")
    department = known.departments.get(deal.owner_id)
    if department is None:
        raise NotFound
    for row_id, names in ((deal.customer_id, known.customers), (deal.product_id, known.products)):
        if row_id is not None and row_id not in names:
            raise NotFound
    parts = [known.customers.get(deal.customer_id or 0, ""), known.products.get(deal.product_id or 0, "")]
    name = " ".join(part for part in parts if part)[:120] or deal.number
    past = build(deal, name, department, known.stages, known.days)
    past.row.custom = custom_values(actor, OPPORTUNITY, deal.custom, is_import=True)
    known.taken.refuse(past.row.custom)
    return past


def _save(actor: Actor, built: Sequence[Past], customers: dict[int, str]) -> None:
    Opportunity.objects.add_many([past.row for past in built])
    for past in built:
        past.take_ids()
    transitions = [transition for past in built for transition in past.transitions]
    for transition in transitions:
        transition.by_id = actor.person_id
    StageTransition.objects.add_many(transitions)
    for past in built:
        past.take_ids()
    StageSpan.objects.add_many([span for past in built for span in past.spans])
    Closing.objects.add_many([closing for past in built for closing in past.closings])
    rows = [past.row for past in built]
    index((row.pk, row.name, row.number, customers.get(row.customer_id or 0, ""), row.custom) for row in rows)


def _event(past: Past) -> OpportunityImported:
    row, first = past.row, past.transitions[0]
    return OpportunityImported(
        opportunity_id=row.pk,
        customer_id=row.customer_id,
        owner_id=row.owner_id,
        department_id=first.credit_department_id,
        opened_on=past.opened_on,
        stage=row.stage.name,
        number=row.number,
        name=row.name,
        spans=tuple(count(span, 1) for span in past.spans),
        closings=tuple(past.closings),
    )


def _note_first_deals(actor: Actor, built: Sequence[Past]) -> None:
    """A customer's earliest win makes it a customer."""
    wins = [closing for past in built for closing in past.closings if closing.verdict == WON and closing.customer_id]
    wins.sort(key=lambda closing: closing.booked_on, reverse=True)
    deals = {
        win.customer_id: Deal(win.booked_on, win.credit_person_id, win.credit_department_id)
        for win in wins
        if win.customer_id is not None
    }
    if deals:
        note_first_deals(actor, deals)
