"""Campaigns, fairs and holidays that the forecast counts with."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.commands import LEAST_CHANGE, MOST_CHANGE, ChangeDraft
from xiaocheng.insight.queries import ExpectedChange

from .auth import ApiRequest
from .schemas import Body, Id, Page, Paging, page_of, shaped

router = Router(tags=["insight"])


class ExpectedChangeOut(Answer):
    """On these days so many percent more (or fewer) opportunities come in; without a department in the company."""

    id: int
    name: str
    first: dt.date
    last: dt.date
    percent: int
    department_id: int | None
    author_id: int | None
    version: int


class ExpectedChangeIn(Body):
    """What forecasts are to count with."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    first: dt.date
    last: dt.date
    percent: Annotated[int, Field(ge=LEAST_CHANGE, le=MOST_CHANGE)]
    department_id: Id | None = None


class ExpectedChangeEdit(ExpectedChangeIn):
    """The same after the edit; `version` is the one that the editor saw."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/insight/expected-changes", response=Page[ExpectedChangeOut])
def expected_changes(request: ApiRequest, paging: Query[Paging]) -> Page[ExpectedChangeOut]:
    """All of them, the newest first."""
    request.actor.require(SEE)
    return page_of(queries.expected_changes(request.actor), paging, _out)


@router.post("/insight/expected-changes", response=ExpectedChangeOut)
def expect_change(request: ApiRequest, body: ExpectedChangeIn) -> ExpectedChangeOut:
    """Enter one; forecasts count with it from the next night on."""
    return _out(commands.expect_change(request.actor, ChangeDraft(**body.model_dump())))


@router.put("/insight/expected-changes/{change_id}", response=ExpectedChangeOut)
def edit_expected_change(request: ApiRequest, change_id: Id, body: ExpectedChangeEdit) -> ExpectedChangeOut:
    """Change one; forecasts that were made stay as they are."""
    draft = ChangeDraft(**body.model_dump(exclude={"version"}))
    return _out(commands.edit_expected_change(request.actor, change_id, body.version, draft))


@router.delete("/insight/expected-changes/{change_id}", response=None)
def drop_expected_change(request: ApiRequest, change_id: Id) -> None:
    """Delete one; forecasts that were made stay as they are."""
    commands.drop_expected_change(request.actor, change_id)


def _out(row: ExpectedChange) -> ExpectedChangeOut:
    return shaped(ExpectedChangeOut, row, version=row.edit_version)
