"""The rollups follow the pipeline in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import drop_gauge, put_gauge
from xiaocheng.foundation.org.events import PersonMoved
from xiaocheng.selling.customers.events import CustomerEdited
from xiaocheng.selling.pipeline.events import (
    ImportedDealUndone,
    MoveUndone,
    OpportunityEdited,
    OpportunityHandedOver,
    OpportunityImported,
    OpportunityLost,
    OpportunityOpened,
    OpportunityReopened,
    OpportunityWon,
    ProcessChanged,
    StageMoved,
    StepDone,
    StepsProvedLate,
)
from xiaocheng.selling.pipeline.spans import SpanCount

from .aging import age_rows, write_ages
from .cohorting import closed_rows, opened_rows, openings_of, write_cohorts
from .counting import Cells, closing_cells, folded, span_cells, write
from .measures import WALLET_SHARE, wallet_shares
from .moving import When, bring_in, follow, forget, open_deals_of, take_back
from .pathing import path_rows, write_paths
from .stepping import step_rows, write_steps


@projects(OpportunityOpened, StageMoved, ProcessChanged)
def follow_moves(events: Sequence[OpportunityOpened | StageMoved | ProcessChanged]) -> None:
    """Count the spans that were begun and left."""
    spans = [count for event in events for count in event.spans]
    _follow(spans)
    write_cohorts(opened_rows(spans))


@projects(OpportunityImported, OpportunityWon, OpportunityLost, OpportunityReopened)
def follow_closings(
    events: Sequence[OpportunityImported | OpportunityWon | OpportunityLost | OpportunityReopened],
) -> None:
    """Count the spans, and the wins, losses and reversals."""
    spans = [count for event in events for count in event.spans]
    closings = [closing for event in events for closing in event.closings]
    _follow(spans, closing_cells(closings))
    write_paths(path_rows(closings))
    write_cohorts(opened_rows(spans), closed_rows(closings, openings_of(events, closings)))


@projects(MoveUndone, ImportedDealUndone)
def follow_undone(events: Sequence[MoveUndone | ImportedDealUndone]) -> None:
    """Take what a wrong click or a mistaken import had counted out of the count again."""
    spans = [count for event in events for count in event.spans]
    withdrawn = [closing for event in events for closing in event.withdrawn]
    _follow(spans, closing_cells(withdrawn, sign=-1))
    write_paths(path_rows(withdrawn, sign=-1))
    write_cohorts(opened_rows(spans), closed_rows(withdrawn, openings_of(events, withdrawn), sign=-1))


@projects(StepDone, StepsProvedLate)
def follow_late_steps(events: Sequence[StepDone | StepsProvedLate]) -> None:
    """Count the stays whose required steps were proved after they were left."""
    if spans := [count for event in events for count in event.spans]:
        write(folded(span_cells(spans)))


def _follow(spans: Sequence[SpanCount], *closings: Cells) -> None:
    write(folded(span_cells(spans), *closings))
    write_ages(age_rows(spans))
    write_steps(step_rows(spans))


@projects(OpportunityOpened, OpportunityWon, OpportunityLost)
def follow_the_open_pipeline(events: Sequence[OpportunityOpened | OpportunityWon | OpportunityLost]) -> None:
    """One deal more or less in the open pipeline, on the day on which it counts."""
    for day in {event.booked_on for event in events}:
        ids = [event.opportunity_id for event in events if event.booked_on == day]
        follow(ids, When(clock.now(), day))


@projects(OpportunityReopened, OpportunityHandedOver)
def follow_what_comes_and_goes(events: Sequence[OpportunityReopened | OpportunityHandedOver]) -> None:
    """One deal more in the open pipeline, or in that of somebody else."""
    follow([event.opportunity_id for event in events])


@projects(OpportunityEdited)
def follow_amounts(events: Sequence[OpportunityEdited]) -> None:
    """An open deal is worth another amount."""
    if changed := [event.opportunity_id for event in events if "amount" in event.fields]:
        follow(changed)


@projects(MoveUndone)
def follow_undone_closings(events: Sequence[MoveUndone]) -> None:
    """A win, loss or reopening that was a wrong click leaves no trace in the open pipeline."""
    if undone := [event.opportunity_id for event in events if event.withdrawn]:
        take_back(undone)
        follow(undone)


@projects(OpportunityImported)
def bring_in_imported(events: Sequence[OpportunityImported]) -> None:
    """An imported deal changes the open pipeline of the days on which it was opened and closed."""
    bring_in([event.opportunity_id for event in events])


@projects(ImportedDealUndone)
def forget_imported(events: Sequence[ImportedDealUndone]) -> None:
    """A deal that was imported by mistake was never in the pipeline."""
    forget([event.opportunity_id for event in events])


@projects(PersonMoved)
def follow_people(events: Sequence[PersonMoved]) -> None:
    """Somebody's open deals go to the new department with him."""
    people = [event.person_id for event in events if event.from_department_id != event.to_department_id]
    if people:
        follow(open_deals_of(people))


@projects(CustomerEdited)
def follow_the_estimate(events: Sequence[CustomerEdited]) -> None:
    """Our share of what customers buy follows the estimate that somebody changed."""
    customers = [event.customer_id for event in events if "yearly_demand" in event.fields]
    if customers:
        drop_gauge(WALLET_SHARE, customers)
        put_gauge(WALLET_SHARE, dict(wallet_shares(customers)))
