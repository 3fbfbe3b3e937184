"""The order of a plan's visits by distance."""

from __future__ import annotations

from ninja import Router
from ninja import Schema as Answer

from xiaocheng.selling.fieldwork import queries

from .auth import ApiRequest
from .schemas import Id

router = Router(tags=["fieldwork"])


class TourOut(Answer):
    """A short order of a plan's lines, for `PUT /plans/{id}/order` with its `version`; lengths in metres, straight on.

    `unplaced_line_ids`: customers whose place nobody knows, and areas; they come last.
    """

    version: int
    line_ids: list[int]
    metres_before: int
    metres_after: int
    unplaced_line_ids: list[int]


@router.get("/plans/{plan_id}/tour", response=TourOut)
def tour(request: ApiRequest, plan_id: Id) -> TourOut:
    """The order by distance of a plan that one sees; nothing is changed."""
    found = queries.tour(request.actor, plan_id)
    return TourOut(
        version=found.plan.version,
        line_ids=[line.pk for line in found.lines],
        metres_before=found.before,
        metres_after=found.after,
        unplaced_line_ids=[line.pk for line in found.unplaced],
    )
