"""What the worker does for imports."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from typing import Any

from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.kernel.jobs import Progress, Stopped, daily, job

from . import running, undoing
from .access import IMPORT
from .models import ImportJob

KEEP_DAYS = 30


def _lost(job_id: int, **_rest: Any) -> None:
    """It will not run again: the person may go on with it, or take it back."""
    running.give_up(SYSTEM, job_id)


@job("import_export.check", IMPORT, lost=_lost)
def check(actor: Actor, progress: Progress, *, job_id: int, dry: bool) -> dict[str, Any]:
    """Check a table."""
    progress.begin(ImportJob.objects.one(actor, job_id).row_count)
    return _guarded(actor, job_id, lambda: running.check(actor, job_id, progress.advance, dry=dry))


@job("import_export.run", IMPORT, lost=_lost)
def run(actor: Actor, progress: Progress, *, job_id: int) -> dict[str, Any]:
    """Write a table, or go on writing it."""
    row = ImportJob.objects.one(actor, job_id)
    progress.begin(row.row_count, done=row.next_row)
    return _guarded(actor, job_id, lambda: running.run(actor, job_id, progress.advance))


@job("import_export.undo", IMPORT, lost=_lost)
def undo(actor: Actor, progress: Progress, *, job_id: int) -> dict[str, Any]:
    """Take an import back."""
    row = ImportJob.objects.one(actor, job_id)
    progress.begin(row.next_row)
    return _guarded(actor, job_id, lambda: undoing.undo(actor, job_id))


def _guarded(actor: Actor, job_id: int, work: Callable[[], ImportJob]) -> dict[str, Any]:
    try:
        return {"job": work().pk}
    except Stopped:
        raise
    except Exception:
        running.give_up(actor, job_id)
        raise


@daily(dt.time(4, 10))
def delete_old_files(slot: dt.datetime) -> None:
    """Delete uploaded files some weeks after; what came of the import stays."""
    old = ImportJob.objects.beyond_sight(because="uploaded files of everybody are deleted after some weeks")
    for row in old.filter(created_at__lt=slot - dt.timedelta(days=KEEP_DAYS)):
        shutil.rmtree(row.path, ignore_errors=True)
