"""No lost update: an edit carries the version it started from."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

from .errors import EditConflict, NotFound, check_columns
from .rows import Row

V = TypeVar("V", bound="Versioned")


class Versioned(Row):
    """A row that people edit in forms; `edit_version` rises with every saved edit."""

    edit_version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


def save_edit(row: V, version: int, **values: Any) -> V:
    """Save an edit if nobody else saved since `version`; EditConflict carries the values that stand now."""
    for name, value in values.items():
        setattr(row, name, value)
    check_columns(row, values)
    table = type(row)._base_manager.filter(pk=row.pk)
    if not table.filter(edit_version=version).update(edit_version=version + 1, **values):
        current = table.values(*values).first()
        if current is None:
            raise NotFound
        raise EditConflict(current)
    row.edit_version = version + 1
    return row
