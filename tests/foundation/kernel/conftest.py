"""A small table of notes, seen by owner and department, on which the kernel's promises are tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.db import connection, models

from xiaocheng.foundation.kernel.scope import Scope, ScopedModel
from xiaocheng.foundation.kernel.versions import Versioned


class Note(ScopedModel, Versioned):
    """Something that belongs to a person."""

    title = models.CharField(max_length=20)
    owner = models.BigIntegerField(null=True, blank=True)
    department = models.BigIntegerField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(people=("owner",), departments=("department",), granted=True)

    class Meta(ScopedModel.Meta):
        app_label = "sketch"


def create_notes() -> None:
    """Create the table; the transaction of the test takes it away again."""
    statement, _ = connection.schema_editor().table_sql(Note)
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def notes(db: None) -> None:
    """The table of notes, for one test."""
    create_notes()


@pytest.fixture
def lasting_notes(transactional_db: None) -> Iterator[None]:
    """The table of notes for a test with several connections."""
    create_notes()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sketch_note")
