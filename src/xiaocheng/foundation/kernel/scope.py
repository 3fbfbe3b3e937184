"""Row visibility, decided once: `Model.objects` refuses every read until it is told who is asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial, reduce
from operator import attrgetter, or_
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import connection, models
from django.db.models import Q
from django.db.models.sql import Query
from django.db.models.sql.where import WhereNode

from . import clock
from .actor import Actor
from .bulk import RowMaker, insert_many
from .errors import NotFound, check_columns
from .models import Grant
from .prepared import Prepared
from .rows import Row

M = TypeVar("M", bound="ScopedModel")
T = TypeVar("T", bound=models.Model)


class Unscoped(RuntimeError):
    """A scoped table was read without saying for whom."""


@dataclass(frozen=True)
class Scope:
    """The paths by which a row is visible: to people (owner, credited person), to departments, by grant, by `also`."""

    people: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    granted: bool = False
    also: Callable[[Actor], Q] | None = None

    def condition(self, model: type[models.Model], actor: Actor, by: str = "") -> Q:
        """The filter for what the actor may see, perhaps only by one of the paths to people."""
        if by:
            if by not in self.people:
                raise Unscoped(f"{model.__name__} is not seen by {by!r}")
            return Q(**{f"{by}__in": sorted(actor.sight.people)})
        ways = [Q(**{f"{path}__in": sorted(actor.sight.people)}) for path in self.people if actor.sight.people]
        if actor.sight.departments:
            ways += [Q(**{f"{path}__in": sorted(actor.sight.departments)}) for path in self.departments]
        if self.granted and actor.may_be_opened(model._meta.label_lower):
            ways.append(Q(pk__in=granted_ids(actor, model)))
        if self.also is not None:
            ways.append(self.also(actor))
        return reduce(or_, ways) if ways else Q(pk__in=[])

    def is_own(self, row: models.Model, actor: Actor) -> bool:
        """True when the row itself names somebody whom the actor sees; most rows that are opened do."""
        own = (row._meta.get_field(path) for path in self.people if "__" not in path)
        return any(getattr(row, field.attname) in actor.sight.people for field in own)  # type: ignore[union-attr]


class ScopedManager(models.Manager[M]):
    """`visible_to(actor)` or, with a stated reason, `beyond_sight`; nothing else reads."""

    def visible_to(self, actor: Actor, *, by: str = "") -> models.QuerySet[M]:
        """The rows that the actor may see; `by` names one declared path to people, for lists that show no others."""
        rows = super().get_queryset()
        if actor.sight.everyone:
            return rows
        return rows.filter(self.model.scope.condition(self.model, actor, by))

    def one(self, actor: Actor, pk: int, *joined: str) -> M:
        """One visible row with what those keys point at; a hidden and a missing one raise the same NotFound."""
        return self._found(_by_key(self.model, joined)(pk), actor)

    def among(self, actor: Actor, ids: Collection[int], *columns: str) -> list[M]:
        """The visible ones among the rows with those ids, in any order, with those columns."""
        return self.shown(actor, _by_keys(self.model, columns).of(ids))

    def shown(self, actor: Actor, rows: Sequence[M]) -> list[M]:
        """Those of rows already read that the actor may see: his own ones, and what the database says of the others."""
        if actor.sight.everyone:
            return list(rows)
        others = {row.pk for row in rows if not self.model.scope.is_own(row, actor)}
        if others:
            others -= set(self.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True))
        return [row for row in rows if row.pk not in others]

    def shows(self, actor: Actor, row: M) -> bool:
        """True when a row is the actor's own or, else, one that the database says he may see."""
        if actor.sight.everyone or self.model.scope.is_own(row, actor):
            return True
        return self.visible_to(actor).filter(pk=row.pk).exists()

    def locked(self, actor: Actor, pk: int) -> M:
        """One visible row, locked for the transaction where the database can."""
        return self._found(super().get_queryset().select_for_update(of=("self",)).filter(pk=pk), actor)

    def beyond_sight(self, *, because: str) -> models.QuerySet[M]:
        """All rows, for duplicate checks, sweeps, caps and company means; every caller is pinned by a test."""
        if not because:
            raise Unscoped("say why")
        return super().get_queryset()

    def add(self, row: M) -> M:
        """Insert a new row after checking its values (lengths, digits, choices) as the tables of SQLite do not."""
        check_columns(row)
        row.save(force_insert=True)
        return row

    def add_many(self, rows: list[M]) -> list[M]:
        """Insert many new rows that were checked one by one before."""
        insert_many(rows)
        return rows

    def get_queryset(self) -> NoReturn:
        """Refuse: the caller has not said who is asking."""
        raise Unscoped(f"{self.model.__name__}.objects: say who is asking with visible_to(actor)")

    def _found(self, rows: Iterable[M], actor: Actor) -> M:
        """The one row that was read, if the actor may see it."""
        row = next(iter(rows), None)
        if row is None or not self.shows(actor, row):
            raise NotFound
        return row


