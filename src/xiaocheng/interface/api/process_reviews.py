"""Reviews of processes: the figures of the time, what was found, and the same figures today."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.commands import ActionDraft, ReviewText
from xiaocheng.insight.queries import ProcessReview

from .auth import ApiRequest
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["insight"])
Long = Annotated[str, Field(max_length=4000)]
Seen = Annotated[int, Field(ge=1, le=2**31 - 1)]
ReviewsOf = Literal["all", "finished", "draft"]


class ReviewedStageOut(Answer):
    """A stage: entries, five exits of them, how many went forward, and the mean days of the timed ones."""

    code: str
    name: str
    entries: int
    exits: dict[str, int]
    forward: int
    timed: int
    days: Decimal | None


class ReviewedFiguresOut(Answer):
    """The figures of a period: win rate is won of won + lost; losses by reason without invalid ones.

    A deal that several people share counts by the shares of those whose figures it is.
    """

    stages: list[ReviewedStageOut]
    won: int | float
    lost: int | float
    invalid: int | float
    revenue: Decimal
    timed: int
    mean_days: Decimal | None
    median_days: Decimal | None
    reasons: dict[str, int | float]


class ProcessReviewOut(Answer):
    """A review of a process; `basis` says whose figures it froze (company, team, people, mine)."""

    id: int
    process_id: int
    first: dt.date
    last: dt.date
    reviewer_id: int
    basis: str
    taken_at: dt.datetime
    findings: str
    works: str
    changes: str
    next_on: dt.date | None
    state: Literal["draft", "finished"]
    finished_at: dt.datetime | None
    version: int


class ReviewActionOut(Answer):
    """Who does what by when."""

    person_id: int
    due_on: dt.date
    text: str


class ReviewAddendumOut(Answer):
    """What was added to a finished review."""

    author_id: int
    at: dt.datetime
    text: str


class ProcessReviewPageOut(ProcessReviewOut):
    """One review: the frozen figures, the same period as the caller sees it today, and the time since."""

    actions: list[ReviewActionOut]
    addenda: list[ReviewAddendumOut]
    then: ReviewedFiguresOut
    now: ReviewedFiguresOut
    since: ReviewedFiguresOut | None


class NewProcessReviewIn(Body):
    """Which process over which past days; without a basis the caller's usual one."""

    process_id: Id
    first: Day
    last: Day
    basis: Literal["company", "team", "people", "mine"] | None = None


class ReviewActionIn(Body):
    """Who is to do what by when."""

    person_id: Id
    due_on: Day
    text: Annotated[str, Field(min_length=1, max_length=200)]


class ProcessReviewEdit(Body):
    """The review after the edit; `version` is the one that the editor saw."""

    version: Seen
    findings: Long = ""
    works: Long = ""
    changes: Long = ""
    next_on: Day | None = None
    actions: Annotated[list[ReviewActionIn], Field(max_length=100)] = []


class ProcessReviewSeen(Body):
    """The version that is finished."""

    version: Seen


class ReviewAddendumIn(Body):
    """What is to be added."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]


@router.get("/process-reviews", response=Page[ProcessReviewOut])
def process_reviews(request: ApiRequest, paging: Query[Paging], view: ReviewsOf = "all") -> Page[ProcessReviewOut]:
    """The reviews of those whom the caller sees."""
    request.actor.require(SEE)
    return page_of(queries.process_reviews(request.actor, view), paging, _review)


@router.post("/process-reviews", response=ProcessReviewOut)
def begin_review(request: ApiRequest, body: NewProcessReviewIn) -> ProcessReviewOut:
    """Begin a review: the figures are frozen as the caller sees them now."""
    return _review(commands.begin_review(request.actor, body.process_id, body.first, body.last, body.basis))


@router.get("/process-reviews/{review_id}", response=ProcessReviewPageOut)
def process_review(request: ApiRequest, review_id: Id) -> ProcessReviewPageOut:
    """One review, then and now."""
    request.actor.require(SEE)
    row = queries.process_review(request.actor, review_id)
    found = queries.then_and_now(request.actor, row)
    return ProcessReviewPageOut(
        **vars(_review(row)),
        actions=[shaped(ReviewActionOut, item) for item in row.actions.order_by("due_on", "pk")],
        addenda=[shaped(ReviewAddendumOut, item) for item in row.addenda.order_by("pk")],
        then=_figures(found.then),
        now=_figures(found.now),
        since=_figures(found.since) if found.since else None,
    )


@router.put("/process-reviews/{review_id}", response=ProcessReviewOut)
def edit_review(request: ApiRequest, review_id: Id, body: ProcessReviewEdit) -> ProcessReviewOut:
    """Write one's own review, as long as it is not finished."""
    actions = [ActionDraft(**item.model_dump()) for item in body.actions]
    text = ReviewText(body.findings, body.works, body.changes, body.next_on, actions)
    return _review(commands.edit_review(request.actor, review_id, body.version, text))


@router.post("/process-reviews/{review_id}/finish", response=ProcessReviewOut)
def finish_review(request: ApiRequest, review_id: Id, body: ProcessReviewSeen) -> ProcessReviewOut:
    """Finish one's own review; its actions become to-dos."""
    return _review(commands.finish_review(request.actor, review_id, body.version))


@router.delete("/process-reviews/{review_id}", response=None)
def drop_review(request: ApiRequest, review_id: Id) -> None:
    """Throw one's own review away that is not finished."""
    commands.drop_review(request.actor, review_id)


@router.post("/process-reviews/{review_id}/addenda", response=ReviewAddendumOut)
def amend_review(request: ApiRequest, review_id: Id, body: ReviewAddendumIn) -> ReviewAddendumOut:
    """Add something to one's own finished review."""
    return shaped(ReviewAddendumOut, commands.amend_review(request.actor, review_id, body.text))


def _review(row: ProcessReview) -> ProcessReviewOut:
    return shaped(ProcessReviewOut, row, version=row.edit_version)


def _figures(found: dict[str, Any]) -> ReviewedFiguresOut:
    return ReviewedFiguresOut(**found)
