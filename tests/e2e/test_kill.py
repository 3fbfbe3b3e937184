"""Web server and worker are killed outright, again and again, while programs write and an import runs.

After each round, nothing that was acknowledged is lost, nothing is there twice, and no import is left by halves.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import close_old_connections, connection, transaction

from tests.bench.server import free_port
from tests.world import World, make_world
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.models import ImportedSet, ImportJob
from xiaocheng.foundation.kernel import jobs
from xiaocheng.foundation.kernel.actor import SYSTEM, Actor
from xiaocheng.foundation.org.commands import issue_token
from xiaocheng.interface.cli.management.commands import doctor
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode

ROUNDS, ROWS, WRITERS, WRITES = 100, 5_000, 2, 6
SOUND = ("database", "migrations", "measures", "rollups")  # what the doctor may not find; no worker runs meanwhile


def database_url() -> str:
    """The address of the database that this test works on."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}@/{given['NAME']}?host={given['HOST']}"


class Product:
    """Web server and worker of the same company, as an operator runs them."""

    def __init__(self) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            "XIAOCHENG_DATABASE_URL": database_url(),
            "XIAOCHENG_DATA_DIR": str(settings.DATA_DIR),
        }
        self.web = self.start("serve", "--port", str(self.port))
        self.worker = self.start("work")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "xiaocheng", *arguments]
        return subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL, start_new_session=True)

    def kill(self) -> None:
        """Kill the worker, and the web server with all of its processes; the server is started again at once."""
        for process in (self.web, self.worker):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.web = self.start("serve", "--port", str(self.port))

    def stop(self) -> None:
        for process in (self.web, self.worker):
            process.terminate()
        for process in (self.web, self.worker):
            process.wait(timeout=60)


class Writer(threading.Thread):
    """A program that registers customers, each under a key of its own, and asks again until it is answered."""

    def __init__(self, product: Product, secret: str, name: str) -> None:
        super().__init__()
        self.product, self.secret, self.called = product, secret, name
        self.acknowledged: dict[str, int] = {}

    def run(self) -> None:
        for n in range(WRITES):
            name = f"{self.called}的第{n}家"
            self.acknowledged[name] = self.register(name)

    def register(self, name: str) -> int:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.product.port}/api/v1/customers",
            json.dumps({"name": name, "despite_duplicates": True}).encode(),
            {
                "Authorization": f"Bearer {self.secret}",
                "Content-Type": "application/json",
                "Idempotency-Key": name.encode().hex()[-60:],
            },
        )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return int(json.load(answer)["id"])
            except urllib.error.HTTPError as refused:
                assert refused.code == 409, refused.read().decode()  # the first one still runs
            except (OSError, ValueError, http.client.HTTPException):  # also: killed in the middle of its answer
                pass
            time.sleep(0.2)
        raise TimeoutError(name)


def go_on(world: World, upload: Any, job: ImportJob | None) -> ImportJob:
    """Have something to do: a new import, or the undoing of a finished one, or the rest of one that was given up."""
    actor = world.actor("administrator")
    if job is not None:
        job = queries.import_job(actor, job.pk)
        if queries.is_busy(actor, job):
            return job
        if job.state == "failed":
            return ask_again(actor, job)
        if job.state == "done":
            return commands.ask_undo(actor, job.pk)
    job = upload(actor, "客户名称\n" + "".join(f"导入{n}号客户\n" for n in range(ROWS)))
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, lambda rows: None)
    return commands.ask_run(actor, job.pk)


def ask_again(actor: Actor, job: ImportJob) -> ImportJob:
    """Go on with an import that was given up; where nothing was written yet, it is checked first."""
    if not job.next_row:
        commands.check(actor, job.pk, lambda rows: None)
    return commands.ask_run(actor, job.pk, skip_problems=True)


def look(writers: list[Writer], kept: dict[str, int], job: ImportJob) -> None:
    """Nothing lost, nothing twice, nothing by halves, and nothing that the doctor finds."""
    connection.close()  # the doctor is a new process: integrity_check believes what a connection remembers of an index
    for writer in writers:
        assert len(writer.acknowledged) == WRITES, "somebody was never answered"
        kept |= writer.acknowledged
    rows = Customer.objects.visible_to(SYSTEM)
    written = dict(rows.exclude(name__startswith="导入").values_list("name", "pk"))
    assert written == kept and rows.exclude(name__startswith="导入").count() == len(kept)
    job.refresh_from_db()
    names = list(rows.filter(name__startswith="导入").values_list("name", flat=True))
    in_sets = sum(len(made.ids) for made in ImportedSet.objects.filter(job=job))
    expected = 0 if job.state == "undone" else job.counts.get("new", 0)
    assert len(names) == len(set(names)) == expected, (job.state, job.counts, len(names))
    assert job.state == "undone" or in_sets == expected == job.next_row
    assert OwnershipEpisode.objects.visible_to(SYSTEM).count() == rows.count()
    found = [sentence for name in SOUND for sentence in doctor.CHECKS[name]()]
    assert found == []


@pytest.fixture
def upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Upload some text as a file, into a folder of this test."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)

    def upload_text(actor: Any, text: str) -> ImportJob:
        return commands.upload(actor, "客户.csv", lambda path: path.write_text(text, encoding="utf-8"))

    return upload_text


@pytest.mark.full
def test_killed_again_and_again_the_product_goes_on(transactional_db: None, upload: Any) -> None:
    with transaction.atomic():
        world = make_world()
        secret = issue_token(world.actor("east_rep"), "kill")[1]
    dice, hits = random.Random(ROUNDS), 0
    kept: dict[str, int] = {}
    job: ImportJob | None = None
    product = Product()
    try:
        for number in range(ROUNDS):
            job = go_on(world, upload, job)
            writers = [Writer(product, secret, f"{number}轮{n}") for n in range(WRITERS)]
            for writer in writers:
                writer.start()
            wait_until(partial(is_under_way, writers))
            time.sleep(dice.uniform(0, 4))
            product.kill()
            for writer in writers:
                writer.join()
            look(writers, kept, job)
            hits += 0 < job.next_row < ROWS
            product.worker = product.start("work")
        settle(world, job)
    finally:
        product.stop()
    close_old_connections()
    assert len(kept) == ROUNDS * WRITERS * WRITES
    assert hits, "no round hit an import on its way"


def is_under_way(writers: list[Writer]) -> bool:
    """True once the worker works and the server answers."""
    return jobs.workers_alive() > 0 and any(writer.acknowledged for writer in writers)


def wait_until(what: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 120
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


def settle(world: World, job: ImportJob | None) -> None:
    """The last import ends, or can be gone on with until it does."""
    assert job is not None
    actor = world.actor("administrator")

    def has_ended() -> bool:
        row = queries.import_job(actor, job.pk)
        if row.state not in {"done", "undone"} and not queries.is_busy(actor, row):
            ask_again(actor, row)
        return row.state in {"done", "undone"}

    wait_until(has_ended)
