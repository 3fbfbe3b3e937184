"""A company's own field as an expression that filters, on both databases, and that an index can hold."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from django.db.models import BigIntegerField, F, Func, JSONField, TextField
from django.db.models.lookups import Contains, Exact

from .tables import SEVERAL
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


RENAMED = "CASE value WHEN %s THEN %s ELSE value END"


class MergedOption(Func):
    """All that a row keeps, with one code in the place of another in a field of options; a code stands there once."""

    def __init__(self, key: str, kind: str, source: str, target: str, column: str = "custom") -> None:
        if not KEY.fullmatch(key):
            raise ValueError(key)
        self.key, self.kind, self.codes = key, kind, (source, target)
        super().__init__(F(column), output_field=JSONField())

    def holds(self) -> Contains | Exact:
        """The rows that hold the code that goes."""
        kept = CustomValue(self.key, self.kind)
        return Contains(kept, f'"{self.codes[0]}"') if self.kind == SEVERAL else Exact(kept, self.codes[0])

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """SQLite: json_set."""
        column, values = compiler.compile(self.source_expressions[0])
        if self.kind != SEVERAL:
            return f"json_set({column}, '$.{self.key}', %s)", (*values, self.codes[1])
        said = f"json_each({column}, '$.{self.key}')"
        each = f"SELECT {RENAMED} AS code, MIN(key) AS place FROM {said} GROUP BY 1 ORDER BY 2"  # noqa: S608
        several = f"(SELECT json_group_array(code) FROM ({each}))"  # noqa: S608
        return f"json_set({column}, '$.{self.key}', json({several}))", (*values, *self.codes, *values)

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:
        """PostgreSQL: jsonb_set."""
        column, values = compiler.compile(self.source_expressions[0])
        if self.kind != SEVERAL:
            return f"jsonb_set({column}, '{{{self.key}}}', to_jsonb(%s::text))", (*values, self.codes[1])
        said = f"jsonb_array_elements_text({column} -> '{self.key}') WITH ORDINALITY AS said (value, place)"
        each = f"SELECT {RENAMED} AS code, MIN(place) AS place FROM {said} GROUP BY 1"  # noqa: S608
        several = f"(SELECT jsonb_agg(code ORDER BY place) FROM ({each}) AS kept)"  # noqa: S608
        return f"jsonb_set({column}, '{{{self.key}}}', {several})", (*values, *self.codes, *values)
