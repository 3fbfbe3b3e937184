"""Likely duplicates while a name or phone is typed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.text import company_key, phone_digits
from xiaocheng.foundation.org.queries import people
from xiaocheng.selling.customers.duplicates import SHORTEST_NAME, SHORTEST_PHONE
from xiaocheng.selling.customers.models import Contact, Customer, search_index


@dataclass(frozen=True)
class Likely:
    """A customer that may be the same. Out of sight: no id and no name, only whom to ask."""

    customer_id: int | None
    name: str
    owner: str
    department: str
    by_phone: bool


@dataclass(frozen=True)
class Same:
    """Up to five customers with the same full name or phone, and which of them the actor sees."""

    name_key: str
    phone_key: str
    but: int | None
    rows: list[Customer]
    visible: set[int]

    @property
    def hidden(self) -> list[int]:
        """Those out of sight; for the command that notes who is told of them."""
        return [row.pk for row in self.rows if row.pk not in self.visible]


def same_customers(actor: Actor, name: str, phone: str = "", *, but: int | None = None) -> Same:
    """The customers with the same full name or phone, whoever may see them."""
    name_key, phone_key = company_key(name), phone_digits(phone)
    alike = Q(pk__in=[])
    if len(name_key) >= SHORTEST_NAME:
        alike |= Q(name_key=name_key)
    if len(phone_key) >= SHORTEST_PHONE:
        alike |= Q(phone_key=phone_key) | Q(pk__in=_customers_of_contacts(phone_key))
    same = Customer.objects.beyond_sight(because="a duplicate is a duplicate, whoever may see it").filter(alike)
    rows = list(same.exclude(pk=but).order_by("pk")[:5])
    seen = Customer.objects.visible_to(actor).filter(pk__in=[row.pk for row in rows])
    return Same(name_key, phone_key, but, rows, {row.pk for row in seen})


def likely_duplicates(actor: Actor, same: Same, *, shown: Collection[int] = ()) -> list[Likely]:
    """Up to five likely duplicates: in sight by part of the name, out of sight the same ones that may be shown."""
    found = [row for row in same.rows if row.pk in same.visible or row.pk in shown]
    near = []
    if len(same.name_key) >= SHORTEST_NAME and len(found) < 5:
        rows = search_index.matching(Customer.objects.visible_to(actor), same.name_key)
        near = list(rows.exclude(pk__in=[same.but or 0, *(row.pk for row in found)]).order_by("-pk")[: 5 - len(found)])
    return _described(actor, found + near, same.visible | {row.pk for row in near}, same.phone_key)


def _customers_of_contacts(phone_key: str) -> list[int]:
    rows = Contact.objects.beyond_sight(because="a duplicate is a duplicate, whoever may see it")
    return list(rows.filter(phone_key=phone_key).values_list("customer_id", flat=True)[:5])


def _described(actor: Actor, rows: list[Customer], visible: set[int], phone_key: str) -> list[Likely]:
    owners = {row.owner_id for row in rows if row.owner_id is not None}
    known = {person.pk: person for person in people(actor, active=None).filter(pk__in=owners)}
    return [
        Likely(
            customer_id=row.pk if row.pk in visible else None,
            name=row.name if row.pk in visible else "",
            owner=known[row.owner_id].name if row.owner_id in known else "",
            department=known[row.owner_id].department.name if row.owner_id in known else "",
            by_phone=bool(phone_key) and row.phone_key == phone_key,
        )
        for row in rows
    ]
