"""Capabilities of the service."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

HANDLE = capability(
    "service.handle", _("登记和处理客户投诉"), "director", "manager", "administrator", "rep", "promoter"
)
