"""Looks after the web server and the worker; imports no framework, so it costs next to no memory."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

PATIENCE = 20  # seconds that a child may take to end by itself
TOO_SOON = 5  # seconds; a child that ends sooner would end again


class Child:
    """One process that is started again when it dies, unless it dies at once."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.command = command
        self.start()

    def start(self) -> None:
        """Start the process in a session of its own, so Ctrl-C reaches it through us only."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent())  # noqa: S603

    def look_after(self) -> None:
        """Start it again if it has died; give up if it had only just begun."""
        code = self.process.poll()
        if code is None:
            return
        if time.monotonic() - self.began < TOO_SOON:
            raise SystemExit(f"The {self.name} process ended with code {code} as soon as it had started.")
        print(f"The {self.name} process ended with code {code}; starting it again.", file=sys.stderr, flush=True)
        self.start()

    def stop(self, until: float) -> None:
        """Wait for the process to end, and kill it and all it started when its time is up."""
        try:
            self.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The {self.name} process did not stop in {PATIENCE} s; ending it.", file=sys.stderr, flush=True)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def main(host: str, port: str) -> int:
    """Run both processes until a signal asks to stop."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    product = [sys.executable, "-m", "xiaocheng"]
    children = [
        Child("web", [*product, "serve", "--host", host, "--port", port]),
        Child("worker", [*product, "work"]),
    ]
    try:
        announced = False
        while not stopping:
            for child in children:
                child.look_after()
            announced = announced or _announce(host, int(port))
            time.sleep(0.2)
    finally:
        _stop(children)
    return 0


def _stop(children: list[Child]) -> None:
    until = time.monotonic() + PATIENCE
    for child in children:
        child.process.terminate()
    for child in children:
        child.stop(until)


def _announce(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        socket.create_connection((reachable, port), timeout=1).close()
    except OSError:
        return False
    shown = f"[{reachable}]" if ":" in reachable else reachable
    print(f"\n  销程 Xiaocheng: http://{shown}:{port}/   (Ctrl-C stops it)\n", flush=True)
    return True


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a child also ends when this process is killed outright."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    set_death_signal = 1  # PR_SET_PDEATHSIG
    return lambda: library.prctl(set_death_signal, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
