"""Customers and contacts of a file that are there already: recognised by a key, changed, and given back by an undo."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from xiaocheng.foundation.fields.queries import plain_values
from xiaocheng.foundation.import_export.targets import OWN, Done, Found, Row, still_holding
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import one_of

from .commands import Edit, Edited, edit_contacts, edit_many
from .models import Contact, Customer
from .options import CONTACT, CUSTOMER
from .with_consents import restore_of_contacts, restore_of_customers

DAYS = {"next_contact_on", "birthday"}
Changes = Sequence[tuple[int, Mapping[str, Sequence[Any]]]]


def find_customers(actor: Actor, key: str, said: Sequence[Any]) -> Found:
    """Which customers in sight have which number, name, phone, or value of a field of the company's own.

    By phone only those whose phone the actor may read: a pool's must not be found out by trying.
    """
    rows: QuerySet[Customer] = Customer.objects.visible_to(actor.in_own_right()).filter(erased_at=None)
    if key == "number":
        return _by(rows.filter(pk__in=said), "pk")
    if key == "name":
        return _by(rows.filter(name_key__in=one_of(_texts(said))), "name_key")
    readable = rows.filter(Customer.readable_by(actor))
    if key == "phone":
        return _by(readable.filter(phone_key__in=one_of(_texts(said))).exclude(phone_key=""), "phone_key")
    return _by(readable.filter(**{f"custom__{key}__in": said}), f"custom__{key}")


def find_contacts(actor: Actor, key: str, said: Sequence[Any]) -> Found:
    """Which contacts in sight have which number, which name or phone at a customer, or value of an own field."""
    rows: QuerySet[Contact] = Contact.objects.visible_to(actor)
    if key == "number":
        return _by(rows.filter(pk__in=said), "pk")
    if key in {"name", "phone"}:
        pairs: Any = said
        column = "name" if key == "name" else "phone_key"
        rows = rows.filter(Q(customer__in={customer for customer, _text in pairs}))
        return _by(
            rows.filter(**{f"{column}__in": one_of(_texts(text for _customer, text in pairs))}), "customer_id", column
        )
    return _by(rows.filter(**{f"custom__{key}__in": said}), f"custom__{key}")


def _texts(said: Any) -> list[str]:
    return [str(text) for text in said]


def _by(rows: QuerySet[Any, Any], *columns: str) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for pk, *values in rows.order_by("pk").values_list("pk", *columns):
        found[values[0] if len(values) == 1 else tuple(values)].append(pk)
    return found


def change_customers(actor: Actor, pairs: Sequence[tuple[int, Row]]) -> list[Done]:
    """Change customers as rows tell."""
    return [_done(edited) for edited in edit_many(actor, [_edit(pk, row) for pk, row in pairs])]


def change_contacts(actor: Actor, pairs: Sequence[tuple[int, Row]]) -> list[Done]:
    """Change contacts as rows tell; to whom they belong stays."""
    return [_done(edited) for edited in edit_contacts(actor, [_edit(pk, row) for pk, row in pairs])]


def _edit(row_id: int, values: Mapping[str, Any]) -> Edit:
    own = {key: value for key, value in values.items() if OWN.fullmatch(key)}
    rest = {key: value for key, value in values.items() if key not in own}
    return Edit(row_id, rest | ({"custom": own} if own else {}))


def _done(edited: Edited) -> Done:
    return Done(edited.row_id, refusal=edited.refusal, changes=edited.changes)


def restore_customers(actor: Actor, changed: Changes) -> int:
    """Give customers back what stood there, owner included, where they still hold what the import wrote."""
    rows = Customer.objects.visible_to(actor).filter(pk__in=[pk for pk, _changes in changed])
    edits = _former(
        changed, {row.pk: {**vars(row), **plain_values(actor, CUSTOMER, row.custom), **_besides(row)} for row in rows}
    )
    return len(_restored(edit_many(actor, edits)) | restore_of_customers(actor, changed))


def _besides(row: Customer) -> dict[str, Any]:
    """What stands in a customer under the names of an import; a contact that was seen here is no file's."""
    at = row.last_contact_at
    told = clock.day_of(at) if at is not None and clock.instant(clock.day_of(at)) == at else None
    return {"owner": row.owner_id, "last_contact_on": told}


def restore_contacts(actor: Actor, changed: Changes) -> int:
    """Give contacts back what stood there, where they still hold what the import wrote."""
    rows = Contact.objects.visible_to(actor).filter(pk__in=[pk for pk, _changes in changed])
    edits = _former(changed, {row.pk: {**vars(row), **plain_values(actor, CONTACT, row.custom)} for row in rows})
    return len(_restored(edit_contacts(actor, edits)) | restore_of_contacts(actor, changed))


def _former(changed: Changes, now: Mapping[int, Mapping[str, Any]]) -> list[Edit]:
    stands = {pk: {name: str(v) if isinstance(v, dt.date) else v for name, v in row.items()} for pk, row in now.items()}
    former = {pk: still_holding(changes, stands[pk]) for pk, changes in changed if pk in stands}
    return [_edit(pk, {name: _typed(name, value) for name, value in values.items()}) for pk, values in former.items()]


def _typed(name: str, value: Any) -> Any:
    return dt.date.fromisoformat(value) if name in DAYS and value else value


def _restored(done: Sequence[Edited]) -> set[int]:
    return {edited.row_id for edited in done if edited.changes}
