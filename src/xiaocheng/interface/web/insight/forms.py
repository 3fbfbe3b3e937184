"""The filters above every page of insight."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.queries import standing
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.insight.queries import bases
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
