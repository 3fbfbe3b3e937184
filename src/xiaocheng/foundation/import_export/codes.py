"""Where imports keep codes of option lists: see foundation/fields/holders.py."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from xiaocheng.foundation.fields.holders import InRows, Merge, holds_codes

from .kinds import Named
from .models import ImportedChange, ImportJob
from .own_fields import Several
from .targets import target, targets


def _keys(merge: Merge, key: str) -> frozenset[str]:
    """The fields of a target that take values of the list."""
    found = target(key)
    coded = [(item.key, item.kind) for item in found.fields] if found else []
    return frozenset(
        name for name, kind in coded if isinstance(kind, (Named, Several)) and kind.list_key == merge.list_key
    )


def _jobs(merge: Merge, rows: QuerySet[ImportJob]) -> Iterator[ImportJob]:
    """What the texts of a file mean, as a person confirmed it."""
    for row in rows.exclude(values={}):
        keys = _keys(merge, row.target)
        after = {
            key: {text: merge.of(value) for text, value in texts.items()} if key in keys else texts
            for key, texts in row.values.items()
        }
        if after != row.values:
            row.values = after
            yield row


def _changes(merge: Merge, rows: QuerySet[ImportedChange]) -> Iterator[ImportedChange]:
    """What stood in rows before an import, as they get it back if that is undone."""
    pairs = {(item.table, key) for item in targets() for key in _keys(merge, item.key)}
    told = [Q(kind=table, changes__has_key=key) for table, key in pairs]
    for row in rows.filter(reduce(or_, told)).iterator() if told else ():
        after = {
            key: [merge.of(value) for value in told] if (row.kind, key) in pairs else told
            for key, told in row.changes.items()
        }
        if after != row.changes:
            row.changes = after
            yield row


holds_codes(
    InRows("import_export.ImportJob", ("values",), "", _jobs),
    InRows("import_export.ImportedChange", ("changes",), "", _changes),
)
