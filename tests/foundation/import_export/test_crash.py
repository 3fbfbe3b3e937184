"""A worker is killed in the middle of an import: the next one goes on, and every row is there once."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.world import World, make_world
from xiaocheng.foundation.import_export import commands, queries
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.selling.customers.models import Customer, OwnershipEpisode

ROWS = 12_000


def database_url() -> str:
    """The address of the database that this test works on."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgres://{given['USER']}@/{given['NAME']}?host={given['HOST']}"


def start_worker() -> subprocess.Popen[bytes]:
    """A worker on the same database and folder."""
    environment = {
        **os.environ,
        "XIAOCHENG_DATABASE_URL": database_url(),
        "XIAOCHENG_DATA_DIR": str(settings.DATA_DIR),
    }
    return subprocess.Popen([sys.executable, "-m", "xiaocheng", "work"], env=environment)


def wait_until(what, seconds=120):
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The world, for another process to see."""
    with transaction.atomic():
        return make_world()


@pytest.mark.full
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_an_import_survives_the_end_of_its_worker(committed_world: World, upload, how):
    actor = committed_world.actor("administrator")
    job = upload(actor, "客户名称\n" + "".join(f"第{n}号客户\n" for n in range(ROWS)))
    commands.map_columns(actor, job.pk, job.columns)
    commands.check(actor, job.pk, lambda rows: None)
    commands.ask_run(actor, job.pk)

    def reached() -> int:
        return queries.import_job(actor, job.pk).next_row

    first = start_worker()
    wait_until(reached)
    first.send_signal(how)
    first.wait(timeout=30)
    stopped_at = reached()
    assert 0 < stopped_at < ROWS
    second = start_worker()
    try:
        wait_until(lambda: queries.import_job(actor, job.pk).state == "done")
    finally:
        second.terminate()
        assert second.wait(timeout=30) == 0
    assert queries.import_job(actor, job.pk).counts == {"new": ROWS, "changed": 0, "same": 0, "refused": 0}
    names = Customer.objects.visible_to(SYSTEM).values_list("name", flat=True)
    assert sorted(names) == sorted(f"第{n}号客户" for n in range(ROWS))
    assert OwnershipEpisode.objects.visible_to(SYSTEM).count() == ROWS
