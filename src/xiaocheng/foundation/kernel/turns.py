"""One after the other, where looking and writing must not be torn apart and no row is there yet to be locked."""

from __future__ import annotations

from django.db import connection


def take_turn(what: str) -> None:
    """Wait until other transactions that do the same have ended, and keep the turn until this one ends.

    SQLite lets one writer in at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
