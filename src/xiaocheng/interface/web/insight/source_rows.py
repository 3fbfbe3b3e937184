"""The customers and wins behind the numbers of the sources."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.screens import Column

from .forms import SOURCE
from .rows import Closings, NewCustomers

OF: dict[str, Sentence] = {
    "": gettext_lazy("新增客户"),
    "known": gettext_lazy("登记前已成交的客户"),
    "found": gettext_lazy("登记的客户(登记前未成交)"),
    "contacted": gettext_lazy("已联系的客户"),
    "opened": gettext_lazy("有过商机的客户"),
    "opened_30": gettext_lazy("登记后 30 天内有商机的客户"),
    "opened_60": gettext_lazy("登记后 60 天内有商机的客户"),
    "opened_90": gettext_lazy("登记后 90 天内有商机的客户"),
    "converted": gettext_lazy("成交的客户"),
    "ripe": gettext_lazy("登记满 90 天的客户(登记前未成交)"),
    "in_time": gettext_lazy("90 天内成交的客户"),
}


@access(SEE)
class SourceCustomers(NewCustomers):
    """The customers registered in the period, or those of them that a number counts."""

    back, export = "sources", "insight:source_customers_export"

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """Name, source, days and credit: a credit stays also when the customer went to others."""
        return [
            Column(_("客户"), self.customer),
            Column(_("来源"), lambda row: names(SOURCE).get(row.source, row.source)),
            Column(_("登记日期"), "booked_on", show=formats.day),
            Column(_("首次成交"), "became_customer_on", show=formats.day),
            Column(_("业绩归属"), "credit_person.name", phone="aside"),
        ]

    def load(self) -> None:
        """Read what is asked for."""
        self.of = self.given("of", queries.COHORT_ROWS)

    def page_title(self) -> str:
        """What these rows are."""
        return str(OF[self.of])

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        return queries.source_customers(self.actor, self.asked.selection, self.of)


@access(SEE)
class SourceWins(Closings):
    """What the customers registered in the period won for us until now."""

    back, export = "sources", "insight:source_wins_export"
    title = pgettext_lazy("rows", "这些客户到现在的赢单")

    def load(self) -> None:
        """Nothing but the selection narrows them."""

    def page_title(self) -> str:
        """What these rows are."""
        return str(self.title)

    def context(self) -> dict[str, Any]:
        """Say that the period is that of the registration."""
        said = _("%(period)s登记的客户,不论何时赢单") % {"period": self.asked.period_name()}
        return {**super().context(), "hint": said}

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        return queries.source_wins(self.actor, self.asked.selection)
