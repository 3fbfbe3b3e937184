"""Showrooms and hotlines, and who is on duty there."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.org import commands, queries
from xiaocheng.foundation.org.queries import DutySite

from .auth import ApiRequest
from .schemas import Body, Day, Id

router = Router(tags=["company"])
WEEKS = dt.timedelta(days=27)  # as many as the page shows


class SiteOut(Answer):
    """A showroom or hotline."""

    id: int
    name: str
    kind: str
    department_id: int
    is_active: bool
    version: int


class DutyDayOut(Answer):
    """The names of those on duty on one day, in the order of their turn."""

    day: dt.date
    people: list[str]


class DutyDaysOut(Answer):
    """How many days were filled."""

    days: int


class NewSite(Body):
    """A place where somebody is on duty."""

    name: str
    kind: Literal["site", "hotline"]
    department_id: Id


class SiteEdit(NewSite):
    """All that a place is; `version` is the one that the edit started from."""

    version: Id
    is_active: bool


class DutyIn(Body):
    """Who is on duty from one day to another: all of them each day in this order, or by turn one a day; none empties.

    Whoever stood there on these days is replaced.
    """

    first: Day
    last: Day
    person_ids: Annotated[list[Id], Field(max_length=100)]
    by_turn: bool = False


@router.get("/duty", response=list[SiteOut])
def duty_sites(request: ApiRequest) -> list[SiteOut]:
    """The showrooms and hotlines, those in use first."""
    return [_site(row) for row in queries.duty_sites(request.actor)]


@router.post("/duty", response=SiteOut)
def add_duty_site(request: ApiRequest, body: NewSite) -> SiteOut:
    """Add a showroom or hotline."""
    return _site(commands.add_duty_site(request.actor, **body.model_dump()))


@router.put("/duty/{site_id}", response=SiteOut)
def edit_duty_site(request: ApiRequest, site_id: Id, body: SiteEdit) -> SiteOut:
    """Change or close a showroom or hotline."""
    return _site(commands.edit_duty_site(request.actor, site_id, **body.model_dump()))


@router.get("/duty/{site_id}/roster", response=list[DutyDayOut])
def roster(request: ApiRequest, site_id: Id, first: Day) -> list[DutyDayOut]:
    """Who is on duty at a place in the four weeks from a day on; days on which nobody is are left out."""
    site = queries.duty_site(request.actor, site_id)
    found = queries.roster(request.actor, site.pk, first, first + WEEKS)
    return [DutyDayOut(day=day, people=names) for day, names in found.items()]


@router.put("/duty/{site_id}/roster", response=DutyDaysOut)
def set_duty(request: ApiRequest, site_id: Id, body: DutyIn) -> DutyDaysOut:
    """Fill the roster of a place."""
    return DutyDaysOut(days=commands.set_duty(request.actor, site_id, **body.model_dump()))


def _site(row: DutySite) -> SiteOut:
    return SiteOut(
        id=row.pk,
        name=row.name,
        kind=row.kind,
        department_id=row.department_id,
        is_active=row.is_active,
        version=row.edit_version,
    )
