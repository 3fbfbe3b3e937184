"""The stored keys by which duplicates are found: which of them are not those of today's rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.phones import phone_key

from .models import Contact, Customer

CHUNK = 5000
KEY_LENGTH = 200
ALL_ROWS = "the keys of all rows are made by the same rules"


class Stale(NamedTuple):
    """Today's keys of a row that has others, its id last: the values of an UPDATE."""

    name_key: str
    phone_key: str
    pk: int


def name_key(name: str) -> str:
    """The key of a customer's name as it is stored."""
    return company_key(name)[:KEY_LENGTH]


def stale_customers() -> Iterator[list[Stale]]:
    """Chunk by chunk, the customers whose keys are not those that their name and phone have today."""
    rows, last = Customer.objects.beyond_sight(because=ALL_ROWS).order_by("pk"), 0
    columns = ("pk", "name", "phone", "name_key", "phone_key")
    while chunk := list(rows.filter(pk__gt=last).values_list(*columns)[:CHUNK]):
        last = chunk[-1][0]
        fresh = ((Stale(name_key(name), phone_key(phone), pk), old) for pk, name, phone, *old in chunk)
        yield [row for row, old in fresh if [row.name_key, row.phone_key] != old]


def stale_contacts() -> Iterator[list[Stale]]:
    """Chunk by chunk, the contacts whose key is not the one that their phone has today."""
    rows, last = Contact.objects.beyond_sight(because=ALL_ROWS).order_by("pk"), 0
    while chunk := list(rows.filter(pk__gt=last).values_list("pk", "phone", "phone_key")[:CHUNK]):
        last = chunk[-1][0]
        yield [Stale("", key, pk) for pk, phone, old in chunk if (key := phone_key(phone)) != old]
