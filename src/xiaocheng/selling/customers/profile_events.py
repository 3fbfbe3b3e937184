"""What people wrote about customers and contacts changed; announced as part of `events`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.fields.changes import changes_of, differing, names_of_fields
from xiaocheng.foundation.kernel.journal import Change, Event, about, personal

from .models import Contact
from .options import LISTS

CUSTOMER, CONTACT = "customers.Customer", "customers.Contact"


class CustomerEdited(Event):
    """A customer's profile changed; `fields` names what, the former and new values are personal."""

    customer_id: int = about("customers.customer")
    fields: tuple[str, ...]
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    says = _("修改了客户资料:%(fields)s")

    @classmethod
    def between(cls, customer_id: int, before: Mapping[str, str], after: Mapping[str, str]) -> CustomerEdited:
        """What changed in a customer, in the words of before and after."""
        was, now = differing(before, after)
        return cls(customer_id=customer_id, fields=tuple(now), before=was, after=now)

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The changed fields by their names."""
        return {"fields": names_of_fields(CUSTOMER, values["fields"])}

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each field with what stood there and what stands there now."""
        return changes_of(CUSTOMER, values, LISTS)


class CustomerPlaced(Event):
    """It was noted where a customer is, or that noted before was taken away; the numbers stand in its row alone."""

    customer_id: int = about("customers.customer")
    source: str
    is_known: bool
    says = "%(sentence)s"

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """By hand or from a check-in, or taken away."""
        if not values["is_known"]:
            return {"sentence": _("清除了客户位置")}
        return {"sentence": _("标注了客户位置") if values["source"] == "hand" else _("按首次签到标注了客户位置")}


class ContactAdded(Event):
    """Somebody to talk to was noted."""

    customer_id: int = about("customers.customer")
    contact_id: int = about("customers.contact")
    is_import: bool = False
    name: str = personal()
    says = _("新增了联系人「%(name)s」")


class ContactUndone(Event):
    """A contact that was noted by mistake is gone again."""

    customer_id: int = about("customers.customer")
    contact_id: int = about("customers.contact")
    name: str = personal()
    takes_back = ContactAdded
    says = _("撤销了联系人「%(name)s」")


class ContactEdited(Event):
    """A contact's details changed; the former and new values are personal."""

    customer_id: int = about("customers.customer")
    contact_id: int = about("customers.contact")
    fields: tuple[str, ...]
    name: str = personal()
    before: dict[str, str] = personal()
    after: dict[str, str] = personal()
    says = _("修改了联系人「%(name)s」:%(fields)s")

    @classmethod
    def between(cls, row: Contact, before: Mapping[str, str], after: Mapping[str, str]) -> ContactEdited:
        """What changed in a contact, in the words of before and after."""
        was, now = differing(before, after)
        return cls(
            customer_id=row.customer_id, contact_id=row.pk, fields=tuple(now), name=row.name, before=was, after=now
        )

    @classmethod
    def worded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """The changed fields by their names."""
        return values | {"fields": names_of_fields(CONTACT, values["fields"])}

    @classmethod
    def changes(cls, values: dict[str, Any]) -> Sequence[Change]:
        """Each field with what stood there and what stands there now."""
        return changes_of(CONTACT, values)


PROFILE_EVENTS = (CustomerEdited, ContactEdited)  # those that keep what stood there, for whoever reads the details
