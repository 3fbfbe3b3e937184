"""A company's own field as an expression that filters, on both databases, and that an index can hold."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase
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


CAPITALS = str.maketrans(ascii_uppercase, ascii_lowercase)


def compared(kept: Any) -> Any:
    """A kept value as `ComparedValue` has it: "SB-01" and "sb-01" are one and the same."""
    return kept.translate(CAPITALS) if isinstance(kept, str) else kept


class ComparedValue(CustomValue):
    """What a row keeps, as it is compared where no two rows may hold the same; only the letters a to z are made small.

    Further letters the two databases would make small in different ways.
    """

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite: its `lower` knows no other letters."""
        sql, values = super().as_sqlite(compiler, connection, **more)
        return (sql if self.is_number else f"lower({sql})"), values

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL: whatever language the database was made for."""
        sql, values = super().as_postgresql(compiler, connection, **more)
        return (sql if self.is_number else f'lower({sql} COLLATE "C")'), values
