"""The states of a request for more time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.states import Transitions

from .models.extensions import ASKED, GRANTED, REFUSED, STATES

EXTENSION = Transitions(
    moves={"grant": {ASKED: GRANTED}, "refuse": {ASKED: REFUSED}},
    names={**STATES, "grant": _("同意"), "refuse": _("不同意")},
)
