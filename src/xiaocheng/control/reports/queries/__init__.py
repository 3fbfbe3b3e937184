"""Every way to look at reports: a day's work, one report, a team's reports."""

from xiaocheng.control.reports.models import DailyReport, ReportState

from .day import Attained, DayOfWork, Figure, attained_of, day_of_work, figures_of
from .reports import (
    ReportLine,
    ReportPage,
    missing_reports,
    report,
    report_of,
    reports,
    returned_report,
    team_reports,
    waiting_reports,
)

__all__ = [
    "Attained",
    "DailyReport",
    "DayOfWork",
    "Figure",
    "ReportLine",
    "ReportPage",
    "ReportState",
    "attained_of",
    "day_of_work",
    "figures_of",
    "missing_reports",
    "report",
    "report_of",
    "reports",
    "returned_report",
    "team_reports",
    "waiting_reports",
]
