"""Ways to look at imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.jobs import progress_of
from xiaocheng.foundation.kernel.models import JobProgress

from . import cells
from .access import IMPORT
from .checking import Checker
from .export import csv_lines, write_xlsx
from .guesses import nearest
from .meanings import FieldMeanings, Meaning, is_busy, meanings, sheet_of, target_for
from .models import STATES, ImportJob, ImportProblem
from .reading.encoding import SELECTABLE
from .reading.reader import Sheet, sheets_in
from .targets import Target, target, targets
from .undoing import may_undo, undo_note

__all__ = [
    "SELECTABLE",
    "STATES",
    "FieldMeanings",
    "ImportJob",
    "Meaning",
    "Sheet",
    "csv_lines",
    "is_busy",
    "may_undo",
    "meanings",
    "nearest",
    "target_for",
    "undo_note",
    "write_xlsx",
]

PREVIEW_ROWS = 20


def imports(actor: Actor) -> QuerySet[ImportJob]:
    """The actor's imports, for whoever sees everybody all of them, the latest first."""
    return ImportJob.objects.visible_to(actor).order_by("-pk")


def import_job(actor: Actor, job_id: int) -> ImportJob:
    """One import."""
    return ImportJob.objects.one(actor, job_id)  # type: ignore[no-any-return]


def open_targets(actor: Actor) -> list[Target]:
    """What the actor may take in."""
    return [item for item in targets() if actor.can(IMPORT, item.capability)]


def tables(actor: Actor, job: ImportJob) -> list[Sheet]:
    """The tables in the uploaded file."""
    return sheets_in(job.path)


def table(actor: Actor, job: ImportJob) -> Sheet:
    """The table that an import takes in."""
    return sheet_of(job)


def target_of(actor: Actor, job: ImportJob) -> Target | None:
    """What the rows of an import are, once that is known."""
    return target(job.target)


def header(actor: Actor, job: ImportJob) -> list[str]:
    """The headings of the table."""
    return sheet_of(job).header


def sample(actor: Actor, job: ImportJob, count: int = 5) -> list[list[str]]:
    """The first rows as text, column by column of the header."""
    return [[cells.text(cell) for cell in row] for _number, row in islice(sheet_of(job).rows(), count)]


def progress(actor: Actor, job: ImportJob) -> JobProgress | None:
    """How far the work under way is."""
    return progress_of(actor, job.progress or 0)


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would be taken in: its number, what each field says, and what is wrong."""

    number: int
    values: list[str]
    problems: list[str]


@dataclass(frozen=True)
class Preview:
    """The first rows of a checked table, field by field."""

    fields: list[str]
    rows: list[PreviewRow]


def preview(actor: Actor, job: ImportJob) -> Preview:
    """The first rows as they were understood, with the problems that the check noted."""
    checker = Checker(actor, target_for(actor, job), sheet_of(job), job.columns, {}, job.options)
    checker.look()
    labels = {
        found.field.key: {meaning.text: meaning.label for meaning in found.texts if meaning.label}
        for found in meanings(actor, job)
    }
    rows = [
        PreviewRow(number, checker.shown(row, labels), []) for number, row in islice(checker.sheet.rows(), PREVIEW_ROWS)
    ]
    known = {row.number: row for row in rows}
    for problem in job.problems.filter(row__in=list(known)):
        known[problem.row].problems.append(
            f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence
        )
    return Preview([str(item.name) for item, _at, _column in checker.fields], rows)


@dataclass(frozen=True)
class ProblemGroup:
    """The same problem in many rows: how many, and the first of them."""

    column: str
    sentence: str
    count: int
    rows: list[int]


def problem_groups(actor: Actor, job: ImportJob, most: int = 20) -> list[ProblemGroup]:
    """The problems of a job, equal ones together, the most frequent first."""
    grouped = job.problems.values_list("column", "sentence").annotate(count=Count("id")).order_by("-count")[:most]
    return [
        ProblemGroup(column, sentence, count, list(_rows_of(job, column, sentence)))
        for column, sentence, count in grouped
    ]


def _rows_of(job: ImportJob, column: str, sentence: str) -> QuerySet[ImportProblem, int]:
    rows = job.problems.filter(column=column, sentence=sentence).order_by("row")
    return rows.values_list("row", flat=True)[:8]


def bad_row_count(actor: Actor, job: ImportJob) -> int:
    """Number of rows with problems."""
    return job.problems.values("row").distinct().count()


def sentences(actor: Actor, job: ImportJob, most: int = 50) -> list[str]:
    """The first problems in full: file, sheet, row, column and what to do."""
    return [
        _("「%(where)s」第 %(row)d 行%(column)s:%(sentence)s")
        % {
            "where": job.where,
            "row": problem.row,
            "column": _("「%(name)s」") % {"name": problem.column} if problem.column else "",
            "sentence": problem.sentence,
        }
        for problem in job.problems.order_by("row", "pk")[:most]
    ]


def error_rows(actor: Actor, job: ImportJob) -> tuple[list[Any], Iterator[list[Any]]]:
    """Heading and rows of the error file: the bad rows as they came, with their number and what is wrong."""
    sheet = sheet_of(job)
    wrong: dict[int, list[str]] = {}
    for problem in job.problems.order_by("row", "pk"):
        said = f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence
        wrong.setdefault(problem.row, []).append(said)
    header = [*sheet.header, _("原行号"), _("错误")]
    rows = ([*row, number, "\n".join(wrong[number])] for number, row in sheet.rows() if number in wrong)
    return header, rows


def write_error_file(actor: Actor, job: ImportJob) -> Path:
    """The error file as a workbook beside the upload."""
    path = job.path / "errors.xlsx"
    header, rows = error_rows(actor, job)
    write_xlsx(path, header, rows, _("错误行"))
    return path


def error_lines(actor: Actor, job: ImportJob) -> Iterator[str]:
    """The error file as lines of CSV."""
    return csv_lines(*error_rows(actor, job))
