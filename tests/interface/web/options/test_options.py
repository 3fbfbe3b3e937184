"""The pages of the option lists."""

from __future__ import annotations

from tests.world import World


def test_the_administrator_adds_rewords_and_retires_options(world: World) -> None:
    client = world.client("administrator")
    assert client.post("/options/customers.level/new/", {"name": "战略", "name_en": "Strategic"}).status_code == 302
    form = client.get("/options/customers.level/A/edit/").content.decode()
    assert 'value="A 级"' in form
    sent = {"name": "重点", "tone": "red", "is_default": "on", "is_active": "on", "_version": "0"}
    assert client.post("/options/customers.level/A/edit/", sent).status_code == 302
    assert client.post("/options/customers.level/A/edit/", sent).status_code == 409
    assert (
        client.post("/options/customers.level/D/edit/", {"name": "D 级", "tone": "grey", "_version": "0"}).status_code
        == 302
    )
    shown = client.get("/options/").content.decode()
    assert 'pill-red">重点' in shown and "战略" in shown and "停用" in shown and "默认" in shown
    assert '<option value="A" selected>重点' in world.client("east_rep").get("/customers/new/").content.decode()
    assert client.get("/options/no.such/new/").status_code == 404
    assert client.get("/options/customers.level/no-such/edit/").status_code == 404
    assert world.client("director").get("/options/").status_code == 403
