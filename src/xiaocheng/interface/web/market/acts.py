"""What is done with reports about the market."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, PickField, PickManyField, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import DECIDE_MARKET, VISIT
from xiaocheng.selling.fieldwork.commands import MarketText
from xiaocheng.selling.fieldwork.queries import MarketKind
from xiaocheng.selling.fieldwork.states import Severity

SOME = {"rows": 4, "maxlength": 4000}


class ReportForm(Form):
    """What happened, and how much hangs on it; the rest opens on tap."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=MarketKind.choices, widget=forms.RadioSelect)
    description = forms.CharField(label=gettext_lazy("市场情况"), widget=forms.Textarea(attrs=SOME), max_length=4000)
    severity = forms.ChoiceField(
        label=gettext_lazy("严重程度"),
        choices=Severity.choices,
        widget=forms.RadioSelect,
        initial=Severity.NORMAL,
        help_text=gettext_lazy("「影响销售」和「严重」立即通知主管,无人受理就逐级上报。"),
    )
    competitor_id = PickField("competitors", label=gettext_lazy("竞争对手"), required=False)
    customer_id = PickField("customers", label=gettext_lazy("客户"), required=False)
    product_id = PickField("products", label=gettext_lazy("产品"), required=False)
    area = forms.CharField(label=gettext_lazy("区域"), max_length=80, required=False)
    sections = (Section(gettext_lazy("更多"), ("customer_id", "product_id", "area"), folded=True),)


@access(VISIT)
class New(FormScreen):
    """Report something, perhaps from a visit."""

    title = gettext_lazy("市场状况反映表")
    form_class = ReportForm

    def load(self) -> None:
        """The visit that the address names."""
        asked = self.request.GET.get("visit", "")
        self.visit = queries.visit(self.actor, int(asked)) if asked.isdigit() else None

    def initial(self) -> dict[str, Any]:
        """From a visit: where it was and what was noted there about competitors."""
        if self.visit is None:
            return {}
        said = self.visit.competitor_facts or self.visit.opinion or self.visit.news
        return {"customer_id": self.visit.customer_id, "area": self.visit.area, "description": said}

    def run(self, data: dict[str, Any]) -> Done:
        """Report it, and show it."""
        row = commands.report_market(self.actor, MarketText(**data), self.visit.pk if self.visit else None)
        return Done(url=reverse("market:report", args=[row.pk]), toast=_("已反映"))


class OfReport(FormScreen):
    """Base of the forms about one report: nobody is asked about one that he does not see."""

    def load(self) -> None:
        """The report that the address names."""
        self.row = queries.market_report(self.actor, self.kwargs["pk"])

    def version(self) -> int:
        """Of the report."""
        return self.row.edit_version


@access(VISIT)
class Edit(OfReport):
    """Change what it says."""

    title = gettext_lazy("修改市场情况")
    form_class = ReportForm

    def initial(self) -> dict[str, Any]:
        """What it says now."""
        return {name: getattr(self.row, name) for name in commands.TOLD_OF_MARKET}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_market(self.actor, self.row.pk, self.sent_version, MarketText(**data))
        return Done(toast=_("已保存"))


@access(DECIDE_MARKET)
class TakeUp(ActionScreen):
    """Begin to deal with it."""

    def run(self) -> Done:
        """Take it up."""
        commands.take_up_market(self.actor, self.kwargs["pk"])
        return Done(toast=_("已受理"))


class CloseForm(Form):
    """What was done."""

    measures = forms.CharField(label=gettext_lazy("处理措施"), widget=forms.Textarea(attrs=SOME), max_length=4000)


@access(DECIDE_MARKET)
class Close(OfReport):
    """Close it with the measures that were taken."""

    title = gettext_lazy("市场情况结案")
    form_class = CloseForm
    submit = gettext_lazy("结案")

    def initial(self) -> dict[str, Any]:
        """What was done before it was reopened."""
        return {"measures": self.row.measures}

    def run(self, data: dict[str, Any]) -> Done:
        """Close it."""
        commands.close_market(self.actor, self.row.pk, self.sent_version, data["measures"])
        return Done(toast=_("已结案"))


@access(DECIDE_MARKET)
class Reopen(OfReport):
    """Deal with it again."""

    title = gettext_lazy("重新处理市场情况")
    form_class = Form
    submit = gettext_lazy("重新处理")

    def run(self, data: dict[str, Any]) -> Done:
        """Reopen it."""
        commands.reopen_market(self.actor, self.row.pk, self.sent_version)
        return Done(toast=_("已重新处理"))


class MergeForm(Form):
    """Which ones are about the same."""

    others = PickManyField("market-events", label=gettext_lazy("同一件事的其他反映"))


@access(DECIDE_MARKET)
class Merge(OfReport):
    """Several reports are about one event."""

    title = gettext_lazy("合并为同一事件")
    form_class = MergeForm
    submit = gettext_lazy("合并")
    hint = gettext_lazy("选中的反映成为这个事件的来源,严重程度取最高的;以后可以拆出。")

    def run(self, data: dict[str, Any]) -> Done:
        """Merge them."""
        commands.merge_market(self.actor, self.row.pk, [pk for pk in data["others"] if pk != self.row.pk])
        return Done(toast=_("已合并"))


@access(DECIDE_MARKET)
class Unmerge(ActionScreen):
    """It is about something else after all."""

    def run(self) -> Done:
        """Take it out."""
        commands.unmerge_market(self.actor, self.kwargs["pk"])
        return Done(toast=_("已拆出"))
