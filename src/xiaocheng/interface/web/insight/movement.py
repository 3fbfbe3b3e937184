"""在途变化: what changed the open pipeline in a week or any other period, and the deals behind each change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import CHANGED_AMOUNT, CHANGED_DEALS
from xiaocheng.insight.queries import CHANGES, Figure, Movement
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.figures import Chart, Series
from xiaocheng.interface.web.shell.screens import Column
from xiaocheng.interface.web.shell.templatetags.ui import pill

from .asked import Asked
from .rows import Rows
from .screens import InsightScreen
from .showing import Cell, Head, linked, rows_url, table, text

STANDS = {"start": gettext_lazy("期初"), "end": gettext_lazy("期末")}
TONES = {"new": "green", "reopened": "green", "up": "green", "down": "amber", "handed": "blue", "won": "green",
         "lost": "red"}  # fmt: skip


@access(SEE)
class MovementPage(InsightScreen):
    """在途变化: from what was open at the start to what is open at the end."""

    title = gettext_lazy("在途变化")
    template = "insight/movement.html"
    name = "movement"
    kinds = ("week", "month", "quarter", "year", "custom")
    without = ("process", "product", "source", "compare")
    advice = gettext_lazy("换一个时间或范围,或者先新建几个商机。")

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for; this week if it says nothing."""
        return Asked(self.actor, {"kind": "week", **self.request.GET.dict()})

    def context(self) -> dict[str, Any]:
        """The waterfall, the sentence above it and the table behind."""
        found = queries.movement(self.actor, self.selection)
        if found.is_empty:
            return {"is_empty": True}
        return {
            "chart": self._picture(found),
            **table(
                _("变动"), [Head.of(CHANGED_DEALS, _("商机数")), Head.of(CHANGED_AMOUNT, _("金额"))], self._lines(found)
            ),
        }

    def _lines(self, found: Movement) -> list[tuple[Any, list[Cell]]]:
        lines: list[tuple[Any, list[Cell]]] = [(STANDS["start"], self._stand(found, "start"))]
        for change in found.changes:
            url = self._changes(change.kind)
            lines.append((CHANGES[change.kind], [_signed(change.deals, url), _signed(change.amount, url)]))
        return [*lines, (STANDS["end"], self._stand(found, "end"))]

    def _stand(self, found: Movement, at: str) -> list[Cell]:
        stand = found.start if at == "start" else found.end
        return [linked(stand.deals, self._standing(at)), linked(stand.amount, self._standing(at))]

    def _picture(self, found: Movement) -> Chart:
        urls = [self._changes(change.kind) for change in found.changes]
        labels = [STANDS["start"], *(CHANGES[change.kind] for change in found.changes), STANDS["end"]]
        amounts = [found.start.amount, *(change.amount for change in found.changes), found.end.amount]
        return Chart(
            "waterfall",
            self._sentence(found),
            labels,
            [
                Series(
                    _("金额"),
                    [figure.numerator for figure in amounts],
                    [self._standing("start"), *urls, self._standing("end")],
                )
            ],
            unit="money",
            with_table=False,
        )

    def _sentence(self, found: Movement) -> str:
        """From where to where, and what did most of it."""
        said = [
            _("在途商机额从 %(start)s 到 %(end)s,变化 %(change)s;商机从 %(before)s 个到 %(after)s 个。")
            % {
                "start": text(found.start.amount),
                "end": text(found.end.amount),
                "change": signed(found.end.amount.numerator - found.start.amount.numerator),
                "before": text(found.start.deals),
                "after": text(found.end.deals),
            }
        ]
        most = max(found.changes, key=lambda change: abs(change.amount.numerator))
        if most.amount.numerator:
            told = {"kind": CHANGES[most.kind], "amount": signed(most.amount.numerator)}
            said.append(_("变化最大的是「%(kind)s」:%(amount)s。") % told)
        return formats.sentences(*said)

    def _changes(self, kind: str) -> str:
        return f"{rows_url(self.asked, 'changes', {'kind': self.asked.kind})}&change={kind}&back=movement"

    def _standing(self, at: str) -> str:
        return f"{rows_url(self.asked, 'standing', {'kind': self.asked.kind})}&at={at}&back=movement"


def signed(amount: Decimal) -> str:
    """An amount of money with its sign."""
    return f"+{formats.money(amount)}" if amount > 0 else formats.money(amount)


def _signed(figure: Figure, url: str) -> Cell:
    if figure.declaration.unit == "money":
        shown = signed(figure.numerator)
    else:
        shown = f"+{formats.number(figure.numerator)}" if figure.numerator > 0 else formats.number(figure.numerator)
    return Cell(shown, url, value=figure.value)


@access(SEE)
class Changes(Rows):
    """The changes of the open pipeline behind a bar."""

    back, export = "movement", "insight:changes_export"
    order: ClassVar[str] = "-booked_on"

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """The columns; the first leads to the opportunity where the person may open it."""
        return [
            Column(_("商机"), self.deal),
            Column(_("业绩归属"), "credit_person.name", look="nowrap"),
            Column(_("变动"), "kind", show=_kind, phone="aside"),
            Column(_("日期"), "booked_on", show=formats.day, order="-booked_on"),
            Column(_("商机数"), "n", show=_count, look="num"),
            Column(_("金额"), "amount", show=signed, look="num"),
        ]

    def load(self) -> None:
        """Read what is asked for."""
        self.change = self.given("change", CHANGES)

    def page_title(self) -> str:
        """What these rows are."""
        return str(CHANGES.get(self.change, _("在途变化")))

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        return queries.change_rows(self.actor, self.asked.selection, self.change)


@access(SEE)
class Standing(Rows):
    """The deals that were open at the start or the end."""

    back, export = "movement", "insight:standing_export"
    order: ClassVar[str] = "-booked_on"

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """The columns; the first leads to the opportunity where the person may open it."""
        return [
            Column(_("商机"), self.deal),
            Column(_("业绩归属"), "credit_person.name", look="nowrap"),
            Column(_("上次变动"), "booked_on", show=formats.day, order="-booked_on"),
            Column(_("变动"), "kind", show=_kind, phone="aside"),
            Column(_("金额"), "worth", show=formats.money, look="num"),
        ]

    def load(self) -> None:
        """Read what is asked for."""
        self.at = self.given("at", STANDS) or "end"

    def page_title(self) -> str:
        """What these rows are."""
        return _("%(when)s在途的商机") % {"when": STANDS[self.at]}

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        period = self.asked.selection.period
        day = period.last if self.at == "end" else period.first - dt.timedelta(days=1)
        return queries.standing_rows(self.actor, self.asked.selection, day)


def _kind(kind: str) -> object:
    return pill(CHANGES[kind], TONES[kind])


def _count(n: int) -> str:
    return f"+{n}" if n > 0 else str(n)
