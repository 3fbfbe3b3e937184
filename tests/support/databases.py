"""pytest plugin: `--db=sqlite` (the default) or `--db=postgres` chooses the database before Django is set up."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres

_resources = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=("sqlite", "postgres"), default="sqlite", help="which database the tests use")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    """Set the product's environment variables; the other processes of a parallel run inherit them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="xc-test-", dir=postgres.MEMORY if postgres.MEMORY.is_dir() else None))
        _resources.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= {
            "XIAOCHENG_DATA_DIR": str(folder),
            "XIAOCHENG_SECRET_KEY": "a key that only the tests know",
            "XIAOCHENG_LOG_LEVEL": "WARNING",
            "XIAOCHENG_DATABASE_URL": _address(early_config.known_args_namespace.db, folder),
        }
    return (yield)


def _address(database: str, folder: Path) -> str:
    if database == "sqlite":
        return f"sqlite:///{folder}/tests.sqlite3"
    if not postgres.available():
        reason = "No PostgreSQL server found: the tests on PostgreSQL did not run."
        pytest.exit(reason, returncode=1 if os.environ.get("CI") else 0)
    return _resources.enter_context(postgres.cluster())


def pytest_unconfigure() -> None:
    """Stop the cluster and remove the files."""
    _resources.close()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--db')}"
