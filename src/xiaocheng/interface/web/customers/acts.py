"""What one button does to a customer: claim it, give it up."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done
from xiaocheng.interface.web.shell.screens import ActionScreen, FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import CLAIM, RELEASE

from .forms import ReleaseForm


@access(CLAIM)
class Claim(ActionScreen):
    """Take a customer out of a pool."""

    def run(self) -> Done:
        """Claim and open the page, now unmasked."""
        row = commands.claim(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:page", args=[row.pk]), toast=_("已领取「%(name)s」") % {"name": row.name})


@access(CLAIM)
class Receive(ActionScreen):
    """Take a customer that awaits reception, as one of those on duty."""

    def run(self) -> Done:
        """Receive and open the page, now unmasked."""
        row = commands.receive(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:page", args=[row.pk]), toast=_("「%(name)s」由您接待") % {"name": row.name})


@access(RELEASE)
class Release(FormScreen):
    """Give a customer up to a pool."""

    title = gettext_lazy("退回公海")
    form_class = ReleaseForm
    submit = gettext_lazy("退回")
    hint = gettext_lazy("退回后您不再负责这位客户,别人可以领取;进行中的商机仍由您负责。")

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.customer(self.actor, self.kwargs["pk"])

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The pools that the person sees."""
        form = ReleaseForm(data, files, actor=self.actor)
        pools: list[tuple[Any, str]] = [*queries.pool_choices(self.actor)]
        form.fields["pool_id"].choices = pools or [("", _("公海"))]  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Release and go to one's own list."""
        commands.release(self.actor, self.customer.pk, data["pool_id"])
        return Done(url=reverse("customers:list"), toast=_("已把「%(name)s」退回公海") % {"name": self.customer.name})
