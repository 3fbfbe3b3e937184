"""Where codes of option lists stand, so that one value can be merged into another and no place is forgotten.

A column says so itself (`OptionField`), a company's own field by its kind; what keeps codes in any other way is
declared by the module that keeps it, in its codes.py. tests/architecture finds what nobody has declared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Exists, Model, OuterRef, QuerySet, UniqueConstraint
from django.utils.translation import pgettext_lazy

from xiaocheng.foundation.kernel.bulk import update_many
from xiaocheng.foundation.kernel.errors import Sentence
from xiaocheng.foundation.kernel.models import RuleValue
from xiaocheng.foundation.kernel.rules import forget_cached

from .expressions import MergedOption
from .lists import OWN
from .tables import OptionField, tables

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Merge:
    """One value of a list goes into another one.

    `fields` are those that take values of the list: (table, key, kind). `words` are what people write for the one and
    for the other in texts like those of rules: codes, and names in every language.
    """

    list_key: str
    source: str
    target: str
    fields: Collection[tuple[str, str, str]] = ()
    words: Collection[tuple[str, str]] = ()

    def keys(self, table_key: str) -> frozenset[str]:
        """The keys of the fields of a table that take values of the list."""
        return frozenset(key for at, key, _kind in self.fields if at == table_key)

    def of(self, value: Any) -> Any:
        """A code, or several of them, as they are after the merge."""
        if isinstance(value, list):
            return list(dict.fromkeys(map(self.of, value)))
        return self.target if value == self.source else value

    def within(self, kept: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
        """Values by key, those of some keys as they are after the merge."""
        return {key: self.of(value) if key in keys else value for key, value in kept.items()}

    def reworded(self, text: str, between: str, sign: str, joined: str) -> str:
        """A text of the kind "A=5, B=10" as it is after the merge; what it says of the target already stands."""
        parts = [part.partition(sign.strip()) for part in re.split(between, text) if part.strip()]
        said, new = [(head.strip(), rest.strip()) for head, _sign, rest in parts], dict(self.words)
        named = {head for head, _rest in said}
        if named.isdisjoint(new):
            return text
        is_told = not named.isdisjoint(new.values())
        kept = [(new.get(head, head), rest) for head, rest in said if not (is_told and head in new)]
        return joined.join(f"{head}{sign}{rest}" for head, rest in kept)


@dataclass(frozen=True)
class Holder:
    """A place: columns of a table in which codes stand. `name` is what people call its rows; empty: not told."""

    model: str
    columns: tuple[str, ...]
    name: Sentence

    def count(self, merge: Merge) -> int:
        """How many rows a merge changes."""
        raise NotImplementedError

    def put(self, merge: Merge) -> int:
        """Let the one code stand where the other stood, in the caller's transaction; gives how many rows changed."""
        raise NotImplementedError


_declared: list[Holder] = []


def holds_codes(*holders: Holder) -> None:
    """Declare in a module's codes.py what else than a column of its own keeps codes."""
    _declared.extend(holders)


def holders() -> list[Holder]:
    """Every place, the tables that carry own fields first, as people look for them first."""
    columns = [
        InColumn(model._meta.label, (field.name,), field.counted, field)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, OptionField)
    ]
    own = [InOwnFields(apps.get_model(table.key)._meta.label, ("custom",), table.name, table.key) for table in tables()]
    return [*own, *columns, *_declared]


