"""The proof of a backup: put back beside the company in use, by a process that knows nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from django.core.management.base import CommandError
from django.db import connection

from .backups import run_postgres


def restore_elsewhere(scratch: Path) -> None:
    """Restore the backup in `scratch/backup` into an empty database and folder, which `restore` checks."""
    with _empty_database(scratch) as url:
        environment = {**os.environ, "XIAOCHENG_DATABASE_URL": url, "XIAOCHENG_DATA_DIR": str(scratch / "data")}
        command = [sys.executable, "-m", "xiaocheng", "restore", str(scratch / "backup")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CommandError(done.stderr.strip()[-2000:])


@contextmanager
def _empty_database(scratch: Path) -> Iterator[str]:
    """The address of a database that is there for this only: beside ours on the same server, or a file."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{scratch}/restored.sqlite3"
        return
    name = f"xiaocheng_drill_{uuid.uuid4().hex[:8]}"
    run_postgres("createdb", name)
    try:
        given = connection.settings_dict
        where = {"host": given["HOST"], "port": given["PORT"], "sslmode": given["OPTIONS"].get("sslmode")}
        login = f"{quote(given['USER'], safe='')}:{quote(given['PASSWORD'], safe='')}"
        yield f"postgres://{login}@/{name}?{urlencode({key: value for key, value in where.items() if value})}"
    finally:
        run_postgres("dropdb", "--force", name)
