"""Ways to look at imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotFound
from xiaocheng.foundation.kernel.jobs import progress_of
from xiaocheng.foundation.kernel.models import JobProgress
from xiaocheng.foundation.kernel.text import listed

from . import cells
from .access import IMPORT
from .blank import blank_file
from .checking import Checker
from .export import XlsxPage, csv_lines, write_xlsx
from .guesses import known_tables, nearest
from .kinds import Named
from .meanings import FieldMeanings, Meaning, is_busy, meanings, sheet_of, target_for
from .mending import OWN_HEADINGS, is_own
from .models import CHECKED, STATES, ImportJob, ImportProblem
from .own_fields import for_actor
from .plan import Plan, Planned
from .reading.encoding import SELECTABLE
from .reading.reader import Sheet, sheets_in
from .targets import MODES, Field, Target, target, targets
from .undoing import may_undo, undo_note

__all__ = [
    "MODES",
    "SELECTABLE",
    "STATES",
    "FieldMeanings",
    "ImportJob",
    "Meaning",
    "Preview",
    "PreviewRow",
    "Sheet",
    "Target",
    "XlsxPage",
    "blank_file",
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
    return [for_actor(actor, item) for item in targets() if actor.can(IMPORT) and item.modes(actor)]


def open_target(actor: Actor, key: str) -> Target:
    """One kind of rows that the actor may take in."""
    found = next((item for item in open_targets(actor) if item.key == key), None)
    if found is None:
        raise NotFound
    return found


def tables(actor: Actor, job: ImportJob) -> list[Sheet]:
    """The tables in the uploaded file."""
    return sheets_in(job.path)


@dataclass(frozen=True)
class OtherTable:
    """A table of the same file that has not been taken in yet, and what its rows are."""

    sheet: int
    name: str
    row_count: int
    target: Target


def other_tables(actor: Actor, job: ImportJob) -> list[OtherTable]:
    """The other tables of the file whose kind is recognised, in the order in which they refer to each other."""
    if not job.path.exists():
        return []
    taken = set(ImportJob.objects.visible_to(actor).filter(folder=job.folder).values_list("sheet", flat=True))
    sheets = sheets_in(job.path)
    return [
        OtherTable(at, sheets[at].name, sheets[at].row_count, target)
        for at, target in known_tables(sheets, job.file_name)
        if at not in taken and target.modes(actor)
    ]


def table(actor: Actor, job: ImportJob) -> Sheet:
    """The table that an import takes in."""
    return sheet_of(job)


def target_of(actor: Actor, job: ImportJob) -> Target | None:
    """What the rows of an import are, once that is known."""
    found = target(job.target)
    return for_actor(actor, found) if found else None


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
class PreviewCell:
    """What a row says in one field; where it would change what is there, also what that is."""

    said: str
    before: str = ""
    is_changed: bool = False


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would be taken in: its number, what would become of it ("" where that is not known yet), what each
    field says, and what is wrong."""

    number: int
    fate: str
    cells: list[PreviewCell]
    problems: list[str]


@dataclass(frozen=True)
class Preview:
    """Some rows of a checked table, field by field; `after` is the number of the last one if there are more."""

    keys: list[str]
    fields: list[str]
    rows: list[PreviewRow]
    after: int | None = None


def preview(actor: Actor, job: ImportJob, only: str = "", after: int = 0) -> Preview:
    """The rows after a number as they were understood, if so wanted those of one fate, with what the check noted."""
    checker = Checker(actor, target_for(actor, job), sheet_of(job), job.columns, {}, job.options)
    checker.look()
    labels = {
        found.field.key: {meaning.text: meaning.label for meaning in found.texts if meaning.label}
        for found in meanings(actor, job)
    }
    plans = {row.number: row for row in islice(_planned(job, checker, only, after), PREVIEW_ROWS + 1)}
    shown = list(plans)[:PREVIEW_ROWS]
    cells_of = {
        number: checker.shown(row, labels)
        for number, row in takewhile(lambda pair: bool(shown) and pair[0] <= shown[-1], checker.sheet.rows())
        if number in plans
    }
    known = _Labels(actor, [item for item, _at, _column in checker.fields], [plans[number] for number in shown])
    rows = {
        number: PreviewRow(number, plans[number].fate, known.cells(cells_of[number], plans[number]), [])
        for number in shown
    }
    for problem in job.problems.filter(row__in=shown):
        rows[problem.row].problems.append(
            f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence
        )
    fields = {item.key: str(item.name) for item, _at, _column in checker.fields}
    return Preview(
        list(fields), list(fields.values()), list(rows.values()), shown[-1] if len(plans) > PREVIEW_ROWS else None
    )


def _planned(job: ImportJob, checker: Checker, only: str, after: int) -> Iterator[Planned]:
    if job.is_dry and job.state == CHECKED:
        return Plan.of(job).rows(only, after)
    return (Planned(number, "") for number, _row in checker.sheet.rows() if number > after)


class _Labels:
    """What values are called, field by field, looked up once where something changes."""

    def __init__(self, actor: Actor, fields: Sequence[Field], plans: Sequence[Planned]) -> None:
        self.fields = fields
        self.known: dict[str, dict[Any, str]] = {}
        for item in fields:
            values = [value for plan in plans for value in plan.changes.get(item.key, ()) if value is not None]
            if values and isinstance(item.kind, Named):
                self.known[item.key] = _names(actor, item.kind, values)

    def cells(self, said: Sequence[str], plan: Planned) -> list[PreviewCell]:
        """The cells of a row; those that change something say what from and what to."""
        return [
            self._cell(item, words, plan.changes.get(item.key)) for item, words in zip(self.fields, said, strict=True)
        ]

    def _cell(self, item: Field, words: str, change: Sequence[Any] | None) -> PreviewCell:
        if change is None:
            return PreviewCell(words)
        before, after = (self._name(item, value) for value in change)
        return PreviewCell(after, before, is_changed=True)

    def _name(self, item: Field, value: Any) -> str:
        if value is None or value == "":
            return ""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        values = value if isinstance(value, list) else [value]
        known = self.known.get(item.key, {})
        return listed(str(known.get(one, one)) for one in values)


def _names(actor: Actor, kind: Named, values: Sequence[Any]) -> dict[Any, str]:
    found = dict(reversed(kind.candidates(actor))) if kind.candidates else {}
    return found | (dict(kind.names(actor, values)) if kind.names else {})


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
    kept = [at for at, name in enumerate(sheet.header) if not is_own(name)]  # it may be an error file itself
    header = [*(sheet.header[at] for at in kept), *map(str, OWN_HEADINGS)]
    rows = (
        [*(row[at] for at in kept), number, "\n".join(wrong[number])] for number, row in sheet.rows() if number in wrong
    )
    return header, rows


def write_error_file(actor: Actor, job: ImportJob) -> Path:
    """The error file as a workbook beside the upload."""
    path = job.path / "errors.xlsx"
    header, rows = error_rows(actor, job)
    write_xlsx(path, XlsxPage(header, rows, _("错误行")))
    return path


def error_lines(actor: Actor, job: ImportJob) -> Iterator[str]:
    """The error file as lines of CSV."""
    return csv_lines(*error_rows(actor, job))
