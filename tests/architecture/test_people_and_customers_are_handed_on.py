"""When a person leaves or customers merge, every key to them is handed on by a reaction or stays for a reason."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from xiaocheng.foundation.kernel.journal import moved_foreign_keys

TARGETS = {"org.Person", "customers.Customer"}


def keys_to_people_and_customers() -> Iterator[models.ForeignKey[models.Model, models.Model]]:
    for model in apps.get_models():
        if not model.__module__.startswith("xiaocheng."):
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model._meta.label in TARGETS:
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


def test_each_key_is_handed_on_or_says_why_it_stays() -> None:
    assert undecided(keys_to_people_and_customers(), moved_foreign_keys()) == []


def test_an_undeclared_key_is_caught() -> None:
    class Forgotten(models.Model):
        __module__ = "xiaocheng.foundation.org.models.forgotten"
        owner = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

        class Meta:
            app_label = "org"

    try:
        fields = (f for f in keys_to_people_and_customers() if f.model is Forgotten)
        assert undecided(fields, moved_foreign_keys()) == ["org.Forgotten.owner"]
    finally:
        del apps.all_models["org"]["forgotten"]
        apps.clear_cache()
