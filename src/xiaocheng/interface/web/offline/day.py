"""Today, as a phone keeps it: the plan, one's customers, the visit under way, the draft of the report."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import pgettext_lazy

from xiaocheng.control.reports import queries as reports
from xiaocheng.control.reports.access import WRITE
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.interface.web.daily.report import ReportForm
from xiaocheng.interface.web.daily.visits import FollowUpForm, place
from xiaocheng.interface.web.shell.access import access
from xiaocheng.interface.web.shell.screens import Screen
from xiaocheng.selling.customers import queries as customers
from xiaocheng.selling.fieldwork import queries
from xiaocheng.selling.fieldwork.access import VISIT
from xiaocheng.selling.fieldwork.queries import Kind, Outcome, PlanLine, Result, Visit

MOST_CUSTOMERS = 200
OPEN = ("draft", "returned")  # reports that may still be written on


@access(VISIT)
class Page(Screen):
    """The page that a phone keeps: it shows the day from the phone's own copy, and what waits to be sent."""

    template = "offline/page.html"
    title = pgettext_lazy("page", "离线记录")

    def context(self) -> dict[str, Any]:
        """What may be chosen; the day itself is not in the page."""
        return {
            "outcomes": Outcome.choices,
            "results": Result.choices,
            "kinds": [choice for choice in Kind.choices if choice[0] != Kind.VISIT],
            "usual": Outcome.MET_OTHER,
            "reached": FollowUpForm.base_fields["outcome"].choices,  # type: ignore[attr-defined]
            "zone": clock.zone().key,
            "texts": [(name, field.label) for name, field in ReportForm.base_fields.items()],
        }


@access(VISIT)
def copy(request: HttpRequest) -> JsonResponse:
    """The day of the signed-in person as one JSON, with what is needed to send what a phone recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse(
        {
            "person": actor.person_id,
            "day": clock.today().isoformat(),
            "now": clock.now().isoformat(),
            "csrf": get_token(request),
            "lines": _lines(actor),
            "visits": _visits_to_finish(actor),
            "customers": _customers(actor),
            "report": _report(actor) if actor.can(WRITE) else None,
        }
    )


def _lines(actor: Actor) -> list[dict[str, Any]]:
    found = queries.plan_of(actor, actor.person_id or 0, clock.today())
    return [_line(line) for line in found.lines] if found else []


def _line(line: PlanLine) -> dict[str, Any]:
    customer = line.customer
    return {
        "id": line.pk,
        "customer": line.customer_id,
        "name": customer.name if customer else line.area,
        "window": "–".join(f"{at:%H:%M}" for at in (line.starts_at, line.ends_at) if at),
        "purpose": line.get_purpose_display(),
        "words": [word for word in (line.why, line.note) if word],
        "state": line.get_outcome_display(),
        "is_open": line.outcome == "planned" and not hasattr(line, "visit"),
    }


def _visits_to_finish(actor: Actor) -> list[dict[str, Any]]:
    """One's visits of today that have no result yet, the one that is under way among them."""
    rows = queries.visits_of_day(actor, actor.person_id or 0, clock.today())
    running = queries.visit_under_way(actor)
    if running and running not in rows:  # begun before midnight
        rows.append(running)
    return [_visit(row) for row in rows if row.completed_at is None]


def _visit(row: Visit) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.edit_version,
        "line": row.plan_line_id,
        "customer": row.customer_id,
        "name": place(row),
        "since": row.occurred_at.isoformat(),
        "is_under_way": row.is_under_way,
    }


def _customers(actor: Actor) -> list[dict[str, Any]]:
    """One's own customers, those with whom one spoke last first, up to a number that a phone carries easily."""
    mine = customers.customers(actor, "mine").order_by(F("last_contact_at").desc(nulls_last=True), "-pk")[
        :MOST_CUSTOMERS
    ]
    return [{"id": row.pk, "name": row.name, "phone": row.phone, "address": row.address} for row in mine]


def _report(actor: Actor) -> dict[str, Any]:
    row = reports.report_of(actor, actor.person_id or 0, clock.today())
    texts = {name: getattr(row, name, "") for name in ReportForm.base_fields}
    return {"version": row.edit_version if row else 0, "can_edit": row is None or row.state in OPEN, "texts": texts}
