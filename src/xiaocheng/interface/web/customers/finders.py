"""Customers and contacts in the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import first_rows
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.interface.web.shell.finding import ASKED, Hit, finder
from xiaocheng.selling.customers import queries
from xiaocheng.selling.customers.access import SEE


@finder(pgettext_lazy("several", "客户"), SEE, icon="users", order=10, more="customers:list")
def customers(actor: Actor, text: str) -> list[Hit]:
    """Customers with their owner's name; those in a pool by name only."""
    found = list(queries.customers(actor, search=text).only("name", "owner_id")[:ASKED])
    owners = names_of(row.owner_id for row in found)
    return [Hit(reverse("customers:page", args=[row.pk]), row.name, owners.get(row.owner_id or 0, "")) for row in found]


@finder(_("联系人"), SEE, icon="address-book", order=20, more="customers:contacts")
def contacts(actor: Actor, text: str) -> list[Hit]:
    """Contacts with their customer."""
    found = first_rows(queries.found_contacts(actor, text), ASKED)
    return [Hit(reverse("customers:contact", args=[row.pk]), row.name, row.customer.name) for row in found]
