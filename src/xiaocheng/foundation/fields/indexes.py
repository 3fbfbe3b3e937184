"""The indexes of the fields that lists are filtered by, and of those that may not repeat: made while the product runs.

No migration can know them. A database that builds a table anew (SQLite does, to add a column) loses them, so `migrate`
makes them again.
"""

from __future__ import annotations

import re

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from .expressions import ComparedValue, CustomValue
from .models import CustomField
from .tables import DATE, DECIMAL, MONEY, ONE, WHOLE, YES_NO

INDEXED = {WHOLE, DECIMAL, MONEY, DATE, YES_NO, ONE}  # those that are compared; a part of a text is found by no index
NAME = re.compile(r"custom_(field|once)_\d+")
ONCE = re.compile(r"\bcustom_once_(\d+)\b")


def mend_indexes() -> list[str]:
    """Make the indexes that lack and drop those that are needed no more; returns the names of all that were due."""
    wanted = _wanted()
    there = _names()
    for name in there - wanted.keys():
        drop(name)
    for name in wanted.keys() - there:
        try:
            _make(name, wanted[name])
        except IntegrityError:  # values that repeat came in while it lacked: rows that are there are worth more
            continue
    return sorted(there ^ wanted.keys())


def make_once(row: CustomField) -> None:
    """From now on the database itself refuses a second row with the same value; IntegrityError where there are two."""
    _make(once_name(row), row)


def drop(name: str) -> None:
    """Do without an index."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP INDEX IF EXISTS "{name}"')


def once_name(row: CustomField) -> str:
    """The index that keeps a field free of repetition."""
    return f"custom_once_{row.pk}"


def field_that_repeats(error: IntegrityError) -> int | None:
    """The field whose index has refused a row; None when something else did."""
    found = ONCE.search(str(error).splitlines()[0])
    return int(found[1]) if found else None


def missing_once() -> list[CustomField]:
    """The fields that should be free of repetition, but that the database does not keep so."""
    there, wanted = _names(), _wanted()
    return [row for name, row in wanted.items() if ONCE.fullmatch(name) and name not in there]


def _wanted() -> dict[str, CustomField]:
    rows = CustomField.objects.filter(is_active=True)
    wanted = {f"custom_field_{row.pk}": row for row in rows.filter(is_filter=True, kind__in=INDEXED)}
    return wanted | {once_name(row): row for row in rows.filter(is_unique=True)}


def _make(name: str, row: CustomField) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # it makes no index while keys are still to be checked
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(_statement(name, row))


def _statement(name: str, row: CustomField) -> str:
    """Rows without a value stay out of it; the id lets it serve a page in the order of the list."""
    is_once = ONCE.fullmatch(name) is not None
    value = (ComparedValue if is_once else CustomValue)(row.key, row.kind)
    model = apps.get_model(row.table)
    compiler = model._base_manager.alias(kept=value).query.get_compiler(connection=connection)
    sql, _values = compiler.compile(compiler.query.annotations["kept"])
    table = connection.ops.quote_name(model._meta.db_table)
    expression = sql.replace(f"{table}.", "")
    kind, columns = ("UNIQUE INDEX", f"({expression})") if is_once else ("INDEX", f"({expression}), id")
    return f'CREATE {kind} IF NOT EXISTS "{name}" ON {table} ({columns}) WHERE ({expression}) IS NOT NULL'


def _names() -> set[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'index'"
    if connection.vendor == "postgresql":
        sql = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall() if NAME.fullmatch(name)}
