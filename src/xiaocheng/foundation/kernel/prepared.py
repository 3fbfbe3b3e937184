"""Reads that are put into SQL once: only their values change from call to call.

Django makes the text of a statement anew each time, which costs more than a small statement itself: 1 to 1.5 ms of a
page's processor time for each. A read that every page or every command makes is kept here, per database connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet

Answer = TypeVar("Answer")
MOST_VALUES = 128  # a read of more values is put into SQL each time
STEP = 32


class Slot(Expression):
    """The place of a value in a prepared read: a number, a text or a truth value, which every database takes as is."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Stand as a parameter of the statement, to be replaced by the value."""
        return "%s", [self]


class Prepared(Generic[Answer]):
    """`Prepared(lambda pk: Task.objects.filter(pk=pk))`, called with the values, gives the list of what was found."""

    def __init__(self, make: Callable[..., QuerySet[Any, Answer]]) -> None:
        self.make = make

    def of(self, ids: Iterable[int]) -> list[Answer]:
        """Read rows by any number of ids; the last id fills the places up, so that few statements serve all numbers."""
        values = tuple(ids)
        return self(*values, *values[-1:] * (-len(values) % STEP if len(values) > 1 else 0)) if values else []

    def __call__(self, *values: int | str | None) -> list[Answer]:
        """Read with these values, in the order in which `make` takes them."""
        if len(values) > MOST_VALUES:
            return list(self.make(*values))
        kept: dict[tuple[Prepared[Any], int], _Kept] = vars(connections[DEFAULT_DB_ALIAS]).setdefault("prepared", {})
        key = (self, len(values))
        if key not in kept:
            kept[key] = _Kept(self.make(*map(Slot, range(len(values)))))
        return kept[key].read(values)


class _Once:
    """Stands for the table of a joined row: eighty customers of one owner share the row of their owner."""

    def __init__(self, model: type[Model]) -> None:
        self.model, self._meta = model, model._meta
        self.pk = model._meta.pk.attname
        self.made: dict[Any, Model] = {}

    def from_db(self, db: str | None, names: list[str], values: Sequence[Any]) -> Model:
        """The joined row with these values, made once for a read."""
        pk = values[names.index(self.pk)]
        if pk not in self.made:
            self.made[pk] = self.model.from_db(db, names, values)
        return self.made[pk]


def _joined(table: dict[str, Any]) -> Iterator[_Once]:
    """Let every joined row of a read be made once; `table` is what a compiler knows of a query's model."""
    for other in table.get("related_klass_infos", ()):
        other["model"] = _Once(other["model"])
        yield other["model"]
        yield from _joined(other)


class _Kept:
    """One read of one connection: a query whose compiler answers with the statement that it made the first time."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        self.rows = rows
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.marks = compiler.as_sql()
        compiler.as_sql = self._statement
        rows.query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]
        self.values: tuple[Any, ...] = ()
        self.joined = list(_joined(compiler.klass_info or {}))

    def read(self, values: tuple[Any, ...]) -> list[Any]:
        self.values = values
        for other in self.joined:
            other.made = {}
        return list(cast("Iterable[Any]", self.rows._iterable_class(self.rows)))

    def _statement(self, *args: Any, **options: Any) -> tuple[str, tuple[Any, ...]]:
        marks = self.marks
        return self.sql, tuple(self.values[mark.place] if isinstance(mark, Slot) else mark for mark in marks)
