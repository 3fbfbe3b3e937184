"""What is done with complaints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form, PickField, Section
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import queries as fieldwork
from xiaocheng.selling.service import commands, queries
from xiaocheng.selling.service.access import HANDLE
from xiaocheng.selling.service.commands import ComplaintDraft, ComplaintText, Settlement
from xiaocheng.selling.service.queries import COMPLAINT_KIND, Satisfaction, Severity

SOME, FEW = {"rows": 4, "maxlength": 4000}, {"rows": 2, "maxlength": 4000}


def words(label: Any, **more: Any) -> forms.CharField:
    """A few lines of text."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs=FEW), max_length=4000, required=False, **more)


def satisfaction(**more: Any) -> forms.ChoiceField:
    """What the customer thinks of it."""
    return forms.ChoiceField(
        label=gettext_lazy("客户满意度"), choices=Satisfaction.choices, widget=forms.RadioSelect, **more
    )


class TextForm(Form):
    """What is known about a complaint."""

    description = forms.CharField(label=gettext_lazy("投诉内容"), widget=forms.Textarea(attrs=SOME), max_length=4000)
    kind = forms.ChoiceField(label=gettext_lazy("投诉类别"))
    severity = forms.ChoiceField(
        label=gettext_lazy("严重程度"),
        choices=Severity.choices,
        widget=forms.RadioSelect,
        initial=Severity.NORMAL,
        help_text=gettext_lazy("「影响销售」和「严重」立即通知主管,无人受理就逐级上报。"),
    )
    contact_id = PickField("contacts", label=gettext_lazy("联系人"), required=False)
    product_id = PickField("products", label=gettext_lazy("产品"), required=False)
    due_on = DateField(
        label=gettext_lazy("处理期限"), required=False, help_text=gettext_lazy("不填就按严重程度的规定期限。")
    )
    cause = words(gettext_lazy("原因分析"))
    measures = words(gettext_lazy("处理措施"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, kept = choices(COMPLAINT_KIND), self.initial.get("kind")
        if kept and kept not in dict(found):  # out of use, or merged
            found = [*found, (kept, names(COMPLAINT_KIND).get(kept, kept))]
        self.fields["kind"].choices = found  # type: ignore[attr-defined]


class NewForm(TextForm):
    """A complaint as it is taken down; the rest opens on tap."""

    customer_id = PickField("customers", label=gettext_lazy("客户"))
    responsible_id = PickField(
        "teammates",
        label=gettext_lazy("处理人"),
        required=False,
        help_text=gettext_lazy("不填就是客户的负责人。"),
    )
    field_order = ("customer_id", "description", "kind", "severity")
    sections = (
        Section(
            gettext_lazy("更多"),
            ("contact_id", "product_id", "responsible_id", "due_on", "cause", "measures"),
            folded=True,
        ),
    )


@access(HANDLE)
class New(FormScreen):
    """Take a complaint down, perhaps from a customer's page or from a visit."""

    title = gettext_lazy("登记客户投诉")
    form_class = NewForm

    def load(self) -> None:
        """The customer or the visit that the address names."""
        asked = self.request.GET
        visit, customer = asked.get("visit", ""), asked.get("customer", "")
        self.visit = fieldwork.visit(self.actor, int(visit)) if visit.isdigit() else None
        self.customer_id = self.visit.customer_id if self.visit else int(customer) if customer.isdigit() else None
        if self.customer_id is not None:
            customers.customer(self.actor, self.customer_id)

    def initial(self) -> dict[str, Any]:
        """From a visit: the customer, whom one met and the problem that was told."""
        if self.visit is None:
            return {"customer_id": self.customer_id}
        told = self.visit.problem or self.visit.opinion
        return {"customer_id": self.customer_id, "contact_id": self.visit.contact_id, "description": told}

    def run(self, data: dict[str, Any]) -> Done:
        """Take it down, and show it."""
        visit = self.visit if self.visit and self.visit.customer_id == data["customer_id"] else None
        row = commands.raise_complaint(self.actor, ComplaintDraft(**data, visit_id=visit.pk if visit else None))
        return Done(url=reverse("service:complaint", args=[row.pk]), toast=_("已登记投诉"))


class OfComplaint(FormScreen):
    """Base of the forms about one complaint: nobody is asked about one that he does not see."""

    def load(self) -> None:
        """The complaint that the address names."""
        self.row = queries.complaint(self.actor, self.kwargs["pk"])

    def version(self) -> int:
        """Of the complaint."""
        return self.row.edit_version


@access(HANDLE)
class Edit(OfComplaint):
    """Change what is known."""

    title = gettext_lazy("修改客户投诉")
    form_class = TextForm

    def initial(self) -> dict[str, Any]:
        """What is known already."""
        return {name: getattr(self.row, name) for name in commands.TOLD}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.edit_complaint(self.actor, self.row.pk, self.sent_version, ComplaintText(**data))
        return Done(toast=_("已保存"))


@access(HANDLE)
class TakeUp(ActionScreen):
    """Begin to handle it."""

    def run(self) -> Done:
        """Take it up."""
        commands.take_up(self.actor, self.kwargs["pk"])
        return Done(toast=_("已受理"))


class HandOnForm(Form):
    """Who handles it from now on."""

    responsible_id = PickField("teammates", label=gettext_lazy("处理人"))


@access(HANDLE)
class HandOn(OfComplaint):
    """Make somebody else responsible."""

    title = gettext_lazy("转交投诉")
    form_class = HandOnForm
    submit = gettext_lazy("转交")

    def run(self, data: dict[str, Any]) -> Done:
        """Hand it on; whoever sees it no longer goes back to the list."""
        commands.hand_on(self.actor, self.row.pk, self.sent_version, data["responsible_id"])
        return Done(url=reverse("service:complaints"), toast=_("已转交"))


class CloseForm(Form):
    """How it was settled."""

    measures = forms.CharField(label=gettext_lazy("处理措施"), widget=forms.Textarea(attrs=SOME), max_length=4000)
    outcome = words(gettext_lazy("处理结果"))
    cause = words(gettext_lazy("原因分析"))
    satisfaction = satisfaction(required=False, help_text=gettext_lazy("可以在结案之后回访时再登记。"))


@access(HANDLE)
class Close(OfComplaint):
    """Close it with the measures that were taken."""

    title = gettext_lazy("投诉结案")
    form_class = CloseForm
    submit = gettext_lazy("结案")

    def initial(self) -> dict[str, Any]:
        """What was written while it was handled."""
        return {name: getattr(self.row, name) for name in ("measures", "outcome", "cause")}

    def run(self, data: dict[str, Any]) -> Done:
        """Close it."""
        commands.close_complaint(self.actor, self.row.pk, self.sent_version, Settlement(**data))
        return Done(toast=_("投诉已结案"))


class ReopenForm(Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}), max_length=500
    )


@access(HANDLE)
class Reopen(OfComplaint):
    """Take a closed complaint up again."""

    title = gettext_lazy("重新处理投诉")
    form_class = ReopenForm
    submit = gettext_lazy("重新处理")
    hint = gettext_lazy("期限从今天起重新计算,结案的统计在今天减去。")

    def run(self, data: dict[str, Any]) -> Done:
        """Take it up."""
        commands.reopen_complaint(self.actor, self.row.pk, self.sent_version, data["reason"])
        return Done(toast=_("已重新处理"))


class JudgeForm(Form):
    """What the customer thinks."""

    satisfaction = satisfaction()


@access(HANDLE)
class Judge(OfComplaint):
    """Note what the customer thinks of how it was handled."""

    title = gettext_lazy("客户评价")
    form_class = JudgeForm

    def initial(self) -> dict[str, Any]:
        """What he said before."""
        return {"satisfaction": self.row.satisfaction}

    def run(self, data: dict[str, Any]) -> Done:
        """Note it."""
        commands.judge_complaint(self.actor, self.row.pk, self.sent_version, data["satisfaction"])
        return Done(toast=_("已登记评价"))
