"""The register of competitors, and how deals went against each, as far as the actor sees those deals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Round

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.money import SCALE, unscaled
from xiaocheng.selling.pipeline.models import Competitor, Opportunity, Rival, Tactic
from xiaocheng.selling.pipeline.models.facts import INVALID
from xiaocheng.selling.pipeline.models.processes import LOST

from .tactics import library


@dataclass(frozen=True)
class Against:
    """How deals went in which a competitor was met: how many and for how much; invalid ones are left out."""

    open: int = 0
    open_amount: Decimal = Decimal(0)
    won: int = 0
    won_amount: Decimal = Decimal(0)
    lost: int = 0
    lost_amount: Decimal = Decimal(0)

    @property
    def closed(self) -> int:
        """Won or lost."""
        return self.won + self.lost


def competitors(actor: Actor, search: str = "", *, active_only: bool = False) -> QuerySet[Competitor]:
    """The register by name, perhaps only those in use, or those with a word in one of their names."""
    rows = Competitor.objects.filter(is_active=True) if active_only else Competitor.objects.all()
    if text := search.strip():
        rows = rows.filter(Q(name__icontains=text) | Q(aliases__icontains=text) | Q(sort_key__startswith=text.lower()))
    return rows.order_by("sort_key", "pk")


def competitor(actor: Actor, competitor_id: int) -> Competitor:
    """One competitor."""
    row = Competitor.objects.filter(pk=competitor_id).first()
    if row is None:
        raise NotFound
    return row


def rivals_of(actor: Actor, row: Opportunity) -> list[Rival]:
    """The competitors in a deal that the caller was allowed to see; one that names nobody is not asked about."""
    if not row.competitor:
        return []
    found = Rival.objects.filter(opportunity=row).select_related("competitor")
    return list(found.order_by("competitor__sort_key", "pk"))


def against(actor: Actor, competitor_id: int | None = None) -> dict[int, Against]:
    """How the visible deals went in which competitors were met, or one of them: by competitor, where there are any."""
    met = Q(rivals__competitor__isnull=False) if competitor_id is None else Q(rivals__competitor=competitor_id)
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor).filter(met)
    exact = Cast(Round(F("amount") * SCALE), BigIntegerField())  # SQLite adds up fractions inexactly
    valid = ~Q(state=LOST, close_reason=INVALID)
    sums = rows.filter(valid).order_by().values_list("rivals__competitor", "state")
    found: dict[int, dict[str, int | Decimal]] = defaultdict(dict)
    for pk, state, n, amount in sums.annotate(n=Count("pk"), worth=Sum(exact)):
        found[pk] |= {state: n, f"{state}_amount": unscaled(amount)}
    return {pk: Against(**values) for pk, values in found.items()}  # type: ignore[arg-type]


def deals_against(actor: Actor, competitor_id: int, state: str = "") -> QuerySet[Opportunity]:
    """The visible deals in which a competitor was met, the newest first."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor).filter(rivals__competitor=competitor_id)
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("owner", "stage", "customer").order_by("-pk")


def losses_against(actor: Actor, competitor_id: int) -> list[tuple[str, int, Decimal]]:
    """Why visible deals were lost in which a competitor was met: (reason, number, amount), the most frequent first."""
    rows = deals_against(actor, competitor_id, LOST).exclude(close_reason=INVALID).order_by()
    sums = rows.values_list("close_reason").annotate(n=Count("pk"), worth=Sum("amount"))
    found = [(reason, n, worth or Decimal(0)) for reason, n, worth in sums]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def tactics_against(actor: Actor, competitor_id: int) -> QuerySet[Tactic]:
    """What won deals in which a competitor was met; like the library, everybody's."""
    met = Rival.objects.filter(competitor=competitor_id).values("opportunity")
    return library(actor).filter(opportunity__in=met)
