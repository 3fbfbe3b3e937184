"""What customers and contacts are found by: names, and phones; phones, and a pool's contacts, by who may read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F, JSONField, QuerySet, Value

from xiaocheng.foundation.fields.queries import searched_keys, searched_text
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.search import digit_tokens, keeps, name_tokens, own, private

from .models import Contact, Customer, contact_index, search_index
from .options import CONTACT, CUSTOMER


def customer_tokens(name: str, phone: str, custom: Mapping[str, Any] | None = None) -> set[str]:
    """The tokens of a customer's own name and phone, and of its own fields by which it is found."""
    words = searched_text(SYSTEM, CUSTOMER, custom)
    return name_tokens(name) | private(digit_tokens(phone)) | own(name_tokens(words))


def contact_tokens(name: str, phone: str, custom: Mapping[str, Any] | None = None) -> set[str]:
    """The tokens of a contact's name and phone, and of its own fields by which it is found; a pool's nobody sees."""
    return name_tokens(f"{name} {searched_text(SYSTEM, CONTACT, custom)}") | private(digit_tokens(phone))


def index_contacts(contacts: Iterable[Contact]) -> None:
    """Make contacts findable by themselves, and their customers by them."""
    rows = list(contacts)
    _put_contacts((row.pk, row.name, row.phone_key, row.custom) for row in rows)
    index_again({row.customer_id for row in rows})


@keeps(search_index, Customer)
def index_again(customer_ids: Collection[int]) -> None:
    """Store the tokens of some customers and of all their contacts again."""
    customers = Customer.objects.beyond_sight(because="the index covers all rows").filter(pk__in=customer_ids)
    rows = customers.values_list("pk", "name", "phone_key", _own_column(CUSTOMER))
    tokens = {pk: customer_tokens(name, phone, custom) for pk, name, phone, custom in rows}
    contacts = Contact.objects.beyond_sight(because="the index covers all rows").filter(customer__in=customer_ids)
    for customer_id, name, phone in contacts.values_list("customer_id", "name", "phone_key"):
        tokens[customer_id] |= private(name_tokens(name) | digit_tokens(phone))
    search_index.put(tokens.items())


@keeps(contact_index, Contact)
def _contacts_again(ids: Collection[int]) -> None:
    contacts = Contact.objects.beyond_sight(because="the index covers all rows").filter(pk__in=ids)
    _put_contacts(contacts.values_list("pk", "name", "phone_key", _own_column(CONTACT)))


def _put_contacts(contacts: Iterable[tuple[int, str, str, Mapping[str, Any] | None]]) -> None:
    contact_index.put((pk, contact_tokens(name, phone, custom)) for pk, name, phone, custom in contacts)


def matching(actor: Actor, rows: QuerySet[Customer], search: str) -> QuerySet[Customer]:
    """Those of the customers that fit what was typed: phones and own fields as far as the actor reads them."""
    unmasked = Customer.unmasked_for(actor) if searched_keys(SYSTEM, CUSTOMER) else None
    return search_index.matching(rows, search, Customer.readable_by(actor), unmasked)


def _own_column(table: str) -> Any:
    """The column of the own fields, which is not read where no row is found by them."""
    return F("custom") if searched_keys(SYSTEM, table) else Value(None, output_field=JSONField())
