"""Customers, their contacts, who is responsible for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from ninja import Query, Router
from ninja import Schema as Answer
from pydantic import Field

from xiaocheng.foundation.fields.queries import narrowed
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.measures import gauged_as
from xiaocheng.insight.measures import GAUGES
from xiaocheng.selling.customers import commands, queries
from xiaocheng.selling.customers.access import ASSIGN, SEE
from xiaocheng.selling.customers.commands import CustomerDraft, Hint, Outcome
from xiaocheng.selling.customers.queries import Customer, Filters, OwnershipEpisode, Reading, Words

from .auth import ApiRequest
from .consent_shapes import Consented, ConsentOut, consents_out
from .schemas import Body, Conditions, Custom, Id, Page, Paging, own_fields, page_of, shaped

router = Router(tags=["customers"])

CUSTOMERS, CONTACTS = "customers.customer", "customers.contact"

Stage = Literal["prospect", "customer", "lost"]
Kind = Literal["end", "dealer"]
Ids = Annotated[list[Id], Field(min_length=1, max_length=commands.MOST)]
ValueClass = Literal["top", "middle", "bottom"]
Potential = Literal["high", "medium", "low"]
LoyaltyLevel = Literal["high", "medium", "low"]
View = Literal["mine", "team", "near", "pool", "awaiting", "all"]


class CustomerOut(Answer):
    """A customer; one in a pool is masked until it is claimed: only the ends of its phone, no address, no texts.

    Without `details`, phone, e-mail and address are not shown in full to whoever asks. `consents` are those of a
    customer who is a person; people at a company have their own.
    """

    id: int
    name: str
    stage: str
    kind: str
    is_person: bool
    level: str
    source: str
    channel: str
    region: str
    industry: str
    potential: str
    yearly_demand: int | None
    phone: str
    email: str
    wechat: str
    birthday: dt.date | None
    lunar_birthday: str
    website: str
    address: str
    latitude: float | None
    longitude: float | None
    characteristics: str
    needs: str
    habits: str
    purchasing_power: str
    background: str
    owner_id: int | None
    pool_id: int | None
    is_awaiting: bool
    lapses_on: dt.date | None
    last_contact_at: dt.datetime | None
    next_contact_on: dt.date | None
    became_customer_on: dt.date | None
    registered_at: dt.datetime
    details: bool
    custom: Custom
    consents: list[ConsentOut]
    version: int


class PlaceIn(Body):
    """A position in degrees of WGS-84."""

    latitude: Annotated[Decimal, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Decimal, Field(ge=-180, le=180)] | None = None


class EpisodeOut(Answer):
    """A stretch of responsibility: a person's or a pool's."""

    person_id: int | None
    pool_id: int | None
    started_at: dt.datetime
    started_cause: str
    ended_at: dt.datetime | None
    ended_cause: str
    former_id: int | None
    from_pool_id: int | None
    reason: str
    note: str


class LikelyOut(Answer):
    """A customer that may be the same; out of sight without id and name: whom to ask, and one's last question."""

    customer_id: int | None
    name: str
    owner: str
    department: str
    by_phone: bool
    question_id: int | None


class OutcomeOut(Answer):
    """What became of one of several: the id, or why it was refused."""

    id: int | None
    refused: str
    field: str
    existing_id: int | None


class Profile(Body):
    """What is known about a customer; codes come from the option lists."""

    name: str
    phone: str = ""
    is_person: bool = False
    kind: Kind = "end"
    stage: Stage = "prospect"
    level: str = ""
    source: str = ""
    channel: str = ""
    region: str = ""
    industry: str = ""
    potential: Potential | Literal[""] = ""
    yearly_demand: Annotated[int, Field(ge=1, le=10**13)] | None = None
    email: str = ""
    wechat: str = ""
    birthday: dt.date | None = None
    lunar_birthday: str = ""
    website: str = ""
    address: str = ""
    characteristics: str = ""
    needs: str = ""
    habits: str = ""
    purchasing_power: str = ""
    background: str = ""
    next_contact_on: dt.date | None = None
    despite_duplicates: bool = False
    custom: Custom = {}


