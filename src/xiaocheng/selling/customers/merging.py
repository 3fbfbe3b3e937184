"""Which value of two rows stands when they become one, and how a row is kept until it may come back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from .drafts import RATED, TEXTS
from .models import Contact, Customer

KIND = "customers.customer"
ASSISTANCE = "customers.assistance"  # the place of a merged customer's owner in the survivor's team
CHOOSABLE = ("name", "is_person", "kind", *TEXTS, *RATED, "birthday", "lunar_birthday", "next_contact_on")
CONTACTS_CHOOSABLE = ("name", "position", "phone", "email", "wechat", "birthday", "lunar_birthday", "home_address",
                      "note")  # fmt: skip
# with a field goes what is made from it
TOGETHER = {"name": ("name", "name_key", "sort_key"), "phone": ("phone", "phone_key")}
PLACE = ("latitude", "longitude")
FIRST_DEAL = ("stage", "became_customer_on", "converted_by_id", "converted_department_id")


def differing(kept: Customer | Contact, gone: Customer | Contact) -> list[str]:
    """The fields of which one of two filled values must be chosen."""
    both = [(name, getattr(kept, name), getattr(gone, name)) for name in _choosable(kept)]
    return [name for name, one, other in both if one != other and not _fills(one, other) and other not in ("", None)]


def values_of(kept: Customer, gone: Customer, take: Collection[str]) -> dict[str, Any]:
    """The columns that the survivor gets from the other one."""
    columns = {column for name in _taken(kept, gone, take) for column in TOGETHER.get(name, (name,))}
    values = {column: getattr(gone, column) for column in columns}
    if gone.became_customer_on and not kept.became_customer_on:
        values |= {column: getattr(gone, column) for column in FIRST_DEAL} | {"clock_since": None}
    if kept.latitude is None:
        values |= {column: getattr(gone, column) for column in PLACE}
    contacts = [at for at in (kept.last_contact_at, gone.last_contact_at) if at]
    return values | {"last_contact_at": max(contacts, default=None), "custom": {**gone.custom, **kept.custom}}


def values_of_contact(kept: Contact, gone: Contact, take: Collection[str]) -> dict[str, Any]:
    """The columns that a contact gets from the other one; who decides under either name decides."""
    values = {name: getattr(gone, name) for name in _taken(kept, gone, take)}
    if "phone" in values:
        values["phone_key"] = gone.phone_key
    decides = kept.is_decision_maker or gone.is_decision_maker
    return values | {"is_decision_maker": decides, "custom": {**gone.custom, **kept.custom}}


def leave_own_values(gone: Customer | Contact) -> None:
    """The row that goes lets go of its own fields, which the other may get: in some no two rows may hold the same.

    What it held is still to be read from `gone`.
    """
    if gone.custom:
        rows = type(gone).objects.beyond_sight(because="both rows were loaded and allowed before")
        rows.filter(pk=gone.pk).update(custom={})


def _choosable(row: Customer | Contact) -> tuple[str, ...]:
    return CHOOSABLE if isinstance(row, Customer) else CONTACTS_CHOOSABLE


def _taken(kept: Customer | Contact, gone: Customer | Contact, take: Collection[str]) -> list[str]:
    """The fields whose value comes from the one that goes: those that were chosen, and where the other has none."""
    return [name for name in _choosable(kept) if name in take or _fills(getattr(kept, name), getattr(gone, name))]


def _fills(one: Any, other: Any) -> bool:
    """True for a value where there is none; yes and no are both values."""
    return one in ("", None) and other not in ("", None)


def packed(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row as JSON can keep them, to the microsecond."""
    return {field.attname: _plain(values[field.attname]) for field in _columns(model)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def unpacked(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that were packed; those that a later version has added are left out."""
    return {f.attname: f.to_python(values[f.attname]) for f in _columns(model) if f.attname in values}


def _columns(model: type[models.Model]) -> Iterable[models.Field[Any, Any]]:
    return model._meta.concrete_fields


def assists(merge_id: int) -> str:
    """The reason for which the former owner of a merged customer goes on seeing a survivor in a pool."""
    return f"merge:{merge_id}"
