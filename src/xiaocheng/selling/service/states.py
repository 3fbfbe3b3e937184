"""The states of a complaint."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.states import Transitions

OPEN, IN_WORK, CLOSED = "open", "in_work", "closed"
COMPLAINT = Transitions(
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