def _locked(rows: Rows) -> int:
    """Lock rows in the order in which the commands lock them; gives how many they are."""
    return len(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


@dataclass(frozen=True)
class InColumn(Holder):
    """A column that holds a code."""

    field: OptionField

    def _rows(self, code: str) -> Rows:
        rows: Rows = apps.get_model(self.model)._base_manager.filter(**{self.field.name: code})
        return rows

    def count(self, merge: Merge) -> int:
        """The rows with the code."""
        return self._rows(merge.source).count() if merge.list_key == self.field.list_key else 0

    def put(self, merge: Merge) -> int:
        """One statement; a row whose like is there already with the other code goes."""
        if merge.list_key != self.field.list_key:
            return 0
        rows = self._rows(merge.source)
        number = _locked(rows)
        for rule in rows.model._meta.constraints:
            if isinstance(rule, UniqueConstraint) and self.field.name in rule.fields:
                same = {name: OuterRef(name) for name in rule.fields if name != self.field.name}
                rows.filter(Exists(self._rows(merge.target).filter(**same))).delete()
        rows.update(**{self.field.name: merge.target})
        return number


@dataclass(frozen=True)
class InOwnFields(Holder):
    """The company's own fields of a table that have options."""

    table: str

    def _rows(self, merge: Merge) -> Iterator[tuple[Rows, MergedOption]]:
        """The rows that hold the code, and what they hold after the merge."""
        for at, key, kind in merge.fields:
            if at == self.table and OWN.fullmatch(merge.list_key):
                after = MergedOption(key, kind, merge.source, merge.target)
                yield apps.get_model(at)._base_manager.filter(after.holds()), after

    def count(self, merge: Merge) -> int:
        """The rows with the code."""
        return sum(rows.count() for rows, _after in self._rows(merge))

    def put(self, merge: Merge) -> int:
        """One statement: rows that somebody else edits meanwhile lose nothing."""
        number = 0
        for rows, after in self._rows(merge):
            number += _locked(rows)
            rows.update(custom=after)
        return number


@dataclass(frozen=True)
class InRows(Holder):
    """Rows that keep codes within some columns; `changed` gives those of the rows that a merge changes, changed."""

    changed: Callable[[Merge, Rows], Iterator[Model]]

    def _found(self, merge: Merge, rows: Rows) -> list[Model]:
        return list(self.changed(merge, rows))

    def count(self, merge: Merge) -> int:
        """The rows that would change."""
        return len(self._found(merge, apps.get_model(self.model)._base_manager.all()))

    def put(self, merge: Merge) -> int:
        """They are changed."""
        rows = apps.get_model(self.model)._base_manager.order_by("pk").select_for_update(of=("self",))
        found = self._found(merge, rows)
        update_many(found, *self.columns)
        return len(found)


@dataclass(frozen=True)
class InRule(Holder):
    """A rule in whose text values are named, "A=5, B=10": all that it ever said is reworded, so that no day differs."""

    rule: str  # "FirstContactRules.by_level"
    list_key: str
    between: str
    sign: str
    joined: str

    @classmethod
    def of(cls, rule: str, list_key: str, *, between: str, sign: str, joined: str) -> InRule:
        """The rule of a module: by what its text is cut, and how it is written again."""
        return cls(
            "kernel.RuleValue", ("value",), pgettext_lazy("several", "规则"), rule, list_key, between, sign, joined
        )

    def _changed(self, merge: Merge) -> list[RuleValue]:
        found = []
        rows = RuleValue.objects.filter(key=self.rule) if merge.list_key == self.list_key else ()
        for row in rows:
            before = str(row.value)
            row.value = merge.reworded(before, self.between, self.sign, self.joined)
            found += [row] if row.value != before else []
        return found

    def count(self, merge: Merge) -> int:
        """One, where its text as it stands or as it ever stood names the value."""
        return int(bool(self._changed(merge)))

    def put(self, merge: Merge) -> int:
        """The texts are written anew."""
        found = self._changed(merge)
        RuleValue.objects.bulk_update(found, ["value"])
        forget_cached()
        return int(bool(found))


def counted(merge: Merge) -> dict[str, int]:
    """How many rows of each table a merge changes, without those that nobody need hear of."""
    return _summed((holder, holder.count(merge)) for holder in holders() if holder.name)


def put(merge: Merge) -> dict[str, int]:
    """Let the one code stand wherever the other stood, in the caller's transaction; gives what `counted` gives.

    Upper modules first, as their commands lock rows; customers, on whom most people work, wait the shortest.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")  # a million rows take longer than a page may
    return _summed([(holder, holder.put(merge)) for holder in reversed(holders())])


def called() -> dict[str, Sentence]:
    """What people call the rows of each table."""
    return {holder.model: holder.name for holder in holders() if holder.name}


def rows_in_words(numbers: Mapping[str, int]) -> dict[str, int]:
    """Numbers of rows by what people call them, in the order in which the modules stand on one another."""
    return {str(name): numbers[label] for label, name in called().items() if label in numbers}


def _summed(numbers: Iterable[tuple[Holder, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for holder, number in numbers:
        found[holder.model] += number if holder.name else 0
    return {label: number for label, number in found.items() if number}
