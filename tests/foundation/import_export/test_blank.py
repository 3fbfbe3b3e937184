"""Whoever has no file yet fills in an empty one, whose columns are recognised when it comes back."""

import re
import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from tests.world import World
from xiaocheng.foundation.fields.commands import FieldDraft, add_field
from xiaocheng.foundation.import_export.guesses import guess_columns, guess_target
from xiaocheng.foundation.import_export.queries import blank_file, open_targets
from xiaocheng.foundation.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_column_of_an_empty_file_is_recognised_as_what_it_is(world: World, language: str):
    add_field(SYSTEM, "customers.customer", "text", FieldDraft(name="行话"))
    actor = world.actor("administrator")
    with translation.override(language):
        for target in open_targets(actor):
            sheet = CalamineWorkbook.from_filelike(BytesIO(blank_file(actor, target))).get_sheet_by_index(0)
            [header] = [[str(cell) for cell in row] for row in sheet.to_python()]
            assert guess_columns(target, header) == {item.key: at for at, item in enumerate(target.fields)}
            assert guess_target(header, sheet.name).key == target.key


def test_it_says_what_may_stand_in_a_column_and_offers_the_values(client: Client, world: World):
    client.force_login(world.person("administrator"))
    assert "空白表格" in client.get("/imports/new/").content.decode()
    answer = client.get("/imports/blank/customers.xlsx")
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    said = re.findall(r'prompt="([^"]*)"', page)
    assert said[0].startswith("必填。") and "日期,如 2026-01-31。" in " ".join(said)
    assert '"华北,东北,华东,华中,华南,西南,西北,港澳台及海外"' in page.replace("&quot;", '"')
    assert max(map(len, said)) <= 255


def test_nobody_gets_the_file_of_what_he_may_not_take_in(client: Client, world: World):
    client.force_login(world.person("administrator"))
    assert client.get("/imports/blank/nothing.xlsx").status_code == 404
    client.force_login(world.person("east_rep"))
    assert client.get("/imports/blank/customers.xlsx").status_code in {403, 404}
