"""Who may give which customers up to a pool."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken

from .disputing import held
from .models import Customer


def refusal_of(actor: Actor, row: Customer) -> RuleBroken | None:
    """Why the actor may not give up a customer that he sees; None: he may, as its owner or as who has him in sight."""
    if row.owner_id is None:
        return RuleBroken(_("这位客户没有负责人,已在公海中。"))
    if not actor.sight.sees_person(row.owner_id):
        return RuleBroken(_("只有负责人或其上级可以把客户退回公海。"))
    return held(row)
