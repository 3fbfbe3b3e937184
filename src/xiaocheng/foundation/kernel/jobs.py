"""Work outside the page: asked for by a person, or due by the clock; run by the worker, again if a worker dies.

Every job may run twice (a worker can die after the effect and before the note of it), so its effect must not.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from . import clock
from .actor import SYSTEM, Actor
from .errors import Refusal
from .models import IdempotencyKey, JobProgress, JobSlot, WorkerBeat

log = logging.getLogger(__name__)

BEAT_SECONDS = 2
DEAD_SECONDS = 30  # longer than a beat may wait for the database's lock
ATTEMPTS = 3
RETRY_SECONDS = (10, 120)
LAST_WORDS = 2_000  # characters of what a process said before it failed
KEEP_DAYS = 14

Work = Callable[..., dict[str, Any] | None]
Sweep = Callable[[dt.datetime], None]


class Stopped(Exception):
    """The job is put back and goes on where it stood: the worker was asked to end, or other jobs go first."""


@dataclass(frozen=True)
class Job:
    """Work that a person may ask for, and the capabilities checked both at the asking and at the running.

    `lost` gets the arguments of work that will not run again, whatever ended it: what waits for it must know.
    """

    kind: str
    work: Work
    needs: tuple[str, ...]
    lost: Callable[..., None] | None = None


@dataclass(frozen=True)
class Scheduled:
    """Work that is due by the clock; `latest_slot` is the last instant at which it was due."""

    name: str
    work: Sweep
    latest_slot: Callable[[dt.datetime], dt.datetime]
    when: Callable[[], bool]


_jobs: dict[str, Job] = {}
_scheduled: dict[str, Scheduled] = {}


class _Process:
    """What this process knows: how a person becomes an actor, and whether it was asked to end."""

    actor_of: Callable[[int], Actor] | None = None
    stopping = False


def actors_come_from(function: Callable[[int], Actor]) -> Callable[[int], Actor]:
    """Say how a person's id becomes the actor that he is now; the organisation does this once."""
    _Process.actor_of = function
    return function


def stop() -> None:
    """Ask the jobs of this process to stop at their next step."""
    _Process.stopping = True


def job(kind: str, *needs: str, lost: Callable[..., None] | None = None) -> Callable[[Work], Work]:
    """Declare work that a person may ask for: called with the actor, a Progress and the arguments of `enqueue`."""

    def register(function: Work) -> Work:
        _jobs[kind] = Job(kind, function, needs, lost)
        return function

    return register


