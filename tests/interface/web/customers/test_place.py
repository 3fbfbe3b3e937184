"""Where a customer is, on its page and through the API."""

from __future__ import annotations

from tests.world import World
from xiaocheng.selling.customers.commands import CustomerDraft, register


def test_a_place_is_noted_on_the_page_of_the_customer(world: World) -> None:
    row = register(world.actor("east_rep"), CustomerDraft(name="甲木业"))
    browser, url = world.client("east_rep"), f"/customers/{row.pk}/place/"
    assert url in browser.get(f"/customers/{row.pk}/").content.decode()
    half = browser.post(url, {"latitude": "31.230416"})
    assert half.status_code == 422 and "一起填写" in half.content.decode()
    assert browser.post(url, {"latitude": "31.230416", "longitude": "121.4737"}).status_code == 302
    assert "31.230416, 121.473700" in browser.get(f"/customers/{row.pk}/?tab=profile").content.decode()
    assert world.client("south_rep").get(url).status_code == 404
