"""Plans as people look at them: one day of one person, what waits for a signature, a team's day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from xiaocheng.foundation.approvals.queries import Paper, Said, said_about, waiting_for
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.org import queries as org
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.measures import LINES
from xiaocheng.selling.fieldwork.models import Kind, LineOutcome, PlanLine, PlanState, Visit, VisitPlan

KIND = "fieldwork.plan"


@dataclass(frozen=True)
class DayPlan:
    """A plan with its lines in order and what was said about it."""

    plan: VisitPlan
    lines: list[PlanLine]
    said: list[Said]

    @property
    def done(self) -> int:
        """Number of lines visited."""
        return sum(line.outcome == LineOutcome.DONE for line in self.lines)

    @property
    def overlaps(self) -> list[tuple[PlanLine, PlanLine]]:
        """Pairs of lines whose windows overlap: a warning, never an obstacle."""
        return [(one, other) for one, other in combinations(self.lines, 2) if one.overlaps(other)]

    @property
    def unsettled(self) -> list[PlanLine]:
        """Lines of which nobody has said yet what became of them."""
        return [line for line in self.lines if line.outcome == LineOutcome.PLANNED]


def plan(actor: Actor, plan_id: int) -> DayPlan:
    """One plan that the actor may see."""
    return _with_lines(actor, VisitPlan.objects.one(actor, plan_id, "person"))


def line(actor: Actor, line_id: int) -> PlanLine:
    """One line of a plan that the actor may see, with its plan."""
    row: PlanLine | None = _lines(actor).filter(pk=line_id).first()
    if row is None:
        raise NotFound
    return row


def plan_of(actor: Actor, person_id: int, day: dt.date) -> DayPlan | None:
    """The plan of a person and day, if there is one that the actor may see."""
    rows = VisitPlan.objects.visible_to(actor).filter(person_id=person_id, day=day)
    row = rows.select_related("person", "decided_by").first()
    return _with_lines(actor, row) if row else None


def plans(actor: Actor, day: dt.date) -> QuerySet[VisitPlan]:
    """The plans of a day that the actor may see, each with its lines."""
    rows: QuerySet[VisitPlan] = VisitPlan.objects.visible_to(actor).filter(day=day)
    return rows.select_related("person").prefetch_related(Prefetch("lines", _lines(actor))).order_by("pk")


def counted_lines(actor: Actor, measure: str, period: Period, person_id: int | None = None) -> QuerySet[PlanLine]:
    """The planned lines that a measure counts in a period, of one person or of everybody whom the actor sees."""
    rows: QuerySet[PlanLine] = PlanLine.objects.visible_to(actor).select_related("plan__person", "customer")
    rows = rows.filter(LINES[measure], plan__day__range=(period.first, period.last))
    return rows if person_id is None else rows.filter(plan__person_id=person_id)


def lines_of_customer(actor: Actor, customer_id: int) -> QuerySet[PlanLine]:
    """The visits to a customer, who is in sight, that people whom the actor sees planned; the latest day first."""
    rows: QuerySet[PlanLine] = PlanLine.objects.visible_to(actor).filter(customer=customer_id)
    return rows.select_related("plan__person", "visit").order_by("-plan__day", "-pk")


def latest_plan_day(actor: Actor, before: dt.date) -> dt.date | None:
    """The day of one's own latest plan with lines before a day: what "copy" would copy."""
    mine = VisitPlan.objects.visible_to(actor).filter(person_id=actor.person_id, day__lt=before, lines__isnull=False)
    found: dt.date | None = mine.order_by("-day").values_list("day", flat=True).first()
    return found


def waiting_plans(actor: Actor) -> list[VisitPlan]:
    """The plans that wait for the actor's signature, oldest first, each with its lines."""
    rows = (
        VisitPlan.objects.visible_to(actor)
        .filter(state=PlanState.SUBMITTED)
        .exclude(person_id=actor.person_id)
        .select_related("person")
        .prefetch_related(Prefetch("lines", _lines(actor)))
        .order_by("day", "sent_at")
    )
    papers = list(rows)
    mine = waiting_for(actor, [Paper(row.pk, row.person_id, row.sent_at) for row in papers])
    return [row for row in papers if row.pk in mine]


@dataclass(frozen=True)
class TeamDay:
    """How far one colleague is with one day."""

    person_id: int
    name: str
    department: str
    plan: VisitPlan | None
    planned: int
    done: int
    off_plan: int
    contacts: int
    now_at: str  # where the person is checked in

    @property
    def percent(self) -> int:
        """Share of the planned lines that are done."""
        return self.done * 100 // self.planned if self.planned else 0


def team_day(actor: Actor, day: dt.date) -> list[TeamDay]:
    """The day of everybody whom the actor sees and who visits customers: plan, progress, where he is now."""
    people = [person for person in org.team(actor).select_related("role") if VISIT in person.role.capabilities]
    ids = [person.pk for person in people]
    plans = {row.person_id: row for row in _counted(actor, ids, day)}
    contacts = _contacts(actor, ids, day)
    return [_team_day(person, plans.get(person.pk), contacts.get(person.pk, [])) for person in people]


def _team_day(person: Any, row: Any, contacts: list[Visit]) -> TeamDay:
    return TeamDay(
        person.pk,
        person.name,
        person.department.name,
        plan=row,
        planned=row.n_lines if row else 0,
        done=row.n_done if row else 0,
        off_plan=sum(item.is_off_plan for item in contacts),
        contacts=sum(item.kind != Kind.VISIT for item in contacts),
        now_at=next((_place(item) for item in contacts if item.is_under_way), ""),
    )


def _counted(actor: Actor, people: list[int], day: dt.date) -> QuerySet[VisitPlan]:
    done = Count("lines", filter=Q(lines__outcome=LineOutcome.DONE))
    rows: QuerySet[VisitPlan] = VisitPlan.objects.visible_to(actor).filter(day=day, person_id__in=people)
    return rows.annotate(n_lines=Count("lines"), n_done=done)


def _contacts(actor: Actor, people: list[int], day: dt.date) -> dict[int, list[Visit]]:
    rows = Visit.objects.visible_to(actor).filter(credit_person_id__in=people, booked_on=day).select_related("customer")
    return _grouped(rows)


def _grouped(rows: Iterable[Visit]) -> dict[int, list[Visit]]:
    found: dict[int, list[Visit]] = {}
    for row in rows:
        found.setdefault(row.credit_person_id, []).append(row)
    return found


def _place(visit: Visit) -> str:
    return visit.customer.name if visit.customer else visit.area


def _lines(actor: Actor) -> QuerySet[PlanLine]:
    rows: QuerySet[PlanLine] = PlanLine.objects.visible_to(actor)
    return rows.select_related("plan", "customer", "opportunity", "visit").order_by("position", "pk")


def _with_lines(actor: Actor, row: VisitPlan) -> DayPlan:
    lines = list(_lines(actor).filter(plan=row))
    return DayPlan(row, lines, said_about(actor, KIND, [row.pk])[row.pk])
