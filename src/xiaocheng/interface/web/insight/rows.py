"""The rows behind every number of insight."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.fields.queries import names
from xiaocheng.foundation.kernel.errors import NotFound, Sentence
from xiaocheng.insight import queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.queries import CLOSING_ROWS, EXIT_ROWS, CustomerCount
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.links import Crumb, Empty
from xiaocheng.interface.web.shell.screens import Column, ListScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers.queries import customers
from xiaocheng.selling.pipeline.queries import opportunities

from .asked import MEANING, Asked, AskedOfDay
from .funnel import EXIT_NAMES
from .paths import path_text

LOST_REASON = "pipeline.lost_reason"
EXIT_TONES = {
    "advanced": "green", "skipped": "amber", "back": "blue", "lost": "red",
    "moved": "grey", "invalid": "grey", "": "grey",
}  # fmt: skip
WAYS: dict[str, Sentence] = {
    **EXIT_NAMES,
    "forward": gettext_lazy("推进或跳阶"),
    "timed": gettext_lazy("推进且时间有记录"),
    "moved": gettext_lazy("转流程"),
    "recorded": gettext_lazy("时间有记录"),
    "exited": gettext_lazy("已离开"),
    "first": gettext_lazy("首次进入"),
    "opened": pgettext_lazy("what happened", "新建"),
    "invalid": gettext_lazy("无效或重复"),
    "cohort": gettext_lazy("新建的商机(批次)"),
    "cohort_won": gettext_lazy("已赢单(批次)"),
    "cohort_lost": gettext_lazy("已输单(批次)"),
    "cohort_open": gettext_lazy("仍在途(批次)"),
}
LEFT: dict[str, Sentence] = {
    "due": gettext_lazy("离开有必做步骤的阶段"),
    "done": gettext_lazy("离开时必做步骤都已完成"),
    "late": gettext_lazy("补录后才完成必做步骤"),
    "undone": gettext_lazy("必做步骤没有完成"),
}
HOW: dict[str, Sentence] = {
    "judged": gettext_lazy("经历有记录的关闭商机"),
    "conforming": gettext_lazy("没有违反流程的关闭商机"),
    "straight": gettext_lazy("按部就班的关闭商机"),
    "breaching": gettext_lazy("有放行的关闭商机"),
    "skipping": gettext_lazy("有跳阶的关闭商机"),
    "returning": gettext_lazy("有退回的关闭商机"),
}
VERDICTS: dict[str, Sentence] = {
    "won": gettext_lazy("赢单"),
    "lost": gettext_lazy("输单"),
    "invalid": gettext_lazy("无效或重复"),
    "decided": gettext_lazy("赢单与输单"),
}


def in_days(seconds: int | None) -> float | None:
    """Seconds as days with one decimal."""
    return None if seconds is None else round(seconds / 86_400, 1)


def with_decimal(days: float | None) -> str:
    """Days with one decimal; not recorded: a dash."""
    return formats.number(days, 1)


class Rows(ListScreen):
    """A list of facts, newest first, under the same selection as the page that led here."""

    back = "funnel"
    bulk = ()

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for."""
        return Asked(self.actor, self.request.GET)

    def given(self, name: str, known: Any) -> str:
        """A parameter of the address that must be one of the known; nothing else is found."""
        value = self.request.GET.get(name, "")
        if value and value not in known:
            raise NotFound
        return value

    def crumbs(self) -> list[Crumb]:
        """Back to the page of the number."""
        titles = {
            "funnel": _("销售漏斗"),
            "win_rate": _("赢单率"),
            "cycle": _("成交周期"),
            "revenue": _("销售业绩"),
            "sources": _("客户来源"),
            "conformance": _("流程遵循"),
            "health": _("流程体检"),
            "people": _("人员对比"),
            "movement": _("在途变化"),
            "members": _("销售报告"),
            "new_customers": _("新客户报告"),
            "deal_cohorts": _("批次赢单率"),
        }
        back = self.request.GET.get("back", "")
        back = back if back in titles else self.back
        return [Crumb(titles[back], f"{reverse(f'insight:{back}')}?{self.asked.query()}")]

    def context(self) -> dict[str, Any]:
        """Say whose and when."""
        return {**super().context(), "hint": f"{self.asked.period_name()} · {MEANING[self.asked.basis]}"}

    def empty(self) -> Empty:
        """No rows: the number is 0."""
        return Empty(_("没有对应的记录"))

    @cached_property
    def _visible(self) -> set[int]:
        """Which opportunities of this page the person may open; of the others he sees the name."""
        if not may_open(self.actor, "pipeline:opportunity"):
            return set()
        ids = {row.opportunity_id for row in self.page.rows}
        return set(opportunities(self.actor, "all").filter(pk__in=ids).values_list("pk", flat=True))

    def deal(self, row: Any) -> SafeString | str:
        """The opportunity's name, as a link where it may be opened."""
        if row.opportunity_id not in self._visible:
            return cast(str, row.opportunity.name)
        url = reverse("pipeline:opportunity", args=[row.opportunity_id])
        return format_html('<a href="{}">{}</a>', url, row.opportunity.name)


