"""What a request did to the database: which request wrote at all, and whether anything is different afterwards."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from tests.support.caches import forget_everything

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|WITH\b.*\b(INSERT|UPDATE|DELETE))\b", re.I | re.S)
NOT_OURS = {"django_session"}  # a session is touched by whoever asks


def everything() -> str:
    """A digest of every row of every table."""
    digest = hashlib.sha256()
    for table in sorted({model._meta.db_table for model in apps.get_models()} - NOT_OURS):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            digest.update(f"{table}{sorted(map(repr, cursor.fetchall()))}".encode())
    return digest.hexdigest()


class Change:
    """Whether the request inside `taken_back` changed anything."""

    def __init__(self, before: str) -> None:
        self._before = before
        self._wrote = False
        self.matters = True  # false for who may change what he changed: comparing all tables takes long
        self.happened = False

    def watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note that there was a statement that writes: only then the tables need be compared."""
        self._wrote = self._wrote or bool(WRITES.match(sql))
        return execute(sql, params, many, context)

    def look(self) -> None:
        """Compare."""
        self.happened = self.matters and self._wrote and everything() != self._before

    def forget(self) -> None:
        """What the process remembers of the change is forgotten with it."""
        if self._wrote:
            forget_everything()


@contextmanager
def taken_back(before: str) -> Iterator[Change]:
    """Take back what the request inside did, so that the next one meets the same rows."""
    change, place = Change(before), transaction.savepoint()
    with connection.execute_wrapper(change.watch):
        yield change
    change.look()
    transaction.savepoint_rollback(place)
    change.forget()
