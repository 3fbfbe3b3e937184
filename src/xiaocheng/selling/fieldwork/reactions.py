"""What happens to plans and visits when a lower module's event happens."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.files.commands import discard
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.journal import Moved, forget, reacts
from xiaocheng.foundation.org.queries import Person, actor_for, holds
from xiaocheng.selling.customers.events import (
    ContactsMerged,
    CustomersMerged,
    MergeUndone,
    OwnerChanged,
    PersonalDataErased,
    carry_all,
    carry_contacts,
    erased_customers,
)
from xiaocheng.selling.pipeline.events import CompetitorsMerged

from .commands import hand_over_lines
from .models import LineOutcome, MarketReport, PlanLine, Visit, VisitPlace
from .queries import waiting_plans, waiting_requests

ERASED = "what tells of an erased person goes, whoever met him"
FOLLOWS = "plans and visits are about the customer that is left, whoever looks"
TEXTS = ("note", "next_step", "opinion", "news", "competitor_facts", "problem", "solution")


@reacts(PersonalDataErased)
def erase_texts(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """Visits of a person who is erased keep who made them, when, and what came of them, and lose texts and files."""
    erased = erased_customers(events)
    PlanLine.objects.beyond_sight(because=ERASED).filter(customer__in=erased).update(
        note="", reason="", why="", former={}
    )
    rows = Visit.objects.beyond_sight(because=ERASED).filter(customer__in=erased)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(**dict.fromkeys(TEXTS, ""))
    places = VisitPlace.objects.beyond_sight(because=ERASED).filter(visit__in=ids)
    places.update(latitude=None, longitude=None, accuracy=None, distance=None)
    discard(actor, "fieldwork.visit", ids)
    forget("fieldwork.visit", ids)
    return Moved("fieldwork.visit", tuple(ids))


@reacts(CustomersMerged, MergeUndone, moves=("fieldwork.PlanLine.customer",))
def follow_the_merge_with_plans(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Planned visits to a merged customer are visits to the survivor, until that is undone."""
    rows = PlanLine.objects.beyond_sight(because=FOLLOWS)
    return carry_all(events, rows)


@reacts(CustomersMerged, MergeUndone, moves=("fieldwork.Visit.customer",))
def follow_the_merge_with_visits(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """Visits and calls to a merged customer, credited as they were, stand in the survivor's history."""
    rows = Visit.objects.beyond_sight(because=FOLLOWS)
    return carry_all(events, rows)


@reacts(ContactsMerged, moves=("fieldwork.Visit.contact",))
def follow_the_merge_of_contacts(actor: Actor, events: Sequence[ContactsMerged]) -> Moved:
    """Visits to somebody under the other name were visits to him."""
    return carry_contacts(events, Visit.objects.beyond_sight(because=FOLLOWS))


@reacts(CustomersMerged, MergeUndone, moves=("fieldwork.MarketReport.customer",))
def follow_the_merge_with_market_reports(actor: Actor, events: Sequence[CustomersMerged | MergeUndone]) -> Moved:
    """What was heard at a merged customer was heard at the survivor."""
    return carry_all(events, MarketReport.objects.beyond_sight(because=FOLLOWS))


@reacts(CompetitorsMerged)
def follow_the_merge_of_competitors(actor: Actor, events: Sequence[CompetitorsMerged]) -> None:
    """What was reported of a competitor under its other name was about the same one."""
    for event in events:
        rows = MarketReport.objects.beyond_sight(because=FOLLOWS).filter(competitor_id=event.merged_id)
        rows.update(competitor_id=event.competitor_id)


@reacts(PersonalDataErased)
def erase_market_reports(actor: Actor, events: Sequence[PersonalDataErased]) -> Moved | None:
    """Reports about a person who is erased keep kind, severity and day, and lose their texts and files."""
    rows = MarketReport.objects.beyond_sight(because=ERASED).filter(customer__in=erased_customers(events))
    ids = list(rows.values_list("pk", flat=True))
    rows.update(description="—", area="")
    rows.exclude(measures="").update(measures="—")
    discard(actor, "fieldwork.marketreport", ids)
    forget("fieldwork.marketreport", ids)
    return Moved("fieldwork.marketreport", tuple(ids))


@reacts(OwnerChanged)
def hand_over_planned_visits(actor: Actor, events: Sequence[OwnerChanged]) -> Moved | None:
    """Visits that somebody who hands over planned for coming days stand in the plans of whoever takes the customers."""
    routes = {e.customer_id: (e.from_id, e.to_id) for e in events if e.cause == "handover" and e.from_id and e.to_id}
    return Moved("fieldwork.planline", hand_over_lines(actor, routes)) if routes else None


@holds("fieldwork.planline", _("之后几天的计划拜访"), _("随客户转到新负责人的计划"))
def count_planned_visits(person: Person) -> int:
    """Customers whom the person means to visit after today."""
    lines = PlanLine.objects.beyond_sight(because="a handover shows what moves").filter(plan__person=person)
    return lines.filter(plan__day__gt=clock.today(), outcome=LineOutcome.PLANNED, customer__isnull=False).count()


@holds("fieldwork.plan", _("等他签核的拜访计划"), _("账号停用后由接替的上级签核"), ends=True)
def count_waiting_plans(person: Person) -> int:
    """Plans that nobody nearer signs."""
    return len(waiting_plans(actor_for(person)))


@holds("fieldwork.attendancerequest", _("等他审批的考勤申请"), _("账号停用后由接替的上级审批"), ends=True)
def count_waiting_requests(person: Person) -> int:
    """Requests that nobody nearer decides."""
    return len(waiting_requests(actor_for(person)))
