"""What was done of the steps of a stage, as the evidence tells: gates, checklists and stays read it here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import F

from .models import Evidence, Stage, StageSpan
from .spans import SpanCount, count
from .steps import StageStep, required

SHOWN = ("opportunity", "kind", "occurrence", "occurred_at", "recorded_at", "note", "by__name")
BECAUSE = "what was proved afterwards is counted in the stays that were left, whoever sees the opportunity"


def proofs_of(opportunity_ids: Collection[int]) -> Mapping[int, list[Evidence]]:
    """The evidence of opportunities that the caller was given, the earliest first."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    if opportunity_ids:
        rows = Evidence.objects.filter(opportunity__in=opportunity_ids).select_related("by").only(*SHOWN)
        for proof in rows.order_by("occurred_at", "pk"):
            found[proof.opportunity_id].append(proof)
    return found


def proves(proof: Evidence, step: StageStep) -> bool:
    """True for evidence of the kind that the step asks for, or for its own tick."""
    if step.evidence:
        return bool(proof.kind == step.evidence)
    return bool(proof.kind == "" and proof.occurrence == step.key)


def done_of(steps: Iterable[StageStep], proofs: Collection[Evidence]) -> set[str]:
    """The keys of the steps that something proves, whenever it happened."""
    return {step.key for step in steps if any(proves(proof, step) for proof in proofs)}


def done_in(stage: Stage, opportunity_id: int) -> set[str]:
    """The keys of the required steps of a stage that an opportunity has done; asked only where there are any."""
    steps = required(stage.checklist)
    return done_of(steps, proofs_of([opportunity_id])[opportunity_id]) if steps else set()


def count_steps(span: StageSpan, here: Stage, spans: Sequence[StageSpan], stages: Mapping[int, Stage]) -> None:
    """Keep in a stay that was just left how many steps the stage required and how many were done in it; not saved."""
    steps = required(here.checklist)
    span.required_steps, span.late_steps = len(steps), 0
    proofs = proofs_of([span.opportunity_id])[span.opportunity_id] if steps else []
    span.done_steps = len(done_of(steps, _inside(proofs, span, _since(span, spans, stages))))


def count_late(opportunity_ids: Collection[int]) -> dict[int, tuple[SpanCount, ...]]:
    """Count again what was proved only after a stay was left, where something was left undone; gives what that changes
    in the counts, by opportunity."""
    every = StageSpan.objects.beyond_sight(because=BECAUSE).filter(opportunity__in=opportunity_ids)
    lacking = set(every.filter(done_steps__lt=F("required_steps")).values_list("opportunity_id", flat=True))
    if not lacking:
        return {}
    proofs, ways = proofs_of(lacking), defaultdict(list)
    for span in every.filter(opportunity__in=lacking).select_related("stage").order_by("seq"):
        ways[span.opportunity_id].append(span)
    changed: list[StageSpan] = []
    counts: dict[int, tuple[SpanCount, ...]] = {}
    for pk, spans in ways.items():
        stages = {span.stage_id: span.stage for span in spans}
        for span in spans:
            if span.done_steps is not None and span.done_steps < (span.required_steps or 0):
                late = _late(span, proofs[pk], _since(span, spans, stages))
                if late != span.late_steps:
                    before = count(span, -1)
                    span.late_steps = late
                    counts[pk] = (*counts.get(pk, ()), before, count(span, 1))
                    changed.append(span)
    StageSpan.objects.beyond_sight(because=BECAUSE).bulk_update(changed, ["late_steps"])
    return counts


def _late(span: StageSpan, proofs: Sequence[Evidence], since: dt.datetime | None) -> int:
    """How many of its required steps were ticked after it was left, or were done in it and noted afterwards."""
    steps = required(span.stage.checklist)
    done = done_of(steps, _inside(proofs, span, since))
    after = [proof for proof in proofs if span.left_at is not None and proof.recorded_at > span.left_at]
    noted = [proof for proof in after if not proof.kind or _is_between(proof, since, span.left_at)]
    most = (span.required_steps or 0) - (span.done_steps or 0)
    return min(most, len(done_of(steps, noted) - done))


def _inside(proofs: Iterable[Evidence], span: StageSpan, since: dt.datetime | None) -> list[Evidence]:
    """What happened in a stay and was noted by its end."""
    left = span.left_at
    return [
        proof for proof in proofs if _is_between(proof, since, left) and (left is None or proof.recorded_at <= left)
    ]


def _is_between(proof: Evidence, since: dt.datetime | None, left: dt.datetime | None) -> bool:
    return (since is None or proof.occurred_at >= since) and (left is None or proof.occurred_at <= left)


def _since(span: StageSpan, spans: Sequence[StageSpan], stages: Mapping[int, Stage]) -> dt.datetime | None:
    """From when on a proof counts for a stay: its first entry into the stage; None for that in which it was opened.

    What was done in an earlier stay in the same stage need not be done again, and a visit may begin an opportunity.
    """
    code = stages[span.stage_id].code
    first = next(one for one in spans if stages[one.stage_id].code == code)
    return None if first.seq == 1 else first.occurred_at
