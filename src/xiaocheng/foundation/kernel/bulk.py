"""Make and insert many rows at a fraction of the ORM's cost.

Most of `bulk_create` is spent putting values into SQL text, most of making a row in `Model.__init__`. The ids are drawn
first, so that rows which point at each other can be made before any is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL

from .rows import holding

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)


class RowMaker(Generic[M]):
    """Makes rows of a table from values of its columns ("owner_id", not "owner"), which nothing checks."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        # One default for all rows: a list or dict must be given, or it would be shared.
        self.usual = {f.attname: f.get_default() for f in model._meta.concrete_fields}

    def __call__(self, **columns: Any) -> M:
        """A new row; the columns that are not given hold their defaults."""
        return holding(self.model, self.usual | columns)


def insert_many(rows: Sequence[M]) -> Sequence[M]:
    """Insert new rows of one table, in the caller's transaction; they get their ids."""
    if not rows:
        return rows
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("insert_many() belongs inside the command's transaction")
    model = type(rows[0])
    for row, pk in zip(rows, draw_ids(model, len(rows)), strict=True):
        row.__dict__[model._meta.pk.attname] = pk
        row._state.adding = False
        row._state.db = "default"
    _write(model, rows)
    return rows


def update_many(rows: Sequence[models.Model], *names: str) -> None:
    """Save some columns of many rows of one table, each its own values: one statement, run again and again."""
    if not rows:
        return
    model, quote = type(rows[0]), connection.ops.quote_name
    fields: list[Any] = [*map(model._meta.get_field, names), model._meta.pk]
    columns = [_prepared(f, [row.__dict__[f.attname] for row in rows]) for f in fields]
    sets = ", ".join(f"{quote(f.column)} = %s" for f in fields[:-1])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {quote(fields[-1].column)} = %s",  # noqa: S608
            list(zip(*columns, strict=True)),
        )


def in_sets(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in their order, so many at a time: what is too much for one statement or one transaction."""
    return (items[start : start + size] for start in range(0, len(items), size))


def draw_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """The next ids of a table: from PostgreSQL's sequence; counted on SQLite, where one writes at a time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [model._meta.db_table, count],
            )
            return iter([pk for (pk,) in cursor.fetchall()])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = cursor.fetchone()
    first = last[0] + 1 if last else 1
    return iter(range(first, first + count))


def one_of(texts: Collection[str]) -> RawSQL:
    """Thousands of texts as one parameter, for `column__in`: one by one they cost more to send than to look up."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [list(texts)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(texts))])


def _write(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    fields = model._meta.concrete_fields
    columns = [[row.__dict__[f.attname] for row in rows] for f in fields]
    prepared = zip(*(_prepared(f, column) for f, column in zip(fields, columns, strict=True)), strict=True)
    insert_values(model._meta.db_table, [f.column or f.attname for f in fields], prepared)


def insert_values(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of a table, each given as the values of these columns as the database takes them."""
    quote = connection.ops.quote_name
    into = f"{quote(table)} ({', '.join(map(quote, columns))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for values in rows:
                    copy.write_row(values)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", list(rows))  # noqa: S608


def _prepared(field: models.Field[Any, Any], column: list[Any]) -> list[Any]:
    if isinstance(field, PLAIN):
        return column
    if isinstance(field, models.JSONField):
        encode = (field.encoder or json.JSONEncoder)().encode
        return [None if value is None else encode(value) for value in column]
    prepare: Callable[[Any], Any] = partial(field.get_db_prep_save, connection=connection)
    if isinstance(field, (models.DateField, models.DecimalField)):  # the same few values over and over
        known = {value: prepare(value) for value in set(column)}
        return [known[value] for value in column]
    return [prepare(value) for value in column]
