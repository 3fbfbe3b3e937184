"""Daily reports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.control.reports import commands, queries
from xiaocheng.control.reports.commands import ReportText
from xiaocheng.control.reports.queries import DailyReport

from .attendance import AttendedOut, attended_of
from .auth import ApiRequest
from .fieldwork import DecidedOut, SignManyIn, VerdictIn
from .schemas import Body, Day, Id, Page, Paging, page_of, shaped

router = Router(tags=["reports"])


class ReportOut(Answer):
    """Where a report stands; sign the `edition` that you have read."""

    id: int
    person_id: int
    day: dt.date
    state: str
    version: int
    edition: int
    due_at: dt.datetime | None
    submitted_at: dt.datetime | None
    late_minutes: int
    decided_by_id: int | None
    decided_at: dt.datetime | None
    instruction: str


class ReportFigureOut(Answer):
    """A figure as it was frozen at the submission, and as it stands now."""

    key: str
    name: str
    unit: str
    formula: str
    value: Decimal
    now: Decimal


class ReportTargetOut(Answer):
    """The target of the month, and what was reached up to the day: as submitted, and as it stands now."""

    key: str
    name: str
    target: Decimal
    actual: Decimal
    ratio: Decimal
    now: Decimal


class SaidOut(Answer):
    """What somebody said about one edition."""

    edition: int
    verdict: str
    comment: str
    person: str
    on_behalf_of: str
    at: dt.datetime


class EditionOut(Answer):
    """A report as it was handed in."""

    number: int
    as_of: dt.datetime
    judgement: str
    learnt: str
    tomorrow: str


class ReportPageOut(ReportOut):
    """One report with its texts, figures, visits and verdicts."""

    editions: list[EditionOut]
    figures: list[ReportFigureOut]
    targets: list[ReportTargetOut]
    visit_ids: list[int]
    said: list[SaidOut]
    attendance: AttendedOut | None


class OwedOut(Answer):
    """How one colleague stands with the report of a day."""

    person_id: int
    name: str
    owes: bool
    is_missing: bool
    report_id: int | None


class TextIn(Body):
    """What the rep adds to the figures; `version` is the report's, 0 when nothing was written yet."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    judgement: str = ""
    learnt: str = ""
    tomorrow: str = ""

    @property
    def text(self) -> ReportText:
        """As commands take it."""
        return ReportText(**self.model_dump(exclude={"version"}))


class CommentIn(Body):
    """An instruction."""

    comment: str


class ReasonIn(Body):
    """Why a signed report is opened again."""

    reason: str


@router.get("/reports", response=Page[ReportOut])
def reports(
    request: ApiRequest,
    paging: Query[Paging],
    state: Literal["", "draft", "submitted", "signed", "returned"] = "",
    person_id: Id | None = None,
    day: Day | None = None,
) -> Page[ReportOut]:
    """One's own reports, and those handed in by people whom one sees."""
    wanted = {"state": state or None, "person_id": person_id, "day": day}
    rows = queries.reports(request.actor).filter(**{k: v for k, v in wanted.items() if v is not None})
    return page_of(rows, paging, _report)


@router.get("/reports/waiting", response=list[ReportOut])
def waiting_reports(request: ApiRequest) -> list[ReportOut]:
    """The reports that wait for one's signature."""
    return [_report(row) for row in queries.waiting_reports(request.actor)]


@router.get("/reports/owed", response=list[OwedOut])
def owed(request: ApiRequest, day: Day) -> list[OwedOut]:
    """Who of one's people has handed in the report of a day, and who owes it."""
    return [
        OwedOut(
            person_id=line.person_id,
            name=line.name,
            owes=line.owes,
            is_missing=line.is_missing,
            report_id=line.report.pk if line.report and line.report.edition else None,
        )
        for line in queries.team_reports(request.actor, day)
    ]


@router.post("/reports/sign", response=list[DecidedOut])
def sign_reports(request: ApiRequest, body: SignManyIn) -> list[DecidedOut]:
    """Sign many reports at once (`version` is the edition), with an outcome for each."""
    outcomes = commands.sign_many(request.actor, [(paper.id, paper.version) for paper in body.papers], body.comment)
    return [DecidedOut(id=item.report_id, refusal=str(item.refusal) if item.refusal else None) for item in outcomes]


@router.put("/reports/days/{day}", response=ReportOut)
def save_draft(request: ApiRequest, day: Day, body: TextIn) -> ReportOut:
    """Keep what one has written so far."""
    return _report(commands.save_draft(request.actor, day, body.text, body.version))


@router.post("/reports/days/{day}/submit", response=ReportOut)
def submit(request: ApiRequest, day: Day, body: TextIn) -> ReportOut:
    """Hand in one's own report of a day; the figures are frozen."""
    return _report(commands.submit(request.actor, day, body.text, body.version))


@router.get("/reports/{report_id}", response=ReportPageOut)
def report(request: ApiRequest, report_id: Id) -> ReportPageOut:
    """One report."""
    page = queries.report(request.actor, report_id)
    editions = [page.edition, *page.former] if page.edition else []
    return ReportPageOut(
        **_report(page.report).model_dump(),
        editions=[shaped(EditionOut, row) for row in editions],
        figures=[
            ReportFigureOut(
                key=item.measure.key,
                name=str(item.measure.name),
                unit=item.measure.unit,
                formula=str(item.measure.formula),
                value=item.value,
                now=item.now,
            )
            for item in page.figures
        ],
        attendance=attended_of(page.attended) if page.attended else None,
        targets=[
            ReportTargetOut(
                key=item.measure.key,
                name=str(item.measure.name),
                target=item.target,
                actual=item.actual,
                ratio=item.ratio,
                now=item.now,
            )
            for item in page.attained
        ],
        visit_ids=[visit.pk for visit in page.work.visits],
        said=[
            SaidOut(
                edition=item.version,
                verdict=item.verdict,
                comment=item.comment,
                person=item.person,
                on_behalf_of=item.on_behalf_of,
                at=item.at,
            )
            for item in page.said
        ],
    )


@router.post("/reports/{report_id}/sign", response=ReportOut)
def sign(request: ApiRequest, report_id: Id, body: VerdictIn) -> ReportOut:
    """Sign the edition (`version`) that one has read."""
    return _report(commands.sign(request.actor, report_id, body.version, body.comment))


@router.post("/reports/{report_id}/return", response=ReportOut)
def return_report(request: ApiRequest, report_id: Id, body: VerdictIn) -> ReportOut:
    """Send a report back with an instruction."""
    return _report(commands.return_(request.actor, report_id, body.version, body.comment))


@router.post("/reports/{report_id}/comment", response=ReportOut)
def comment(request: ApiRequest, report_id: Id, body: CommentIn) -> ReportOut:
    """Write an instruction without deciding."""
    return _report(commands.comment(request.actor, report_id, body.comment))


@router.post("/reports/{report_id}/revise", response=ReportOut)
def revise(request: ApiRequest, report_id: Id, body: ReasonIn) -> ReportOut:
    """Open one's own signed report again; the signed edition is kept."""
    return _report(commands.revise(request.actor, report_id, body.reason))


def _report(row: DailyReport) -> ReportOut:
    return shaped(ReportOut, row, version=row.edit_version)
