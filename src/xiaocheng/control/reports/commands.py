"""Every way to change a daily report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from xiaocheng.foundation.approvals import commands as approvals
from xiaocheng.foundation.approvals.queries import Paper, who_may_decide
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Refusal, RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.foundation.org.queries import next_workday

from .access import WRITE
from .events import ReportCommented, ReportPutOff, ReportReopened, ReportReturned, ReportSigned, ReportSubmitted
from .models import DailyReport, ReportEdition, ReportState
from .queries import DayOfWork, attained_of, day_of_work, figures_of
from .rules import ReportRules
from .states import REPORT

KIND = "reports.dailyreport"
NOT_BEGUN = 0  # the edit version of a report of which nothing was written


@dataclass(frozen=True, kw_only=True)
class ReportText:
    """What the rep adds to the assembled figures."""

    judgement: str = ""
    learnt: str = ""
    tomorrow: str = ""


@dataclass(frozen=True)
class Decided:
    """What became of one report of a bulk signature."""

    report_id: int
    refusal: Refusal | None = None


def save_draft(actor: Actor, day: dt.date, text: ReportText, version: int = NOT_BEGUN) -> DailyReport:
    """Keep what one has written so far about a day, without handing it in; `version` is the one that was written on."""
    with transaction.atomic():
        report = _own(actor, day)
        _write(report, text, version)
    return report


def submit(actor: Actor, day: dt.date, text: ReportText, version: int = NOT_BEGUN) -> DailyReport:
    """Hand in one's own report of a day: the figures are frozen as they stand now; `version` as of a draft."""
    with transaction.atomic():
        report = _own(actor, day)
        state = REPORT.after(report.state, "submit")
        work = day_of_work(actor, report.person_id, day)
        _check_complete(work, text)
        deciders = who_may_decide(actor, _paper(report))
        _write(report, text, version)
        first, now = report.submitted_at is None, clock.now()
        report.state = state if deciders else ReportState.SIGNED
        report.edition, report.sent_at = report.edition + 1, now
        if first:
            report.submitted_at, report.due_at = now, _due(work)
            report.late_minutes = clock.minutes_late(now, report.due_at)
        report.save(update_fields=["state", "edition", "sent_at", "submitted_at", "due_at", "late_minutes"])
        ReportEdition.objects.add(
            ReportEdition(
                report=report,
                number=report.edition,
                as_of=now,
                figures=_frozen(actor, report),
                attendance=work.attended.kept() if work.attended else None,
                targets=_frozen_targets(actor, report),
                **asdict(text),
            )
        )
        record(
            actor,
            ReportSubmitted(
                report_id=report.pk,
                person_id=report.person_id,
                department_id=report.department_id,
                day=day,
                edition=report.edition,
                first=first,
                late_minutes=report.late_minutes,
                needs_signature=bool(deciders),
            ),
        )
    return report


def sign(actor: Actor, report_id: int, edition: int, comment: str = "") -> DailyReport:
    """Sign the edition of a report that one has read, perhaps with an instruction; it is locked from now on."""
    return _decide(actor, report_id, edition, "sign", comment)


def return_(actor: Actor, report_id: int, edition: int, comment: str) -> DailyReport:
    """Send a report back with an instruction."""
    return _decide(actor, report_id, edition, "return", comment)


def sign_many(actor: Actor, reports: Sequence[tuple[int, int]], comment: str = "") -> list[Decided]:
    """Sign many reports (id, edition seen) at once, with an outcome for each."""
    outcomes = []
    for report_id, edition in reports:
        try:
            sign(actor, report_id, edition, comment)
            outcomes.append(Decided(report_id))
        except Refusal as refusal:
            outcomes.append(Decided(report_id, refusal))
    return outcomes


def comment(actor: Actor, report_id: int, comment: str) -> DailyReport:
    """Write an instruction on a colleague's report without deciding it."""
    with transaction.atomic():
        report: DailyReport = DailyReport.objects.locked(actor, report_id)
        if report.person_id == actor.person_id:
            raise RuleBroken(_("这是您自己的日报,请写在心得里。"))
        if report.edition == 0:
            raise RuleBroken(_("这份日报还没有提交。"))
        said = approvals.comment(actor, KIND, _paper(report), report.edition, comment)
        record(
            actor.standing_in_for(said.on_behalf_of_id),
            ReportCommented(report_id=report.pk, person_id=report.person_id, day=report.day, edition=report.edition),
        )
    return report


def revise(actor: Actor, report_id: int, reason: str) -> DailyReport:
    """Open one's own signed report again; the signed edition is kept beside the new one."""
    with transaction.atomic():
        report: DailyReport = DailyReport.objects.locked(actor, report_id)
        actor.require(WRITE)
        if report.person_id != actor.person_id:
            raise RuleBroken(_("日报只能由本人修订。"))
        state = REPORT.after(report.state, "revise")
        if not reason.strip():
            raise RuleBroken(_("请写明为什么修订。"), field="reason")
        report.state = state
        report.save(update_fields=["state"])
        record(
            actor,
            ReportReopened(
                report_id=report.pk,
                person_id=report.person_id,
                day=report.day,
                edition=report.edition,
                reason=reason.strip()[:200],
            ),
        )
    return report


