"""Ways to change an import: upload, say what the table is, confirm columns and values, check, run."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.actor import Actor
from xiaocheng.foundation.kernel.errors import NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.jobs import enqueue
from xiaocheng.foundation.kernel.journal import own_entries, record
from xiaocheng.foundation.kernel.rules import rules
from xiaocheng.foundation.kernel.turns import take_turn

from .access import EXPORT, IMPORT
from .checking import Checker
from .events import ListExported
from .guesses import guess_columns, guess_target, known_tables
from .meanings import guessed_values, is_busy, meanings, require, sheet_of, target_for
from .mending import without_own
from .models import (
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    READ,
    RUNNING,
    UNDOING,
    UNDONE,
    ImportedChange,
    ImportJob,
    folder_of,
)
from .own_fields import for_actor
from .reading.encoding import SELECTABLE
from .reading.reader import read_file, sheets_in
from .rules import ExportRules
from .running import check, run
from .targets import MODES, NEW, UPDATE, Row, Target
from .targets import target as target_of
from .undoing import may_undo, undo

__all__ = [
    "ask_check",
    "ask_run",
    "ask_undo",
    "check",
    "choose",
    "forget_changes",
    "map_columns",
    "map_values",
    "note_export",
    "read_again",
    "run",
    "set_up",
    "take_other_table",
    "undo",
    "upload",
]

LOOKED_AT = 20  # former imports among which one with the same columns is sought


def upload(actor: Actor, name: str, save: Callable[[Path], Any]) -> ImportJob:
    """Take a file in and read its tables in a child process; RuleBroken says what is wrong with it."""
    actor.require(IMPORT)
    folder = uuid.uuid4().hex
    path = folder_of(folder)
    path.mkdir(parents=True)
    try:
        save(path / "source")
        sheets = read_file(path / "source", path, name)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    best = next((at for at, _target in known_tables(sheets, name)), 0)
    job = ImportJob(person_id=actor.person_id, file_name=name[-200:], folder=folder, created_at=clock.now())
    _take_table(actor, job, best, "")
    with transaction.atomic():
        return ImportJob.objects.add(job)  # type: ignore[no-any-return]


def take_other_table(actor: Actor, job_id: int, sheet: int) -> ImportJob:
    """Begin an import of another table of the same file."""
    with transaction.atomic():
        before = ImportJob.objects.one(actor, job_id)
        actor.require(IMPORT)
        if not before.path.exists():
            raise RuleBroken(_("上传的文件已过期删除,请重新上传。"))
        if not 0 <= sheet < len(sheets_in(before.path)):
            raise RuleBroken(_("请选择工作表和数据种类。"), field="sheet")
        job = ImportJob(
            person_id=actor.person_id, file_name=before.file_name, folder=before.folder, created_at=clock.now()
        )
        _take_table(actor, job, sheet, "")
        return ImportJob.objects.add(job)  # type: ignore[no-any-return]


def read_again(actor: Actor, job_id: int, encoding: str = "", header_row: int | None = None) -> ImportJob:
    """Read the file again, in the encoding and with the header row that a person says; columns are guessed anew."""
    before = _open_now(actor, job_id)
    if encoding and encoding not in SELECTABLE:
        raise RuleBroken(_("请选择一种文字编码。"), field="encoding")
    wishes = {"encoding": encoding, "header_rows": {before.sheet: header_row} if header_row else {}}
    folder = uuid.uuid4().hex
    path = folder_of(folder)
    path.mkdir(parents=True)
    try:
        shutil.copyfile(before.path / "source", path / "source")
        sheets = read_file(path / "source", path, before.file_name, **wishes)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    with transaction.atomic():
        job = _open(actor, job_id)
        job.folder = folder
        _take_table(actor, job, min(job.sheet, len(sheets) - 1), job.target)
        job.save()
    if not ImportJob.objects.visible_to(actor).filter(folder=before.folder).exists():
        shutil.rmtree(before.path, ignore_errors=True)
    return job


def choose(actor: Actor, job_id: int, sheet: int, target_key: str) -> ImportJob:
    """Say which sheet is meant and what its rows are; columns are guessed anew."""
    with transaction.atomic():
        job = _open(actor, job_id)
        target = target_of(target_key)
        if target is None or not 0 <= sheet < len(sheets_in(job.path)):
            raise RuleBroken(_("请选择工作表和数据种类。"), field="target")
        require(actor, target)
        _take_table(actor, job, sheet, target_key)
        job.save()
    return job


def map_columns(
    actor: Actor,
    job_id: int,
    columns: Mapping[str, int | None],
    day_first: bool | None = None,
    *,
    mode: str = NEW,
    key: str = "",
) -> ImportJob:
    """Say which column is which field, and whether rows that are there are changed, recognised by `key`.

    The meanings of values are guessed anew.
    """
    with transaction.atomic():
        job = _open(actor, job_id)
        target = target_for(actor, job)
        if mode in MODES and mode not in target.modes(actor):
            raise NotAllowed(target.capability)
        width = len(sheet_of(job).header)
        chosen = {key: at for key, at in columns.items() if at is not None and target.field(key) and 0 <= at < width}
        options = {"day_first": day_first, **_way(target, mode, key, chosen)}
        for item in target.fields:
            if target.is_required(item, options) and item.key not in chosen:
                raise RuleBroken(_("请为「%(name)s」选择一列。") % {"name": item.name}, field=item.key)
        job.columns, job.values, job.options, job.state = chosen, {}, options, READ
        job.values = guessed_values(meanings(actor, job))
        if target.setup is not None and mode != UPDATE:
            job.options["setup"] = target.setup.propose(actor, _plain_rows(actor, job, target))
        job.save()
    return job


def _way(target: Target, mode: str, key: str, columns: Mapping[str, int]) -> dict[str, str]:
    """What becomes of rows that are there, as the options of a job keep it."""
    if mode not in MODES or (mode != NEW and target.update is None):
        raise RuleBroken(_("请从列出的选项中选择。"), field="mode")
    if mode == NEW:
        return {}
    if target.key_of({"mode": mode, "key": key}) is None:
        raise RuleBroken(_("请选择按哪一项识别已有的行。"), field="key")
    if key not in columns:
        raise RuleBroken(_("请为识别用的这一项选择一列。"), field="key")
    return {"mode": mode, "key": key}


def map_values(actor: Actor, job_id: int, values: Mapping[str, Mapping[str, Any]]) -> ImportJob:
    """Say what texts mean: a value, {"make": name}, or None for an empty cell."""
    with transaction.atomic():
        job = _open(actor, job_id)
        target = target_for(actor, job)
        job.values = {key: {**job.values.get(key, {}), **texts} for key, texts in values.items() if target.field(key)}
        job.state = READ
        job.save()
    return job


def set_up(actor: Actor, job_id: int, proposal: dict[str, Any]) -> ImportJob:
    """Confirm what the import needs before its rows (a process with its stages)."""
    with transaction.atomic():
        job = _open(actor, job_id)
        target = target_for(actor, job)
        if target.setup is not None:
            target.setup.ensure(actor, proposal)
            transaction.set_rollback(True)  # tried only: it is made when the import runs
    with transaction.atomic():
        job = _open(actor, job_id)
        job.options, job.state = {**job.options, "setup": proposal}, READ
        job.save()
    return job


def ask_check(actor: Actor, job_id: int, *, dry: bool = False) -> ImportJob:
    """Queue the check of all rows, with `dry` also writing them and taking it back."""
    with transaction.atomic():
        job = _open(actor, job_id)
        target_for(actor, job)
        job.state, job.is_dry = CHECKING, dry
        job.progress = enqueue(actor, "import_export.check", title=job.where, job_id=job.pk, dry=dry)
        job.save()
    return job


def ask_run(actor: Actor, job_id: int, *, skip_problems: bool = False) -> ImportJob:
    """Queue the writing of a checked table; rows with problems are left out only if the person says so."""
    with transaction.atomic():
        job = _open(actor, job_id)
        target_for(actor, job)
        if job.state not in {CHECKED, RUNNING} and not job.next_row:
            raise RuleBroken(_("请先检查全部数据行,再开始导入。"))
        if job.problems.exists() and not skip_problems:
            raise RuleBroken(_("有错误的行尚未处理。请修改文件后重新上传,或选择跳过这些行。"))
        job.state = RUNNING
        job.progress = enqueue(actor, "import_export.run", title=job.where, job_id=job.pk)
        job.save()
    return job


def ask_undo(actor: Actor, job_id: int) -> ImportJob:
    """Queue the taking back of everything that an import made."""
    with transaction.atomic():
        job: ImportJob = ImportJob.objects.locked(actor, job_id)
        actor.require(IMPORT)
        if is_busy(actor, job) or not may_undo(actor, job):
            raise RuleBroken(_("这项导入不能撤销。"))
        job.state = UNDOING
        job.progress = enqueue(actor, "import_export.undo", title=job.where, job_id=job.pk)
        job.save(update_fields=["state", "progress"])
    return job


def forget_changes(actor: Actor, kind: str, row_ids: Collection[int]) -> None:
    """Forget what imports changed in rows whose personal data are being erased; the caller has allowed it."""
    ImportedChange.objects.filter(kind=kind, row_id__in=row_ids).delete()


def note_export(actor: Actor, what: str, rows: int, *, contains_details: bool = False) -> None:
    """Let the journal know that a list goes out; refused without the capability, and beyond the rows of a day.

    Every list that goes out as a file goes through here; one with phones or addresses of people `contains_details`.
    """
    with transaction.atomic():
        take_turn("import_export.export")
        actor.require(EXPORT)
        _check_allowance(actor, rows)
        record(actor, ListExported(what=what, rows=rows, contains_details=contains_details))


def _check_allowance(actor: Actor, rows: int) -> None:
    today = clock.today()
    most = rules(ExportRules, today).rows_per_day
    if not most or actor.is_system:
        return
    done = sum(entry["rows"] for entry in own_entries(actor, ListExported, since=clock.bounds(today, today)[0]))
    if done + rows > most:
        raise RuleBroken(
            _(
                "规则「每人每天导出的行数」是 %(most)s 行,您今天已经导出 %(done)s 行,这次是 %(rows)s 行。"
                "请缩小范围或明天再导;需要更多时请管理员调整规则。"
            )
            % {"most": most, "done": done, "rows": rows}
        )


def _take_table(actor: Actor, job: ImportJob, index: int, target_key: str) -> None:
    sheet = sheets_in(job.path)[index]
    found = target_of(target_key) if target_key else guess_target(sheet.header, sheet.name or job.file_name)
    target = for_actor(actor, found) if found else None
    job.sheet, job.sheet_name, job.row_count = index, sheet.name[:100], sheet.row_count
    job.target = target.key if target else ""
    job.columns = guess_columns(target, sheet.header) if target else {}
    before = _same_before(actor, job, sheet.header) if job.columns else None
    if before is not None:  # a mended error file, or next month's: as the person said the last time
        job.columns = {key: at for key, at in before.columns.items() if target and target.field(key)}
    way = {key: before.options[key] for key in ("day_first", "mode", "key") if key in before.options} if before else {}
    job.values, job.options, job.counts, job.made, job.state = {}, way, {}, [], READ
    job.next_row = 0


def _same_before(actor: Actor, job: ImportJob, header: Sequence[str]) -> ImportJob | None:
    """The person's last finished import of a table with the same columns, as long as its file is there."""
    mine: QuerySet[ImportJob] = ImportJob.objects.visible_to(actor).filter(person_id=job.person_id)
    wanted = without_own(header)
    for former in (
        mine.filter(target=job.target, state__in=[DONE, FAILED]).exclude(pk=job.pk).order_by("-pk")[:LOOKED_AT]
    ):
        if (former.path / "sheets.json").exists() and without_own(sheet_of(former).header) == wanted:
            return former
    return None


def _plain_rows(actor: Actor, job: ImportJob, target: Target) -> Sequence[Row]:
    """All rows as far as they can be read, for a proposal that looks at the whole table."""
    checker = Checker(actor, target, sheet_of(job), job.columns, {}, job.options)
    checker.look()
    return checker.plain_rows()


def _open_now(actor: Actor, job_id: int) -> ImportJob:
    with transaction.atomic():
        return _open(actor, job_id)


def _open(actor: Actor, job_id: int) -> ImportJob:
    """A job that may still be changed."""
    job: ImportJob = ImportJob.objects.locked(actor, job_id)
    actor.require(IMPORT)
    if is_busy(actor, job):
        raise RuleBroken(_("正在处理,请等它结束。"))
    if job.state in {DONE, UNDONE}:
        raise RuleBroken(_("这项导入已经完成。再次导入请重新上传文件。"))
    if not job.path.exists():
        raise RuleBroken(_("上传的文件已过期删除,请重新上传。"))
    return job
