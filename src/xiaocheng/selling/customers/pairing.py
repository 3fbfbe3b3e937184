"""Which customers carry the same key: of a name, of a phone of their own, of a phone of a contact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from .models import Contact, Customer

EVERYBODY = "a duplicate is a duplicate, whoever may see it"
MOST_ALIKE = 6  # of one key: what more customers share is a switchboard or no name
AT_ONCE = 1000

Pairs = dict[tuple[int, int], set[str]]


def pairs() -> Pairs:
    """Every pair of customers with the same key, and whether it is the name's or the phone's: (earlier, later)."""
    found: Pairs = defaultdict(set)
    for by, holders in (("name", _by_name()), ("phone", _by_phone())):
        for ids in holders:
            for pair in combinations(sorted(ids)[:MOST_ALIKE], 2):
                found[pair].add(by)
    return dict(found)


def _by_name() -> Iterator[set[int]]:
    """People often share a name: theirs alone proves nothing."""
    rows = Customer.objects.beyond_sight(because=EVERYBODY)
    for part in _parts(_repeated(rows, "name_key")):
        known = rows.filter(name_key__in=part, is_person=False, erased_at=None)
        yield from _grouped(known.values_list("name_key", "pk"))


def _by_phone() -> Iterator[set[int]]:
    rows, contacts = (model.objects.beyond_sight(because=EVERYBODY) for model in (Customer, Contact))
    keys = {*_repeated(rows, "phone_key"), *_repeated(contacts, "phone_key")}
    same = rows.exclude(phone_key="").filter(phone_key=OuterRef("phone_key"))  # without "exclude" no index is used
    both = contacts.exclude(phone_key="").filter(Exists(same))
    keys |= set(both.order_by().values_list("phone_key", flat=True))
    for part in _parts(sorted(keys)):
        own = rows.exclude(phone_key="").filter(phone_key__in=part, erased_at=None)
        theirs = contacts.exclude(phone_key="").filter(phone_key__in=part)
        found = [*own.values_list("phone_key", "pk"), *theirs.values_list("phone_key", "customer_id")]
        yield from _grouped(found)


def _repeated(rows: QuerySet[Any], key: str) -> list[str]:
    """The keys that several rows carry, read from the index of the key alone."""
    found = rows.exclude(**{key: ""}).order_by().values_list(key).annotate(n=Count("*")).filter(n__gt=1)
    return [value for value, _count in found]


def _grouped(rows: Iterable[tuple[str, int]]) -> Iterator[set[int]]:
    by_key: dict[str, set[int]] = defaultdict(set)
    for key, pk in rows:
        by_key[key].add(pk)
    return (ids for ids in by_key.values() if len(ids) > 1)


def _parts(keys: Iterable[str]) -> Iterator[list[str]]:
    left = iter(keys)
    while part := list(islice(left, AT_ONCE)):
        yield part
