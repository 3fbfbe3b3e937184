"""The states of a request for more time, of a dispute, of an offer to take a lapse back, of a question to the owner."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.states import Transitions

from .models import disputes, questions, restores
from .models.extensions import ASKED, GRANTED, REFUSED, STATES

EXTENSION = Transitions(
    moves={"grant": {ASKED: GRANTED}, "refuse": {ASKED: REFUSED}},
    names={**STATES, "grant": _("同意"), "refuse": _("不同意")},
)
DISPUTE = Transitions(
    moves={
        "uphold": {disputes.OPEN: disputes.STAYS},
        "give": {disputes.OPEN: disputes.GIVEN},
        "share": {disputes.OPEN: disputes.SHARED},
        "withdraw": {disputes.OPEN: disputes.WITHDRAWN},
        "drop": {disputes.OPEN: disputes.MOOT},
    },
    names={
        **disputes.STATES,
        "uphold": _("维持现状"),
        "give": _("判归申请人"),
        "share": _("判为共同负责"),
        "withdraw": _("撤回"),
        "drop": _("了结"),
    },
)
RESTORE = Transitions(
    moves={
        "restore": {restores.OFFERED: restores.RESTORED},
        "decline": {restores.OFFERED: restores.DECLINED},
    },
    names={**restores.STATES, "restore": _("恢复"), "decline": _("不恢复")},
)
QUESTION = Transitions(
    moves={
        **{answer: {questions.OPEN: answer} for answer in questions.ANSWERS},
        "withdraw": {questions.OPEN: questions.WITHDRAWN},
        "drop": {questions.OPEN: questions.MOOT},
    },
    names={**questions.STATES, "withdraw": _("撤回"), "drop": _("了结")},
)
