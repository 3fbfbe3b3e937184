"""The long work of an import: check every row before the first is written, then write set by set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import RuleBroken
from xiaocheng.foundation.kernel.journal import record
from xiaocheng.foundation.kernel.text import listed

from .checking import Checked, Checker, Problem
from .events import FileImported
from .meanings import made_sure, sheet_of, target_for
from .models import (
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    RUNNING,
    UNDOING,
    ImportedChange,
    ImportedSet,
    ImportJob,
    ImportProblem,
)
from .plan import Plan
from .targets import Done, Target
from .updating import written

FATES = ("new", "changed", "same", "refused")
MOST_PROBLEMS = 100_000
MADE_KEPT = 20
Advance = Callable[[int], None]


def check(actor: Actor, job_id: int, advance: Advance, *, dry: bool = False) -> ImportJob:
    """Check every row of a table before any is written; all that this needs to make is taken back again.

    With `dry`, and wherever rows that are there may be changed or stand in the way of a value that may not repeat, they
    are written, too: what would become of each is kept for the preview.
    """
    job = ImportJob.objects.one(actor, job_id)
    target = target_for(actor, job)
    checker = _checker(actor, job, target)
    checker.look()
    dry = dry or checker.key is not None or bool(checker.single)
    ImportProblem.objects.filter(job=job).delete()
    counts = dict.fromkeys((*FATES, "good", "warned"), 0)
    with Plan.of(job).opened() as plan:
        for found in _checked_sets(checker, job, target, dry, counts, plan):
            counts["refused"] += len({problem.row for problem in found.problems})
            _note_problems(job, checker, found.problems)
            advance(found.read)
    notes = _notes(job, checker) + _warning(target, counts.pop("warned"))
    ImportJob.objects.visible_to(actor).filter(pk=job.pk).update(
        state=CHECKED, is_dry=dry, counts=counts, notes=notes, next_row=0
    )
    return ImportJob.objects.one(actor, job_id)  # type: ignore[no-any-return]


def run(actor: Actor, job_id: int, advance: Advance) -> ImportJob:
    """Write a checked table set by set; each set and its checkpoint are one transaction, so a crash loses nothing."""
    ImportJob.objects.visible_to(actor).filter(pk=job_id, state__in=[CHECKED, FAILED]).update(state=RUNNING)
    job: ImportJob = ImportJob.objects.one(actor, job_id)
    target = target_for(actor, job)
    checker = _checker(actor, job, target)
    bad = set(ImportProblem.objects.filter(job=job).values_list("row", flat=True))
    checker.prepare(*_make_sure(actor, job, target, len(bad)))
    checker.look()
    for batch in checker.batches(job.next_row):
        _write(actor, job, target, checker, checker.understand(batch), bad)
        advance(len(batch))
    with transaction.atomic():
        if _advance(actor, job, state=DONE, finished_at=clock.now()):
            counts = {key: job.counts.get(key, 0) for key in FATES}
            record(actor, FileImported(job_id=job.pk, target=target.key, file=job.where, **counts))
    return ImportJob.objects.one(actor, job_id)  # type: ignore[no-any-return]


def give_up(actor: Actor, job_id: int) -> None:
    """Note that an import could not be finished, or not be undone; what was written stays and may be gone on with."""
    ImportJob.objects.visible_to(actor).filter(pk=job_id, state__in=[CHECKING, RUNNING]).update(
        state=FAILED, finished_at=clock.now()
    )
    undoing = ImportJob.objects.visible_to(actor).filter(pk=job_id, state=UNDOING)
    undoing.update(state=Case(When(next_row__lt=F("row_count"), then=Value(FAILED)), default=Value(DONE)))


def _write(actor: Actor, job: ImportJob, target: Target, checker: Checker, found: Checked, bad: set[int]) -> None:
    """Write one set; nothing if another worker has written it already."""
    rows = [(number, values) for number, values in found.rows if number not in bad]
    with transaction.atomic():
        outcomes = written(actor, target, [values for _number, values in rows], checker.options)
        problems = [problem for problem in found.problems if problem.row not in bad] + _refused(rows, outcomes)
        counts = _added(job.counts, outcomes, len({problem.row for problem in problems}))
        new = list(dict.fromkeys(row_id for done in outcomes for row_id in done.made))  # rows may make one together
        parts = _parts(outcomes)
        made = (job.made + new)[:MADE_KEPT]
        if not _advance(actor, job, next_row=job.next_row + found.read, counts=counts, made=made):
            transaction.set_rollback(True)
            raise RuleBroken(_("这项导入已在别处运行。"))
        if new:
            ImportedSet.objects.create(job=job, ranges=ImportedSet.ranges_of(new))
        for key, ids in parts.items():
            ImportedSet.objects.create(job=job, target=key, ranges=ImportedSet.ranges_of(ids))
        _keep_changes(job, target, outcomes)
        _note_problems(job, checker, problems)
    job.next_row, job.counts, job.made = job.next_row + found.read, counts, made


def _advance(actor: Actor, job: ImportJob, **values: Any) -> bool:
    """Move the checkpoint on if it still stands where this run left it."""
    mine = ImportJob.objects.visible_to(actor).filter(pk=job.pk, state=RUNNING, next_row=job.next_row)
    return bool(mine.update(**values))


def _checked_sets(
    checker: Checker, job: ImportJob, target: Target, dry: bool, counts: dict[str, int], plan: Plan
) -> Iterator[Checked]:
    """Every set checked (and, dry, written) inside a transaction that is always taken back."""
    for batch in checker.batches():
        with transaction.atomic():
            checker.prepare(*made_sure(checker.actor, job, target))
            found = checker.check(batch)
            counts["good"] += len(found.rows)
            rows = [values for _number, values in found.rows]
            outcomes: list[Done] = []
            if dry:
                outcomes = written(checker.actor, target, rows, checker.options)
                found.problems += _refused(found.rows, outcomes)
                counts.update(_added(counts, outcomes, 0))
                plan.note([number for number, _values in found.rows], outcomes)
            if target.warned is not None:
                counts["warned"] += target.warned.count(checker.actor, rows, outcomes or [None] * len(rows))
            plan.note_refused({problem.row for problem in found.problems})
            transaction.set_rollback(True)
        forget_cached()
        yield found


def _make_sure(
    actor: Actor, job: ImportJob, target: Target, bad: int
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Make what is missing; the job keeps what was made, so a second run finds it."""
    with transaction.atomic():
        values, options = made_sure(actor, job, target)
        if job.next_row == 0:
            job.values, job.counts = values, {"refused": bad}
            job.save(update_fields=["values", "counts"])
    return values, options


