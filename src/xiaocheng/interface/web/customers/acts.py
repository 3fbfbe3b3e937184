"""What one button or a short form does to a customer: claim it, give it up, have its details shown."""

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
from xiaocheng.selling.customers.access import CLAIM, EDIT, READ_DETAILS, REGISTER, RELEASE

from .forms import ConsentForm, ReleaseForm


@access(CLAIM)
class Claim(ActionScreen):
    """Take a customer out of a pool."""

    def run(self) -> Done:
        """Claim and open the page, now unmasked."""
        row = commands.claim(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:page", args=[row.pk]), toast=_("已领取「%(name)s」") % {"name": row.name})


@access(REGISTER)
class TakeBack(ActionScreen):
    """Remove a customer that was registered by mistake."""

    def run(self) -> Done:
        """Remove it, and show the list."""
        commands.take_back_registration(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:list"), toast=_("已删除误登记的客户"))


@access(EDIT)
class TakeBackContact(ActionScreen):
    """Remove a contact that was noted by mistake."""

    def run(self) -> Done:
        """Remove it, and show the customer."""
        customer = queries.contact(self.actor, self.kwargs["pk"]).customer_id
        commands.take_back_contact(self.actor, self.kwargs["pk"])
        return Done(url=reverse("customers:page", args=[customer]), toast=_("已删除误记的联系人"))


@access(READ_DETAILS)
class ReadDetails(ActionScreen):
    """Have the phones and addresses of somebody else's customer shown for today, which is noted."""

    def run(self) -> Done:
        """Note it, and show the page behind again."""
        commands.read_details(self.actor, self.kwargs["pk"])
        return Done(toast=_("已显示联系方式,并记入查阅记录"))


@access(EDIT)
class NoteConsent(FormScreen):
    """Note that somebody agreed to be called or written to, or refused it."""

    title = gettext_lazy("联系许可")
    form_class = ConsentForm

    def load(self) -> None:
        """The contact, or the customer who is a person."""
        self.contact_id = self.kwargs.get("contact")
        if self.contact_id is None:
            self.customer = queries.customer_to_change(self.actor, self.kwargs["pk"])
        else:
            self.customer = queries.contact_to_change(self.actor, self.contact_id).customer

    def initial(self) -> dict[str, Any]:
        """Agreed, for one way."""
        return {"channel": self.request.GET.get("channel", "phone"), "is_given": "yes"}

    def run(self, data: dict[str, Any]) -> Done:
        """Note it, and show the page behind again."""
        given = data["is_given"] == "yes"
        commands.note_consent(
            self.actor,
            self.customer.pk,
            data["channel"],
            is_given=given,
            contact_id=self.contact_id,
            note=data["note"],
        )
        return Done(toast=_("已记录"))


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
        commands.release(self.actor, self.customer.pk, **data)
        return Done(url=reverse("customers:list"), toast=_("已把「%(name)s」退回公海") % {"name": self.customer.name})
