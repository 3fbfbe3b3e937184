"""An edition of a process as a picture: the stages in a row with their days, chances and gates, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from xiaocheng.selling.pipeline.queries import ProcessVersion, Stage


@dataclass(frozen=True)
class Step:
    """One box: the stage, how long and how likely, what its gates ask for."""

    name: str
    kind: str
    pace: str = ""
    marks: tuple[str, ...] = ()
    from_any: str = ""


@dataclass(frozen=True)
class Flow:
    """The whole picture: the stages worked on, where the deal is won and what follows, where it is lost."""

    open: list[Step]
    ends: list[Step]
    lost: list[Step]
    skip: bool
    back: bool


def flow_of(version: ProcessVersion, roles: dict[int, str]) -> Flow:
    """The picture of an edition with its stages."""
    steps = [_step(stage, roles) for stage in version.stages.all()]
    worked_on = [step for step in steps if step.kind == "open"]
    several = len(worked_on) > 1
    return Flow(
        worked_on,
        [step for step in steps if step.kind in {"won", "after"}],
        [step for step in steps if step.kind == "lost"],
        several and version.skip_allowed,
        several and version.back_allowed,
    )


def _step(stage: Stage, roles: dict[int, str]) -> Step:
    if stage.kind == "lost":
        return Step(stage.name, stage.kind, marks=_movers(stage, roles), from_any=_("任何阶段都可能到这里"))
    parts = [_("%(days)s 天") % {"days": stage.expected_days}] if stage.expected_days else []
    if stage.is_open:
        parts.append(f"{stage.probability}%")
    return Step(stage.name, stage.kind, " · ".join(parts), (*_gates(stage), *_movers(stage, roles)))


def _gates(stage: Stage) -> list[str]:
    """How many things must be there on the way in and on the way out."""
    found = []
    if stage.enter_fields:
        found.append(_("进入前 %(count)s 项") % {"count": len(stage.enter_fields)})
    if asked := len(stage.leave_fields) + len(stage.must_do):
        found.append(_("离开前 %(count)s 项") % {"count": asked})
    return found


def _movers(stage: Stage, roles: dict[int, str]) -> tuple[str, ...]:
    names = [roles[pk] for pk in stage.movers if pk in roles]
    return (_("限 %(roles)s") % {"roles": " / ".join(names)},) if names else ()
