"""Writers take turns at lock files before they ask SQLite for its lock.

SQLite lets a writer that finds the lock taken try again after ever longer pauses, up to a tenth of a second, and
whoever comes by meanwhile goes first: with eight people saving at once some waited a second, and most of the time
nobody wrote. Here one waits as the next in line, whom nobody can pass by, and the others for his place.
"""

from __future__ import annotations

import fcntl
import os
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

OFTEN = 0.001  # seconds between two tries


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; it holds the turn from the beginning of a transaction to its end."""

    _turn: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._give_turn_back()
            raise

    def commit(self) -> None:
        """Commit, and let the next one write."""
        try:
            super().commit()
        finally:
            self._give_turn_back()

    def rollback(self) -> None:
        """Roll back, and let the next one write."""
        try:
            super().rollback()
        finally:
            self._give_turn_back()

    def close(self) -> None:
        """Close, and let the next one write."""
        try:
            super().close()
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        """Wait for the turn as long as SQLite would wait for its lock, and say the same when it does not come."""
        if self.is_in_memory_db() or self._turn is not None:
            return
        until = time.monotonic() + self.settings_dict["OPTIONS"]["timeout"]
        next_in_line = self._lock("next", until)
        try:
            self._turn = self._lock("turn", until)
        finally:
            os.close(next_in_line)

    def _lock(self, name: str, until: float) -> int:
        file = os.open(f"{self.settings_dict['NAME']}-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    os.close(file)
                    raise OperationalError("database is locked") from None
                time.sleep(OFTEN)
            else:
                return file

    def _give_turn_back(self) -> None:
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None
