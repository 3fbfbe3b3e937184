"""A company's own field as an expression that filters, on both databases, and that an index can hold."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import BigIntegerField, F, Func, TextField

from .values import NUMBERS

KEY = re.compile(r"f\d+")


class CustomValue(Func):
    """What a row keeps in one of its company's own fields: a number or a text as `values.stored` makes it.

    The key stands in the statement itself, not as a parameter of it: only so does an index of the field fit.
    """

    def __init__(self, key: str, kind: str, column: str = "custom") -> None:
        if not KEY.fullmatch(key):
            raise ValueError(key)
        self.key, self.is_number = key, kind in NUMBERS
        super().__init__(F(column), output_field=BigIntegerField() if self.is_number else TextField())

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite: json_extract, whose numbers are numbers."""
        column, values = compiler.compile(self.source_expressions[0])
        return f"json_extract({column}, '$.{self.key}')", tuple(values)

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL: the text, made a number where the field holds one."""
        column, values = compiler.compile(self.source_expressions[0])
        text = f"({column} ->> '{self.key}')"
        return (f"({text}::bigint)" if self.is_number else text), tuple(values)
