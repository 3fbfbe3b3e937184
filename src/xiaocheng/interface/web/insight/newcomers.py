"""新客户报告: who bought for the first time, from which source and by whom, beside those registered and come back."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import NEW_AMOUNT, RETURNED
from xiaocheng.insight.queries import WAYS, By, NewcomerLine, Newcomers
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Figure, Series

from .breakdown import BY, LINE_HEADS, BreakdownScreen
from .rows import Closings
from .showing import Cell, Head, linked, table, text, tile

REGISTERED, NEW = "customers.registered", "customers.converted"
MOST_BARS = 15


@access(SEE)
class NewCustomersPage(BreakdownScreen):
    """新客户报告: by month, source, person or team."""

    title = gettext_lazy("新客户报告")
    template = "insight/new_customers.html"
    name, behind, usual = "new_customers", "customers", "month"
    without = ("process", "product")
    advice: ClassVar[Sentence] = gettext_lazy("换一个时间或范围,或者先登记几位客户。")

    @cached_property
    def by(self) -> By:
        """How the page breaks the figures down."""
        asked = self.request.GET.get("by", "")
        return next((key for key in WAYS if key == asked), self.usual)

    def ways(self) -> list[tuple[By, Sentence, str, bool]]:
        """The ways to break down: customers know no product."""
        return [(key, BY[key], self.asked.query(by=key), key == self.by) for key in WAYS]

    def context(self) -> dict[str, Any]:
        """Tiles, the picture, the table behind."""
        found = queries.newcomers(self.actor, self.selection)
        if found.is_empty:
            return {"is_empty": True}
        then = queries.newcomers(self.actor, self.before) if self.before else None
        lines = queries.newcomers_by(self.actor, self.selection, self.by)
        rows = [(self.label(line.name), self._cells(line.newcomers, line)) for line in lines]
        return {
            "tiles": self._tiles(found, then),
            "chart": self._picture(found, lines),
            "by": self.ways(),
            **table(
                LINE_HEADS[self.by] if self.by != "source" else _("来源"),
                [Head.of(key) for key in (REGISTERED, NEW, RETURNED, NEW_AMOUNT)],
                [*rows, (_("合计"), self._cells(found))],
            ),
        }

    def _urls(self, line: NewcomerLine | None = None) -> tuple[str, str, str, str]:
        customers = self.rows_of(line.id if line else None)
        wins = customers.replace("/rows/customers/", "/rows/newcomer-wins/")
        back = "back=new_customers"
        return (
            f"{customers}&key={REGISTERED}&{back}",
            f"{customers}&key={NEW}&{back}",
            f"{wins}&of=returned&{back}",
            f"{wins}&of=new&{back}",
        )

    def _cells(self, found: Newcomers, line: NewcomerLine | None = None) -> list[Cell]:
        figures = (found.registered, found.new, found.returned, found.amount)
        return [linked(figure, url) for figure, url in zip(figures, self._urls(line), strict=True)]

    def _tiles(self, found: Newcomers, then: Newcomers | None) -> list[Figure]:
        urls = self._urls()
        return [
            tile(found.new, urls[1], before=then.new if then else None),
            tile(found.amount, urls[3], before=then.amount if then else None),
            tile(found.returned, urls[2], before=then.returned if then else None),
            tile(found.registered, urls[0], before=then.registered if then else None),
        ]

    def _picture(self, found: Newcomers, lines: list[NewcomerLine]) -> Chart | None:
        shown = lines if self.by == "month" else lines[:MOST_BARS]
        if len(shown) < 2:
            return None
        said = _("%(period)s:新开发客户 %(new)s 位,回流 %(returned)s 位;同期登记 %(registered)s 位。") % {
            "period": self.asked.period_name(),
            "new": text(found.new),
            "returned": text(found.returned),
            "registered": text(found.registered),
        }
        urls = [self._urls(line) for line in shown]
        return Chart(
            "columns",
            said,
            [self.label(line.name) for line in shown],
            [
                Series(_("新增客户"), [line.newcomers.registered.value for line in shown], [url[0] for url in urls],
                       tone="idle"),
                Series(_("新开发客户"), [line.newcomers.new.value for line in shown], [url[1] for url in urls]),
                Series(_("回流客户"), [line.newcomers.returned.value for line in shown], [url[2] for url in urls]),
            ],
            with_table=False,
        )  # fmt: skip


@access(SEE)
class NewcomerWins(Closings):
    """The wins of new customers, or those with which old customers came back."""

    back, export = "new_customers", "insight:newcomer_wins_export"

    def load(self) -> None:
        """Read what is asked for."""
        self.of = self.given("of", {"new", "returned"}) or "new"

    def page_title(self) -> str:
        """What these rows are."""
        return _("回流客户的赢单") if self.of == "returned" else _("新客户的赢单")

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        found = queries.returned_wins if self.of == "returned" else queries.wins_of_new
        return found(self.actor, self.asked.selection)
