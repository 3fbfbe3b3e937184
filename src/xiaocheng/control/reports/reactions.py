"""What the reports know of somebody who hands over, and what a late return that is granted afterwards changes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import reacts
from xiaocheng.foundation.org.queries import Person, actor_for, holds
from xiaocheng.selling.fieldwork.events import AttendanceGranted
from xiaocheng.selling.fieldwork.queries import RequestKind

from .commands import put_off
from .queries import waiting_reports


@holds("reports.dailyreport", _("等他批阅的日报"), _("账号停用后由接替的上级批阅"), ends=True)
def count_waiting_reports(person: Person) -> int:
    """Reports that nobody nearer signs."""
    return len(waiting_reports(actor_for(person)))


@reacts(AttendanceGranted)
def put_off_reports(actor: Actor, events: Sequence[AttendanceGranted]) -> None:
    """A report that is there already was due later, too, once a late return is granted for its day."""
    for event in events:
        if event.kind_of == RequestKind.LATE_RETURN:
            put_off(actor, event.person_id, event.day)
