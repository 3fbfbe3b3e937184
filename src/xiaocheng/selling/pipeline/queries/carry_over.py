"""What moving the open opportunities of a process to the edition in use would do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.org.queries import names_of
from xiaocheng.selling.pipeline.models import Opportunity, ProcessVersion, Stage
from xiaocheng.selling.pipeline.models.processes import OPEN, PUBLISHED

BECAUSE = "whoever keeps a process is told how many open opportunities stand in its stages, not which"


@dataclass(frozen=True)
class Owned:
    """How many of the opportunities are somebody's."""

    person_id: int
    name: str
    count: int


@dataclass(frozen=True)
class CarryLine:
    """The opportunities that stand in one stage of older editions; `to` is the same stage of the edition in use."""

    code: str
    name: str
    to: Stage | None
    count: int
    amount: Decimal
    owners: list[Owned]  # whoever has most comes first


@dataclass(frozen=True)
class CarryOver:
    """The opportunities in sight that could move, by stage; `out_of_sight` are those that the actor cannot move."""

    version: ProcessVersion
    stages: list[Stage]  # the open ones of the edition in use
    lines: list[CarryLine]
    out_of_sight: int

    @property
    def count(self) -> int:
        """All that are in sight."""
        return sum(line.count for line in self.lines)

    @property
    def amount(self) -> Decimal:
        """What they are worth together."""
        return sum((line.amount for line in self.lines), Decimal(0))


def behind(actor: Actor, version: ProcessVersion) -> QuerySet[Opportunity]:
    """The open opportunities in sight that are on other editions of the same process."""
    return _on_others(Opportunity.objects.visible_to(actor), version)


def carry_over_preview(actor: Actor, process_id: int) -> CarryOver:
    """What would move to the edition in use, stage by stage."""
    version = ProcessVersion.objects.filter(process=process_id, state=PUBLISHED).select_related("process").first()
    if version is None:
        raise NotFound
    own = [stage for stage in version.stages.all() if stage.is_open]
    found = behind(actor, version).order_by().values_list("stage_id", "owner_id").annotate(Count("pk"), Sum("amount"))
    lines = _lines(list(found), {stage.code: stage for stage in own})
    return CarryOver(version, own, lines, _out_of_sight(actor, version, sum(line.count for line in lines)))


def open_in_stages(actor: Actor, process_id: int) -> dict[str, int]:
    """How many open opportunities stand in the stages of all editions of a process, by code, whoever sees them."""
    rows = _everything().filter(version__process=process_id).order_by().values_list("stage__code")
    return dict(rows.annotate(Count("pk")))


def _on_others(rows: QuerySet[Opportunity], version: ProcessVersion) -> QuerySet[Opportunity]:
    return rows.filter(state=OPEN, version__process=version.process_id).exclude(version=version)


def _everything() -> QuerySet[Opportunity]:
    return Opportunity.objects.beyond_sight(because=BECAUSE).filter(state=OPEN)


def _out_of_sight(actor: Actor, version: ProcessVersion, seen: int) -> int:
    return 0 if actor.sight.everyone else _on_others(_everything(), version).count() - seen


def _lines(found: list[tuple[int, int, int, Decimal | None]], own: dict[str, Stage]) -> list[CarryLine]:
    stages = {row.pk: row for row in Stage.objects.filter(pk__in={pk for pk, *_rest in found}).order_by("-version")}
    names = names_of({owner for _stage, owner, *_rest in found})
    newest: dict[str, Stage] = {}
    for stage in stages.values():
        newest.setdefault(stage.code, stage)
    owners: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    worth: dict[str, Decimal] = defaultdict(Decimal)
    for stage_id, owner, count, amount in found:
        code = stages[stage_id].code
        owners[code][owner] += count
        worth[code] += amount or 0
    return [
        CarryLine(
            code,
            stage.name,
            own.get(code),
            sum(owners[code].values()),
            worth[code],
            sorted(
                (Owned(pk, names[pk], n) for pk, n in owners[code].items()), key=lambda one: (-one.count, one.person_id)
            ),
        )
        for code, stage in sorted(newest.items(), key=lambda item: item[1].position)
    ]
