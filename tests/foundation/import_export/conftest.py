"""What the tests of imports share."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from xiaocheng.foundation.fields.queries import forget_cached
from xiaocheng.foundation.import_export import commands


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    """Uploads of a test lie in a folder of its own; options that a former test added are forgotten."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    forget_cached()
    yield
    forget_cached()


@pytest.fixture
def upload():
    """Upload some text as a file."""

    def upload_text(actor, text, name="客户.csv"):
        def save(path: Path) -> None:
            path.write_text(text, encoding="utf-8")

        return commands.upload(actor, name, save)

    return upload_text


@pytest.fixture
def upload_file():
    """Upload a file."""

    def upload_path(actor, source):
        return commands.upload(actor, source.name, lambda path: shutil.copyfile(source, path))

    return upload_path
