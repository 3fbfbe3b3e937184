"""Expressions that both databases compute by themselves; Django's own would call back into Python for every row."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, FloatField, Func, IntegerField, Sum
from django.db.models.functions import Cast, Coalesce


class DaysBetween(Func):
    """The whole days from one date column to another."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite keeps dates as text."""
        return self._written(compiler, "CAST(julianday({until}) - julianday({since}) AS INTEGER)")

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL: one date less another."""
        return self._written(compiler, "({until} - {since})")

    def _written(self, compiler: Any, template: str) -> tuple[str, tuple[Any, ...]]:
        (since, first), (until, then) = (compiler.compile(part) for part in self.source_expressions)
        return template.format(since=since, until=until), (*then, *first)


class Bare:
    """A value as the database gives it: Django would look at each of a million once more."""

    def get_db_converters(self, connection: Any) -> list[Any]:
        """None."""
        return []


class Real(Bare, Cast):
    """An amount as the number that is computed with: no decimal is made of it on the way."""

    def __init__(self, column: Any) -> None:
        super().__init__(column, FloatField())


class Filled(Bare, Coalesce):
    """A value, or another where there is none."""


class EpochSeconds(Bare, Func):
    """An instant as seconds since 1970, to the millisecond: for whoever reads so many that each object counts."""

    output_field = FloatField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite keeps instants as text."""
        return self.as_sql(compiler, connection, template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)")

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL would give a decimal."""
        return self.as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::float8")


class Whole(Bare, Sum):
    """A sum of whole numbers."""

    template = "CAST(%(function)s(%(distinct)s%(expressions)s) AS bigint)"
    output_field = BigIntegerField()
