"""The rows behind the figures: what a click on a number lists. A figure equals its rows, for everybody."""

from __future__ import annotations

from typing import Literal

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.insight.cohorting import COHORT_STAYS
from xiaocheng.insight.counting import LEFT_ROWS, NOW, PATH_ROWS, Ends
from xiaocheng.insight.credited import with_shares
from xiaocheng.insight.selection import Selection
from xiaocheng.selling.customers.models import Customer
from xiaocheng.selling.pipeline.models import Closing, StageSpan
from xiaocheng.selling.pipeline.models.facts import ADVANCED, BACK, EXIT_LOST, INVALID, MOVED_PROCESS, SKIPPED
from xiaocheng.selling.pipeline.models.processes import LOST, OPEN, WON

EXIT_ROWS: dict[str, tuple[str, ...]] = {  # by how a stay was left; an empty way: not yet
    "advanced": (ADVANCED,),
    "skipped": (SKIPPED,),
    "back": (BACK,),
    "lost": (EXIT_LOST,),
    "staying": ("", MOVED_PROCESS),
    "forward": (ADVANCED, SKIPPED),
    "timed": (ADVANCED,),
    "moved": (MOVED_PROCESS,),
    "recorded": (),
    "exited": (ADVANCED, SKIPPED, BACK, EXIT_LOST),
    "first": (),
    "opened": (),
    "invalid": (INVALID,),
    **dict.fromkeys(COHORT_STAYS, ()),
}
CLOSING_ROWS: dict[str, Q] = {
    "won": Q(verdict=WON),
    "lost": Q(verdict=LOST) & ~Q(reason=INVALID),
    "invalid": Q(verdict=LOST, reason=INVALID),
    "decided": Q(verdict=WON) | (Q(verdict=LOST) & ~Q(reason=INVALID)),
}
SECONDS_A_DAY = 86_400
SHOWN_OF_CLOSINGS = ("opportunity", "credit_person", "product", "customer")
CustomerCount = Literal["customers.registered", "customers.converted"]
CREDITED: dict[str, tuple[str, str, str]] = {
    "customers.registered": ("credit_person", "credit_department", "booked_on"),
    "customers.converted": ("converted_by", "converted_department", "became_customer_on"),
}


def spans(
    actor: Actor, selection: Selection, *, stage: str = "", exit: str = "", to: str = "", worked: bool = False
) -> QuerySet[StageSpan]:
    """The stays behind a figure of the funnel: of one stage (its code, so say the process), left in one way or for one.

    `worked`: only of the stages in which deals are still worked on.
    """
    rows = selection.spans(actor).select_related("opportunity", "stage", "credit_person", "next_stage")
    if stage:
        rows = rows.filter(stage__code=stage)
    if to:
        rows = rows.filter(next_stage__code=to, next_stage__version__process=F("stage__version__process"))
        rows = rows.exclude(**{selection.ends.exit: ""})
    if worked:
        rows = rows.filter(stage__kind=OPEN)
    return rows.filter(_left_so(exit, selection.ends))


def _left_so(exit: str, ends: Ends) -> Q:
    """The stays that a number of the funnel counts; what turned out invalid only where it is asked for."""
    if exit in COHORT_STAYS:
        if ends != NOW:
            raise RuleBroken(_("批次的商机只能看今天的。"), field="as_of")
        return COHORT_STAYS[exit]
    if ways := EXIT_ROWS.get(exit):
        found = Q(**{f"{ends.exit}__in": ways})
    else:
        found = Q() if exit == "opened" else ~Q(**{ends.exit: INVALID})
    recorded = Q(**{f"{ends.dwell}__isnull": False})
    if exit == "timed":
        return found & recorded
    if exit == "recorded":
        return found & (recorded | Q(**{ends.exit: ""}, is_invented=False))
    return found & {"first": Q(is_first=True), "opened": Q(is_opening=True)}.get(exit, Q())


def left_spans(
    actor: Actor, selection: Selection, of: str = "due", *, stage: str = "", worked: bool = False
) -> QuerySet[StageSpan]:
    """The stays left in the period whose stage required steps: all of them, or those that LEFT_ROWS names."""
    rows = selection.spans(actor, left=True).select_related("opportunity", "stage", "credit_person", "next_stage")
    if stage:
        rows = rows.filter(stage__code=stage)
    if worked:
        rows = rows.filter(stage__kind=OPEN)
    return rows.filter(LEFT_ROWS["due"], LEFT_ROWS[of])


def closings(
    actor: Actor, selection: Selection, verdict: str = "", *, way: str = "", path: str = ""
) -> QuerySet[Closing]:
    """The wins, losses and reversals behind a result; the number is the sum of their signs and shares (`counted`).

    `way`: only those whose path is known, perhaps of one kind of PATH_ROWS; `path`: of this very path. Those are
    whole, with their owner.
    """
    own = selection.closings(actor)
    rows = own if way or path else with_shares(own, selection.shares(actor))
    rows = rows.select_related(*SHOWN_OF_CLOSINGS)
    if way or path:
        rows = rows.filter(PATH_ROWS["judged"], PATH_ROWS[way or "judged"])
    if path:
        rows = rows.filter(path=path)
    return rows.filter(CLOSING_ROWS[verdict]) if verdict else rows


def won_deals(
    actor: Actor, selection: Selection, *, timed: bool | None = None, days: tuple[int, int | None] = (0, None)
) -> QuerySet[Closing]:
    """The wins of the period that were not opened again within it; those (not) timed, or of some days' cycle.

    Each is one, with its owner: how long a deal took is not shared.
    """
    standing = Q(reversed_on__isnull=True) | Q(reversed_on__gt=selection.period.last)
    rows = selection.closings(actor).select_related(*SHOWN_OF_CLOSINGS).filter(standing, verdict=WON, sign=1)
    if timed is not None:
        rows = rows.filter(cycle_seconds__isnull=not timed)
    first, end = days
    if first:
        rows = rows.filter(cycle_seconds__gte=first * SECONDS_A_DAY)
    return rows if end is None else rows.filter(cycle_seconds__lt=end * SECONDS_A_DAY)


def new_customer_rows(actor: Actor, selection: Selection, key: CustomerCount) -> QuerySet[Customer]:
    """The customers behind 新增客户 or 新开发客户, by name: a credit stays also when the customer went to others.

    The source, where one is asked for, is that of the customer.
    """
    person, _department, day = CREDITED[key]
    return credited(actor, selection, key).select_related(person).only("name", day, f"{person}__name")


def credited(actor: Actor, selection: Selection, key: str) -> QuerySet[Customer]:
    """The customers that count as new for people in sight, perhaps of a source; process and product do not narrow."""
    person, department, day = CREDITED[key]
    rows = Customer.objects.beyond_sight(
        because="a new customer is credited for ever; only name, source and days are shown"
    )
    condition = Q(**{f"{day}__range": (selection.period.first, selection.period.last), f"{person}__isnull": False})
    if not actor.sight.everyone:
        condition &= Q(**{f"{person}__in": sorted(actor.sight.people)}) | Q(
            **{f"{department}__in": sorted(actor.sight.departments)}
        )
    if selection.source is not None:
        condition &= Q(source=selection.source)
    if selection.whose.people is not None:
        condition &= Q(**{f"{person}__in": sorted(selection.whose.people)})
    if selection.whose.departments is not None:
        condition &= Q(**{f"{department}__in": sorted(selection.whose.departments)})
    return rows.filter(condition)
