"""Visit plans, visits and other contacts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import combinations
from typing import Annotated, Literal

from ninja import File, Query, Router, UploadedFile
from ninja import Schema as Answer
from pydantic import AwareDatetime, Field

from xiaocheng.foundation.kernel import clock
from xiaocheng.selling.customers.queries import customer
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.commands import ContactDraft, LineDraft, Position, Queued, VisitResult
from xiaocheng.selling.fieldwork.queries import PlanLine, Visit, VisitPlan

from .auth import ApiRequest
from .files import FileOut, file_of
from .schemas import Body, Day, Id, Page, Paging, TimeOfDay, page_of, shaped

router = Router(tags=["fieldwork"])

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Moment = Annotated[
    AwareDatetime, Field(ge=dt.datetime(2000, 1, 1, tzinfo=dt.UTC), lt=dt.datetime(2200, 1, 1, tzinfo=dt.UTC))
]
PurposeCode = Literal["develop", "survey", "collect", "service", "complaint", "order", "other"]
KindCode = Literal["visit", "call", "message", "demo", "other"]
OutcomeCode = Literal["met_decider", "met_other", "not_met"]
ResultCode = Literal["order", "receipt", "quote", "need", "solved", "next_step", "nothing"]
MOST_PLANS = 200


class PlanLineOut(Answer):
    """One intended visit and what became of it."""

    id: int
    position: int
    customer_id: int | None
    opportunity_id: int | None
    area: str
    starts_at: dt.time | None
    ends_at: dt.time | None
    purpose: str
    note: str
    why: str
    outcome: str
    reason: str
    moved_to: dt.date | None
    is_signed: bool
    former: dict[str, str]
    visit_id: int | None


class LineOverlapOut(Answer):
    """Two lines of a plan whose windows overlap: a warning."""

    line_id: int
    other_line_id: int


class PlanOut(Answer):
    """What one person means to do on a day; sign the `version` that you have seen."""

    id: int
    person_id: int
    day: dt.date
    state: str
    version: int
    submitted_at: dt.datetime | None
    late_minutes: int
    decided_by_id: int | None
    decided_at: dt.datetime | None
    instruction: str
    changed_after_signing: bool
    went_unsigned: bool
    lines: list[PlanLineOut]
    overlaps: list[LineOverlapOut]


class VisitOut(Answer):
    """A visit or another contact."""

    id: int
    kind: str
    person_id: int
    department_id: int
    customer_id: int | None
    contact_id: int | None
    opportunity_id: int | None
    plan_line_id: int | None
    area: str
    purpose: str
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    checked_in_at: dt.datetime | None
    checked_out_at: dt.datetime | None
    queued_at: dt.datetime | None
    completed_at: dt.datetime | None
    amended_at: dt.datetime | None
    outcome: str
    result: str
    note: str
    next_step: str
    next_on: dt.date | None
    opinion: str
    news: str
    competitor_facts: str
    problem: str
    solution: str
    is_effective: bool
    is_off_plan: bool
    version: int


class ShortfallOut(Answer):
    """One thing that a visit lacks to be effective."""

    code: str
    words: str


class SuggestionOut(Answer):
    """A customer whom one might visit, and why."""

    customer_id: int
    customer: str
    reason: str
    purpose: str
    opportunity_id: int | None


class DecidedOut(Answer):
    """What became of one paper of a bulk signature."""

    id: int
    refusal: str | None


class LineIn(Body):
    """An intended visit: to a customer, or to an area."""

    customer_id: Id | None = None
    opportunity_id: Id | None = None
    area: str = ""
    starts_at: TimeOfDay | None = None
    ends_at: TimeOfDay | None = None
    purpose: PurposeCode = "other"
    note: str = ""


class LinesIn(Body):
    """Lines to add at the end: all of them or none."""

    lines: Annotated[list[LineIn], Field(min_length=1, max_length=100)]


class OrderIn(Body):
    """The order of a plan's lines; `version` is the one of the plan that was read."""

    version: Version
    line_ids: Annotated[list[Id], Field(max_length=500)]


class SettleIn(Body):
    """Why a planned visit was moved or not made."""

    outcome: Literal["moved", "not_done"]
    reason: str
    moved_to: Day | None = None


class VerdictIn(Body):
    """A signature, or with `return` what is to be changed; `version` is the one that was read."""

    version: Version
    comment: str = ""


class SeenIn(Body):
    """A paper and its version that was read."""

    id: Id
    version: Version


class SignManyIn(Body):
    """Papers to sign at once."""

    papers: Annotated[list[SeenIn], Field(min_length=1, max_length=MOST_PLANS)]
    comment: str = ""


