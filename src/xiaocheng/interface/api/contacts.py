"""Contacts of customers, and whether people agreed to be reached."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields.queries import narrowed
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.commands import ContactDraft
from xiaocheng.selling.customers.queries import Consent, Contact

from .auth import ApiRequest
from .customers import LikelyOut, Reason, customer, likely_out
from .schemas import Body, Conditions, Custom, Id, Page, Paging, own_fields, page_of, shaped

router = Router(tags=["customers"])

CONTACTS = "customers.contact"


class ContactOut(Answer):
    """Somebody to talk to."""

    id: int
    customer_id: int
    name: str
    position: str
    phone: str
    email: str
    wechat: str
    birthday: dt.date | None
    lunar_birthday: str
    home_address: str
    is_decision_maker: bool
    note: str
    custom: Custom
    version: int


class ConsentOut(Answer):
    """Agreed or refused, when it was noted and on what basis."""

    contact_id: int | None
    channel: str
    is_given: bool
    note: str
    noted_by_id: int | None
    noted_at: dt.datetime


class ConsentIn(Body):
    """What somebody agreed to or refused; without a contact it is the customer himself, who is a person."""

    channel: Literal["phone", "sms", "email", "wechat"]
    is_given: bool
    contact_id: Id | None = None
    note: Annotated[str, Field(max_length=200)] = ""


class AlikeOut(Answer):
    """Contacts in sight with a phone, and customers that have it, too."""

    contacts: list[ContactOut]
    customers: list[LikelyOut]


class ContactIn(Body):
    """Somebody to talk to."""

    name: str
    position: str = ""
    phone: str = ""
    email: str = ""
    wechat: str = ""
    birthday: dt.date | None = None
    lunar_birthday: str = ""
    home_address: str = ""
    is_decision_maker: bool = False
    note: str = ""
    custom: Custom = {}


class ContactEdit(ContactIn):
    """A contact's details; `version` is the one that the edit started from."""

    version: Id


class ContactMergeIn(Body):
    """The contact that goes, the fields whose value comes from it, and the versions that were compared."""

    merged_contact_id: Id
    take: list[str] = []
    version: Id
    merged_version: Id


@router.post("/contacts/{contact_id}/erase", response=None)
def erase_contact(request: ApiRequest, contact_id: Id, body: Reason) -> None:
    """Erase the personal data of one contact, for good."""
    commands.erase_contact(request.actor, contact_id, body.reason)


@router.get("/customers/{customer_id}/consents", response=list[ConsentOut])
def consents(request: ApiRequest, customer_id: Id, contact_id: Id | None = None) -> list[ConsentOut]:
    """The last word of a customer, or of one of its contacts, on each way of being reached."""
    customer(request, customer_id)
    return [_consent(row) for row in queries.consents(request.actor, customer_id, contact_id).values()]


@router.post("/customers/{customer_id}/consents", response=ConsentOut)
def note_consent(request: ApiRequest, customer_id: Id, body: ConsentIn) -> ConsentOut:
    """Note that a contact, or a customer who is a person, agreed to be reached in one way, or refused it."""
    return _consent(commands.note_consent(request.actor, customer_id, **body.model_dump()))


@router.get("/customers/{customer_id}/contacts", response=list[ContactOut])
def contacts(request: ApiRequest, customer_id: Id) -> list[ContactOut]:
    """The contacts of a customer, decision-makers first."""
    reads = customer(request, customer_id).details
    return [_contact(request.actor, row, reads=reads) for row in queries.contacts(request.actor, customer_id)]


@router.get("/contacts", response=Page[ContactOut])
def all_contacts(
    request: ApiRequest,
    paging: Query[Paging],
    custom: Query[Conditions],
    search: str = "",
    view: Literal["mine", "team", "all"] = "all",
) -> Page[ContactOut]:
    """The contacts of the customers that one sees, found by name, pinyin, initials or phone digits."""
    request.actor.require(SEE)
    reads = queries.reads_freely(request.actor)
    found = queries.all_contacts(request.actor, view, search).select_related(None).select_related("customer")
    found = narrowed(request.actor, CONTACTS, found, custom.custom)
    found = found.defer(None).only(*CONTACT, "edit_version", "customer__owner")
    return page_of(found, paging, lambda row: _contact(request.actor, row, reads=reads(row.customer.owner_id)))


@router.get("/contacts/likely", response=AlikeOut)
def likely_contacts(request: ApiRequest, phone: str) -> AlikeOut:
    """Who has a phone already: contacts in sight, else whom to ask; refused as likely customers are."""
    request.actor.require(SEE)
    found = commands.hint_contact(request.actor, phone)
    if found.refusal:
        raise RuleBroken(found.refusal)
    reads = queries.reads_freely(request.actor)
    contacts = [_contact(request.actor, row, reads=reads(row.customer.owner_id)) for row in found.contacts]
    return AlikeOut(contacts=contacts, customers=likely_out(found))


@router.post("/customers/{customer_id}/contacts", response=ContactOut)
def add_contact(request: ApiRequest, customer_id: Id, body: ContactIn) -> ContactOut:
    """Note somebody to talk to."""
    draft = ContactDraft(customer_id=customer_id, **body.model_dump())
    return _contact(request.actor, commands.add_contact(request.actor, draft))


@router.delete("/contacts/{contact_id}", response=None)
def take_back_contact(request: ApiRequest, contact_id: Id) -> None:
    """Remove a contact that was noted by mistake and has no records."""
    commands.take_back_contact(request.actor, contact_id)


@router.put("/contacts/{contact_id}", response=ContactOut)
def edit_contact(request: ApiRequest, contact_id: Id, body: ContactEdit) -> ContactOut:
    """Change a contact."""
    return _contact(request.actor, commands.edit_contact(request.actor, contact_id, **body.model_dump()))


@router.post("/contacts/{contact_id}/merge", response=ContactOut)
def merge_contacts(request: ApiRequest, contact_id: Id, body: ContactMergeIn) -> ContactOut:
    """Merge another contact of the same customer into this one, for good; empty fields are filled from it."""
    row = commands.merge_contacts(
        request.actor, contact_id, body.merged_contact_id, take=body.take, versions=(body.version, body.merged_version)
    )
    return _contact(request.actor, row)


CONTACT = tuple(name for name in ContactOut.model_fields if name not in {"id", "version"})


def _contact(actor: Actor, row: Contact, *, reads: bool = True) -> ContactOut:
    own = own_fields(actor, CONTACTS, row.custom, reads=reads)
    if reads:
        return shaped(ContactOut, row, version=row.edit_version, custom=own)
    hidden = {"phone": queries.masked(row.phone), "email": "", "wechat": "", "birthday": None}
    hidden |= {"lunar_birthday": "", "home_address": ""}
    return shaped(ContactOut, row, version=row.edit_version, custom=own, **hidden)


def _consent(row: Consent) -> ConsentOut:
    return shaped(ConsentOut, row)
