"""What falls to a person today, told in one e-mail before work begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from xiaocheng.control.reports import queries as reports
from xiaocheng.foundation.channels.commands import Message
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import listed
from xiaocheng.foundation.org.access import SEE_TEAM
from xiaocheng.foundation.org.queries import Person, actor_for, last_workday_before
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.tasks import queries as tasks

NAMED = 5  # as many are named of each kind; the page shows all


def digest_for(person: Person, day: dt.date) -> Message | None:
    """The e-mail of a morning in the person's language, or nothing when nothing falls to him."""
    actor = actor_for(person)
    with translation.override(person.language):
        lines = list(_lines(actor, day))
        if not lines:
            return None
        subject = _("销程:%(day)s的安排") % {"day": date_format(day, "MONTH_DAY_FORMAT")}
        body = "\n".join([*(f"- {line}" for line in lines), "", settings.PUBLIC_URL]).rstrip() + "\n"
    return Message(person.pk, person.email, subject, body, f"digest:{day}:{person.pk}")


def _lines(actor: Actor, day: dt.date) -> Iterator[str]:
    """One line for each kind of thing of which there is something."""
    if actor.can(VISIT):
        yield from _own(actor, day)
    if actor.can(SEE_TEAM):
        yield from _team(actor, day)
    yield from _told(_("到期的待办"), (row.title for row in tasks.due(actor, day)))


def _own(actor: Actor, day: dt.date) -> Iterator[str]:
    plan = fieldwork.plan_of(actor, actor.person_id or 0, day)
    if plan is None or not plan.lines:
        yield _("今天还没有拜访计划")
    else:
        yield from _told(_("今天的拜访"), (_stop(line) for line in plan.lines))
    if actor.can(SEE):
        yield from _told(_("首问时限快到的客户"), (row.name for row in customers.near_lapse(actor, day)))
    if reports.returned_report(actor) is not None:
        yield _("有一份日报被退回,等您修改")


def _team(actor: Actor, day: dt.date) -> Iterator[str]:
    yield from _told(_("等您签核的拜访计划"), (row.person.name for row in fieldwork.waiting_plans(actor)))
    yield from _told(_("等您审批的考勤申请"), (row.person.name for row in fieldwork.waiting_requests(actor)))
    yield from _told(_("等您批阅的日报"), (row.person.name for row in reports.waiting_reports(actor)))
    missing = reports.missing_reports(actor, last_workday_before(day))
    yield from _told(_("上一个工作日没有交日报"), (line.name for line in missing))
    if actor.can(SEE):
        rows = customers.teams_near_lapse(actor).values_list("name", flat=True)
        yield from _told(_("团队里首问时限快到的客户"), rows)


def _stop(line: fieldwork.PlanLine) -> str:
    where = line.customer.name if line.customer is not None else line.area
    return f"{line.starts_at:%H:%M} {where}" if line.starts_at else where


def _told(what: str, items: Iterable[str]) -> Sequence[str]:
    """How many there are of a kind, with the first of them by name."""
    names = list(items)
    if not names:
        return ()
    said = {"what": what, "count": len(names), "names": listed(names[:NAMED])}
    more = _("%(what)s %(count)s 项:%(names)s 等") if len(names) > NAMED else _("%(what)s %(count)s 项:%(names)s")
    return (more % said,)
