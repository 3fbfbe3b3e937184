"""What won deals: the library, what of it is offered in a deal, and where it was used."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.commands import TacticDraft
from xiaocheng.selling.pipeline.queries import Offer

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["pipeline"])
Title = Annotated[str, Field(min_length=1, max_length=80)]
Words = Annotated[str, Field(max_length=2000)]


class TacticOut(Answer):
    """What won a deal at a stage. `used` counts deals; `helped` of the `decided` ones were won.

    The deal behind it is named to whoever sees that deal.
    """

    id: int
    title: str
    text: str
    process_id: int
    stage: str
    stage_name: str
    product_id: int | None
    source: str
    industry: str
    customer_kind: str
    author_id: int
    written_at: dt.datetime
    used: int
    decided: int
    helped: int
    version: int


class TacticPageOut(TacticOut):
    """One tactic, with the deal that it won and those in which it was used, as far as the caller sees them."""

    opportunity_id: int | None
    used_in: list[int]


class TacticOfferOut(Answer):
    """A tactic that is offered in a deal: why ("product", "industry", "helped"), and whether it was used there."""

    tactic: TacticOut
    why: list[str]
    is_used: bool


class TacticIn(Body):
    """What won a deal; a stage is a code of the deal's process, without one where it was won from."""

    title: Title
    text: Words = ""
    stage: str = ""


class TacticEdit(Body):
    """The tactic after the edit; `version` is the one that the editor saw."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    title: Title
    text: Words
    stage: str = ""


class TacticUseOut(Answer):
    """A tactic was used in a deal."""

    tactic_id: int
    opportunity_id: int
    person_id: int | None
    used_at: dt.datetime


@router.get("/tactics", response=Page[TacticOut])
def tactics(
    request: ApiRequest,
    paging: Query[Paging],
    search: str = "",
    process_id: Id | None = None,
    stage: str = "",
    product_id: Id | None = None,
    industry: str = "",
) -> Page[TacticOut]:
    """The library of winning tactics."""
    request.actor.require(SEE)
    asked = {
        "stage__version__process_id": process_id,
        "stage__code": stage,
        "product_id": product_id,
        "industry": industry,
    }
    found = queries.library(request.actor, search).filter(**{name: value for name, value in asked.items() if value})
    return page_of(found, paging, _tactic)


@router.get("/tactics/{tactic_id}", response=TacticPageOut)
def tactic(request: ApiRequest, tactic_id: Id) -> TacticPageOut:
    """One tactic of the library."""
    request.actor.require(SEE)
    row = queries.tactic(request.actor, tactic_id)
    deal = queries.deal_behind(request.actor, row)
    used = queries.deals_that_used(request.actor, row.pk).values_list("pk", flat=True)
    return TacticPageOut(**vars(_tactic(row)), opportunity_id=deal.pk if deal else None, used_in=list(used[:200]))


@router.put("/tactics/{tactic_id}", response=TacticOut)
def edit_tactic(request: ApiRequest, tactic_id: Id, body: TacticEdit) -> TacticOut:
    """Say a tactic otherwise: its author, or who keeps the processes."""
    draft = TacticDraft(**body.model_dump(exclude={"version"}))
    return _again(request, commands.edit_tactic(request.actor, tactic_id, body.version, draft).pk)


@router.delete("/tactics/{tactic_id}", response=None)
def withdraw_tactic(request: ApiRequest, tactic_id: Id) -> None:
    """Take a tactic out of the library: its author, or who keeps the processes."""
    commands.withdraw_tactic(request.actor, tactic_id)


@router.get("/opportunities/{opportunity_id}/tactics", response=list[TacticOfferOut])
def offered_tactics(request: ApiRequest, opportunity_id: Id) -> list[TacticOfferOut]:
    """The best fitting tactics of the stage in which an open deal stands; of a closed one, those that it used."""
    request.actor.require(SEE)
    return [_offer(item) for item in queries.offered_tactics(request.actor, opportunity_id)]


@router.post("/opportunities/{opportunity_id}/tactics", response=TacticOut)
def write_tactic(request: ApiRequest, opportunity_id: Id, body: TacticIn) -> TacticOut:
    """Write down what won a deal; without a text the reason of the win stands there."""
    row = commands.write_tactic(request.actor, opportunity_id, TacticDraft(**body.model_dump()))
    return _again(request, row.pk)


@router.put("/opportunities/{opportunity_id}/tactics/{tactic_id}", response=TacticUseOut)
def use_tactic(request: ApiRequest, opportunity_id: Id, tactic_id: Id) -> TacticUseOut:
    """Note that a tactic was used in a deal; again changes nothing."""
    return shaped(TacticUseOut, commands.use_tactic(request.actor, opportunity_id, tactic_id))


@router.delete("/opportunities/{opportunity_id}/tactics/{tactic_id}", response=None)
def take_back_use(request: ApiRequest, opportunity_id: Id, tactic_id: Id) -> None:
    """Note that a tactic was not used in a deal after all."""
    commands.take_back_use(request.actor, opportunity_id, tactic_id)


def _tactic(row: Any) -> TacticOut:
    return shaped(
        TacticOut,
        row,
        process_id=row.stage.version.process_id,
        stage=row.stage.code,
        stage_name=row.stage.name,
        version=row.edit_version,
    )


def _again(request: ApiRequest, tactic_id: int) -> TacticOut:
    return _tactic(queries.tactic(request.actor, tactic_id))


def _offer(item: Offer) -> TacticOfferOut:
    return TacticOfferOut(tactic=_tactic(item.tactic), why=list(item.why), is_used=item.is_used)
