"""Capabilities of reports."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

WRITE = capability("reports.write", _("填写并提交日报"), "rep", "promoter", "manager")
OWE = capability("reports.owe", _("每个工作日应交日报"), "rep", "promoter")
