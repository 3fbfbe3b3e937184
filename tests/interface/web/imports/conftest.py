"""Somebody who goes through the wizard, page by page."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from tests.world import World
from xiaocheng.foundation.fields.queries import forget_cached


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    forget_cached()
    yield
    forget_cached()


class Visitor:
    """Somebody in front of the wizard."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def upload(self, name, content):
        sent = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
        return self.client.post("/imports/new/", {"file": sent})

    def confirm(self, url, **changed):
        """Send a step's form as it is shown, but for what the person changes; gives the next page's address."""
        page = self.client.get(url)
        assert page.status_code == 200, url
        data = {**shown_values(page), **changed}
        answer = self.client.post(url, data)
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    def press(self, url):
        answer = self.client.post(url)
        assert answer.status_code == 302, answer.content.decode()
        call_command("work", once=True)
        return self.client.get(answer["Location"]).content.decode()


def shown_values(page):
    form = page.context["form"]
    return {field.html_name: value for field in form if (value := field.value()) is not None}


@pytest.fixture
def clerk(world: World) -> Visitor:
    return Visitor(world.client("administrator"))
