"""Finding anything by one box, as far as one may see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from ninja import Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.scope import first_rows
from xiaocheng.foundation.kernel.search import words_of
from xiaocheng.foundation.org import queries as org
from xiaocheng.foundation.org.access import MANAGE_PEOPLE
from xiaocheng.selling.catalogue import queries as catalogue
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.customers.access import SEE as SEE_CUSTOMERS
from xiaocheng.selling.pipeline import queries as pipeline
from xiaocheng.selling.pipeline.access import SEE as SEE_DEALS

from .auth import ApiRequest

router = Router(tags=["search"])
MOST = 5  # of each kind; the lists find the rest


class HitOut(Answer):
    """Something that was found, and a word that tells it from others of that name."""

    kind: Literal["customer", "contact", "opportunity", "product", "person"]
    id: int
    name: str
    note: str


@router.get("/search", response=list[HitOut])
def search(request: ApiRequest, text: Annotated[str, Field(max_length=100)]) -> list[HitOut]:
    """The best customers, contacts, opportunities, products and people by name, pinyin, initials or code."""
    return list(_hits(request.actor, text)) if words_of(text) else []


def _hits(actor: Actor, text: str) -> Iterator[HitOut]:
    if actor.can(SEE_CUSTOMERS):
        found = list(customers.customers(actor, search=text).only("name", "owner_id")[:MOST])
        owners = org.names_of(row.owner_id for row in found)
        for row in found:
            yield HitOut(kind="customer", id=row.pk, name=row.name, note=owners.get(row.owner_id or 0, ""))
        for contact in first_rows(customers.found_contacts(actor, text), MOST):
            yield HitOut(kind="contact", id=contact.pk, name=contact.name, note=contact.customer.name)
    if actor.can(SEE_DEALS):
        for deal in first_rows(pipeline.opportunities(actor, search=text), MOST):
            yield HitOut(kind="opportunity", id=deal.pk, name=deal.name, note=deal.stage.name)
    for product in catalogue.products(actor, text)[:MOST]:
        yield HitOut(kind="product", id=product.pk, name=product.name, note=product.code)
    if actor.can(MANAGE_PEOPLE) or actor.can(SEE_CUSTOMERS):
        seen = org.assignable(actor).order_by().values("pk")
        for person in org.people(actor, text).filter(pk__in=seen)[:MOST]:
            yield HitOut(kind="person", id=person.pk, name=person.name, note=person.department.name)