def _refused(rows: list[tuple[int, dict[str, Any]]], outcomes: list[Done]) -> list[Problem]:
    return [
        Problem(number, done.refusal.field or "", str(done.refusal))
        for (number, _values), done in zip(rows, outcomes, strict=True)
        if done.refusal is not None
    ]


def _added(counts: Mapping[str, int], outcomes: list[Done], refused: int) -> dict[str, int]:
    fates = Counter(done.fate for done in outcomes)
    parts = counts.get("parts", 0) + sum(map(len, _parts(outcomes).values()))
    return {
        **counts,
        **({"parts": parts} if parts else {}),
        **{fate: counts.get(fate, 0) + fates[fate] for fate in FATES[:3]},
        "refused": counts.get("refused", 0) + refused,
    }


def _parts(outcomes: list[Done]) -> dict[str, list[int]]:
    """The rows of other targets that were made with those of a set, by target."""
    found: dict[str, list[int]] = {}
    for done in outcomes:
        for key, ids in done.parts.items():
            found.setdefault(key, []).extend(ids)
    return found


def _keep_changes(job: ImportJob, target: Target, outcomes: list[Done]) -> None:
    """What stood in the rows that were changed, so that an undo can give it back."""
    ImportedChange.objects.bulk_create(
        [
            ImportedChange(job=job, kind=target.table, row_id=done.row_id, changes=dict(done.changes))
            for done in outcomes
            if done.row_id is not None and done.changes and done.refusal is None
        ]
    )


def _note_problems(job: ImportJob, checker: Checker, problems: list[Problem]) -> None:
    room = MOST_PROBLEMS - ImportProblem.objects.filter(job=job).count() if problems else 0
    headings = {item.key: checker.sheet.header[at] for item, at, _column in checker.fields}
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                job=job, row=problem.row, column=headings.get(problem.field, "")[:100], sentence=problem.sentence[:400]
            )
            for problem in problems[: max(room, 0)]
        ],
        batch_size=2000,
    )


def _notes(job: ImportJob, checker: Checker) -> list[str]:
    sheet = checker.sheet
    notes = checker.notes()
    if checker.key is not None:
        notes.append(_("空的单元格不改动原有的内容;没有对应的列不导入。"))
    if sheet.filled_columns:
        names = listed(sheet.header[at] or str(at + 1) for at in sheet.filled_columns)
        notes.append(_("合并单元格已按合并范围填入各行:%(columns)s。") % {"columns": names})
    for why, sentence in (
        ("total", _("第 %(rows)s 行是小计或合计,没有读取。")),
        ("note", _("第 %(rows)s 行是说明文字,没有读取。")),
        ("title", _("第 %(rows)s 行在表头之上,没有读取。")),
    ):
        rows = [str(item["row"]) for item in sheet.skipped if item["why"] == why]
        if rows:
            notes.append(sentence % {"rows": listed(rows[:20]) + ("…" if len(rows) > 20 else "")})
    if sheet.nulls:
        notes.append(_("文件里有 %(count)d 个空字符,已去掉。") % {"count": sheet.nulls})
    return notes


def _warning(target: Target, count: int) -> list[str]:
    return [str(target.warned.sentence) % {"count": count}] if target.warned is not None and count else []


def _checker(actor: Actor, job: ImportJob, target: Target) -> Checker:
    return Checker(actor, target, sheet_of(job), job.columns, job.values, job.options)
