"""The result of a visit: two mandatory answers, the next step, the rest on tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form, Section, UsualDayField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import commands, queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.commands import VisitResult
from xiaocheng.selling.fieldwork.queries import Outcome
from xiaocheng.selling.fieldwork.queries import Result as Results
from xiaocheng.selling.pipeline import queries as pipeline

from .visits import place


def words(label: Any) -> forms.CharField:
    """A few lines of text, if there is something to tell."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)


def chosen_id(label: Any) -> forms.TypedChoiceField:
    """A short list of rows, filled for the customer."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=False)


class ResultForm(Form):
    """What came of a visit."""

    outcome = forms.ChoiceField(label=gettext_lazy("见到谁"), choices=Outcome.choices, widget=forms.RadioSelect)
    result = forms.ChoiceField(label=gettext_lazy("结果"), choices=Results.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("洽谈记录"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )
    next_step = forms.CharField(label=gettext_lazy("下一步"), max_length=200, required=False)
    next_on = UsualDayField(label=gettext_lazy("下一步日期"), required=False)
    contact_id = chosen_id(gettext_lazy("联系人"))
    opportunity_id = chosen_id(gettext_lazy("商机"))
    opinion = words(gettext_lazy("客户意见"))
    news = words(gettext_lazy("客户动态"))
    competitor_facts = words(gettext_lazy("竞争者信息"))
    problem = words(gettext_lazy("问题"))
    solution = words(gettext_lazy("解决办法"))
    sections = [
        Section(
            gettext_lazy("更多:联系人、客户意见、竞争者…"),
            ("contact_id", "opportunity_id", "opinion", "news", "competitor_facts", "problem", "solution"),
            folded=True,
        )
    ]


@access(VISIT)
class Result(FormScreen):
    """Tell what came of a visit, or correct what was told."""

    template = "daily/result.html"

    form_class = ResultForm

    def load(self) -> None:
        """The visit that the address names."""
        self.visit = queries.visit(self.actor, self.kwargs["pk"])

    @property
    def habits(self) -> str:
        """What is to be noted in the customer's service."""
        customer = self.visit.customer_id
        return customers.to_note(self.actor, [customer]).get(customer, "") if customer else ""

    def page_title(self) -> str:
        """Whom."""
        said = _("更正:%(customer)s") if self.visit.completed_at else _("拜访结果:%(customer)s")
        return said % {"customer": place(self.visit)}

    def crumbs(self) -> Sequence[Crumb]:
        """Back to the visit."""
        return [Crumb(_("拜访"), reverse("daily:visit", args=[self.visit.pk]))]

    def version(self) -> int:
        """Of the visit."""
        return self.visit.edit_version

    def initial(self) -> dict[str, Any]:
        """What is known already."""
        return {field.name: getattr(self.visit, field.name) for field in fields(VisitResult)}

    def make_form(self, data: Any = None, files: Any = None) -> ResultForm:
        """The form with the customer's contacts and opportunities."""
        form = ResultForm(data, files, initial=self.initial(), actor=self.actor)
        customer = self.visit.customer_id
        contacts = customers.contacts(self.actor, customer) if customer else []
        deals = pipeline.opportunities(self.actor, "all").filter(customer_id=customer or 0)[:50]
        for name, rows in (("contact_id", contacts), ("opportunity_id", deals)):
            field: Any = form.fields[name]
            field.choices = [("", "–"), *((row.pk, row.name) for row in rows)]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Record or correct it."""
        command = commands.amend_result if self.visit.completed_at else commands.record_result
        visit = command(self.actor, self.visit.pk, self.sent_version, VisitResult(**data))
        return Done(url=reverse("daily:visit", args=[visit.pk]), toast=_("已保存"))