def every(*, seconds: int, when: Callable[[], bool] = lambda: True) -> Callable[[Sweep], Sweep]:
    """Declare work that is due every so many seconds, if `when` says at that time that there is something to do."""

    def slot(now: dt.datetime) -> dt.datetime:
        return dt.datetime.fromtimestamp(now.timestamp() // seconds * seconds, dt.UTC)

    return _schedule(slot, when)


def daily(at: dt.time) -> Callable[[Sweep], Sweep]:
    """Declare work that is due once a day at a local time; a missed day is made good once, with its own slot."""

    def slot(now: dt.datetime) -> dt.datetime:
        day = clock.day_of(now)
        due = clock.instant(day, at)
        return due if due <= now else clock.instant(day - dt.timedelta(days=1), at)

    return _schedule(slot, lambda: True)


def _schedule(slot: Callable[[dt.datetime], dt.datetime], when: Callable[[], bool]) -> Callable[[Sweep], Sweep]:
    def register(function: Sweep) -> Sweep:
        name = f"{function.__module__.removeprefix('xiaocheng.')}.{function.__name__}"
        _scheduled[name] = Scheduled(name, function, slot, when)
        return function

    return register


class Progress:
    """How far a job is; a page reads the same row while the job runs."""

    def __init__(self, row_id: int) -> None:
        self.row_id = row_id

    def begin(self, total: int, done: int = 0) -> None:
        """Say how many steps there are, and how many were done by an earlier run."""
        self._update(total=total, done=done)

    def advance(self, steps: int) -> None:
        """Count steps as done; Stopped when the worker was asked to end."""
        self._update(done=F("done") + steps)
        if _Process.stopping:
            raise Stopped

    def give_way(self) -> None:
        """Let the jobs that somebody waits for go first: this one is put back behind them."""
        if DBTaskResult.objects.ready().filter(task_path=run_job.module_path).exists():
            raise Stopped

    def _update(self, **values: Any) -> None:
        JobProgress.objects.filter(pk=self.row_id).update(**values)


def enqueue(actor: Actor, kind: str, *, title: str, **arguments: Any) -> int:
    """Queue a job for the actor, in the language he reads; returns the id of its progress row."""
    actor.require(*_jobs[kind].needs)
    with transaction.atomic():
        row = JobProgress.objects.create(
            kind=kind, person_id=actor.person_id or 0, title=title[:200], created_at=clock.now()
        )
        run_job.enqueue(kind, actor.person_id, row.pk, translation.get_language() or "", arguments)
    return row.pk


def progress_of(actor: Actor, row_id: int) -> JobProgress | None:
    """The progress row of a job that the actor asked for."""
    return JobProgress.objects.filter(pk=row_id, person_id=actor.person_id or 0).first()


@task()
def run_job(kind: str, person_id: int | None, row_id: int, language: str, arguments: dict[str, Any]) -> None:
    """Run a job as the person who asked for it, with the rights that he has now; refusals end it with a sentence."""
    row = JobProgress.objects.filter(pk=row_id)
    row.filter(started_at=None).update(started_at=clock.now())
    row.update(state="running")
    with translation.override(language or translation.get_language()):
        try:
            actor = _actor(person_id)
            actor.require(*_jobs[kind].needs)
            result = _jobs[kind].work(actor, Progress(row_id), **arguments)
        except Refusal as refusal:
            row.update(state="failed", result={"sentence": str(refusal)}, finished_at=clock.now())
            _tell_lost(kind, arguments)
            return
    row.update(state="done", result=result, finished_at=clock.now())


def _actor(person_id: int | None) -> Actor:
    if person_id is None:
        return SYSTEM
    if _Process.actor_of is None:
        raise RuntimeError("nobody said how a person becomes an actor")
    return _Process.actor_of(person_id)


@task()
def run_scheduled(name: str, slot: str) -> None:
    """Run work that fell due."""
    _scheduled[name].work(dt.datetime.fromisoformat(slot))


def schedule() -> None:
    """Queue what has fallen due: the unique row makes each slot once, however many workers look."""
    now = clock.now()
    for item in _scheduled.values():
        slot = item.latest_slot(now)
        if JobSlot.objects.filter(name=item.name, slot=slot).exists() or not item.when():
            continue
        try:
            with transaction.atomic():
                JobSlot.objects.create(name=item.name, slot=slot)
                run_scheduled.enqueue(item.name, slot.isoformat())
        except IntegrityError:  # another worker was faster
            continue


def apart(*command: str) -> None:
    """Run a command of the product in a process of its own, which gives its memory back; its fault is the job's fault.

    When the worker is asked to end, the process is ended too and the job is put back.
    """
    line = [sys.executable, "-m", "xiaocheng", *command]
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        while True:
            try:
                _out, said = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                if _Process.stopping:
                    process.terminate()
                    raise Stopped from None
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said[-LAST_WORDS:]}")


def new_worker_id() -> str:
    """A name for this worker: host, process and something unique."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def beat(worker_id: str) -> None:
    """Note that a worker is alive."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": clock.now()})


def leave(worker_id: str) -> None:
    """Note that a worker has ended."""
    WorkerBeat.objects.filter(pk=worker_id).delete()


def workers_alive() -> int:
    """Number of workers that showed themselves of late."""
    return len(_alive())


def _alive() -> set[str]:
    since = clock.now() - dt.timedelta(seconds=DEAD_SECONDS)
    seen = WorkerBeat.objects.filter(seen_at__gt=since).values_list("worker_id", flat=True)
    return {worker_id for worker_id in seen if not _gone(worker_id)}


