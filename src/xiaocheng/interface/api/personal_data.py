"""Whether people may be reached, whose data was kept too long, and the end of it."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from xiaocheng.selling.customers import commands, queries

from .auth import ApiRequest
from .consent_shapes import ConsentOut, consent_out, consents_out
from .contacts import ContactOut, contacts_page
from .customers import CustomerOut, OutcomeOut, customer, customers_page, outcome_out
from .receptions import ReceptionOut, reception_out
from .schemas import Body, Id, Page, Paging, page_of

router = Router(tags=["customers"])


class Reason(Body):
    """Why personal data is erased: the person asked for it, it was kept long enough."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class Erasure(Reason):
    """Whose personal data is erased."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=commands.MOST)]


class ConsentIn(Body):
    """What somebody agreed to or refused; without a contact it is the customer himself, who is a person."""

    channel: Literal["phone", "sms", "email", "wechat"]
    is_given: bool
    contact_id: Id | None = None
    note: Annotated[str, Field(max_length=200)] = ""


@router.get("/customers/kept-too-long", response=Page[CustomerOut])
def kept_too_long(request: ApiRequest, paging: Query[Paging]) -> Page[CustomerOut]:
    """Persons who never bought and were not in touch for as long as the company keeps them."""
    return customers_page(request.actor, queries.kept_too_long(request.actor), paging)


@router.get("/contacts/kept-too-long", response=Page[ContactOut])
def contacts_kept_too_long(request: ApiRequest, paging: Query[Paging]) -> Page[ContactOut]:
    """Contacts of companies that never bought and with which nothing happened for too long, company by company."""
    return contacts_page(request.actor, queries.contacts_kept_too_long(request.actor), paging, by="customer_id")


@router.get("/receptions/kept-too-long", response=Page[ReceptionOut])
def guests_kept_too_long(request: ApiRequest, paging: Query[Paging]) -> Page[ReceptionOut]:
    """Receptions of guests who became no customer and were kept for as long as the company keeps them."""
    return page_of(queries.guests_kept_too_long(request.actor), paging, lambda row: reception_out(request, row))


@router.post("/customers/erase", response=list[OutcomeOut])
def erase(request: ApiRequest, body: Erasure) -> list[OutcomeOut]:
    """Erase the personal data of customers who are persons, for good, with an outcome for each."""
    return [outcome_out(item) for item in commands.erase(request.actor, body.ids, body.reason)]


@router.post("/contacts/erase", response=list[OutcomeOut])
def erase_contacts(request: ApiRequest, body: Erasure) -> list[OutcomeOut]:
    """Erase the personal data of contacts, for good, with an outcome for each."""
    return [outcome_out(item) for item in commands.erase_contacts(request.actor, body.ids, body.reason)]


@router.post("/receptions/erase", response=list[OutcomeOut])
def erase_guests(request: ApiRequest, body: Erasure) -> list[OutcomeOut]:
    """Erase who came or called without becoming a customer, by reception, for good, with an outcome for each."""
    return [outcome_out(item) for item in commands.erase_guests(request.actor, body.ids, body.reason)]


@router.post("/contacts/{contact_id}/erase", response=None)
def erase_contact(request: ApiRequest, contact_id: Id, body: Reason) -> None:
    """Erase the personal data of one contact, for good."""
    commands.erase_contact(request.actor, contact_id, body.reason)


@router.get("/customers/{customer_id}/consents", response=list[ConsentOut])
def consents(request: ApiRequest, customer_id: Id, contact_id: Id | None = None) -> list[ConsentOut]:
    """The last word of a customer, or of one of its contacts, on each way of being reached."""
    customer(request, customer_id)
    return consents_out(queries.consents(request.actor, customer_id, contact_id))


@router.post("/customers/{customer_id}/consents", response=ConsentOut)
def note_consent(request: ApiRequest, customer_id: Id, body: ConsentIn) -> ConsentOut:
    """Note that a contact, or a customer who is a person, agreed to be reached in one way, or refused it."""
    return consent_out(commands.note_consent(request.actor, customer_id, **body.model_dump()))
