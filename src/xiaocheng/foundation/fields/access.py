"""Capabilities of the option lists and the fields."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import capability

MANAGE = capability("fields.manage", _("维护选项列表和自定义字段"), "administrator")
SHARE_VIEWS = capability("fields.share_views", _("共享列表视图"), "director", "manager", "administrator")
