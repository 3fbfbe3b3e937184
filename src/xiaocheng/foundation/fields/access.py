"""Capabilities of the option lists and the fields."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

MANAGE = capability("fields.manage", _("维护选项列表和自定义字段"), "administrator")
