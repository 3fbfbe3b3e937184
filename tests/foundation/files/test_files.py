"""Files attached to records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world import World
from xiaocheng.foundation.files import commands, queries
from xiaocheng.foundation.kernel.actor import SYSTEM
from xiaocheng.foundation.kernel.errors import NotAllowed, NotFound, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.foundation.kernel.scope import grant
from xiaocheng.selling.customers import commands as customers
from xiaocheng.selling.customers.commands import CustomerDraft
from xiaocheng.selling.customers.models import Customer

KIND = "customers.customer"
PDF = b"%PDF-1.7 contract"


@pytest.fixture(autouse=True)
def _store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def customer(world: World) -> int:
    return customers.register(world.actor("east_rep"), CustomerDraft(name="甲乙丙")).pk


def test_a_file_is_read_back_by_whoever_sees_the_record(world: World, customer: int) -> None:
    rep = world.actor("east_rep")
    row = commands.attach(rep, KIND, customer, "..\\C:/合同\x07.pdf", PDF)
    assert (row.name, row.content_type, row.size) == ("合同.pdf", "application/pdf", len(PDF))
    assert queries.content_of(queries.attachment(world.actor("east_manager"), row.pk)).read() == PDF
    assert list(queries.attachments(rep, KIND, customer)) == [row]
    assert timeline(KIND, customer)[0].sentence == "上传了附件「合同.pdf」"


def test_a_file_of_a_hidden_or_masked_record_does_not_exist(world: World, customer: int) -> None:
    row = commands.attach(world.actor("east_rep"), KIND, customer, "a.pdf", PDF)
    with pytest.raises(NotFound):
        queries.attachment(world.actor("south_rep"), row.pk)
    customers.release(world.actor("east_rep"), customer, "no_need")
    with pytest.raises(NotFound):
        queries.attachment(world.actor("east_rep"), row.pk)


@pytest.mark.parametrize("kind", ["no.such", "nonsense", "org.person", "kernel.grant"])
def test_only_records_with_an_owner_carry_files(world: World, kind: str) -> None:
    with pytest.raises(NotFound):
        commands.attach(world.actor("director"), kind, world.id("east_rep"), "a.pdf", PDF)


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00\x03", b"PK\x03\x04 broken", b"%PDF-" + b"0" * 21 * 1024 * 1024])
def test_empty_unknown_broken_and_huge_files_are_refused(world: World, customer: int, content: bytes) -> None:
    with pytest.raises(RuleBroken) as refusal:
        commands.attach(world.actor("east_rep"), KIND, customer, "a.pdf", content)
    assert refusal.value.field == "file"


def test_a_page_in_disguise_is_kept_as_plain_text(world: World, customer: int) -> None:
    row = commands.attach(world.actor("east_rep"), KIND, customer, "a.png", b"<script>alert(1)</script>")
    assert row.content_type == "text/plain"


def test_whoever_attached_it_or_stands_above_takes_it_away(
    world: World, customer: int, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    rep = world.actor("east_rep")
    first, second = (commands.attach(rep, KIND, customer, name, PDF) for name in ("a.pdf", "b.pdf"))
    from_above = commands.attach(world.actor("director"), KIND, customer, "c.pdf", PDF)
    with pytest.raises(NotAllowed):
        commands.remove(rep, from_above.pk)
    commands.remove(world.actor("director"), from_above.pk)
    grant(Customer, customer, [world.id("east_peer")], "assists")
    with pytest.raises(NotFound):
        commands.remove(world.actor("east_peer"), first.pk)
    with django_capture_on_commit_callbacks(execute=True):
        commands.remove(world.actor("east_manager"), first.pk)
    assert queries.content_of(second).read() == PDF
    with django_capture_on_commit_callbacks(execute=True):
        commands.remove(rep, second.pk)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_system_may_attach_too(world: World, customer: int) -> None:
    assert commands.attach(SYSTEM, KIND, customer, "", PDF).name == "file"


@pytest.mark.parametrize("kind", ["customers.CUSTOMER", "customers.Customer"])
def test_a_kind_in_another_case_is_no_record(world: World, customer: int, kind: str) -> None:
    with pytest.raises(NotFound):
        commands.attach(world.actor("east_rep"), kind, customer, "a.pdf", PDF)


def test_a_database_that_is_emptied_leaves_no_content_behind(
    world: World, customer: int, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    commands.attach(SYSTEM, KIND, customer, "a.pdf", PDF)
    with pytest.raises(NotAllowed):
        commands.remove_everything(world.actor("administrator"))
    with django_capture_on_commit_callbacks(execute=True):
        commands.remove_everything(SYSTEM)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
