"""What every test stands on; databases and browser are in tests/support."""

from __future__ import annotations

import atexit
import gc
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from django.utils.translation import trans_real
from pytest_django import DjangoDbBlocker

from tests.support.databases import empty_what_was_filled, use_a_copy

if TYPE_CHECKING:
    from tests.world import World

pytest_plugins = ["tests.support.browser"]


def pytest_configure() -> None:
    """Hash passwords fast: the product's hasher is tested by its own test. Read source texts as they were typed.

    How long an example takes says how busy the machine is, not what is wrong.
    """
    hypothesis.settings.register_profile("calm", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("calm")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOCALE_PATHS = [_without_set_punctuation(Path(folder)) for folder in settings.LOCALE_PATHS]
    trans_real._translations = {}  # whatever was read before this
    trans_real._default = None
    TransactionTestCase._fixture_teardown = empty_what_was_filled


def pytest_collection_finish() -> None:
    """What is there by now stays: looking through it for garbage again and again takes a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _without_set_punctuation(folder: Path) -> str:
    """The catalogues but for zh_Hans, which only sets the punctuation: tests quote sentences as the source has them."""
    copy = Path(tempfile.mkdtemp(prefix="xc-locale-"))
    for language in ("zh_Hant", "en"):
        (copy / language).symlink_to(folder / language)
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    return str(copy)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give each process of a parallel run a database of its own."""
    with django_db_blocker.unblock():
        use_a_copy(getattr(request.config, "workerinput", {}).get("workerid", "alone"))
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def world(db: None) -> World:
    """The named company of tests/world.py."""
    from tests.world import make_world

    return make_world()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Forget what a former test had the process remember: its rules, options and calendar were rolled back."""
    from tests.support.caches import forget_everything

    forget_everything()


@pytest.fixture(autouse=True)
def _nights_are_counted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker runs in a process of its own would count in the database of whoever runs the tests."""
    monkeypatch.setattr("xiaocheng.insight.jobs.apart", lambda *command: call_command(*command, verbosity=0))
