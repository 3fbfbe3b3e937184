"""The register of competitors, how deals went against each, and those of one deal."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.selling.pipeline import commands, queries
from xiaocheng.selling.pipeline.access import SEE
from xiaocheng.selling.pipeline.commands import CompetitorDraft, RivalDraft
from xiaocheng.selling.pipeline.queries import Against, Competitor

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["pipeline"])
Name = Annotated[str, Field(min_length=1, max_length=60)]
Words = Annotated[str, Field(max_length=2000)]


class CompetitorOut(Answer):
    """A competitor; `aliases` are its other names, divided by 、. Deals that name any of them are against it."""

    id: int
    name: str
    aliases: str
    strengths: str
    weaknesses: str
    answer: str
    is_active: bool
    version: int


class AgainstOut(Answer):
    """How the caller's visible deals against a competitor stand or ended; invalid ones are left out."""

    open: int
    open_amount: Decimal
    won: int
    won_amount: Decimal
    lost: int
    lost_amount: Decimal


class LossesOut(Answer):
    """How many were lost for a reason, and for how much."""

    reason: str
    count: int
    amount: Decimal


class CompetitorPageOut(Answer):
    """One competitor with how deals went, why they were lost, and which tactics won."""

    competitor: CompetitorOut
    against: AgainstOut
    losses: list[LossesOut]
    tactic_ids: list[int]


class NewCompetitor(Body):
    """A competitor for the register."""

    name: Name
    aliases: Annotated[str, Field(max_length=400)] = ""
    strengths: Words = ""
    weaknesses: Words = ""
    answer: Words = ""


class CompetitorEdit(NewCompetitor):
    """The whole competitor; `version` is the one that the edit started from."""

    is_active: bool
    version: Id


class CompetitorMerge(Body):
    """Into which competitor another one is merged."""

    into_id: Id


class CollectedOut(Answer):
    """Those that are in the register now."""

    added: list[int]


class RivalOut(Answer):
    """A competitor of the register in a deal, and how they stand there."""

    competitor_id: int
    name: str
    note: str


class RivalIn(Body):
    """A competitor in a deal."""

    competitor_id: Id
    note: Annotated[str, Field(max_length=300)] = ""


class RivalsIn(Body):
    """All competitors of the register that a deal is fought against."""

    rivals: Annotated[list[RivalIn], Field(max_length=20)]


@router.get("/competitors", response=Page[CompetitorOut])
def competitors(
    request: ApiRequest, paging: Query[Paging], search: str = "", active_only: bool = False
) -> Page[CompetitorOut]:
    """The register, found by part of a name."""
    request.actor.require(SEE)
    return page_of(queries.competitors(request.actor, search, active_only=active_only), paging, _competitor)


@router.post("/competitors/collect", response=CollectedOut)
def collect_competitors(request: ApiRequest) -> CollectedOut:
    """Put every competitor that deals name and the register does not know into it."""
    return CollectedOut(added=[row.pk for row in commands.collect_competitors(request.actor)])


@router.get("/competitors/{competitor_id}", response=CompetitorPageOut)
def competitor(request: ApiRequest, competitor_id: Id) -> CompetitorPageOut:
    """One competitor."""
    request.actor.require(SEE)
    row = queries.competitor(request.actor, competitor_id)
    found = queries.against(request.actor, row.pk).get(row.pk, Against())
    losses = queries.losses_against(request.actor, row.pk)
    return CompetitorPageOut(
        competitor=_competitor(row),
        against=AgainstOut(**vars(found)),
        losses=[LossesOut(reason=reason, count=n, amount=amount) for reason, n, amount in losses],
        tactic_ids=[tactic.pk for tactic in queries.tactics_against(request.actor, row.pk)],
    )


@router.post("/competitors", response=CompetitorOut)
def add_competitor(request: ApiRequest, body: NewCompetitor) -> CompetitorOut:
    """Put a competitor into the register."""
    return _competitor(commands.add_competitor(request.actor, CompetitorDraft(**body.model_dump())))


@router.put("/competitors/{competitor_id}", response=CompetitorOut)
def edit_competitor(request: ApiRequest, competitor_id: Id, body: CompetitorEdit) -> CompetitorOut:
    """Change what is known of a competitor; a former name stays one of its names."""
    draft = CompetitorDraft(**body.model_dump(exclude={"version"}))
    return _competitor(commands.edit_competitor(request.actor, competitor_id, body.version, draft))


@router.post("/competitors/{competitor_id}/merge", response=CompetitorOut)
def merge_competitors(request: ApiRequest, competitor_id: Id, body: CompetitorMerge) -> CompetitorOut:
    """Two entries are one competitor: deals and names go to the other, this one is gone."""
    return _competitor(commands.merge_competitors(request.actor, competitor_id, body.into_id))


@router.get("/opportunities/{opportunity_id}/rivals", response=list[RivalOut])
def rivals(request: ApiRequest, opportunity_id: Id) -> list[RivalOut]:
    """The competitors of the register that a deal names."""
    request.actor.require(SEE)
    return _rivals(request, opportunity_id)


@router.put("/opportunities/{opportunity_id}/rivals", response=list[RivalOut])
def set_rivals(request: ApiRequest, opportunity_id: Id, body: RivalsIn) -> list[RivalOut]:
    """Say against which competitors of the register a deal is fought; names beyond the register stay."""
    commands.set_rivals(request.actor, opportunity_id, [RivalDraft(**it.model_dump()) for it in body.rivals])
    return _rivals(request, opportunity_id)


def _competitor(row: Competitor) -> CompetitorOut:
    return shaped(CompetitorOut, row, version=row.edit_version)


def _rivals(request: ApiRequest, opportunity_id: int) -> list[RivalOut]:
    row = queries.opportunity(request.actor, opportunity_id)
    found = queries.rivals_of(request.actor, row)
    return [RivalOut(competitor_id=it.competitor_id, name=it.competitor.name, note=it.note) for it in found]
