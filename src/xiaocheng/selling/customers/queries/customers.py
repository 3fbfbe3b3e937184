"""Lists and single customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.company_names import company_key
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.scope import granted_ids
from xiaocheng.selling.customers.access import SEE
from xiaocheng.selling.customers.first_contact import FirstContactRules
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode
from xiaocheng.selling.customers.models.customers import AWAITING
from xiaocheng.selling.customers.models.pools import pools_of
from xiaocheng.selling.customers.tokens import matching

from .groups import group, in_group

VIEWS = {
    "mine": _("我的"),
    "team": _("团队"),
    "near": _("即将失效"),
    "pool": _("公海"),
    "awaiting": AWAITING,
    "all": _("全部"),
}


@dataclass(frozen=True)
class Filters:
    """What a list may be narrowed to; an empty value does not narrow."""

    level: str = ""
    stage: str = ""
    kind: str = ""
    region: str = ""
    industry: str = ""
    source: str = ""
    channel: str = ""
    potential: str = ""
    owner_id: int | None = None
    pool_id: int | None = None
    group_id: int | None = None

    def conditions(self) -> Mapping[str, object]:
        """The set ones, as conditions of a queryset."""
        return {name: value for name, value in vars(self).items() if value and name != "group_id"}


NO_FILTERS = Filters()


def customers(actor: Actor, view: str = "all", search: str = "", filters: Filters = NO_FILTERS) -> QuerySet[Customer]:
    """The customers that the actor sees, the newest first: of one of the views, or all of them."""
    rows = _of_view(actor, view).filter(**filters.conditions())
    if filters.group_id is not None:
        rows = rows.filter(in_group(actor, group(actor, filters.group_id)))
    if search.strip():
        rows = matching(actor, rows, search)
    return rows.order_by("-pk")


def _of_view(actor: Actor, view: str) -> QuerySet[Customer]:
    if view == "mine" and actor.entrusted:  # with others, too
        mine = Q(owner_id=actor.person_id or 0) | Q(pk__in=granted_ids(actor.in_own_right(), Customer))
        ours: QuerySet[Customer] = Customer.objects.visible_to(actor).filter(mine)
        return ours
    if view in {"mine", "team"}:
        owned: QuerySet[Customer] = Customer.objects.visible_to(actor, by="owner")
        return owned.filter(owner_id=actor.person_id or 0) if view == "mine" else owned.filter(owner__isnull=False)
    if view == "near":
        return _near(Customer.objects.visible_to(actor, by="owner"), clock.today())
    if view == "awaiting":
        return Customer.objects.beyond_sight(because="every colleague sees who awaits reception").filter(
            is_awaiting__in=[True]
        )
    rows: QuerySet[Customer] = Customer.objects.visible_to(actor)
    if view == "all" and actor.sight.everyone:
        return rows.filter(erased_at=None)  # whoever does not see everyone sees none of them anyway
    return rows.filter(pool__in=pools_of(actor).values("pk")) if view == "pool" else rows


def unmasked(actor: Actor, rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Those of the rows that are not masked for the actor: what a pool hides must not be found out by filtering."""
    if actor.sight.everyone:
        return rows
    return rows.filter(Q(owner__isnull=False) | Q(pk__in=granted_ids(actor, Customer)))


def near_lapse(actor: Actor, day: dt.date) -> QuerySet[Customer]:
    """The actor's own customers that lapse within the days of the warning after a day, the most urgent first."""
    return _near(customers(actor, "mine"), day).order_by("clock_since", "pk")


def teams_near_lapse(actor: Actor) -> QuerySet[Customer]:
    """The same of everybody whom the actor has in sight, himself included, with the owners."""
    return customers(actor, "near").select_related("owner").order_by("clock_since", "pk")


def _near(rows: QuerySet[Customer], day: dt.date) -> QuerySet[Customer]:
    return rows.filter(_lapsing(day, rules(FirstContactRules, day).warn_days))


def lapsing_within(actor: Actor, days: int) -> Q:
    """The customers that lapse within so many days from today, as a condition; none where the company has no limit."""
    return _lapsing(clock.today(), days)


def _lapsing(day: dt.date, days: int) -> Q:
    limits = rules(FirstContactRules, day)
    return limits.overdue(day + dt.timedelta(days=days)) if limits.is_on else Q(pk__in=[])


def customer(actor: Actor, customer_id: int) -> Customer:
    """One customer with its owner and pool."""
    row: Customer = Customer.objects.one(actor, customer_id, "owner", "pool")
    return row


def sees_customer(actor: Actor, customer_id: int) -> bool:
    """True when the actor may open a customer's page."""
    return actor.can(SEE) and Customer.objects.visible_to(actor).filter(pk=customer_id).exists()


