"""An owner asks for more time before a customer lapses; the supervisor agrees or not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.interface.web.shell.templatetags.ui import pill
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.queries import EXTENSION_STATES, Extension, FirstContactRules

TONES = {"asked": "amber", "granted": "green", "refused": "grey"}
SOME_LINES = {"rows": 3, "maxlength": 500}


class ExtensionForm(Form):
    """How many days more, and why."""

    days = forms.IntegerField(label=gettext_lazy("延长(天)"), min_value=1)
    reason = forms.CharField(label=gettext_lazy("原因"), widget=forms.Textarea(attrs=SOME_LINES))


class RefusalForm(Form):
    """Why not."""

    comment = forms.CharField(label=gettext_lazy("说明"), widget=forms.Textarea(attrs=SOME_LINES))


@access(SEE)
class AskExtension(FormScreen):
    """Ask for more time."""

    title = gettext_lazy("申请延期")
    form_class = ExtensionForm
    submit = gettext_lazy("提交")

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.customer(self.actor, self.kwargs["pk"])

    @property
    def hint(self) -> str:  # type: ignore[override]
        """What the company allows."""
        limits = rules(FirstContactRules, clock.today())
        said = {"days": limits.extension_days, "count": limits.extensions}
        words = _("一次最多延长 %(days)s 天,最多 %(count)s 次;由主管审批。") % said
        return words + (
            _("审批之前客户不会失效。")
            if limits.waiting_holds
            else _("审批之前时限照常计算,有效联系总是重新开始计时。")
        )

    def run(self, data: dict[str, Any]) -> Done:
        """Ask, and show the page behind again."""
        asked = commands.ask_extension(self.actor, self.customer.pk, **data)
        if asked.until is not None:
            return Done(toast=_("已延期"))
        return Done(toast=_("已提交,等待主管审批"))


@access(SEE)
class GrantExtension(ActionScreen):
    """Agree to more time."""

    def run(self) -> Done:
        """Agree, and show the page behind again."""
        row = commands.grant_extension(self.actor, self.kwargs["pk"])
        return Done(toast=_("已同意延期 %(days)s 天") % {"days": row.days})


@access(SEE)
class RefuseExtension(FormScreen):
    """Leave the time limit as it is."""

    title = gettext_lazy("不同意延期")
    form_class = RefusalForm
    submit = gettext_lazy("不同意")

    def load(self) -> None:
        """The request that the address names."""
        self.row = queries.extension(self.actor, self.kwargs["pk"])

    def run(self, data: dict[str, Any]) -> Done:
        """Refuse, and show the customer."""
        commands.refuse_extension(self.actor, self.row.pk, data["comment"])
        return Done(url=f"{reverse('customers:page', args=[self.row.episode.customer_id])}?tab=owners")


def state_pill(row: Extension) -> object:
    """What became of a request."""
    if row.is_void:
        return pill(_("已作废"), "grey")
    return pill(EXTENSION_STATES[row.state], TONES[row.state])
