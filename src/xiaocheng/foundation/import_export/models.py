"""Tables of import."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel

READ, CHECKING, CHECKED, RUNNING, DONE, FAILED = "read", "checking", "checked", "running", "done", "failed"
UNDOING, UNDONE = "undoing", "undone"
STATES = {
    READ: _("待对应"), CHECKING: _("检查中"), CHECKED: _("已检查"),
    RUNNING: _("导入中"), DONE: _("已完成"), FAILED: _("未完成"), UNDOING: _("撤销中"), UNDONE: _("已撤销"),
}  # fmt: skip


class ImportJob(ScopedModel):
    """One table of an uploaded file on its way in: how it is to be understood, how far it is, what came of it.

    `next_row` is the checkpoint: so many rows of the table are dealt with, written in the same transaction as they.
    """

    person = models.ForeignKey("org.Person", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200)
    folder = models.CharField(max_length=40)
    sheet = models.IntegerField(default=0)
    sheet_name = models.CharField(max_length=100, blank=True)
    target = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=dict, blank=True)  # field key -> column
    values = models.JSONField(default=dict, blank=True)  # field key -> {text: value, or null for "leave empty"}
    options = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default=READ)
    is_dry = models.BooleanField(default=False)  # the last check also wrote, and took it back
    row_count = models.IntegerField(default=0)
    next_row = models.IntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)  # new, changed, same, refused
    made = models.JSONField(default=list, blank=True)  # ids of the first new rows
    notes = models.JSONField(default=list, blank=True)  # sentences about how the table was read
    progress = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("person",))
    stays: ClassVar[dict[str, str]] = {"person": "who imported what does not change"}

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["person", "-id"], name="import_person")]

    @property
    def path(self) -> Path:
        """The folder with the uploaded file and what was read from it."""
        return folder_of(self.folder)

    @property
    def where(self) -> str:
        """File and sheet, as sentences name them."""
        return f"{self.file_name} · {self.sheet_name}" if self.sheet_name else self.file_name


class ImportProblem(models.Model):
    """A row that cannot be taken in as it is: where, and what to do."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="problems")
    row = models.IntegerField()  # as people count, from 1
    column = models.CharField(max_length=100, blank=True)  # the heading
    sentence = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["job", "row"], name="import_problem_row")]


class ImportedSet(models.Model):
    """The new rows of one set of an import, as ranges of ids: what an undo takes back."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="sets")
    target = models.CharField(max_length=40, blank=True)  # of rows made with those of the job's own; "": its own
    ranges = models.JSONField()  # [[first, last], …]

    @staticmethod
    def ranges_of(ids: Iterable[int]) -> list[list[int]]:
        """Ids as ranges: those of one set mostly follow each other."""
        ranges: list[list[int]] = []
        for pk in sorted(ids):
            if ranges and pk == ranges[-1][1] + 1:
                ranges[-1][1] = pk
            else:
                ranges.append([pk, pk])
        return ranges

    @property
    def ids(self) -> list[int]:
        """The ids of the rows."""
        return [pk for first, last in self.ranges for pk in range(first, last + 1)]


class ImportedChange(models.Model):
    """A row that an import changed: by field, what stood there and what the import wrote; an undo gives it back.

    It may hold personal data: whoever erases those of a row forgets its changes, too (`forget_changes`).
    """

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="changed")
    kind = models.CharField(max_length=60)  # "customers.customer"
    row_id = models.BigIntegerField()
    changes = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["kind", "row_id"], name="import_changed_row")]


def folder_of(name: str) -> Path:
    """Where the files of an upload lie."""
    base: Any = settings.DATA_DIR
    return Path(base) / "imports" / name
