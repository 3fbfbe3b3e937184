"""What the pages of insight share: the period, the filters, whose figures they are."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight.queries import Selection
from xiaocheng.interface.web.shell.access import may_open
from xiaocheng.interface.web.shell.links import Empty, Link
from xiaocheng.interface.web.shell.screens.base import Screen

from .asked import KINDS, MEANING, Asked
from .forms import Filter


class InsightScreen(Screen):
    """A page of figures over one selection; its template extends insight/page.html and fills the block `figures`."""

    name: ClassVar[str]
    any_process: ClassVar[Sentence] = gettext_lazy("全部")
    without: ClassVar[tuple[str, ...]] = ()  # filters that the page's figures know nothing of
    advice: ClassVar[Sentence] = gettext_lazy("换一个时间或范围,或者先推进几个商机。")
    parts: ClassVar[dict[str, str]] = {"insight": "insight"}
    filter_class: ClassVar[type[Filter]] = Filter
    kinds: ClassVar[tuple[str, ...]] = ("month", "quarter", "year", "all", "custom")  # the periods to choose from

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for."""
        return Asked(self.actor, self.request.GET)

    @property
    def selection(self) -> Selection:
        """What the queries are asked for."""
        return self.asked.selection

    @property
    def until(self) -> dt.date:
        """The day that the figures are of."""
        return clock.today()

    @cached_property
    def before(self) -> Selection | None:
        """The same of the period before, where the person wants to compare."""
        return self.selection.before() if self.asked.compares else None

    def _frame(self) -> dict[str, Any]:
        asked = self.asked
        return {
            **super()._frame(),
            "asked": asked,
            "period_name": asked.period_name(),
            "kinds": [(key, KINDS[key], self._of_kind(key)) for key in self.kinds],
            "steps": self._steps(),
            "meaning": MEANING[asked.basis],
            "export_url": self._export_url(),
            **self._filter(),
        }

    def _of_kind(self, kind: str) -> str:
        """The query string of another kind of period."""
        return self.asked.query(kind=kind, first="", last="")

    def _export_url(self) -> str:
        to = f"insight:{self.name}_export"
        return f"{reverse(to)}?{self.asked.query()}" if may_open(self.actor, to) else ""

    def _filter(self) -> dict[str, Any]:
        """The form of filters while it is open, and the query string that opens or closes it."""
        asked = self.asked
        if asked.kind != "custom" and not self._is_filter_open():
            return {"filter": None, "switch": f"{asked.query()}&filter=open"}
        form = self.filter_class(
            self._shown(),
            kind=asked.kind,
            any_process=self.any_process,
            without=self.without,
            actor=self.actor,
            **self._form(),
        )
        kept = [(name, self.request.GET.get(name, "")) for name in ("kind", "on", "by", "unit", "filter")]
        return {"filter": form, "switch": asked.query(), "kept": [(name, value) for name, value in kept if value]}

    def _form(self) -> dict[str, Any]:
        """What else the form of filters is made with."""
        return {}

    def _is_filter_open(self) -> bool:
        return self.request.GET.get("filter") == "open"

    def nothing(self) -> Empty:
        """What to say when nothing happened in the period."""
        later = self.asked.period.first > clock.today()
        hint = _("这个时间还没有到。") if later else self.advice
        link = Link(_("看全部时间"), f"insight:{self.name}", query=f"?{self.asked.query(kind='all')}")
        action = None if self.asked.kind == "all" else link
        return Empty(_("这段时间没有记录"), hint, icon="chart-bar-off", action=action)

    def _shown(self) -> dict[str, Any]:
        """The filters as they hold: what was not asked for shows what it falls back to."""
        asked = self.asked
        days = {"first": asked.period.first, "last": asked.period.last}
        return {**self.request.GET.dict(), "basis": asked.basis, **days}

    def _steps(self) -> dict[str, str]:
        """Addresses of the period before and after, where there is one."""
        period, asked = self.asked.period, self.asked
        if asked.kind in {"all", "custom"}:
            return {}
        after = period.last + dt.timedelta(days=1)
        return {
            "before": asked.query(on=period.first - dt.timedelta(days=1)),
            "after": asked.query(on=after) if after <= self.until else "",
        }
