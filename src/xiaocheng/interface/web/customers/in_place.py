"""One field of a customer, changed where it stands on the page."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.custom import CustomForm
from xiaocheng.interface.web.shell.forms import Form
from xiaocheng.interface.web.shell.http import Done, is_htmx
from xiaocheng.interface.web.shell.screens import FormScreen
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.queries import LISTS

from .editing import EditCustomer
from .forms import PROFILE, EditCustomerForm

# Name and phone are looked at for duplicates, and so need the whole form.
IN_PLACE = (
    "stage", "level", "kind", "source", "channel", "region", "industry", "email", "website", "address", "wechat",
    "birthday", "lunar_birthday",
    "potential", "yearly_demand", "next_contact_on", *PROFILE,
)  # fmt: skip


class OwnFieldForm(CustomForm):
    """One of the company's own fields by itself."""

    table = "customers.customer"

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = [item for item in self.own if item.key == key]
        if not self.own:
            raise NotFound
        self.fields, self.sections = {key: self.fields[key]}, []


@access(EDIT)
class EditField(EditCustomer):
    """Change one field; without script, or with a fault, on a page of its own."""

    template = "customers/in_place.html"

    def load(self) -> None:
        """The customer and the field."""
        super().load()
        self.name = self.kwargs["name"]
        self.is_own = self.name not in EditCustomerForm.base_fields
        if not self.is_own and self.name not in IN_PLACE:
            raise NotFound

    @property
    def parts(self) -> dict[str, str]:  # type: ignore[override]
        """The place on the page that asks for the form alone."""
        return {**FormScreen.parts, f"place-{self.name}": "form"}

    def page_title(self) -> str:
        """What is changed."""
        return str(self.make_form().fields[self.name].label)

    def initial(self) -> dict[str, Any]:
        """What stands now."""
        return {"custom": self.customer.custom} if self.is_own else {self.name: getattr(self.customer, self.name)}

    def make_form(self, data: Any = None, files: Any = None) -> Form:
        """The one field; a code that is out of use may stay."""
        if self.is_own:
            return OwnFieldForm(data, files, initial=self.initial(), actor=self.actor, key=self.name)
        form = Form(data, files, initial=self.initial(), actor=self.actor)
        field = form.fields[self.name] = deepcopy(EditCustomerForm.base_fields[self.name])
        field.required = False
        field.widget.attrs["autofocus"] = True
        offered: Any = getattr(field, "choices", ())
        kept = getattr(self.customer, self.name)
        if self.name in LISTS and kept not in dict(offered):
            field.choices = [*offered, (kept, kept)]  # type: ignore[attr-defined]
        return form

    def run(self, data: dict[str, Any]) -> Done:
        """Save, unless somebody else saved meanwhile; the page behind is loaded again."""
        commands.edit(self.actor, self.customer.pk, self.sent_version, **data)
        done = self.saved()
        return Done(toast=done.toast) if is_htmx(self.request) else done
