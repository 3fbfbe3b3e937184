"""What is counted about reports."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.measures import Bump, Measure, declare

from .models import DailyReport


def _reports(key: str, condition: Q) -> Iterator[Bump]:
    rows = (
        DailyReport.objects.beyond_sight(because="measures are counted again over all facts")
        .filter(condition, submitted_at__isnull=False)
        .values_list("person_id", "department_id", "day")
        .annotate(n=Count("pk"))
    )
    for person, department, day, n in rows:
        yield Bump(key, person, department, day, n)


SUBMITTED = declare(
    Measure(
        "reports.submitted",
        _("已交日报"),
        "count",
        _("已提交的日报份数,记在报告日"),
        lambda: _reports("reports.submitted", Q()),
    )
)
ON_TIME = declare(
    Measure(
        "reports.on_time",
        _("按时日报"),
        "count",
        _("在截止时刻之前提交的日报份数,记在报告日"),
        lambda: _reports("reports.on_time", Q(late_minutes=0)),
    )
)
