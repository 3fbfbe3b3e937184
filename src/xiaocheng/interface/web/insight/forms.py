"""The filters above every page of insight."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import standing
from xiaocheng.foundation.kernel.errors import RuleBroken, Sentence
from xiaocheng.insight.queries import WITHIN, bases
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField
from xiaocheng.selling.pipeline.queries import processes

from .asked import BASES, UNKNOWN

SOURCE = "customers.source"


class Filter(Form):
    """Whose figures, and of what; the free period's days are here too."""

    first = DateField(label=_("从"), required=False)
    last = DateField(label=_("到"), required=False)
    basis = forms.ChoiceField(label=_("范围"), required=False)
    team = PickField("insight-teams", label=_("团队"), required=False, placeholder=_("全部"))
    person = PickField("insight-people", label=_("人员"), required=False, placeholder=_("全部"))
    process = forms.ChoiceField(label=_("流程"), required=False)
    product = PickField("insight-products", label=_("产品"), required=False, placeholder=_("全部"))
    source = forms.ChoiceField(label=_("来源"), required=False)
    compare = forms.BooleanField(label=_("与上一期比较"), required=False)

    def __init__(
        self, *args: Any, kind: str, any_process: Sentence, without: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id="filter-%s", **kwargs)
        own = {name: field for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)}
        own["basis"].choices = [(key, BASES[key]) for key in bases(self.actor)]
        own["process"].choices = [("", any_process), *((p.pk, p.name) for p in processes(self.actor))]
        own["source"].choices = [
            ("", _("全部")),
            *((item.code, item.name) for item in standing(SOURCE)),
            (UNKNOWN, _("未记录")),
        ]
        for name in without:
            del self.fields[name]
        if kind != "custom":
            del self.fields["first"], self.fields["last"]
        if kind == "all":
            self.fields.pop("compare", None)
        if len(own["basis"].choices) == 1:
            del self.fields["basis"]


AGAINST: dict[str, Sentence] = {
    "": _("不对比"),
    "before": _("上一期"),
    "year": _("去年同期"),
    "days": _("另一段时间"),
    "team": _("另一个团队"),
    "person": _("另一位人员"),
    "source": _("另一个来源"),
    "process": _("另一个流程"),
}
OF_AGAINST = {"days": ("against_first", "against_last")}  # else the field is called as what is chosen


class FunnelFilter(Filter):
    """The same, of which past day, and what the funnel is set against."""

    as_of = DateField(label=_("截至(空着就是今天)"), required=False)
    against = forms.ChoiceField(label=_("对比"), required=False)
    against_first = DateField(label=_("对比:从"), required=False)
    against_last = DateField(label=_("对比:到"), required=False)
    against_team = PickField("insight-teams", label=_("对比的团队"), required=False)
    against_person = PickField("insight-people", label=_("对比的人员"), required=False)
    against_source = forms.ChoiceField(label=_("对比的来源"), required=False)
    against_process = forms.ChoiceField(label=_("对比的流程"), required=False)
    within = forms.ChoiceField(label=_("比较多少天内的推进"), required=False)

    def __init__(self, *args: Any, kind: str, trouble: RuleBroken | None = None, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        self.trouble = trouble
        own = {name: field for name, field in self.fields.items() if isinstance(field, forms.ChoiceField)}
        without = {"before", "year"} if kind == "all" else set()
        own["against"].choices = [(key, name) for key, name in AGAINST.items() if key not in without]
        own["against_source"].choices = own["source"].choices
        own["against_process"].choices = [("", _("请选择")), *((p.pk, p.name) for p in processes(self.actor))]
        own["within"].choices = [(days, gettext("%(days)s 天") % {"days": days}) for days in WITHIN]
        chosen = self.data.get("against", "")
        shown = {"against", "within", *OF_AGAINST.get(chosen, (f"against_{chosen}",))} if chosen else {"against"}
        self.order_fields([name for name in self.fields if name in {"first", "last"}] + ["as_of"])
        for name in {"within", *(name for name in self.fields if name.startswith("against"))} - shown:
            del self.fields[name]

    def clean(self) -> None:
        """The past day must be one that can be shown."""
        if self.trouble and "as_of" not in self.errors:
            self.add_error("as_of", str(self.trouble))
