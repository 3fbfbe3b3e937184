"""Edit an opportunity, hand it to somebody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import changed_keys, custom_values, searched_keys
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import assignable
from xiaocheng.selling.customers.queries import names_of
from xiaocheng.selling.pipeline.access import WORK
from xiaocheng.selling.pipeline.details import RELATIONS, Known, check, differing, edited
from xiaocheng.selling.pipeline.events import OpportunityHandedOver
from xiaocheng.selling.pipeline.index import index
from xiaocheng.selling.pipeline.models import Opportunity
from xiaocheng.selling.pipeline.options import OPPORTUNITY


@settled
@transaction.atomic
def edit(actor: Actor, opportunity_id: int, version: int, **values: Any) -> Opportunity:
    """Change details of an opportunity; what its stage spans and closings kept stays as it was."""
    row: Opportunity = Opportunity.objects.locked(actor, opportunity_id)
    actor.require(WORK)
    own = row.custom
    if values.get("custom") is not None:
        given = values["custom"]
        values["custom"] = custom_values(actor, OPPORTUNITY, given, own)
        Taken.among(actor, OPPORTUNITY, [given]).refuse(values["custom"], own)
    changed = differing(row, values)
    former = row.customer_id
    check(row, changed, Known.about(actor, [(row, changed)]))
    for name, value in changed.items():
        setattr(row, name, value)
    row.check_values()
    row = save_edit(row, version, **{name: getattr(row, name) for name in changed})
    fields = [RELATIONS.get(name, name) for name in changed if name != "custom"]
    fields += changed_keys(own, row.custom)
    if {"name", "customer", *searched_keys(SYSTEM, OPPORTUNITY)}.intersection(fields):
        customer = names_of(actor, [row.customer_id]).get(row.customer_id or 0, "")
        index([(row.pk, row.name, row.number, customer, row.custom)])
    if fields:
        record(actor, edited(row, fields, former))
    return row


def fill_in(actor: Actor, opportunity_id: int, values: Mapping[str, Any]) -> None:
    """Fill in what a stage asks for on the way into it, whatever else is edited meanwhile."""
    row: Opportunity = Opportunity.objects.locked(actor, opportunity_id)
    edit(actor, opportunity_id, row.edit_version, **values)


@transaction.atomic
def hand_over(actor: Actor, opportunity_ids: Collection[int], owner_id: int) -> list[Opportunity]:
    """Give visible opportunities to another person whom the actor sees; what was done before stays credited."""
    rows = list(Opportunity.objects.visible_to(actor).filter(pk__in=opportunity_ids).select_for_update(of=("self",)))
    actor.require(WORK)
    if len(rows) != len(set(opportunity_ids)):
        raise NotFound
    if any(not actor.sight.sees_person(row.owner_id) for row in rows):
        raise RuleBroken(_("只有负责人或其上级可以转交商机。"))
    person = assignable(actor).filter(pk=owner_id).first()
    if person is None:
        raise RuleBroken(_("只能交给您看得到的在职人员。"), field="owner_id")
    moved = [row for row in rows if row.owner_id != owner_id]
    give(actor, moved, owner_id, person.name)
    return moved


def give(actor: Actor, rows: Sequence[Opportunity], owner_id: int, name: str) -> None:
    """Opportunities that were loaded and allowed become somebody else's."""
    Opportunity.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows]).update(owner_id=owner_id)
    record(
        actor,
        *(
            OpportunityHandedOver(
                opportunity_id=row.pk,
                customer_id=row.customer_id,
                from_id=row.owner_id,
                to_id=owner_id,
                to_name=name,
            )
            for row in rows
        ),
    )
