"""How the first migration of a module makes its tables: all in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class CreateTables(Operation):
    """Migration operation: do what the operations inside say, all of which only add to tables that are made here.

    One after the other they take five times as long: after each Django draws anew whatever hangs together by keys,
    which is every table of the product.
    """

    reversible = False  # a module's first tables are never taken back

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        """All that the operations say; the models are drawn once, when they are asked for."""
        vars(state).pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Create each table as it is in the end, its indexes and constraints with it."""
        for name in self.names():
            schema_editor.create_model(to_state.apps.get_model(app_label, name))

    def describe(self) -> str:
        """What migrate prints."""
        return f"Create tables {', '.join(self.names())}"

    def names(self) -> list[str]:
        """The models whose tables are made."""
        return [operation.name for operation in self.operations if isinstance(operation, CreateModel)]