@access(SEE)
class Stays(Rows):
    """Stays of opportunities in stages, behind the numbers of the funnel."""

    export, left = "insight:stays_export", ""
    order: ClassVar[str] = "-occurred_at"

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for."""
        return AskedOfDay(self.actor, self.request.GET)

    def context(self) -> dict[str, Any]:
        """Say of which past day, too."""
        found, as_of = super().context(), self.asked.as_of
        if as_of is None:
            return found
        then = _("截至 %(day)s 的样子") % {"day": as_of.isoformat()}
        return {**found, "hint": f"{then} · {found['hint']}"}

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """The columns; the first leads to the opportunity where the person may open it."""
        exit, left, dwell = self.asked.selection.ends
        return [
            Column(_("商机"), self.deal),
            Column(_("业绩归属"), "credit_person.name", look="nowrap"),
            Column(_("阶段"), "stage.name"),
            Column(_("进入"), _entered, show=_moment, order="-occurred_at"),
            Column(_("去向"), exit, show=_exit, phone="aside"),
            Column(_("离开"), lambda row: _moment(getattr(row, left)) if getattr(row, exit) else ""),
            Column(_("停留(天)"), lambda row: in_days(getattr(row, dwell)), show=with_decimal, look="num"),
            Column(_("金额"), "amount", show=formats.money, look="num"),
            *([Column(_("必做步骤"), lambda row: row, show=_steps)] if self.left else []),
        ]

    def load(self) -> None:
        """Read what is asked for; which steps were done on a past day is not known."""
        if self.asked.trouble is not None:
            raise self.asked.trouble
        self.left = self.given("left", queries.LEFT_ROWS if self.asked.as_of is None else ())
        self.stage, self.way = self.request.GET.get("stage", "")[:40], self.given("exit", EXIT_ROWS)
        self.to, self.worked = self.request.GET.get("to", "")[:40], self.given("worked", {"yes"}) == "yes"

    def page_title(self) -> str:
        """What these rows are."""
        way = str(LEFT[self.left] if self.left else WAYS.get(self.way, _("进入阶段")))
        if not self.stage or not self.page.rows:
            return way
        first = self.page.rows[0]
        if self.to:
            return _("「%(stage)s」到「%(to)s」") % {"stage": first.stage.name, "to": first.next_stage.name}
        return _("「%(stage)s」:%(way)s") % {"stage": first.stage.name, "way": way}

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        if self.left:
            asked = self.asked.selection
            return queries.left_spans(self.actor, asked, self.left, stage=self.stage, worked=self.worked)
        return queries.spans(
            self.actor, self.asked.selection, stage=self.stage, exit=self.way, to=self.to, worked=self.worked
        )


@access(SEE)
class Closings(Rows):
    """Wins, losses and reversals, behind rates and revenue."""

    back, export = "win_rate", "insight:closings_export"
    order: ClassVar[str] = "-booked_on"

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """The columns; the first leads to the opportunity where the person may open it."""
        return [
            Column(_("商机"), self.deal),
            Column(_("客户"), "customer.name"),
            Column(_("产品"), "product.name"),
            Column(_("业绩归属"), "credit_person.name", look="nowrap"),
            Column(_("结果"), lambda row: row, show=_verdict, phone="aside"),
            Column(_("计入日期"), "booked_on", show=formats.day, order="-booked_on"),
            Column(_("份额"), _share, look="num"),
            Column(_("金额"), _signed_amount, show=formats.money, look="num"),
            Column(_("原因"), lambda row: names(LOST_REASON).get(row.reason, row.reason) or row.note),
            Column(_("周期(天)"), lambda row: in_days(row.cycle_seconds), show=with_decimal, look="num"),
            *([Column(_("路径"), lambda row: path_text(row.path, self._names))] if self.how else []),
        ]

    how = ""

    @cached_property
    def _names(self) -> dict[str, str]:
        return (
            {}
            if self.asked.selection.process_id is None
            else queries.known_stage_names(self.asked.selection.process_id)
        )

    def load(self) -> None:
        """Read what is asked for."""
        self.verdict = self.given("verdict", CLOSING_ROWS)
        self.path = self.request.GET.get("path", "")[:210]
        self.how = self.given("how", queries.PATH_ROWS) or ("judged" if self.path else "")

    def page_title(self) -> str:
        """What these rows are."""
        if self.how and not self.verdict:
            return str(HOW[self.how])
        return str(VERDICTS.get(self.verdict, _("关闭的商机")))

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        return queries.closings(self.actor, self.asked.selection, self.verdict, way=self.how, path=self.path)


@access(SEE)
class Wins(Closings):
    """The wins behind the sales cycle."""

    back, export = "cycle", "insight:wins_export"

    def load(self) -> None:
        """Read what is asked for."""
        self.timed = self.given("timed", {"yes", "no"})

    def page_title(self) -> str:
        """What these rows are."""
        return _("赢单(开始时间未记录)") if self.timed == "no" else _("赢单与周期")

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        days = (self.asked.number("days_from") or 0, self.asked.number("days_to"))
        timed = {"yes": True, "no": False}.get(self.timed)
        return queries.won_deals(self.actor, self.asked.selection, timed=timed, days=days)


@access(SEE)
class NewCustomers(Rows):
    """The customers behind 新增客户 and 新开发客户."""

    back, export = "revenue", "insight:customers_export"

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """Name, day and credit: a credit stays also when the customer went to others."""
        person, _department, day = queries.CREDITED[self.key]
        return [
            Column(_("客户"), self.customer),
            Column(_("日期"), day, show=formats.day),
            Column(_("业绩归属"), f"{person}.name", phone="aside"),
        ]

    def load(self) -> None:
        """Read what is asked for."""
        self.key = cast(CustomerCount, self.given("key", queries.CREDITED) or "customers.converted")

    @cached_property
    def _visible(self) -> set[int]:
        """Which customers of this page the person may open; of the others he sees the name."""
        if not may_open(self.actor, "customers:page"):
            return set()
        ids = {row.pk for row in self.page.rows}
        return set(customers(self.actor).filter(pk__in=ids).values_list("pk", flat=True))

    def customer(self, row: Any) -> SafeString | str:
        """The customer's name, as a link where it may be opened."""
        if row.pk not in self._visible:
            return cast(str, row.name)
        return format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.pk]), row.name)

    def page_title(self) -> str:
        """What these rows are."""
        return _("新增客户") if self.key == "customers.registered" else _("新开发客户")

    def rows(self) -> QuerySet[Any, Any]:
        """The rows behind the number."""
        return queries.new_customer_rows(self.actor, self.asked.selection, self.key)


def _steps(row: Any) -> str:
    """How many of the required steps were done, and how many were proved later."""
    done = f"{row.done_steps}/{row.required_steps}"
    return _("%(done)s,补录 %(late)s") % {"done": done, "late": row.late_steps} if row.late_steps else done


def _entered(row: Any) -> Any:
    return None if row.is_invented else row.occurred_at


def _moment(value: Any) -> str:
    return formats.moment(value) if value else _("未记录")


def _exit(kind: str) -> SafeString:
    name = WAYS[kind] if kind else EXIT_NAMES["staying"]
    return pill(name, EXIT_TONES[kind])


def _verdict(row: Any) -> SafeString:
    if row.sign < 0:
        return pill(_("撤销赢单") if row.verdict == "won" else _("撤销输单"), "amber")
    return pill(VERDICTS["won"], "green") if row.verdict == "won" else pill(VERDICTS["lost"], "red")


def _signed_amount(row: Any) -> Any:
    _part, amount = queries.counted(row)
    return None if amount is None else row.sign * amount


def _share(row: Any) -> str:
    part, _amount = queries.counted(row)
    return formats.percent(part, 0 if part * 100 == int(part * 100) else 2)
