"""The library of what won deals, and what of it is offered in a deal at its stage."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.selling.pipeline.access import MANAGE_PROCESS
from xiaocheng.selling.pipeline.models import Opportunity, Stage, Tactic, TacticUse, tactic_index
from xiaocheng.selling.pipeline.models.facts import INVALID
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON

OFFERED = 5  # on the page of a deal; the library has the rest
SAME_PRODUCT, SAME_INDUSTRY, HELPED = "product", "industry", "helped"
WHY = {SAME_PRODUCT: _("同一产品"), SAME_INDUSTRY: _("同一行业"), HELPED: _("帮助赢过单")}


@dataclass(frozen=True)
class Offer:
    """A tactic that is offered in a deal, why it comes where it does, and whether the deal has used it."""

    tactic: Tactic
    why: tuple[str, ...]
    is_used: bool


@dataclass(frozen=True)
class TacticsOfDeal:
    """What a deal shows of the library: what is offered now, how many more there are, and what it gave itself."""

    offers: list[Offer]
    more: int
    own: list[Tactic]


def library(actor: Actor, search: str = "") -> QuerySet[Tactic]:
    """The tactics of deals that are won and stay so, each with how often it was used and how that ended.

    `used` counts deals; `decided` of them are won or lost (not as invalid), `helped` won.
    """
    rows = Tactic.objects.filter(withdrawn_at=None, opportunity__state=WON)
    if search.strip():
        rows = tactic_index.matching(rows, search)
    won, lost = Q(uses__opportunity__state=WON), Q(uses__opportunity__state=LOST)
    invalid = lost & Q(uses__opportunity__close_reason=INVALID)
    counted = rows.annotate(
        used=Count("uses"),
        helped=Count("uses", filter=won),
        decided=Count("uses", filter=won | lost) - Count("uses", filter=invalid),
    )
    return counted.select_related("stage__version__process", "product", "author").order_by("-pk")


def tactic(actor: Actor, tactic_id: int) -> Tactic:
    """One tactic of the library."""
    row = library(actor).filter(pk=tactic_id).first()
    if row is None:
        raise NotFound
    return row


def may_change_tactic(actor: Actor, row: Tactic) -> bool:
    """True for its author and for who keeps the processes."""
    return row.author_id == actor.person_id or actor.can(MANAGE_PROCESS)


def deal_behind(actor: Actor, row: Tactic) -> Opportunity | None:
    """The deal that a tactic won, for whoever sees it."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor)
    return rows.filter(pk=row.opportunity_id).select_related("customer").first()


def deals_that_used(actor: Actor, tactic_id: int) -> QuerySet[Opportunity]:
    """The deals in the actor's sight in which a tactic was used, the newest first."""
    rows: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor)
    return rows.filter(used__tactic_id=tactic_id).select_related("stage", "owner").order_by("-pk")


def tactics_of(actor: Actor, row: Opportunity) -> TacticsOfDeal:
    """What the page of a visible deal shows: the best fitting tactics of its stage, those used, its own."""
    own = list(library(actor).filter(opportunity=row)) if row.state == WON else []
    used = set(TacticUse.objects.filter(opportunity=row).values_list("tactic_id", flat=True))
    if not row.is_open:
        kept = _fitting(row, library(actor).filter(pk__in=used)) if used else []
        return TacticsOfDeal([_offer(found, used) for found in kept], 0, own)
    here = Q(stage__code=row.stage.code, stage__version__process=row.version.process_id)
    found = list(_fitting(row, library(actor).filter(here | Q(pk__in=used)).exclude(opportunity=row))[: OFFERED + 1])
    more = len(found) > OFFERED
    return TacticsOfDeal([_offer(item, used) for item in found[:OFFERED]], int(more), own)


def offered_tactics(actor: Actor, opportunity_id: int) -> list[Offer]:
    """The tactics that are offered in a deal, the best fitting first."""
    row: Opportunity = Opportunity.objects.one(actor, opportunity_id, "stage", "version", "customer")
    return tactics_of(actor, row).offers


def stages_for_tactics(actor: Actor, version_id: int) -> list[Stage]:
    """The stages of an edition at which something can win a deal."""
    return list(Stage.objects.filter(version_id=version_id, kind=OPEN))


def won_from(actor: Actor, opportunity: Opportunity) -> Stage:
    """The open stage from which a deal was won; where that is not known, the last one of its edition."""
    closing = opportunity.closings.filter(sign=1, reversed_on=None).select_related("stage").order_by("-pk").first()
    if closing is not None and closing.stage.is_open:
        return closing.stage
    return stages_for_tactics(actor, opportunity.version_id)[-1]


def _fitting(row: Opportunity, tactics: QuerySet[Any]) -> QuerySet[Tactic]:
    """The best fitting first: of the same product, then of the same industry, then what helped most often."""
    fits = {name: _one_if(condition) for name, condition in _alike(row).items()}
    found: QuerySet[Any] = tactics.annotate(**fits)
    return found.order_by(*(f"-{name}" for name in fits), "-helped", "-pk")


def _alike(row: Opportunity) -> dict[str, Q]:
    """What a tactic may have in common with a deal, as far as the deal's own is known."""
    industry = row.customer.industry if row.customer else ""
    found = {"same_product": Q(product_id=row.product_id)} if row.product_id else {}
    return found | ({"same_industry": Q(industry=industry)} if industry else {})


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _offer(found: Any, used: Collection[int]) -> Offer:
    said = {
        SAME_PRODUCT: getattr(found, "same_product", 0),
        SAME_INDUSTRY: getattr(found, "same_industry", 0),
        HELPED: found.helped,
    }
    return Offer(found, tuple(key for key, fits in said.items() if fits), found.pk in used)
