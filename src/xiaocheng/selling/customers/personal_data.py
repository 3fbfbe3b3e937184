"""What a company decides about personal data: whose details are read with a note."""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.rules import Rules, rule


class Reading(Enum):
    """How far somebody may read phones, addresses and birthdays: freely, after asking for them, or not at all."""

    FREE = "free"
    NOTED = "noted"
    HIDDEN = "hidden"


class PersonalDataRules(Rules):
    """How the details of people are protected."""

    notes_reading: bool = rule(
        False,
        _("查看他人客户的联系方式须留痕"),
        _("开启后,不是自己负责的客户只显示部分电话;点「显示」才看到全部,每次显示都记入查阅记录。"),
    )
