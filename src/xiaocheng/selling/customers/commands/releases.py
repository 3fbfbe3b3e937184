"""Somebody gives customers up to a pool."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import resolved, usable
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound, RuleBroken
from xiaocheng.selling.customers.access import RELEASE
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.models.ownership import LONGEST_NOTE
from xiaocheng.selling.customers.options import RELEASE_REASON
from xiaocheng.selling.customers.releasing import refusal_of

from .claims import MOST
from .outcomes import Outcome
from .ownership import Why, hand_to
from .pools import PUBLIC, pool_in_sight, standard_pool


def release(actor: Actor, customer_id: int, reason: str, *, note: str = "", pool_id: int | None = None) -> None:
    """Give a customer up to a pool and say why; by its owner or by somebody who has the owner in sight."""
    outcome = release_many(actor, [customer_id], reason, note=note, pool_id=pool_id)[0]
    if outcome.refusal is not None:
        raise outcome.refusal


def release_many(
    actor: Actor, customer_ids: Sequence[int], reason: str, *, note: str = "", pool_id: int | None = None
) -> list[Outcome]:
    """Give up to 2,000 customers up to one pool for one reason, with an outcome for each id."""
    if len(customer_ids) > MOST:
        raise ValueError(f"at most {MOST} in one set")
    with transaction.atomic():
        seen = Customer.objects.visible_to(actor).filter(pk__in=customer_ids)
        rows = {row.pk: row for row in seen.select_for_update(of=("self",)).order_by("pk")}
        actor.require(RELEASE)
        refusals = {pk: refusal_of(actor, row) for pk, row in rows.items()}
        freed = [row for pk, row in rows.items() if refusals[pk] is None]
        if freed:
            pool = standard_pool(PUBLIC) if pool_id is None else pool_in_sight(actor, pool_id)
            hand_to(actor, freed, "release", pool=pool, why=_why(reason, note))
    return [
        Outcome(row_id=pk if refusals[pk] is None else None, refusal=refusals[pk])
        if pk in rows
        else Outcome(refusal=NotFound())
        for pk in customer_ids
    ]


def _why(reason: str, note: str) -> Why:
    reason = resolved(RELEASE_REASON, reason)
    if not usable(RELEASE_REASON, [reason]):
        raise RuleBroken(_("请选择退回的原因。"), field="reason")
    if len(note) > LONGEST_NOTE:
        raise RuleBroken(_("说明太长了。"), field="note")
    return Why(reason, note.strip())
