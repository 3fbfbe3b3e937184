"""What the commands make at the beginning of many tests: made by them once in a process, then put back row by row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from tests.support.caches import forget_everything
from tests.support.databases import filled
from xiaocheng.foundation.kernel import clock
from xiaocheng.foundation.kernel.search import rebuild_index

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
NOT_OURS = ("auth", "contenttypes", "sessions")


@dataclass(frozen=True)
class Kept:
    """What the database held before, what the maker gave back, the tables and files that it wrote."""

    before: dict[str, Rows]
    given: Any
    tables: dict[str, Rows]
    files: dict[Path, bytes]


_kept: dict[Hashable, Kept] = {}


def made_once(name: str, make: Callable[[], T]) -> T:
    """What `make` gives back: ids, no rows. The rows are there as the commands wrote them.

    They are put back only where the database holds what it held then, in the same hour, into the same folders.
    """
    hour = clock._shown.get() or f"{clock.now():%Y-%m-%d %H}"
    key, before = (name, hour, *_folders()), _all_rows()
    kept = _kept.get(key)
    if kept and kept.before == before:
        _put_back(kept)
        return kept.given  # type: ignore[no-any-return]
    files = _all_files()
    given = make()
    after = _all_rows()
    tables = {table: after.get(table, []) for table in before | after if after.get(table) != before.get(table)}
    _kept[key] = Kept(before, given, tables, {path: _content(path) for path in _all_files() - files})
    return given


def _put_back(kept: Kept) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table in kept.tables.keys() & kept.before.keys():
            cursor.execute(f'DELETE FROM "{table}"')
    insert(kept.tables)
    for model in apps.get_models():
        if model._meta.db_table in kept.tables:
            rebuild_index(model, lambda _rows: None)
    for path, content in kept.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    forget_everything()


def insert(tables: dict[str, Rows]) -> None:
    """Put rows into tables as they were read."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in tables.items():
            if rows:
                row = f"({', '.join(['%s'] * len(rows[0]))})"
                values = [value for each in rows for value in each]
                cursor.execute(f'INSERT INTO "{table}" VALUES {", ".join([row] * len(rows))}', values)


def rows_of(models: Iterable[type[Model]]) -> dict[str, Rows]:
    """The rows of those of the tables that hold any, as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for table in filled(model._meta.db_table for model in models):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def _all_rows() -> dict[str, Rows]:
    ours = (model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in NOT_OURS)
    return rows_of(ours)


def _folders() -> tuple[Path, Path]:
    """Where uploads and attachments lie."""
    return Path(settings.DATA_DIR) / "imports", Path(settings.MEDIA_ROOT)


def _all_files() -> set[Path]:
    return {path for folder in _folders() for path in folder.rglob("*") if path.is_file()}


def _content(path: Path) -> bytes:
    with suppress(FileNotFoundError):  # of another process of the same run
        return path.read_bytes()
    return b""