def put_off(actor: Actor, person_id: int, day: dt.date) -> None:
    """Judge a report that was handed in anew, by the deadline of a late return; nothing happens without one."""
    rows = DailyReport.objects.visible_to(actor).filter(person_id=person_id, day=day, submitted_at__isnull=False)
    report = rows.select_for_update(of=("self",)).first()
    if report is None or report.submitted_at is None:
        return
    was_late = report.late_minutes > 0
    report.due_at = _late_due(day)
    report.late_minutes = clock.minutes_late(report.submitted_at, report.due_at)
    report.save(update_fields=["due_at", "late_minutes"])
    in_time = was_late and not report.late_minutes
    record(
        actor,
        ReportPutOff(
            report_id=report.pk,
            person_id=person_id,
            department_id=report.department_id,
            day=day,
            on_time_change=int(in_time),
        ),
    )


def _own(actor: Actor, day: dt.date) -> DailyReport:
    """One's own report of a day, begun if there is none yet, locked."""
    actor.require(WRITE)
    if day > clock.today():
        raise RuleBroken(_("这一天还没有到,不能写日报。"))
    person_id, department_id = actor.credited()
    mine = DailyReport.objects.visible_to(actor).filter(person_id=person_id, day=day)
    report = mine.select_for_update(of=("self",)).first()
    if report is None:
        report = DailyReport(person_id=person_id, department_id=department_id, day=day, edit_version=NOT_BEGUN)
        try:
            with transaction.atomic():
                DailyReport.objects.add(report)
        except IntegrityError:  # begun on the other device at the same moment
            report = mine.select_for_update(of=("self",)).get()
    return report


def _write(report: DailyReport, text: ReportText, version: int) -> None:
    if report.is_locked:
        raise RuleBroken(_("日报已批阅并锁定。需要更正请先「修订」,原来的一版会保留。"))
    save_edit(report, version, **asdict(text))


def _check_complete(work: DayOfWork, text: ReportText) -> None:
    n = len(work.without_result)
    if n:
        raise RuleBroken(ngettext("还有 %(n)s 次拜访没有填写结果。", "还有 %(n)s 次拜访没有填写结果。", n) % {"n": n})
    n = len(work.unsettled)
    if n:
        raise RuleBroken(
            ngettext(
                "计划中还有 %(n)s 家没有说明结果,请逐一选择「改期」或「未完成」。",
                "计划中还有 %(n)s 家没有说明结果,请逐一选择「改期」或「未完成」。",
                n,
            )
            % {"n": n}
        )
    if not text.learnt.strip():
        raise RuleBroken(_("请写一点今日心得。"), field="learnt")


def _due(work: DayOfWork) -> dt.datetime:
    """20:00 of the day, or the next workday's morning when the last visit ended late or a late return was granted."""
    late_at = rules(ReportRules, work.day).late_return_after
    late = work.ended_at is not None and work.ended_at >= clock.instant(work.day, late_at)
    if late or (work.attended is not None and work.attended.returns_late):
        return _late_due(work.day)
    return clock.instant(work.day, rules(ReportRules, work.day).due_at)


def _late_due(day: dt.date) -> dt.datetime:
    return clock.instant(next_workday(day), rules(ReportRules, day).late_return_due_at)


def _frozen(actor: Actor, report: DailyReport) -> dict[str, str]:
    return {figure.measure.key: str(figure.now) for figure in figures_of(actor, report.person_id, report.day)}


def _frozen_targets(actor: Actor, report: DailyReport) -> dict[str, list[str]]:
    attained = attained_of(actor, report.person_id, report.day)
    return {item.measure.key: [str(item.target), str(item.actual)] for item in attained}


def _decide(actor: Actor, report_id: int, edition: int, verb: str, comment: str) -> DailyReport:
    with transaction.atomic():
        report: DailyReport = DailyReport.objects.locked(actor, report_id)
        state = REPORT.after(report.state, verb)
        if report.edition != edition:
            raise RuleBroken(_("您打开之后,这份日报又重新提交过。请看过最新的一版再批阅。"))
        said = approvals.decide(actor, KIND, _paper(report), edition, state, comment)
        report.state, report.decided_by_id, report.decided_at = state, actor.person_id, clock.now()
        report.instruction = comment.strip()
        report.save(update_fields=["state", "decided_by", "decided_at", "instruction"])
        event = ReportSigned if verb == "sign" else ReportReturned
        record(
            actor.standing_in_for(said.on_behalf_of_id),
            event(report_id=report.pk, person_id=report.person_id, day=report.day, edition=edition),
        )
    return report


def _paper(report: DailyReport) -> Paper:
    return Paper(report.pk, report.person_id, report.sent_at if report.state == ReportState.SUBMITTED else None)
