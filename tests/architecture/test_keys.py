"""Foreign keys and migrations point downwards too: they are strings, which no import contract sees."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from .source import ROOT, layers


def modules_in_order() -> dict[str, int]:
    """Each module's height in the house: foreign keys go to lower numbers only."""
    wings = {"foundation": 0, "selling": 100, "insight": 200, "control": 300, "interface": 400}
    heights = {"xiaocheng.insight": wings["insight"]}
    for wing, base in wings.items():
        for height, names in enumerate(reversed(layers(ROOT / ".importlinter").get(wing, []))):
            heights |= {f"xiaocheng.{wing}.{name}": base + height for name in names}
    return heights


HEIGHTS = modules_in_order()


def home(app_label: str) -> str | None:
    """The module of ours that an app label belongs to."""
    name = apps.get_app_config(app_label).name
    return name if name.startswith("xiaocheng.") else None


def height(module: str) -> int:
    """A family of pages stands as high as the web itself."""
    return HEIGHTS[".".join(module.split(".")[:3])]


def upward(links: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Give a sentence for every link from a module to one that is not below it."""
    for what, source, target in links:
        below = source == target or height(target) < height(source)
        if not below:
            yield f"{what}: {source} -> {target}"


def keys(of: Iterable[type[models.Model]]) -> Iterator[tuple[models.Field, str, str]]:
    for model in of:
        source = home(model._meta.app_label)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = home(field.related_model._meta.app_label) if field.is_relation else None
            if source and target:
                yield field, source, target


def links_of(of: Iterable[type[models.Model]]) -> list[tuple[str, str, str]]:
    return [(str(field), source, target) for field, source, target in keys(of)]


def visible_from_below(of: Iterable[type[models.Model]]) -> list[str]:
    """Foreign keys across modules that would give the lower module an attribute leading up."""
    return [str(field) for field, source, target in keys(of) if source != target and not field.remote_field.hidden]


def dependencies(migrations: Iterable[Migration]) -> Iterator[tuple[str, str, str]]:
    for migration in migrations:
        for label, _ in migration.dependencies:
            if label != "__setting__" and (source := home(migration.app_label)) and (target := home(label)):
                yield str(migration), source, target


def test_every_module_of_ours_has_a_height() -> None:
    ours = [config.name for config in apps.get_app_configs() if config.name.startswith("xiaocheng.")]
    assert [name for name in ours if ".".join(name.split(".")[:3]) not in HEIGHTS] == []


def test_foreign_keys_point_downwards() -> None:
    links = links_of(apps.get_models(include_auto_created=True))
    assert len(links) > 10
    assert list(upward(links)) == []


def test_keys_across_modules_leave_no_name_on_the_other_side() -> None:
    assert visible_from_below(apps.get_models()) == []


def test_migrations_depend_downwards() -> None:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    assert ("org", "0001_tables") in loader.disk_migrations
    assert list(upward(dependencies(loader.disk_migrations.values()))) == []


@pytest.fixture
def planted() -> Iterator[type[models.Model]]:
    """A table of the kernel that knows a person."""

    class Planted(models.Model):
        person = models.ForeignKey("org.Person", on_delete=models.PROTECT)

        class Meta:
            app_label = "kernel"

    yield Planted
    del apps.all_models["kernel"]["planted"]
    apps.clear_cache()


def test_a_planted_upward_key_is_found(planted: type[models.Model]) -> None:
    assert list(upward(links_of([planted]))) == [
        "kernel.Planted.person: xiaocheng.foundation.kernel -> xiaocheng.foundation.org"
    ]
    assert visible_from_below([planted]) == ["kernel.Planted.person"]


def test_a_planted_upward_migration_is_found() -> None:
    migration = Migration("0009_planted", "kernel")
    migration.dependencies = [("org", "0001_tables")]
    assert list(upward(dependencies([migration]))) == [
        "kernel.0009_planted: xiaocheng.foundation.kernel -> xiaocheng.foundation.org"
    ]


def test_siblings_may_not_hold_on_to_each_other() -> None:
    sideways = ("a key", "xiaocheng.foundation.fields", "xiaocheng.foundation.files")
    assert list(upward([sideways])) == ["a key: xiaocheng.foundation.fields -> xiaocheng.foundation.files"]
