"""`xiaocheng run` brings all processes up, keeps them up, and leaves none behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import CommandError

from tests.bench.server import free_port
from xiaocheng.interface.cli.management.commands.serve import refuse_taken

TWO_SERVICES = """
import os, sys, time
from xiaocheng.interface.cli import supervise

supervise.TOO_SOON = {too_soon}

def sleeper():
    if os.fork() == 0:
        time.sleep(600)
    os.write(1, b"began %d\\n" % os.getpid())  # in one piece, whoever else writes
    {body}

supervise.keep_running({{"a": sleeper, "b": sleeper}}, lambda: None)
"""


@contextmanager
def started(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A program in a session of its own, ended with all that it started."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def sessions_of(group: int) -> list[int]:
    """The processes that still belong to a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def eventually(check: Callable[[], bool], seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while not check() and time.monotonic() < until:
        time.sleep(0.05)
    return check()


def two_services(body: str = "time.sleep(600)", too_soon: int = 5) -> list[str]:
    return [sys.executable, "-c", TWO_SERVICES.format(body=body, too_soon=too_soon)]


def next_beginning(process: subprocess.Popen[str]) -> int:
    for line in process.stdout or ():
        if found := re.match(r"began (\d+)", line):
            return int(found[1])
    raise AssertionError("it ended early")


def test_one_signal_stops_every_process_and_what_it_started() -> None:
    with started(two_services()) as process:
        pids = [next_beginning(process), next_beginning(process)]
        assert [len(sessions_of(pid)) for pid in pids] == [2, 2]
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert eventually(lambda: not any(map(sessions_of, pids)))


def test_a_process_that_dies_is_started_again() -> None:
    with started(two_services(too_soon=0)) as process:
        pids = [next_beginning(process), next_beginning(process)]
        os.kill(pids[0], signal.SIGKILL)
        assert next_beginning(process) not in pids
        assert eventually(lambda: not sessions_of(pids[0]))


def test_a_process_that_cannot_start_stops_everything_with_a_sentence() -> None:
    with started(two_services("sys.exit(3)")) as process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "ended with code 3 as soon as it had started" in output


def test_the_processes_end_when_their_parent_is_killed() -> None:
    with started(two_services()) as process:
        pids = [next_beginning(process), next_beginning(process)]
        process.kill()
        process.wait()
        gone = eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
        for pid in pids:
            os.killpg(pid, signal.SIGKILL)  # what a service itself started is its own to end
        assert gone


def test_a_taken_port_is_named() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Cannot listen on 127.0.0.1:{port} .*Choose another PORT"):
            refuse_taken("127.0.0.1", port)


@pytest.mark.e2e
def test_the_whole_product_comes_up_and_goes_down(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "XIAOCHENG_DATA_DIR": str(tmp_path),
        "XIAOCHENG_DATABASE_URL": f"sqlite:///{tmp_path}/run.sqlite3",
        "XIAOCHENG_DEMO": "no",
    }
    with started([sys.executable, "-m", "xiaocheng", "run", "--port", str(port)], **environment) as process:
        for line in process.stdout or ():
            if f"http://127.0.0.1:{port}/" in line:
                break
        with urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=10) as answer:
            assert answer.status == 200
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
        with urlopen(f"http://127.0.0.1:{port}/static/dist/app.css", timeout=10) as answer:
            assert answer.headers["Cache-Control"] == "max-age=31536000"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
