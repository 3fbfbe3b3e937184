"""Coded values of expenses."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.fields.lists import option_list

EXPENSE_KIND = option_list(
    "expenses.kind",
    _("费用类别"),
    {
        "transport": _("交通"),
        "meals": _("餐费"),
        "lodging": _("住宿"),
        "gifts": _("礼品"),
        "entertainment": _("招待"),
        "other": pgettext_lazy("expense", "其他"),
    },
)
