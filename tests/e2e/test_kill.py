"""Web server and worker are killed outright, again and again, while programs write and an import runs.

After each round, nothing that was acknowledged is lost, nothing is there twice, and no import is left by halves.
"""

from __future__ import annotations

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
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import close_old_connections, connection, transaction

from tests.bench.server import free_port
from tests.world import World, make_world
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.import_export.models import ImportedSet, ImportJob
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.org.commands import issue_token
from xiaocheng.interface.cli.management.commands import doctor
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode

ROWS, WRITERS, WRITES = 5_000, 2, 6
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
        return subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """Kill the processes that answer, which the server starts again, and the worker, which nobody does."""
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children").read_text().split()
        for pid in map(int, children):
            os.kill(pid, signal.SIGKILL)
        self.worker.kill()
        self.worker.wait()

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
            except (OSError, ValueError):
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
            return commands.ask_run(actor, job.pk, skip_problems=True)
        if job.state == "done":
            return commands.ask_undo(actor, job.pk)
    job = upload(actor, "客户名称\n" + "".join(f"导入{n}号客户\n" for n in range(ROWS)))
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, lambda rows: None)
    return commands.ask_run(actor, job.pk)


def look(writers: list[Writer], kept: dict[str, int], job: ImportJob) -> None:
    """Nothing lost, nothing twice, nothing by halves, and nothing that the doctor finds."""
    connection.close()  # the doctor is a new process: integrity_check believes what a connection remembers of an index
    for writer in writers:
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
@pytest.mark.parametrize("rounds", [20, 100])
def test_killed_again_and_again_the_product_goes_on(transactional_db: None, upload: Any, rounds: int) -> None:
    with transaction.atomic():
        world = make_world()
        secret = issue_token(world.actor("east_rep"), "kill")[1]
    dice, kept, states = random.Random(rounds), {}, set()
    job: ImportJob | None = None
    product = Product()
    try:
        for number in range(rounds):
            job = go_on(world, upload, job)
            writers = [Writer(product, secret, f"{number}轮{n}") for n in range(WRITERS)]
            for writer in writers:
                writer.start()
            time.sleep(dice.uniform(0.5, 4))
            product.kill()
            for writer in writers:
                writer.join()
            look(writers, kept, job)
            states.add(job.state)
            product.worker = product.start("work")
        settle(world, job)
    finally:
        product.stop()
    close_old_connections()
    assert len(kept) == rounds * WRITERS * WRITES
    assert "running" in states, "no round hit an import on its way"


def settle(world: World, job: ImportJob | None) -> None:
    """The last import ends, or can be gone on with until it does."""
    assert job is not None
    actor = world.actor("administrator")
    until = time.monotonic() + 180
    while time.monotonic() < until:
        job = queries.import_job(actor, job.pk)
        if job.state in {"done", "undone"}:
            return
        if not queries.is_busy(actor, job):
            commands.ask_run(actor, job.pk, skip_problems=True)
        time.sleep(0.5)
    raise AssertionError(f"the import is still {job.state}")
