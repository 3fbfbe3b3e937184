"""Capabilities of expenses."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

SPEND = capability("expenses.spend", _("登记和查看费用"), "director", "manager", "administrator", "rep", "promoter")
