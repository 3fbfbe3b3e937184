"""What was decided about customers, and what is to be decided or looked at again."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.insight.models import CustomerValue, Decision
from xiaocheng.insight.suggesting import COURT, DROP, KEEP
from xiaocheng.selling.customers.access import SEE as SEE_CUSTOMERS
from xiaocheng.selling.customers.models import Customer

from .values import suggested_as, values

REVIEWS = ("review", "due", "changed", "contrary", "undecided", "dropped", "decided")
DECIDED = ~Q(decision="")
CHANGED = DECIDED & (
    ~Q(klass=F("decided_klass")) | ~Q(loyalty=F("decided_loyalty")) | ~Q(customer__potential=F("decided_potential"))
)


def decisions(actor: Actor, customer_id: int) -> QuerySet[Decision]:
    """What was decided about one customer that the actor sees, the latest first."""
    actor.require(SEE_CUSTOMERS)
    row: Customer = Customer.objects.one(actor.in_own_right(), customer_id)
    if row.is_masked_for(actor):
        raise NotFound
    found = Decision.objects.beyond_sight(because="the actor sees the customer that they are about")
    return found.filter(customer_id=row.pk).select_related("decided_by").order_by("-pk")


def to_review(actor: Actor, view: str = "review") -> QuerySet[CustomerValue]:
    """Customers with an owner in sight: whose decision is to be looked at again and why, or that need one.

    `due`: the day has come; `changed`: class, loyalty or potential are others than when it was decided; `contrary`: the
    rules suggest another; `review`: any of these; `undecided`: to court or drop is suggested and nothing decided.
    """
    rows = values(actor).filter(customer__owner__isnull=False)
    asked = {
        "due": _due(),
        "changed": CHANGED,
        "contrary": _contrary(actor),
        "review": _due() | CHANGED | _contrary(actor),
        "undecided": Q(decision="") & (suggested_as(actor, COURT) | suggested_as(actor, DROP)),
        "dropped": Q(decision=DROP),
    }
    return rows.filter(asked.get(view, DECIDED))


def _due() -> Q:
    return DECIDED & Q(review_on__lte=clock.today())


def _contrary(actor: Actor) -> Q:
    """Another than what was decided is suggested; where nothing is suggested nothing is contrary."""
    verdicts: Sequence[str] = (COURT, KEEP, DROP)
    found = Q(pk__in=[])
    for verdict in verdicts:
        found |= DECIDED & ~Q(decision=verdict) & suggested_as(actor, verdict)
    return found
