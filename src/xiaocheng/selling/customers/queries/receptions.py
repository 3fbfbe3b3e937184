"""The register of receptions, the turn, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.foundation.kernel.phones import phone_keys
from xiaocheng.foundation.org.queries import duty_sites, names_of
from xiaocheng.selling.customers.measures import RECEIVED_ROWS
from xiaocheng.selling.customers.models import Reception
from xiaocheng.selling.customers.models.reception import Outcome, changed_by
from xiaocheng.selling.customers.turns import Line, lines

from .details import masked, reads_freely

NEW = Q(outcome=Outcome.NEW)
CAME_OF = {
    "details": Q(customer__isnull=False),
    "new": NEW,
    "won": NEW & Q(customer__became_customer_on__isnull=False),
}
GROUPS = {"person": "credit_person", "channel": "channel", "day": "booked_on"}


def receptions(actor: Actor, search: str = "", *, receiver_id: int | None = None) -> QuerySet[Reception]:
    """The receptions that the actor sees, the latest first, found by part of a name or by a whole phone."""
    rows: QuerySet[Reception] = Reception.objects.visible_to(actor)
    if receiver_id is not None:
        rows = rows.filter(credit_person_id=receiver_id)
    if text := search.strip():
        named = Q(name__icontains=text) | Q(company__icontains=text)
        rows = rows.filter(named | Q(phone_key__in=[key for key in phone_keys(text) if key]))
    return rows.order_by("-occurred_at", "-pk")


def reception(actor: Actor, reception_id: int) -> Reception:
    """One reception."""
    row: Reception = Reception.objects.one(
        actor, reception_id, "credit_person", "owner", "recorded_by", "site", "customer", "contact", "cancelled_by"
    )
    return row


def receptions_of(actor: Actor, customer_id: int) -> QuerySet[Reception]:
    """The receptions of one customer that the actor sees, the latest first."""
    return receptions(actor).filter(customer_id=customer_id, cancelled_at=None)


def helpers_of(actor: Actor, reception_id: int) -> dict[int, str]:
    """Who assisted at a reception that the actor sees, by id."""
    row: Reception = Reception.objects.one(actor, reception_id)
    return names_of(row.helpers.values_list("person", flat=True))


def may_change_reception(actor: Actor, row: Reception) -> bool:
    """True when the actor may correct or take back a reception."""
    return row.cancelled_at is None and changed_by(actor, row)


def phone_of_guest(actor: Actor, row: Reception) -> str:
    """The phone that a guest left: in full for who received or noted it, was responsible, or reads others' details."""
    own = {row.credit_person_id, row.recorded_by_id, row.owner_id} - {None}
    return row.phone if actor.person_id in own or reads_freely(actor)(row.credit_person_id) else masked(row.phone)


@dataclass(frozen=True)
class SiteLine:
    """A showroom or hotline, those on duty there today, the next one first, and who is receiving now."""

    site_id: int
    name: str
    kind: str
    line: Line
    people: list[str]
    engaged: list[str]


def site_lines(actor: Actor) -> list[SiteLine]:
    """Whose turn it is today at every site in use."""
    sites = [site for site in duty_sites(actor) if site.is_active]
    found = lines([site.pk for site in sites])
    names = names_of({person for line in found.values() for person in (*line.people, *line.engaged)})
    return [
        SiteLine(
            site.pk, site.name, site.kind, found[site.pk],
            [names.get(person, "") for person in found[site.pk].people],
            sorted(names.get(person, "") for person in found[site.pk].engaged),
        )
        for site in sites
    ]  # fmt: skip


def counted_receptions(
    actor: Actor, during: Period, person_id: int | None = None, *, channel: str = "", of: str = ""
) -> QuerySet[Reception]:
    """What the measure of receptions counts in a period, as far as the actor sees whom it is credited to.

    `of` narrows to what the figures count beside it: details left, new customers, those of them that bought since.
    """
    rows: QuerySet[Reception] = Reception.objects.visible_to(actor).filter(RECEIVED_ROWS)
    rows = rows.filter(booked_on__range=(during.first, during.last))
    if not actor.sight.everyone:
        mine = Q(credit_person__in=sorted(actor.sight.people))
        rows = rows.filter(mine | Q(credit_department__in=sorted(actor.sight.departments)))
    rows = rows.filter(channel=channel) if channel else rows
    rows = rows.filter(CAME_OF[of]) if of else rows
    return rows.filter(credit_person_id=person_id) if person_id is not None else rows


@dataclass(frozen=True)
class Received:
    """What one person, way or day received: how many, how many left details, were new, and made a first deal since."""

    key: object
    name: str
    received: int
    with_details: int
    new: int
    won: int

    @property
    def rate(self) -> float | None:
        """New customers that made a first deal, of all new customers; None without any."""
        return self.won / self.new if self.new else None


def received(actor: Actor, by: str, during: Period) -> list[Received]:
    """Receptions of a period by person, channel or day, and how many of their new customers bought since."""
    column = GROUPS[by]
    counted = counted_receptions(actor, during).order_by().values_list(column)
    rows: Sequence[tuple[object, int, int, int, int]] = list(
        counted.annotate(n=Count("pk"), **{name: Count("pk", filter=fits) for name, fits in CAME_OF.items()})
    )  # fmt: skip
    names = names_of([key for key, *_rest in rows if isinstance(key, int)]) if by == "person" else {}
    lines = [Received(key, names.get(key, "") if isinstance(key, int) else "", *rest) for key, *rest in rows]
    return sorted(lines, key=lambda it: (str(it.key),) if by == "day" else (-it.received, str(it.key)))
