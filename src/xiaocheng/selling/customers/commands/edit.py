"""A customer's profile is changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from xiaocheng.foundation.fields.once import Taken, settled
from xiaocheng.foundation.fields.queries import custom_values, searched_keys
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.versions import save_edit
from xiaocheng.selling.customers.access import EDIT
from xiaocheng.selling.customers.drafts import EDITABLE, columns_of, usable_codes, words_of
from xiaocheng.selling.customers.duplicates import Known
from xiaocheng.selling.customers.events import CustomerEdited
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.customers.options import CUSTOMER, LISTS
from xiaocheng.selling.customers.queries import require_details
from xiaocheng.selling.customers.tokens import index_again


@settled
def edit(actor: Actor, customer_id: int, version: int, *, despite_duplicates: bool = False, **values: Any) -> Customer:
    """Change a customer's profile; `version` is the one the person saw, so that nobody's text is lost."""
    with transaction.atomic():
        row: Customer = Customer.objects.locked(actor.in_own_right(), customer_id)
        actor.require(EDIT)
        require_details(actor, row)
        columns = _decide(actor, row, values, despite_duplicates)
        before = words_of(row)
        save_edit(row, version, **columns)
        after = words_of(row)
        event = CustomerEdited.between(row.pk, before, after)
        if {"name", "phone", *searched_keys(SYSTEM, CUSTOMER)}.intersection(event.fields):
            index_again([row.pk])
        if event.fields:
            record(actor, event)
    return row


def _decide(actor: Actor, row: Customer, values: dict[str, Any], despite_duplicates: bool) -> dict[str, Any]:
    given = {name: values[name] for name in EDITABLE if name in values}
    given["is_person"] = given.get("is_person", row.is_person)
    columns = given | columns_of(given, usable_codes(), {name: getattr(row, name) for name in LISTS})
    if values.get("custom") is not None:
        columns["custom"] = custom_values(actor, CUSTOMER, values["custom"], row.custom)
        Taken.among(actor, CUSTOMER, [values["custom"]]).refuse(columns["custom"], row.custom)
    keys = {"name_key": row.name_key, "phone_key": row.phone_key}
    new = {name: columns.get(name, old) for name, old in keys.items()}
    if new != keys and not despite_duplicates:
        known = Known.among(actor, [new["name_key"]], [new["phone_key"]])
        known.refuse(new["name_key"], new["phone_key"], given["is_person"], but=row.pk)
    return columns
