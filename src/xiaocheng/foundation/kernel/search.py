"""Search as you type: part of a name, pinyin, initials, digits of a phone.

Each searchable table has an index table of its own. A text is stored as its suffixes (and those of its pinyin), and a
word is looked up as a prefix of them: SQLite by FTS5, PostgreSQL by a tsvector with GIN. No extension is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Q
from django.db.models.expressions import RawSQL

from .bulk import insert_values
from .phones import phone_digits
from .text import LEGAL_FORMS, normal, syllables

M = TypeVar("M", bound=models.Model)
PRIVATE = "\ue000"  # before a token of what is masked in some rows; nobody can type it
OWN = "\ue001"  # before a token of what is masked in fewer of them: a company's own fields
# How much of each suffix is kept: enough to tell, small enough to store.
CHARACTERS, LETTERS, INITIALS = 4, 12, 6


def name_tokens(text: str) -> set[str]:
    """The tokens of a name: suffixes, pinyin from each character on, initials from each character on."""
    tokens: set[str] = set()
    for word in normal(text).split():
        letters = word if word.isalnum() else "".join([c for c in word if c.isalnum()])
        tokens.update([letters[i : i + (LETTERS if c < "\u0080" else CHARACTERS)] for i, c in enumerate(letters)])
        if not letters.isascii():
            tokens.update(_pinyin_tokens(letters))
    return tokens


def _pinyin_tokens(letters: str) -> list[str]:
    """Pinyin and initials from each place where somebody may begin to type."""
    read = syllables(letters)
    initials, spelt = "".join([syllable[0] for syllable in read]), "".join(read)
    at = list(accumulate(map(len, read), initial=0))
    places = _places(letters)
    return [spelt[at[i] : at[i] + LETTERS] for i in places] + [initials[i : i + INITIALS] for i in places]


def _places(letters: str) -> list[int]:
    """Each Chinese character and each first letter or digit, but nothing in 有限公司: it would find all companies."""
    within: set[int] = set()
    if "公司" in letters:
        within.update(*(range(*form.span()) for form in LEGAL_FORMS.finditer(letters)))
    plain = [c < "\u0080" for c in letters]
    return [i for i, is_plain in enumerate(plain) if not (is_plain and i and plain[i - 1]) and i not in within]


def digit_tokens(phone: str) -> set[str]:
    """The tokens of a phone number: every run of digits from any place to its end, three digits or more."""
    digits = phone_digits(phone)
    return {digits[i:] for i in range(len(digits) - 2)}


def private(tokens: Iterable[str]) -> set[str]:
    """The same tokens, to be found only in rows whose details the person may read."""
    return {PRIVATE + token for token in tokens}


def own(tokens: Iterable[str]) -> set[str]:
    """The same tokens, to be found only in rows whose own fields the person may read."""
    return {OWN + token for token in tokens}


def words_of(query: str) -> list[str]:
    """What a person typed, as the words to look up; a long Chinese word is looked up in parts."""
    words: list[str] = []
    for word in normal(query).split():
        letters = "".join(c for c in word if c.isalnum())
        if letters.isascii():
            words.append(letters)
        else:
            last = max(0, len(letters) - CHARACTERS)
            words.extend(letters[i : i + CHARACTERS] for i in [*range(0, last, CHARACTERS), last])
    return [word for word in words if word][:6]


def empty_indexes() -> None:
    """Forget all tokens of all tables: for emptying a whole database."""
    with connection.cursor() as cursor:
        for index in _kept:
            cursor.execute(f"DELETE FROM {index.table}")


@dataclass(frozen=True)
class SearchIndex:
    """The index table that stands beside a searchable table."""

    table: str

    def add(self, rows: Iterable[tuple[int, set[str]]]) -> None:
        """Store the tokens of rows that are not there yet: (row id, tokens)."""
        insert_values(self.table, [_key(), "tokens"], _joined(rows))

    def put(self, rows: Iterable[tuple[int, set[str]]]) -> None:
        """Store or replace the tokens of rows: (row id, tokens)."""
        if connection.vendor == "postgresql":
            sql = (
                f"INSERT INTO {self.table} (row_id, tokens) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (row_id) DO UPDATE SET tokens = excluded.tokens"
            )
        else:
            sql = f"INSERT OR REPLACE INTO {self.table} (rowid, tokens) VALUES (%s, %s)"
        with connection.cursor() as cursor:
            cursor.executemany(sql, _joined(rows))

    def remove(self, row_ids: Iterable[int]) -> None:
        """Forget rows."""
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {self.table} WHERE {_key()} = %s", [(row_id,) for row_id in row_ids])

    def is_empty(self) -> bool:
        """True when no row is to be found."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {_key()} FROM {self.table} LIMIT 1")
            return cursor.fetchone() is None

    def matching(
        self, rows: models.QuerySet[M], query: str, readable: Q | None = None, unmasked: Q | None = None
    ) -> models.QuerySet[M]:
        """Those of the rows in which every word of the query is found; no words, no rows.

        Private tokens count in `readable` rows only: else a masked phone could be guessed digit by digit. Tokens of own
        fields count in those and in `unmasked` ones; without that they are not looked for.
        """
        words = words_of(query)
        if not words:
            return rows.none()
        if readable is None:
            return rows.filter(pk__in=self._ids(words))
        if unmasked is None:
            found = rows.filter(pk__in=self._ids(words, PRIVATE))
            return found.filter(readable | Q(pk__in=self._ids(words))) if readable else found
        found = rows.filter(pk__in=self._ids(words, PRIVATE, OWN))
        fewer = unmasked & Q(pk__in=self._ids(words, OWN))
        return found.filter(readable | fewer | Q(pk__in=self._ids(words))) if readable else found

    def _ids(self, words: list[str], *marks: str) -> RawSQL:
        if connection.vendor == "postgresql":
            found = [_any_of(word, marks, "'{}':*", "'{}'", " | ") for word in words]
            return RawSQL(f"SELECT row_id FROM {self.table} WHERE tokens @@ %s::tsquery", [" & ".join(found)])
        found = [_any_of(word, marks, '"{}"*', '"{}"', " OR ") for word in words]
        return RawSQL(f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s", [" AND ".join(found)])


def _any_of(word: str, marks: Iterable[str], beginning: str, whole: str, either: str) -> str:
    """A word as the beginning of a token, or as more initials than a token keeps; with the marks, too."""
    found = [beginning.format(mark + word[:LETTERS]) for mark in ("", *marks)]
    if word.isascii() and not word.isdigit() and len(word) > INITIALS:
        found += [whole.format(mark + word[:INITIALS]) for mark in ("", *marks)]
    return f"({either.join(found)})"


def _key() -> str:
    """The column of the index table that holds the id of the row it stands for."""
    return "row_id" if connection.vendor == "postgresql" else "rowid"


def _joined(rows: Iterable[tuple[int, set[str]]]) -> list[tuple[int, str]]:
    """Tokens are letters and digits: nothing has to be quoted in either index."""
    return [(row_id, " ".join(tokens)) for row_id, tokens in rows]


Again = Callable[[Collection[int]], None]
_kept: dict[SearchIndex, tuple[type[models.Model], Again]] = {}
CHUNK, SMALL = 2000, 200  # rows of one transaction


def keeps(index: SearchIndex, model: type[models.Model]) -> Callable[[Again], Again]:
    """Register the function that stores the tokens of some of the table's rows (by id) again."""

    def register(function: Again) -> Again:
        _kept[index] = (model, function)
        return function

    return register


def rebuild_indexes() -> dict[str, int]:
    """Store the tokens of every row again, chunk by chunk while others search; returns the rows by index table."""
    return {index.table: _rebuild(index, *kept) for index, kept in _kept.items()}


def rebuild_index(model: type[models.Model], advance: Callable[[int], None]) -> int:
    """Store the tokens of every row of one table again, in sets so small that nobody waits; returns the rows."""
    return sum(_rebuild(index, *kept, advance, SMALL) for index, kept in _kept.items() if kept[0] is model)


def fill_empty_indexes() -> dict[str, int]:
    """Store the tokens of tables whose index is empty, as one is that a new version has brought."""
    return {index.table: _rebuild(index, *kept) for index, kept in _kept.items() if index.is_empty()}


def _rebuild(
    index: SearchIndex,
    model: type[models.Model],
    again: Again,
    advance: Callable[[int], None] = lambda _rows: None,
    chunk: int = CHUNK,
) -> int:
    last, count = 0, 0
    rows = model._base_manager.order_by("pk").values_list("pk", flat=True)
    while True:
        ids = list(rows.filter(pk__gt=last)[:chunk])
        until = ids[-1] if ids else 2**62
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {index.table} WHERE {_key()} > %s AND {_key()} <= %s", [last, until])
            again(ids)
        if not ids:
            return count
        last, count = until, count + len(ids)
        advance(len(ids))


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
            # New tokens are collected, and sorted into the index by autovacuum soon after a thousand rows: an import
            # need not wait for that.
            schema_editor.execute(
                f"CREATE TABLE {self.table} (row_id bigint PRIMARY KEY, tokens tsvector NOT NULL) "
                "WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0)"
            )
            schema_editor.execute(
                f"CREATE INDEX {self.table}_gin ON {self.table} USING gin (tokens) "
                "WITH (fastupdate = on, gin_pending_list_limit = 32768)"
            )
        else:
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {self.table} USING fts5(tokens, detail=none, content='', contentless_delete=1, "
                "prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 0\")"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Drop the table."""
        schema_editor.execute(f"DROP TABLE {self.table}")

    def describe(self) -> str:
        """What migrate prints."""
        return f"Create search index {self.table}"
