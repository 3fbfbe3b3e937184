"""The pages of products."""

from __future__ import annotations

from tests.world import World
from xiaocheng.selling.catalogue import commands, queries
from xiaocheng.selling.catalogue.commands import ProductDraft


def test_the_administrator_adds_and_changes_products_and_a_rep_reads_them(world: World) -> None:
    client = world.client("administrator")
    assert client.post("/products/new/", {"name": "智能水表", "list_price": "1.25万"}).status_code == 302
    product = queries.products(world.actor("east_rep")).get()
    sent = {"name": "智能水表二代", "code": product.code, "list_price": "299", "_version": "1"}
    assert client.post(f"/products/{product.pk}/edit/", sent).status_code == 302
    shown = world.client("east_rep").get("/products/?q=水表").content.decode()
    assert "智能水表二代" in shown and "299 元" in shown and "停售" in shown
    assert "新增产品" not in shown
    assert world.client("east_rep").get(f"/products/{product.pk}/edit/").status_code == 403


def test_nonsense_is_refused_at_its_field(world: World) -> None:
    commands.add_product(world.actor("administrator"), ProductDraft(name="甲", code="A"))
    client = world.client("administrator")
    for sent in ({"name": ""}, {"name": "乙", "code": "A"}, {"name": "乙", "list_price": "-1"}, {"name": "乙" * 121}):
        assert client.post("/products/new/", sent).status_code == 422


def test_the_filter_shows_what_is_on_sale(world: World) -> None:
    office = world.actor("administrator")
    commands.add_product(office, ProductDraft(name="在售的"))
    gone = commands.add_product(office, ProductDraft(name="没有的"))
    commands.edit_product(office, gone.pk, 1, is_active=False)
    shown = world.client("east_rep").get("/products/?is_active=true").content.decode()
    assert "在售的" in shown and "没有的" not in shown
