"""On SQLite those who write take turns: nobody is passed by for long, nobody keeps a turn that he has finished."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from tests.support.threads import at_once
from xiaocheng.foundation.kernel.models import RuleValue

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has a queue of its own"),
]


def is_free() -> bool:
    """True when nobody holds the turn."""
    with Path(f"{connection.settings_dict['NAME']}-turn").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_whoever_writes_holds_the_turn_until_he_has_saved() -> None:
    with transaction.atomic():
        assert not is_free()
        with transaction.atomic():
            RuleValue.objects.count()
        assert not is_free()
    assert is_free()


def fails() -> None:
    with transaction.atomic():
        raise KeyError


def loses_the_connection() -> None:
    with transaction.atomic():
        connection.close()
        raise KeyError


@pytest.mark.parametrize("work", [fails, loses_the_connection])
def test_whoever_fails_gives_the_turn_back(work: Callable[[], None]) -> None:
    with pytest.raises(KeyError):
        work()
    assert is_free()


def test_whoever_waits_too_long_is_told_what_sqlite_says(monkeypatch: pytest.MonkeyPatch) -> None:
    began, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            began.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    began.wait(20)
    try:
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
        with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
            pass
    finally:
        done.set()
        holder.join()
    with transaction.atomic():
        assert not is_free()


def test_six_people_who_save_again_and_again_get_about_as_many_turns() -> None:
    until = time.monotonic() + 1.5

    def save(_number: int) -> int:
        saved = 0
        while time.monotonic() < until:
            with transaction.atomic():
                time.sleep(0.01)
                saved += 1
        return saved

    saved = at_once(save)
    assert all(isinstance(count, int) and count >= 5 for count in saved), saved
