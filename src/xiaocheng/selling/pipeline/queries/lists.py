"""Lists of opportunities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.money import SCALE, unscaled
from xiaocheng.foundation.kernel.periods import Period
from xiaocheng.selling.customers.commands import Deal
from xiaocheng.selling.pipeline.models import Closing, Opportunity, search_index
from xiaocheng.selling.pipeline.models.processes import WON
from xiaocheng.selling.pipeline.numbers import quoted_as

from .shares import mine

VIEWS = {"mine": _("我的"), "team": _("团队"), "all": _("全部"), "no_customer": _("缺客户")}
TEXTS = {"background", "problems", "pains", "close_note"}
SHOWN = [
    *(field.name for field in Opportunity._meta.concrete_fields if field.name not in TEXTS),
    *("owner__name", "customer__name", "product__name"),
    *(
        "stage__name",
        "stage__code",
        "stage__kind",
        "stage__position",
        "stage__expected_days",
        "stage__idle_days",
        "stage__stale_days",
        "stage__steps",
    ),
]


@dataclass(frozen=True)
class Filters:
    """What a list may be narrowed to; an empty value does not narrow."""

    state: str = ""
    stage: str = ""  # code
    process_id: int | None = None
    owner_id: int | None = None
    customer_id: int | None = None
    product_id: int | None = None
    source: str = ""

    def conditions(self) -> Mapping[str, object]:
        """The set ones, as conditions of a queryset."""
        paths = {"stage": "stage__code", "process_id": "version__process_id"}
        return {paths.get(name, name): value for name, value in vars(self).items() if value}


NO_FILTERS = Filters()


def opportunities(
    actor: Actor, view: str = "all", search: str = "", filters: Filters = NO_FILTERS
) -> QuerySet[Opportunity]:
    """The opportunities that the actor sees, the newest first: those he answers for, his team's, all, or those without
    customer."""
    rows = _of_view(actor, view).filter(**filters.conditions())
    if search.strip():
        rows = search_index.matching(rows, search)
    return rows.select_related("stage", "owner", "customer", "product").only(*SHOWN).order_by("-pk")


def _of_view(actor: Actor, view: str) -> QuerySet[Opportunity]:
    by = "owner" if view == "team" else ""  # that one shows nothing that was only opened to him
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor, by=by)
    if view == "mine":
        return rows.filter(mine(actor))
    return rows.filter(customer__isnull=True) if view == "no_customer" else rows


def names_of(actor: Actor, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of the visible ones among opportunities, by id."""
    wanted = {pk for pk in ids if pk is not None}
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor)
    return dict(rows.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def won_amount(actor: Actor, customers: Q, run: Period) -> Decimal:
    """The amount of the visible opportunities of some customers that were won in a period.

    `customers` is a condition on opportunities: Q(customer=5), Q(customer__in=...).
    """
    first, end = clock.bounds(run.first, run.last)
    rows = Opportunity.objects.visible_to(actor).filter(customers, state="won", closed_at__gte=first, closed_at__lt=end)
    exact = Cast(Round(F("amount") * SCALE), BigIntegerField())  # SQLite adds up fractions inexactly
    return unscaled(rows.aggregate(total=Sum(exact))["total"] or 0)


def choices(actor: Actor, text: str = "", limit: int = 20) -> list[tuple[int, str]]:
    """Open opportunities for a picker: (id, name), found by part of the name; without text the newest own."""
    rows = opportunities(actor, "all" if text.strip() else "mine", text, Filters(state="open"))
    return list(rows.values_list("pk", "name")[:limit])


def first_wins(actor: Actor, customer_ids: Collection[int]) -> dict[int, Deal]:
    """The first deal won with each of some customers and not reversed since: what made it one."""
    rows = Closing.objects.beyond_sight(because="a customer is one whoever won the first deal")
    won = rows.filter(verdict=WON, sign=1, reversed_on=None, customer__in=customer_ids).order_by("-booked_on", "-pk")
    columns = ("customer_id", "booked_on", "credit_person_id", "credit_department_id")
    return {pk: Deal(day, person, unit) for pk, day, person, unit in won.values_list(*columns) if pk is not None}


def quoted(actor: Actor, numbers: Sequence[str]) -> dict[str, Opportunity]:
    """The visible opportunities by the numbers by which people quote them; a number that two go by is nobody's."""
    ids = {number: pks[0] for number, pks in quoted_as(Opportunity.objects.visible_to(actor), numbers).items()
           if len(pks) == 1}  # fmt: skip
    rows = Opportunity.objects.visible_to(actor).in_bulk(list(ids.values()))
    return {number: rows[pk] for number, pk in ids.items()}
