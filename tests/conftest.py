"""What every test stands on; databases and browser are in tests/support."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from tests.world import World

pytest_plugins = ["tests.support.browser"]


def pytest_configure() -> None:
    """Hash passwords fast: the product's hasher is tested by its own test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Give each process of a parallel run its own database; in memory SQLite locks whole tables."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(Path(database["NAME"]).with_name(f"{worker}.sqlite3"))
    else:
        database["TEST"]["NAME"] = f"test_{worker}"


@pytest.fixture
def world(db: None) -> World:
    """The named company of tests/world.py."""
    from tests.world import make_world

    return make_world()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forget what a former test had the process remember: its rules and calendar were rolled back."""
    from xiaocheng.foundation.kernel import rules
    from xiaocheng.foundation.org import workdays

    rules.forget_cached()
    workdays.forget_cached()
