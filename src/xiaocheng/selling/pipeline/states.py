"""Which act leads an opportunity from which state to which."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.states import Transitions

from .models.opportunities import STATES
from .models.processes import LOST, OPEN, WON

OPPORTUNITY = Transitions(
    moves={
        "move": {OPEN: OPEN},
        "win": {OPEN: WON},
        "lose": {OPEN: LOST},
        "reopen": {WON: OPEN, LOST: OPEN},
        "follow_up": {WON: WON},
    },
    names={
        **STATES,
        "move": _("推进"),
        "win": _("赢单"),
        "lose": _("输单"),
        "reopen": _("重新打开"),
        "follow_up": _("转入成交后的阶段"),
    },
)
