"""`work`: the process that runs jobs, queues what is due by the clock, and takes over from workers that died."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connection

from xiaocheng.foundation.kernel import jobs

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.5


class Command(BaseCommand):
    """Runs until it is asked to stop; a job under way is put back at its next step and goes on later."""

    help = "Run jobs: imports, exports, messages, and what is due by the clock."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which options there are."""
        parser.add_argument("--once", action="store_true", help="run what is ready or due now, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Work off the queue once, or until a signal."""
        worker_id = jobs.new_worker_id()
        jobs.beat(worker_id)
        try:
            if once:
                jobs.reap()
                jobs.schedule()
                while _work_one(worker_id):
                    pass
            else:
                _work_until_stopped(worker_id)
        finally:
            jobs.leave(worker_id)


def _work_until_stopped(worker_id: str) -> None:
    stopping = threading.Event()

    def stop(*_: object) -> None:
        jobs.stop()
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    watch = threading.Thread(target=_keep_watch, args=(worker_id, stopping), name="watch", daemon=True)
    # What is due by the clock, such as telling people what happened, does not wait for the end of a long import.
    due = threading.Thread(target=_work_off, args=(worker_id, stopping, True), name="due", daemon=True)
    watch.start()
    due.start()
    log.info("Worker %s is ready.", worker_id)
    _work_off(worker_id, stopping, False)
    due.join()
    watch.join()
    log.info("Worker %s has stopped.", worker_id)


def _work_off(worker_id: str, stopping: threading.Event, due: bool) -> None:
    while not stopping.is_set():
        try:
            close_old_connections()
            if _work_one(worker_id, due=due):
                continue
        except Error:  # the database is away: the jobs wait for it
            log.exception("The worker cannot reach the database; it tries again.")
            connection.close()
        stopping.wait(IDLE_SECONDS)
    connection.close()


def _work_one(worker_id: str, *, due: bool | None = None) -> bool:
    row = jobs.take(worker_id, due=due)
    if row is None:
        return False
    jobs.run(row)
    return True


def _keep_watch(worker_id: str, stopping: threading.Event) -> None:
    """Beat, reap and schedule beside the job that is running, on a connection of its own."""
    while not stopping.is_set():
        try:
            close_old_connections()
            jobs.beat(worker_id)
            jobs.reap()
            jobs.schedule()
        except Exception:  # whatever it is, the next round may do better; without a beat the worker counts as dead
            log.exception("The worker's watch failed; it tries again.")
            connection.close()
        stopping.wait(jobs.BEAT_SECONDS)
    connection.close()
