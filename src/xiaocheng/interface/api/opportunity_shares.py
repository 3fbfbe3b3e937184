"""Who answers for an opportunity, and with which share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.commands import CoOwner

from .auth import ApiRequest
from .schemas import Body, Id

router = Router(tags=["pipeline"])


class HolderOut(Answer):
    """Somebody who answers for an opportunity, with his share in per cent."""

    person_id: int
    share: Decimal
    is_owner: bool


class CoOwnerIn(Body):
    """Somebody who answers for it beside the owner."""

    person_id: Id
    share: Annotated[Decimal, Field(gt=0, lt=100, decimal_places=2)]


class SharesIn(Body):
    """All who answer for it beside the owner; whoever is not among them does so no longer."""

    co_owners: Annotated[list[CoOwnerIn], Field(max_length=100)]


@router.get("/opportunities/{opportunity_id}/shares", response=list[HolderOut])
def opportunity_shares(request: ApiRequest, opportunity_id: Id) -> list[HolderOut]:
    """Who answers for an opportunity, the owner first; the shares sum to 100. Of a closed one, as it was closed."""
    request.actor.require(SEE)
    return _holders(request, opportunity_id)


@router.put("/opportunities/{opportunity_id}/shares", response=list[HolderOut])
def agree_shares(request: ApiRequest, opportunity_id: Id, body: SharesIn) -> list[HolderOut]:
    """Say who answers for an open opportunity beside its owner; the shares that are left are the owner's."""
    others = [CoOwner(**it.model_dump()) for it in body.co_owners]
    commands.agree_shares(request.actor, opportunity_id, others)
    return _holders(request, opportunity_id)


def _holders(request: ApiRequest, opportunity_id: int) -> list[HolderOut]:
    row = queries.opportunity(request.actor, opportunity_id)
    found = queries.holders(request.actor, row)
    return [HolderOut(person_id=it.person_id, share=it.share, is_owner=it.is_owner) for it in found]
