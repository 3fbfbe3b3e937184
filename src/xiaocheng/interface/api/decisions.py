"""To court, to keep or to drop: what is decided about customers, and what is to be looked at again."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.insight import commands, queries

from .auth import ApiRequest
from .customers import Ids, OutcomeOut, outcome_out
from .schemas import Body, Id, Page, Paging, page_of, shaped
from .worth import CustomerValueOut

router = Router(tags=["insight"])
ReviewView = Literal["review", "due", "changed", "contrary", "undecided", "dropped", "decided"]


class DecisionOut(Answer):
    """What was decided about a customer, and what it was then; an empty class is what was not known."""

    customer_id: int
    verdict: str
    reason: str
    review_on: dt.date
    decided_by_id: int | None
    decided_at: dt.datetime
    klass: str
    loyalty: str
    potential: str


class DecisionIn(Body):
    """What is decided about up to 2,000 customers, and why; without a day the rule says when to look at it again."""

    ids: Ids
    verdict: Literal["court", "keep", "drop"]
    reason: Annotated[str, Field(min_length=1, max_length=queries.LONGEST_REASON)]
    review_on: dt.date | None = None


@router.post("/insight/decisions", response=list[OutcomeOut])
def decide(request: ApiRequest, body: DecisionIn) -> list[OutcomeOut]:
    """Decide about customers that one may change; nobody loses a customer by it."""
    found = commands.decide(request.actor, body.ids, body.verdict, body.reason, review_on=body.review_on)
    return [outcome_out(item) for item in found]


@router.get("/insight/reviews", response=Page[CustomerValueOut])
def reviews(request: ApiRequest, paging: Query[Paging], view: ReviewView = "review") -> Page[CustomerValueOut]:
    """Customers whose decision is to be looked at again, or that need one."""
    found = queries.to_review(request.actor, view).order_by("-pk")
    return page_of(found, paging, lambda row: shaped(CustomerValueOut, row))


@router.get("/customers/{customer_id}/decisions", response=Page[DecisionOut])
def decisions(request: ApiRequest, customer_id: Id, paging: Query[Paging]) -> Page[DecisionOut]:
    """What was decided about a customer."""
    return page_of(queries.decisions(request.actor, customer_id), paging, lambda row: shaped(DecisionOut, row))
