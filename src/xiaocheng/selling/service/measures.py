"""What is counted about complaints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Gauge, Measure, declare

from .models import Complaint, ComplaintClosing
from .states import CLOSED

BECAUSE = "measures are rebuilt from all rows"
COLUMNS = ("credit_person", "credit_department", "booked_on")


def _raised() -> Iterator[Bump]:
    rows = Complaint.objects.beyond_sight(because=BECAUSE).values_list(*COLUMNS).annotate(n=Count("pk"))
    for person, department, day, n in rows.order_by():
        yield Bump(RAISED, person, department, day, n)


def _closed() -> Iterator[Bump]:
    rows = ComplaintClosing.objects.beyond_sight(because=BECAUSE).values_list(*COLUMNS).annotate(n=Sum("sign"))
    for person, department, day, n in rows.order_by():
        yield Bump(COMPLETED, person, department, day, n)


def closing_bumps(rows: Iterable[ComplaintClosing]) -> Iterator[Bump]:
    """What closings and their reversals add to the measure."""
    for row in rows:
        yield Bump(COMPLETED, row.credit_person_id, row.credit_department_id, row.booked_on, row.sign)


def _open_now() -> Iterator[tuple[int, int]]:
    rows = Complaint.objects.beyond_sight(because=BECAUSE).exclude(state=CLOSED)
    yield from rows.values_list("customer").annotate(n=Count("pk")).order_by()


RAISED = declare(Measure("service.raised", _("客户投诉"), "count", _("期间内登记的客户投诉数,记在登记人名下"), _raised))
COMPLETED = declare(
    Measure(
        "service.closed",
        _("处理完的投诉"),
        "count",
        _("期间内结案的客户投诉数,重新处理的减去,记在当时的处理人名下"),
        _closed,
    )
)
OPEN_NOW = declare(
    Gauge("service.open", _("未结案的投诉"), "count", _("该客户尚未结案的投诉数,包括其他同事登记的"), _open_now)
)
