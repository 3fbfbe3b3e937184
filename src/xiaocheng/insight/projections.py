"""The rollups follow the pipeline in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence

from xiaocheng.foundation.kernel.journal import projects
from xiaocheng.foundation.kernel.measures import drop_gauge, put_gauge
from xiaocheng.selling.customers.events import CustomerEdited
from xiaocheng.selling.pipeline.events import (
    ImportedDealUndone,
    MoveUndone,
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
from .counting import Cells, closing_cells, folded, span_cells, write
from .measures import WALLET_SHARE, wallet_shares
from .pathing import path_rows, write_paths
from .stepping import step_rows, write_steps


@projects(OpportunityOpened, StageMoved, ProcessChanged)
def follow_moves(events: Sequence[OpportunityOpened | StageMoved | ProcessChanged]) -> None:
    """Count the spans that were begun and left."""
    _follow([count for event in events for count in event.spans])


@projects(OpportunityImported, OpportunityWon, OpportunityLost, OpportunityReopened)
def follow_closings(
    events: Sequence[OpportunityImported | OpportunityWon | OpportunityLost | OpportunityReopened],
) -> None:
    """Count the spans, and the wins, losses and reversals."""
    spans = [count for event in events for count in event.spans]
    closings = [closing for event in events for closing in event.closings]
    _follow(spans, closing_cells(closings))
    write_paths(path_rows(closings))


@projects(MoveUndone, ImportedDealUndone)
def follow_undone(events: Sequence[MoveUndone | ImportedDealUndone]) -> None:
    """Take what a wrong click or a mistaken import had counted out of the count again."""
    spans = [count for event in events for count in event.spans]
    withdrawn = [closing for event in events for closing in event.withdrawn]
    _follow(spans, closing_cells(withdrawn, sign=-1))
    write_paths(path_rows(withdrawn, sign=-1))


@projects(StepDone, StepsProvedLate)
def follow_late_steps(events: Sequence[StepDone | StepsProvedLate]) -> None:
    """Count the stays whose required steps were proved after they were left."""
    if spans := [count for event in events for count in event.spans]:
        write(folded(span_cells(spans)))


def _follow(spans: Sequence[SpanCount], *closings: Cells) -> None:
    write(folded(span_cells(spans), *closings))
    write_ages(age_rows(spans))
    write_steps(step_rows(spans))


@projects(CustomerEdited)
def follow_the_estimate(events: Sequence[CustomerEdited]) -> None:
    """Our share of what customers buy follows the estimate that somebody changed."""
    customers = [event.customer_id for event in events if "yearly_demand" in event.fields]
    if customers:
        drop_gauge(WALLET_SHARE, customers)
        put_gauge(WALLET_SHARE, dict(wallet_shares(customers)))
