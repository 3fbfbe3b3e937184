"""The product as an operator runs it, on a database of the bench's own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Web server and worker as `xiaocheng run` starts them; gives the port and the process id of their parent."""
    port = free_port()
    command = [sys.executable, "-m", "xiaocheng", "run", "--port", str(port)]
    environment = {**os.environ, "XIAOCHENG_DEMO": "no", **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server ended while starting"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not answer within 30 s")


def proportional_memory(pid: int) -> tuple[float, float]:
    """Proportional set size in MB of a process and all below it (shared pages count once); the part that is files."""
    sizes = {"Pss": 0, "Pss_File": 0}
    for process in [pid, *_below(pid)]:
        rollup = Path(f"/proc/{process}/smaps_rollup")
        for line in rollup.read_text().splitlines() if rollup.exists() else ():
            name, _, size = line.partition(":")
            if name in sizes:
                sizes[name] += int(size.split()[0])
    return sizes["Pss"] / 1024, sizes["Pss_File"] / 1024


def _below(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            found += [child, *_below(child)]
    return found
