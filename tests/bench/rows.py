"""Rows of the product's models without the cost of `Model.__init__`, which is most of making millions of them."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models.base import ModelState

from xiaocheng.foundation.kernel.journal import Event, _kept_fields, _plain
from xiaocheng.foundation.kernel.models import JournalEntry

M = TypeVar("M", bound=models.Model)


class Rows(Generic[M]):
    """Makes rows of one model from values of its columns; the others hold their defaults."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.usual = {field.attname: field.get_default() for field in model._meta.concrete_fields}

    def __call__(self, **columns: Any) -> M:
        row = self.model.__new__(self.model)
        row.__dict__ = self.usual | columns
        row._state = ModelState()
        return row


_entries = Rows(JournalEntry)


def entry(at: Any, person: int, event: Event) -> JournalEntry:
    """The journal's row for something that a person did at an instant."""
    told, personal = _kept_fields(type(event))
    return _entries(
        at=at,
        person_id=person,
        kind=event.kind(),
        data={name: _plain(getattr(event, name)) for name in told},
        personal={name: _plain(getattr(event, name)) for name in personal} or None,
    )