class NewCustomer(Profile):
    """A customer to register: one's own, somebody's in the team, or a pool's."""

    owner_id: Id | None = None
    pool_id: Id | None = None
    registered_on: dt.date | None = None


class CustomerEdit(Profile):
    """The whole profile; `version` is the one that the edit started from."""

    version: Id


class ManyCustomers(Body):
    """Customers to register in one go."""

    customers: Annotated[list[NewCustomer], Field(max_length=commands.MOST)]


class Assignment(Body):
    """Who gets which customers."""

    ids: Ids
    owner_id: Id


class Distribution(Body):
    """Who share which customers: evened by what they hold already, or in turn."""

    ids: Ids
    owner_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    way: Literal["even", "turn"] = "even"


class ShareOut(Answer):
    """One person's part: what he holds without these customers, what he gets of them."""

    person_id: int
    name: str
    held: int
    gets: int


class PoolMove(Body):
    """Which customers go to which pool."""

    ids: Ids
    pool_id: Id


class Chosen(Body):
    """Several customers."""

    ids: Ids


class ReleaseTo(Body):
    """Why, as a code of the list customers.release_reason, and into which pool; none: the public one."""

    reason: str
    note: str = ""
    pool_id: Id | None = None


class ManyReleased(ReleaseTo):
    """Several customers, why, and into which pool."""

    ids: Ids


class Narrowed(Answer):
    """What the list may be narrowed to; left out or empty: not at all."""

    level: str = ""
    stage: Stage | Literal[""] = ""
    kind: Kind | Literal[""] = ""
    region: str = ""
    industry: str = ""
    source: str = ""
    channel: str = ""
    potential: Potential | Literal[""] = ""
    owner_id: Id | None = None
    pool_id: Id | None = None
    group_id: Id | None = None


class Counted(Answer):
    """What is counted of customers every night, to narrow a list by."""

    value_class: ValueClass | None = None
    loyalty: LoyaltyLevel | None = None
    price_led: Literal["yes"] | None = None
    decision: Literal["court", "keep", "drop"] | None = None


@router.get("/customers", response=Page[CustomerOut])
def customers(
    request: ApiRequest,
    paging: Query[Paging],
    narrow: Query[Narrowed],
    counted: Query[Counted],
    custom: Query[Conditions],
    consented: Query[Consented],
    search: str = "",
    view: View = "all",
) -> Page[CustomerOut]:
    """Customers by view, found by part of the name, pinyin, initials, phone digits or a contact."""
    request.actor.require(SEE)
    found = queries.customers(request.actor, view, search, Filters(**narrow.model_dump()))
    for name, code in counted.model_dump(exclude_none=True).items():
        found = queries.unmasked(request.actor, found).filter(gauged_as(GAUGES[name], [code]))
    if custom.custom:
        found = narrowed(request.actor, CUSTOMERS, queries.unmasked(request.actor, found), custom.custom)
    if consented.is_asked:
        found = consented.of(queries.unmasked(request.actor, found).filter(is_person=True))
    return customers_page(request.actor, found, paging)


@router.get("/customers/likely", response=list[LikelyOut])
def likely(request: ApiRequest, name: str = "", phone: str = "") -> list[LikelyOut]:
    """Likely duplicates of a name or phone; refused once the day's share of customers out of sight is used up."""
    request.actor.require(SEE)
    found = commands.hint(request.actor, name, phone)
    if found.refusal:
        raise RuleBroken(found.refusal)
    return likely_out(found)


@router.post("/customers/many", response=list[OutcomeOut])
def register_many(request: ApiRequest, body: ManyCustomers) -> list[OutcomeOut]:
    """Register up to 2,000 customers; a refused one does not hold up the others."""
    drafts = [CustomerDraft(**item.model_dump()) for item in body.customers]
    return [outcome_out(item) for item in commands.register_many(request.actor, drafts)]


