"""What customers and contacts are found by: names, and phones; phones, and a pool's contacts, by who may read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xiaocheng.foundation.kernel.search import digit_tokens, keeps, name_tokens, private

from .models import Contact, Customer, contact_index, search_index


def customer_tokens(name: str, phone: str) -> set[str]:
    """The tokens of a customer's own name and phone."""
    return name_tokens(name) | private(digit_tokens(phone))


def contact_tokens(name: str, phone: str) -> set[str]:
    """The tokens of a contact's name and phone."""
    return name_tokens(name) | private(digit_tokens(phone))


def index_contacts(contacts: Iterable[Contact]) -> None:
    """Make contacts findable by themselves, and their customers by them."""
    rows = list(contacts)
    _put_contacts((row.pk, row.name, row.phone_key) for row in rows)
    index_again({row.customer_id for row in rows})


@keeps(search_index, Customer)
def index_again(customer_ids: Collection[int]) -> None:
    """Store the tokens of some customers and of all their contacts again."""
    customers = Customer.objects.beyond_sight(because="the index covers all rows").filter(pk__in=customer_ids)
    tokens = {pk: customer_tokens(name, phone) for pk, name, phone in customers.values_list("pk", "name", "phone_key")}
    contacts = Contact.objects.beyond_sight(because="the index covers all rows").filter(customer__in=customer_ids)
    for customer_id, name, phone in contacts.values_list("customer_id", "name", "phone_key"):
        tokens[customer_id] |= private(name_tokens(name) | digit_tokens(phone))
    search_index.put(tokens.items())


@keeps(contact_index, Contact)
def _contacts_again(ids: Collection[int]) -> None:
    contacts = Contact.objects.beyond_sight(because="the index covers all rows").filter(pk__in=ids)
    _put_contacts(contacts.values_list("pk", "name", "phone_key"))


def _put_contacts(contacts: Iterable[tuple[int, str, str]]) -> None:
    contact_index.put((pk, contact_tokens(name, phone)) for pk, name, phone in contacts)
