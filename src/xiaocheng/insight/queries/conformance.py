"""Whether deals go the way of the process: from which stage to which, and where stages are left out or gone back to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.insight.breakdown import line_names
from xiaocheng.insight.counting import EXITS
from xiaocheng.insight.figures import Figure, rate
from xiaocheng.insight.measures import BACK_RATE, SKIP_RATE
from xiaocheng.insight.selection import Selection
from xiaocheng.insight.stages import KnownStage, busiest, known_stages
from xiaocheng.insight.sums import steps, sums
from xiaocheng.selling.pipeline.models.processes import AFTER, LOST, OPEN

ELSEWHERE = ""  # as the code of a stage: one of another process
Mark = Literal["", "skip", "back"]


@dataclass(frozen=True)
class Step:
    """How often deals went from a stage to another; marked where that leaves stages out or goes back."""

    code: str
    n: int
    mark: Mark


@dataclass(frozen=True)
class FromStage:
    """One open stage: how it was left, and for which stages, in the order of the columns."""

    code: str
    name: str
    skip_rate: Figure
    back_rate: Figure
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class PersonSteps:
    """How somebody's deals left the open stages."""

    id: int
    name: str
    skip_rate: Figure
    back_rate: Figure


@dataclass(frozen=True)
class Conformance:
    """The steps of one process; `columns` are (code, name) of the stages gone to, an empty code is another process."""

    process_id: int | None
    process: str
    skip_rate: Figure
    back_rate: Figure
    rows: tuple[FromStage, ...]
    columns: tuple[tuple[str, str], ...]
    people: tuple[PersonSteps, ...]

    @property
    def is_empty(self) -> bool:
        """True when no stage was left."""
        return not any(step.n for row in self.rows for step in row.steps)


def conformance(actor: Actor, selection: Selection) -> Conformance:
    """How the stages entered in the period were left until now; of the busiest process if none is asked for."""
    known = known_stages()
    found = sums(actor, selection, EXITS, ("stage_id",) if selection.is_of_offer else ("stage_id", "person_id"))
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
    skip_rate, back_rate = _rates(whole)
    return Conformance(
        process_id,
        next((stage.process for stage in newest), ""),
        skip_rate,
        back_rate,
        tuple(
            FromStage(stage.code, stage.name, *_rates(totals[stage.code]), _steps(stage, newest, stages, gone, columns))
            for stage in newest
            if stage.kind == OPEN
        ),
        columns,
        _people(actor, found, worked),
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


def _people(actor: Actor, found: Mapping[tuple[int, ...], Counter[str]], worked: set[int]) -> tuple[PersonSteps, ...]:
    """Each person by name; nobody where the figures are of a product or a source."""
    people: dict[int, Counter[str]] = defaultdict(Counter)
    for (stage, *person), values in found.items():
        if person and stage in worked:
            people[person[0]].update(values)
    names = line_names(actor, "person", people)
    lines = [PersonSteps(pk, names.get(pk, ""), *_rates(values)) for pk, values in people.items()]
    return tuple(sorted((line for line in lines if line.back_rate.n), key=lambda line: line.name))
