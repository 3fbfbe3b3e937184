"""Coded values of the service."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.lists import option_list

COMPLAINT_KIND = option_list(
    "service.complaint_kind",
    _("投诉类别"),
    {
        "quality": _("产品质量"),
        "delivery": _("交货"),
        "damage": _("包装与运输破损"),
        "use": _("安装与使用"),
        "service": pgettext_lazy("complaint", "服务"),
        "price": _("价格与账款"),
        "other": _("其他"),
    },
)
