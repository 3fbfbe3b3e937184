"""Search as you type: part of a name, pinyin, initials, digits of a phone.

Each searchable table has an index table of its own. A text is stored as its suffixes (and those of its pinyin), and a
word is looked up as a prefix of them: SQLite by FTS5, PostgreSQL by a tsvector with GIN. No extension is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Q
from django.db.models.expressions import RawSQL

from .text import normal, phone_digits, syllables

M = TypeVar("M", bound=models.Model)
SUFFIX, PINYIN_SYLLABLES, INITIALS = 8, 6, 10  # how much of each suffix is kept: enough to tell, small enough to store
PRIVATE = "\ue000"  # before a token of what is masked in some rows; nobody can type it


def name_tokens(text: str) -> set[str]:
    """The tokens of a name: suffixes, pinyin from each character on, initials from each character on."""
    tokens: set[str] = set()
    for word in normal(text).split():
        letters = "".join([c for c in word if c.isalnum()])
        read = syllables(letters)
        tokens.update([letters[i : i + SUFFIX] for i in range(len(letters))])
        if any(len(syllable) > 1 for syllable in read):
            initials = "".join([syllable[0] for syllable in read])
            for i in range(len(letters)):
                tokens.add("".join(read[i : i + PINYIN_SYLLABLES])[:24])
                tokens.add(initials[i : i + INITIALS])
    return tokens


def digit_tokens(phone: str) -> set[str]:
    """The tokens of a phone number: every run of digits from any place to its end, three digits or more."""
    digits = phone_digits(phone)
    return {digits[i:] for i in range(len(digits) - 2)}


def private(tokens: Iterable[str]) -> set[str]:
    """The same tokens, to be found only in rows whose details the person may read."""
    return {PRIVATE + token for token in tokens}


def words_of(query: str) -> list[str]:
    """What a person typed, as the words to look up; a long Chinese word is looked up in parts."""
    words: list[str] = []
    for word in normal(query).split():
        letters = "".join(c for c in word if c.isalnum())
        if letters.isascii():
            words.append(letters[:24])
        else:
            words.extend(letters[i : i + SUFFIX] for i in range(0, len(letters), SUFFIX))
    return [word for word in words if word][:6]


_tables: set[str] = set()


def empty_indexes() -> None:
    """Forget all tokens of all tables: for emptying a whole database."""
    with connection.cursor() as cursor:
        for table in sorted(_tables):
            cursor.execute(f"DELETE FROM {table}")


@dataclass(frozen=True)
class SearchIndex:
    """The index table that stands beside a searchable table."""

    table: str

    def __post_init__(self) -> None:
        _tables.add(self.table)

    def put(self, rows: Iterable[tuple[int, set[str]]]) -> None:
        """Store or replace the tokens of rows: (row id, tokens)."""
        rows = list(rows)
        if connection.vendor == "postgresql":
            sql = (
                f"INSERT INTO {self.table} (row_id, tokens) VALUES (%s, array_to_tsvector(%s)) "
                "ON CONFLICT (row_id) DO UPDATE SET tokens = excluded.tokens"
            )
            values: list[Sequence[Any]] = [(row_id, sorted(tokens)) for row_id, tokens in rows]
        else:
            sql = f"INSERT OR REPLACE INTO {self.table} (rowid, tokens) VALUES (%s, %s)"
            values = [(row_id, " ".join(tokens)) for row_id, tokens in rows]
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)

    def remove(self, row_ids: Iterable[int]) -> None:
        """Forget rows."""
        column = "row_id" if connection.vendor == "postgresql" else "rowid"
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {self.table} WHERE {column} = %s", [(row_id,) for row_id in row_ids])

    def matching(self, rows: models.QuerySet[M], query: str, readable: Q | None = None) -> models.QuerySet[M]:
        """Those of the rows in which every word of the query is found; no words, no rows.

        Private tokens count in `readable` rows only: else a masked phone could be guessed digit by digit.
        """
        words = words_of(query)
        if not words:
            return rows.none()
        if readable is None:
            return rows.filter(pk__in=self._ids(words))
        found = rows.filter(pk__in=self._ids(words, PRIVATE))
        return found.filter(readable | Q(pk__in=self._ids(words))) if readable else found

    def _ids(self, words: list[str], *marks: str) -> RawSQL:
        if connection.vendor == "postgresql":
            found = [" | ".join(f"'{mark}{word}':*" for mark in ("", *marks)) for word in words]
            expression = " & ".join(f"({either})" for either in found)
            return RawSQL(f"SELECT row_id FROM {self.table} WHERE tokens @@ %s::tsquery", [expression])
        found = [" OR ".join(f'"{mark}{word}"*' for mark in ("", *marks)) for word in words]
        expression = " AND ".join(f"({either})" for either in found)
        return RawSQL(f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s", [expression])


Again = Callable[[Collection[int]], None]
_kept: dict[SearchIndex, tuple[type[models.Model], Again]] = {}
CHUNK = 2000


def keeps(index: SearchIndex, model: type[models.Model]) -> Callable[[Again], Again]:
    """Register the function that stores the tokens of some of the table's rows (by id) again."""

    def register(function: Again) -> Again:
        _kept[index] = (model, function)
        return function

    return register


def rebuild_indexes() -> dict[str, int]:
    """Store the tokens of every row again, chunk by chunk while others search; returns the rows by index table."""
    return {index.table: _rebuild(index, *kept) for index, kept in _kept.items()}


def _rebuild(index: SearchIndex, model: type[models.Model], again: Again) -> int:
    last, count = 0, 0
    column = "row_id" if connection.vendor == "postgresql" else "rowid"
    rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
    while True:
        ids = list(rows.filter(pk__gt=last)[:CHUNK])
        until = ids[-1] if ids else 2**62
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {index.table} WHERE {column} > %s AND {column} <= %s", [last, until])
            again(ids)
        if not ids:
            return count
        last, count = until, count + len(ids)


class CreateSearchIndex(Operation):
    """Migration operation: create the index table on either database."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The index is no model: nothing changes in the state."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Create the table."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"CREATE TABLE {self.table} (row_id bigint PRIMARY KEY, tokens tsvector NOT NULL)")
            schema_editor.execute(
                f"CREATE INDEX {self.table}_gin ON {self.table} USING gin (tokens) WITH (fastupdate = off)"
            )
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {self.table} USING fts5(tokens, detail=none, columnsize=0, prefix='1 2 3', "
                'tokenize="unicode61 remove_diacritics 0")'
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the table."""
        schema_editor.execute(f"DROP TABLE {self.table}")

    def describe(self) -> str:
        """What migrate prints."""
        return f"Create search index {self.table}"
