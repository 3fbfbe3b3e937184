"""Capabilities of the option lists."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

MANAGE = capability("fields.manage", _("维护选项列表"), "administrator")
