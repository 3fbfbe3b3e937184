"""Reports as people look at them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from xiaocheng.control.reports.access import OWE, WRITE
from xiaocheng.control.reports.models import DailyReport, ReportEdition, ReportState
from xiaocheng.foundation.approvals.queries import Paper, Said, said_about, waiting_for
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org import queries as org
from xiaocheng.selling.fieldwork.queries import Attended, on_leave

from .day import Attained, DayOfWork, Figure, attained_of, day_of_work, figures_of

KIND = "reports.dailyreport"


@dataclass(frozen=True)
class ReportPage:
    """One report: its latest edition and the former ones, the work it tells of, the figures then and now."""

    report: DailyReport
    edition: ReportEdition | None  # None while it was never handed in
    former: list[ReportEdition]
    work: DayOfWork
    figures: list[Figure]
    attained: list[Attained]
    said: list[Said]

    @property
    def attended(self) -> Attended | None:
        """The attendance of the day as it was handed in; before that, as it is."""
        if self.edition is None:
            return self.work.attended
        return Attended.of_kept(self.edition.attendance) if self.edition.attendance else None

    @property
    def changed_since(self) -> list[Figure]:
        """Figures that are no longer what was handed in."""
        return [figure for figure in self.figures if figure.since_then]


def report(actor: Actor, report_id: int) -> ReportPage:
    """One report that the actor may see."""
    row: DailyReport = DailyReport.objects.one(actor, report_id)
    if row.edition == 0 and row.person_id != actor.person_id:
        raise NotFound  # nobody reads over the shoulder of somebody who still writes
    editions = list(row.editions.order_by("-number"))
    latest = editions[0] if editions else None
    return ReportPage(
        row,
        latest,
        editions[1:],
        day_of_work(actor, row.person_id, row.day),
        figures_of(actor, row.person_id, row.day, latest.figures if latest else None),
        attained_of(actor, row.person_id, row.day, latest.targets if latest else None),
        said_about(actor, KIND, [row.pk])[row.pk],
    )


def report_of(actor: Actor, person_id: int, day: dt.date) -> DailyReport | None:
    """The report of a person and day, if it was begun and the actor may see it."""
    return DailyReport.objects.visible_to(actor).filter(person_id=person_id, day=day).first()


def returned_report(actor: Actor) -> DailyReport | None:
    """The actor's own latest report that came back and waits for him."""
    mine = DailyReport.objects.visible_to(actor).filter(person_id=actor.person_id or 0, state=ReportState.RETURNED)
    return mine.order_by("-day").first()


def reports(actor: Actor) -> QuerySet[DailyReport]:
    """The reports that the actor may see: his own, and the handed-in ones of others; newest first."""
    rows: QuerySet[DailyReport] = DailyReport.objects.visible_to(actor).select_related("person", "decided_by")
    return (rows.filter(person_id=actor.person_id or 0) | rows.filter(edition__gt=0)).order_by("-day", "-pk")


def waiting_reports(actor: Actor) -> list[DailyReport]:
    """The reports that wait for the actor's signature, oldest first."""
    rows = DailyReport.objects.visible_to(actor).filter(state=ReportState.SUBMITTED).exclude(person_id=actor.person_id)
    papers = list(rows.select_related("person").order_by("day", "sent_at"))
    mine = waiting_for(actor, [Paper(row.pk, row.person_id, row.sent_at) for row in papers])
    return [row for row in papers if row.pk in mine]


@dataclass(frozen=True)
class ReportLine:
    """How one colleague stands with the report of a day."""

    person_id: int
    name: str
    department: str
    owes: bool
    report: DailyReport | None

    @property
    def is_missing(self) -> bool:
        """True when a report is owed and none was handed in."""
        return self.owes and (self.report is None or self.report.edition == 0)


def team_reports(actor: Actor, day: dt.date) -> list[ReportLine]:
    """Everybody whom the actor sees and who writes reports, with the report of a day."""
    workday = org.is_workday(day)
    people = [person for person in org.team(actor).select_related("role") if WRITE in person.role.capabilities]
    rows = DailyReport.objects.visible_to(actor).filter(day=day, person_id__in=[person.pk for person in people])
    found = {row.person_id: row for row in rows}
    away = on_leave(actor, day)
    return [
        ReportLine(
            person.pk,
            person.name,
            person.department.name,
            owes=workday
            and OWE in person.role.capabilities
            and person.pk not in away
            and (person.joined_on is None or person.joined_on <= day),
            report=found.get(person.pk),
        )
        for person in people
    ]


def missing_reports(actor: Actor, day: dt.date | None = None) -> list[ReportLine]:
    """Those of the actor's people who owe a report of a day (by default today) and have not handed it in."""
    return [line for line in team_reports(actor, day or clock.today()) if line.is_missing]