@router.post("/customers/assign", response=list[OutcomeOut])
def assign(request: ApiRequest, body: Assignment) -> list[OutcomeOut]:
    """Give customers to somebody, with an outcome for each."""
    return [outcome_out(item) for item in commands.assign(request.actor, body.ids, body.owner_id)]


@router.post("/customers/distribute", response=list[OutcomeOut])
def distribute(request: ApiRequest, body: Distribution) -> list[OutcomeOut]:
    """Share customers out among several people, with an outcome for each."""
    return [outcome_out(item) for item in commands.distribute(request.actor, body.ids, body.owner_ids, body.way)]


@router.post("/customers/shares", response=list[ShareOut])
def shares(request: ApiRequest, body: Distribution) -> list[ShareOut]:
    """How customers would be shared out; changes nothing."""
    request.actor.require(ASSIGN)
    return [shaped(ShareOut, item) for item in queries.shares(request.actor, body.ids, body.owner_ids, body.way)]


@router.post("/customers/move-to-pool", response=list[OutcomeOut])
def move_to_pool(request: ApiRequest, body: PoolMove) -> list[OutcomeOut]:
    """Move customers from their pools to another, with an outcome for each."""
    return [outcome_out(item) for item in commands.move_to_pool(request.actor, body.ids, body.pool_id)]


@router.post("/customers/claim", response=list[OutcomeOut])
def claim_many(request: ApiRequest, body: Chosen) -> list[OutcomeOut]:
    """Take customers out of their pools, as far as the limits go, with an outcome for each."""
    return [outcome_out(item) for item in commands.claim_many(request.actor, body.ids)]


@router.post("/customers/release", response=list[OutcomeOut])
def release_many(request: ApiRequest, body: ManyReleased) -> list[OutcomeOut]:
    """Give customers up to one pool for one reason, with an outcome for each."""
    why = body.model_dump(exclude={"ids"})
    return [outcome_out(item) for item in commands.release_many(request.actor, body.ids, **why)]


@router.get("/customers/{customer_id}", response=CustomerOut)
def customer(request: ApiRequest, customer_id: Id) -> CustomerOut:
    """One customer; of one that was merged, the customer into which it went, whose own id it has."""
    request.actor.require(SEE)
    return customer_out(request, queries.present_customer(request.actor, customer_id))


@router.post("/customers", response=CustomerOut)
def register(request: ApiRequest, body: NewCustomer) -> CustomerOut:
    """Register a customer."""
    return customer_out(request, commands.register(request.actor, CustomerDraft(**body.model_dump())))


@router.delete("/customers/{customer_id}", response=None)
def take_back_registration(request: ApiRequest, customer_id: Id) -> None:
    """Remove a customer that was registered by mistake and has no records."""
    commands.take_back_registration(request.actor, customer_id)


@router.put("/customers/{customer_id}", response=CustomerOut)
def edit(request: ApiRequest, customer_id: Id, body: CustomerEdit) -> CustomerOut:
    """Change a customer's profile."""
    return customer_out(request, commands.edit(request.actor, customer_id, **body.model_dump()))


@router.put("/customers/{customer_id}/place", response=CustomerOut)
def place(request: ApiRequest, customer_id: Id, body: PlaceIn) -> CustomerOut:
    """Note where a customer is; with neither number, that nobody knows."""
    commands.place_customer(request.actor, customer_id, body.latitude, body.longitude)
    return customer(request, customer_id)


@router.post("/customers/{customer_id}/claim", response=CustomerOut)
def claim(request: ApiRequest, customer_id: Id) -> CustomerOut:
    """Take a customer out of a pool; of several who try at once exactly one succeeds."""
    return customer_out(request, commands.claim(request.actor, customer_id))


@router.post("/customers/{customer_id}/release", response=None)
def release(request: ApiRequest, customer_id: Id, body: ReleaseTo) -> None:
    """Give a customer up to a pool, and say why."""
    commands.release(request.actor, customer_id, **body.model_dump())


