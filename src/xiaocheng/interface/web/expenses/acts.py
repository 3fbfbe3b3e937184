"""What is done with expenses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.fields.queries import choices, names
from xiaocheng.foundation.files.access import ATTACH
from xiaocheng.foundation.kernel import clock
from xiaocheng.interface.web.shell import formats
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import DateField, Form, MoneyField, PickField
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.expenses import commands, queries
from xiaocheng.selling.expenses.access import SPEND
from xiaocheng.selling.expenses.commands import ExpenseDraft, ExpenseText
from xiaocheng.selling.expenses.queries import EXPENSE_KIND
from xiaocheng.selling.fieldwork import queries as fieldwork


class TextForm(Form):
    """What is known about an expense."""

    kind = forms.ChoiceField(label=gettext_lazy("费用类别"), widget=forms.RadioSelect)
    amount = MoneyField(label=gettext_lazy("金额"))
    spent_on = DateField(label=gettext_lazy("日期"))
    customer_id = PickField("customers", label=gettext_lazy("客户"), required=False)
    note = forms.CharField(
        label=gettext_lazy("备注"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 1000}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found, kept = choices(EXPENSE_KIND), self.initial.get("kind")
        if kept and kept not in dict(found):  # out of use, or merged
            found = [*found, (kept, names(EXPENSE_KIND).get(kept, kept))]
        self.fields["kind"].choices = found  # type: ignore[attr-defined]


class NewForm(TextForm):
    """An expense as it is recorded, with a picture of the receipt where there is one."""

    receipt = forms.FileField(
        label=gettext_lazy("票据照片"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
        help_text=gettext_lazy("更多照片可以之后放在费用页的「票据」里。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.actor is None or not self.actor.can(ATTACH):
            del self.fields["receipt"]


@access(SPEND)
class New(FormScreen):
    """Record an expense, perhaps from a visit or a customer's page."""

    title = gettext_lazy("登记费用")
    form_class = NewForm

    def load(self) -> None:
        """The customer or the visit that the address names."""
        asked = self.request.GET
        visit, customer = asked.get("visit", ""), asked.get("customer", "")
        self.visit = fieldwork.visit(self.actor, int(visit)) if visit.isdigit() else None
        self.customer_id = self.visit.customer_id if self.visit else int(customer) if customer.isdigit() else None
        if self.visit is None and self.customer_id is not None:
            customers.customer(self.actor, self.customer_id)

    def initial(self) -> dict[str, Any]:
        """Today, or the day of the visit, and its customer."""
        day = clock.day_of(self.visit.occurred_at) if self.visit else clock.today()
        return {"customer_id": self.customer_id, "spent_on": day}

    def run(self, data: dict[str, Any]) -> Done:
        """Record it with its receipt, and show the page behind again."""
        sent = data.pop("receipt", None)
        receipt = (sent.name, sent.read()) if sent is not None else None
        visit = self.visit if self.visit and data["customer_id"] in (None, self.visit.customer_id) else None
        draft = ExpenseDraft(**data, visit_id=visit.pk if visit else None)
        row = commands.record_expense(self.actor, draft, receipt)
        return Done(toast=_("已登记费用 %(amount)s") % {"amount": formats.exact_money(row.amount)})


class OfExpense(FormScreen):
    """Base of the forms about one expense: nobody is asked about one that he does not see."""

    def load(self) -> None:
        """The expense that the address names."""
        self.row = queries.expense(self.actor, self.kwargs["pk"])

    def version(self) -> int:
        """Of the expense."""
        return self.row.edit_version


@access(SPEND)
class Correct(OfExpense):
    """Correct what was wrong."""

    title = gettext_lazy("更正费用")
    form_class = TextForm

    def initial(self) -> dict[str, Any]:
        """What is known already."""
        return {name: getattr(self.row, name) for name in commands.TOLD}

    def run(self, data: dict[str, Any]) -> Done:
        """Save it."""
        commands.correct_expense(self.actor, self.row.pk, self.sent_version, ExpenseText(**data))
        return Done(toast=_("已保存"))


class CancelForm(Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}), max_length=500
    )


@access(SPEND)
class Cancel(OfExpense):
    """Take back what was entered by mistake."""

    title = gettext_lazy("取消费用")
    form_class = CancelForm
    submit = gettext_lazy("取消费用")
    hint = gettext_lazy("取消后这笔费用不再计入统计,记录保留。")

    def run(self, data: dict[str, Any]) -> Done:
        """Take it back."""
        commands.cancel_expense(self.actor, self.row.pk, self.sent_version, data["reason"])
        return Done(url=reverse("expenses:expense", args=[self.row.pk]), toast=_("费用已取消"))
