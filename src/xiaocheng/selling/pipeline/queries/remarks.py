"""Remarks on processes: lists, one remark, what waits at each stage, what an edition realises."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.queries import Person
from xiaocheng.selling.pipeline import remarking
from xiaocheng.selling.pipeline.models import Opportunity, ProcessRemark, RemarkSupport, remark_index
from xiaocheng.selling.pipeline.models.remarks import DECISIONS, WAITING

REMARK_VIEWS = {
    WAITING: pgettext_lazy("remark", "待决定"),
    "decided": _("已决定"),
    "mine": _("我提的和附议的"),
    "all": _("全部"),
}


def remarks(actor: Actor, view: str = "all", search: str = "") -> QuerySet[ProcessRemark]:
    """Remarks on all processes, the newest first: waiting, decided, one's own and those that one supports, or all.

    Each knows how many support it (`support`) and whether the actor does (`is_mine`).
    """
    rows = ProcessRemark.objects.select_related("stage__version__process", "author", "decided_by", "version")
    mine = RemarkSupport.objects.filter(remark=OuterRef("pk"), person_id=actor.person_id or 0)
    if view == WAITING:
        rows = rows.filter(state=WAITING)
    elif view == "decided":
        rows = rows.filter(state__in=DECISIONS)
    elif view == "mine":
        rows = rows.filter(Q(author_id=actor.person_id or 0) | Q(Exists(mine)))
    if search.strip():
        rows = remark_index.matching(rows, search)
    return rows.annotate(support=Count("supports"), is_mine=Exists(mine)).order_by("-pk")


def process_remark(actor: Actor, remark_id: int) -> ProcessRemark:
    """One remark."""
    row = remarks(actor).filter(pk=remark_id).first()
    if row is None:
        raise NotFound
    return row


def deal_of_remark(actor: Actor, row: ProcessRemark) -> Opportunity | None:
    """The deal in which it was seen, for whoever sees that deal."""
    found: QuerySet[Opportunity] = Opportunity.objects.visible_to(actor).filter(pk=row.opportunity_id or 0)
    return found.first()


def supporters(actor: Actor, remark_id: int) -> list[str]:
    """The names of those who say the same, the first one first."""
    rows = RemarkSupport.objects.filter(remark=remark_id).order_by("pk")
    return list(rows.values_list("person__name", flat=True))


def waiting_by_stage(actor: Actor, process_id: int) -> dict[str, int]:
    """How many remarks wait at each stage of a process, in whichever edition it was remarked on: by its code."""
    rows = remarking.waiting_of(process_id).order_by()
    return dict(rows.values_list("stage__code").annotate(Count("pk")))


def remarks_of_edition(actor: Actor, version_id: int) -> Sequence[ProcessRemark]:
    """The remarks that an edition realises."""
    rows = ProcessRemark.objects.filter(version=version_id).select_related("stage", "author")
    return list(rows.order_by("stage__position", "pk"))


def keepers(actor: Actor) -> list[Person]:
    """Those who keep the processes."""
    return remarking.keepers()
