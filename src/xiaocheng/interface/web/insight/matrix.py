"""客户矩阵: customers by value, loyalty and potential, with what each cell brought and took, and what is suggested."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import AXES, MATRICES, Cell, Matrix, MatrixView
from xiaocheng.interface.web.customers.group_figures import hours
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField
from xiaocheng.interface.web.shell.links import Crumb, Empty
from xiaocheng.interface.web.shell.screens import Screen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .values import MONTHS, SUGGESTIONS, number, suggestion_pill

VIEWS: dict[MatrixView, Any] = {
    "value": gettext_lazy("价值 × 忠诚度"),
    "potential": gettext_lazy("潜力 × 忠诚度"),
    "both": gettext_lazy("潜力 × 价值"),
}
NAMES = {
    "klass": {
        "top": (gettext_lazy("顶层"), "green"),
        "middle": (gettext_lazy("中层"), "blue"),
        "bottom": (gettext_lazy("底层"), "grey"),
        "": (gettext_lazy("没有购买"), ""),
    },
    "loyalty": {
        "high": (gettext_lazy("忠诚度高"), "green"),
        "medium": (pgettext_lazy("level", "忠诚度中"), "blue"),
        "low": (gettext_lazy("忠诚度低"), "amber"),
        "": (gettext_lazy("忠诚度未判断"), ""),
    },
    "potential": {
        "high": (gettext_lazy("潜力高"), "green"),
        "medium": (pgettext_lazy("level", "潜力中"), "blue"),
        "low": (gettext_lazy("潜力低"), "grey"),
        "": (gettext_lazy("潜力未填"), ""),
    },
}


class MatrixFilter(Form):
    """Whose customers."""

    team = PickField("insight-teams", label=gettext_lazy("团队"), required=False, placeholder=gettext_lazy("全部"))
    person = PickField("insight-people", label=gettext_lazy("人员"), required=False, placeholder=gettext_lazy("全部"))


@access(SEE, SEE_SALES)
class MatrixPage(Screen):
    """One of three grids; every cell opens its customers."""

    title = gettext_lazy("客户矩阵")
    template = "insight/matrix.html"

    def load(self) -> None:
        """What is asked for; anything unknown is the usual."""
        asked = self.request.GET
        self.view: MatrixView = next((v for v in get_args(MatrixView) if v == asked.get("view")), "value")
        self.months = int(asked["months"]) if asked.get("months", "") in {str(n) for n in MONTHS} else None
        self.team, self.person = number(asked.get("team", "")), number(asked.get("person", ""))

    def crumbs(self) -> list[Crumb]:
        """Back to the value of customers."""
        return [Crumb(_("客户价值"), reverse("insight:value"))]

    def context(self) -> dict[str, Any]:
        """The grid and the ways to another one."""
        found = queries.matrix(self.actor, self.view, self.months, team_id=self.team, person_id=self.person)
        opened = bool(self.team or self.person or self.request.GET.get("filter") == "open")
        return {
            "found": found,
            "ways": [(name, self.address(view=view), view == self.view) for view, name in VIEWS.items()],
            "months": self._months(found),
            "basis": _basis(found) if found else "",
            "said": _said(found) if found else "",
            "columns": [(code, self._head(1, code)) for code in self._codes(found, 1)] if found else [],
            "lines": self._lines(found) if found and found.cells else [],
            "filter": MatrixFilter({"team": self.team, "person": self.person}, actor=self.actor) if opened else None,
            "switch": self.address(team="", person="", filter="" if opened else "open"),
            "kept": [("view", self.view), ("months", str(self.months or ""))],
            "empty": Empty(
                _("还没有计算客户价值"),
                _("客户价值每天凌晨计算。先导入销售记录,或在客户页上填写潜力。"),
                icon="layout-grid",
            ),
        }

    def address(self, **changes: str) -> str:
        """This page with something else asked for."""
        asked: dict[str, Any] = {
            "view": self.view, "months": self.months, "team": self.team, "person": self.person, **changes,
        }  # fmt: skip
        return "?" + urlencode({key: value for key, value in asked.items() if value})

    def _months(self, found: Matrix | None) -> list[tuple[str, str, bool]]:
        shown = found.months if found else None
        offered = sorted({*MONTHS, shown} if shown else MONTHS)
        return [
            (ngettext("%(count)s 个月", "%(count)s 个月", n) % {"count": n}, self.address(months=str(n)), n == shown)
            for n in offered
        ]

    def _codes(self, found: Matrix, place: int) -> list[str]:
        """The classes of an axis; that of what is not known only where somebody is in it."""
        there = {at[place] for at in found.cells}
        return [code for code in AXES[MATRICES[self.view][place]] if code or code in there]

    def _head(self, place: int, code: str) -> object:
        name, tone = NAMES[MATRICES[self.view][place]][code]
        return pill(name, tone) if tone else name

    def _lines(self, found: Matrix) -> list[tuple[object, list[dict[str, Any]]]]:
        return [
            (self._head(0, row), [self._cell(found, row, column) for column in self._codes(found, 1)])
            for row in self._codes(found, 0)
        ]

    def _cell(self, found: Matrix, row: str, column: str) -> dict[str, Any]:
        cell, (rows, columns) = found.cells.get((row, column), Cell()), MATRICES[self.view]
        narrowed = {rows: row or "none", columns: column or "none", "months": found.months}
        narrowed |= {"team": self.team or "", "person": self.person or ""}
        query = urlencode({key: value for key, value in narrowed.items() if value != ""})
        mixed = sum(bool(n) for n in cell.suggested.values()) > 1
        return {
            "cell": cell,
            "label": NAMES[columns][column][0],
            "url": f"{reverse('insight:values')}?{query}",
            "planned": hours(cell.planned),
            "hours": hours(cell.hours),
            "suggested": [
                suggestion_pill(code, cell.suggested[code] if mixed else 0)
                for code in SUGGESTIONS
                if cell.suggested[code]
            ],
        }


def _basis(found: Matrix) -> str:
    return _("%(first)s 至 %(last)s · 您负责范围内的客户 · 级别和忠诚度按 %(day)s 的计算") % {
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "day": formats.day(found.counted_on),
    }


def _said(found: Matrix) -> str:
    """The answer in words."""
    sums = {code: sum(cell.suggested[code] for cell in found.cells.values()) for code in SUGGESTIONS}
    return _("建议争取 %(court)s 位,维持 %(keep)s 位,放弃 %(drop)s 位。") % {
        code: formats.number(count) for code, count in sums.items()
    }
