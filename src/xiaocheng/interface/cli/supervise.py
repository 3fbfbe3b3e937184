"""Looks after processes that are forked from this one, and so share its memory."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string

Work = Callable[[], object]

PATIENCE = 20  # seconds that a process may take to end by itself
TOO_SOON = 5  # seconds; a process that ends sooner would end again
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_forking = multiprocessing.get_context("fork")


def load_everything() -> None:
    """Load what the first request would; then keep the collector from touching, and so copying, those pages."""
    import_string(settings.WSGI_APPLICATION)
    _ = get_resolver().url_patterns
    connections.close_all()
    gc.collect()
    gc.freeze()


def do_apart(work: Work, meanwhile: Work) -> None:
    """Do something once in a process of its own, so that what it used goes back to the machine; another thing here."""
    process = _forking.Process(target=_begin, args=(work, os.getpid()))
    process.start()
    try:
        meanwhile()
        process.join()
    except KeyboardInterrupt:
        process.terminate()
        process.join()
        raise
    if process.exitcode:
        raise SystemExit(process.exitcode)


def keep_running(services: Mapping[str, Work], tick: Callable[[], None]) -> None:
    """Run the services until a signal asks to stop; a service that dies is started again."""
    stopping: list[int] = []
    for number in SIGNALS:
        signal.signal(number, lambda received, _frame: stopping.append(received))
    running = [Service(name, work) for name, work in services.items()]
    try:
        while not stopping:
            for service in running:
                service.look_after()
            tick()
            time.sleep(0.2)
    finally:
        _stop(running)


class Service:
    """One process that is started again when it dies, unless it dies at once."""

    def __init__(self, name: str, work: Work) -> None:
        self.name = name
        self.work = work
        self.start()

    def start(self) -> None:
        """Fork the process."""
        self.began = time.monotonic()
        self.process = _forking.Process(target=_begin, args=(self.work, os.getpid()), name=self.name)
        self.process.start()

    def look_after(self) -> None:
        """Start it again if it has died; give up if it had only just begun."""
        if self.process.is_alive():
            return
        code = self.process.exitcode
        if time.monotonic() - self.began < TOO_SOON:
            raise SystemExit(f"The {self.name} process ended with code {code} as soon as it had started.")
        print(f"The {self.name} process ended with code {code}; starting it again.", file=sys.stderr, flush=True)
        self.kill()
        self.start()

    def kill(self) -> None:
        """End the process and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.join()


def _begin(work: Work, parent: int) -> None:
    """Begin a forked process: in a session of its own, so Ctrl-C reaches it through its parent only."""
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: end when the parent is killed outright
        if os.getppid() != parent:
            return
    work()


def _stop(running: list[Service]) -> None:
    until = time.monotonic() + PATIENCE
    for service in running:
        service.process.terminate()
    for service in running:
        # No join(timeout): it waits for a pipe that what the process started may hold open.
        while service.process.is_alive() and time.monotonic() < until:
            time.sleep(0.05)
        if service.process.is_alive():
            print(f"The {service.name} process did not stop in {PATIENCE} s; ending it.", file=sys.stderr, flush=True)
        service.kill()
