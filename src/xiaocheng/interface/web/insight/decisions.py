"""取舍: to court, keep or drop one customer or many; what was decided before; what is to be looked at again."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.foundation.import_export.access import EXPORT
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.measures import gauge
from xiaocheng.insight import commands, queries
from xiaocheng.insight.access import SEE
from xiaocheng.insight.measures import LOYALTY
from xiaocheng.insight.queries import REVIEWS, VERDICTS, CustomerValue, Decision
from xiaocheng.interface.web.customers.chosen import picked_ids, told_of_picked
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access, may_open
from xiaocheng.interface.web.shell.exporting import ExportScreen
from xiaocheng.interface.web.shell.forms import DateField, Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb, Empty, Tab
from xiaocheng.interface.web.shell.screens import Column, FormScreen, ListScreen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.access import SEE as SEE_CUSTOMERS
from xiaocheng.selling.customers.queries import POTENTIALS
from xiaocheng.selling.trade.access import SEE as SEE_SALES

from .matrix import NAMES
from .values import ValueFilters, Values, class_pill, suggestion_pill

VIEWS = {
    "review": gettext_lazy("该复核"),
    "due": gettext_lazy("日期已到"),
    "changed": gettext_lazy("情况有变"),
    "contrary": gettext_lazy("与建议不符"),
    "undecided": gettext_lazy("还没有决定"),
    "dropped": pgettext_lazy("customer", "放弃"),
    "decided": gettext_lazy("全部决定"),
}


class DecideForm(Form):
    """To court, to keep or to drop, why, and until when."""

    verdict = forms.ChoiceField(label=gettext_lazy("取舍"), choices=list(VERDICTS.items()), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": queries.LONGEST_REASON})
    )
    review_on = DateField(
        label=gettext_lazy("复核日期"), required=False, help_text=gettext_lazy("不填:按规则里的间隔。")
    )
    ids = forms.CharField(widget=forms.HiddenInput)


@access(EDIT)
class Decide(FormScreen):
    """Decide about the ticked customers, or one."""

    title = gettext_lazy("取舍")
    form_class = DecideForm

    def load(self) -> None:
        """The customers; a list of values ticks its own rows."""
        self.ids = picked_ids(self.request)
        if self.request.GET.get("of") == "values" and "ids" not in self.request.POST:
            rows = queries.values(self.actor).filter(pk__in=self.ids)
            self.ids = list(rows.values_list("customer_id", flat=True))

    @property
    def hint(self) -> str:  # type: ignore[override]
        """How many."""
        return told_of_picked(self.ids) + _("放弃不会自动退回公海,只是不再计划时间。")

    def initial(self) -> dict[str, Any]:
        """The ids go along."""
        return {"ids": ",".join(map(str, self.ids))}

    def run(self, data: dict[str, Any]) -> Done:
        """Decide, and say how many were left out, and what may be done next."""
        ids = list(dict.fromkeys(self.ids))
        outcomes = commands.decide(self.actor, ids, data["verdict"], data["reason"], review_on=data["review_on"])
        refused = [outcome.refusal for outcome in outcomes if outcome.refusal]
        told = [_("已记录")]
        if refused:
            told.append(_("%(count)s 位未改动:%(why)s") % {"count": len(refused), "why": refused[0]})
        if data["verdict"] == "drop" and len(refused) < len(outcomes):
            told.append(_("不再跟进的,可以用「退回公海」交出。"))
        return Done(toast=" · ".join(told))


@access(SEE_CUSTOMERS)
class DecisionsOf(ListScreen):
    """What was decided about one customer."""

    title = gettext_lazy("取舍记录")
    order: ClassVar[str] = "-pk"
    bulk = ()

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = customers.customer(self.actor, self.kwargs["pk"])

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """What, when, by whom, why, and what the customer was then."""
        loyal = gauge(LOYALTY).words
        return [
            Column(_("取舍"), "verdict", show=suggestion_pill),
            Column(_("决定时间"), "decided_at", show=formats.moment, look="nowrap"),
            Column(_("决定人"), lambda row: row.decided_by.name if row.decided_by else _("系统"), look="nowrap"),
            Column(_("原因"), "reason"),
            Column(_("复核日期"), "review_on", show=formats.day),
            Column(_("当时的级别"), "klass", show=class_pill),
            Column(_("当时的忠诚度"), lambda row: loyal.get(row.loyalty, "")),
            Column(_("当时的潜力"), lambda row: POTENTIALS.get(row.potential, "")),
        ]

    def rows(self) -> QuerySet[Decision]:
        """The latest first."""
        return queries.decisions(self.actor, self.customer.pk)

    def crumbs(self) -> list[Crumb]:
        """Back to the customer."""
        page = reverse("customers:page", args=[self.customer.pk])
        return [
            Crumb(pgettext_lazy("several", "客户"), reverse("customers:list")), Crumb(self.customer.name, page),
        ]  # fmt: skip

    def empty(self) -> Empty:
        """Nothing was decided."""
        return Empty(_("还没有决定"), icon="scale")


@access(SEE, SEE_SALES)
class Reviews(ListScreen):
    """Customers of which a decision is to be looked at again, or still to be made."""

    title = gettext_lazy("取舍与复核")
    order: ClassVar[str] = "-value"
    export = "insight:reviews_export"
    filters = ValueFilters
    bulk = Values.bulk

    @property
    def columns(self) -> list[Column]:  # type: ignore[override]
        """Who, what was decided and why it is to be looked at again."""
        return [
            Column(_("客户"), self._customer),
            Column(_("取舍"), "decision", show=suggestion_pill, phone="aside"),
            Column(_("为什么"), self._why),
            Column(_("建议"), self._suggests, show=suggestion_pill),
            Column(_("复核日期"), "review_on", show=formats.day, look="nowrap"),
            Column(_("价值级别"), "klass", show=class_pill),
            Column(_("价值"), "value", show=formats.money, look="num", order="-value"),
            Column(_("负责人"), lambda row: row.customer.owner.name, look="nowrap"),
            *([Column(_("退回"), self._release, exported=False)] if self.tab == "dropped" else []),
        ]

    @cached_property
    def _opens(self) -> bool:
        return may_open(self.actor, "insight:decisions_of")

    @cached_property
    def _suggests(self) -> Any:
        return queries.suggestion_of(self.actor)

    def _customer(self, row: CustomerValue) -> str:
        if not self._opens:
            return row.customer.name
        return format_html('<a href="{}">{}</a>', reverse("customers:page", args=[row.customer_id]), row.customer.name)

    def _release(self, row: CustomerValue) -> str:
        """The way to give a dropped customer up; nobody does it for him."""
        if not may_open(self.actor, "customers:release"):
            return ""
        url = reverse("customers:release", args=[row.customer_id])
        return format_html('<a href="{}" hx-get="{}" hx-target="#drawer-body">{}</a>', url, url, _("退回公海"))

    def _why(self, row: CustomerValue) -> str:
        """The reasons to look at it again, in words."""
        if not row.decision:
            return ""
        said = [_("日期已到")] if row.review_on and row.review_on <= clock.today() else []
        said += list(_changes(row))
        suggested = self._suggests(row)
        if suggested and suggested != row.decision:
            said.append(_("与建议不符"))
        return " · ".join(said)

    def rows(self) -> QuerySet[CustomerValue]:
        """The rows of the chosen view."""
        return queries.to_review(self.actor, self.tab).select_related("customer__owner")

    def context(self) -> dict[str, Any]:
        """What is to be done with them."""
        said = _("复核日期已到、级别或潜力变了、与建议不符的,再看一次;还没有决定的,先看建议争取和放弃的。")
        return {**super().context(), "hint": said}

    def tabs(self) -> list[Tab]:
        """By why."""
        return [Tab(code, VIEWS[code]) for code in REVIEWS]

    def crumbs(self) -> list[Crumb]:
        """Back to the matrix, where many are decided about."""
        return [Crumb(_("客户矩阵"), reverse("insight:matrix"))]

    def empty(self) -> Empty:
        """All is done."""
        return Empty(_("没有要看的客户"), _("在客户页、客户列表或客户矩阵里做决定。"), icon="scale")


def _changes(row: CustomerValue) -> list[str]:
    """What became of class, loyalty and potential since it was decided."""
    now = {"klass": row.klass, "loyalty": row.loyalty, "potential": row.customer.potential}
    before = {"klass": row.decided_klass, "loyalty": row.decided_loyalty, "potential": row.decided_potential}
    return [
        _("%(before)s → %(now)s") % {"before": NAMES[axis][before[axis]][0], "now": NAMES[axis][code][0]}
        for axis, code in now.items()
        if before[axis] != code
    ]


@access(SEE, SEE_SALES, EXPORT)
class ReviewsExport(ExportScreen):
    """The list as a file."""

    screen_class = Reviews
