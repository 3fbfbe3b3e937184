"""The states of a daily report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.states import Transitions

REPORT = Transitions(
    moves={
        "submit": {"draft": "submitted", "returned": "submitted", "submitted": "submitted"},
        "sign": {"submitted": "signed"},
        "return": {"submitted": "returned"},
        "revise": {"signed": "draft"},
    },
    names={
        "draft": _("草稿"),
        "submitted": _("待批阅"),
        "signed": _("已批阅"),
        "returned": _("已退回"),
        "submit": _("提交"),
        "sign": _("批阅"),
        "return": _("退回"),
        "revise": _("修订"),
    },
)