class PositionIn(Body):
    """Where a device is, in degrees of WGS-84, and within how many metres; kept only if the person agreed to it."""

    latitude: Annotated[Decimal, Field(ge=-90, le=90)]
    longitude: Annotated[Decimal, Field(ge=-180, le=180)]
    accuracy: Annotated[int, Field(ge=0, le=2**31 - 1)]

    @property
    def position(self) -> Position:
        """As commands take it."""
        return Position(self.latitude, self.longitude, self.accuracy)


class FromDevice(Body):
    """What a device recorded offline: when it did, and what its clock says as it sends it.

    The time counts if that clock is within two minutes of ours; else what arrives counts from its arrival.
    """

    queued_at: Moment | None = None
    device_now: Moment | None = None

    @property
    def queued(self) -> Queued | None:
        """As commands take it."""
        return Queued(self.queued_at, self.device_now) if self.queued_at and self.device_now else None


class LeaveIn(FromDevice):
    """Where one leaves, and when if the device was offline."""

    position: PositionIn | None = None


class PlaceConsentIn(Body):
    """Whether the place of one's check-ins may be kept."""

    is_given: bool


class PlaceConsentOut(Answer):
    """What one said, and when."""

    is_given: bool
    at: dt.datetime


class VisitPlaceOut(Answer):
    """The place of a check-in (`in`) or check-out (`out`); after its term, the verdict alone."""

    moment: str
    at: dt.datetime
    latitude: Decimal | None
    longitude: Decimal | None
    accuracy: int | None
    distance: int | None
    verdict: str


class CheckInIn(FromDevice):
    """Where one has arrived: a line of the day's plan, a customer, or an area; and when if the device was offline."""

    line_id: Id | None = None
    customer_id: Id | None = None
    area: str = ""
    purpose: PurposeCode = "other"
    opportunity_id: Id | None = None
    position: PositionIn | None = None


class Telling(Body):
    """What came of a contact, beside its two mandatory answers."""

    note: str = ""
    next_step: str = ""
    next_on: Day | None = None
    contact_id: Id | None = None
    opportunity_id: Id | None = None
    opinion: str = ""
    news: str = ""
    competitor_facts: str = ""
    problem: str = ""
    solution: str = ""


class ResultIn(Telling):
    """The result of a visit; `version` is the visit's."""

    version: Version
    outcome: OutcomeCode
    result: ResultCode


class FirstResultIn(ResultIn, FromDevice):
    """The first result of a visit, which ends it if that was not said before; and when if the device was offline."""


class ReachIn(Telling, FromDevice):
    """A contact that has taken place; without a time it was now.

    From a device that was offline: when it was recorded there, and what its clock says as it is sent. The mark is kept
    if that clock is within two minutes of ours, else the contact counts as typed later.
    """

    customer_id: Id
    kind: KindCode = "call"
    occurred_at: Moment | None = None
    outcome: OutcomeCode = "met_other"
    result: ResultCode | Literal[""] = ""
    purpose: PurposeCode = "other"


@router.get("/plans", response=list[PlanOut])
def plans(request: ApiRequest, day: Day | None = None) -> list[PlanOut]:
    """The plans of a day, by default today, of everybody whom one sees."""
    return [_plan(row) for row in queries.plans(request.actor, day or clock.today())[:MOST_PLANS]]


@router.get("/plans/waiting", response=list[PlanOut])
def waiting_plans(request: ApiRequest) -> list[PlanOut]:
    """The plans that wait for one's signature."""
    return [_plan(row) for row in queries.waiting_plans(request.actor)]


@router.get("/plans/suggestions", response=list[SuggestionOut])
def suggestions(request: ApiRequest, day: Day | None = None) -> list[SuggestionOut]:
    """Customers whom one might put on the plan of a day, with the reason."""
    return [SuggestionOut(**vars(item)) for item in queries.suggest_lines(request.actor, day or clock.today())]


@router.post("/plans/sign", response=list[DecidedOut])
def sign_plans(request: ApiRequest, body: SignManyIn) -> list[DecidedOut]:
    """Sign many plans at once, with an outcome for each."""
    outcomes = commands.sign_plans(request.actor, [(paper.id, paper.version) for paper in body.papers], body.comment)
    return [DecidedOut(id=item.plan_id, refusal=str(item.refusal) if item.refusal else None) for item in outcomes]


@router.get("/plans/{plan_id}", response=PlanOut)
def plan(request: ApiRequest, plan_id: Id) -> PlanOut:
    """One plan."""
    return _plan_now(request, plan_id)


@router.put("/plans/days/{day}", response=PlanOut)
def draft_plan(request: ApiRequest, day: Day) -> PlanOut:
    """One's own plan of a day, begun if there is none yet."""
    return _plan_now(request, commands.draft_plan(request.actor, day).pk)


