"""The path of a deal that was closed: which stages it went through, and how that agrees with its process."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xiaocheng.foundation.kernel.bulk import in_sets, update_many

from .models import Closing, StageTransition
from .models.facts import CORRECTION, IMPORT, MOVE, UNDO

BETWEEN = ">"
ELSEWHERE = ""  # as the first stage: it came from another process, or from a stage that its edition has no more
MORE = "…"
LONGEST = 200
SET = 2000
OF_STAGES = [f"{end}_stage__{name}" for end in ("from", "to") for name in ("version", "code", "kind", "position")]
READ = ("opportunity", "kind", "skipped", "is_bypass", *OF_STAGES)
BECAUSE = "the path of every win and loss is kept, whoever sees it"


@dataclass(frozen=True)
class Path:
    """The codes of the open stages in order, and how many stages were left out, ways back and moves past a gate.

    Without a path: some of its moves were imported, so nobody knows how it went.
    """

    path: str = ""
    left_out: int = 0
    went_back: int = 0
    breaches: int = 0


def path_of(moves: Iterable[StageTransition]) -> Path:
    """The path that moves make, in their order; mistaken ones are not given. What was before a change of process is not
    part of it. Opening a deal again is no way back."""
    codes: list[str] = []
    left_out: set[int] = set()
    went_back = breaches = 0
    for move in moves:
        here, to = move.from_stage, move.to_stage
        if move.kind == IMPORT and here is not None:
            return Path()
        if here is not None and here.version_id != to.version_id:
            if here.code != to.code:
                codes, left_out, went_back, breaches = [ELSEWHERE, to.code], set(), 0, 0
            continue
        left_out.update(move.skipped)
        breaches += move.is_bypass and move.kind == MOVE
        if not to.is_open:
            continue
        went_back += here is not None and move.kind == MOVE and to.position < here.position
        if codes[-1:] != [to.code]:
            codes.append(to.code)
    return Path(_written(codes), len(left_out), went_back, breaches)


def stages_of(path: str) -> list[str]:
    """The codes of a path, in order."""
    return path.split(BETWEEN) if path else []


def _written(codes: list[str]) -> str:
    """Codes as one text; a very long way ends with a mark."""
    written = BETWEEN.join(codes)
    if len(written) <= LONGEST:
        return written
    return written[: written.rindex(BETWEEN, 0, LONGEST)] + BETWEEN + MORE


def path_now(opportunity_id: int) -> Path:
    """The path of an opportunity until now."""
    return path_of(_moves([opportunity_id]))


def keep_paths() -> int:
    """Find the path of every win and loss again; gives how many differed from what was kept."""
    changed = 0
    every = Closing.objects.beyond_sight(because=BECAUSE)
    ids = list(every.order_by("opportunity_id").values_list("opportunity_id", flat=True).distinct())
    for some in in_sets(ids, SET):
        wrong = _wrong(list(every.filter(opportunity__in=some).order_by("opportunity_id", "pk")), some)
        update_many(wrong, "path", "left_out", "went_back", "breaches")
        changed += len(wrong)
    return changed


def _wrong(closings: list[Closing], opportunity_ids: Collection[int]) -> list[Closing]:
    """Those that keep another path than their moves make, with the right one; a reversal has that of what it takes
    back."""
    moves: dict[int, list[StageTransition]] = {pk: [] for pk in opportunity_ids}
    for move in _moves(opportunity_ids):
        moves[move.opportunity_id].append(move)
    found, right = [], Path()
    for closing in closings:
        if closing.sign == 1:
            right = path_of(move for move in moves[closing.opportunity_id] if move.pk <= closing.transition_id)
        if Path(closing.path, closing.left_out, closing.went_back, closing.breaches) != right:
            for name, value in vars(right).items():
                setattr(closing, name, value)
            found.append(closing)
    return found


def _moves(opportunity_ids: Collection[int]) -> Iterable[StageTransition]:
    """The moves of opportunities, the earliest first, without those that were mistakes."""
    rows = StageTransition.objects.beyond_sight(because=BECAUSE).filter(opportunity__in=opportunity_ids)
    rows = rows.exclude(kind__in=[CORRECTION, UNDO]).select_related("from_stage", "to_stage").only(*READ)
    return rows.order_by("opportunity_id", "pk")
