"""How a row comes out of the database."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)


def holding(model: type[M], values: dict[str, Any]) -> M:
    """A new instance whose attributes are these values, made without `__init__`."""
    row = model.__new__(model)
    row.__dict__ = values
    row._state = ModelState()
    return row


class Row(models.Model):
    """Base of the tables whose rows fill lists: the values become the instance's own, columns not asked for stay away.

    Django hands them to `__init__`, which looks at every column of the table for every row: most of reading a page.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any]) -> Self:  # type: ignore[override]
        """The instance of one row read."""
        row = holding(cls, dict(zip(field_names, values, strict=True)))
        row._state.adding, row._state.db = False, db
        return row