@dataclass(frozen=True)
class Usual:
    """What a person registered last: the defaults of the next one."""

    source: str = ""
    region: str = ""


def usual(actor: Actor) -> Usual:
    """Source and region of the customer that the actor registered last."""
    last = Customer.objects.visible_to(actor).filter(owner_id=actor.person_id or 0).order_by("-pk")
    found = last.values_list("source", "region").first()
    return Usual(*found) if found else Usual()


def owner_of(actor: Actor, customer_id: int) -> int | None:
    """Who is responsible for a customer that the actor sees."""
    return customer(actor, customer_id).owner_id


def was_own(actor: Actor, customer_id: int, at: dt.datetime) -> bool:
    """True when the actor himself was responsible for a customer at an instant."""
    rows = OwnershipEpisode.objects.visible_to(actor).filter(customer=customer_id, person_id=actor.person_id or 0)
    return rows.filter(started_at__lte=at, ended_at__gte=at).exists()


def choices(actor: Actor, text: str = "", limit: int = 20) -> list[tuple[int, str]]:
    """Customers for a picker: (id, name), found by part of the name, pinyin or phone; without text the newest own."""
    rows = customers(actor, "all" if text.strip() else "mine", text)
    return list(rows.values_list("pk", "name")[:limit])


@dataclass(frozen=True)
class Traits:
    """What decides how a customer is sold to."""

    name: str
    kind: str
    industry: str


def traits_of(actor: Actor, ids: Collection[int]) -> dict[int, Traits]:
    """The traits of the visible ones among customers, by id."""
    rows = Customer.objects.among(actor, ids, "name", "kind", "industry", "owner")
    return {row.pk: Traits(row.name, row.kind, row.industry) for row in rows}


def to_note(actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """What is to be noted in the service of customers whose details the actor may read, by id."""
    rows = Customer.objects.among(actor, ids, "habits", "owner")
    return {row.pk: row.habits for row in rows if row.habits and not row.is_masked_for(actor)}


def names_of(actor: Actor, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of customers by id: whoever sees a row that points at a customer may read its name."""
    wanted = {pk for pk in ids if pk is not None}
    rows = Customer.objects.beyond_sight(because="a foreign key from a visible row shows the name only")
    return dict(rows.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def ids_by_name(actor: Actor, names: Iterable[str]) -> dict[str, int]:
    """Which of the names is which visible customer, legal form, width and case aside; for imports."""
    keys = {name: company_key(name) for name in names}
    rows = Customer.objects.visible_to(actor).filter(name_key__in=set(keys.values())).order_by("-pk")
    known = dict(rows.values_list("name_key", "pk"))
    return {name: known[key] for name, key in keys.items() if key in known}


def unpaid_owners(actor: Actor) -> dict[int, int]:
    """Whose the customers are whose won deals are not paid in full, by customer; for the reminder of the system."""
    actor.require_system()
    rows = Customer.objects.beyond_sight(because="owners are reminded, whoever they are")
    return dict(rows.filter(unpaid_since__isnull=False, owner__isnull=False).values_list("pk", "owner"))


def episodes(actor: Actor, customer_id: int) -> QuerySet[OwnershipEpisode]:
    """Who was responsible for one customer, the latest first."""
    rows: QuerySet[OwnershipEpisode] = OwnershipEpisode.objects.visible_to(actor)
    return rows.filter(customer_id=customer_id).select_related("person", "pool").order_by("-pk")


@dataclass(frozen=True)
class Held:
    """A stretch of company days on which a customer was somebody's; the last one has no end."""

    person_id: int
    until: dt.date | None


def held_by(actor: Actor, ids: Collection[int]) -> dict[int, list[Held]]:
    """Whose each of the visible ones among customers was, the earliest first, whatever lay between left out."""
    rows: QuerySet[OwnershipEpisode] = OwnershipEpisode.objects.visible_to(actor)
    held: dict[int, list[Held]] = {}
    found = rows.filter(customer_id__in=ids, person__isnull=False).order_by("started_at", "pk")
    for customer_id, person_id, ended_at in found.values_list("customer_id", "person_id", "ended_at"):
        held.setdefault(customer_id, []).append(Held(person_id or 0, ended_at and clock.day_of(ended_at)))
    return held


def customers_since(actor: Actor, ids: Collection[int]) -> dict[int, dt.date]:
    """Since when those of the visible ones that made a deal are customers."""
    rows = Customer.objects.visible_to(actor).filter(pk__in=ids, became_customer_on__isnull=False)
    return dict(rows.values_list("pk", "became_customer_on"))
