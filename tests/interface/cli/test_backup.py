"""A backup is taken while people work, can be put back elsewhere in one command, and says when it cannot."""

import json
import os
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from tests.support import postgres
from tests.world import World, make_world
from xiaocheng.interface.cli.drill import restore_elsewhere
from xiaocheng.selling.customers.commands import CustomerDraft, register
from xiaocheng.selling.customers.models import Customer


@pytest.fixture
def company(transactional_db: None, tmp_path, monkeypatch) -> World:
    """A company with a customer and a file, seen by other processes too."""
    programs = postgres.machine_binaries() or postgres.packaged_binaries()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")  # those of the server that the tests use
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "data" / "files")
    with transaction.atomic():
        world = make_world()
        register(world.actor("east_rep"), CustomerDraft(name="甲木业"))
    (tmp_path / "data" / "files" / "ab").mkdir(parents=True)
    (tmp_path / "data" / "files" / "ab" / "abcd").write_bytes(b"offer")
    return world


def run(*arguments) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def test_the_drill_restores_elsewhere_and_leaves_nothing_behind(company: World, tmp_path) -> None:
    assert "演练成功" in run("backup", "--drill")
    assert not (tmp_path / "data" / "backups").exists()
    assert Customer.objects.beyond_sight(because="a test counts").count() == 1


def test_a_backup_is_of_one_instant_and_names_its_rows(company: World, tmp_path) -> None:
    assert str(tmp_path / "copy") in run("backup", tmp_path / "copy")
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())
    assert manifest["rows"]["customers_customer"] == 1 and manifest["files"] == {"files": 5}
    assert (tmp_path / "copy").stat().st_mode & 0o77 == 0, "nobody else reads it"
    with pytest.raises(CommandError, match="已经存在"):
        run("backup", tmp_path / "copy")


def test_a_company_in_use_is_not_overwritten(company: World, tmp_path) -> None:
    run("backup", tmp_path / "copy")
    with pytest.raises(CommandError, match="已有内容"):
        run("restore", tmp_path / "copy")


def test_a_backup_that_was_changed_is_refused(company: World, tmp_path) -> None:
    run("backup", tmp_path / "copy")
    with (tmp_path / "copy" / "database").open("r+b") as content:
        content.seek(5_000)
        content.write(b"lost")
    with pytest.raises(CommandError, match="备份已损坏"):
        run("restore", tmp_path / "copy")


@pytest.mark.parametrize("fault", [pytest.param("row", marks=pytest.mark.full), "file"])
def test_what_is_missing_after_a_restore_is_noticed(company: World, tmp_path, fault) -> None:
    there = tmp_path / "elsewhere" / "backup"
    run("backup", there)
    if fault == "row":
        manifest = json.loads((there / "manifest.json").read_text())
        manifest["rows"]["customers_customer"] = 2
        (there / "manifest.json").write_text(json.dumps(manifest))
    else:
        (there / "files" / "ab" / "abcd").unlink()
    with pytest.raises(CommandError, match="行数或文件与备份不一致"):
        restore_elsewhere(there.parent)


def test_what_is_no_backup_is_refused(company: World, tmp_path) -> None:
    with pytest.raises(CommandError, match="不是备份"):
        run("restore", tmp_path)
