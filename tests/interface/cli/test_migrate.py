"""A database from before the migrations became one for each module goes on, if it has all that they stand for."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db
OURS = [app for app in apps.get_app_configs() if app.name.startswith("xiaocheng.") and list(app.get_models())]


def plan() -> list[str]:
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


@pytest.fixture
def before() -> MigrationRecorder:
    """What the database remembers is what it remembered before: the steps, none of those that stand for them."""
    recorder = MigrationRecorder(connection)
    for first in MigrationExecutor(connection).loader.disk_migrations.values():
        if first.replaces:  # modules that came later have nothing to stand for
            recorder.record_unapplied(first.app_label, first.name)
        for step in first.replaces:
            recorder.record_applied(*step)
    return recorder


def test_one_that_has_all_steps_runs_none_again(before: MigrationRecorder) -> None:
    assert plan() == []
    call_command("migrate", verbosity=0, stdout=StringIO())
    assert {(app.label, "0001_tables") for app in OURS} <= set(before.applied_migrations())


def test_one_that_lacks_a_step_is_led_to_the_version_before(before: MigrationRecorder) -> None:
    before.record_unapplied("customers", "0014_team")
    with pytest.raises(CommandError, match=r"还缺 customers\.0014_team.*CHANGELOG"):
        call_command("migrate", verbosity=0)


def test_what_took_the_name_of_an_older_step_would_never_run() -> None:
    on_disk = MigrationExecutor(connection).loader.disk_migrations
    assert [step for first in on_disk.values() for step in first.replaces if step in on_disk] == []


def test_every_table_has_the_columns_keys_indexes_and_constraints_of_its_model() -> None:
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, model._meta.db_table)
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
        assert {column.name for column in columns} == {field.column for field in model._meta.local_concrete_fields}
        named = {one.name for one in (*model._meta.indexes, *model._meta.constraints)}
        assert named <= there.keys(), model
        unique = {tuple(one["columns"]) for one in there.values() if one["unique"]}
        keys = {one["columns"][0] for one in there.values() if one["foreign_key"]}
        for field in model._meta.local_concrete_fields:
            assert field.primary_key or not field.unique or (field.column,) in unique, field
            assert not field.is_relation or not field.db_constraint or field.column in keys, field
