"""How deals go by their process: steps, paths, required activities; and the seven questions about it together."""

from __future__ import annotations

from typing import Literal

from ninja import Query, Router
from ninja import Schema as Answer

from xiaocheng.insight import queries
from xiaocheng.insight.queries import Conformance, Figure, Kept, OnesSteps, Variant

from .auth import ApiRequest
from .insight import Asked, bottleneck_out, figure_out, selected, stage_figures, stay_out
from .insight_shapes import BottleneckOut, FigureOut, Scope, StageFigures, StayOut
from .schemas import Page, Paging, page_of

router = Router(tags=["insight"])
Left = Literal["due", "done", "late", "undone"]


class StepOut(Answer):
    """How often a stage was left for another (an empty `to`: in another process); `mark` skip or back, or empty."""

    to: str
    n: int
    mark: str


class KeptOut(Answer):
    """Closed deals whose path is known: how many agree with the process; `act_done` of stays left in the period.

    `skipping` left stages out and `returning` went back, as the process allows; `act_late`: proved only afterwards.
    """

    conform: FigureOut
    straight: FigureOut
    skipping: int
    returning: int
    act_done: FigureOut
    act_late: FigureOut


class StageStepsOut(Answer):
    """One stage: for which stages it was left, and whether its required steps were done by then."""

    code: str
    name: str
    skip_rate: FigureOut
    back_rate: FigureOut
    act_done: FigureOut
    act_late: FigureOut
    steps: list[StepOut]


class OnesStepsOut(Answer):
    """How the deals of a person, or those credited to a department, left the stages and were closed."""

    id: int
    name: str
    skip_rate: FigureOut
    back_rate: FigureOut
    kept: KeptOut


class VariantOut(Answer):
    """One path of closed deals: codes of stages in order, an empty first one is another process.

    `kind` straight, skip or back; `won` is a share of those that went it, `days` the median.
    """

    path: list[str]
    kind: str
    share: FigureOut
    won: FigureOut
    days: FigureOut


class ConformanceOut(Answer):
    """From which stage of a process to which, and how closed deals had gone.

    `people` and `teams` are empty where a product or a source is asked for.
    """

    scope: Scope
    process_id: int | None
    process: str
    skip_rate: FigureOut
    back_rate: FigureOut
    kept: KeptOut
    stages: list[StageStepsOut]
    people: list[OnesStepsOut]
    teams: list[OnesStepsOut]
    paths: list[VariantOut]
    other_paths: int
    won_paths: list[VariantOut]


class SourceDealsOut(Answer):
    """The opportunities of one source (of the opportunity), opened and closed in the period; an empty code: none."""

    source: str
    name: str
    opened: FigureOut
    won: FigureOut
    win_rate: FigureOut
    revenue: FigureOut


class HealthOut(Answer):
    """The seven questions about one process: sources, paths, required steps, agreement, losses, times, stages left out.

    Of `stages` the exits, estimates and times are of those entered in the period. A difference between deals that left
    stages out and others is not told: raw, it would mislead.
    """

    scope: Scope
    process_id: int | None
    process: str
    sources: list[SourceDealsOut]
    conformance: ConformanceOut
    stages: list[StageFigures]
    bottleneck: BottleneckOut | None


@router.get("/insight/conformance", response=ConformanceOut)
def conformance(request: ApiRequest, asked: Query[Asked]) -> ConformanceOut:
    """How deals go by their process: from which stage to which, by which paths; of the busiest process if none."""
    selection, scope = selected(request.actor, asked)
    return _conformance(scope, queries.conformance(request.actor, selection))


@router.get("/insight/health", response=HealthOut)
def health(request: ApiRequest, asked: Query[Asked]) -> HealthOut:
    """The seven questions about a process together; of the busiest process if none is asked for."""
    selection, scope = selected(request.actor, asked)
    found = queries.health(request.actor, selection)
    return HealthOut(
        scope=scope,
        process_id=found.funnel.process_id,
        process=found.funnel.process,
        sources=[
            SourceDealsOut(
                source=line.code,
                name=line.name,
                opened=figure_out(line.opened),
                won=figure_out(line.won),
                win_rate=figure_out(line.win_rate),
                revenue=figure_out(line.revenue),
            )
            for line in found.sources
        ],
        conformance=_conformance(scope, found.steps),
        stages=[stage_figures(line) for line in found.funnel.lines],
        bottleneck=bottleneck_out(found.funnel.bottleneck) if found.funnel.bottleneck else None,
    )


@router.get("/insight/rows/left-stays", response=Page[StayOut])
def left_stays(
    request: ApiRequest, asked: Query[Asked], paging: Query[Paging], of: Left = "due", stage: str = ""
) -> Page[StayOut]:
    """The stays left in the period whose stage required steps, by whether these were done then or proved later."""
    selection, _scope = selected(request.actor, asked)
    return page_of(queries.left_spans(request.actor, selection, of, stage=stage), paging, stay_out)


def _conformance(scope: Scope, found: Conformance) -> ConformanceOut:
    return ConformanceOut(
        scope=scope,
        process_id=found.process_id,
        process=found.process,
        skip_rate=figure_out(found.skip_rate),
        back_rate=figure_out(found.back_rate),
        kept=_kept(found.kept),
        stages=[
            StageStepsOut(
                code=row.code,
                name=row.name,
                skip_rate=figure_out(row.skip_rate),
                back_rate=figure_out(row.back_rate),
                act_done=figure_out(row.act_done),
                act_late=figure_out(row.act_late),
                steps=[StepOut(to=step.code, n=step.n, mark=step.mark) for step in row.steps if step.n],
            )
            for row in found.rows
        ],
        people=[_ones_steps(line) for line in found.people],
        teams=[_ones_steps(line) for line in found.teams],
        paths=[_variant(item) for item in found.variants.of_all],
        other_paths=found.variants.others,
        won_paths=[_variant(item) for item in found.variants.of_won],
    )


def _ones_steps(line: OnesSteps) -> OnesStepsOut:
    return OnesStepsOut(
        id=line.id,
        name=line.name,
        skip_rate=figure_out(line.skip_rate),
        back_rate=figure_out(line.back_rate),
        kept=_kept(line.kept),
    )


def _kept(found: Kept) -> KeptOut:
    figures = {name: figure_out(value) for name, value in vars(found).items() if isinstance(value, Figure)}
    return KeptOut(skipping=found.skipping, returning=found.returning, **figures)


def _variant(item: Variant) -> VariantOut:
    return VariantOut(
        path=[code for code, _name in item.stages],
        kind=item.kind,
        share=figure_out(item.share),
        won=figure_out(item.won),
        days=figure_out(item.days),
    )