def _gone(worker_id: str) -> bool:
    """True when the worker was a process of this machine and that process is no more."""
    host, pid, _unique = worker_id.rsplit(":", 2)
    if host != socket.gethostname()[:40]:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def reap() -> None:
    """Give the jobs of dead workers back to the queue; one that killed its worker too often fails."""
    alive = _alive()
    for row in DBTaskResult.objects.running():
        if not row.worker_ids or row.worker_ids[-1] in alive:
            continue
        mine = DBTaskResult.objects.filter(
            pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
        )  # nobody took it again meanwhile
        if len(row.worker_ids) < ATTEMPTS:
            if mine.update(status=TaskResultStatus.READY):
                log.warning("Job %s ran in a worker that died; it runs again.", row.id)
        elif mine.exists():
            fail(row, RuntimeError(f"its worker died {len(row.worker_ids)} times"))


def take(worker_id: str, *, due: bool | None = None) -> DBTaskResult[Any, Any] | None:
    """Take the next job that is ready, or only what is due by the clock or was asked for by a person.

    A conditional update decides between workers.
    """
    ready = DBTaskResult.objects.ready()
    if due is not None:
        ready = ready.filter(task_path=(run_scheduled if due else run_job).module_path)
    row = ready.first()
    if row is None:
        return None
    row.status, row.started_at, row.worker_ids = TaskResultStatus.RUNNING, clock.now(), [*row.worker_ids, worker_id]
    won = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY).update(
        status=row.status, started_at=row.started_at, worker_ids=row.worker_ids
    )
    return row if won else None


def run(row: DBTaskResult[Any, Any]) -> None:
    """Run one job that was taken; a fault is tried again later, and then noted."""
    try:
        row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    except Stopped:
        put_back(row, worker_ids=row.worker_ids[:-1], enqueued_at=clock.now())
    except Exception as fault:
        log.exception("Job %s (%s) failed", row.id, row.args_kwargs["args"][:1])
        if len(row.worker_ids) < ATTEMPTS:
            wait = dt.timedelta(seconds=RETRY_SECONDS[len(row.worker_ids) - 1])
            put_back(row, run_after=clock.now() + wait)
        else:
            fail(row, fault)
    else:
        row.set_successful(None)


def put_back(row: DBTaskResult[Any, Any], **values: Any) -> None:
    """Make a taken job ready again."""
    DBTaskResult.objects.filter(pk=row.pk).update(status=TaskResultStatus.READY, **values)


def fail(row: DBTaskResult[Any, Any], fault: Exception) -> None:
    """Note that a job has failed for good, also in its progress row."""
    with transaction.atomic():
        row.set_failed(fault)
        if row.task_path != run_job.module_path:
            return
        sentence = _("后台任务多次出错,已停止。请联系管理员查看服务器日志。")
        kind, _person, progress, _language, arguments = row.args_kwargs["args"]
        JobProgress.objects.filter(pk=progress).update(
            state="failed", result={"sentence": sentence}, finished_at=clock.now()
        )
        _tell_lost(kind, arguments)


def _tell_lost(kind: str, arguments: dict[str, Any]) -> None:
    if lost := _jobs[kind].lost:
        lost(**arguments)


@daily(dt.time(3, 40))
def forget_old(slot: dt.datetime) -> None:
    """Delete slots, beats, finished jobs and answers to former requests that nobody will ask for again."""
    before = slot - dt.timedelta(days=KEEP_DAYS)
    IdempotencyKey.objects.filter(at__lt=before).delete()
    JobSlot.objects.filter(slot__lt=slot - dt.timedelta(days=2)).delete()
    WorkerBeat.objects.filter(seen_at__lt=before).delete()
    finished = DBTaskResult.objects.finished()
    finished.filter(finished_at__lt=before).delete()
    finished.filter(finished_at__lt=slot, task_path=run_scheduled.module_path, status="SUCCESSFUL").delete()