@cache
def _by_key(model: type[M], joined: tuple[str, ...]) -> Prepared[M]:
    return Prepared(lambda pk: model.rows.filter(pk=pk).select_related(*joined or [None]))


@cache
def _by_keys(model: type[M], columns: tuple[str, ...]) -> Prepared[M]:
    return Prepared(lambda *ids: model.rows.filter(pk__in=ids).only(*columns))


def first_rows(rows: models.QuerySet[T], count: int) -> list[T]:
    """The first rows of an ordered list; one that joins other tables for their names finds the ids first.

    From the table alone both databases read the newest rows of many owners straight from the owners' index. With a
    join SQLite reads and sorts the whole team: 460 ms instead of 1 ms for 100,000 of 1,000,000 customers.
    """
    if not rows.query.select_related:
        return list(rows[:count])
    return _of_ids(rows, list(rows.values_list("pk", flat=True)[:count]))


def _of_ids(rows: models.QuerySet[T], ids: Sequence[int]) -> list[T]:
    """Those rows of a list, in the order of the ids; that they are on it has been asked already, and is not again."""
    columns, deferred = rows.query.deferred_loading
    shape = (rows.model, frozenset(columns), deferred, repr(rows.query.select_related))
    if rows.query.annotations:
        these = rows.order_by()
        these.query.where = WhereNode()
        found = list(these.filter(pk__in=ids))
    else:
        found = _BY_SHAPE.setdefault(shape, Prepared(partial(_same_columns, rows.query))).of(ids)
        models.prefetch_related_objects(found, *rows._prefetch_related_lookups)  # type: ignore[attr-defined]
    places = {pk: place for place, pk in enumerate(ids)}
    return sorted(found, key=lambda row: places[row.pk])


_BY_SHAPE: dict[tuple[object, ...], Prepared[Any]] = {}  # as many as there are lists


def _same_columns(query: Query, *ids: int) -> models.QuerySet[Any]:
    """The rows with those ids, of the columns of a list and nothing else of it: its joins may belong to a filter."""
    rows: models.QuerySet[Any] = query.model._base_manager.filter(pk__in=ids)  # type: ignore[union-attr]
    rows.query.select_related, rows.query.deferred_loading = query.select_related, query.deferred_loading
    return rows


def first_rows_of_each(
    rows: models.QuerySet[T], field: str, parts: Sequence[Sequence[int]], order: Sequence[str], count: int
) -> list[list[T]]:
    """The first rows of each part of a list, the rows with those ids in a field: two statements for all parts."""
    found: list[list[T]] = [[] for _part in parts]
    where = _first_ids(rows.order_by(*order), field, parts, count) if parts and count else {}
    for row in _of_ids(rows, list(where)):
        found[where[row.pk]].append(row)
    for term in reversed(order):
        for part in found:
            part.sort(key=attrgetter(term.removeprefix("-")), reverse=term.startswith("-"))
    return found


