"""Open opportunities go over to another process or edition, one or many: what is saved and told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.bulk import update_many
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.org.queries import credited_departments

from .events import ProcessChanged
from .gates import Gate
from .models import Opportunity, ProcessVersion, Stage, StageSpan, StageTransition
from .models.facts import MOVE, MOVED_PROCESS
from .spans import Credit, SpanCount, count, enter, leave

BECAUSE = "the stays of opportunities that the actor was allowed to move, whoever they are credited to"


@dataclass(frozen=True)
class Carry:
    """One open opportunity, locked, and the stage to which it goes; `missing` are gates that are passed over."""

    row: Opportunity
    to: Stage
    missing: Sequence[Gate] = ()


def goes_on(here: Stage, to: Stage) -> bool:
    """True where the stay goes on: the same stage of another edition of the same process."""
    return here.version.process_id == to.version.process_id and here.code == to.code


def carry(actor: Actor, carries: Sequence[Carry], version: ProcessVersion, reason: str) -> None:
    """Put opportunities on an edition; in the same stage of the same process the stay goes on, elsewhere it is cut."""
    counts = _cut(actor, [item for item in carries if not goes_on(item.row.stage, item.to)], reason)
    for item in carries:
        item.row.version, item.row.stage = version, item.to
    update_many([item.row for item in carries], "version", "stage", "span_seq", "entered_stage_at")
    record(
        actor,
        *(
            ProcessChanged(
                opportunity_id=item.row.pk,
                customer_id=item.row.customer_id,
                process=version.process.name,
                to_stage=item.to.name,
                reason=reason.strip(),
                spans=counts.get(item.row.pk, ()),
            )
            for item in carries
        ),
    )


def _cut(actor: Actor, carries: Sequence[Carry], reason: str) -> dict[int, tuple[SpanCount, ...]]:
    """End the present stays and begin new ones; gives what that changes in the counts."""
    spans: dict[int, list[StageSpan]] = defaultdict(list)
    stays = StageSpan.objects.beyond_sight(because=BECAUSE).filter(opportunity__in=[item.row.pk for item in carries])
    for span in stays.select_related("stage").order_by("opportunity_id", "seq") if carries else ():
        spans[span.opportunity_id].append(span)
    credits = _credits([item.row for item in carries])
    lasts, begun, moves = [], [], []
    counts: dict[int, tuple[SpanCount, ...]] = {}
    for item in carries:
        row, been, credit = item.row, spans[item.row.pk], credits[item.row.owner_id]
        last, before = been[-1], count(been[-1], -1)
        leave(last, item.to, MOVED_PROCESS, credit)
        is_first = item.to.code not in {span.stage.code for span in been}
        span = enter(row, item.to, credit, seq=last.seq + 1, is_first=is_first)
        row.span_seq, row.entered_stage_at = span.seq, credit.occurred_at
        lasts.append(last)
        begun.append(span)
        moves.append(_move(actor, item, credit, reason))
        counts[row.pk] = (before, count(last, 1), count(span, 1))
    update_many(lasts, "left_at", "left_ym", "exit_kind", "next_stage", "dwell_seconds")
    StageSpan.objects.add_many(begun)
    StageTransition.objects.add_many(moves)
    return counts


def _credits(rows: Sequence[Opportunity]) -> dict[int, Credit]:
    """What happens now is credited to the present owners."""
    now, owners = clock.now(), sorted({row.owner_id for row in rows})
    departments = credited_departments(owners, clock.day_of(now))
    return {owner: Credit.of(owner, departments[owner], now) for owner in owners}


def _move(actor: Actor, item: Carry, credit: Credit, reason: str) -> StageTransition:
    return StageTransition(
        opportunity=item.row,
        from_stage=item.row.stage,
        to_stage=item.to,
        kind=MOVE,
        by_id=actor.person_id,
        unmet=[gate.key for gate in item.missing],
        is_bypass=bool(item.missing),
        reason=reason.strip(),
        **vars(credit),
    )
