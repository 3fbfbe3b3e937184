"""Who may decide, and what was said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.org.queries import supervisor_of

from .models import SignOff, Verdict
from .rules import ApprovalRules


def who_may_decide(actor: Actor, person_id: int, submitted_at: dt.datetime | None = None) -> list[int]:
    """Who may sign a person's paper today: the supervisor or his deputy, and the next in line once it waited too long.

    Nobody, where nobody stands above the person: no signature is needed.
    """
    today = clock.today()
    deciders = supervisor_of(person_id, today)
    hours = rules(ApprovalRules, today).escalate_after_hours
    if submitted_at and hours and clock.now() - submitted_at >= dt.timedelta(hours=hours):
        deciders = [*deciders, *(above for decider in deciders for above in supervisor_of(decider, today))]
    return [decider for decider in dict.fromkeys(deciders) if decider != person_id]


def waiting_for(actor: Actor, papers: Iterable[tuple[int, int, dt.datetime | None]]) -> set[int]:
    """Those of the papers (row id, whose, submitted when) that the actor may decide now."""
    return {
        row_id
        for row_id, person_id, submitted_at in papers
        if person_id != actor.person_id and actor.person_id in who_may_decide(actor, person_id, submitted_at)
    }


@dataclass(frozen=True)
class Said:
    """What somebody said about one version of a paper."""

    version: int
    verdict: str
    name: Sentence
    comment: str
    person: str
    on_behalf_of: str
    at: dt.datetime


def said_about(actor: Actor, kind: str, row_ids: Sequence[int]) -> dict[int, list[Said]]:
    """What was said about rows that the caller has already been allowed to see, oldest first, by row."""
    found: dict[int, list[Said]] = {row_id: [] for row_id in row_ids}
    rows = SignOff.objects.filter(kind=kind, row_id__in=row_ids).order_by("id")
    for row in rows.select_related("person", "on_behalf_of"):
        found[row.row_id].append(
            Said(
                row.version,
                row.verdict,
                Verdict(row.verdict).label,
                row.comment,
                row.person.name,
                row.on_behalf_of.name if row.on_behalf_of else "",
                row.at,
            )
        )
    return found
