"""What happened to attendance."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about


class ClockedIn(Event):
    """Somebody began his day."""

    person_id: int = about("org.person")
    day: dt.date
    says = _("上班打卡")


class ClockedOut(Event):
    """Somebody ended his day, perhaps anew."""

    person_id: int = about("org.person")
    day: dt.date
    says = _("下班打卡")
