"""pytest plugin: `--db=sqlite` (the default) or `--db=postgres` chooses the database before Django is set up.

Migrating takes seconds, so a migrated database is kept in var/testdb until a migration changes, and each process
of a run works on a copy of it. A test that asks for no database runs on SQLite only: once is enough.
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "var" / "testdb"
WRITTEN_BY_MIGRATE = {"django_content_type", "auth_permission", "django_migrations"}

_resources = ExitStack()
atexit.register(_resources.close)  # also when the tests cannot even be collected


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=("sqlite", "postgres"), default="sqlite", help="which database the tests use")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Set the product's environment variables; the other processes of a parallel run inherit them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = postgres.scratch("xc-test-")
        _resources.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= {
            "XIAOCHENG_DATA_DIR": str(folder),
            "XIAOCHENG_SECRET_KEY": "a key that only the tests know",
            "XIAOCHENG_LOG_LEVEL": "WARNING",
        }
        os.environ["XIAOCHENG_DATABASE_URL"] = _address(early_config.known_args_namespace.db, folder)
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--db')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on PostgreSQL, what asks for no database: pytest-django lets it reach none, so it cannot differ."""
    if config.getoption("--db") == "postgres":
        without = [item for item in items if not _asks_for_a_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if _asks_for_a_database(item)]


def _asks_for_a_database(item: pytest.Item) -> bool:
    """True when the test has the mark or, through whatever fixture, the database."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint({"db", "transactional_db"})


def _address(database: str, folder: Path) -> str:
    if database == "sqlite":
        shutil.copy(migrated("sqlite"), folder / "migrated.sqlite3")
        return f"sqlite:///{folder}/migrated.sqlite3"
    if not postgres.available():
        reason = "No PostgreSQL server found: the tests on PostgreSQL did not run."
        pytest.exit(reason, returncode=1 if os.environ.get("CI") else 0)
    return _resources.enter_context(postgres.cluster(copy_of=migrated("postgres")))


def migrated(database: str) -> Path:
    """Return the kept database that all present migrations were applied to; make it if a migration changed."""
    kept = KEPT / f"{database}-{_digest()}"
    if kept.exists():
        kept.touch()
        return kept
    KEPT.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
    if database == "sqlite":
        _migrate(f"sqlite:///{fresh}")
    else:
        with postgres.cluster(keep_as=fresh) as address:
            _migrate(address)
    try:
        fresh.rename(kept)
    except OSError:  # another run was faster
        shutil.rmtree(fresh)
    _drop_unused()
    return kept


def _drop_unused() -> None:
    yesterday = time.time() - 24 * 3600
    for old in KEPT.iterdir():
        with suppress(FileNotFoundError):  # the other database has just been made
            if old.stat().st_mtime < yesterday:
                shutil.rmtree(old) if old.is_dir() else old.unlink()


def _migrate(address: str) -> None:
    command = [sys.executable, "-m", "xiaocheng", "migrate", "--verbosity=0", "--skip-checks"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XIAOCHENG_DATABASE_URL": address, "XIAOCHENG_DATA_DIR": folder}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


def _digest() -> str:
    """Whatever a migration is made of: the migrations, the settings that list them, the kernel's own operations."""
    source = ROOT / "src" / "xiaocheng"
    kernel = source / "foundation/kernel"
    files = [
        *source.rglob("migrations/*.py"),
        source / "config/settings.py",
        kernel / "search.py",
        kernel / "tables.py",
    ]
    digest = hashlib.sha256((ROOT / "requirements" / "base.lock").read_bytes())
    for file in sorted(files):
        digest.update(f"{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def use_a_copy(worker: str) -> None:
    """Let this process work on a copy of the migrated database."""
    from django.conf import settings
    from django.db import connection

    given = Path(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite":
        name = str(shutil.copy(given, given.with_name(f"{worker}.sqlite3")))
    else:
        name = f"test_{worker}"
        _clone(settings.DATABASES["default"]["HOST"], str(given), name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _clone(host: str, template: str, name: str) -> None:
    import psycopg

    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())


def empty_what_was_filled(_test: object = None) -> None:
    """After a test that commits: empty the tables that hold rows, and the search; what `migrate` wrote stays.

    Django truncates all of them and migrates anew, which takes PostgreSQL longer than most of these tests.
    """
    from django.db import connection, transaction

    from xiaocheng.foundation.kernel.search import empty_indexes

    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    with transaction.atomic(), connection.cursor() as cursor:
        for table in filled(tables - WRITTEN_BY_MIGRATE):
            cursor.execute(f'DELETE FROM "{table}"')
        empty_indexes()


def filled(tables: Iterable[str]) -> list[str]:
    """Those of the tables that hold rows, by one statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        holds = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in sorted(tables))
        cursor.execute(" UNION ALL ".join(holds))
        return [table for (table,) in cursor.fetchall()]
