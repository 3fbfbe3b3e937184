"""What is handed over, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.selling.customers.queries import LISTS

MOVED: dict[str, Sentence] = {
    "customers.customer": pgettext_lazy("several", "客户"),
    "customers.customergroup": gettext_lazy("客户分组"),
    "customers.customermember": gettext_lazy("共同负责或协助的客户"),
    "pipeline.opportunity": pgettext_lazy("several", "商机"),
    "tasks.task": gettext_lazy("待办"),
    "fieldwork.planline": gettext_lazy("计划拜访"),
}


def level(code: str) -> str:
    """A level in words."""
    return names(LISTS["level"]).get(code, code)


def region(code: str) -> str:
    """A region in words."""
    return names(LISTS["region"]).get(code, code)
