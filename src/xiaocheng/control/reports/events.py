"""What happened to reports."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class ReportSubmitted(Event):
    """A daily report was handed in; `first` tells the first time from a renewed one."""

    report_id: int = about("reports.dailyreport")
    person_id: int = about("org.person")
    department_id: int
    day: dt.date
    edition: int
    first: bool
    late_minutes: int
    needs_signature: bool
    says = _("提交了 %(day)s 的日报")


class ReportSigned(Event):
    """The supervisor has read and signed a report."""

    report_id: int = about("reports.dailyreport")
    person_id: int = about("org.person")
    day: dt.date
    edition: int
    says = _("批阅了 %(day)s 的日报")


class ReportReturned(Event):
    """The supervisor sent a report back with an instruction."""

    report_id: int = about("reports.dailyreport")
    person_id: int = about("org.person")
    day: dt.date
    edition: int
    says = _("退回了 %(day)s 的日报")


class ReportCommented(Event):
    """Somebody wrote an instruction on a report without deciding it."""

    report_id: int = about("reports.dailyreport")
    person_id: int = about("org.person")
    day: dt.date
    edition: int
    says = _("在 %(day)s 的日报上写了批示")


class ReportReopened(Event):
    """The rep began a revision of a signed report; the signed edition is kept."""

    report_id: int = about("reports.dailyreport")
    person_id: int = about("org.person")
    day: dt.date
    edition: int
    reason: str
    says = _("开始修订 %(day)s 的日报:%(reason)s")


class ReportPutOff(Event):
    """A late return was granted after a report was handed in; `on_time_change` is +1 when it is in time now."""

    report_id: int = about("reports.dailyreport")
    person_id: int = about("org.person")
    department_id: int
    day: dt.date
    on_time_change: int
    says = _("晚归获准,%(day)s 日报的截止推迟到下一个工作日")
