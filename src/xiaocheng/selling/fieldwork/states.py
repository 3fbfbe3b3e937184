"""The states of a visit plan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
