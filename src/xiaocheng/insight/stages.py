"""The stages of all processes as figures know them: the same stage of several editions is one, by its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from xiaocheng.foundation.kernel.prepared import Prepared
from xiaocheng.selling.pipeline.models import Stage
from xiaocheng.selling.pipeline.models.processes import DRAFT

from .counting import EXITS


@dataclass(frozen=True)
class KnownStage:
    """A stage as figures need it; the same stage of several editions has one code."""

    process_id: int
    process: str
    code: str
    name: str
    kind: str
    expected_days: int | None


_STAGES = Prepared(
    lambda: (
        Stage.objects.exclude(version__state=DRAFT)
        .order_by("version__process_id", "-version__number", "position")
        .values_list("pk", "version__process_id", "version__process__name", "code", "name", "kind", "expected_days")
    )
)


def known_stages() -> dict[int, KnownStage]:
    """Every stage ever in use, in the order of the newest edition; those only older editions had come last."""
    newest: dict[tuple[int, str], KnownStage] = {}
    known = {}
    for pk, process_id, process, code, name, kind, days in _STAGES():
        stage = KnownStage(process_id, process, code, name, kind, days)
        known[pk] = newest.setdefault((stage.process_id, stage.code), stage)
    return known


def known_stage_names(process_id: int) -> dict[str, str]:
    """The names of the stages of a process by their code."""
    return {stage.code: stage.name for stage in known_stages().values() if stage.process_id == process_id}


def busiest(known: Mapping[int, KnownStage], by_stage: Mapping[int, Counter[str]]) -> int | None:
    """The process with most entries."""
    entries: Counter[int] = Counter({stage.process_id: 0 for stage in known.values()})
    for pk, values in by_stage.items():
        if pk in known:
            entries[known[pk].process_id] += sum(values[name] for name in EXITS)
    return max(entries, key=lambda process_id: (entries[process_id], -process_id), default=None)
