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


def hidden_duplicates(actor: Actor, name: str, phone: str = "", *, but: int | None = None) -> list[int]:
    """The customers out of sight among the same ones; for the command that notes who is told of them."""
    found, visible = _same(actor, company_key(name), phone_digits(phone), but)
    return [row.pk for row in found if row.pk not in visible]


def likely_duplicates(
    actor: Actor, name: str, phone: str = "", *, but: int | None = None, shown: Collection[int] = ()
) -> list[Likely]:
    """Up to five likely duplicates: in sight by part of the name, out of sight the same ones that may be shown."""
    name_key, phone_key = company_key(name), phone_digits(phone)
    same, visible = _same(actor, name_key, phone_key, but)
    found = [row for row in same if row.pk in visible or row.pk in shown]
    near = []
    if len(name_key) >= SHORTEST_NAME and len(found) < 5:
        rows = search_index.matching(Customer.objects.visible_to(actor), name_key)
        near = list(rows.exclude(pk__in=[but or 0, *(row.pk for row in found)]).order_by("-pk")[: 5 - len(found)])
    return _described(actor, found + near, visible | {row.pk for row in near}, phone_key)


def _same(actor: Actor, name_key: str, phone_key: str, but: int | None) -> tuple[list[Customer], set[int]]:
    """Up to five customers with the same full name or phone, and which of them the actor sees."""
    alike = Q(pk__in=[])
    if len(name_key) >= SHORTEST_NAME:
        alike |= Q(name_key=name_key)
    if len(phone_key) >= SHORTEST_PHONE:
        alike |= Q(phone_key=phone_key) | Q(pk__in=_customers_of_contacts(phone_key))
    same = Customer.objects.beyond_sight(because="a duplicate is a duplicate, whoever may see it").filter(alike)
    found = list(same.exclude(pk=but).order_by("pk")[:5])
    return found, {row.pk for row in Customer.objects.visible_to(actor).filter(pk__in=[row.pk for row in found])}


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
