"""Pages whose figures are broken down by month, team, person, product or source."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar
from urllib.parse import quote

from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight.queries import By, Key

from .asked import UNKNOWN
from .screens import InsightScreen
from .showing import rows_url

BY: dict[By, Sentence] = {
    "month": gettext_lazy("按月份"),
    "team": gettext_lazy("按团队"),
    "person": gettext_lazy("按人员"),
    "product": gettext_lazy("按产品"),
    "source": gettext_lazy("按来源"),
}
LINE_HEADS: dict[By, Sentence] = {
    "month": gettext_lazy("月份"),
    "team": gettext_lazy("团队(业绩归属)"),
    "person": gettext_lazy("人员(业绩归属)"),
    "product": gettext_lazy("产品"),
    "source": gettext_lazy("来源(商机)"),
}
NARROWED_BY: dict[By, str] = {"team": "unit", "person": "person", "product": "product", "source": "source"}
NAMELESS: dict[By, Sentence] = {"product": gettext_lazy("未指定产品"), "source": gettext_lazy("未记录")}


class BreakdownScreen(InsightScreen):
    """A page of figures as a whole and line by line; every line opens to its rows."""

    usual: ClassVar[By]
    behind: ClassVar[str]  # the screen of the rows

    @cached_property
    def by(self) -> By:
        """How the page breaks the figures down."""
        asked = self.request.GET.get("by", "")
        return next((key for key in BY if key == asked), self.usual)

    def ways(self) -> list[tuple[By, Sentence, str, bool]]:
        """The ways to break down: key, name, query string, whether it is the present one."""
        return [(key, label, self.asked.query(by=key), key == self.by) for key, label in BY.items()]

    def rows_of(self, line_id: Key | None = None) -> str:
        """The address of the rows behind the whole, or behind one line."""
        if line_id is None:
            return self._whole_url
        if self.by == "month":
            return f"{self._whole_url.partition('?')[0]}?{self.asked.month_query(int(line_id), compare='')}"
        return f"{self._base_url}&{NARROWED_BY[self.by]}={quote(str(line_id)) or UNKNOWN}"

    @cached_property
    def _whole_url(self) -> str:
        return rows_url(self.asked, self.behind)

    @cached_property
    def _base_url(self) -> str:
        """What the addresses of all lines begin with: a table of 200 people has 1,000 of them."""
        return rows_url(self.asked, self.behind, {NARROWED_BY[self.by]: ""})

    def label(self, name: str) -> str:
        """The name of a line; what has none says so."""
        return name or str(NAMELESS.get(self.by, ""))
