"""Attachments are uploaded and fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from xiaocheng.foundation.files import queries
from xiaocheng.selling.customers import commands
from xiaocheng.selling.customers.commands import CustomerDraft


@pytest.fixture
def customer(world: World, settings: Any, tmp_path: Path) -> int:
    settings.MEDIA_ROOT = tmp_path
    return commands.register(world.actor("east_rep"), CustomerDraft(name="甲乙丙公司")).pk


def upload(world: World, who: str, customer: int, name: str, content: bytes) -> int:
    sent = {"file": SimpleUploadedFile(name, content)}
    return world.client(who).post(f"/files/customers.customer/{customer}/attach/", sent).status_code


def test_a_file_is_uploaded_listed_downloaded_and_removed(world: World, customer: int) -> None:
    assert upload(world, "east_rep", customer, "合同.pdf", b"%PDF-1.7 x") == 302
    [row] = queries.attachments(world.actor("east_rep"), "customers.customer", customer)
    client = world.client("east_rep")
    assert "合同.pdf" in client.get(f"/customers/{customer}/?tab=files").content.decode()
    answer = client.get(f"/files/{row.pk}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert world.client("south_rep").get(f"/files/{row.pk}/").status_code == 404
    assert world.client("south_rep").post(f"/files/{row.pk}/remove/").status_code == 404
    assert client.post(f"/files/{row.pk}/remove/").status_code == 302
    assert client.get(f"/files/{row.pk}/").status_code == 404


def test_nobody_uploads_to_what_he_does_not_see_and_nothing_dangerous_is_kept(world: World, customer: int) -> None:
    assert upload(world, "south_rep", customer, "a.pdf", b"%PDF-1.7") == 404
    assert upload(world, "east_rep", customer, "a.exe", b"MZ\x90\x00") == 422
    assert upload(world, "east_rep", customer, "page.html", b"<script>alert(1)</script>") == 302
    [row] = queries.attachments(world.actor("east_rep"), "customers.customer", customer)
    answer = world.client("east_rep").get(f"/files/{row.pk}/")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["Content-Disposition"].startswith("attachment")
