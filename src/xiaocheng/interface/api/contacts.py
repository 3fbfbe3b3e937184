"""Contacts of customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Literal

from django.db.models import QuerySet
from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.foundation.fields.queries import narrowed
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.commands import ContactDraft
from xiaocheng.selling.customers.queries import Contact, Words

from .auth import ApiRequest
from .consent_shapes import Consented, ConsentOut, consents_out
from .customers import LikelyOut, customer, likely_out
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
    consents: list[ConsentOut]
    version: int


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


@router.get("/customers/{customer_id}/contacts", response=list[ContactOut])
def contacts(request: ApiRequest, customer_id: Id) -> list[ContactOut]:
    """The contacts of a customer, decision-makers first."""
    reads = customer(request, customer_id).details
    said = queries.consents_at(request.actor, customer_id)
    found = queries.contacts(request.actor, customer_id)
    return [_contact(request.actor, row, said.get(row.pk, {}), reads=reads) for row in found]


@router.get("/contacts", response=Page[ContactOut])
def all_contacts(
    request: ApiRequest,
    paging: Query[Paging],
    custom: Query[Conditions],
    consented: Query[Consented],
    search: str = "",
    view: Literal["mine", "team", "all"] = "all",
) -> Page[ContactOut]:
    """The contacts of the customers that one sees, found by name, pinyin, initials or phone digits."""
    request.actor.require(SEE)
    found = consented.of(queries.all_contacts(request.actor, view, search))
    return contacts_page(request.actor, narrowed(request.actor, CONTACTS, found, custom.custom), paging)


def contacts_page(actor: Actor, rows: QuerySet[Contact], paging: Paging, *, by: str = "") -> Page[ContactOut]:
    """A page of contacts, each as far as the person may read it, with what it agreed to and refused."""
    found = rows.select_related(None).select_related("customer").defer(None)
    found = queries.with_consents(actor, found.only(*CONTACT, "edit_version", "customer__owner"))
    return page_of(found, paging, _listed(actor), by=by)


@router.get("/contacts/likely", response=AlikeOut)
def likely_contacts(request: ApiRequest, phone: str) -> AlikeOut:
    """Who has a phone already: contacts in sight, else whom to ask; refused as likely customers are."""
    request.actor.require(SEE)
    found = commands.hint_contact(request.actor, phone)
    if found.refusal:
        raise RuleBroken(found.refusal)
    return AlikeOut(contacts=[*map(_listed(request.actor), found.contacts)], customers=likely_out(found))


@router.post("/customers/{customer_id}/contacts", response=ContactOut)
def add_contact(request: ApiRequest, customer_id: Id, body: ContactIn) -> ContactOut:
    """Note somebody to talk to."""
    draft = ContactDraft(customer_id=customer_id, **body.model_dump())
    return _contact(request.actor, commands.add_contact(request.actor, draft), {})


@router.delete("/contacts/{contact_id}", response=None)
def take_back_contact(request: ApiRequest, contact_id: Id) -> None:
    """Remove a contact that was noted by mistake and has no records."""
    commands.take_back_contact(request.actor, contact_id)


@router.put("/contacts/{contact_id}", response=ContactOut)
def edit_contact(request: ApiRequest, contact_id: Id, body: ContactEdit) -> ContactOut:
    """Change a contact."""
    return _known(request.actor, commands.edit_contact(request.actor, contact_id, **body.model_dump()))


@router.post("/contacts/{contact_id}/merge", response=ContactOut)
def merge_contacts(request: ApiRequest, contact_id: Id, body: ContactMergeIn) -> ContactOut:
    """Merge another contact of the same customer into this one, for good; empty fields are filled from it."""
    row = commands.merge_contacts(
        request.actor, contact_id, body.merged_contact_id, take=body.take, versions=(body.version, body.merged_version)
    )
    return _known(request.actor, row)


CONTACT = tuple(name for name in ContactOut.model_fields if name not in {"id", "consents", "version"})


def _listed(actor: Actor) -> Callable[[Contact], ContactOut]:
    """How rows of a list are shown: without asking the database about each."""
    reads = queries.reads_freely(actor)
    return lambda row: _contact(actor, row, queries.last_words(row.said), reads=reads(row.customer.owner_id))


def _known(actor: Actor, row: Contact) -> ContactOut:
    return _contact(actor, row, queries.consents(actor, row.customer_id, row.pk))


def _contact(actor: Actor, row: Contact, known: Words, *, reads: bool = True) -> ContactOut:
    own = own_fields(actor, CONTACTS, row.custom, reads=reads)
    said = {"version": row.edit_version, "custom": own, "consents": consents_out(known)}
    if reads:
        return shaped(ContactOut, row, **said)
    hidden = {"phone": queries.masked(row.phone), "email": "", "wechat": "", "birthday": None}
    hidden |= {"lunar_birthday": "", "home_address": ""}
    return shaped(ContactOut, row, **said, **hidden)