@router.post("/plans/days/{day}/propose", response=PlanOut)
def propose_day(request: ApiRequest, day: Day) -> PlanOut:
    """Fill one's own plan of a day with what is due, each line with its reason, up to the number of the rule."""
    return _plan_now(request, commands.propose_day(request.actor, day)[0].plan_id)


@router.post("/plans/days/{day}/copy", response=PlanOut)
def copy_plan(request: ApiRequest, day: Day, from_day: Day | None = None) -> PlanOut:
    """Take the lines of a former plan, by default the latest, into the plan of a day."""
    return _plan_now(request, commands.copy_plan(request.actor, day, from_day).pk)


@router.post("/plans/{plan_id}/lines", response=PlanOut)
def add_lines(request: ApiRequest, plan_id: Id, body: LinesIn) -> PlanOut:
    """Add lines to one's own plan."""
    commands.add_lines(request.actor, plan_id, [LineDraft(**line.model_dump()) for line in body.lines])
    return _plan_now(request, plan_id)


@router.put("/plans/{plan_id}/order", response=PlanOut)
def order_lines(request: ApiRequest, plan_id: Id, body: OrderIn) -> PlanOut:
    """Put the lines of the version that one has read into another order."""
    commands.order_lines(request.actor, plan_id, body.line_ids, body.version)
    return _plan_now(request, plan_id)


@router.post("/plans/{plan_id}/submit", response=PlanOut)
def submit_plan(request: ApiRequest, plan_id: Id) -> PlanOut:
    """Lay one's own plan before the supervisor."""
    return _plan_now(request, commands.submit_plan(request.actor, plan_id).pk)


@router.post("/plans/{plan_id}/sign", response=PlanOut)
def sign_plan(request: ApiRequest, plan_id: Id, body: VerdictIn) -> PlanOut:
    """Agree to the version that one has read."""
    return _plan_now(request, commands.sign_plan(request.actor, plan_id, body.version, body.comment).pk)


@router.post("/plans/{plan_id}/return", response=PlanOut)
def return_plan(request: ApiRequest, plan_id: Id, body: VerdictIn) -> PlanOut:
    """Send a plan back with an instruction."""
    return _plan_now(request, commands.return_plan(request.actor, plan_id, body.version, body.comment).pk)


@router.put("/plan-lines/{line_id}", response=PlanLineOut)
def edit_line(request: ApiRequest, line_id: Id, body: LineIn) -> PlanLineOut:
    """Change a line of one's own plan."""
    return _line(commands.edit_line(request.actor, line_id, LineDraft(**body.model_dump())))


@router.delete("/plan-lines/{line_id}", response=None)
def drop_line(request: ApiRequest, line_id: Id) -> None:
    """Take a line out of a plan that is not signed."""
    commands.drop_line(request.actor, line_id)


@router.post("/plan-lines/{line_id}/settle", response=PlanLineOut)
def settle_line(request: ApiRequest, line_id: Id, body: SettleIn) -> PlanLineOut:
    """Say that a planned visit was moved or not made, and why."""
    return _line(commands.settle_line(request.actor, line_id, **body.model_dump()))


@router.get("/visits", response=Page[VisitOut])
def visits(
    request: ApiRequest,
    paging: Query[Paging],
    search: str = "",
    customer_id: Id | None = None,
    opportunity_id: Id | None = None,
    person_id: Id | None = None,
    day: Day | None = None,
) -> Page[VisitOut]:
    """Visits and other contacts that one sees."""
    rows = queries.visits(request.actor, search, customer_id=customer_id, opportunity_id=opportunity_id)
    if person_id is not None:
        rows = rows.filter(credit_person_id=person_id)
    if day is not None:
        rows = rows.filter(booked_on=day)
    return page_of(rows, paging, _visit)


@router.post("/visits/check-in", response=VisitOut)
def check_in(request: ApiRequest, body: CheckInIn) -> VisitOut:
    """Arrive. Twice the same gives the same visit."""
    where = body.position.position if body.position else None
    told = body.model_dump(exclude={"position", "queued_at", "device_now"})
    return _visit(commands.check_in(request.actor, **told, position=where, queued=body.queued))


@router.post("/visits/contacts", response=VisitOut)
def log_contact(request: ApiRequest, body: ReachIn) -> VisitOut:
    """Note a contact that has taken place."""
    return _visit(commands.log_contact(request.actor, ContactDraft(**body.model_dump())))


@router.get("/visits/{visit_id}", response=VisitOut)
def visit(request: ApiRequest, visit_id: Id) -> VisitOut:
    """One visit."""
    return _visit(queries.visit(request.actor, visit_id))


