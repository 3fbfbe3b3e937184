"""What every test stands on; databases and browser are in tests/support."""

from pathlib import Path

import pytest
from django.conf import settings

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
