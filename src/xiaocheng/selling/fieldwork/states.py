"""The states of a visit plan and of what is reported about the market, and how much hangs on what is reported."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.states import Transitions

PLAN = Transitions(
    moves={
        "submit": {"draft": "submitted", "returned": "submitted"},
        "sign": {"submitted": "signed"},
        "return": {"submitted": "returned"},
    },
    names={
        "draft": _("草稿"),
        "submitted": _("待签核"),
        "signed": _("已签核"),
        "returned": _("已退回"),
        "submit": _("提交"),
        "sign": _("签核"),
        "return": _("退回"),
    },
)


class Severity(models.TextChoices):
    """How much hangs on what was reported; "affects sales" or more cannot wait."""

    MINOR = "minor", _("轻微")
    NORMAL = "normal", _("一般")
    AFFECTS_SALES = "affects_sales", _("影响销售")
    SERIOUS = "serious", _("严重")


URGENT = (Severity.AFFECTS_SALES, Severity.SERIOUS)

OPEN, IN_WORK, CLOSED = "open", "in_work", "closed"
MARKET = Transitions(
    moves={
        "take_up": {OPEN: IN_WORK},
        "close": {OPEN: CLOSED, IN_WORK: CLOSED},
        "reopen": {CLOSED: IN_WORK},
    },
    names={
        OPEN: _("待受理"),
        IN_WORK: _("处理中"),
        CLOSED: pgettext_lazy("complaint", "已结案"),
        "take_up": _("受理"),
        "close": _("结案"),
        "reopen": pgettext_lazy("complaint", "重新处理"),
    },
)

REQUEST = Transitions(
    moves={
        "sign": {"submitted": "signed"},
        "return": {"submitted": "returned"},
        "withdraw": {"submitted": "withdrawn", "signed": "withdrawn"},
    },
    names={
        "submitted": _("待审批"),
        "signed": _("已同意"),
        "returned": _("已退回"),
        "withdrawn": _("已撤回"),
        "sign": _("同意"),
        "return": _("退回"),
        "withdraw": _("撤回"),
    },
)
