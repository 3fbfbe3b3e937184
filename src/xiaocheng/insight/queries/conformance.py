"""Whether deals go the way of the process: from which stage to which, and where stages are left out or gone back to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.breakdown import line_names
from xiaocheng.insight.counting import EXITS, LEFT_COLUMNS, PATH_COLUMNS
from xiaocheng.insight.figures import Figure, plain, rate
from xiaocheng.insight.measures import ACT_DONE, ACT_LATE, BACK_RATE, CONFORM, SKIP_RATE, STRAIGHT
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.stages import KnownStage, busiest, known_stages
from xiaocheng.insight.sums import paths, steps, sums
from xiaocheng.selling.pipeline.models.processes import AFTER, LOST, OPEN

from .variants import Variants, variants

ELSEWHERE = ""  # as the code of a stage: one of another process
Mark = Literal["", "skip", "back"]


@dataclass(frozen=True)
class Step:
    """How often deals went from a stage to another; marked where that leaves stages out or goes back."""

    code: str
    n: int
    mark: Mark


@dataclass(frozen=True)
class Kept:
    """How the closed deals whose path is known agree with the process, and how often its required steps were done."""

    conform: Figure
    straight: Figure
    skipping: int  # deals that left stages out, as the process allows
    returning: int  # deals that went back
    act_done: Figure
    act_late: Figure


@dataclass(frozen=True)
class FromStage:
    """One open stage: how it was left, and for which stages, in the order of the columns."""

    code: str
    name: str
    skip_rate: Figure
    back_rate: Figure
    skipped: int
    act_done: Figure
    act_late: Figure
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class OnesSteps:
    """How somebody's deals, or those credited to a department, left the open stages and were closed."""

    id: int
    name: str
    skip_rate: Figure
    back_rate: Figure
    kept: Kept


@dataclass(frozen=True)
class Conformance:
    """The steps of one process; `columns` are (code, name) of the stages gone to, an empty code is another process."""

    process_id: int | None
    process: str
    skip_rate: Figure
    back_rate: Figure
    kept: Kept
    rows: tuple[FromStage, ...]
    columns: tuple[tuple[str, str], ...]
    people: tuple[OnesSteps, ...]
    teams: tuple[OnesSteps, ...]
    variants: Variants

    @property
    def is_empty(self) -> bool:
        """True when no stage was left, and nothing closed."""
        return not (any(step.n for row in self.rows for step in row.steps) or self.kept.conform.n)


def conformance(actor: Actor, selection: Selection) -> Conformance:
    """How the stages entered in the period were left until now, and how the deals closed in it had gone.

    Of the busiest process if none is asked for.
    """
    known = known_stages()
    whom = () if selection.is_of_offer else ("person_id", "department_id")
    found = sums(actor, selection, (*EXITS, *PATH_COLUMNS, *LEFT_COLUMNS), ("stage_id", *whom))
    by_stage: dict[int, Counter[str]] = defaultdict(Counter)
    for at, values in found.items():
        by_stage[at[0]].update(values)
    process_id = selection.process_id or busiest(known, by_stage)
    stages = {pk: stage for pk, stage in known.items() if stage.process_id == process_id}
    worked = {pk for pk, stage in stages.items() if stage.kind == OPEN}
    gone = steps(actor, selection, worked & by_stage.keys()) if worked & by_stage.keys() else Counter()
    totals = {code: Counter[str]() for code in dict.fromkeys(stage.code for stage in stages.values())}
    for pk in worked:
        totals[stages[pk].code].update(by_stage.get(pk, {}))
    whole: Counter[str] = sum(totals.values(), Counter())
    newest = list({stage.code: stage for stage in stages.values()}.values())
    columns = _columns(newest, stages, gone)
    return Conformance(
        process_id,
        next((stage.process for stage in newest), ""),
        *_rates(whole),
        _kept(whole),
        tuple(
            FromStage(
                stage.code,
                stage.name,
                *_rates(totals[stage.code]),
                totals[stage.code]["skipped"],
                *_acts(totals[stage.code]),
                _steps(stage, newest, stages, gone, columns),
            )
            for stage in newest
            if stage.kind == OPEN
        ),
        columns,
        _ones(actor, "person", found, worked),
        _ones(actor, "team", found, worked),
        variants(paths(actor, selection) if whole["judged"] else {}, worked, newest),
    )


def _columns(
    newest: Sequence[KnownStage], stages: Mapping[int, KnownStage], gone: Mapping[tuple[int, int], int]
) -> tuple[tuple[str, str], ...]:
    """The stages that one can go to; another process only where somebody went there."""
    own = [(stage.code, stage.name) for stage in newest if stage.kind != AFTER]
    return (*own, *([(ELSEWHERE, "")] if any(to not in stages for _stage, to in gone) else []))


def _steps(
    here: KnownStage,
    newest: Sequence[KnownStage],
    stages: Mapping[int, KnownStage],
    gone: Mapping[tuple[int, int], int],
    columns: Sequence[tuple[str, str]],
) -> tuple[Step, ...]:
    counts: Counter[str] = Counter()
    for (stage, to), n in gone.items():
        if stages[stage].code == here.code:
            counts[stages[to].code if to in stages else ELSEWHERE] += n
    place = {stage.code: at for at, stage in enumerate(newest)}
    kinds = {stage.code: stage.kind for stage in newest}

    def mark(code: str) -> Mark:
        if kinds.get(code, LOST) == LOST:
            return ""
        if place[code] < place[here.code]:
            return "back"
        between = newest[place[here.code] + 1 : place[code]]
        return "skip" if any(stage.kind == OPEN for stage in between) else ""

    return tuple(Step(code, counts[code], mark(code)) for code, _name in columns)


def _rates(values: Counter[str]) -> tuple[Figure, Figure]:
    forward = values["advanced"] + values["skipped"]
    return (
        rate(SKIP_RATE, values["skipped"], forward),
        rate(BACK_RATE, values["back"], forward + values["back"] + values["lost"]),
    )


def _kept(values: Counter[str]) -> Kept:
    return Kept(
        rate(CONFORM, values["conforming"], values["judged"]),
        rate(STRAIGHT, values["straight"], values["judged"]),
        values["skipping"],
        values["returning"],
        *_acts(values),
    )


def _acts(values: Counter[str]) -> tuple[Figure, Figure]:
    late = values["stays_late"]
    return rate(ACT_DONE, values["stays_done"], values["stays_due"]), plain(ACT_LATE, late, late)


def _ones(
    actor: Actor, by: Literal["person", "team"], found: Mapping[tuple[int, ...], Counter[str]], worked: set[int]
) -> tuple[OnesSteps, ...]:
    """Each person or department by name; nobody where the figures are of a product or a source."""
    place = {"person": 0, "team": 1}[by]
    ones: dict[int, Counter[str]] = defaultdict(Counter)
    for (stage, *whom), values in found.items():
        if whom and stage in worked:
            ones[whom[place]].update(values)
    names = line_names(actor, by, ones)
    lines = [OnesSteps(pk, names.get(pk, ""), *_rates(values), _kept(values)) for pk, values in ones.items()]
    shown = [line for line in lines if line.back_rate.n or line.kept.conform.n or line.kept.act_done.n]
    return tuple(sorted(shown, key=lambda line: line.name))
