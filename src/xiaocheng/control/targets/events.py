"""What happened to targets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.journal import Event, about
from xiaocheng.foundation.kernel.measures import measure


class _OfTarget(Event):
    """A target with its measure and month in words."""

    target_id: int = about("targets.target")
    person_id: int = about("org.person")
    measure: str
    month: dt.date

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The measure by its name, the month without a day, amounts without idle zeros."""
        amounts: dict[str, Any] = {name: _plain(values[name]) for name in ("value", "former") if name in values}
        return {**values, **amounts, "measure": measure(values["measure"]).name, "month": values["month"][:7]}


class TargetSet(_OfTarget):
    """A supervisor set a person's target for the first time."""

    value: Decimal
    says = _("定了 %(month)s 的目标:%(measure)s %(value)s")


class TargetChanged(_OfTarget):
    """A supervisor changed a target."""

    former: Decimal
    value: Decimal
    says = _("把 %(month)s 的目标 %(measure)s 从 %(former)s 改为 %(value)s")


class TargetWithdrawn(_OfTarget):
    """A supervisor took a target back."""

    former: Decimal
    says = _("撤销了 %(month)s 的目标:%(measure)s,原为 %(former)s")


def _plain(value: str) -> str:
    return format(Decimal(value).normalize(), ",f")
