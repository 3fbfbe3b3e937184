"""The product catalogue."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.world import World
from xiaocheng.foundation.kernel.errors import EditConflict, NotAllowed, RuleBroken
from xiaocheng.foundation.kernel.journal import timeline
from xiaocheng.selling.catalogue import commands, queries
from xiaocheng.selling.catalogue.commands import ProductDraft


def test_products_are_found_by_name_code_and_pinyin(world: World) -> None:
    office, rep = world.actor("administrator"), world.actor("east_rep")
    product = commands.add_product(office, ProductDraft(name="智能水表", code="WM-100", list_price=Decimal("299.5")))
    commands.add_product(office, ProductDraft(name="阀门"))
    for text in ("水表", "shuibiao", "znsb", "wm-100"):
        assert queries.products(rep, text).get() == product, text
    assert [row.name for row in queries.products(rep)] == ["阀门", "智能水表"]


def test_each_draft_has_its_own_outcome(world: World) -> None:
    drafts = [
        ProductDraft(name="甲"),
        ProductDraft(name="乙", code="甲"),
        ProductDraft(name=" "),
        ProductDraft(name="丙", list_price=Decimal(-1)),
        ProductDraft(name="丁", list_price=Decimal("1e15")),
        ProductDraft(name="戊" * 121),
        ProductDraft(name="己"),
    ]
    outcomes = commands.add_products(world.actor("administrator"), drafts)
    fields = [outcome.refusal.field if outcome.refusal else None for outcome in outcomes]
    assert fields == [None, "code", "name", "list_price", "list_price", "name", None]


def test_only_who_keeps_the_catalogue_changes_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        commands.add_product(world.actor("east_rep"), ProductDraft(name="甲"))
    product = commands.add_product(world.actor("administrator"), ProductDraft(name="甲"))
    with pytest.raises(NotAllowed):
        commands.edit_product(world.actor("east_manager"), product.pk, 1, name="乙")


def test_an_edit_is_kept_in_the_journal_and_conflicts_are_told(world: World) -> None:
    office = world.actor("administrator")
    product = commands.add_product(office, ProductDraft(name="甲", list_price=Decimal(5)))
    commands.edit_product(office, product.pk, 1, list_price=Decimal(6), name="甲二")
    assert timeline("catalogue.product", product.pk)[0].sentence == "修改了产品「甲二」"
    assert queries.products(office, "甲二").exists()
    with pytest.raises(EditConflict):
        commands.edit_product(office, product.pk, 1, list_price=Decimal(7))
    other = commands.add_product(office, ProductDraft(name="乙"))
    with pytest.raises(RuleBroken):
        commands.edit_product(office, other.pk, 1, code="甲")


def test_a_product_off_sale_is_offered_no_more_but_keeps_its_name(world: World) -> None:
    office, rep = world.actor("administrator"), world.actor("east_rep")
    product = commands.add_product(office, ProductDraft(name="甲"))
    commands.edit_product(office, product.pk, 1, is_active=False)
    assert queries.choices(rep, "甲") == []
    assert queries.names_of(rep, [product.pk, None]) == {product.pk: "甲"}


def test_imports_find_products_whatever_the_width_and_case(world: World) -> None:
    product = commands.add_product(world.actor("administrator"), ProductDraft(name="GTX Pro", code="G-1"))
    found = queries.ids_by_name(world.actor("east_rep"), ["gtx pro", "G-1", "GTXPro"])
    assert found == {"gtx pro": product.pk, "G-1": product.pk}
