"""Forms about customers and their contacts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, Request, is_htmx
from xiaocheng.interface.web.shell.links import Crumb
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import EDIT, REGISTER
from xiaocheng.selling.customers.commands import ContactDraft, CustomerDraft

from .forms import ContactForm, ContactOfForm, EditCustomerForm, NewCustomerForm, PlaceForm


@access(REGISTER)
def likely(request: Request) -> HttpResponse:
    """Likely duplicates of the name and phone that are being typed."""
    but = request.GET.get("but", "")
    found = commands.hint(
        request.actor,
        request.GET.get("name", "")[:200],
        request.GET.get("phone", "")[:40],
        but=int(but) if but.isdigit() and len(but) < 19 else None,
    )
    return render(request, "customers/likely.html", {"likely": found})


@access(REGISTER)
class NewCustomer(FormScreen):
    """Register a customer."""

    title = gettext_lazy("登记客户")
    form_class = NewCustomerForm
    submit = gettext_lazy("登记")

    def initial(self) -> dict[str, Any]:
        """As last time; a name that was searched in vain comes along."""
        usual = asdict(queries.usual(self.actor))
        return {**usual, "kind": "end", "name": self.request.GET.get("name", "")[:200]}

    def run(self, data: dict[str, Any]) -> Done:
        """Register and open the new page."""
        row = commands.register(self.actor, CustomerDraft(**data))
        return Done(url=reverse("customers:page", args=[row.pk]), toast=_("已登记「%(name)s」") % {"name": row.name})


class _OfCustomer(FormScreen):
    """A form about one customer."""

    def load(self) -> None:
        """The customer that the address names."""
        self.customer = queries.customer(self.actor, self.kwargs["pk"])

    def crumbs(self) -> list[Crumb]:
        """Back to the customer."""
        page = reverse("customers:page", args=[self.customer.pk])
        return [Crumb(pgettext_lazy("several", "客户"), reverse("customers:list")), Crumb(self.customer.name, page)]


@access(EDIT)
class EditCustomer(_OfCustomer):
    """Change a customer's profile."""

    title = gettext_lazy("修改客户资料")
    form_class = EditCustomerForm

    def load(self) -> None:
        """The customer, whose details the form shows."""
        self.customer = queries.customer_to_change(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        return {
            name: getattr(self.customer, name)
            for name in (*EditCustomerForm.base_fields, "custom")
            if name != "despite_duplicates"
        }

    def version(self) -> int:
        """The version that the form starts from."""
        return self.customer.edit_version

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form, which does not take the customer for its own duplicate."""
        return EditCustomerForm(data, files, initial=self.initial(), actor=self.actor, but=self.customer.pk)

    def run(self, data: dict[str, Any]) -> Done:
        """Save, unless somebody else saved meanwhile."""
        commands.edit(self.actor, self.customer.pk, self.sent_version, **data)
        return self.saved()

    def saved(self) -> Done:
        """Back to the customer."""
        return Done(url=reverse("customers:page", args=[self.customer.pk]), toast=_("已保存"))


@access(EDIT)
class PlaceCustomer(EditCustomer):
    """Note where a customer is, by hand."""

    title = gettext_lazy("标注位置")

    def initial(self) -> dict[str, Any]:
        """What is known."""
        return {"latitude": self.customer.latitude, "longitude": self.customer.longitude}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """Both numbers."""
        return PlaceForm(data, files, initial=self.initial(), actor=self.actor)

    def run(self, data: dict[str, Any]) -> Done:
        """Note it."""
        commands.place_customer(self.actor, self.customer.pk, data["latitude"], data["longitude"])
        return self.saved()


@access(EDIT)
class NewContact(_OfCustomer):
    """Note somebody to talk to at a customer."""

    title = gettext_lazy("添加联系人")
    form_class = ContactForm

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form, which does not take the customer's own phone for somebody else's."""
        return ContactForm(data, files, actor=self.actor, customer=self.customer.pk)

    def run(self, data: dict[str, Any]) -> Done:
        """Add and go back."""
        commands.add_contact(self.actor, ContactDraft(customer_id=self.customer.pk, **data))
        return Done(url=reverse("customers:page", args=[self.customer.pk]), toast=_("已添加联系人"))


@access(EDIT)
class NewContactOf(FormScreen):
    """Note somebody to talk to, and at which customer."""

    title = gettext_lazy("添加联系人")
    form_class = ContactOfForm

    def run(self, data: dict[str, Any]) -> Done:
        """Add and open the page."""
        row = commands.add_contact(self.actor, ContactDraft(**data))
        return Done(url=reverse("customers:contact", args=[row.pk]), toast=_("已添加联系人"))


@access(EDIT)
class EditContact(FormScreen):
    """Change a contact."""

    title = gettext_lazy("修改联系人")
    form_class = ContactForm

    def load(self) -> None:
        """The contact, whose details the form shows."""
        self.contact = queries.contact_to_change(self.actor, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        return {name: getattr(self.contact, name) for name in (*ContactForm.base_fields, "custom")}

    def version(self) -> int:
        """The version that the form starts from."""
        return self.contact.edit_version

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The form, which does not take the contact for its own duplicate."""
        row = self.contact
        return ContactForm(data, files, initial=self.initial(), actor=self.actor, customer=row.customer_id, but=row.pk)

    def run(self, data: dict[str, Any]) -> Done:
        """Save; the drawer closes over the page behind, without one the contact's page opens."""
        commands.edit_contact(self.actor, self.contact.pk, self.sent_version, **data)
        page = "" if is_htmx(self.request) else reverse("customers:contact", args=[self.contact.pk])
        return Done(url=page, toast=_("已保存"))