@router.get("/visits/{visit_id}/shortfalls", response=list[ShortfallOut])
def shortfalls(request: ApiRequest, visit_id: Id) -> list[ShortfallOut]:
    """Why a visit with a result was not counted as effective; empty if it was."""
    return [ShortfallOut(code=it.code, words=str(it.words)) for it in queries.judgement(request.actor, visit_id)]


@router.post("/visits/{visit_id}/photos", response=FileOut)
def add_photo(request: ApiRequest, visit_id: Id, file: File[UploadedFile]) -> FileOut:
    """Keep a photo of one's own visit; those of a visit are read as files of `fieldwork.visit`."""
    return file_of(commands.add_photo(request.actor, visit_id, file.name or "", file.read()))


@router.post("/visits/{visit_id}/check-out", response=VisitOut)
def check_out(request: ApiRequest, visit_id: Id, body: LeaveIn | None = None) -> VisitOut:
    """Leave."""
    where = body.position.position if body and body.position else None
    return _visit(commands.check_out(request.actor, visit_id, where, body.queued if body else None))


@router.get("/visits/{visit_id}/places", response=list[VisitPlaceOut])
def places_of_visit(request: ApiRequest, visit_id: Id) -> list[VisitPlaceOut]:
    """Where a visit began and ended, as far as the person let that be kept."""
    found = queries.visit(request.actor, visit_id)
    return [shaped(VisitPlaceOut, row) for row in queries.places_of_visit(request.actor, found.pk)]


@router.post("/visits/{visit_id}/place-customer", response=None)
def place_by_visit(request: ApiRequest, visit_id: Id) -> None:
    """Take the place of one's own check-in for that of the customer, who has none yet."""
    commands.place_by_visit(request.actor, visit_id)


@router.get("/me/place-consent", response=list[PlaceConsentOut])
def place_consents(request: ApiRequest) -> list[PlaceConsentOut]:
    """What one said about keeping the place of one's check-ins, the last word first."""
    request.actor.require(VISIT)
    return [shaped(PlaceConsentOut, row) for row in queries.place_consents(request.actor)[:100]]


@router.post("/me/place-consent", response=None)
def note_place_consent(request: ApiRequest, body: PlaceConsentIn) -> None:
    """Agree that the place of one's check-ins is kept, or withdraw that."""
    commands.note_place_consent(request.actor, is_given=body.is_given)


@router.post("/visits/{visit_id}/result", response=VisitOut)
def record_result(request: ApiRequest, visit_id: Id, body: FirstResultIn) -> VisitOut:
    """Tell what came of a visit."""
    told = VisitResult(**body.model_dump(exclude={"version", "queued_at", "device_now"}))
    return _visit(commands.record_result(request.actor, visit_id, body.version, told, body.queued))


@router.put("/visits/{visit_id}/result", response=VisitOut)
def amend_result(request: ApiRequest, visit_id: Id, body: ResultIn) -> VisitOut:
    """Correct what was told about a visit."""
    told = VisitResult(**body.model_dump(exclude={"version"}))
    return _visit(commands.amend_result(request.actor, visit_id, body.version, told))


def _plan_now(request: ApiRequest, plan_id: int) -> PlanOut:
    found = queries.plan(request.actor, plan_id)
    return _plan(found.plan, found.lines)


def _plan(row: VisitPlan, lines: list[PlanLine] | None = None) -> PlanOut:
    found = list(row.lines.all()) if lines is None else lines
    overlaps = [
        LineOverlapOut(line_id=one.pk, other_line_id=other.pk)
        for one, other in combinations(found, 2)
        if one.overlaps(other)
    ]
    return shaped(PlanOut, row, lines=[_line(line) for line in found], overlaps=overlaps)


@router.get("/customers/{customer_id}/plan-lines", response=list[PlanLineOut])
def lines_of_customer(request: ApiRequest, customer_id: Id) -> list[PlanLineOut]:
    """The latest fifty visits to a customer that were planned by people whom one sees, the latest day first."""
    customer(request.actor, customer_id)
    return [_line(row) for row in queries.lines_of_customer(request.actor, customer_id)[:50]]


def _line(row: PlanLine) -> PlanLineOut:
    return shaped(PlanLineOut, row, visit_id=row.visit.pk if hasattr(row, "visit") else None)


def _visit(row: Visit) -> VisitOut:
    renamed = {"person_id": "credit_person_id", "department_id": "credit_department_id", "version": "edit_version"}
    return VisitOut(**{name: getattr(row, renamed.get(name, name)) for name in VisitOut.model_fields})
