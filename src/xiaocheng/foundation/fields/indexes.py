"""The indexes of the fields that lists are filtered by: made when the administrator says so, while the product runs.

No migration can know them. A database that builds a table anew (SQLite does, to add a column) loses them, so `migrate`
makes them again.
"""

from __future__ import annotations

import re

from django.apps import apps
from django.db import connection

from .expressions import CustomValue
from .models import CustomField
from .tables import DATE, DECIMAL, MONEY, ONE, WHOLE, YES_NO

INDEXED = {WHOLE, DECIMAL, MONEY, DATE, YES_NO, ONE}  # those that are compared; a part of a text is found by no index
NAME = re.compile(r"custom_field_\d+")


def mend_indexes() -> list[str]:
    """Make the indexes that lack and drop those that nobody filters by any more; returns their names."""
    wanted = {
        f"custom_field_{row.pk}": row
        for row in CustomField.objects.filter(is_filter=True, is_active=True, kind__in=INDEXED)
    }
    there = _names()
    with connection.cursor() as cursor:
        for name in there - wanted.keys():
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        for name in wanted.keys() - there:
            cursor.execute(_statement(name, wanted[name]))
    return sorted(there ^ wanted.keys())


def _statement(name: str, row: CustomField) -> str:
    """Rows without a value stay out of it; the id lets it serve a page in the order of the list."""
    model = apps.get_model(row.table)
    compiler = model._base_manager.alias(kept=CustomValue(row.key, row.kind)).query.get_compiler(connection=connection)
    sql, _values = compiler.compile(compiler.query.annotations["kept"])
    table = connection.ops.quote_name(model._meta.db_table)
    expression = sql.replace(f"{table}.", "")
    return f'CREATE INDEX IF NOT EXISTS "{name}" ON {table} (({expression}), id) WHERE {expression} IS NOT NULL'


def _names() -> set[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'index'"
    if connection.vendor == "postgresql":
        sql = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall() if NAME.fullmatch(name)}
