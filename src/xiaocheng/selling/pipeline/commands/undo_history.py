"""Opportunities that were brought in by mistake go again, as long as nobody has worked with them.

The caller has made sure of that.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.periods import booking_day
from xiaocheng.selling.customers.commands import undo_first_deals
from xiaocheng.selling.pipeline.access import IMPORT_HISTORY
from xiaocheng.selling.pipeline.events import ImportedDealUndone
from xiaocheng.selling.pipeline.models import Closing, Opportunity, StageSpan, StageTransition
from xiaocheng.selling.pipeline.models.opportunities import search_index
from xiaocheng.selling.pipeline.models.processes import WON
from xiaocheng.selling.pipeline.spans import count

BECAUSE = "the facts of an opportunity go with it; any other win of its customer counts, whoever may see it"


@transaction.atomic
def undo_history(actor: Actor, opportunity_ids: Sequence[int]) -> None:
    """Remove imported opportunities with their history; those with a fact in a closed period stay."""
    rows = Opportunity.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk__in=opportunity_ids)
    found = list(rows.prefetch_related("transitions", "spans", "closings__shares"))
    actor.require(IMPORT_HISTORY)
    if len(found) < len(opportunity_ids):
        raise NotFound
    for row in found:
        if any(booking_day(fact.booked_on) != fact.booked_on for fact in row.transitions.all()):
            raise RuleBroken(_("「%(name)s」有记在已关账期间的进展,不能撤销。") % {"name": row.name})
    undone = [_undone(row) for row in found]
    for facts in (Closing, StageSpan, StageTransition):
        facts.objects.beyond_sight(because=BECAUSE).filter(opportunity__in=opportunity_ids).delete()
    Opportunity.objects.visible_to(actor).filter(pk__in=opportunity_ids).delete()
    search_index.remove(opportunity_ids)
    record(actor, *undone)
    _undo_first_deals(actor, undone)


def _undone(row: Opportunity) -> ImportedDealUndone:
    first = min(row.transitions.all(), key=lambda transition: transition.pk)
    return ImportedDealUndone(
        opportunity_id=row.pk,
        customer_id=row.customer_id,
        owner_id=first.credit_person_id,
        department_id=first.credit_department_id,
        opened_on=None if row.is_opening_invented else first.booked_on,
        number=row.number,
        name=row.name,
        spans=tuple(count(span, -1) for span in row.spans.all()),
        withdrawn=tuple(row.closings.all()),
    )


def _undo_first_deals(actor: Actor, undone: Sequence[ImportedDealUndone]) -> None:
    """A customer who is left without any win is a prospect again."""
    wins = [closing for event in undone for closing in event.withdrawn if closing.verdict == WON]
    buyers = {closing.customer_id for closing in wins if closing.customer_id is not None}
    others = Closing.objects.beyond_sight(because=BECAUSE).filter(verdict=WON, sign=1, customer__in=buyers)
    undo_first_deals(actor, buyers - set(others.values_list("customer_id", flat=True)))