def _first_ids(rows: models.QuerySet[Any], field: str, parts: Sequence[Sequence[int]], count: int) -> dict[int, int]:
    """The ids of those rows, each with the number of its part.

    Written out, as Django makes no union of lists that end somewhere on SQLite; and a part is put into SQL but once,
    with ids that no row has, in whose places the ids of the others go.
    """
    made: dict[int, tuple[str, tuple[Any, ...]]] = {}
    selects, values = [], []
    for number, ids in enumerate(parts):
        if len(ids) not in made:
            marked = rows.filter(**{f"{field}__in": [-1 - place for place in range(len(ids))]})
            made[len(ids)] = marked.values_list("pk")[:count].query.sql_with_params()
        sql, marks = made[len(ids)]
        places = {-1 - place: pk for place, pk in enumerate(ids)}
        selects.append(f"SELECT part{number}.*, {number} FROM ({sql}) part{number}")  # noqa: S608
        values += [places.get(value, value) if isinstance(value, int) else value for value in marks]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        return dict(cursor.fetchall())


class ScopedModel(Row):
    """A row that belongs to somebody; `scope` says by which paths it is seen."""

    scope: ClassVar[Scope]
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()
    rows: ClassVar[models.Manager[Any]] = models.Manager()  # for foreign keys and migrations, never by hand

    class Meta:
        abstract = True
        base_manager_name = "rows"
        default_manager_name = "rows"

    def is_masked_for(self, actor: Actor) -> bool:
        """True when the actor may know of the row but not read its details and files."""
        return False

    def hides_files_from(self, actor: Actor) -> bool:
        """True when the actor sees the row but not its files."""
        return self.is_masked_for(actor)


def granted_ids(actor: Actor, model: type[models.Model]) -> models.QuerySet[Grant, Any]:
    """Ids of the rows of a table that were opened to the actor for today."""
    if not actor.may_be_opened(model._meta.label_lower):
        return Grant.objects.none().values("row_id")
    today = clock.today()
    found = Grant.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today),
        person_id=actor.person_id or 0,
        kind=model._meta.label_lower,
        since__lte=today,
    )
    return (found.filter(decides=True) if actor.only_entrusted else found).values("row_id")


def grant(
    model: type[models.Model], row_id: int, people: Iterable[int], reason: str, until: dt.date | None = None
) -> None:
    """Open one row to people, from today until a day; called by the command that makes them assist or approve."""
    Grant.objects.bulk_create(
        [
            Grant(
                kind=model._meta.label_lower,
                row_id=row_id,
                person_id=person,
                reason=reason,
                since=clock.today(),
                until=until,
            )
            for person in people
        ],
        update_conflicts=True,
        unique_fields=["person_id", "kind", "row_id", "reason"],
        update_fields=["since", "until"],
    )


def open_instead(
    kind: str,
    row_ids: Collection[int],
    reasons: Collection[str],
    opened: Iterable[tuple[int, int, str]],
    deciding: Collection[str] = (),
) -> None:
    """Take back what those reasons opened on rows, and open (row, person, reason) from today: two statements a set.

    The reasons in `deciding` let people decide about a row as its owner does, the others let them look at it.
    """
    if row_ids:
        Grant.objects.filter(kind=kind, row_id__in=row_ids, reason__in=reasons).delete()
    today = clock.today()
    make = RowMaker(Grant)
    insert_many(
        [
            make(kind=kind, row_id=row, person_id=who, reason=why, since=today, decides=why in deciding)
            for row, who, why in opened
        ]
    )


def hand_on_grants(
    model: type[models.Model], from_id: int, to_id: int, only: Collection[int] | None = None
) -> tuple[int, ...]:
    """What was opened of one row is opened of another, unless it is for the same reason already; gives the ids."""
    kind = model._meta.label_lower
    there = set(Grant.objects.filter(kind=kind, row_id=to_id).values_list("person_id", "reason"))
    rows = Grant.objects.filter(kind=kind, row_id=from_id)
    found = (rows if only is None else rows.filter(pk__in=only)).values_list("pk", "person_id", "reason")
    ids = tuple(pk for pk, *whose in found if tuple(whose) not in there)
    Grant.objects.filter(pk__in=ids).update(row_id=to_id)
    return ids


def withdraw(model: type[models.Model], row_id: int, reason: str) -> None:
    """Take back what was opened on a row for a reason."""
    open_instead(model._meta.label_lower, [row_id], [reason], ())
