"""What customers are found by: their name, and names and phones of themselves and their contacts."""

from __future__ import annotations

from collections.abc import Collection

from xiaocheng.foundation.kernel.search import digit_tokens, keeps, name_tokens

from .models import Contact, Customer, search_index


def customer_tokens(name: str, *phones: str) -> set[str]:
    """The tokens of a name and phones."""
    return name_tokens(name).union(*(digit_tokens(phone) for phone in phones if phone))


@keeps(search_index, Customer)
def index_again(customer_ids: Collection[int]) -> None:
    """Store the tokens of some customers and of all their contacts again."""
    customers = Customer.objects.beyond_sight(because="the index covers all rows").filter(pk__in=customer_ids)
    tokens = {pk: customer_tokens(name, phone) for pk, name, phone in customers.values_list("pk", "name", "phone_key")}
    contacts = Contact.objects.beyond_sight(because="the index covers all rows").filter(customer__in=customer_ids)
    for customer_id, name, phone in contacts.values_list("customer_id", "name", "phone_key"):
        tokens[customer_id] |= customer_tokens(name, phone)
    search_index.put(tokens.items())
