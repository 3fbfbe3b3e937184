"""What waits for somebody's word about a customer (a dispute, a question, a lapse to take back) ends exactly once."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.scope import ScopedModel
from xiaocheng.selling.customers.models import Customer

P = TypeVar("P", bound=ScopedModel)
PART = "the paper was loaded and allowed before; its customer is named in it"


def locked_with_customer(actor: Actor, model: type[P], paper_id: int) -> tuple[P, Customer]:
    """The customer is locked first, as by everything that hands it on; then what the paper is now."""
    found: Any = model.objects.one(actor, paper_id)
    rows = Customer.objects.beyond_sight(because=PART).select_for_update(of=("self",))
    row: Customer = rows.get(pk=found.customer_id)
    paper: P = model.objects.locked(actor, paper_id)
    return paper, row


def end_once(actor: Actor, paper: ScopedModel, before: str, **values: object) -> None:
    """Write how a paper ended that stood at `before`; of several who end it at once exactly one succeeds."""
    waiting = type(paper).objects.beyond_sight(because=PART).filter(pk=paper.pk, state=before)
    if not waiting.update(**values):
        raise RuleBroken(_("刚刚已经有人决定,请刷新页面查看。"))
    for name, value in values.items():
        setattr(paper, name, value)