@router.post("/customers/{customer_id}/details", response=CustomerOut)
def read_details(request: ApiRequest, customer_id: Id) -> CustomerOut:
    """Have the details of somebody else's customer shown until the end of the day, where the company notes that."""
    commands.read_details(request.actor, customer_id)
    return customer(request, customer_id)


@router.get("/customers/{customer_id}/episodes", response=list[EpisodeOut])
def episodes(request: ApiRequest, customer_id: Id) -> list[EpisodeOut]:
    """Who was responsible for a customer, the latest first."""
    customer(request, customer_id)
    return [_episode(row) for row in queries.episodes(request.actor, customer_id)]


OPEN = ("name", "stage", "kind", "is_person", "level", "source", "channel", "region", "industry", "potential",
        "yearly_demand", "owner_id", "pool_id", "is_awaiting", "last_contact_at", "next_contact_on",
        "became_customer_on", "registered_at")  # fmt: skip
PLACE = ("latitude", "longitude")
DETAILS = ("email", "wechat", "birthday", "lunar_birthday", "address")  # for whoever reads the details
TEXTS = ("website", "characteristics", "needs", "habits", "purchasing_power", "background")  # not of one in a pool


def customer_out(request: ApiRequest, row: Customer) -> CustomerOut:
    """A customer as far as the person may read it."""
    reads = queries.details_of(request.actor, row) is Reading.FREE
    known = queries.consents(request.actor, row.pk)
    return _shown(request.actor, row, known, reads=reads, is_masked=row.is_masked_for(request.actor))


def customers_page(actor: Actor, rows: QuerySet[Customer], paging: Paging) -> Page[CustomerOut]:
    """A page of customers, each as far as the person may read it."""
    return page_of(queries.with_consents(actor, rows), paging, _listed(actor))


def _listed(actor: Actor) -> Callable[[Customer], CustomerOut]:
    """How rows of a list are shown: without asking the database about each."""
    reads = queries.reads_freely(actor)

    def show(row: Customer) -> CustomerOut:
        masked = row.owner_id is None and not actor.sight.everyone
        return _shown(actor, row, queries.last_words(row.said), reads=reads(row.owner_id), is_masked=masked)

    return show


def _shown(actor: Actor, row: Customer, known: Words, *, reads: bool, is_masked: bool) -> CustomerOut:
    shown: dict[str, Any] = {name: getattr(row, name) for name in OPEN}
    shown |= {name: getattr(row, name) if reads else None if name == "birthday" else "" for name in DETAILS}
    shown |= {name: getattr(row, name) if reads else None for name in PLACE}
    shown |= {name: "" if is_masked else getattr(row, name) for name in TEXTS}
    shown["consents"] = [] if is_masked else consents_out(known)
    limit = queries.limit_for(row)
    shown["custom"] = {} if is_masked else own_fields(actor, CUSTOMERS, row.custom, reads=reads)
    phone = row.phone if reads else queries.masked(row.phone)
    return CustomerOut(
        id=row.pk, version=row.edit_version, phone=phone, details=reads, lapses_on=limit.on if limit else None, **shown
    )


def likely_out(found: Hint) -> list[LikelyOut]:
    """The likely customers as programs read them."""
    return [_likely(item) for item in found.customers]


def _likely(item: queries.Likely) -> LikelyOut:
    return LikelyOut(
        customer_id=item.customer_id, name=item.name, owner=item.owner, department=item.department,
        by_phone=item.by_phone, question_id=item.question.pk if item.question else None,
    )  # fmt: skip


def _episode(row: OwnershipEpisode) -> EpisodeOut:
    return shaped(EpisodeOut, row)


def outcome_out(item: Outcome) -> OutcomeOut:
    """An outcome as programs read it."""
    refusal = item.refusal
    return OutcomeOut(
        id=item.row_id,
        refused=str(refusal.sentence) if refusal else "",
        field=(refusal.field or "") if refusal else "",
        existing_id=item.existing_id,
    )
