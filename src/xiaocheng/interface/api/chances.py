"""How likely an open opportunity is won, as the last night told it."""

from __future__ import annotations

import datetime as dt

from ninja import Router
from ninja import Schema as Answer

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.insight import queries
from xiaocheng.selling.pipeline.access import SEE

from .auth import ApiRequest
from .schemas import Id

router = Router(tags=["insight"])


class ReasonOut(Answer):
    """One thing about the opportunity: stage, age, amount, customer, source, product, back or skipped, and how it is.

    `how` is large or small of an amount, yes or no of a repeat customer, a return or a skip; else empty.
    """

    what: str
    how: str


class ChanceOut(Answer):
    """How likely it is won rather than lost if it is decided within the days; `base` is the share won of all.

    At most three reasons raise it and three lower it, the strongest first. `is_slow`: it has been in its stage longer
    than three quarters of the others.
    """

    value: float
    base: float
    within_days: int
    as_of: dt.date
    is_slow: bool
    raised_by: list[ReasonOut]
    lowered_by: list[ReasonOut]


@router.get("/opportunities/{opportunity_id}/chance", response=ChanceOut)
def chance(request: ApiRequest, opportunity_id: Id) -> ChanceOut:
    """The chance of an open opportunity; 404 where past ones are not told apart, or it moved on since last night."""
    request.actor.require(SEE)
    found = queries.chances(request.actor, [opportunity_id]).get(opportunity_id)
    if found is None:
        raise NotFound
    reasons = {
        name: [ReasonOut(what=reason.what, how=reason.how) for reason in getattr(found, name)]
        for name in ("raised_by", "lowered_by")
    }
    return ChanceOut(
        value=found.value,
        base=round(found.base, 4),
        within_days=found.within_days,
        as_of=found.as_of,
        is_slow=found.is_slow,
        **reasons,
    )
