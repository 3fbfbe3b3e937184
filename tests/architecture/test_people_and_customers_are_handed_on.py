"""When a person leaves, every key to him is handed on or stays for a reason; when customers merge, every key goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.apps import apps
from django.db import models

from xiaocheng.foundation.kernel.journal import moved_foreign_keys
from xiaocheng.foundation.org.events import PersonLeft
from xiaocheng.selling.customers.events import ContactsMerged, CustomersMerged, MergeUndone, OwnerChanged

PERSON, CUSTOMER, CONTACT = "org.Person", "customers.Customer", "customers.Contact"


def keys_to(target: str) -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    for model in apps.get_models():
        if not model.__module__.startswith("xiaocheng."):
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model._meta.label == target:
                yield field


def undecided(fields: Iterator[models.ForeignKey[models.Model, models.Model]], moved: frozenset[str]) -> list[str]:
    found = []
    for field in fields:
        label = f"{field.model._meta.label}.{field.name}"
        stays: dict[str, str] = {}
        for parent in reversed(field.model.__mro__):
            stays |= getattr(parent, "stays", {})
        if label not in moved and not stays.get(field.name):
            found.append(label)
    return found


def not_merged(fields: Iterator[models.ForeignKey[models.Model, models.Model]]) -> list[str]:
    """The keys to customers that do not go with a merge and come back with its undoing: none may stay behind."""
    both = moved_foreign_keys(CustomersMerged) & moved_foreign_keys(MergeUndone)
    return sorted({f"{field.model._meta.label}.{field.name}" for field in fields} - both)


def test_each_key_to_a_person_is_handed_on_or_says_why_it_stays() -> None:
    assert undecided(keys_to(PERSON), moved_foreign_keys(PersonLeft, OwnerChanged)) == []


def test_each_key_to_a_customer_goes_with_a_merge_and_comes_back() -> None:
    assert not_merged(keys_to(CUSTOMER)) == []


def test_each_key_to_a_contact_goes_with_a_merge_of_contacts() -> None:
    keys = {f"{field.model._meta.label}.{field.name}" for field in keys_to(CONTACT)}
    assert keys == moved_foreign_keys(ContactsMerged) and keys


def test_undeclared_keys_are_caught() -> None:
    class Forgotten(models.Model):
        __module__ = "xiaocheng.foundation.org.models.forgotten"
        owner = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
        customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
        stays: ClassVar[dict[str, str]] = {"customer": "nothing stays with a customer that is gone"}

        class Meta:
            app_label = "org"

    try:
        to_people = (f for f in keys_to(PERSON) if f.model is Forgotten)
        assert undecided(to_people, moved_foreign_keys(PersonLeft, OwnerChanged)) == ["org.Forgotten.owner"]
        assert not_merged(keys_to(CUSTOMER)) == ["org.Forgotten.customer"]
    finally:
        del apps.all_models["org"]["forgotten"]
        apps.clear_cache()
