"""The board: one column a stage, with exact totals, and the cards to page through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.selling.pipeline.models import Opportunity, Stage
from xiaocheng.selling.pipeline.models.processes import OPEN

from .lists import NO_FILTERS, Filters, opportunities
from .processes import stages_of_process

ORDER = ("-entered_stage_at", "-pk")  # of the cards: what came last is on top


@dataclass(frozen=True)
class Column:
    """A stage of the board, the same one in all editions of the process, with its totals."""

    stage: Stage
    stage_ids: tuple[int, ...]
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Board:
    """The columns of the open stages, the stages in which a deal ends, and all cards, not yet read."""

    columns: list[Column]
    ends: list[Stage]
    cards: QuerySet[Opportunity]

    def column(self, code: str) -> Column:
        """One column, by the code of its stage."""
        found = next((column for column in self.columns if column.stage.code == code), None)
        if found is None:
            raise NotFound
        return found

    @property
    def count(self) -> int:
        """All open opportunities on it."""
        return sum(column.count for column in self.columns)

    @property
    def amount(self) -> Decimal:
        """What they are worth together."""
        return sum((column.amount for column in self.columns), Decimal(0))


def board(actor: Actor, process_id: int, view: str = "mine", search: str = "", filters: Filters = NO_FILTERS) -> Board:
    """The open opportunities of one process that the actor sees, by stage."""
    stages = stages_of_process(actor, process_id)
    if not stages:
        raise NotFound
    rows = opportunities(actor, view, search, filters).filter(state=OPEN)
    totals = _totals(rows, [stage.pk for stage in stages])
    columns = [_column(same, totals) for same in _by_code(stages) if same[0].is_open]
    newest = stages[0].version_id
    return Board(
        [column for column in columns if column.stage.version_id == newest or column.count],
        [stage for stage in stages if stage.version_id == newest and stage.kind in {"won", "lost"}],
        rows,
    )


def stage_on_board(actor: Actor, opportunity_id: int, stage_id: int) -> Stage:
    """The stage of the opportunity's own edition that stands in a column: the one with the same code."""
    row: Opportunity = Opportunity.objects.one(actor, opportunity_id)
    dropped = Stage.objects.filter(pk=stage_id).first()
    found = Stage.objects.filter(version_id=row.version_id, code=dropped.code).first() if dropped else None
    if found is None:
        raise NotFound
    return found


def _by_code(stages: Sequence[Stage]) -> list[list[Stage]]:
    """Stages of one code together, the newest edition's order first."""
    same: dict[str, list[Stage]] = defaultdict(list)
    for stage in stages:
        same[stage.code].append(stage)
    return list(same.values())


def _totals(rows: QuerySet[Opportunity], stage_ids: Sequence[int]) -> dict[int, tuple[int, Decimal]]:
    grouped = (
        rows.filter(stage_id__in=stage_ids).order_by().values_list("stage_id").annotate(Count("pk"), Sum("amount"))
    )
    return {stage: (n, amount or Decimal(0)) for stage, n, amount in grouped}


def _column(same: list[Stage], totals: dict[int, tuple[int, Decimal]]) -> Column:
    ids = tuple(stage.pk for stage in same)
    found = [totals[pk] for pk in ids if pk in totals]
    return Column(same[0], ids, sum(n for n, _amount in found), sum((amount for _n, amount in found), Decimal(0)))
