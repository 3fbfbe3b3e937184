"""The list of likely duplicates: found at night, worked through by day."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import in_sets
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.selling.customers.access import MERGE
from xiaocheng.selling.customers.events import ToldApart
from xiaocheng.selling.customers.models import DuplicatePair
from xiaocheng.selling.customers.pairing import pairs

SWEEP = "the sweep keeps the list for everybody"


def find_duplicates(actor: Actor) -> int:
    """Bring the list of likely duplicates up to date; returns how many were new. What was told apart stays so."""
    actor.require_system()
    found = pairs()
    with transaction.atomic():
        rows = DuplicatePair.objects.beyond_sight(because=SWEEP)
        known = {(first, second): pk for pk, first, second in rows.values_list("pk", "first_id", "second_id")}
        gone = [pk for pair, pk in known.items() if pair not in found]
        for some in in_sets(gone, 1000):
            rows.filter(pk__in=some, told_apart_at=None).delete()
        at = clock.now()
        new = [
            DuplicatePair(first_id=first, second_id=second, by_name="name" in by, by_phone="phone" in by, found_at=at)
            for (first, second), by in sorted(found.items())
            if (first, second) not in known
        ]
        DuplicatePair.objects.add_many(new)
    return len(new)


def tell_apart(actor: Actor, pair_id: int, *, apart: bool = True) -> DuplicatePair:
    """Say that two customers are not the same: they are not proposed again; or take that back."""
    with transaction.atomic():
        row: DuplicatePair = DuplicatePair.objects.locked(actor, pair_id)
        actor.require(MERGE)
        if apart == (row.told_apart_at is not None):
            raise RuleBroken(_("这一对已经这样处理过了。"))
        row.told_apart_at, row.told_apart_by_id = (clock.now(), actor.person_id) if apart else (None, None)
        row.save(update_fields=["told_apart_at", "told_apart_by"])
        record(actor, ToldApart(customer_id=row.first_id, other_id=row.second_id, apart=apart))
    return row
