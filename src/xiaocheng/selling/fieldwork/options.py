"""Coded values of the field."""

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.lists import option_list

LEAVE_KIND = option_list(
    "fieldwork.leave_kind",
    _("请假类别"),
    {
        "personal": _("事假"),
        "sick": _("病假"),
        "annual": _("年假"),
        "marriage": _("婚假"),
        "parental": _("产假、陪产假"),
        "funeral": _("丧假"),
        "compensatory": _("调休"),
    },
)
